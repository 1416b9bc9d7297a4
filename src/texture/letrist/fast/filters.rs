//! The filters for a block of neighbouring columns at once: every sum stays in a register from its first
//! tap to its last. For each pixel the operations and their order are those of [`Gaussian`]'s methods, and
//! none is fused with another, so the sums are the same to the last bit.

use pulp::Simd;

use super::super::reference::{TAN_30, TANGENTS};
use super::lines::{Block, Line, Pairs};
use crate::texture::gaussian::Gaussian;

/// The taps of the first and the second derivative of three Gaussians of rising width, side by side.
pub(super) struct Taps {
    /// By distance, from 1 on, then by scale. Zero beyond the scale's radius.
    weights: Vec<[[f64; 2]; 3]>,
    radii: [usize; 3],
}

impl Taps {
    pub fn new(gaussians: &[Gaussian; 3]) -> Self {
        let weight = |of: &[f64], k: usize| of.get(k).copied().unwrap_or_default();
        let radii = gaussians.each_ref().map(Gaussian::radius);
        let weights = (0..radii[2])
            .map(|k| gaussians.each_ref().map(|g| [weight(&g.first, k), weight(&g.second, k)]));
        Self { weights: weights.collect(), radii }
    }

    /// The first and the second derivative at every scale. The differences and sums of pixels that lie
    /// symmetrically are the same for all.
    #[inline(always)]
    pub fn derive<S: Simd>(&self, simd: S, line: &impl Line<1>) -> [[Block<S>; 2]; 3] {
        let mut sums = [[[simd.splat_f64s(0.0); 2]; 2]; 3];
        let [a, b, c] = self.radii;
        self.add::<S, 0>(simd, 0, a, line, &mut sums);
        self.add::<S, 1>(simd, a, b, line, &mut sums);
        self.add::<S, 2>(simd, b, c, line, &mut sums);
        sums
    }

    /// Adds the pixels farther away than `from`, up to `to`, at the scales from number FIRST on.
    #[inline(always)]
    fn add<S: Simd, const FIRST: usize>(
        &self,
        simd: S,
        from: usize,
        to: usize,
        line: &impl Line<1>,
        sums: &mut [[Block<S>; 2]; 3],
    ) {
        let two = simd.splat_f64s(2.0);
        let [here] = line.here::<S>();
        let twice = [simd.mul_f64s(two, here[0]), simd.mul_f64s(two, here[1])];
        let mut pairs = line.pairs::<S>(from, to);
        for weights in &self.weights[from..to] {
            let Some([[before], [after]]) = pairs.next::<S>() else { return };
            for v in 0..2 {
                let slope = simd.sub_f64s(after[v], before[v]);
                let bend = simd.sub_f64s(simd.add_f64s(before[v], after[v]), twice[v]);
                for scale in FIRST..3 {
                    let first = simd.splat_f64s(weights[scale][0]);
                    let second = simd.splat_f64s(weights[scale][1]);
                    let sums = &mut sums[scale];
                    sums[0][v] = simd.add_f64s(sums[0][v], simd.mul_f64s(first, slope));
                    sums[1][v] = simd.add_f64s(sums[1][v], simd.mul_f64s(second, bend));
                }
            }
        }
    }
}

/// One picture smoothed and derived along the line, and another one smoothed.
#[inline(always)]
pub(super) fn smooth<S: Simd>(simd: S, gaussian: &Gaussian, line: &impl Line<2>) -> [Block<S>; 3] {
    let centre = simd.splat_f64s(gaussian.centre);
    let [here, other] = line.here::<S>();
    let mut smooth = [simd.mul_f64s(centre, here[0]), simd.mul_f64s(centre, here[1])];
    let mut derived = [simd.splat_f64s(0.0); 2];
    let mut smooth_other = [simd.mul_f64s(centre, other[0]), simd.mul_f64s(centre, other[1])];
    let mut pairs = line.pairs::<S>(0, gaussian.radius());
    for (&bell, &slope) in gaussian.smooth.iter().zip(&gaussian.first) {
        let Some([[before, other_before], [after, other_after]]) = pairs.next::<S>() else { break };
        let (bell, slope) = (simd.splat_f64s(bell), simd.splat_f64s(slope));
        for v in 0..2 {
            let sum = simd.add_f64s(before[v], after[v]);
            let difference = simd.sub_f64s(after[v], before[v]);
            let other_sum = simd.add_f64s(other_before[v], other_after[v]);
            smooth[v] = simd.add_f64s(smooth[v], simd.mul_f64s(bell, sum));
            derived[v] = simd.add_f64s(derived[v], simd.mul_f64s(slope, difference));
            smooth_other[v] = simd.add_f64s(smooth_other[v], simd.mul_f64s(bell, other_sum));
        }
    }
    [smooth, derived, smooth_other]
}

/// What the derivatives at one scale give.
pub(super) struct Response<V> {
    pub gradient: V,
    pub difference: V,
    /// 0 to 2.
    pub shape: V,
    /// 0 to 4.
    pub ratio: V,
}

impl<V> Response<V> {
    /// From `Ix, Ixy, Ixx` and `Iy, Iyx, Iyy`.
    #[inline(always)]
    pub fn new<S: Simd<f64s = V>>(simd: S, [ix, ixy, ixx]: [V; 3], [iy, iyx, iyy]: [V; 3]) -> Self
    where
        V: Copy,
    {
        let (zero, one) = (simd.splat_f64s(0.0), simd.splat_f64s(1.0));
        let gradient = length(simd, ix, iy);
        let difference = length(simd, simd.sub_f64s(ixx, iyy), simd.add_f64s(ixy, iyx));

        // As `shape` has it, for a bulge of less than this: both sides of its comparisons are negated.
        let hollow = simd.add_f64s(ixx, iyy);
        let bulge = simd.neg_f64s(hollow);
        let edge = simd.mul_f64s(difference, simd.splat_f64s(TAN_30));
        let is_cap = simd.less_than_f64s(edge, bulge);
        let is_cup = simd.and_m64s(
            simd.less_than_or_equal_f64s(edge, hollow),
            simd.less_than_f64s(zero, hollow),
        );
        let not_cap = simd.select_f64s(is_cup, simd.splat_f64s(2.0), one);
        let shape = simd.select_f64s(is_cap, zero, not_cap);

        let mut ratio = zero;
        for tangent in TANGENTS {
            let edge = simd.mul_f64s(gradient, simd.splat_f64s(tangent));
            let is_over = simd.less_than_or_equal_f64s(edge, difference);
            ratio = simd.select_f64s(is_over, simd.add_f64s(ratio, one), ratio);
        }
        let ratio = simd.select_f64s(simd.less_than_f64s(zero, difference), ratio, zero);
        Self { gradient, difference, shape, ratio }
    }
}

/// The length of a vector.
#[inline(always)]
fn length<S: Simd>(simd: S, a: S::f64s, b: S::f64s) -> S::f64s {
    simd.sqrt_f64s(simd.add_f64s(simd.mul_f64s(a, a), simd.mul_f64s(b, b)))
}
