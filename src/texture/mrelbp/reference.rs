//! The definition, pixel by pixel in whole numbers.

use super::{BINS, P, RADII};
use crate::texture::Input;
use crate::texture::lbp::ring_samples::{ONE, RingSamples, interior, mean_rounded_up, pattern};
use crate::texture::lbp::{Ring, riu2};

/// See [`super::Mrelbp::counts`].
pub(super) fn counts(input: Input<'_>, rings: &[Ring; 4]) -> Vec<u64> {
    let width = input.picture.width();
    let values: Vec<u16> = input.picture.values().collect();
    let filtered = |window: usize| median(&values, width, window);
    let centres = filtered(3);
    let mut inner: Option<(RingSamples, Vec<u16>)> = None;
    let mut counts = vec![0; RADII.len() * BINS];
    for ((ring, r), counts) in rings.iter().zip(RADII).zip(counts.chunks_exact_mut(BINS)) {
        let pixels = || interior(input, ring);
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

/// The median of the square window around every pixel, the border replicated. The window is odd.
pub(super) fn median(values: &[u16], width: usize, window: usize) -> Vec<u16> {
    let (height, half) = (values.len() / width, window / 2);
    let near = |at: usize, size: usize| {
        (at..at + window).map(move |at| at.saturating_sub(half).min(size - 1))
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let mut around = Vec::with_capacity(window * window);
    let middle = |(x, y)| {
        around.clear();
        around.extend(
            near(y, height).flat_map(|y| near(x, width).map(move |x| values[y * width + x])),
        );
        *around.select_nth_unstable(window * window / 2).1
    };
    pixels.map(middle).collect()
}
