//! Numbers of a file beside those of a trace.

use crate::nn::trace::Field;

use super::convention::{Convention, Divisor, LossForm};
use super::given::{Array, Given};
use super::names::{Kind, kind};

/// A number, or the size of a field, that is not as it should be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wrong {
    pub name: String,
    /// Which field of the trace it is in, in the order of the calculation.
    pub at: usize,
    /// Counted from 0; none where the whole field has another size.
    pub place: Option<(usize, usize)>,
    pub expected: f64,
    pub found: f64,
    /// Rows and columns, expected and found.
    pub sizes: [(usize, usize); 2],
}

/// A trace with what a comparison needs of it.
pub(super) struct Expected<'a> {
    pub fields: &'a [Field],
    pub rate: f64,
    pub n_rows: usize,
}

/// Programs with 32-bit numbers are off by some 1e-7 of the largest number of a field; mistakes are off by far more.
const RELATIVE: f64 = 1e-5;

/// The fewest decimals that numbers are taken to have been written with: a field of whole numbers is exact.
const DECIMALS: usize = 4;

impl Expected<'_> {
    /// The first number of a file that is not that of the trace in a convention, in the order of the calculation.
    pub fn first_wrong(&self, file: &Given, convention: &Convention) -> Option<Wrong> {
        self.fields.iter().enumerate().find_map(|(at, field)| {
            let found = file.get(&field.name)?;
            self.compare(at, field, found, convention)
        })
    }

    fn compare(
        &self,
        at: usize,
        field: &Field,
        found: &Array,
        convention: &Convention,
    ) -> Option<Wrong> {
        let name = field.name.as_str();
        let mut expected = if name == "loss" {
            vec![self.loss(convention.loss)]
        } else {
            let factor = convention.factor(name, self.n_rows as f64, self.rate);
            field.values.iter().map(|value| factor * value).collect()
        };
        let mut size = Array { shape: field.shape.clone(), values: field.values.clone() }.dim();
        // A list of class numbers stands for targets that are the same in every column.
        if name == "targets" && found.values.len() == size.0 && 1 < size.1 {
            let rows = expected.chunks(size.1);
            if rows.clone().all(|row| row.iter().all(|y| *y == row[0])) {
                expected = rows.map(|row| row[0]).collect();
                size = (size.0, 1);
            }
        }
        // Who writes down the first examples alone has them compared.
        let (rows, columns) = found.dim();
        if kind(name) == Kind::Batch && columns == size.1 && (1..size.0).contains(&rows) {
            expected.truncate(rows * columns);
            size = (rows, columns);
        }
        let wrong = |place, expected, found_value| {
            let sizes = [size, found.dim()];
            Some(Wrong { name: name.to_owned(), at, place, expected, found: found_value, sizes })
        };
        let is_row = |(rows, columns): (usize, usize)| rows == 1 || columns == 1;
        let is_same_size =
            size == found.dim() || is_row(size) && is_row(found.dim()) || field.shape.len() == 3;
        if !is_same_size || expected.len() != found.values.len() {
            return wrong(None, f64::NAN, f64::NAN);
        }
        let largest = expected.iter().fold(0.0f64, |most, value| most.max(value.abs()));
        let tolerance = (RELATIVE * largest).max(0.6 * 10f64.powi(-decimals(&found.values)));
        let pairs = expected.iter().zip(&found.values).enumerate();
        // What is no number is near to none.
        let is_near = |a: f64, b: f64| (a - b).abs() <= tolerance;
        let mut off = pairs.filter(|(_, (a, b))| !is_near(**a, **b));
        let (place, (a, b)) = off.next()?;
        wrong(Some((place / size.1.max(1), place % size.1.max(1))), *a, *b)
    }

    fn values(&self, name: &str) -> &[f64] {
        let field = self.fields.iter().find(|field| field.name == name);
        field.map_or(&[], |field| field.values.as_slice())
    }

    fn loss(&self, form: LossForm) -> f64 {
        let mean = self.values("loss").first().copied().unwrap_or_default();
        let n = self.n_rows as f64;
        match form {
            LossForm::Mean => mean,
            LossForm::Sum => mean * n,
            LossForm::Squared { is_half, divided_by } => {
                let pairs = self.values("probabilities").iter().zip(self.values("targets"));
                let sum: f64 = pairs.map(|(p, y)| (p - y).powi(2)).sum();
                let sum = if is_half { 0.5 * sum } else { sum };
                match divided_by {
                    Divisor::One => sum,
                    Divisor::Rows => sum / n,
                    Divisor::Numbers => sum / self.values("targets").len().max(1) as f64,
                }
            }
        }
    }
}

/// With how many decimals numbers were written, at least [`DECIMALS`] and at most 12.
fn decimals(values: &[f64]) -> i32 {
    let of = |value: &f64| value.to_string().split_once('.').map_or(0, |(_, behind)| behind.len());
    let most = values.iter().map(of).max().unwrap_or_default();
    most.clamp(DECIMALS, 12) as i32
}
