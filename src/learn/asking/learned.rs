//! What few labels say about all pictures.

use ndarray::Array2;

use super::discriminant::probabilities;
use super::graph::Graph;
use super::near::{slice_of, squared_distance};
use crate::error::{Error, Problem, Result, same_size};

/// Residuals below this share do not move a prediction.
const TOLERANCE: f64 = 1e-4;

/// A picture with the answer of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label {
    /// Its row.
    pub row: usize,
    /// Its class, counted from 0; none where it is none of the classes.
    pub class: Option<usize>,
}

/// Predictions for all rows by labels of some.
///
/// Labels spread over the graph: the chance that a walk from a picture to pictures that look alike first meets a label of a
/// class (Zhu, Ghahramani and Lafferty 2003), with a small chance that it ends before. Where no walk arrives, nothing is
/// known. By these chances every picture, labelled or not, belongs to the classes by shares, and a linear discriminant of
/// all of them is the second opinion. The probabilities are the mean of the two.
#[derive(Debug, Clone)]
pub(crate) struct Learned {
    /// Probabilities (N, classes). What a row lacks to 1 is the probability of none of the classes.
    pub probs: Array2<f64>,
    /// How alike each row is to the labelled row of a class that is nearest, from 0 to 1: 1/2 at the distance at which that
    /// row has its eighth neighbour; times the probability of any of the classes. 0 where no class is known.
    pub familiarity: Vec<f64>,
    /// The chance of each row that a walk from it meets a label, from 0 to 1.
    pub reach: Vec<f64>,
}

impl Learned {
    /// Learns from compact rows (N, directions), their graph, and labels; of two labels of one row the later counts.
    ///
    /// Without labels all numbers are 0. With one class, and no other answer, every row has the probability 1 of it;
    /// reach and familiarity tell how far that can be trusted.
    ///
    /// # Errors
    /// [`Error::Size`] where the graph has not as many rows, [`Error::Data`] for a label of a row or class that does not exist.
    pub fn fit(
        compact: &Array2<f32>,
        graph: &Graph,
        labels: &[Label],
        n_classes: usize,
    ) -> Result<Self> {
        let marks = marks(labels, graph.n_rows(), n_classes)?;
        same_size("rows of the graph", compact.nrows(), graph.n_rows())?;
        let chances = graph.chances(&marks, n_classes + 1, TOLERANCE);
        Ok(Self::by_chances(compact, graph, &marks, chances))
    }

    /// The mean of the largest probability over all rows without label: the accuracy that is to be expected there. Of classes
    /// that no label names nothing is known, so that it is too high until all were met. `None` where every row has a label.
    pub fn expected_accuracy(&self, labels: &[Label]) -> Option<f64> {
        let mut is_labelled = vec![false; self.reach.len()];
        for label in labels {
            if let Some(own) = is_labelled.get_mut(label.row) {
                *own = true;
            }
        }
        let (mut sum, mut n) = (0.0, 0usize);
        for (row, _) in self.probs.rows().into_iter().zip(is_labelled).filter(|(_, is)| !is) {
            sum += row.iter().copied().fold(1.0 - row.sum(), f64::max);
            n += 1;
        }
        (n != 0).then(|| sum / n as f64)
    }

    fn by_chances(
        compact: &Array2<f32>,
        graph: &Graph,
        marks: &[Option<usize>],
        chances: Array2<f64>,
    ) -> Self {
        let n_classes = chances.ncols().saturating_sub(1);
        let reach: Vec<f64> = chances.rows().into_iter().map(|row| row.sum().min(1.0)).collect();
        let probs = combine(compact, &chances);
        let familiarity = familiarity(compact, graph, marks, &probs, n_classes);
        Self { probs, familiarity, reach }
    }
}

/// The column that each row is marked with: its class, or the one after the last for none of them.
pub(super) fn marks(
    labels: &[Label],
    n_rows: usize,
    n_classes: usize,
) -> Result<Vec<Option<usize>>> {
    let mut marks = vec![None; n_rows];
    for label in labels {
        let column = label.class.unwrap_or(n_classes);
        let is_class = label.class.is_none_or(|class| class < n_classes);
        let Some(mark) = marks.get_mut(label.row).filter(|_| is_class) else {
            let problem = Problem::new(
                format!("rows below {n_rows} and classes below {n_classes}"),
                format!("row {} with class {:?}", label.row, label.class),
                "count both from 0",
            );
            return Err(Error::data("labels", problem));
        };
        *mark = Some(column);
    }
    Ok(marks)
}

