//! The statistics of a symmetric matrix, sooner than by [`Statistics::of`].
//!
//! The idea: each cell is read once, together with its mirror image. The histograms of levels, of sums and of
//! differences are sums of rows, many entries at a time. Moments are sums of whole numbers, divided once, so they have
//! no rounding error before the division; the product of both levels follows from the histograms, since
//! `2 i j = i^2 + j^2 - (i - j)^2`. Statistics of the difference alone come from the histogram of differences, which has
//! G entries instead of G^2.
//!
//! Why it is right: both margins of a symmetric matrix are equal, so both entropies of independence are twice the
//! entropy of a margin, since `-sum p(i,j) log (p(i) p(j))` is one such sum for each factor. The sums have another
//! order than the definition's, so results agree within 1e-12 and not bit by bit.

use super::features::Wanted;
use super::statistics::{entropy, mean_of, spread};
use super::{Counts, Statistics};
use crate::texture::n_log2_n::NLog2N;

/// What the statistics are made of.
struct Sums {
    by_difference: Vec<u64>,
    /// Left empty where only the statistics of `fast` are wanted.
    by_sum: Vec<u64>,
    by_level: Vec<u64>,
    square_sum: f64,
    entropy_sum: f64,
    largest: u64,
}

/// The work of summing as a value: compiled as a whole for each instruction set.
struct Sum<'a> {
    counts: &'a Counts,
    wanted: Wanted,
}

impl pulp::NullaryFnOnce for Sum<'_> {
    type Output = Sums;

    #[inline(always)]
    fn call(self) -> Sums {
        let Self { counts, wanted } = self;
        let (n, cells) = (counts.n_levels(), counts.cells());
        let mut by_difference = vec![0u64; n];
        let mut by_sum = vec![0u64; if wanted.beyond_fast { 2 * n - 1 } else { 0 }];
        let mut by_level = vec![0u64; n];
        let (mut square_sum, mut entropy_sum) = (0.0, 0.0);
        let mut largest = 0;
        let table = NLog2N::new();
        // Of a row from the diagonal on: the cells, and those of them that are not on the diagonal doubled.
        let (mut row, mut twice) = (vec![0u64; n], vec![0u64; n]);
        for i in 0..n {
            let (row, twice) = (&mut row[i..], &mut twice[i..]);
            let column = cells[i * n + i..].iter().step_by(n);
            for ((count, &here), &mirrored) in row.iter_mut().zip(&cells[i * n + i..]).zip(column) {
                *count = here + mirrored;
            }
            for (twice, &count) in twice.iter_mut().zip(&*row) {
                *twice = 2 * count;
            }
            twice[0] = row[0];
            add_to(&mut by_difference, twice);
            if wanted.beyond_fast {
                add_to(&mut by_sum[2 * i..], twice);
            }
            add_to(&mut by_level[i..], row);
            by_level[i] += row[1..].iter().sum::<u64>();
            let mut factor = 1.0;
            for (&count, &twice) in row.iter().zip(&*twice) {
                largest = largest.max(count);
                // Below 2^52, as whole numbers with a sign, which processors convert sooner.
                square_sum += twice as i64 as f64 * (count as i64 as f64);
                entropy_sum += factor * table.of(count);
                factor = 2.0;
            }
        }
        Sums { by_difference, by_sum, by_level, square_sum, entropy_sum, largest }
    }
}

impl Statistics {
    /// The statistics of `counts + transpose`.
    ///
    /// Agrees with [`Statistics::of`] within 1e-12 relative to the largest value that a statistic can take.
    pub fn of_symmetric(counts: &Counts) -> Self {
        Self::of_symmetric_wanted(counts, Wanted::ALL)
    }

