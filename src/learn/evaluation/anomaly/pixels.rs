//! Measures of maps of scores against masks of defects.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ndarray::ArrayView2;

use super::bins::{Bins, Counts, aupro, auroc};
use super::bootstrap_interval;
use crate::error::{Result, same_size};
use crate::image::{Mask, connected_runs};

/// A measure of pixels that were counted in bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Binned {
    /// The measure, where scores in one bin count as equal.
    pub value: f64,
    /// How far the measure of the scores themselves may lie from it on either side, at most.
    pub error: f64,
}

/// Scores of pixels that are larger where a picture is odder, with what is a defect in truth, picture by picture.
///
/// Scores are counted in bins and not kept: a bin holds those that agree in sign, exponent and the first 14 bits of the
/// mantissa, so that it is 2^-14 (0.006 %) of its scores wide, and scores in one bin tie. Each measure says how large its
/// error can be for these data. A region's pixels count the inverse of its size into the bins, so that no region is kept
/// either. Memory: 384 KiB for each power of two among the scores of a sign, in all at most 192 MiB, usually below 10;
/// beside it 32 bytes for each of 32 bins a power of two that a unit's scores reach, for the intervals (some KiB a unit, at most
/// 512); while a picture is added, 32 bytes for each run of defective pixels in a row.
///
/// The order in which pictures are added moves nothing but the last bits of the per-region overlap.
///
/// ```
/// use ndarray::array;
/// use textura::image::Mask;
/// use textura::learn::evaluation::anomaly::PixelScores;
/// let mut pixels = PixelScores::new();
/// // Two defects: one pixel of 8, and two of 4 and 1.
/// let mask = Mask::new(4, 2, vec![true, false, false, true, false, false, false, true])?;
/// let map = array![[8.0, 2.0, 1.0, 4.0], [2.0, 2.0, 3.0, 1.0]];
/// pixels.add(map.view(), Some(&mask), 0)?;
/// // Of 3 * 5 pairs, 8 and 4 win 5 each, the defective 1 ties with the good one: 10.5.
/// assert!(pixels.auroc().is_some_and(|found| (found.value - 0.7).abs() < 1e-12));
/// // At no false positive, one region is found as a whole and half the other: 0.75, up to 4 of 5 good pixels.
/// assert!(pixels.aupro(0.3).is_some_and(|found| (found.value - 0.75).abs() < 1e-12));
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PixelScores {
    bins: Bins,
    units: BTreeMap<usize, Unit>,
    n_regions: usize,
}

/// What is kept of a unit for intervals: its bins with a pixel, by number, falling.
#[derive(Debug, Clone, Default)]
struct Unit {
    bins: Vec<(u32, Counts)>,
}

/// Bits of the mantissa by which pixels are counted, of all pictures and of each unit.
const FINE: u32 = 14;
const COARSE: u32 = 5;

impl PixelScores {
    /// Without a picture.
    #[must_use]
    pub fn new() -> Self {
        Self { bins: Bins::new(FINE), units: BTreeMap::new(), n_regions: 0 }
    }

    /// Adds a map of scores (rows, columns), with the mask of its defects as large as the map; a picture without a mask is good
    /// everywhere. `unit` is what the picture belongs to: a group, or a number of its own.
    ///
    /// A region is what of a mask hangs together at sides and corners (8-connected). A score that is not a number is the
    /// least odd one; infinite ones count.
    ///
    /// # Errors
    /// [`crate::Error::Size`] for a mask of another size.
    pub fn add(
        &mut self,
        scores: ArrayView2<'_, f32>,
        defects: Option<&Mask>,
        unit: usize,
    ) -> Result<()> {
        let mut coarse = Bins::new(COARSE);
        if let Some(mask) = defects {
            same_size("rows of a mask of defects", scores.nrows(), mask.height())?;
            same_size("columns of a mask of defects", scores.ncols(), mask.width())?;
            for (&score, &is_defect) in scores.iter().zip(mask.flags()) {
                for bins in [&mut self.bins, &mut coarse] {
                    let counts = bins.at(score);
                    counts.defect += u64::from(is_defect);
                    counts.good += u64::from(!is_defect);
                }
            }
            let runs = connected_runs(mask.width(), mask.flags());
            let mut sizes: Vec<usize> = Vec::new();
            for run in &runs {
                // Numbers of regions have no gap: a new one is the next.
                sizes.resize(sizes.len().max(run.region + 1), 0);
                sizes[run.region] += run.end - run.x;
            }
            for run in &runs {
                let share = 1.0 / sizes[run.region] as f64;
                for x in run.x..run.end {
                    let score = scores[[run.y, x]];
                    self.bins.at(score).overlap += share;
                    coarse.at(score).overlap += share;
                }
            }
            self.n_regions += sizes.len();
        } else {
            for &score in scores {
                self.bins.at(score).good += 1;
                coarse.at(score).good += 1;
            }
        }
        self.units.entry(unit).or_default().add(&coarse);
        Ok(())
    }

