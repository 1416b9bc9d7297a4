//! Classes that stand for numbers, such as degrees of wear.

use ndarray::{Array2, ArrayView1, Axis};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, same_size};

/// The number of every class, in the order of the classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grades(Vec<f64>);

/// How far expected grades lie from the true ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GradeScores {
    /// The mean distance between the expected and the true grade.
    pub grade_mae: f64,
    /// Spearman's rank correlation of expected and true grades, -1 to 1, equal ones at the mean of their
    /// ranks; `None` where all expected or all true grades are equal. It stays below 1 where pictures of one
    /// class have different expected grades.
    pub grade_rank_correlation: Option<f64>,
}

/// No larger grade is needed, and squares of smaller ones can be summed.
const LARGEST: f64 = 1e100;

impl Grades {
    /// Grades for some classes.
    ///
    /// # Errors
    /// [`Error::Data`] for one that is not from -1e100 to 1e100.
    pub fn new(grades: Vec<f64>) -> Result<Self> {
        let grades = Self(grades);
        if grades.is_sound() {
            return Ok(grades);
        }
        let found = format!("{:?}", grades.0);
        let advice = "give each class a number";
        Err(Error::data("grades", Problem::new("numbers from -1e100 to 1e100", found, advice)))
    }

    /// The names of the classes as numbers, where all of them are.
    ///
    /// ```
    /// use textura::learn::evaluation::Grades;
    /// let names = ["-3", "2.5", "10"].map(String::from);
    /// assert_eq!(Grades::of_names(&names), Grades::new(vec![-3.0, 2.5, 10.0]).ok());
    /// assert_eq!(Grades::of_names(&["1".into(), "worn".into()]), None);
    /// ```
    pub fn of_names(classes: &[String]) -> Option<Self> {
        let grades = classes.iter().map(|name| Self::parse(name)).collect::<Option<Vec<_>>>()?;
        (!grades.is_empty()).then_some(Self(grades))
    }

    /// A grade as it is written, blanks around it left out.
    pub fn parse(text: &str) -> Option<f64> {
        text.trim().parse().ok().filter(|&grade| is_grade(grade))
    }

    /// The grades, in the order of the classes.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.0.iter().copied().all(is_grade)
    }

    /// The expected grade under the probabilities of the classes: the sum of `p grade`.
    ///
    /// Classes without a grade, or grades without a probability, are left out.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::evaluation::Grades;
    /// let grades = Grades::new(vec![1.0, 2.0, 5.0])?;
    /// let p = array![0.5, 0.25, 0.25];
    /// assert_eq!(grades.expected(p.view()), 2.25);
    /// // 0.5 * 1.25^2 + 0.25 * 0.25^2 + 0.25 * 2.75^2 = 2.6875
    /// assert_eq!(grades.spread(p.view()), 2.6875f64.sqrt());
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn expected(&self, probs: ArrayView1<'_, f64>) -> f64 {
        probs.iter().zip(&self.0).map(|(p, grade)| p * grade).sum()
    }

    /// The standard deviation of the grade under the probabilities of the classes: the root of the sum of
    /// `p (grade - expected)^2`; 0 where one class is certain.
    pub fn spread(&self, probs: ArrayView1<'_, f64>) -> f64 {
        let expected = self.expected(probs);
        let squares = probs.iter().zip(&self.0).map(|(p, grade)| p * (grade - expected).powi(2));
        squares.sum::<f64>().sqrt()
    }

    /// Compares the expected grades of probabilities (N, classes) with those of the true labels.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one label a row, or not one grade a column; [`Error::Data`]
    /// where there is no row or a label is no class.
    pub fn scores(&self, labels: &[usize], probs: &Array2<f64>) -> Result<GradeScores> {
        same_size("labels for the rows of probabilities", probs.nrows(), labels.len())?;
        same_size("grades for the columns of probabilities", probs.ncols(), self.0.len())?;
        let known: Vec<f64> = labels.iter().filter_map(|&at| self.0.get(at)).copied().collect();
        if known.is_empty() || known.len() != labels.len() {
            let expected = format!("labels below {}", self.0.len());
            let advice = "give labelled pictures of the model's classes";
            let problem = Problem::new(expected, format!("{labels:?}"), advice);
            return Err(Error::data("grades", problem));
        }
        let found: Vec<f64> = probs.axis_iter(Axis(0)).map(|p| self.expected(p)).collect();
        let distances = found.iter().zip(&known).map(|(a, b)| (a - b).abs());
        Ok(GradeScores {
            grade_mae: distances.sum::<f64>() / known.len() as f64,
            grade_rank_correlation: rank_correlation(&found, &known),
        })
    }
}

fn is_grade(value: f64) -> bool {
    value.abs() <= LARGEST
}

/// Spearman's rank correlation: Pearson's of the ranks. `None` where all ranks on one side are equal.
pub(crate) fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    // Ranks of n values have the mean (n + 1) / 2, with ties, too.
    let middle = (a.len() as f64 + 1.0) / 2.0;
    let centered = |values| ranks(values).into_iter().map(|rank| rank - middle).collect();
    let (a, b): (Vec<f64>, Vec<f64>) = (centered(a), centered(b));
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let norm = (product(&a, &a) * product(&b, &b)).sqrt();
    (0.0 < norm).then(|| (product(&a, &b) / norm).clamp(-1.0, 1.0))
}

/// Ranks from 1; equal values have the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|&i, &j| values[i] == values[j]) {
        for &at in equal {
            ranks[at] = before as f64 + (equal.len() as f64 + 1.0) / 2.0;
        }
        before += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests;
