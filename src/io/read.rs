//! One file from its path to a grey picture.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::decode::{Limits, decode};
use crate::dataset::ContentHash;
use crate::error::{Error, Problem, Result};
use crate::flag::Flags;
use crate::raster::Gray;

/// A decoded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The upright grey picture.
    pub gray: Gray,
    /// BLAKE3 of the file's bytes.
    pub content: ContentHash,
    /// What was odd about the file.
    pub flags: Flags,
}

/// Reads and decodes a file.
///
/// # Errors
/// [`Error::Io`] where it cannot be read, [`Error::Picture`] where it is no regular file or holds no
/// whole picture within the limits. Never panics.
pub fn read_picture(path: &Path, limits: Limits) -> Result<Picture> {
    let failed = |e| Error::io("read", path, e);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        let found = if metadata.is_dir() { "a folder" } else { "a pipe or device" };
        let advice = "name a picture or a folder of pictures";
        return Err(Error::picture(path, Problem::new("a regular file", found, advice)));
    }
    if limits.max_memory < metadata.len() {
        return Err(Error::picture(
            path,
            Problem::new(
                format!("a file of at most {} bytes", limits.max_memory),
                metadata.len().to_string(),
                "give a larger --max-memory",
            ),
        ));
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    let file = File::open(path).map_err(failed)?;
    file.take(limits.max_memory).read_to_end(&mut bytes).map_err(failed)?;
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    let (gray, flags) =
        decode(&bytes, ending, limits).map_err(|problem| Error::picture(path, problem))?;
    Ok(Picture { gray, content: *blake3::hash(&bytes).as_bytes(), flags })
}
