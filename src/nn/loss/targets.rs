//! What a network should have said.

use ndarray::{Array2, Axis};

use crate::error::{Error, Problem, Result, same_size};

/// The right answers for some rows.
#[derive(Debug, Clone, Copy)]
pub enum Targets<'a> {
    /// The index of one class a row.
    Labels(&'a [usize]),
    /// A share of every class a row, (N, classes): a one at one class ("one-hot"), or a distribution.
    Shares(&'a Array2<f64>),
}

/// A distribution may be off by this much, since its shares were rounded.
const ROUNDING: f64 = 1e-6;

impl Targets<'_> {
    /// Rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Shares(shares) => shares.nrows(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands some of the rows to a function.
    pub(crate) fn with_rows<T>(
        &self,
        rows: &[usize],
        use_them: impl FnOnce(Targets<'_>) -> T,
    ) -> T {
        match self {
            Self::Labels(labels) => {
                let labels: Vec<usize> = rows.iter().map(|&row| labels[row]).collect();
                use_them(Targets::Labels(&labels))
            }
            Self::Shares(shares) => use_them(Targets::Shares(&shares.select(Axis(0), rows))),
        }
    }

    /// The share of one class in one row.
    pub(super) fn share(&self, row: usize, class: usize) -> f64 {
        match self {
            Self::Labels(labels) => f64::from(labels[row] == class),
            Self::Shares(shares) => shares[[row, class]],
        }
    }

    /// How much each row counts, all together 1: the weights of its classes by their shares. All 0 where
    /// those are.
    pub(super) fn row_weights(&self, class_weights: &[f64]) -> Vec<f64> {
        shares_of_sum(match self {
            Self::Labels(labels) => labels.iter().map(|&label| class_weights[label]).collect(),
            Self::Shares(shares) => {
                let weigh = |row: ndarray::ArrayView1<'_, f64>| {
                    row.iter().zip(class_weights).map(|(share, weight)| share * weight).sum()
                };
                shares.rows().into_iter().map(weigh).collect()
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

    fn check_sizes(&self, n_rows: usize, n_classes: usize) -> Result<()> {
        match self {
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

/// Divides weights by their sum; zeros stay zeros.
pub(super) fn shares_of_sum(mut weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    if sum != 0.0 {
        weights.iter_mut().for_each(|weight| *weight /= sum);
    }
    weights
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
        Some(row) => Err(Error::data(
            format!("label of row {row}"),
            Problem::new(
                format!("a number below {n_classes}, the number of classes"),
                labels[row].to_string(),
                "count classes from 0, or give the network more outputs",
            ),
        )),
    }
}
