//! The definition: one scale after the other, from planes of floats.
//!
//! It is written without vectors, but runs as code for the processor's: there a fused operation is an instruction, elsewhere
//! a slow function with the same result.

use super::{Code, Counts, Scales, threshold};
use crate::texture::Input;
use crate::texture::gaussian::Gaussian;

/// See [`super::Letrist::counts`].
pub(super) fn counts(input: Input<'_>, scales: &Scales) -> Vec<u64> {
    let of_set = |set: &[usize; 3]| {
        let gaussians = set.map(|scale| &scales.gaussians[scale]);
        crate::vectors::arch().dispatch(Count { input, gaussians })
    };
    scales.sets.iter().flat_map(of_set).collect()
}

/// The work as a value: compiled as a whole for each instruction set.
struct Count<'a> {
    input: Input<'a>,
    gaussians: [&'a Gaussian; 3],
}

impl pulp::WithSimd for Count<'_> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Vec<u64> {
        count(self.input, self.gaussians)
    }
}

#[inline(always)]
fn count(input: Input<'_>, gaussians: [&Gaussian; 3]) -> Vec<u64> {
    let (width, height) = (input.picture.width(), input.picture.height());
    let values = input.picture.values().map(f32::from).collect();
    let plane = Plane { width, height, values };
    let [first, second, third] = gaussians.map(|g| codes(input, &plane, g));
    let mut counts = Counts::new();
    for ((a, b), c) in first.into_iter().zip(second).zip(third) {
        counts.add_pairs([a.0, b.0, c.0], 1);
        counts.add_ratios([a.1, b.1, c.1].iter().fold(0, |bin, &r| 5 * bin + usize::from(r)), 1);
    }
    counts.0
}

/// The codes and ratios of the pixels inside, row by row.
#[inline(always)]
fn codes(input: Input<'_>, plane: &Plane, gaussian: &Gaussian) -> Vec<(Code, u8)> {
    let responses = Responses::of(plane, gaussian);
    let inside = || {
        let flags = input.mask.map_or(&[][..], crate::image::Mask::flags);
        (0..plane.values.len()).filter(move |&at| flags.get(at) != Some(&false))
    };
    let n = inside().count();
    let threshold_of = |strength: &[f32]| {
        let mut column_sums = vec![0.0; plane.width];
        inside().for_each(|at| column_sums[at % plane.width] += f64::from(strength[at]));
        threshold(&column_sums, n)
    };
    let (steep, bent) = (threshold_of(&responses.gradient), threshold_of(&responses.difference));
    let code = |at: usize| {
        let is_steep = steep < responses.gradient[at];
        let is_bent = bent < responses.difference[at];
        (Code { shape: responses.shape[at], is_steep, is_bent }, responses.ratio[at])
    };
    inside().map(code).collect()
}

