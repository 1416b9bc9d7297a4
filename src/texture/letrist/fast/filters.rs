//! The filters for two vectors of pixels at once, one below the other: every sum stays in a register from its first tap to its
//! last. For each pixel the operations and their order are those of [`Gaussian`]'s methods, so the sums are the same to the
//! last bit.

use pulp::Simd;

use super::super::reference::{TAN_30, TANGENTS};
use super::planes::vector;
use crate::texture::gaussian::Gaussian;

/// Two vectors of pixels, one below the other.
type Two<S> = [<S as Simd>::f32s; 2];

/// The first and the second derivative of each of two vectors.
pub(super) type Derived<S> = [Two<S>; 2];

/// What was derived first one way, after the other way: smoothed, derived, and of the second derivative smoothed.
pub(super) type Way<S> = [<S as Simd>::f32s; 3];

/// The taps of the first and the second derivative at one scale or two, the widest first, which share how pixels that lie
/// symmetrically differ.
pub(super) struct Derive {
    radius: u16,
    /// Of both scales, as far as the narrower reaches.
    both: Vec<[f32; 4]>,
    /// Of the wider one beyond.
    rest: Vec<[f32; 2]>,
}

impl Derive {
    pub fn new(wide: &Gaussian, narrow: Option<&Gaussian>) -> Self {
        let taps = |gaussian: &Gaussian| -> Vec<[f32; 2]> {
            let Gaussian { first, second, .. } = gaussian;
            first.iter().zip(second).map(|(&first, &second)| [first, second]).collect()
        };
        let (mut both, narrow) = (taps(wide), narrow.map(taps).unwrap_or_default());
        let rest = both.split_off(narrow.len());
        let both: Vec<_> =
            both.iter().zip(&narrow).map(|(&[a, b], &[c, d])| [a, b, c, d]).collect();
        // At most 300, that of the widest scale.
        Self { radius: (both.len() + rest.len()) as u16, both, rest }
    }

    pub fn radius(&self) -> usize {
        usize::from(self.radius)
    }

    /// Derives down the columns, for the rows number `radius` and the next of some rows. Of each pair of rows that lie
    /// symmetrically around the one, one row belongs to the next pair around the other and stays in a register.
    #[inline(always)]
    pub fn down<S: Simd>(&self, simd: S, rows: &[[S::f32s; 1]]) -> [Derived<S>; 2] {
        let radius = self.radius();
        let rows = &rows[..2 * radius + 2];
        let ([mut above], [mut below]) = (rows[radius], rows[radius + 1]);
        let twice = [simd.add_f32s(above, above), simd.add_f32s(below, below)];
        let mut sums = [[[simd.splat_f32s(0.0); 2]; 2]; 2];
        for (k, taps) in (1..).zip(&self.both) {
            let ([before], [after]) = (rows[radius - k], rows[radius + 1 + k]);
            let steps = steps(simd, [before, above], [below, after], twice);
            add_both(simd, taps, steps, &mut sums);
            (above, below) = (before, after);
        }
        for (k, taps) in (self.both.len() + 1..).zip(&self.rest) {
            let ([before], [after]) = (rows[radius - k], rows[radius + 1 + k]);
            let steps = steps(simd, [before, above], [below, after], twice);
            add_steps(simd, taps, steps, &mut sums[0]);
            (above, below) = (before, after);
        }
        sums
    }

    /// Derives across, for the pixels in the middle of the cells of two rows.
    #[inline(always)]
    pub fn across<S: Simd>(&self, simd: S, [a, b]: [&[f32]; 2]) -> [Derived<S>; 2] {
        let radius = self.radius();
        let (a, b) = (&a[..2 * radius + S::F32_LANES], &b[..2 * radius + S::F32_LANES]);
        let twice = two::<S>(a, b, radius);
        let twice = [simd.add_f32s(twice[0], twice[0]), simd.add_f32s(twice[1], twice[1])];
        let mut sums = [[[simd.splat_f32s(0.0); 2]; 2]; 2];
        for (k, taps) in (1..).zip(&self.both) {
            let (before, after) = (two::<S>(a, b, radius - k), two::<S>(a, b, radius + k));
            add_both(simd, taps, steps(simd, before, after, twice), &mut sums);
        }
        for (k, taps) in (self.both.len() + 1..).zip(&self.rest) {
            let (before, after) = (two::<S>(a, b, radius - k), two::<S>(a, b, radius + k));
            add_steps(simd, taps, steps(simd, before, after, twice), &mut sums[0]);
        }
        sums
    }
}

