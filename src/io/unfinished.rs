//! The hidden file beside a target in which its next content is written.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Result};
use std::path::Path;

use same_file::Handle;
use tempfile::NamedTempFile;

/// So many processes may write the same target at once.
const MAX_WRITERS: usize = 1000;

/// A new hidden file in the target's folder. It is locked while its process lives, so that the next writer of the
/// same target finds what a killed one left and removes it, and leaves alone what another is still writing.
///
/// # Errors
/// What the system says where the folder cannot be written to.
pub(super) fn unfinished(folder: &Path, target: &Path) -> Result<NamedTempFile> {
    let name = target.file_name().unwrap_or_default();
    let digest = blake3::hash(name.as_encoded_bytes()).to_hex();
    for writer in 0..MAX_WRITERS {
        let prefix = format!(".textura-{}-{writer}", &digest[..16]);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).rand_bytes(0).suffix(".part");
        match builder.make_in(folder, new_and_locked) {
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            made => return made,
        }
    }
    Err(ErrorKind::WouldBlock.into())
}

/// A new file at a place, once nothing of a writer that is gone stands there.
///
/// # Errors
/// `WouldBlock` where another process writes there.
fn new_and_locked(path: &Path) -> Result<File> {
    loop {
        match File::options().write(true).create_new(true).open(path) {
            Ok(file) => {
                // Where the system has no locks, the names do: each is of one writer.
                let _ = file.lock();
                // Until it was locked, it looked like something that was left behind.
                if is_at(&file, path)? {
                    return Ok(file);
                }
            }
            Err(e) if e.kind() == ErrorKind::AlreadyExists => remove_left_behind(path)?,
            Err(e) => return Err(e),
        }
    }
}

/// Removes a file that nobody is writing. Only the name goes: whatever else it may lead to is not touched.
fn remove_left_behind(path: &Path) -> Result<()> {
    let gone = |e: std::io::Error| if is_missing(&e) { Ok(()) } else { Err(e) };
    // No pipe is opened here, which would wait for a reader.
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(ErrorKind::WouldBlock.into()),
        Err(e) => return gone(e),
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if is_missing(&e) => return Ok(()),
        Err(_) => return Err(ErrorKind::WouldBlock.into()),
    };
    match file.try_lock() {
        Ok(()) if is_at(&file, path)? => std::fs::remove_file(path).or_else(gone),
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => Err(ErrorKind::WouldBlock.into()),
    }
}

/// Whether a path still leads to an open file.
fn is_at(file: &File, path: &Path) -> Result<bool> {
    match Handle::from_path(path) {
        Ok(found) => Ok(found == Handle::from_file(file.try_clone()?)?),
        Err(e) if is_missing(&e) => Ok(false),
        Err(e) => Err(e),
    }
}

fn is_missing(error: &std::io::Error) -> bool {
    error.kind() == ErrorKind::NotFound
}

#[cfg(test)]
mod tests;
