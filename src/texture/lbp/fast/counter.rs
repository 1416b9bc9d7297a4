//! How often each riu2 bin occurs.

use super::kernels::Kernels;
use super::value::Value;
use super::{BLOCK, STRIP, Sink, Strip};

/// Bins counted together.
const GROUP: usize = 64;

/// A byte counts as many groups as this at the most.
const GROUPS: usize = 255;

/// The bin of a pixel that is not to be counted.
const NO_BIN: u8 = 255;

/// Bins of pixels, collected until there are enough to count them together.
pub(super) struct Counter {
    counts: Vec<u64>,
    bins: Vec<u8>,
}

impl Counter {
    pub fn new(p: usize) -> Self {
        Self { counts: vec![0; p + 2], bins: Vec::with_capacity(GROUPS * GROUP) }
    }

    pub fn counts(self) -> Vec<u64> {
        self.counts
    }
}

impl Sink for Counter {
    #[inline(always)]
    fn take<V: Value>(&mut self, kernels: impl Kernels<V>, strip: &Strip<'_>) {
        if self.bins.len() + STRIP > GROUPS * GROUP {
            self.flush();
        }
        let start = self.bins.len();
        self.bins.resize(start + strip.n.next_multiple_of(BLOCK), NO_BIN);
        kernels.bins(strip.sides, &mut self.bins[start..]);
        self.bins.truncate(start + strip.n);
        if let Some(inside) = strip.inside {
            for (bin, &is_inside) in self.bins[start..].iter_mut().zip(inside) {
                *bin = if is_inside { *bin } else { NO_BIN };
            }
        }
    }

    #[inline(always)]
    fn flush(&mut self) {
        self.bins.resize(self.bins.len().next_multiple_of(GROUP), NO_BIN);
        for (bin, total) in (0..).zip(&mut self.counts) {
            *total += count(self.bins.as_chunks().0, bin);
        }
        self.bins.clear();
    }
}

/// How many of at most 255 groups' bins are this one.
#[inline(always)]
fn count(groups: &[[u8; GROUP]], bin: u8) -> u64 {
    let mut counts = [0u8; GROUP];
    for bins in groups {
        let mut sums = counts;
        for x in 0..GROUP {
            sums[x] = sums[x].wrapping_add(u8::from(bins[x] == bin));
        }
        counts = sums;
    }
    counts.iter().map(|&count| u64::from(count)).sum()
}
