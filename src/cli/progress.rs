//! How far it is, on stderr.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use textura::progress::{Progress, Silent};

use super::args::{CommonArgs, ProgressArg};

pub fn from_args(args: &CommonArgs) -> Box<dyn Progress> {
    match args.progress {
        ProgressArg::Never => Box::new(Silent),
        ProgressArg::Auto if args.quiet => Box::new(Silent),
        ProgressArg::Auto | ProgressArg::Always if std::io::stderr().is_terminal() => {
            Box::new(Bar::on(ProgressDrawTarget::stderr()))
        }
        // A bar needs a terminal to redraw itself; elsewhere it becomes lines.
        ProgressArg::Auto => Box::new(Lines::every(Duration::from_secs(60), false)),
        ProgressArg::Always => Box::new(Lines::every(Duration::from_millis(100), false)),
        ProgressArg::Json => Box::new(Lines::every(Duration::from_millis(100), true)),
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

/// One line, words or a JSON object, in intervals. Short ones begin with a line and end each stretch with one; in those
/// of a minute, work that takes less says nothing.
struct Lines {
    is_json: bool,
    interval: Duration,
    state: Mutex<State>,
}

struct State {
    stretch: Option<Stretch>,
    /// When a line was written, or else the work began.
    written: Option<Instant>,
}

impl Lines {
    fn every(interval: Duration, is_json: bool) -> Self {
        let is_patient = Duration::from_secs(1) < interval;
        let state = State { stretch: None, written: is_patient.then(Instant::now) };
        Self { is_json, interval, state: Mutex::new(state) }
    }

    fn is_patient(&self) -> bool {
        Duration::from_secs(1) < self.interval
    }
}

struct Stretch {
    what: &'static str,
    total: usize,
    done: usize,
    began: Instant,
}

impl Stretch {
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
            state.stretch = Some(Stretch { what, total, done: 0, began: Instant::now() });
            if !self.is_patient() {
                state.written = None;
            }
        }
    }

    fn advance(&self) {
        if let Ok(mut state) = self.state.lock() {
            let is_due = state.written.is_none_or(|at| self.interval < at.elapsed());
            if let Some(stretch) = state.stretch.as_mut() {
                stretch.done += 1;
                if is_due {
                    stretch.write(self.is_json);
                    state.written = Some(Instant::now());
                }
            }
        }
    }

    fn end(&self) {
        if let Ok(mut state) = self.state.lock()
            && let Some(stretch) = state.stretch.take()
            && !self.is_patient()
        {
            stretch.write(self.is_json);
        }
    }
}
