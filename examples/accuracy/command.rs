//! Runs the command that is measured, and says exactly what was run.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use tempfile::TempDir;
use textura::io::path_to_text;

use super::arguments::Arguments;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The command, and a folder for its models and tables that vanishes at the end.
pub struct Textura {
    program: PathBuf,
    scratch: TempDir,
    /// Given to every call.
    always: Vec<OsString>,
}

/// A call that ended well.
pub struct Call {
    /// As it would be typed.
    pub line: String,
    pub output: Vec<u8>,
    pub seconds: f64,
}

impl Textura {
    /// Finds the command that was named, or the one beside this program.
    ///
    /// # Errors
    /// Where there is none.
    pub fn new(arguments: &Arguments) -> Outcome<Self> {
        let program = match &arguments.textura {
            Some(program) => program.clone(),
            None => {
                // Cargo puts examples into a folder beside the commands.
                let own = std::env::current_exe()?;
                let folder = own.parent().and_then(Path::parent).unwrap_or(Path::new(""));
                folder.join(format!("textura{}", std::env::consts::EXE_SUFFIX))
            }
        };
        if !program.is_file() {
            return Err("no textura beside this program: cargo build --release first, or name it \
                by --textura FILE"
                .into());
        }
        let mut always = vec!["--seed".into(), arguments.seed.to_string().into()];
        if let Some(jobs) = arguments.jobs {
            always.extend(["--jobs".into(), jobs.to_string().into()]);
        }
        Ok(Self { program, scratch: tempfile::tempdir()?, always })
    }

    /// A place in the folder that vanishes.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Runs the command in the current folder.
    ///
    /// # Errors
    /// Where it cannot be started or ends with another status than 0: then with what it wrote to standard error.
    pub fn run<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Outcome<Call> {
        let mut all: Vec<OsString> = words.into_iter().map(|w| w.as_ref().to_owned()).collect();
        all.extend(self.always.iter().cloned());
        let line = self.line(&all);
        eprintln!("{line}");
        let began = Instant::now();
        // Every call does its own work, so that its time means something.
        let mut command = Command::new(&self.program);
        let ended = command.args(&all).env("TEXTURA_CACHE", "none").output()?;
        let seconds = began.elapsed().as_secs_f64();
        if ended.status.success() {
            return Ok(Call { line, output: ended.stdout, seconds });
        }
        let complaint = String::from_utf8_lossy(&ended.stderr).into_owned();
        Err(format!("{complaint}{line}\nended with {}", ended.status).into())
    }

    /// The words as they would be typed in a shell; files in the folder that vanishes by their names alone.
    fn line(&self, words: &[OsString]) -> String {
        let word = |word: &OsString| {
            let path = Path::new(word);
            let text = path_to_text(path.strip_prefix(self.scratch.path()).unwrap_or(path));
            let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
            if !text.is_empty() && text.chars().all(is_plain) {
                text
            } else {
                format!("'{}'", text.replace('\'', r"'\''"))
            }
        };
        let words: Vec<String> = words.iter().map(word).collect();
        format!("textura {}", words.join(" "))
    }
}
