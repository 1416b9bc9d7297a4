//! The confusion matrix and which pictures stand behind its cells.

use std::collections::{BTreeMap, BTreeSet};

use super::labelled_predictions::LabelledPredictions;
use super::page::{Behind, Gallery, Matrix, MatrixCell, pictures};
use super::pictures::Shown;
use crate::learn::evaluation::Evaluation;

/// More classes than this are not shown at once.
const MAX_CLASSES: usize = 60;
/// Pictures shown behind all cells together.
const MAX_PICTURES: usize = 240;
/// Behind a cell of mistakes, and behind one of right labels.
const MAX_WRONG: usize = 12;
const MAX_RIGHT: usize = 4;

/// The pictures behind each cell (true, predicted), the surest first.
pub(super) type Cells = BTreeMap<(usize, usize), Vec<usize>>;

/// The pictures to show behind each cell.
pub(super) fn chosen(known: &LabelledPredictions<'_>) -> Cells {
    let shown: BTreeSet<usize> = classes_shown(&known.evaluation).into_iter().collect();
    let mut cells = Cells::new();
    for at in 0..known.len() {
        let cell = (known.labels[at], known.predicted[at]);
        if shown.contains(&cell.0) && shown.contains(&cell.1) {
            cells.entry(cell).or_default().push(at);
        }
    }
    cells.values_mut().for_each(|rows| known.surest_first(rows));
    in_rounds(&cells)
}

/// Takes pictures in rounds, one from each cell a round, until there are enough: cells of mistakes first, the fuller
/// ones first among them.
pub(super) fn in_rounds(cells: &Cells) -> Cells {
    let mut order: Vec<(usize, usize)> = cells.keys().copied().collect();
    order.sort_by_key(|cell| (cell.0 == cell.1, std::cmp::Reverse(cells[cell].len()), *cell));
    let mut chosen = Cells::new();
    let mut n_left = MAX_PICTURES;
    for round in 0..MAX_WRONG {
        for cell in &order {
            let most = if cell.0 == cell.1 { MAX_RIGHT } else { MAX_WRONG };
            let row = cells[cell].get(round).filter(|_| round < most && n_left != 0);
            if let Some(&row) = row {
                chosen.entry(*cell).or_default().push(row);
                n_left -= 1;
            }
        }
    }
    chosen
}

/// All classes, or those with the most mistakes where there are too many to look at.
fn classes_shown(evaluation: &Evaluation) -> Vec<usize> {
    let confusion = &evaluation.confusion;
    let n_classes = confusion.len();
    let mut classes: Vec<usize> = (0..n_classes).collect();
    if MAX_CLASSES < n_classes {
        let n_mistakes: Vec<usize> = classes
            .iter()
            .map(|&class| {
                let row: usize = confusion[class].iter().sum();
                let column: usize = confusion.iter().map(|row| row[class]).sum();
                row + column - 2 * confusion[class][class]
            })
            .collect();
        classes.sort_by_key(|&class| (std::cmp::Reverse(n_mistakes[class]), class));
        classes.truncate(MAX_CLASSES);
        classes.sort_unstable();
    }
    classes
}

/// The matrix with the pictures that were chosen and read.
pub(super) fn matrix(known: &LabelledPredictions<'_>, chosen: &Cells, shown: &Shown) -> Matrix {
    let evaluation = &known.evaluation;
    let names = &evaluation.classes;
    let classes = classes_shown(evaluation);
    let mut behind = Vec::new();
    let mut row_of = |&truth: &usize| -> Vec<MatrixCell> {
        let support = evaluation.per_class[truth].support;
        let mut cell_of = |&predicted: &usize| {
            let count = evaluation.confusion[truth][predicted];
            let title = if truth == predicted {
                format!("{}: {} given the right label", names[truth], pictures(count))
            } else {
                format!("{} of {} taken for {}", pictures(count), names[truth], names[predicted])
            };
            let rows = chosen.get(&(truth, predicted));
            let id = rows.map(|_| format!("cell-{truth}-{predicted}"));
            if let (Some(id), Some(rows)) = (&id, rows) {
                let cards = rows.iter().filter_map(|&at| known.card(at, shown)).collect();
                let text = match rows.len() {
                    n if n < count => {
                        format!("{n} of them are shown, those the model is surest of.")
                    }
                    1 => String::new(),
                    _ => "Those the model is surest of come first.".to_owned(),
                };
                let gallery = Gallery { title: title.clone(), text, cards };
                behind.push(Behind { id: id.clone(), gallery });
            }
            let heat = heat(count, support, truth == predicted);
            MatrixCell { count, heat, label: title, behind: id }
        };
        classes.iter().map(&mut cell_of).collect()
    };
    let rows: Vec<Vec<MatrixCell>> = classes.iter().map(&mut row_of).collect();
    let mut text =
        "Rows are true classes, columns what the model said; the stronger the colour, the larger the share of \
                    the row. Press a number to see pictures behind it."
            .to_owned();
    if classes.len() < names.len() {
        text += &format!(
            " Shown are the {} of {} classes with the most mistakes.",
            classes.len(),
            names.len()
        );
    }
    let classes = classes.into_iter().map(|class| names[class].clone()).collect();
    Matrix { text, classes, rows, behind }
}

/// The colour of a cell: ten steps of its share of the row.
fn heat(count: usize, support: usize, is_right: bool) -> String {
    if count == 0 {
        return String::new();
    }
    let step = (10 * count / support.max(1)).min(9);
    format!("{}-{step}", if is_right { "right" } else { "wrong" })
}
