//! All placements at once: the average of their entropies equals the entropy of the pairs after both
//! values are smeared evenly over 16 steps, less the 8 bits that the smearing itself brings. So one
//! joint histogram is counted and smeared along both axes, and one entropy is taken.
//!
//! The histogram covers only the values that occur. Rows are smeared one at a time, downwards by a
//! running sum and along the row by doubling (sums of 2, 4, 8, 16 neighbours), both of which are plain
//! additions of rows, so no smeared matrix is ever stored. `n log2 n` of small counts comes from a
//! table, since most cells are small; eight sums run side by side, since each addition waits for the last
//! in its own sum. Counts of 32 bits are twice as fast as wider ones; no cell can hold more than twice the
//! number of pairs, which decides whether they do.

use std::ops::{AddAssign, SubAssign};
use std::sync::OnceLock;

use super::WIDTH;
use crate::raster::Levels;

/// In bits; `None` where no two pixels inside are neighbours.
pub(super) fn mean_entropy(levels: &Levels) -> Option<f64> {
    // Each pixel begins at most two pairs, and each pair counts twice.
    match u32::try_from(4 * levels.values.len() as u64) {
        Ok(_) => entropy::<u32>(levels),
        Err(_) => entropy::<u64>(levels),
    }
}

/// Pairs whose places are computed together.
const STRIP: usize = 256;

/// A whole number to count in.
trait Count: Copy + Default + AddAssign + SubAssign + From<bool> + Into<u64> {}
impl<T: Copy + Default + AddAssign + SubAssign + From<bool> + Into<u64>> Count for T {}

fn entropy<T: Count>(levels: &Levels) -> Option<f64> {
    let (low, high) = range(levels)?;
    let n = usize::from(high - low) + 1;
    let outside = levels.n_levels as u16;

    let mut counts = vec![T::default(); n * n];
    let mut n_pairs = 0;
    let mut count = |first: &[u16], second: &[u16]| {
        if !levels.is_masked {
            n_pairs += first.len() as u64;
            for (first, second) in first.chunks(STRIP).zip(second.chunks(STRIP)) {
                add(first, second, low, n, &mut counts);
            }
            return;
        }
        for (&a, &b) in first.iter().zip(second).filter(|&(a, b)| *a != outside && *b != outside) {
            n_pairs += 1;
            counts[usize::from(a - low) * n + usize::from(b - low)] += T::from(true);
        }
    };
    for y in 0..levels.height {
        let row = levels.row(y);
        count(&row[..levels.width - 1], &row[1..]);
        if y + 1 < levels.height {
            count(row, levels.row(y + 1));
        }
    }
    if n_pairs == 0 {
        return None;
    }
    // A flat picture has exactly nothing to tell; below, rounding would leave a trace.
    if n == 1 {
        return Some(0.0);
    }
    add_mirror_image(&mut counts, n);
    let sum = pulp::Arch::new().dispatch(Smear { counts: &counts, n });
    let total = (2 * n_pairs) as f64 * (WIDTH * WIDTH) as f64;
    let bits = total.log2() - sum / total;
    Some((bits - 2.0 * (WIDTH as f64).log2()).max(0.0))
}

/// The lowest and the highest level inside; nothing where all is outside.
fn range(levels: &Levels) -> Option<(u16, u16)> {
    let outside = levels.n_levels as u16;
    let ends = |ends: (u16, u16), &level: &u16| (ends.0.min(level), ends.1.max(level));
    let start = (u16::MAX, 0);
    let (low, high) = if levels.is_masked {
        levels.values.iter().filter(|&&level| level != outside).fold(start, ends)
    } else {
        levels.values.iter().fold(start, ends)
    };
    (low <= high).then_some((low, high))
}

/// Counts the pairs of one strip, at most [`STRIP`]: first their places, many at once, then one by one.
fn add<T: Count>(first: &[u16], second: &[u16], low: u16, n: usize, counts: &mut [T]) {
    let mut places = [0u32; STRIP];
    for ((place, &a), &b) in places.iter_mut().zip(first).zip(second) {
        *place = u32::from(a - low) * n as u32 + u32::from(b - low);
    }
    for &place in &places[..first.len()] {
        counts[place as usize] += T::from(true);
    }
}

/// Adds to every cell the one on the other side of the diagonal, in blocks that stay in the cache.
fn add_mirror_image<T: Count>(counts: &mut [T], n: usize) {
    const BLOCK: usize = 16;
    for top in (0..n).step_by(BLOCK) {
        for left in (0..=top).step_by(BLOCK) {
            for i in top..n.min(top + BLOCK) {
                for j in left..n.min(left + BLOCK).min(i + 1) {
                    let mut sum = counts[i * n + j];
                    sum += counts[j * n + i];
                    counts[i * n + j] = sum;
                    counts[j * n + i] = sum;
                }
            }
        }
    }
}

/// [`sum_of_smeared`] as a value: compiled as a whole for each instruction set.
struct Smear<'a, T> {
    counts: &'a [T],
    n: usize,
}

impl<T: Count> pulp::NullaryFnOnce for Smear<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        sum_of_smeared(self.counts, self.n)
    }
}

/// The sum of `c log2 c` over the cells of a symmetric matrix smeared along both axes, which again is
/// symmetric.
#[inline(always)]
fn sum_of_smeared<T: Count>(counts: &[T], n: usize) -> f64 {
    let mut running = vec![T::default(); n];
    let mut smeared = vec![T::default(); n + WIDTH - 1];
    let small = small_n_log2_n();
    let mut sum = 0.0;
    for i in 0..n + WIDTH - 1 {
        if i < n {
            let row = &counts[i * n..(i + 1) * n];
            running.iter_mut().zip(row).for_each(|(sum, &count)| *sum += count);
        }
        if WIDTH <= i {
            let row = &counts[(i - WIDTH) * n..(i - WIDTH + 1) * n];
            running.iter_mut().zip(row).for_each(|(sum, &count)| *sum -= count);
        }
        smeared[..n].copy_from_slice(&running);
        smeared[n..].fill(T::default());
        let mut width = 1;
        while width < WIDTH {
            // From the end on, so that what is added has not been added to yet.
            for at in (width..smeared.len()).rev() {
                let earlier = smeared[at - width];
                smeared[at] += earlier;
            }
            width *= 2;
        }
        sum += 2.0 * sum_n_log2_n(&smeared[..i], small) + n_log2_n(smeared[i].into(), small);
    }
    sum
}

#[inline(always)]
fn sum_n_log2_n<T: Count>(counts: &[T], small: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (eights, rest) = counts.as_chunks::<8>();
    for eight in eights {
        for (sum, &count) in sums.iter_mut().zip(eight) {
            *sum += n_log2_n(count.into(), small);
        }
    }
    for (sum, &count) in sums.iter_mut().zip(rest) {
        *sum += n_log2_n(count.into(), small);
    }
    sums.iter().sum()
}

/// `n log2 n`, 0 for 0.
fn compute_n_log2_n(n: f64) -> f64 {
    if n == 0.0 { 0.0 } else { n * n.log2() }
}

/// The same for small n, by looking it up.
fn small_n_log2_n() -> &'static [f64] {
    const TABLE: usize = 4096;
    static SMALL: OnceLock<Vec<f64>> = OnceLock::new();
    SMALL.get_or_init(|| (0..TABLE).map(|n| compute_n_log2_n(n as f64)).collect())
}

#[inline(always)]
fn n_log2_n(n: u64, small: &[f64]) -> f64 {
    small.get(n as usize).copied().unwrap_or_else(|| compute_n_log2_n(n as f64))
}