    /// The same, where statistics that are not wanted may be left 0.
    pub(super) fn of_symmetric_wanted(counts: &Counts, wanted: Wanted) -> Self {
        let n = counts.n_levels();
        let total = 2 * counts.cells().iter().sum::<u64>();
        if total == 0 {
            return Self::empty();
        }
        let Sums { by_difference, by_sum, by_level, square_sum, entropy_sum, largest } =
            crate::vectors::arch().dispatch(Sum { counts, wanted });
        let total_f = total as f64;
        let mut s = Self::default();
        let d = &by_difference[..];
        s.contrast = mean_over(d, total_f, |d, c| d * d * c);
        s.dissimilarity = mean_over(d, total_f, |d, c| d * c);
        s.homogeneity = mean_over(d, total_f, |d, c| c / (1.0 + d * d));
        s.asm = square_sum / total_f / total_f;
        s.energy = s.asm.sqrt();
        s.joint_maximum = largest as f64 / total_f;
        // One cell that holds everything has exactly no entropy, which rounding would not leave.
        s.entropy =
            if largest == total { 0.0 } else { (total_f.log2() - entropy_sum / total_f).max(0.0) };

        let total = u128::from(total);
        let (sum, squares) = moments(&by_level);
        let product_sum = (2 * squares - moments(&by_difference).1) / 2;
        // N^2 times variance and covariance, exactly.
        let variance = (total * squares) as i128 - (sum * sum) as i128;
        let covariance = (total * product_sum) as i128 - (sum * sum) as i128;
        s.mean = sum as f64 / total_f;
        s.joint_average = s.mean + 1.0;
        s.variance = variance as f64 / total_f / total_f;
        s.std = s.variance.sqrt();
        s.correlation = if variance == 0 { 1.0 } else { covariance as f64 / variance as f64 };
        // The sum of (i + 1) (j + 1) over the total.
        s.autocorrelation = (product_sum + 2 * sum + total) as f64 / total_f;

        if !wanted.beyond_fast {
            return s;
        }
        let ng = n as f64;
        s.inverse_difference = mean_over(d, total_f, |d, c| c / (1.0 + d));
        s.inverse_difference_normalised = mean_over(d, total_f, |d, c| c / (1.0 + d / ng));
        s.inverse_difference_moment_normalised =
            mean_over(d, total_f, |d, c| c / (1.0 + d * d / (ng * ng)));
        s.inverse_variance = mean_over(d, total_f, |d, c| if d == 0.0 { 0.0 } else { c / (d * d) });
        let shares = |counts: &[u64]| counts.iter().map(|&c| c as f64 / total_f).collect();
        let (p_difference, p_sum, p_level): (Vec<f64>, Vec<f64>, Vec<f64>) =
            (shares(&by_difference), shares(&by_sum), shares(&by_level));
        s.difference_variance = spread(&p_difference, s.dissimilarity);
        s.difference_entropy = entropy(&p_difference);
        let sum_mean = mean_of(&p_sum);
        s.sum_average = sum_mean + 2.0;
        s.sum_entropy = entropy(&p_sum);
        for (k, p) in p_sum.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            let cluster = k as f64 - sum_mean;
            let square = cluster * cluster;
            s.cluster_tendency += square * p;
            s.cluster_shade += square * cluster * p;
            s.cluster_prominence += square * square * p;
        }
        let margin = entropy(&p_level);
        s.set_information(s.entropy - 2.0 * margin, margin, 2.0 * margin - s.entropy);
        s
    }
}

/// The sums of a histogram's indices and of their squares.
fn moments(histogram: &[u64]) -> (u128, u128) {
    (0u128..).zip(histogram).fold((0, 0), |(sum, squares), (i, &count)| {
        let first = i * u128::from(count);
        (sum + first, squares + i * first)
    })
}

/// Adds a row to the beginning of another.
#[inline(always)]
fn add_to(sums: &mut [u64], row: &[u64]) {
    for (sum, &count) in sums.iter_mut().zip(row) {
        *sum += count;
    }
}

/// The mean over pairs of a term of their difference and of how many pairs have it. Divided once, so that sums of
/// whole numbers are exact until then.
fn mean_over(by_difference: &[u64], total: f64, term: impl Fn(f64, f64) -> f64) -> f64 {
    let occupied = by_difference.iter().enumerate().filter(|&(_, &count)| count != 0);
    occupied.fold(0.0, |sum, (d, &count)| sum + term(d as f64, count as f64)) / total
}