/// The vectors of two rows at a place.
#[inline(always)]
fn two<S: Simd>(a: &[f32], b: &[f32], at: usize) -> Two<S> {
    [vector::<S>(a, at), vector::<S>(b, at)]
}

/// For each of two vectors, the difference of what lies before and after, and their sum less twice what is between.
#[inline(always)]
fn steps<S: Simd>(simd: S, before: Two<S>, after: Two<S>, twice: Two<S>) -> Derived<S> {
    let mut steps = [twice; 2];
    for v in 0..2 {
        let sum = simd.add_f32s(before[v], after[v]);
        steps[v] = [simd.sub_f32s(after[v], before[v]), simd.sub_f32s(sum, twice[v])];
    }
    steps
}

#[inline(always)]
fn add_both<S: Simd>(
    simd: S,
    taps: &[f32; 4],
    steps: Derived<S>,
    [wide, narrow]: &mut [Derived<S>; 2],
) {
    let [of_wide, of_narrow] = taps.as_chunks::<2>().0 else { return };
    add_steps(simd, of_wide, steps, wide);
    add_steps(simd, of_narrow, steps, narrow);
}

#[inline(always)]
fn add_steps<S: Simd>(simd: S, taps: &[f32; 2], steps: Derived<S>, sums: &mut Derived<S>) {
    let [first, second] = splat(simd, taps);
    for v in 0..2 {
        sums[v][0] = simd.mul_add_f32s(first, steps[v][0], sums[v][0]);
        sums[v][1] = simd.mul_add_f32s(second, steps[v][1], sums[v][1]);
    }
}

/// The taps of a Gaussian and of its first derivative, which filter one way what was derived the other way.
pub(super) struct Filter {
    radius: u16,
    centre: f32,
    taps: Vec<[f32; 2]>,
}

impl Filter {
    pub fn new(Gaussian { centre, smooth, first, .. }: &Gaussian) -> Self {
        let taps = smooth.iter().zip(first).map(|(&smooth, &first)| [smooth, first]).collect();
        Self { radius: smooth.len() as u16, centre: *centre, taps }
    }

    pub fn radius(&self) -> usize {
        usize::from(self.radius)
    }

    /// Filters down the columns, for the rows number `radius` and the next of some rows of first and second derivatives,
    /// as [`Derive::down`] goes through them.
    #[inline(always)]
    pub fn down<S: Simd>(&self, simd: S, rows: &[Two<S>]) -> [Way<S>; 2] {
        let radius = self.radius();
        let rows = &rows[..2 * radius + 2];
        let ([mut above, mut other_above], [mut below, mut other_below]) =
            (rows[radius], rows[radius + 1]);
        let mut upper = self.centre(simd, above, other_above);
        let mut lower = self.centre(simd, below, other_below);
        for (k, taps) in (1..).zip(&self.taps) {
            let taps = splat(simd, taps);
            let ([before, other_before], [after, other_after]) =
                (rows[radius - k], rows[radius + 1 + k]);
            add(simd, taps, [before, below], [other_before, other_below], &mut upper);
            add(simd, taps, [above, after], [other_above, other_after], &mut lower);
            (above, below) = (before, after);
            (other_above, other_below) = (other_before, other_after);
        }
        [upper, lower]
    }

