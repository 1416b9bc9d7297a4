//! Features that were computed before, so that a second training on a folder begins where the first had them.
//!
//! An answer of the cache is, to the last bit, what computing would give: it is kept under a hash of all that
//! decides it (the contents of the files, the descriptor, the view, the change, the limits, the engine, the
//! program itself), and every value has a checksum. A file that has not changed since is known by its
//! [`Stamp`] and is not even read.
//!
//! Nothing that happens to a cache can fail the work: what it cannot answer is computed, and
//! [`Cache::trouble`] says why.

mod key;
mod place;
mod stamp;
mod store;

pub use key::{Contents, Key, Keys};
pub use place::Place;
pub use stamp::Stamp;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::error::{Error, Result};
use crate::image::ContentHash;
use crate::image::change::Change;
use crate::io::{Limits, hash_of, path_to_text};
use crate::texture::Engine;
use crate::texture::descriptor::Descriptor;
use store::{Found, Note, Store, is_damage};

/// What a cache may grow to, in bytes, where the user says nothing: 2 GiB, about 70,000 pictures by the
/// descriptor `default` with all views.
pub const USUAL_BYTES: u64 = 2 << 30;

/// Of values that wait to be written.
const BATCH_BYTES: usize = 4 << 20;

/// After which what waits is written, so that a crash loses little.
const BATCH_TIME: Duration = Duration::from_secs(1);

/// An open cache. Many threads may ask it at once; [`Cache::keep`] is for one of them.
pub struct Cache {
    place: Place,
    program: Key,
    most_bytes: u64,
    /// The hour, counted from 1970: a finer time of use would be written more often than it would help.
    now: i64,
    /// None after an error.
    reader: Mutex<Option<Store>>,
    writer: Mutex<Writer>,
    trouble: Mutex<Trouble>,
    tally: Mutex<Tally>,
}

struct Writer {
    /// None after an error, or when full.
    store: Option<Store>,
    waiting: Vec<Note>,
    n_bytes: usize,
    last: Instant,
}

#[derive(Default)]
struct Trouble {
    message: Option<String>,
    is_damaged: bool,
}

/// What there is to write after a picture.
#[derive(Default)]
pub struct Notes(Vec<Note>);

/// How much the cache has helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Pictures asked for.
    pub asked: usize,
    /// Of those, how many had to be read.
    pub read: usize,
    /// Of those, how many had to be measured.
    pub measured: usize,
}

