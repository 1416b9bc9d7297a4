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
            Box::new(bar())
        }
        // A bar needs a terminal to redraw itself; elsewhere it becomes lines.
        ProgressArg::Auto => Box::new(Lines::each_minute()),
        ProgressArg::Always => Box::new(Lines { is_often: true, ..Lines::default() }),
        ProgressArg::Json => Box::new(Lines { is_json: true, is_often: true, ..Lines::default() }),
    }
}

/// A bar with rate and time left.
fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let template = "{msg} [{bar:32}] {pos}/{len}  {per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

impl Progress for ProgressBar {
    fn begin(&self, what: &'static str, total: usize) {
        self.reset();
        self.set_length(total as u64);
        self.set_message(what);
    }

    fn advance(&self) {
        self.inc(1);
    }

    fn end(&self) {
        self.finish_and_clear();
    }
}

/// One line, words or a JSON object.
#[derive(Default)]
struct Lines {
    is_json: bool,
    /// At most ten times a second, and at the end of each stretch; else each minute, however seldom something is done,
    /// and nothing of work that takes less.
    is_often: bool,
    stretch: Arc<Mutex<Option<Stretch>>>,
}

impl Lines {
    fn each_minute() -> Self {
        let lines = Self::default();
        let watched = Arc::downgrade(&lines.stretch);
        // It ends with the work, or else with the program.
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(60));
                let Some(stretch) = watched.upgrade() else { return };
                if let Ok(stretch) = stretch.lock()
                    && let Some(stretch) = stretch.as_ref()
                {
                    stretch.write(false);
                }
            }
        });
        lines
    }

    fn change(&self, change: impl FnOnce(&mut Option<Stretch>)) {
        if let Ok(mut stretch) = self.stretch.lock() {
            change(&mut stretch);
        }
    }
}

struct Stretch {
    what: &'static str,
    total: usize,
    done: usize,
    began: Instant,
    written: Option<Instant>,
}

impl Stretch {
    fn begin(what: &'static str, total: usize) -> Self {
        Self { what, total, done: 0, began: Instant::now(), written: None }
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
        self.change(|stretch| *stretch = Some(Stretch::begin(what, total)));
    }

    fn advance(&self) {
        self.change(|stretch| {
            let Some(stretch) = stretch else { return };
            stretch.done += 1;
            let is_due = |at: Instant| Duration::from_millis(100) < at.elapsed();
            if self.is_often && stretch.written.is_none_or(is_due) {
                stretch.write(self.is_json);
                stretch.written = Some(Instant::now());
            }
        });
    }

    fn end(&self) {
        self.change(|stretch| match stretch.take() {
            Some(stretch) if self.is_often => stretch.write(self.is_json),
            _ => {}
        });
    }
}
