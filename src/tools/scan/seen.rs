//! What one picture shows at a glance.

use super::sketch::Sketch;
use crate::batch::Files;
use crate::error::Result;
use crate::image::ContentHash;
use crate::image::flag::{Flag, Flags};
use crate::image::{FlatField, Gray, Samples, ValueRange};
use crate::io::{Encoding, Entry, Limits, Recording};

/// A readable picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Columns of the upright picture.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// How its file stores it.
    pub encoding: Encoding,
    /// How it was recorded.
    pub recording: Recording,
    /// What is odd about the file and the grey values.
    pub flags: Flags,
    /// How many different grey values it has.
    pub levels: usize,
    /// BLAKE3 of the file's bytes.
    pub content: ContentHash,
}

impl Seen {
    /// Whether all pixels have one grey value.
    pub fn is_flat(&self) -> bool {
        self.flags.has(Flag::Flat)
    }
}

/// Looks at the picture of an entry, and at its mask where it has one.
///
/// # Errors
/// [`crate::Error::Picture`] or [`crate::Error::Io`] where either cannot be used.
pub(super) fn look_at(
    entry: &Entry,
    values: ValueRange,
    limits: Limits,
    flat_field: Option<&FlatField>,
) -> Result<(Seen, Option<Sketch>)> {
    let (picture, _) = Files::read(entry, limits)?.decode(false, limits, (flat_field, None))?;
    let gray = picture.planes.gray();
    let mut flags = picture.flags;
    flags.join(values.flags(gray, None));
    let seen = Seen {
        width: gray.width(),
        height: gray.height(),
        encoding: picture.encoding,
        recording: Recording::of(&picture),
        flags,
        levels: n_levels(gray),
        content: picture.content,
    };
    Ok((seen, Sketch::of(gray)))
}

fn n_levels(gray: &Gray) -> usize {
    fn of<T: Copy + Into<usize>>(values: &[T], count: usize) -> usize {
        let mut is_used = vec![false; count];
        values.iter().for_each(|&value| is_used[value.into()] = true);
        is_used.into_iter().filter(|used| *used).count()
    }
    match gray.samples() {
        Samples::Eight(values) => of(values, 1 << 8),
        Samples::Sixteen(values) => of(values, 1 << 16),
    }
}
