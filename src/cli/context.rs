//! What every command works with.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::batch::{Batch, Interrupt, Progress, Workers};
use crate::image::FlatField;
use crate::io::{Limits, PassedOver, path_to_text, read_flat_field};
use crate::model::training::Warnings;
use crate::texture::Engine;
use crate::vectors;

use super::common::{CommonArgs, ProgressArg};
use super::exit::Status;
use super::progress::from_args;

pub struct Context {
    pub workers: Workers,
    pub limits: Limits,
    pub engine: Engine,
    pub seed: u64,
    pub quiet: bool,
    pub verbose: bool,
    /// What the pictures of the command are divided by, once its flags have named it.
    flat_field: OnceLock<Arc<FlatField>>,
    progress: Box<dyn Progress>,
    /// Whether a program follows the progress.
    is_followed: bool,
}

impl Context {
    pub fn new(args: &CommonArgs) -> anyhow::Result<Self> {
        vectors::check()?;
        let interrupt = Interrupt::default();
        let on_signal = interrupt.clone();
        // Without a handler an interrupt still ends the program, only less politely.
        // Whoever asks twice, while the program waits for a list or a disk, is obeyed at once.
        let _ = ctrlc::set_handler(move || {
            if on_signal.is_requested() {
                std::process::exit(Status::Interrupted as i32);
            }
            on_signal.request();
        });
        let context = Self {
            workers: Workers::new(args.jobs.map_or(0, usize::from), interrupt)?,
            limits: Limits {
                max_pixels: args.max_pixels,
                max_memory: args.max_memory,
                ..Limits::default()
            },
            engine: args.engine,
            seed: args.seed,
            quiet: args.quiet,
            verbose: args.verbose,
            flat_field: OnceLock::new(),
            progress: from_args(args),
            is_followed: args.progress == ProgressArg::Json,
        };
        if !vectors::has_fused_operations() {
            context.warn(
                "no instructions that multiply and add at once: LETRIST takes about 20 times as long, with the same numbers",
            );
        }
        if let Some(file) = &args.config {
            context.debug(&format!("took flags from {}", file.display()));
        }
        Ok(context)
    }

    pub fn batch(&self) -> Batch<'_> {
        Batch {
            limits: self.limits,
            flat_field: self.flat_field.get(),
            engine: self.engine,
            progress: &*self.progress,
            ..Batch::new(&self.workers)
        }
    }

    /// Divides all pictures from now on by the one at `path`, which `limits` say how to read. A command names one picture at the
    /// most.
    ///
    /// # Errors
    /// Those of [`read_flat_field`].
    pub fn divide_by(&self, path: &Path, limits: Limits) -> crate::Result<&FlatField> {
        if let Some(known) = self.flat_field.get() {
            return Ok(known);
        }
        let flat_field = Arc::new(read_flat_field(path, limits)?);
        Ok(self.flat_field.get_or_init(|| flat_field))
    }

    /// Says something that went wrong, even when quiet.
    pub fn error(&self, message: &str) {
        // When stderr is closed there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "textura: {message}");
    }

    /// Says something worth knowing.
    pub fn warn(&self, message: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "textura: warning: {message}");
        }
    }

    /// Says what was done, where that is not to be seen on standard output.
    pub fn info(&self, message: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "textura: {message}");
        }
    }

    /// Says something for those who want to know more.
    pub fn debug(&self, message: &str) {
        if self.verbose {
            let _ = writeln!(std::io::stderr(), "textura: {message}");
        }
    }

    /// Tells programs that follow the progress how many files are no inputs; people are warned of it.
    pub fn count_passed_over(&self, passed_over: &PassedOver) {
        let n = passed_over.files();
        if self.is_followed && n != 0 {
            let line = serde_json::json!({
                "what": "passed over", "done": n, "total": n, "per_second": 0.0, "seconds_left": 0.0,
                "passed_over": passed_over,
            });
            // When stderr is closed there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }

    /// Counts for those who want to know more, and gives the status to end with.
    pub fn status_of(&self, n_pictures: usize, n_failed: usize) -> Status {
        self.debug(&format!("{n_pictures} pictures, {n_failed} of them failed"));
        if n_failed == 0 { Status::Good } else { Status::SomeFailed }
    }

    /// Prints the warnings and failures of labelled pictures, and gives the status to end with.
    pub fn report_warnings(&self, warnings: &Warnings) -> Status {
        for warning in &warnings.sentences {
            self.warn(warning);
        }
        self.count_passed_over(&warnings.passed_over);
        for failure in &warnings.failures {
            let path = path_to_text(&failure.path);
            self.error(&format!("{path}: {}", failure.error.reason()));
        }
        if warnings.failures.is_empty() { Status::Good } else { Status::SomeFailed }
    }
}
