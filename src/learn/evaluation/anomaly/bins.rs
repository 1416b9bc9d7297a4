//! Pixels counted by score, in an amount of memory that does not grow with their number.

use super::Binned;

/// The pixels whose scores fall into one bin.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Counts {
    /// Those outside every defect.
    pub good: u64,
    /// Those of defects.
    pub defect: u64,
    /// The shares of defective regions that they are, summed over regions.
    pub overlap: f64,
}

impl Counts {
    pub fn add(&mut self, other: &Self) {
        self.good += other.good;
        self.defect += other.defect;
        self.overlap += other.overlap;
    }
}

/// Counts by score. A bin holds the scores of one sign and exponent whose mantissas begin with the same bits. Bins of one sign
/// and exponent are a page, which is there once a score needs it.
#[derive(Debug, Clone)]
pub(super) struct Bins {
    mantissa_bits: u32,
    pages: Vec<Vec<Counts>>,
}

/// Bits of the mantissa of an `f32`.
const MANTISSA: u32 = 23;

impl Bins {
    /// Bins by so many bits of the mantissa, at most 23.
    pub fn new(mantissa_bits: u32) -> Self {
        Self { mantissa_bits, pages: vec![Vec::new(); 1 << (32 - MANTISSA)] }
    }

    /// The bin of a score. What is not a number lies below all others.
    pub fn at(&mut self, score: f32) -> &mut Counts {
        let slots = 1 << self.mantissa_bits;
        let bin = (ordered(score) >> (MANTISSA - self.mantissa_bits)) as usize;
        let page = &mut self.pages[bin >> self.mantissa_bits];
        if page.is_empty() {
            page.resize(slots, Counts::default());
        }
        &mut page[bin & (slots - 1)]
    }

    /// The bins with a pixel and their numbers, from the highest score on.
    pub fn falling(&self) -> impl Iterator<Item = (u32, Counts)> + Clone {
        let pages = self.pages.iter().enumerate().rev();
        let all = pages.flat_map(|(page, slots)| {
            let first = page << self.mantissa_bits;
            slots.iter().enumerate().rev().map(move |(slot, counts)| (first + slot, *counts))
        });
        all.filter(|(_, counts)| counts.good + counts.defect > 0)
            .map(|(bin, counts)| (bin as u32, counts))
    }
}

/// Whole numbers in the order of scores: the bits of an `f32` are so already where it is positive, and inverted where it is not.
/// Zeros of either sign are the same; what is not a number comes first.
fn ordered(score: f32) -> u32 {
    // A negative zero becomes a positive one.
    let bits = (score + 0.0).to_bits();
    match score {
        _ if score.is_nan() => 0,
        _ if bits >> 31 == 1 => !bits,
        _ => bits | 1 << 31,
    }
}

/// The area under the receiver operating characteristic of bins from the highest score on, where a tie is a bin.
pub(super) fn auroc(falling: impl Iterator<Item = Counts>) -> Option<Binned> {
    // Twice the numbers of pairs, so that ties stay whole numbers and the sums are exact.
    let (mut good, mut defect, mut doubled, mut tied) = (0u128, 0u128, 0u128, 0u128);
    for counts in falling {
        let (in_bin, of_defects) = (u128::from(counts.good), u128::from(counts.defect));
        doubled += in_bin * (2 * defect + of_defects);
        tied += in_bin * of_defects;
        good += in_bin;
        defect += of_defects;
    }
    let pairs = 2.0 * good as f64 * defect as f64;
    (0.0 < pairs).then(|| Binned { value: doubled as f64 / pairs, error: tied as f64 / pairs })
}

/// The area under the curve of the mean share of a region above a threshold over the share of good pixels above it, up to
/// such a share, divided by it; of bins from the highest score on.
pub(super) fn aupro(falling: impl Iterator<Item = Counts> + Clone, limit: f64) -> Option<Binned> {
    let (n_good, n_regions) = falling
        .clone()
        .fold((0, 0.0), |(good, overlap), bin| (good + bin.good, overlap + bin.overlap));
    if n_good == 0 || n_regions == 0.0 || !(0.0 < limit && limit <= 1.0) {
        return None;
    }
    let (mut good, mut overlap) = (0, 0.0);
    let (mut x, mut y, mut area, mut error) = (0.0, 0.0, 0.0, 0.0);
    for bin in falling {
        good += bin.good;
        overlap += bin.overlap;
        let (next_x, next_y) = (good as f64 / n_good as f64, overlap / n_regions);
        let (across, up): (f64, f64) = (next_x - x, next_y - y);
        if limit < next_x {
            // Up to the limit, on the line between the two. The true curve may be anywhere in the box.
            let part = (limit - x) / across;
            area += (limit - x) * (y + part * up / 2.0);
            error += (limit - x) * up;
            break;
        }
        area += across * (y + up / 2.0);
        error += across * up / 2.0;
        (x, y) = (next_x, next_y);
    }
    Some(Binned { value: area / limit, error: error / limit })
}

#[cfg(test)]
mod tests;