/// Probabilities (N, classes) by the chances (N, classes and none).
pub(super) fn combine(compact: &Array2<f32>, chances: &Array2<f64>) -> Array2<f64> {
    let n_classes = chances.ncols().saturating_sub(1);
    let mut spread = chances.clone();
    for mut row in spread.rows_mut() {
        let sum = row.sum();
        if 0.0 < sum {
            row /= sum;
        }
    }
    let mut probs = spread.slice(ndarray::s![.., ..n_classes]).to_owned();
    let Some(second) = probabilities(compact, &probs) else { return probs };
    for ((mut row, second), spread) in
        probs.rows_mut().into_iter().zip(second.rows()).zip(spread.rows())
    {
        let any = 1.0 - spread[n_classes];
        let is_reached = 0.0 < spread.sum();
        for (class, p) in row.iter_mut().enumerate() {
            *p = if is_reached { 0.5 * (*p + any * second[class]) } else { second[class] };
        }
    }
    probs
}

fn familiarity(
    compact: &Array2<f32>,
    graph: &Graph,
    marks: &[Option<usize>],
    probs: &Array2<f64>,
    n_classes: usize,
) -> Vec<f64> {
    let is_class = |mark: &Option<usize>| mark.is_some_and(|column| column < n_classes);
    let known: Vec<usize> = (0..marks.len()).filter(|&row| is_class(&marks[row])).collect();
    let nearest = nearest_of(compact, &known);
    let of = |(row, nearest): (usize, Option<(f64, usize)>)| {
        let Some((distance, other)) = nearest else { return 0.0 };
        let radius = graph.radius(other);
        radius / (radius + distance) * probs.row(row).sum().min(1.0)
    };
    nearest.into_iter().enumerate().map(of).collect()
}

/// For each row the nearest of some rows, itself among them, with the squared distance.
fn nearest_of(compact: &Array2<f32>, known: &[usize]) -> Vec<Option<(f64, usize)>> {
    let views: Vec<_> = known.iter().map(|&row| compact.row(row)).collect();
    let known_rows: Vec<_> = views.iter().map(slice_of).collect();
    let of = |row: ndarray::ArrayView1<'_, f32>| {
        let own = slice_of(&row);
        let mut best: Option<(f32, usize)> = None;
        for (known_row, &at) in known_rows.iter().zip(known) {
            let distance = squared_distance(&own, known_row);
            if best.is_none_or(|best| distance < best.0) {
                best = Some((distance, at));
            }
        }
        best.map(|(distance, at)| (f64::from(distance), at))
    };
    compact.rows().into_iter().map(of).collect()
}

/// The `n` labelled rows that are nearest to a row, without itself, the nearest first: places in `labels` with distances, in units
/// of the compact space. Of equally near ones the first labels.
pub(crate) fn nearest_labelled(
    compact: &Array2<f32>,
    labels: &[Label],
    row: usize,
    n: usize,
) -> Vec<(usize, f64)> {
    if compact.nrows() <= row {
        return Vec::new();
    }
    let view = compact.row(row);
    let own = slice_of(&view);
    let others = labels.iter().enumerate();
    let others = others.filter(|(_, label)| label.row != row && label.row < compact.nrows());
    let distance = |(at, label): (usize, &Label)| {
        let other = compact.row(label.row);
        (at, f64::from(squared_distance(&own, &slice_of(&other))).sqrt())
    };
    let mut nearest: Vec<(usize, f64)> = Vec::new();
    for (at, distance) in others.map(distance) {
        let is_farther = |other: &(usize, f64)| distance < other.1;
        let place = nearest.iter().position(is_farther).unwrap_or(nearest.len());
        if place < n {
            nearest.insert(place, (at, distance));
            nearest.truncate(n);
        }
    }
    nearest
}
