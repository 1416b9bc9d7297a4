//! The seal of a Parquet file that textura wrote: a hash of all of its bytes, so that damage is noticed before anything
//! is decoded.
//!
//! It stands right before the footer, where no reader looks: what a footer names, it names by its place from the
//! file's start. The footer's metadata say that there is a seal.

use std::io::{Read, Seek, SeekFrom, Write};

use crate::error::Problem;

/// The key in the footer's metadata; its value is [`KIND`].
pub(super) const KEY: &str = "textura.seal";

/// How the hash is made.
pub(super) const KIND: &str = "blake3";

const MAGIC: [u8; 16] = *b"textura seal v1\n";

/// Bytes of the seal.
const LENGTH: u64 = MAGIC.len() as u64 + blake3::OUT_LEN as u64;

/// Bytes behind a footer: its length and the letters that a Parquet file ends with.
pub(super) const TAIL: u64 = 8;

/// Where the footer of a Parquet file begins, by the length that the file's end states.
///
/// # Errors
/// A [`Problem`] where the file is too short, or does not end as such a file does.
pub(super) fn footer_start(file: &mut (impl Read + Seek), length: u64) -> Result<u64, Problem> {
    let mut tail = [0; TAIL as usize];
    let is_read = TAIL + 4 <= length
        && file.seek(SeekFrom::Start(length - TAIL)).is_ok()
        && file.read_exact(&mut tail).is_ok();
    let footer = footer_of(tail).filter(|footer| is_read && 4 + TAIL + footer <= length);
    let footer = footer.ok_or_else(|| damaged("one that does not end as such a file does"))?;
    Ok(length - TAIL - footer)
}

/// The bytes of the footer before a tail; nothing where it is the tail of no such file.
fn footer_of([a, b, c, d, magic @ ..]: [u8; TAIL as usize]) -> Option<u64> {
    (magic == *b"PAR1").then(|| u32::from_le_bytes([a, b, c, d]).into())
}

/// Compares a file with its seal, where it has one; says whether it has.
///
/// # Errors
/// A [`Problem`] where the seal is not that of the file.
pub(super) fn check(
    file: &mut (impl Read + Seek),
    length: u64,
    footer_start: u64,
) -> Result<bool, Problem> {
    let unread = |e: std::io::Error| damaged(format!("one that cannot be read ({e})"));
    let Some(start) = footer_start.checked_sub(LENGTH) else { return Ok(false) };
    let mut seal = [0; LENGTH as usize];
    file.seek(SeekFrom::Start(start)).map_err(unread)?;
    file.read_exact(&mut seal).map_err(unread)?;
    let Some(stated) = seal.strip_prefix(&MAGIC) else { return Ok(false) };
    let mut hash = blake3::Hasher::new();
    file.rewind().map_err(unread)?;
    hash.update_reader(file.by_ref().take(start)).map_err(unread)?;
    file.seek(SeekFrom::Start(footer_start)).map_err(unread)?;
    hash.update_reader(file.by_ref().take(length - footer_start)).map_err(unread)?;
    if hash.finalize().as_bytes() == stated {
        return Ok(true);
    }
    Err(damaged("one whose bytes are not those that were written"))
}

fn damaged(found: impl Into<String>) -> Problem {
    Problem::new(
        "a Parquet file",
        found,
        "it was altered or damaged: copy it again or write it again",
    )
}

/// Hashes what passes through, keeps the end back, and puts the seal before the footer.
#[derive(Debug)]
pub(super) struct Sealing<W: Write> {
    writer: W,
    hash: blake3::Hasher,
    /// What was written since [`Sealing::keep_back`].
    kept: Option<Vec<u8>>,
}

impl<W: Write> Sealing<W> {
    pub fn new(writer: W) -> Self {
        Self { writer, hash: blake3::Hasher::new(), kept: None }
    }

    /// From here on everything waits, since the footer is part of it.
    pub fn keep_back(&mut self) {
        self.kept = Some(Vec::new());
    }

    /// Writes the seal and what was held out.
    pub fn finish(mut self) -> std::io::Result<W> {
        let kept = self.kept.take().unwrap_or_default();
        let footer = kept.last_chunk().copied().and_then(footer_of);
        let start = footer.and_then(|footer| kept.len().checked_sub((TAIL + footer) as usize));
        let (rest, footer) = kept.split_at(start.unwrap_or(kept.len()));
        self.hash.update(&kept);
        self.writer.write_all(rest)?;
        self.writer.write_all(&MAGIC)?;
        self.writer.write_all(self.hash.finalize().as_bytes())?;
        self.writer.write_all(footer)?;
        Ok(self.writer)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let n = self.writer.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}
