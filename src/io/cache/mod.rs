//! Features that were computed before, so that a second training on a folder begins where the first had them.
//!
//! An answer of the cache is, to the last bit, what computing would give: it is kept under a hash of all that
//! decides it (the contents of the files, the descriptor, the view, the flat field, the change, the limits, the engine, the
//! program itself), and every value has a checksum. A file that has not changed since is known by its
//! [`Stamp`] and is not even read.
//!
//! Nothing that happens to a cache can fail the work: what it cannot answer is computed, and
//! [`Cache::trouble`] says why.

mod key;
mod place;
mod stamp;
mod store;

#[cfg(feature = "review")]
pub(crate) use key::thumbnail_key;
pub use key::{Contents, Key, Keys};
pub use place::Place;
pub use stamp::Stamp;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::image::ContentHash;
use crate::image::change::Change;
use crate::io::{Limits, hash_of, path_to_text};
use crate::texture::Engine;
use crate::texture::descriptor::Descriptor;
use store::{Found, Note, Store, this_hour};

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
    /// The hour, counted from 1970.
    now: u64,
    reader: Store,
    writer: Mutex<Writer>,
    trouble: Mutex<Option<String>>,
    tally: Mutex<Tally>,
}

struct Writer {
    /// None after an error, or when full.
    store: Option<Store>,
    waiting: Vec<Note>,
    n_bytes: usize,
    last: Instant,
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
    /// Opens the cache in a place, or makes it; it grows to about `most_bytes`. Something else that stands in its place is
    /// set aside, and [`Cache::trouble`] says so.
    ///
    /// # Errors
    /// [`Error::Io`] where it can be neither read nor written.
    pub fn open(place: Place, most_bytes: u64) -> Result<Self> {
        let trouble = if place.is_taken() {
            place.set_aside()?;
            let folder = path_to_text(place.folder());
            Some(format!(
                "the cache in {folder} is damaged; it is set aside, and what it held is computed anew"
            ))
        } else {
            place.former().map(|folder| {
                let folder = path_to_text(&folder);
                format!("the cache in {folder} is of an earlier textura and of no more use; `textura cache --clear` removes it")
            })
        };
        let open = || Store::open(&place.store()).map_err(|error| failed(&place, &error));
        Ok(Self {
            program: program()?,
            most_bytes,
            now: this_hour(),
            reader: open()?,
            writer: Mutex::new(Writer {
                store: Some(open()?),
                waiting: Vec::new(),
                n_bytes: 0,
                last: Instant::now(),
            }),
            trouble: Mutex::new(trouble),
            tally: Mutex::default(),
            place,
        })
    }

    /// The names of features by these settings; `flat_field` is the content by which pictures are divided before they are
    /// changed.
    ///
    /// # Errors
    /// None by a descriptor that can measure a small picture, as all can.
    pub fn keys(
        &self,
        descriptor: &Descriptor,
        engine: Engine,
        limits: Limits,
        (flat_field, change): (Option<&ContentHash>, Option<Change>),
    ) -> Result<Keys> {
        Keys::new(&self.program, descriptor, engine, limits, (flat_field, change))
    }

    /// What is kept under a key.
    pub fn get(&self, key: &Key, notes: &mut Notes) -> Option<Vec<u8>> {
        match self.reader.get(key) {
            Ok(None) => None,
            Ok(Some(Found::Value { bytes, used })) => {
                if used != self.now {
                    notes.0.push(Note::Use(*key));
                }
                Some(bytes)
            }
            Ok(Some(Found::Damaged)) => {
                self.note("a part of the cache is damaged and was computed anew".into());
                None
            }
            Err(error) => {
                self.note(failed(&self.place, &error).to_string());
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
        locked(&self.trouble).clone()
    }

    /// How much it has helped.
    pub fn tally(&self) -> Tally {
        *locked(&self.tally)
    }

    /// How many values it holds.
    pub fn n_values(&self) -> u64 {
        self.reader.count()
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
                self.note(full);
            }
            Err(error) => {
                writer.store = None;
                self.note(failed(&self.place, &error).to_string());
            }
        }
    }

    /// Remembers what went wrong, unless something did before.
    fn note(&self, message: String) {
        locked(&self.trouble).get_or_insert(message);
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.flush();
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

fn failed(place: &Place, cause: &std::io::Error) -> Error {
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