/// A picture in floats.
struct Plane {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// Of every pixel, row by row.
#[derive(Default)]
struct Responses {
    /// The length of the gradient, g.
    gradient: Vec<f32>,
    /// By how much the curvature differs between its main directions, d.
    difference: Vec<f32>,
    /// The shape in 3 parts: see [`shape`].
    shape: Vec<u8>,
    /// The ratio in 5 parts: see [`ratio`].
    ratio: Vec<u8>,
}

impl Responses {
    /// Borders are replicated. Derivatives across come first where they are smoothed or derived downwards,
    /// and the other way round, so that flat areas stay exactly zero; the mixed one is the mean of
    /// both orders, so that a quarter turn only swaps the two.
    #[inline(always)]
    fn of(picture: &Plane, gaussian: &Gaussian) -> Self {
        let Plane { width, height, ref values } = *picture;
        let radius = gaussian.radius();
        let near = |y: usize, k: isize| y.saturating_add_signed(k).min(height - 1);
        let row = || vec![0.0; width];
        let [mut ix, mut iy, mut ixx, mut iyy] = [row(), row(), row(), row()];
        let [mut ixy, mut iyx, mut down] = [row(), row(), row()];
        let mut padded = Vec::with_capacity(width + 2 * radius);
        // Only the rows that the next pixel row needs are kept, each at its number modulo how many
        // there are.
        let n_kept = (2 * radius + 1).min(height);
        let (mut across, mut across2) = (vec![row(); n_kept], vec![row(); n_kept]);
        let mut n_ready = 0;
        let mut responses = Self::default();
        for y in 0..height {
            while n_ready <= near(y, radius as isize) {
                pad(&values[n_ready * width..(n_ready + 1) * width], radius, &mut padded);
                gaussian.first(|k| along(&padded, radius, k), &mut across[n_ready % n_kept]);
                gaussian.second(|k| along(&padded, radius, k), &mut across2[n_ready % n_kept]);
                n_ready += 1;
            }
            let pixels = |k| &values[near(y, k) * width..][..width];
            gaussian.smooth(|k| &across[near(y, k) % n_kept], &mut ix);
            gaussian.first(|k| &across[near(y, k) % n_kept], &mut ixy);
            gaussian.smooth(|k| &across2[near(y, k) % n_kept], &mut ixx);
            gaussian.first(pixels, &mut down);
            pad(&down, radius, &mut padded);
            gaussian.smooth(|k| along(&padded, radius, k), &mut iy);
            gaussian.first(|k| along(&padded, radius, k), &mut iyx);
            gaussian.second(pixels, &mut down);
            pad(&down, radius, &mut padded);
            gaussian.smooth(|k| along(&padded, radius, k), &mut iyy);
            for x in 0..width {
                let g = (ix[x] * ix[x] + iy[x] * iy[x]).sqrt();
                let (bend, twist) = (ixx[x] - iyy[x], ixy[x] + iyx[x]);
                // `twist` is already twice the mixed derivative.
                let d = (bend * bend + twist * twist).sqrt();
                responses.gradient.push(g);
                responses.difference.push(d);
                responses.shape.push(shape(-(ixx[x] + iyy[x]), d));
                responses.ratio.push(ratio(d, g));
            }
        }
        responses
    }
}

/// A row with its ends repeated.
fn pad(row: &[f32], radius: usize, padded: &mut Vec<f32>) {
    padded.clear();
    padded.extend(std::iter::repeat_n(row[0], radius));
    padded.extend(row);
    padded.extend(std::iter::repeat_n(row[row.len() - 1], radius));
}

/// The pixels k columns to the right of a padded row's.
fn along(padded: &[f32], radius: usize, k: isize) -> &[f32] {
    let width = padded.len() - 2 * radius;
    &padded[radius.saturating_add_signed(k)..][..width]
}

pub(super) const TAN_30: f32 = 0.577_350_3;

/// Of 18, 36, 54 and 72 degrees.
pub(super) const TANGENTS: [f32; 4] = [0.324_919_7, 0.726_542_5, 1.376_381_9, 3.077_683_5];

/// `floor(3 s)` for the shape `s = 1/2 - atan2(bulge, d) / pi`, where d is at least 0: caps, then saddles, then cups. Decided
/// by tangents, because products are the same on every machine and `atan2` is not. On the border it is a saddle, so a
/// picture and its negative have the same codes with caps and cups exchanged.
fn shape(bulge: f32, d: f32) -> u8 {
    let edge = d * TAN_30;
    if edge < bulge {
        0
    } else if edge < -bulge {
        2
    } else {
        1
    }
}

/// `floor(5 r)` for the ratio `r = (2/pi) atan2(d, g)`, where both are at least 0, 1 moved to the last
/// part. Where both are 0 the ratio is 0, and on a border it is the lower part.
fn ratio(d: f32, g: f32) -> u8 {
    TANGENTS.iter().map(|tangent| u8::from(g * tangent < d)).sum()
}

#[cfg(test)]
mod tests {
    use super::{ratio, shape};
    use std::f32::consts::PI;

    #[test]
    fn parts_follow_the_angles() {
        let mut n_compared = 0;
        for step in 0..=720u16 {
            // Between the thresholds, and on the axes.
            let (a, b) = (f32::from(step) * PI / 720.0 + 1e-4).sin_cos();
            let s = 0.5 - b.atan2(a.abs()) / PI;
            assert_eq!(shape(b, a.abs()), ((3.0 * s) as u8).min(2), "{b} {a}");
            let r = 2.0 / PI * a.abs().atan2(b.abs());
            assert_eq!(ratio(a.abs(), b.abs()), ((5.0 * r) as u8).min(4), "{a} {b}");
            n_compared += 2;
        }
        assert_eq!(n_compared, 1442);
        assert_eq!((shape(1.0, 0.0), shape(0.0, 0.0), shape(-1.0, 0.0)), (0, 1, 2));
        assert_eq!((shape(0.0, 1.0), shape(-0.0, 0.0)), (1, 1));
        assert_eq!((ratio(0.0, 1.0), ratio(0.0, 0.0), ratio(1.0, 0.0)), (0, 0, 4));
    }
}
