//! How far it is, on stderr.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::batch::{Progress, Silent};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::common::{CommonArgs, ProgressArg};

pub fn from_args(args: &CommonArgs) -> Box<dyn Progress> {
    match args.progress {
        ProgressArg::Never => Box::new(Silent),
        ProgressArg::Auto if args.quiet => Box::new(Silent),
        ProgressArg::Auto | ProgressArg::Always if std::io::stderr().is_terminal() => {
            Box::new(Bar::on(ProgressDrawTarget::stderr()))
        }
        // A bar needs a terminal to redraw itself; elsewhere it becomes lines.
        ProgressArg::Auto => Box::new(Minutes::start()),
        ProgressArg::Always => Box::new(Lines { is_json: false, state: Mutex::default() }),
        ProgressArg::Json => Box::new(Lines { is_json: true, state: Mutex::default() }),
    }
}

/// A bar with rate and time left.
struct Bar {
    bar: ProgressBar,
}

impl Bar {
    fn on(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let template = "{msg} [{bar:32}] {pos}/{len}  {per_sec}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar }
    }
}

impl Progress for Bar {
    fn begin(&self, what: &'static str, total: usize) {
        self.bar.reset();
        self.bar.set_length(total as u64);
        self.bar.set_message(what);
    }

    fn advance(&self) {
        self.bar.inc(1);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// One line, words or a JSON object, at most ten times a second and at the end of each stretch.
struct Lines {
    is_json: bool,
    state: Mutex<Option<(Stretch, Option<Instant>)>>,
}

/// A line each minute, however seldom something is done; work that takes less says nothing.
struct Minutes {
    state: Arc<Mutex<Option<Stretch>>>,
}

impl Minutes {
    fn start() -> Self {
        let state: Arc<Mutex<Option<Stretch>>> = Arc::default();
        let watched = Arc::downgrade(&state);
        // It ends with the work, or else with the program.
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(60));
                let Some(state) = watched.upgrade() else { return };
                if let Ok(state) = state.lock()
                    && let Some(stretch) = state.as_ref()
                {
                    stretch.write(false);
                }
            }
        });
        Self { state }
    }
}

struct Stretch {
    what: &'static str,
    total: usize,
    done: usize,
    began: Instant,
}

impl Stretch {
    fn begin(what: &'static str, total: usize) -> Self {
        Self { what, total, done: 0, began: Instant::now() }
    }

    fn write(&self, is_json: bool) {
        let seconds = self.began.elapsed().as_secs_f64();
        let rate = self.done as f64 / seconds.max(1e-9);
        let left = (self.total - self.done.min(self.total)) as f64 / rate.max(1e-9);
        let (what, done, total) = (self.what, self.done, self.total);
        let line = if is_json {
            let fields = serde_json::json!({
                "what": what, "done": done, "total": total,
                "per_second": rate, "seconds_left": left,
            });
            fields.to_string()
        } else if done == 0 {
            format!("{what} 0/{total}, for {seconds:.0} s")
        } else {
            format!("{what} {done}/{total}, {rate:.1} a second, {left:.0} s left")
        };
        // When stderr is closed there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

impl Progress for Lines {
    fn begin(&self, what: &'static str, total: usize) {
        if let Ok(mut state) = self.state.lock() {
            *state = Some((Stretch::begin(what, total), None));
        }
    }

    fn advance(&self) {
        if let Ok(mut state) = self.state.lock()
            && let Some((stretch, written)) = state.as_mut()
        {
            stretch.done += 1;
            if written.is_none_or(|at| Duration::from_millis(100) < at.elapsed()) {
                stretch.write(self.is_json);
                *written = Some(Instant::now());
            }
        }
    }

    fn end(&self) {
        if let Ok(mut state) = self.state.lock()
            && let Some((stretch, _)) = state.take()
        {
            stretch.write(self.is_json);
        }
    }
}

impl Progress for Minutes {
    fn begin(&self, what: &'static str, total: usize) {
        if let Ok(mut state) = self.state.lock() {
            *state = Some(Stretch::begin(what, total));
        }
    }

    fn advance(&self) {
        if let Ok(mut state) = self.state.lock()
            && let Some(stretch) = state.as_mut()
        {
            stretch.done += 1;
        }
    }

    fn end(&self) {
        if let Ok(mut state) = self.state.lock() {
            *state = None;
        }
    }
}
