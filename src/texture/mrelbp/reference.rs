//! The definition, pixel by pixel in whole numbers.

use super::median::median;
use super::{BINS, P, RADII};
use crate::texture::View;
use crate::texture::lbp::{Ring, riu2};
use crate::texture::ring_samples::{ONE, RingSamples, interior, mean_rounded_up, pattern};

/// See [`super::Mrelbp::counts`].
pub(super) fn counts(view: View<'_>, rings: &[Ring; 4]) -> Vec<u64> {
    let width = view.picture.width();
    let values: Vec<u16> = view.picture.values().collect();
    let filtered = |window: usize| median(&values, width, window, view.picture.bits());
    let centres = filtered(3);
    let mut inner: Option<(RingSamples, Vec<u16>)> = None;
    let mut counts = vec![0; RADII.len() * BINS];
    for ((ring, r), counts) in rings.iter().zip(RADII).zip(counts.chunks_exact_mut(BINS)) {
        let pixels = || interior(view, ring);
        let mean = mean_rounded_up(pixels().map(|at| u64::from(centres[at])));
        let outer = (RingSamples::new(ring, width), filtered(r + 1));
        for at in pixels() {
            let mut samples = [0; P];
            for (slot, sample) in samples.iter_mut().zip(outer.0.around(&outer.1, at)) {
                *slot = sample;
            }
            let mut nearer = [i64::from(centres[at]) * ONE; P];
            if let Some((ring, filtered)) = &inner {
                for (slot, sample) in nearer.iter_mut().zip(ring.around(filtered, at)) {
                    *slot = sample;
                }
            }
            let sum: i64 = samples.iter().sum();
            let ci = usize::from(mean <= u64::from(centres[at]));
            let ni = riu2(pattern(samples.iter().map(|s| sum <= P as i64 * s)), P);
            let rd = riu2(pattern(samples.iter().zip(nearer).map(|(&s, n)| n <= s)), P);
            counts[100 * ci + 10 * ni + rd] += 1;
        }
        inner = Some(outer);
    }
    counts
}
