//! What a network should predict.

use ndarray::Array2;

use crate::error::{Error, Problem, Result, same_size};
use crate::nn::buffer::take_rows;

/// The right answers for some rows.
#[derive(Debug, Clone, Copy)]
pub enum Targets<'a> {
    /// The index of one class a row.
    Labels(&'a [usize]),
    /// A share of every class a row, (N, classes): a one at one class ("one-hot"), or a distribution.
    Shares(&'a Array2<f64>),
    /// A number for every output a row, (N, targets).
    Values(&'a Array2<f64>),
}

/// A distribution may be off by this much, since its shares were rounded.
const ROUNDING: f64 = 1e-6;

impl Targets<'_> {
    /// Rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Shares(shares) | Self::Values(shares) => shares.nrows(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The share of one class in one row, or the value of one output.
    pub(super) fn share(&self, row: usize, class: usize) -> f64 {
        match self {
            Self::Labels(labels) => f64::from(labels[row] == class),
            Self::Shares(shares) | Self::Values(shares) => shares[[row, class]],
        }
    }

    /// How much each row counts, all together 1: the weights of its classes by their shares. All 0 where
    /// those are.
    pub(super) fn row_weights(&self, class_weights: &[f64]) -> impl Iterator<Item = f64> {
        shares_of_sum(self.len(), move |row| match self {
            Self::Labels(labels) => class_weights[labels[row]],
            Self::Shares(shares) | Self::Values(shares) => {
                let shares = shares.row(row);
                shares.iter().zip(class_weights).map(|(share, weight)| share * weight).sum()
            }
        })
    }

    /// Checks that there is one target a row of logits and that each is a label of one of the classes, or
    /// a distribution over them.
    ///
    /// # Errors
    /// [`Error::Size`] where the numbers of rows, or of columns and classes, differ; [`Error::Data`]
    /// naming the row that is none.
    pub fn check(&self, n_rows: usize, n_classes: usize) -> Result<()> {
        self.check_sizes(n_rows, n_classes)?;
        let Self::Shares(shares) = self else { return Ok(()) };
        for (at, row) in shares.rows().into_iter().enumerate() {
            let sum: f64 = row.iter().sum();
            if let Some(negative) = row.iter().find(|share| **share < 0.0 || share.is_nan()) {
                return no_distribution(at, format!("a share of {negative}"));
            }
            if ROUNDING < (sum - 1.0).abs() {
                return no_distribution(at, format!("shares that sum to {sum}"));
            }
        }
        Ok(())
    }

    /// As [`Targets::check`], but shares may each be anything from 0 to 1.
    pub(super) fn check_each(&self, n_rows: usize, n_classes: usize) -> Result<()> {
        self.check_sizes(n_rows, n_classes)?;
        let Self::Shares(shares) = self else { return Ok(()) };
        match shares.indexed_iter().find(|(_, share)| !(0.0..=1.0).contains(*share)) {
            None => Ok(()),
            Some(((row, _), share)) => no_distribution(row, format!("a share of {share}")),
        }
    }

    /// Checks that there is one finite number for each output of each row.
    pub(super) fn check_values(&self, n_rows: usize, n_outputs: usize) -> Result<()> {
        let Self::Values(values) = self else {
            let found = "labels or shares of classes";
            let advice = "give numbers, or a loss of classes";
            let problem = Problem::new("a number for each output", found, advice);
            return Err(Error::data("targets", problem));
        };
        same_size("targets for the rows of outputs", n_rows, values.nrows())?;
        same_size("numbers for the columns of outputs", n_outputs, values.ncols())?;
        match values.indexed_iter().find(|(_, value)| !value.is_finite()) {
            None => Ok(()),
            Some(((row, _), value)) => {
                let advice = "leave that row out";
                let problem = Problem::new("a finite number", value.to_string(), advice);
                Err(Error::data(format!("target of row {row}"), problem))
            }
        }
    }

    fn check_sizes(&self, n_rows: usize, n_classes: usize) -> Result<()> {
        match self {
            Self::Values(_) => {
                let advice = "give a loss of numbers, or labels";
                let problem = Problem::new("labels or shares of classes", "numbers", advice);
                Err(Error::data("targets", problem))
            }
            Self::Labels(labels) => {
                same_size("labels for the rows of logits", n_rows, labels.len())?;
                check_labels(labels, n_classes)
            }
            Self::Shares(shares) => {
                same_size("targets for the rows of logits", n_rows, shares.nrows())?;
                same_size("shares for the columns of logits", n_classes, shares.ncols())
            }
        }
    }
}

/// Divides the weights of so many rows by their sum; zeros stay zeros.
pub(super) fn shares_of_sum(
    n_rows: usize,
    weight: impl Fn(usize) -> f64,
) -> impl Iterator<Item = f64> {
    let sum: f64 = (0..n_rows).map(&weight).sum();
    let divisor = if sum == 0.0 { 1.0 } else { sum };
    (0..n_rows).map(move |row| weight(row) / divisor)
}

/// Room for the targets of a batch.
#[derive(Debug, Default)]
pub(crate) struct BatchTargets {
    labels: Vec<usize>,
    shares: Array2<f64>,
}

impl BatchTargets {
    /// Those of some rows.
    pub(crate) fn take<'a>(&'a mut self, targets: Targets<'_>, rows: &[usize]) -> Targets<'a> {
        match targets {
            Targets::Labels(labels) => {
                self.labels.clear();
                self.labels.extend(rows.iter().map(|&row| labels[row]));
                Targets::Labels(&self.labels)
            }
            Targets::Shares(shares) => {
                take_rows(shares, rows, &mut self.shares);
                Targets::Shares(&self.shares)
            }
            Targets::Values(values) => {
                take_rows(values, rows, &mut self.shares);
                Targets::Values(&self.shares)
            }
        }
    }
}

fn no_distribution(row: usize, found: String) -> Result<()> {
    let expected = "shares of the classes, each from 0 to 1, that sum to 1";
    let advice = "divide each row by its sum, or give labels";
    Err(Error::data(format!("target of row {row}"), Problem::new(expected, found, advice)))
}

/// Checks that every label is below the number of classes.
fn check_labels(labels: &[usize], n_classes: usize) -> Result<()> {
    match labels.iter().position(|&label| n_classes <= label) {
        None => Ok(()),
        Some(row) => {
            let expected = format!("a number below {n_classes}, the number of classes");
            let advice = "count classes from 0, or give the network more outputs";
            let problem = Problem::new(expected, labels[row].to_string(), advice);
            Err(Error::data(format!("label of row {row}"), problem))
        }
    }
}
