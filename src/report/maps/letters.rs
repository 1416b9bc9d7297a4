//! The letters of legends: those of GNU Unifont, which `build.rs` packs.

use std::sync::LazyLock;

use crate::io::unpacked;

/// Pixels of the letters' height.
pub(super) const HEIGHT: usize = 16;

/// How many codes the basic plane has.
const N_CODES: usize = 1 << 16;

/// As `letters` in `build.rs` says.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/letters.zst"));

/// Unpacked when the first one is drawn. A test unpacks all of them, so none are missing.
static LETTERS: LazyLock<Letters> =
    LazyLock::new(|| Letters::new(unpacked(PACKED).unwrap_or_default()));

struct Letters {
    bytes: Vec<u8>,
    /// Where in the bytes the letter of each code begins, and the end of the last.
    starts: Vec<usize>,
}

impl Letters {
    fn new(bytes: Vec<u8>) -> Self {
        let widths = bytes.iter().take(N_CODES);
        let ends = widths.scan(N_CODES, |at, &width| {
            *at += HEIGHT / 8 * usize::from(width);
            Some(*at)
        });
        let starts = std::iter::once(N_CODES).chain(ends).collect();
        Self { bytes, starts }
    }

    fn get(&self, code: usize) -> Option<Letter<'_>> {
        let (start, end) = (*self.starts.get(code)?, *self.starts.get(code + 1)?);
        let halves = self.bytes.get(start..end).filter(|halves| !halves.is_empty())?;
        Some(Letter { halves })
    }
}

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Letter<'a> {
    halves: &'a [u8],
}

impl Letter<'_> {
    /// Pixels of its width: 8 or 16.
    pub fn width(self) -> usize {
        self.halves.len() / (HEIGHT / 8)
    }

    /// Whether a pixel of it is black; none beside it is.
    pub fn is_black(self, column: usize, row: usize) -> bool {
        let mut halves = self.halves.chunks(self.width());
        let dots = halves.nth(row / 8).and_then(|half| half.get(column));
        dots.is_some_and(|dots| dots >> (row % 8) & 1 == 1)
    }
}

/// The letter of a character, if there is one.
pub(super) fn letter(character: char) -> Option<Letter<'static>> {
    LETTERS.get(character as usize)
}