    /// The defective regions of all masks.
    pub fn n_regions(&self) -> usize {
        self.n_regions
    }

    /// The area under the receiver operating characteristic of all pixels: the share of all pairs of a defective and a good
    /// pixel in which the defective one scores higher; a tie counts half (Mann and Whitney 1947).
    ///
    /// Range: 0 to 1. `None` without a defective or without a good pixel. Pairs in one bin count half; the error is half their
    /// share, which is what they change if all are won or all are lost.
    pub fn auroc(&self) -> Option<Binned> {
        auroc(self.falling())
    }

    /// The area under the curve of per-region overlap (AUPRO): for a threshold, the share of a region's pixels that score at
    /// least as high, averaged over the regions of all masks, over the share of all good pixels that do, the false positive
    /// rate; integrated by the trapezoid rule from 0 to a `limit`, where the curve is interpolated, and divided by it. A limit
    /// of 0.3 is usual.
    ///
    /// Range: 0 to 1; small and large regions weigh the same. `None` without a region or a good pixel, or for a limit that is
    /// not above 0 and at most 1. Between the two ends of a bin, the curve is a straight line; the error is what any other
    /// rising curve could enclose, more or less.
    ///
    /// Source: Bergmann et al. 2021, "The MVTec anomaly detection dataset", International Journal of Computer Vision 129,
    /// 1038-1059, section 5.1, and their evaluation code, which joins equal scores by a line as well.
    pub fn aupro(&self, limit: f64) -> Option<Binned> {
        aupro(self.falling(), limit)
    }

    /// The interval at 95 % around [`PixelScores::auroc`], by [`bootstrap_interval`] over units, as many with a defect and
    /// without as there are of each.
    ///
    /// Draws are measured in bins 2^-5 (3 %) of their scores wide, and their distances from the measure of all pictures in
    /// such bins are laid around its value. Both ends lie from 0 to 1, the value between them. `None` where there is no value, or
    /// for fewer than two units.
    pub fn auroc_interval(&self) -> Option<[f64; 2]> {
        self.interval(self.auroc()?, |total| auroc(total.iter().copied()))
    }

    /// The interval at 95 % around [`PixelScores::aupro`] for a limit, as [`PixelScores::auroc_interval`] has it.
    pub fn aupro_interval(&self, limit: f64) -> Option<[f64; 2]> {
        self.interval(self.aupro(limit)?, |total| aupro(total.iter().copied(), limit))
    }

    fn falling(&self) -> impl Iterator<Item = Counts> + Clone {
        self.bins.falling().map(|(_, counts)| counts)
    }

    fn interval(
        &self,
        of_all: Binned,
        measure: impl Fn(&[Counts]) -> Option<Binned>,
    ) -> Option<[f64; 2]> {
        let units: Vec<&Unit> = self.units.values().collect();
        let mut numbers: Vec<u32> =
            units.iter().flat_map(|unit| unit.bins.iter().map(|(bin, _)| *bin)).collect();
        numbers.sort_unstable_by_key(|&bin| Reverse(bin));
        numbers.dedup();
        // Each bin that any unit has, as its place among them.
        let places: BTreeMap<u32, usize> =
            numbers.iter().enumerate().map(|(place, &bin)| (bin, place)).collect();
        let placed: Vec<Vec<(usize, Counts)>> = units
            .iter()
            .map(|unit| unit.bins.iter().map(|(bin, counts)| (places[bin], *counts)).collect())
            .collect();
        let have_defects: Vec<bool> = units.iter().map(|unit| unit.has_defect()).collect();
        let each_alone: Vec<usize> = (0..units.len()).collect();
        let mut total = vec![Counts::default(); numbers.len()];
        let mut in_coarse_bins = None;
        let [low, high] = bootstrap_interval(&have_defects, &each_alone, |drawn| {
            total.fill(Counts::default());
            for (place, counts) in drawn.iter().flat_map(|&unit| &placed[unit]) {
                total[*place].add(counts);
            }
            let value = measure(&total)?.value;
            // The first time, all pictures are measured.
            in_coarse_bins.get_or_insert(value);
            Some(value)
        })?;
        let moved = of_all.value - in_coarse_bins?;
        let value = of_all.value;
        Some([(low + moved).clamp(0.0, value), (high + moved).clamp(value, 1.0)])
    }
}

impl Default for PixelScores {
    fn default() -> Self {
        Self::new()
    }
}

impl Unit {
    fn add(&mut self, picture: &Bins) {
        let mut bins: Vec<(u32, Counts)> = Vec::new();
        self.bins.extend(picture.falling());
        self.bins.sort_by_key(|(bin, _)| Reverse(*bin));
        for (bin, counts) in &self.bins {
            match bins.last_mut() {
                Some((last, sum)) if last == bin => sum.add(counts),
                _ => bins.push((*bin, *counts)),
            }
        }
        bins.shrink_to_fit();
        self.bins = bins;
    }

    fn has_defect(&self) -> bool {
        self.bins.iter().any(|(_, counts)| counts.defect > 0)
    }
}

#[cfg(test)]
mod tests;
