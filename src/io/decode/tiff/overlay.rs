//! A file in memory of which some bytes read as others.

use std::io::{Cursor, Read, Result, Seek, SeekFrom};

use super::tags::Patch;

/// Reads a file with other bytes at some places, without a copy of it.
pub(super) struct Overlay<'a> {
    file: Cursor<&'a [u8]>,
    patches: Vec<Patch>,
}

impl<'a> Overlay<'a> {
    pub fn new(file: &'a [u8], patches: Vec<Patch>) -> Self {
        Self { file: Cursor::new(file), patches }
    }
}

impl Read for Overlay<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let from = self.file.position() as usize;
        let n = self.file.read(buffer)?;
        for (at, patch) in &self.patches {
            let (start, end) = (from.max(*at), (from + n).min(at + patch.len()));
            if start < end {
                buffer[start - from..end - from].copy_from_slice(&patch[start - at..end - at]);
            }
        }
        Ok(n)
    }
}

impl Seek for Overlay<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.file.seek(to)
    }
}
