//! A model of numbers that learned more beside the one it was.

use ndarray::{Array2, Axis};

use crate::learn::evaluation::{PairedLoss, paired_loss};
use crate::learn::regression::Answer;

/// The mean absolute errors of one number by both models, on the same pictures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared {
    /// The number's name.
    pub name: String,
    /// Whether both models learned from these pictures, and say of each what its number is without its unit. Of the others
    /// the old model learned none.
    pub are_remembered: bool,
    /// How many there are.
    pub pictures: usize,
    /// Their errors and the chance of so much larger ones.
    pub errors: PairedLoss,
    /// A difference of errors that is the same to any user.
    same: f64,
}

/// In standard deviations of a number: a difference of errors that matters to nobody.
const SAME: f64 = 0.01;

impl Compared {
    /// Whether the new model is worse by enough to matter, 10 % of the old error and a hundredth of the standard deviation of the
    /// numbers, and beyond chance, where it is one of so many comparisons.
    pub fn is_worse(&self, comparisons: usize) -> bool {
        self.errors.is_worse_beyond(self.same, comparisons)
    }
}

/// What both models say of some pictures.
#[derive(Default)]
pub(super) struct Both {
    rows: Vec<usize>,
    old: Vec<f64>,
    new: Vec<f64>,
}

impl Both {
    /// Adds a picture: its row, and the numbers that each model says.
    pub fn push(&mut self, row: usize, old: impl IntoIterator<Item = f64>, new: &Answer) {
        self.rows.push(row);
        self.old.extend(old);
        self.new.extend(new.estimates.iter().map(|estimate| estimate.value));
    }

    /// One comparison a number, by the right numbers (pictures, targets) and the units of all rows. Nothing where there are
    /// no pictures.
    pub fn compared(
        self,
        names: &[String],
        values: &Array2<f64>,
        units: &[usize],
        are_remembered: bool,
    ) -> Vec<Compared> {
        let n = names.len();
        let right = values.select(Axis(0), &self.rows);
        let units: Vec<usize> = self.rows.iter().map(|&row| units[row]).collect();
        let of = |(at, name): (usize, &String)| {
            let right = right.column(at);
            let errors = |said: &[f64]| -> Vec<f64> {
                let own = said.iter().skip(at).step_by(n);
                own.zip(right).map(|(said, right)| (said - right).abs()).collect()
            };
            Compared {
                name: name.clone(),
                are_remembered,
                pictures: self.rows.len(),
                errors: paired_loss(&errors(&self.old), &errors(&self.new), &units),
                same: SAME * right.std(0.0),
            }
        };
        if self.rows.is_empty() {
            return Vec::new();
        }
        names.iter().enumerate().map(of).collect()
    }
}

#[cfg(test)]
mod tests;
