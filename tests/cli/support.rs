//! A folder to work in, the command to run, and tables to read.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The project's own pictures.
pub fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A folder that vanishes with the test, in which the command runs.
pub struct Folder(tempfile::TempDir, Option<tempfile::TempDir>);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap(), None)
    }

    /// With a cache of its own, for tests that train on the same pictures again and again.
    pub fn with_cache() -> Self {
        Self(tempfile::tempdir().unwrap(), Some(tempfile::tempdir().unwrap()))
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// Copies a file, making its folder.
    pub fn copy(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) {
        let to = self.path(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }

    /// Copies `n` pictures of a fixture class into a folder.
    pub fn copy_class(&self, class: &str, n: usize, to: impl AsRef<Path>) {
        for k in 0..n {
            let name = format!("{class}_{k:02}.png");
            let from = fixtures("textures").join(class).join(&name);
            self.copy(from, to.as_ref().join(name));
        }
    }

    /// `textura` in the folder, without a cache unless the folder has one: that of a user must be neither asked nor filled by
    /// a test.
    pub fn command<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_textura"));
        command.args(args).current_dir(self.0.path());
        let cache = self.1.as_ref().map_or(Path::new("none"), |cache| cache.path());
        command.env("TEXTURA_CACHE", cache);
        command
    }

    /// Runs `textura` in the folder.
    pub fn run<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Run {
        Run(self.command(args).output().unwrap())
    }

    /// Trains a small model on two fixture classes and gives its path.
    pub fn small_model(&self) -> PathBuf {
        self.copy_class("brick", 8, "two/brick");
        self.copy_class("dots", 8, "two/dots");
        self.run(["train", "two", "--model", "model.json", "--epochs", "60"]).expect(0);
        self.path("model.json")
    }
}

/// How a run ended.
pub struct Run(Output);

impl Run {
    /// Checks the exit status.
    #[track_caller]
    pub fn expect(self, status: i32) -> Self {
        let found = self.0.status.code();
        assert_eq!(found, Some(status), "stdout: {}\nstderr: {}", self.out(), self.err());
        assert!(!self.err().contains("panicked"), "{}", self.err());
        self
    }

    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.0.stdout).unwrap()
    }

    pub fn table(&self) -> Vec<BTreeMap<String, String>> {
        read_table(self.0.stdout.as_slice())
    }
}

/// The rows of a CSV table by column.
pub fn read_table(text: impl std::io::Read) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text).deserialize().map(|row| row.unwrap()).collect()
}

/// The columns of a CSV table, in order.
pub fn columns(text: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.headers().unwrap().iter().map(str::to_owned).collect()
}
