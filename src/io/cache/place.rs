//! Where a cache lies.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy as _, choose_native_strategy};

use crate::error::{Error, Result};

/// The folder of the store. The number grows with another layout, so that an older textura beside a newer one
/// keeps its own.
const STORE: &str = "features-1";

/// A folder for a cache. Nothing else in it is ever touched, so it may be any folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(PathBuf);

impl Place {
    /// In a folder of the caller's choice, which need not exist yet.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Where the system keeps a user's caches: `$XDG_CACHE_HOME/textura` or `~/.cache/textura` on Linux,
    /// `~/Library/Caches/textura` on macOS, the local application data on Windows. None for a user without a home.
    pub fn usual() -> Option<Self> {
        Some(Self(choose_native_strategy().ok()?.cache_dir().join("textura")))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// How many bytes lie in it.
    pub fn bytes(&self) -> u64 {
        let files = std::fs::read_dir(self.store()).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
    }

    /// Removes all that is kept.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses, as it does on Windows while another textura works.
    pub fn clear(&self) -> Result<()> {
        if !self.0.exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        for path in [self.store(), self.damaged()] {
            remove(&path).map_err(|e| Error::io("remove", &path, e))?;
        }
        Ok(())
    }

    /// Makes the folder where there is none, and has it to itself until the file is dropped, so that no two
    /// processes make, set aside or remove a store at once.
    pub(super) fn lock(&self) -> Result<File> {
        let path = self.0.join("lock");
        let open = || {
            std::fs::create_dir_all(&self.0)?;
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
            // Where the file system knows no locks, the store's checks have to do.
            let _ = file.lock();
            Ok(file)
        };
        open().map_err(|e| Error::io("write", &path, e))
    }

    /// The file of the store, in a folder with whatever the store needs beside it.
    pub(super) fn database(&self) -> PathBuf {
        self.store().join("store.sqlite")
    }

    /// Makes the store's folder; false where something else than a store stands in its place.
    pub(super) fn make_store(&self) -> Result<bool> {
        let (store, file) = (self.store(), self.database());
        if store.exists() && !store.is_dir() || file.exists() && !file.is_file() {
            return Ok(false);
        }
        std::fs::create_dir_all(&store).map_err(|e| Error::io("write", &store, e)).map(|()| true)
    }

    /// Puts a damaged store out of the way, in place of the one before it. Only with the lock.
    pub(super) fn set_aside(&self) -> Result<()> {
        let (store, damaged) = (self.store(), self.damaged());
        remove(&damaged)
            .and_then(|()| std::fs::rename(&store, &damaged))
            .map_err(|e| Error::io("move", &store, e))
    }

    fn store(&self) -> PathBuf {
        self.0.join(STORE)
    }

    fn damaged(&self) -> PathBuf {
        self.0.join(format!("{STORE}-damaged"))
    }
}

/// Removes a file or a folder that may not be there.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    }
}