impl Cache {
    /// Opens the cache in a place, or makes it; it grows to about `most_bytes`. A damaged one is set aside, and
    /// [`Cache::trouble`] says so.
    ///
    /// # Errors
    /// [`Error::Io`] where it can be neither read nor written.
    pub fn open(place: Place, most_bytes: u64) -> Result<Self> {
        let mut trouble = Trouble::default();
        let lock = place.lock()?;
        let reader = match open_store(&place)? {
            Some(store) => store,
            None => {
                place.set_aside()?;
                trouble.message = Some(damaged(&place));
                open_store(&place)?.ok_or_else(|| failed(&place, "a new store is damaged"))?
            }
        };
        let writer = open_store(&place)?;
        drop(lock);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self {
            program: program()?,
            place,
            most_bytes,
            now: (since.as_secs() / 3600) as i64,
            reader: Mutex::new(Some(reader)),
            writer: Mutex::new(Writer {
                store: writer,
                waiting: Vec::new(),
                n_bytes: 0,
                last: Instant::now(),
            }),
            trouble: Mutex::new(trouble),
            tally: Mutex::default(),
        })
    }

    /// The names of features by these settings.
    ///
    /// # Errors
    /// None by a descriptor that can measure a small picture, as all can.
    pub fn keys(
        &self,
        descriptor: &Descriptor,
        engine: Engine,
        limits: Limits,
        change: Option<Change>,
    ) -> Result<Keys> {
        Keys::new(&self.program, descriptor, engine, limits, change)
    }

    /// What is kept under a key.
    pub fn get(&self, key: &Key, notes: &mut Notes) -> Option<Vec<u8>> {
        let mut reader = locked(&self.reader);
        match reader.as_ref()?.get(key) {
            Ok(None) => None,
            Ok(Some(Found::Value { bytes, used })) => {
                if used != self.now {
                    notes.0.push(Note::Use(*key));
                }
                Some(bytes)
            }
            Ok(Some(Found::Damaged)) => {
                let found = "a part of the cache is damaged and was computed anew".to_owned();
                locked(&self.trouble).message.get_or_insert(found);
                None
            }
            Err(error) => {
                *reader = None;
                self.note(&error);
                None
            }
        }
    }

    /// The content of a file, where it was read before and has not changed since.
    pub fn content(&self, path: &Path, stamp: &Stamp, notes: &mut Notes) -> Option<ContentHash> {
        let known = self.get(&key::of_file(path)?, notes)?;
        known.strip_prefix(&stamp.bytes[..])?.try_into().ok()
    }

    /// Counts a picture that was asked for.
    pub fn count(&self, was_read: bool, was_measured: bool) {
        let mut tally = locked(&self.tally);
        tally.asked += 1;
        tally.read += usize::from(was_read);
        tally.measured += usize::from(was_measured);
    }

    /// Keeps what was noted, and writes it once there is enough.
    pub fn keep(&self, notes: Notes) {
        let mut writer = locked(&self.writer);
        for note in notes.0 {
            if let Note::Put(_, value) = &note {
                writer.n_bytes += value.len();
            }
            writer.waiting.push(note);
        }
        if BATCH_BYTES <= writer.n_bytes || BATCH_TIME <= writer.last.elapsed() {
            self.write(&mut writer);
        }
    }

    /// Writes what waits to be written.
    pub fn flush(&self) {
        self.write(&mut locked(&self.writer));
    }

    /// What went wrong first, if anything did.
    pub fn trouble(&self) -> Option<String> {
        locked(&self.trouble).message.clone()
    }

    /// How much it has helped.
    pub fn tally(&self) -> Tally {
        *locked(&self.tally)
    }

    /// How many values it holds; none where it cannot be read.
    pub fn n_values(&self) -> Option<u64> {
        locked(&self.reader).as_ref()?.count().ok()
    }

    fn write(&self, writer: &mut Writer) {
        let notes = std::mem::take(&mut writer.waiting);
        (writer.n_bytes, writer.last) = (0, Instant::now());
        let Some(store) = writer.store.as_mut().filter(|_| !notes.is_empty()) else { return };
        match store.write(&notes, self.now, self.most_bytes) {
            Ok(true) => {}
            Ok(false) => {
                writer.store = None;
                let full = format!(
                    "the features of these pictures do not all fit into the cache of {} bytes: give a larger --cache-size",
                    self.most_bytes
                );
                locked(&self.trouble).message.get_or_insert(full);
            }
            Err(error) => {
                writer.store = None;
                self.note(&error);
            }
        }
    }

    fn note(&self, error: &rusqlite::Error) {
        let mut trouble = locked(&self.trouble);
        trouble.is_damaged |= is_damage(error);
        let message = if trouble.is_damaged {
            damaged(&self.place)
        } else {
            failed(&self.place, error).to_string()
        };
        trouble.message.get_or_insert(message);
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.flush();
        if let Some(store) = &locked(&self.writer).store {
            // Room that is not given back is used later.
            let _ = store.shrink(self.most_bytes);
        }
        // No connection may be left to what is moved.
        *locked(&self.reader) = None;
        locked(&self.writer).store = None;
        if locked(&self.trouble).is_damaged
            && let Ok(_lock) = self.place.lock()
        {
            // Where that fails, the next one to open it tries again.
            let _ = self.place.set_aside();
        }
    }
}

impl Notes {
    /// Notes a value.
    pub fn put(&mut self, key: Key, value: Vec<u8>) {
        self.0.push(Note::Put(key, value));
    }

    /// Notes the content of a file that was looked at before it was read. A file that has changed since, or so
    /// lately that it could change again unnoticed, is read again the next time.
    pub fn put_content(&mut self, path: &Path, before: &Stamp, content: &ContentHash) {
        let is_same = before.is_settled && Stamp::of(path).as_ref() == Some(before);
        if let Some(key) = key::of_file(path).filter(|_| is_same) {
            self.put(key, [&before.bytes[..], content].concat());
        }
    }
}

/// Opens the store; none where what lies there is damaged or no store.
fn open_store(place: &Place) -> Result<Option<Store>> {
    if !place.make_store()? {
        return Ok(None);
    }
    match Store::open(&place.database()) {
        Ok(store) => Ok(Some(store)),
        Err(error) if is_damage(&error) => Ok(None),
        Err(error) => Err(failed(place, error)),
    }
}

fn damaged(place: &Place) -> String {
    let folder = path_to_text(place.folder());
    format!("the cache in {folder} is damaged; it is set aside, and what it held is computed anew")
}

fn failed(place: &Place, cause: impl ToString) -> Error {
    Error::io("use the cache in", place.folder(), std::io::Error::other(cause.to_string()))
}

/// A hash of the program that computes. A version would not do: the same version is built for other processors,
/// by other compilers, with other decoders and, while someone works on it, from other code.
fn program() -> Result<Key> {
    let path = std::env::current_exe().map_err(|e| Error::io("find", Path::new("textura"), e))?;
    hash_of(&path).map_err(|e| Error::io("read", &path, e))
}

/// What the lock guards, also after a panic: no change to it is ever left half done.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