    /// Filters across, for the pixels in the middle of the cells of two rows: of each row the first and the second
    /// derivative.
    #[inline(always)]
    pub fn across<S: Simd>(&self, simd: S, cells: [[&[f32]; 2]; 2]) -> [Way<S>; 2] {
        // So written, the compiler sees that no place lies beyond the cells.
        let radius = self.radius();
        let taps = &self.taps[..radius];
        let n = 2 * radius + S::F32_LANES;
        let [[a, a_other], [b, b_other]] = cells;
        let (a, a_other, b, b_other) = (&a[..n], &a_other[..n], &b[..n], &b_other[..n]);
        let [mut upper, mut lower] = [
            self.centre(simd, vector::<S>(a, radius), vector::<S>(a_other, radius)),
            self.centre(simd, vector::<S>(b, radius), vector::<S>(b_other, radius)),
        ];
        for k in 1..=radius {
            let taps = splat(simd, &taps[k - 1]);
            let ends = [radius - k, radius + k];
            add(simd, taps, pair::<S>(a, ends), pair::<S>(a_other, ends), &mut upper);
            add(simd, taps, pair::<S>(b, ends), pair::<S>(b_other, ends), &mut lower);
        }
        [upper, lower]
    }

    #[inline(always)]
    fn centre<S: Simd>(&self, simd: S, first: S::f32s, other: S::f32s) -> Way<S> {
        let centre = simd.splat_f32s(self.centre);
        [simd.mul_f32s(centre, first), simd.splat_f32s(0.0), simd.mul_f32s(centre, other)]
    }
}

#[inline(always)]
fn splat<S: Simd>(simd: S, taps: &[f32; 2]) -> Two<S> {
    [simd.splat_f32s(taps[0]), simd.splat_f32s(taps[1])]
}

#[inline(always)]
fn pair<S: Simd>(cells: &[f32], [before, after]: [usize; 2]) -> Two<S> {
    [vector::<S>(cells, before), vector::<S>(cells, after)]
}

/// Adds what lies before and after of first and of second derivatives.
#[inline(always)]
fn add<S: Simd>(
    simd: S,
    [bell, slope]: Two<S>,
    [before, after]: Two<S>,
    [other_before, other_after]: Two<S>,
    sums: &mut Way<S>,
) {
    sums[0] = simd.mul_add_f32s(bell, simd.add_f32s(before, after), sums[0]);
    sums[1] = simd.mul_add_f32s(slope, simd.sub_f32s(after, before), sums[1]);
    sums[2] = simd.mul_add_f32s(bell, simd.add_f32s(other_before, other_after), sums[2]);
}

/// Of the derivatives at one scale, the gradient and the difference, and the code `4 s + 16 r` of the shape s from 0 to 2 and the
/// ratio r from 0 to 4, in so many units: from `Ix, Ixy, Ixx` and `Iy, Iyx, Iyy`.
#[inline(always)]
pub(super) fn response<S: Simd>(
    simd: S,
    [ix, ixy, ixx]: Way<S>,
    [iy, iyx, iyy]: Way<S>,
    unit: u32,
) -> (Two<S>, S::u32s) {
    let (zero, code) = (simd.splat_f32s(0.0), |code: u32| simd.splat_u32s(code * unit));
    let gradient = length(simd, ix, iy);
    let difference = length(simd, simd.sub_f32s(ixx, iyy), simd.add_f32s(ixy, iyx));

    // As `shape` has it, of what is the bulge with its sign changed.
    let hollow = simd.add_f32s(ixx, iyy);
    let edge = simd.mul_f32s(difference, simd.splat_f32s(TAN_30));
    let is_cap = simd.less_than_f32s(hollow, simd.sub_f32s(zero, edge));
    let is_cup = simd.less_than_f32s(edge, hollow);
    let shape = simd.select_u32s(is_cup, code(8), code(4));
    let shape = simd.select_u32s(is_cap, code(0), shape);

    // As `ratio` has it, where the tangents rise.
    let mut ratio = code(0);
    for (tangent, step) in TANGENTS.into_iter().zip([16, 32, 48, 64]) {
        let edge = simd.mul_f32s(gradient, simd.splat_f32s(tangent));
        let is_over = simd.less_than_f32s(edge, difference);
        ratio = simd.select_u32s(is_over, code(step), ratio);
    }
    ([gradient, difference], simd.or_u32s(shape, ratio))
}

/// The length of a vector.
#[inline(always)]
fn length<S: Simd>(simd: S, a: S::f32s, b: S::f32s) -> S::f32s {
    simd.sqrt_f32s(simd.add_f32s(simd.mul_f32s(a, a), simd.mul_f32s(b, b)))
}
