//! How much a picture looks like the ones the model has learned a class from.

use ndarray::{Array2, ArrayView1, Axis};
use serde::{Deserialize, Serialize};

use crate::error::{Result, same_size};

/// A yardstick of strangeness with the values that the training pictures themselves had.
///
/// Strangeness of a picture for a class is the mean over all features of
/// `((x - centre) / spread)^2`: `centre` is the class's mean, `spread` the standard deviation within
/// classes, pooled over them.
///
/// Familiarity is a conformal p-value (Vovk 2005): with the strangeness `s_1 ... s_n` of the class's n
/// training pictures, each measured while it was left out of its class's mean,
///
/// `familiarity = (1 + how many s_i >= s) / (n + 1)`,
///
/// so that of new pictures of the class at most a share f has a familiarity of f or less. A picture
/// stranger than every one of them would have `1 / (n + 1)` however strange it is; from there on the
/// value falls on as an exponential tail, whose scale is the mean excess of the s_i over their median.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Familiarity {
    /// One row a class.
    centres: Vec<Vec<f64>>,
    spread: Vec<f64>,
    /// For each class, the strangeness of its training pictures, ascending. A class with one picture
    /// takes those of all classes.
    known: Vec<Vec<f64>>,
}

/// Within a class a scaled column may hardly vary; no spread is taken as smaller than this share of the
/// whole training set's, which is 1.
const LEAST_SPREAD: f64 = 0.05;

impl Familiarity {
    /// Measures scaled training rows (N, columns) with their labels.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where there is not one label a row.
    pub fn fit(rows: &Array2<f64>, labels: &[usize], n_classes: usize) -> Result<Self> {
        same_size("labels for the rows", rows.nrows(), labels.len())?;
        let n_columns = rows.ncols();
        let mut counts = vec![0usize; n_classes];
        let mut centres = vec![vec![0.0; n_columns]; n_classes];
        for (row, &label) in rows.axis_iter(Axis(0)).zip(labels) {
            counts[label] += 1;
            centres[label].iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        for (centre, &count) in centres.iter_mut().zip(&counts) {
            centre.iter_mut().for_each(|sum| *sum /= count.max(1) as f64);
        }
        let mut spread = vec![0.0; n_columns];
        for (row, &label) in rows.axis_iter(Axis(0)).zip(labels) {
            for ((sum, x), centre) in spread.iter_mut().zip(row).zip(&centres[label]) {
                *sum += (x - centre).powi(2);
            }
        }
        let freedom = labels.len().saturating_sub(n_classes).max(1) as f64;
        spread.iter_mut().for_each(|sum| *sum = (*sum / freedom).sqrt().max(LEAST_SPREAD));

        let mut fitted = Self { centres, spread, known: vec![Vec::new(); n_classes] };
        for (row, &label) in rows.axis_iter(Axis(0)).zip(labels) {
            // Leaving x out moves its class's mean so that x lies n / (n - 1) times as far from it.
            if 1 < counts[label] {
                let n = counts[label] as f64;
                let strangeness = fitted.strangeness(row, label) * (n / (n - 1.0)).powi(2);
                fitted.known[label].push(strangeness);
            }
        }
        let everyone: Vec<f64> = fitted.known.concat();
        for known in &mut fitted.known {
            if known.is_empty() {
                known.clone_from(&everyone);
            }
            known.sort_by(f64::total_cmp);
        }
        Ok(fitted)
    }

    /// The familiarity of a scaled row as a member of a class; 1 where nothing is known.
    ///
    /// Range: 0 to 1.
    pub fn of(&self, row: ArrayView1<'_, f64>, class: usize) -> f64 {
        let known = &self.known[class];
        let Some(&strangest) = known.last() else { return 1.0 };
        let strangeness = self.strangeness(row, class);
        let stranger = known.len() - known.partition_point(|&s| s < strangeness);
        let p = (1 + stranger) as f64 / (known.len() + 1) as f64;
        if strangeness <= strangest {
            return p;
        }
        let median = known[known.len() / 2];
        let upper = &known[known.len() / 2..];
        let scale = upper.iter().map(|s| s - median).sum::<f64>() / upper.len() as f64;
        if scale <= 0.0 { 0.0 } else { p * (-(strangeness - strangest) / scale).exp() }
    }

    fn strangeness(&self, row: ArrayView1<'_, f64>, class: usize) -> f64 {
        let parts = row.iter().zip(&self.centres[class]).zip(&self.spread);
        let sum: f64 = parts.map(|((x, centre), spread)| ((x - centre) / spread).powi(2)).sum();
        sum / self.spread.len().max(1) as f64
    }

    /// Whether every number can have come from [`Familiarity::fit`] for these sizes.
    pub(crate) fn is_sound(&self, n_columns: usize, n_classes: usize) -> bool {
        self.centres.len() == n_classes
            && self.known.len() == n_classes
            && self.spread.len() == n_columns
            && self.centres.iter().all(|c| c.len() == n_columns && c.iter().all(|x| x.is_finite()))
            && self.spread.iter().all(|s| s.is_finite() && LEAST_SPREAD <= *s)
            && self.known.iter().all(|k| k.is_sorted() && k.iter().all(|s| s.is_finite()))
    }
}
