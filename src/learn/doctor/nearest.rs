//! Whether rows that look alike have the same label more often than by chance.

use ndarray::{Array2, ArrayView1, Axis};

use crate::random::Random;

/// How often the rows nearest to a row have its label, and how often that would be by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Agreement {
    /// Rows that have others to be compared with.
    pub n: usize,
    /// The share of labels, among those of the nearest [`NEAREST`] rows of each row, that are its own.
    pub found: f64,
    /// The mean of that share when labels are dealt out at random.
    pub by_chance: f64,
    /// Its standard deviation then.
    pub spread: f64,
}

/// One neighbour would depend too much on luck where there are few rows.
pub(super) const NEAREST: usize = 5;

/// Random deals that show what chance does.
const DEALS: usize = 200;

/// One row that can be compared. Rows of equal numbers tell nothing, and are not compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Example<'a> {
    pub label: usize,
    /// Rows of equal content are copies, which are no evidence of anything.
    pub content: &'a [u8],
}

impl Agreement {
    /// Compares at most `most` rows of x (N, columns), evenly chosen, by the sum of squared differences.
    pub fn of(x: &Array2<f64>, examples: &[Example<'_>], most: usize) -> Self {
        let n = examples.len().min(most);
        let rows: Vec<usize> = (0..n).map(|k| k * examples.len() / n).collect();
        let x = x.select(Axis(0), &rows);
        let examples: Vec<Example<'_>> = rows.iter().map(|&row| examples[row]).collect();
        let neighbours: Vec<Vec<usize>> = (0..n).map(|row| nearest(&x, &examples, row)).collect();
        let n = neighbours.iter().filter(|others| !others.is_empty()).count();
        let mut labels: Vec<usize> = examples.iter().map(|example| example.label).collect();
        let found = agreement(&neighbours, &labels);
        let mut random = Random::new(0, 0);
        let deals: Vec<f64> = (0..DEALS)
            .map(|_| {
                random.shuffle(&mut labels);
                agreement(&neighbours, &labels)
            })
            .collect();
        let by_chance = deals.iter().sum::<f64>() / DEALS as f64;
        let squares: f64 = deals.iter().map(|share| (share - by_chance).powi(2)).sum();
        Self { n, found, by_chance, spread: (squares / DEALS as f64).sqrt() }
    }

    /// What chance alone exceeds once in about 160 times; `None` where so few rows could not tell.
    pub fn limit(&self) -> Option<f64> {
        let limit = self.by_chance + 2.5 * self.spread;
        (4 * NEAREST <= self.n && limit < 0.6).then_some(limit)
    }
}

fn nearest(x: &Array2<f64>, examples: &[Example<'_>], row: usize) -> Vec<usize> {
    let is_other = |other: &usize| examples[*other].content != examples[row].content;
    let mut others: Vec<(f64, usize)> = (0..examples.len())
        .filter(is_other)
        .map(|other| (squared_distance(x.row(row), x.row(other)), other))
        .filter(|(distance, _)| 0.0 < *distance)
        .collect();
    // Equal distances fall to the earlier row.
    others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    others.into_iter().take(NEAREST).map(|(_, other)| other).collect()
}

fn agreement(neighbours: &[Vec<usize>], labels: &[usize]) -> f64 {
    let pairs =
        || neighbours.iter().zip(labels).flat_map(|(n, label)| n.iter().map(move |o| (o, label)));
    let n_alike = pairs().filter(|&(&other, &label)| labels[other] == label).count();
    n_alike as f64 / pairs().count().max(1) as f64
}

fn squared_distance(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
