//! A folder, the command under watch, and what came of it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Seconds that two processors may work without a word: ten of each. A busy machine does not count.
const LONGEST_WORK: f64 = 20.0;

/// Time that may pass without a word, however little work was done in it: something waits.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

pub struct Folder(tempfile::TempDir);

/// How a run ended.
pub struct Run {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
    /// The most memory that it ever had, in bytes; 0 where the system does not say.
    pub peak: u64,
    pub time: Duration,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Runs `textura` in the folder with two jobs and watches it: it must not stand still, and its peak memory is
    /// noted.
    pub fn run<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Run {
        let logs = tempfile::tempdir().unwrap();
        let (out, err) = (logs.path().join("out"), logs.path().join("err"));
        let begin = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
            .args(args)
            .args(["--jobs", "2", "--progress", "json"])
            .current_dir(self.0.path())
            .env("TEXTURA_CACHE", "none")
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        let (mut peak, mut written, mut last, mut worked) = (0, 0, Instant::now(), 0.0);
        let status = loop {
            peak = peak_of(child.id()).unwrap_or(0).max(peak);
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            let now = [&out, &err].map(|file| std::fs::metadata(file).unwrap().len()).iter().sum();
            if written != now {
                (written, last) = (now, Instant::now());
                worked = work_of(child.id()).unwrap_or(worked);
            }
            let work = work_of(child.id()).unwrap_or(worked) - worked;
            if LONGEST_PAUSE < last.elapsed() || LONGEST_WORK < work {
                child.kill().unwrap();
                child.wait().unwrap();
                let err = std::fs::read_to_string(&err).unwrap();
                let last = last.elapsed();
                panic!("no word for {last:?}, {work} s of work, after {:?}", err.lines().last());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let text = |path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        let (out, err) = (text(out), text(err));
        assert!(!err.contains("panicked"), "{err}");
        Run { status: status.code(), out, err, peak, time: begin.elapsed() }
    }
}

impl Run {
    /// Checks the exit status.
    #[track_caller]
    pub fn expect(self, status: i32) -> Self {
        let start = |text: &str| text.chars().take(2000).collect::<String>();
        assert_eq!(self.status, Some(status), "{}\n{}", start(&self.out), start(&self.err));
        self
    }

    /// Checks the peak memory.
    #[track_caller]
    pub fn within(self, most: u64) -> Self {
        assert!(!cfg!(target_os = "linux") || 0 < self.peak, "no peak was seen");
        assert!(self.peak <= most, "{} bytes are more than {most}", self.peak);
        self
    }

    /// The rows of its table by column.
    pub fn table(&self) -> Vec<BTreeMap<String, String>> {
        read_table(self.out.as_bytes())
    }
}

pub fn read_table(text: impl std::io::Read) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text).deserialize().map(|row| row.unwrap()).collect()
}

/// The row of a picture.
#[track_caller]
pub fn row<'a>(rows: &'a [BTreeMap<String, String>], path: &str) -> &'a BTreeMap<String, String> {
    let mut found = rows.iter().filter(|row| row["path"] == path);
    let row = found.next().unwrap_or_else(|| panic!("no row for {path}"));
    assert!(found.next().is_none(), "two rows for {path}");
    row
}

fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(1024 * kilobytes)
}

/// Seconds that a process has computed, in user and kernel, which Linux counts in hundredths.
fn work_of(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = status.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// The committed seeds: name and bytes.
pub fn seeds() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/hostile/seeds");
    let mut seeds: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    seeds.sort();
    assert_eq!(seeds.len(), 70);
    seeds
}

/// A seed's bytes.
pub fn seed(name: &str) -> Vec<u8> {
    seeds().into_iter().find(|(known, _)| known == name).unwrap().1
}
