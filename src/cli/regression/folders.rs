//! `classify --sort-into` with a model of numbers: into the folders whose names it learned.

use std::path::Path;

use crate::cli::predicted::Verdict;
use crate::error::{Error, Problem, Result};
use crate::io::FOLDER;
use crate::learn::evaluation::is_rejected;
use crate::model::regression::{Reading, Regressor};

/// The folders that pictures were learned from, by their numbers.
pub struct Folders {
    pub names: Vec<String>,
    /// Ascending, one a name.
    numbers: Vec<f64>,
}

impl Folders {
    /// Of a model whose number is the name of a folder: only there is it said what a folder is to stand for.
    ///
    /// # Errors
    /// [`Error::Setting`] for a measured number; [`Error::Model`] where an older textura wrote the model, which then does not
    /// know the folders.
    pub fn of(regressor: &Regressor, path: &Path) -> Result<Self> {
        let names = regressor.names();
        if names != [FOLDER] {
            let expected = "a model of classes, or one of the numbers that folders are called by";
            let found = format!("one of measured numbers ({})", names.join(", "));
            let advice = "leave out --sort-into and sort the table by its column; to sort into degrees, train classes \
                          on folders of them, or numbers with --target folder";
            return Err(Error::setting("sort-into", Problem::new(expected, found, advice)));
        }
        let numbers = regressor.different_values(0);
        if numbers.is_empty() {
            let expected = "a model that knows the folders it learned from";
            let problem = Problem::new(expected, "an older one", "train again");
            return Err(Error::model(path, problem));
        }
        Ok(Self { names: numbers.iter().map(f64::to_string).collect(), numbers })
    }

    /// The folder whose number is nearest to that of a picture, of two the lower one.
    pub fn verdict(&self, outcome: &Result<Reading>, reject_below: f64) -> Verdict {
        match outcome {
            Err(error) => Verdict::Error(error.reason()),
            Ok(reading) if is_rejected(reading.familiarity, reject_below) => Verdict::Rejected,
            Ok(reading) => {
                let value = reading.estimates.first().map_or(f64::NAN, |estimate| estimate.value);
                Verdict::Class(nearest(&self.numbers, value))
            }
        }
    }
}

/// The place of the number nearest to a value, of two the lower one.
fn nearest(numbers: &[f64], value: f64) -> usize {
    let above = numbers.partition_point(|&number| number < value);
    match (above.checked_sub(1), numbers.get(above)) {
        (Some(below), Some(next)) if value - numbers[below] <= next - value => below,
        (Some(below), None) => below,
        _ => above,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_to_the_nearest_number() {
        let numbers = [-1.0, 0.5, 2.0];
        let cases = [(-9.0, 0), (-1.0, 0), (-0.25, 0), (-0.2, 1), (0.5, 1), (1.3, 2), (1e9, 2)];
        for (value, place) in cases {
            assert_eq!(nearest(&numbers, value), place, "{value}");
        }
        assert_eq!(nearest(&[3.0], -1.0), 0);
    }
}
