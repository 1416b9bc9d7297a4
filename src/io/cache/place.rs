//! Where a cache lies.

use std::path::{Path, PathBuf};

#[cfg(feature = "cache")]
use etcetera::base_strategy::{BaseStrategy as _, choose_native_strategy};
use walkdir::WalkDir;

use crate::error::{Error, Result};

/// The folder of the store. The number grows with another layout, so that an older textura beside a newer one
/// keeps its own.
const STORE: &str = "features-2";

/// The folders of stores that earlier versions wrote.
const FORMER: [&str; 1] = ["features-1"];

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
    #[cfg(feature = "cache")]
    pub fn usual() -> Option<Self> {
        Some(Self(choose_native_strategy().ok()?.cache_dir().join("textura")))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// How many bytes lie in it.
    pub fn bytes(&self) -> u64 {
        let entries = WalkDir::new(self.store()).into_iter().flatten();
        let files = entries.filter(|entry| entry.file_type().is_file());
        files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
    }

    /// Removes all that is kept, also by earlier versions.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses.
    pub fn clear(&self) -> Result<()> {
        let former = FORMER.map(|name| self.0.join(name));
        for path in [self.store(), self.damaged()].iter().chain(&former) {
            remove(path).map_err(|e| Error::io("remove", path, e))?;
        }
        Ok(())
    }

    /// The store of an earlier version, as long as there is none of this one.
    pub(super) fn former(&self) -> Option<PathBuf> {
        let is_new = !self.store().exists();
        FORMER.iter().map(|name| self.0.join(name)).find(|former| is_new && former.exists())
    }

    /// Whether something else than a store stands in its place.
    pub(super) fn is_taken(&self) -> bool {
        self.store().exists() && !self.store().is_dir()
    }

    /// Puts what stands in the place of the store out of the way, in place of what was put there before.
    pub(super) fn set_aside(&self) -> Result<()> {
        let (store, damaged) = (self.store(), self.damaged());
        let aside = || match remove(&damaged).and_then(|()| std::fs::rename(&store, &damaged)) {
            // Another process did.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            other => other,
        };
        aside().map_err(|e| Error::io("move", &store, e))
    }

    /// The folder of the store.
    pub(super) fn store(&self) -> PathBuf {
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
