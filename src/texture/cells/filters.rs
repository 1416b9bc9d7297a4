//! What the derivatives answer, summed over cells as they are computed: no picture of answers is kept.

use std::array;

use super::pyramid::Level;
use crate::image::mirrored;
use crate::texture::gaussian::Gaussian;

/// Squares of dx, dy, dxy, of dxx above and below 0, of dyy above and below 0; then dxx, dyy, dx, dy and dxy.
pub(super) const CHANNELS: usize = 12;

/// The width of the filters in pixels of each scale.
const SIGMA: f64 = 1.0;

/// Reaches of the filters: [`Gaussian::radius`] of [`SIGMA`].
const RADIUS: usize = 3;

/// The mean of every channel over cells of some pixels: one map (rows, columns) each.
pub(super) fn pooled_answers(
    level: &Level,
    side: usize,
    cells: (usize, usize),
) -> [Vec<f32>; CHANNELS] {
    let work = Pool { level, side, cells };
    match crate::vectors::dispatch_fused(work) {
        Ok(maps) => maps,
        Err(work) => work.run(),
    }
}

struct Pool<'a> {
    level: &'a Level,
    side: usize,
    cells: (usize, usize),
}

impl pulp::WithSimd for Pool<'_> {
    type Output = [Vec<f32>; CHANNELS];

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        self.run()
    }
}

impl Pool<'_> {
    #[inline(always)]
    fn run(self) -> [Vec<f32>; CHANNELS] {
        let Self { level, side, cells: (n_rows, n_columns) } = self;
        let gaussian = Gaussian::new(SIGMA);
        let width = level.width;
        let mut maps: [Vec<f32>; CHANNELS] = array::from_fn(|_| vec![0.0; n_rows * n_columns]);
        let mut sums: [Vec<f32>; CHANNELS] = array::from_fn(|_| vec![0.0; width]);
        let mut lines: [Vec<f32>; 3] = array::from_fn(|_| vec![0.0; width + 2 * RADIUS]);
        let mut answers: [Vec<f32>; 5] = array::from_fn(|_| vec![0.0; width]);
        for (row, top) in (0..level.height).step_by(side).enumerate().take(n_rows) {
            let bottom = (top + side).min(level.height);
            sums.iter_mut().for_each(|sum| sum.fill(0.0));
            for y in top..bottom {
                filter_row(level, y, &gaussian, &mut lines, &mut answers);
                add(&answers, &mut sums);
            }
            for (map, sum) in maps.iter_mut().zip(&sums) {
                let means = &mut map[row * n_columns..][..n_columns];
                for (mean, columns) in means.iter_mut().zip(sum.chunks(side)) {
                    let n = (columns.len() * (bottom - top)) as f32;
                    *mean = columns.iter().sum::<f32>() / n;
                }
            }
        }
        maps
    }
}

/// dx, dy, dxx, dyy and dxy of a row.
#[inline(always)]
fn filter_row(
    level: &Level,
    y: usize,
    gaussian: &Gaussian,
    lines: &mut [Vec<f32>; 3],
    answers: &mut [Vec<f32>; 5],
) {
    let width = level.width;
    let rows: [&[f32]; 2 * RADIUS + 1] =
        array::from_fn(|k| level.row(mirrored((y + k) as isize - RADIUS as isize, level.height)));
    let down = |k: isize| rows[RADIUS.wrapping_add_signed(k)];
    let [smooth, first, second] = lines;
    gaussian.smooth(down, &mut smooth[RADIUS..][..width]);
    gaussian.first(down, &mut first[RADIUS..][..width]);
    gaussian.second(down, &mut second[RADIUS..][..width]);
    for line in [&mut *smooth, first, second] {
        for beyond in 1..=RADIUS {
            line[RADIUS - beyond] = line[RADIUS + mirrored(-(beyond as isize), width)];
            let right = mirrored((width - 1 + beyond) as isize, width);
            line[RADIUS + width - 1 + beyond] = line[RADIUS + right];
        }
    }
    let [dx, dy, dxx, dyy, dxy] = answers;
    gaussian.first(|k| &smooth[RADIUS.wrapping_add_signed(k)..][..width], dx);
    gaussian.smooth(|k| &first[RADIUS.wrapping_add_signed(k)..][..width], dy);
    gaussian.second(|k| &smooth[RADIUS.wrapping_add_signed(k)..][..width], dxx);
    gaussian.smooth(|k| &second[RADIUS.wrapping_add_signed(k)..][..width], dyy);
    gaussian.first(|k| &first[RADIUS.wrapping_add_signed(k)..][..width], dxy);
}

/// Adds the channels of a row to the sums of its columns.
#[inline(always)]
fn add(answers: &[Vec<f32>; 5], sums: &mut [Vec<f32>; CHANNELS]) {
    let [dx, dy, dxx, dyy, dxy] = answers;
    let [ex, ey, exy, above_x, below_x, above_y, below_y, sum_xx, sum_yy, sum_x, sum_y, sum_xy] =
        sums;
    for ((energy, sum), values) in
        [(ex, sum_x), (ey, sum_y), (exy, sum_xy)].into_iter().zip([dx, dy, dxy])
    {
        for ((energy, sum), &v) in energy.iter_mut().zip(sum.iter_mut()).zip(values) {
            *energy += v * v;
            *sum += v;
        }
    }
    for ((above, below, sum), values) in
        [(above_x, below_x, sum_xx), (above_y, below_y, sum_yy)].into_iter().zip([dxx, dyy])
    {
        let parts = above.iter_mut().zip(below.iter_mut()).zip(sum.iter_mut());
        for (((above, below), sum), &v) in parts.zip(values) {
            let (positive, negative) = (v.max(0.0), v.min(0.0));
            *above += positive * positive;
            *below += negative * negative;
            *sum += v;
        }
    }
}
