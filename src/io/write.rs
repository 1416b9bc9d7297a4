//! Files that are there whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::unfinished::unfinished;
use crate::error::{Error, Result};

/// A file that takes its place only when [`AtomicFile::finish`] is called: until then it is written
/// beside it, under a hidden name that vanishes when the writing is given up. What a killed process left there
/// goes when the same file is written again. A target that is no regular file (a terminal, a pipe, `/dev/null`) is
/// written to directly.
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    writer: BufWriter<File>,
    /// The hidden name; none of a target that is written to directly.
    beside: Option<TempPath>,
}

impl AtomicFile {
    /// Begins to write a file.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder does not exist or cannot be written to.
    pub fn create(path: &Path) -> Result<Self> {
        let failed = |e| Error::io("write", path, e);
        // A link is followed, so that the file it names is replaced and not the link.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let is_special = std::fs::metadata(&path).is_ok_and(|m| !m.is_file() && !m.is_dir());
        let (file, beside) = if is_special {
            (File::options().write(true).open(&path).map_err(failed)?, None)
        } else {
            let folder = match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            let (file, beside) = unfinished(folder, &path).map_err(failed)?.into_parts();
            (file, Some(beside))
        };
        Ok(Self { path, writer: BufWriter::new(file), beside })
    }

    /// Writes out what is left and puts the file into its place.
    ///
    /// # Errors
    /// [`Error::Io`]; the old file, if there was one, is then untouched.
    pub fn finish(self) -> Result<()> {
        let path = self.path;
        let failed = |e| Error::io("write", &path, e);
        let file = self.writer.into_inner().map_err(|e| failed(e.into_error()))?;
        if let Some(beside) = self.beside {
            file.sync_all().map_err(failed)?;
            // It stays locked until it has its name.
            beside.persist(&path).map_err(|e| failed(e.error))?;
        }
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// Writes a whole file at once, as [`AtomicFile`] does.
///
/// # Errors
/// [`Error::Io`].
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes).map_err(|e| Error::io("write", path, e))?;
    file.finish()
}
