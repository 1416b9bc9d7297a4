//! Training a model on the labels: the command that a person would type, run beside the page.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How a training went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Running,
    Done(String),
    Failed(String),
}

impl Outcome {
    /// One word, and what the command wrote.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Running => ("running", "training"),
            Self::Done(text) => ("done", text),
            Self::Failed(text) => ("failed", text),
        }
    }
}

/// The most characters of a command's output that the page shows.
const MAX_TEXT: usize = 4000;

/// A command that trains, and what became of it.
#[derive(Debug)]
pub struct Training {
    program: PathBuf,
    arguments: Vec<OsString>,
    /// The command as a person would type it.
    pub shown: String,
    /// The model that it writes.
    pub model: PathBuf,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    child: Option<Child>,
    outcome: Option<Outcome>,
    /// The last change of labels before it began.
    change: u64,
}

impl Training {
    pub fn new(program: PathBuf, arguments: Vec<OsString>, shown: String, model: PathBuf) -> Self {
        Self { program, arguments, shown, model, state: Arc::default() }
    }

    /// How it went, and by which labels: up to which change.
    pub fn outcome(&self) -> Option<(Outcome, u64)> {
        let state = locked(&self.state);
        Some((state.outcome.clone()?, state.change))
    }

    /// Begins to train on the labels up to a change, unless it is on already.
    pub fn begin(&self, change: u64) {
        let mut state = locked(&self.state);
        if state.outcome == Some(Outcome::Running) {
            return;
        }
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        match command.spawn() {
            Err(error) => {
                let program = self.program.display();
                state.outcome =
                    Some(Outcome::Failed(format!("{program} cannot be started: {error}")));
            }
            Ok(child) => {
                state.outcome = Some(Outcome::Running);
                state.change = change;
                state.child = Some(child);
                let state = Arc::clone(&self.state);
                std::thread::spawn(move || follow(&state));
            }
        }
    }

    /// Stops a training that is on.
    pub fn stop(&self) {
        if let Some(child) = &mut locked(&self.state).child {
            // One that has ended by itself needs no stop.
            let _ = child.kill();
        }
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads what a command writes until it ends.
fn follow(state: &Mutex<State>) {
    let (output, error) = {
        let mut state = locked(state);
        let Some(child) = &mut state.child else { return };
        (child.stdout.take(), child.stderr.take())
    };
    let errors = std::thread::spawn(move || read(error));
    let mut text = read(output);
    text.push_str(&errors.join().unwrap_or_default());
    let mut state = locked(state);
    let is_good = state
        .child
        .take()
        .is_some_and(|mut child| child.wait().is_ok_and(|status| status.success()));
    let text: String = text.trim().chars().take(MAX_TEXT).collect();
    state.outcome = Some(if is_good { Outcome::Done(text) } else { Outcome::Failed(text) });
}

fn read(from: Option<impl std::io::Read>) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is shown.
    let _ = from.map(|mut from| from.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}
