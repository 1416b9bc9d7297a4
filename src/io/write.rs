//! Files that are there whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::unfinished::unfinished;
use crate::error::{Error, Result};

/// A file that takes its place only when [`AtomicFile::finish`] is called: until then it is written
/// beside it, under a hidden name that vanishes when the writing is given up. What a killed process left there
/// goes when the same file is written again. A target that is no regular file (a terminal, a pipe, `/dev/null`) is
/// written to directly.
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    writer: Target,
}

#[derive(Debug)]
enum Target {
    Beside(BufWriter<NamedTempFile>),
    Direct(BufWriter<File>),
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
        let writer = if is_special {
            Target::Direct(BufWriter::new(File::options().write(true).open(&path).map_err(failed)?))
        } else {
            let folder = match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            Target::Beside(BufWriter::new(unfinished(folder, &path).map_err(failed)?))
        };
        Ok(Self { path, writer })
    }

    /// Writes out what is left and puts the file into its place.
    ///
    /// # Errors
    /// [`Error::Io`]; the old file, if there was one, is then untouched.
    pub fn finish(self) -> Result<()> {
        let path = self.path;
        let failed = |e| Error::io("write", &path, e);
        match self.writer {
            Target::Direct(mut file) => file.flush().map_err(failed),
            Target::Beside(writer) => {
                let file = writer.into_inner().map_err(|e| failed(e.into_error()))?;
                file.as_file().sync_all().map_err(failed)?;
                file.persist(&path).map_err(|e| failed(e.error))?;
                Ok(())
            }
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.writer {
            Target::Beside(file) => file.write(bytes),
            Target::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match &mut self.writer {
            Target::Beside(file) => file.flush(),
            Target::Direct(file) => file.flush(),
        }
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
