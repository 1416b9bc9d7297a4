//! Bytes by their keys: one file a value, in a folder that several processes may use at once.
//!
//! A value is written beside its place and renamed into it, so that a reader finds all of it or nothing, however the
//! writer ends. Its checksum tells damage. The time of a file's last change, in whole hours, is when it was used last.
//!
//! SQLite did the same in one file, but its C took a tenth of the time in which textura compiles. Databases in Rust let
//! one process in at a time, and `cacache` needs two files a value and forgets nothing by itself.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use walkdir::WalkDir;

use super::key::Key;

/// Bytes of the checksum that stands before every value.
const CHECK: usize = 16;

const HOUR: u64 = 3600;

/// What begins the name of a file that is being written.
const UNFINISHED: &str = "new-";

/// When a store is full, it is emptied to this share, so that not every write has to make room.
const SHARE_KEPT: f64 = 0.9;

/// What is found under a key.
pub(super) enum Found {
    /// What was put there, and the hour when it was used last.
    Value { bytes: Vec<u8>, used: u64 },
    /// Something else.
    Damaged,
}

/// Something to write.
pub(super) enum Note {
    /// A value, new or in place of another.
    Put(Key, Vec<u8>),
    /// A value was used.
    Use(Key),
}

/// The values in a folder.
pub(super) struct Store {
    folder: PathBuf,
    /// How many bytes there are; none before the first write, which counts them.
    n_bytes: Option<u64>,
}

/// A file of a store.
struct Stored {
    path: PathBuf,
    used: u64,
    n_bytes: u64,
}

impl Store {
    /// Opens a folder, or makes it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.into(), n_bytes: None })
    }

    /// What stands under a key.
    pub fn get(&self, key: &Key) -> io::Result<Option<Found>> {
        let path = self.path(key);
        let (mut bytes, metadata) = match fs::read(&path).and_then(|b| Ok((b, path.metadata()?))) {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if stands_in_the_way(&error) => return Ok(Some(Found::Damaged)),
            Err(error) => return Err(error),
        };
        Ok(Some(match bytes.split_at_checked(CHECK) {
            Some((sum, value)) if *sum == check(key, value) => {
                bytes.drain(..CHECK);
                Found::Value { bytes, used: hour_of(&metadata) }
            }
            _ => Found::Damaged,
        }))
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.files().count() as u64
    }

    /// Writes notes. Where there would then be more than `most_bytes`, what was used longest ago goes first, but nothing that
    /// was used at `now`. The answer is false where not every value had room.
    pub fn write(&mut self, notes: &[Note], now: u64, most_bytes: u64) -> io::Result<bool> {
        let needed: u64 = notes.iter().map(Note::n_bytes).sum();
        let mut n_bytes = match self.n_bytes {
            Some(n_bytes) => n_bytes,
            None => self.forget(now, u64::MAX)?,
        };
        if most_bytes < n_bytes + needed {
            // Another process may have made room.
            n_bytes = self.forget(now, most_bytes.saturating_sub(needed))?;
        }
        let mut all_fit = true;
        for note in notes {
            match note {
                Note::Put(..) if most_bytes < n_bytes + note.n_bytes() => all_fit = false,
                Note::Put(key, value) => {
                    self.put(key, value)?;
                    n_bytes += note.n_bytes();
                }
                Note::Use(key) => self.touch(key, now)?,
            }
        }
        self.n_bytes = Some(n_bytes);
        Ok(all_fit)
    }

    /// Removes what was used longest ago, but for what was used at `now`, where there are more than so many bytes, and what
    /// killed writers left. Gives how many bytes are left.
    fn forget(&self, now: u64, most_bytes: u64) -> io::Result<u64> {
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let used = entry.metadata().map_or(now, |metadata| hour_of(&metadata));
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) && used + 1 < now {
                let _ = fs::remove_file(entry.path());
            }
        }
        let mut files: Vec<Stored> = self.files().collect();
        let mut left: u64 = files.iter().map(|file| file.n_bytes).sum();
        if most_bytes < left {
            files.sort_unstable_by_key(|file| file.used);
            let wanted = (most_bytes as f64 * SHARE_KEPT) as u64;
            for file in files.iter().take_while(|file| file.used < now) {
                if left <= wanted {
                    break;
                }
                // Another process may have removed it.
                let _ = fs::remove_file(&file.path);
                left -= file.n_bytes;
            }
        }
        Ok(left)
    }

    fn put(&self, key: &Key, value: &[u8]) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(&check(key, value))?;
        file.write_all(value)?;
        let path = self.path(key);
        let folder = path.parent().unwrap_or(&self.folder);
        let Err(refused) = file.persist(&path) else { return Ok(()) };
        // The first value of its folder, or something that stands in the way.
        if folder.exists() && !folder.is_dir() {
            fs::remove_file(folder)?;
        } else if path.is_dir() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(folder)?;
        refused.file.persist(&path).map(drop).map_err(|refused| refused.error)
    }

    /// Notes when a value was used; one that somebody removed is none.
    fn touch(&self, key: &Key, now: u64) -> io::Result<()> {
        let time = UNIX_EPOCH + Duration::from_secs(now * HOUR);
        match File::options().write(true).open(self.path(key)) {
            Ok(file) => file.set_modified(time),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn path(&self, key: &Key) -> PathBuf {
        let name = blake3::Hash::from_bytes(*key).to_hex();
        // Folders of thousands of files are slow on some systems.
        let (folder, file) = name.split_at(2);
        self.folder.join(folder).join(file)
    }

    /// All values, in no order. What cannot be read is none.
    fn files(&self) -> impl Iterator<Item = Stored> {
        let length = 2 * (size_of::<Key>() - 1);
        let entries = WalkDir::new(&self.folder).min_depth(2).max_depth(2).into_iter().flatten();
        let values = entries.filter(move |entry| OsStr::len(entry.file_name()) == length);
        values.filter_map(|entry| {
            let metadata = entry.metadata().ok().filter(Metadata::is_file)?;
            let (used, n_bytes) = (hour_of(&metadata), metadata.len());
            Some(Stored { path: entry.into_path(), used, n_bytes })
        })
    }
}

impl Note {
    /// How much it takes in the store.
    fn n_bytes(&self) -> u64 {
        match self {
            Self::Put(_, value) => (CHECK + value.len()) as u64,
            Self::Use(_) => 0,
        }
    }
}

/// Hours from 1970 to the last change of a file.
fn hour_of(metadata: &Metadata) -> u64 {
    let time = metadata.modified().unwrap_or(UNIX_EPOCH);
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() / HOUR
}

/// Hours from 1970 to now: a finer time of use would be written more often than it would help.
pub(super) fn this_hour() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs() / HOUR
}

/// Whether a file is a folder, or its folder is a file.
fn stands_in_the_way(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::IsADirectory | ErrorKind::NotADirectory)
}

/// Over the key, too, so that a value under another's key is noticed.
fn check(key: &Key, value: &[u8]) -> [u8; CHECK] {
    let mut hasher = blake3::Hasher::new_derive_key("textura cache: checksum");
    hasher.update(key).update(value);
    let mut sum = [0; CHECK];
    hasher.finalize_xof().fill(&mut sum);
    sum
}
