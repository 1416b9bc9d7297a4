//! All placements at once: the average of their entropies equals the entropy of the pairs after both
//! values are smeared evenly over 16 steps, less the 8 bits that the smearing itself brings. So one
//! joint histogram is counted and smeared along both axes, and one entropy is taken.
//!
//! The histogram covers only the values that occur. Rows are smeared one at a time, downwards by a
//! running sum and along the row by doubling (sums of 2, 4, 8, 16 neighbours, from one row into another:
//! within one row they took three times as long), both of which are plain additions of rows, so no smeared
//! matrix is ever stored. `n log2 n` of small counts comes from a table, since most cells are small; eight
//! sums run side by side, since each addition waits for the last in its own sum. Counts of 16 bits are
//! faster than those of 32, which are twice as fast as wider ones; no cell can hold more than twice the number of
//! pairs, which decides whether they do. Of a picture with fewer pairs than cells, both orders of each pair are
//! counted; of a larger one, the counted matrix is added to its mirror image.

use std::marker::PhantomData;
use std::ops::{AddAssign, SubAssign};

use super::WIDTH;
use crate::image::Levels;
use crate::texture::n_log2_n::NLog2N;

/// In bits; `None` where no two pixels inside are neighbours.
pub(super) fn mean_entropy(levels: &Levels) -> Option<f64> {
    // Each pixel begins at most two pairs, and each pair counts twice.
    match 4 * levels.values.len() as u64 {
        0..=0xffff => crate::vectors::arch().dispatch(Entropy(levels, PhantomData::<u16>)),
        0x1_0000..=0xffff_ffff => {
            crate::vectors::arch().dispatch(Entropy(levels, PhantomData::<u32>))
        }
        // So large a picture that compiling this for every kind of vectors does not pay.
        _ => entropy::<u64>(levels),
    }
}

/// The work as a value, with numbers to count in: compiled as a whole for each instruction set.
struct Entropy<'a, T>(&'a Levels, PhantomData<T>);

impl<T: Count> pulp::NullaryFnOnce for Entropy<'_, T> {
    type Output = Option<f64>;

    #[inline(always)]
    fn call(self) -> Option<f64> {
        entropy::<T>(self.0)
    }
}

/// Pairs whose places are computed together.
const STRIP: usize = 256;

/// A whole number to count in.
trait Count: Copy + Default + Ord + AddAssign + SubAssign + From<bool> + Into<u64> {}
impl<T: Copy + Default + Ord + AddAssign + SubAssign + From<bool> + Into<u64>> Count for T {}

#[inline(always)]
fn entropy<T: Count>(levels: &Levels) -> Option<f64> {
    let (low, high) = range(levels)?;
    let n = usize::from(high - low) + 1;
    let outside = levels.n_levels as u16;

    let mut counts = vec![T::default(); n * n];
    let counts_both_orders = 2 * levels.values.len() < n * n;
    let mut n_pairs = 0;
    for y in 0..levels.height {
        let row = levels.row(y);
        let right = (&row[..levels.width - 1], &row[1..]);
        let down = (y + 1 < levels.height).then(|| (row, levels.row(y + 1)));
        for (first, second) in [Some(right), down].into_iter().flatten() {
            if !levels.is_masked {
                n_pairs += first.len() as u64;
                for (first, second) in first.chunks(STRIP).zip(second.chunks(STRIP)) {
                    add(first, second, low, n, &mut counts);
                    if counts_both_orders {
                        add(second, first, low, n, &mut counts);
                    }
                }
                continue;
            }
            let pairs = first.iter().zip(second);
            for (&a, &b) in pairs.filter(|&(a, b)| *a != outside && *b != outside) {
                n_pairs += 1;
                let (a, b) = (usize::from(a - low), usize::from(b - low));
                counts[a * n + b] += T::from(true);
                if counts_both_orders {
                    counts[b * n + a] += T::from(true);
                }
            }
        }
    }
    if n_pairs == 0 {
        return None;
    }
    // A flat picture has an entropy of exactly 0; the sum below would leave a rounding error.
    if n == 1 {
        return Some(0.0);
    }
    if !counts_both_orders {
        add_mirror_image(&mut counts, n);
    }
    let sum = sum_of_smeared(&counts, n);
    let total = (2 * n_pairs) as f64 * (WIDTH * WIDTH) as f64;
    let bits = total.log2() - sum / total;
    Some((bits - 2.0 * (WIDTH as f64).log2()).max(0.0))
}

/// The lowest and the highest level inside; nothing where all is outside.
#[inline(always)]
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
#[inline(always)]
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
#[inline(always)]
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

/// The sum of `c log2 c` over the cells of a symmetric matrix smeared along both axes, which again is
/// symmetric, so that only cells up to the diagonal are read.
#[inline(always)]
fn sum_of_smeared<T: Count>(counts: &[T], n: usize) -> f64 {
    // Behind the last column there is nothing.
    let mut running = vec![T::default(); n + WIDTH - 1];
    let mut smeared = [vec![T::default(); n + WIDTH - 1], vec![T::default(); n + WIDTH - 1]];
    let table = NLog2N::new();
    let mut sum = 0.0;
    for i in 0..n + WIDTH - 1 {
        // A row reaches as many rows down, and so no column further right.
        let reached = |row: usize| n.min(row + WIDTH);
        if i < n {
            let row = &counts[i * n..][..reached(i)];
            running.iter_mut().zip(row).for_each(|(sum, &count)| *sum += count);
        }
        if WIDTH <= i {
            let row = &counts[(i - WIDTH) * n..][..reached(i - WIDTH)];
            running.iter_mut().zip(row).for_each(|(sum, &count)| *sum -= count);
        }
        let [from, to] = &mut smeared;
        add_earlier(&running[..=i], 1, from);
        let mut width = 2;
        while width < WIDTH {
            add_earlier(&from[..=i], width, to);
            std::mem::swap(from, to);
            width *= 2;
        }
        sum += 2.0 * sum_n_log2_n(&from[..i], table) + table.of(from[i].into());
    }
    sum
}

/// Each value more the one so many places before it, from one row into another, since sums into the same row could not
/// run side by side.
#[inline(always)]
fn add_earlier<T: Count>(from: &[T], places: usize, to: &mut [T]) {
    let n_kept = places.min(from.len());
    to[..n_kept].copy_from_slice(&from[..n_kept]);
    let pairs = from[n_kept..].iter().zip(from);
    for (to, (&here, &earlier)) in to[n_kept..from.len()].iter_mut().zip(pairs) {
        *to = here;
        *to += earlier;
    }
}

#[inline(always)]
fn sum_n_log2_n<T: Count>(counts: &[T], table: NLog2N) -> f64 {
    let mut sums = [0.0; 8];
    let (eights, rest) = counts.as_chunks::<8>();
    let largest = counts.iter().fold(T::default(), |largest, &count| largest.max(count));
    if NLog2N::is_small(largest.into()) {
        for eight in eights {
            for (sum, &count) in sums.iter_mut().zip(eight) {
                *sum += table.of_small(count.into());
            }
        }
    } else {
        for eight in eights {
            for (sum, &count) in sums.iter_mut().zip(eight) {
                *sum += table.of(count.into());
            }
        }
    }
    for (sum, &count) in sums.iter_mut().zip(rest) {
        *sum += table.of(count.into());
    }
    sums.iter().sum()
}
