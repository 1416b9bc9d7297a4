//! The definition, pixel by pixel in whole numbers.

use crate::texture::Input;
use crate::texture::lbp::ring_samples::{ONE, RingSamples, interior, mean_rounded_up, pattern};
use crate::texture::lbp::{Ring, riu2};

/// See [`super::counts`].
pub(super) fn counts(input: Input<'_>, ring: &Ring) -> Vec<u64> {
    let values: Vec<u16> = input.picture.values().collect();
    let samples = RingSamples::new(ring, input.picture.width());
    let differences = |at: usize| {
        let centre = i64::from(values[at]) * ONE;
        samples.around(&values, at).map(move |sample| sample - centre)
    };
    let sizes = interior(input, ring).flat_map(differences).map(i64::unsigned_abs);
    let mean_size = mean_rounded_up(sizes);
    let mean = mean_rounded_up(input.values().map(u64::from));

    let p = ring.p();
    let mut counts = vec![0; 2 * (p + 2) * (p + 2)];
    for at in interior(input, ring) {
        let c = usize::from(mean <= u64::from(values[at]));
        let s = riu2(pattern(differences(at).map(|d| 0 <= d)), p);
        let m = riu2(pattern(differences(at).map(|d| mean_size <= d.unsigned_abs())), p);
        counts[(c * (p + 2) + s) * (p + 2) + m] += 1;
    }
    counts
}
