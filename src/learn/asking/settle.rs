//! How much of what is doubtful a label would settle.

use ndarray::Array2;

use super::graph::Graph;
use super::learned::Label;
use crate::random::Random;

/// Pictures that are weighed against each other: as many as this by all pictures, within limits.
const COMPARISONS: usize = 640_000;
const MIN_CANDIDATES: usize = 32;
const MAX_CANDIDATES: usize = 256;

/// Chances are compared, not shown: residuals of a hundredth do not change the choice.
const TOLERANCE: f64 = 1e-2;

/// Steps by which doubt is spread to find where much of it lies.
const SPREADS: usize = 4;

/// Times that new candidates are sought; what is asked for beyond is taken by its doubt alone.
const MAX_ROUNDS: usize = 4;

/// Doubts that get less with each picture chosen.
pub(super) struct Settling<'a> {
    graph: Option<&'a Graph>,
    are_fixed: Vec<bool>,
    doubts: Vec<f64>,
    candidates: Vec<usize>,
    /// (rows, candidates): the chance that a walk from a row meets the candidate, before it ends or meets a label.
    meetings: Array2<f64>,
    n_rounds: usize,
}

/// For doubts from 0 to 1, one a picture, 0 for those not to be asked about.
pub(super) fn settling<'a>(
    graph: Option<&'a Graph>,
    labels: &[Label],
    doubts: Vec<f64>,
    random: &mut Random,
) -> Settling<'a> {
    let mut are_fixed = vec![false; doubts.len()];
    for label in labels {
        if let Some(is_fixed) = are_fixed.get_mut(label.row) {
            *is_fixed = true;
        }
    }
    let meetings = Array2::zeros((0, 0));
    let mut settling =
        Settling { graph, are_fixed, doubts, candidates: Vec::new(), meetings, n_rounds: 0 };
    settling.seek(random);
    settling
}

impl Settling<'_> {
    /// The picture left whose label settles most: its doubt times the sum of the doubts of all pictures, each by the chance that
    /// a walk from it meets the picture. With it the share of all pictures that meet it. `None` where none is left.
    pub fn next(&mut self, is_left: &[bool], random: &mut Random) -> Option<(usize, f64)> {
        let mut best = self.best(is_left);
        if best.is_none() && self.graph.is_some() && self.n_rounds < MAX_ROUNDS {
            self.seek(random);
            best = self.best(is_left);
        }
        let Some(column) = best else {
            let left = (0..is_left.len()).filter(|&row| is_left[row]);
            let by_doubt =
                |a: &usize, b: &usize| self.doubts[*a].total_cmp(&self.doubts[*b]).then(b.cmp(a));
            let row = left.max_by(by_doubt)?;
            self.doubts[row] = 0.0;
            return Some((row, 1.0 / is_left.len() as f64));
        };
        let row = self.candidates[column];
        let met = self.meetings.column(column);
        let share = met.sum() / met.len() as f64;
        self.doubts.iter_mut().zip(met).for_each(|(doubt, met)| *doubt *= 1.0 - met);
        self.doubts[row] = 0.0;
        Some((row, share))
    }

    /// Another picture is asked about, too.
    pub fn take(&mut self, row: usize) {
        match self.candidates.iter().position(|&candidate| candidate == row) {
            Some(column) => {
                let met = self.meetings.column(column);
                self.doubts.iter_mut().zip(met).for_each(|(doubt, met)| *doubt *= 1.0 - met);
            }
            None => self.doubts[row] = 0.0,
        }
    }

    fn best(&self, is_left: &[bool]) -> Option<usize> {
        let mut gains = vec![0.0; self.candidates.len()];
        for (row, doubt) in self.meetings.rows().into_iter().zip(&self.doubts) {
            if 0.0 < *doubt {
                gains.iter_mut().zip(row).for_each(|(gain, met)| *gain += met * doubt);
            }
        }
        let mut best: Option<(f64, usize)> = None;
        for (column, &row) in self.candidates.iter().enumerate() {
            let gain = gains[column] * self.doubts[row];
            if is_left[row] && 0.0 < gain && best.is_none_or(|best| best.0 < gain) {
                best = Some((gain, column));
            }
        }
        best.map(|best| best.1)
    }

    /// Chooses candidates: half of them where doubt is densest among pictures that look alike, the others at random.
    fn seek(&mut self, random: &mut Random) {
        let Some(graph) = self.graph else { return };
        self.n_rounds += 1;
        let n = self.doubts.len();
        let m = (COMPARISONS / n.max(1)).clamp(MIN_CANDIDATES, MAX_CANDIDATES);
        let open: Vec<usize> = (0..n).filter(|&row| 0.0 < self.doubts[row]).collect();
        if open.len() <= m {
            self.candidates = open;
        } else {
            let dense = self.densities(graph);
            let is_peak = |row: usize| {
                graph.around(row).all(|(other, _)| {
                    dense[other] < dense[row] || dense[other] == dense[row] && row < other
                })
            };
            let mut peaks: Vec<usize> = open.iter().copied().filter(|&row| is_peak(row)).collect();
            peaks.sort_by(|&a, &b| dense[b].total_cmp(&dense[a]).then(a.cmp(&b)));
            peaks.truncate(m / 2);
            let mut is_chosen = vec![false; n];
            peaks.iter().for_each(|&row| is_chosen[row] = true);
            let mut others: Vec<usize> = open.into_iter().filter(|&row| !is_chosen[row]).collect();
            random.shuffle(&mut others);
            others.truncate(m - peaks.len());
            self.candidates = peaks;
            self.candidates.extend(others);
        }
        self.meetings = graph.meetings(&self.are_fixed, &self.candidates, TOLERANCE);
    }

    /// A picture's doubt times that around it.
    fn densities(&self, graph: &Graph) -> Vec<f64> {
        let n = self.doubts.len();
        let mut spread = self.doubts.clone();
        for _ in 0..SPREADS {
            let around = |row: usize| -> f64 {
                graph.around(row).map(|(other, share)| share * spread[other]).sum()
            };
            spread = (0..n).map(|row| 0.5 * (spread[row] + around(row))).collect();
        }
        spread.iter().zip(&self.doubts).map(|(spread, own)| spread * own).collect()
    }
}
