//! Whether rows that look alike have the same label more often than by chance.

use ndarray::{Array2, ArrayView1, Axis};

/// How often the nearest other row has the same label, and how often that would be by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Agreement {
    /// Rows compared.
    pub n: usize,
    /// The share of them whose nearest other row has their label.
    pub found: f64,
    /// The share to be expected if labels had nothing to do with the rows.
    pub by_chance: f64,
}

impl Agreement {
    /// Compares at most `most` rows of x (N, columns), evenly chosen, by the sum of squared differences.
    pub fn of(x: &Array2<f64>, labels: &[usize], most: usize) -> Self {
        let n = labels.len().min(most);
        let rows: Vec<usize> = (0..n).map(|k| k * labels.len() / n).collect();
        let x = x.select(Axis(0), &rows);
        let labels: Vec<usize> = rows.iter().map(|&row| labels[row]).collect();
        let mut counts = vec![0usize; labels.iter().max().map_or(0, |most| most + 1)];
        labels.iter().for_each(|&label| counts[label] += 1);
        let agrees = |row: &usize| {
            let others = (0..n).filter(|other| other != row);
            let nearest = others.min_by(|&a, &b| {
                let distance = |other| squared_distance(x.row(*row), x.row(other));
                distance(a).total_cmp(&distance(b))
            });
            nearest.is_some_and(|nearest| labels[nearest] == labels[*row])
        };
        let pairs = (n * n.saturating_sub(1)).max(1) as f64;
        let alike: usize = counts.iter().map(|&count| count * count.saturating_sub(1)).sum();
        Self {
            n,
            found: (0..n).filter(agrees).count() as f64 / n.max(1) as f64,
            by_chance: alike as f64 / pairs,
        }
    }

    /// What chance alone exceeds once in about 160 times; `None` where so few rows could not tell.
    pub fn limit(&self) -> Option<f64> {
        let p = self.by_chance;
        let limit = p + 2.5 * (p * (1.0 - p) / self.n.max(1) as f64).sqrt();
        (limit < 0.6).then_some(limit)
    }
}

fn squared_distance(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
