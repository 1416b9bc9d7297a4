//! Hold-out by content, folds, and draws of a fixed number a class.

use std::collections::BTreeMap;

use super::{Dataset, Identities, Origin};
use crate::error::{Error, Problem, Result};
use crate::random::Random;

/// Rows to learn from and rows to test on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// In ascending order.
    pub train: Vec<usize>,
    /// In ascending order.
    pub test: Vec<usize>,
}

/// A unit's rows and how many pictures each class has among them.
struct Unit {
    rows: Vec<usize>,
    by_class: BTreeMap<usize, usize>,
}

impl Dataset {
    /// Holds out about a `fraction` of the pictures, chosen by their content alone, so that a picture
    /// is held out or learned from for ever, whatever other pictures come or go. With groups, the
    /// group's name decides for all its pictures.
    ///
    /// A class that would be left without a picture to learn from gets its units back, the ones that
    /// are furthest from being held out first. So a small class may have nothing held out.
    ///
    /// # Errors
    /// [`Error::Setting`] for a fraction outside 0 to below 1.
    pub fn hold_out(&self, fraction: f64) -> Result<Split> {
        if !(0.0..1.0).contains(&fraction) {
            let advice = "0.2 holds out a fifth";
            let problem = Problem::new("0 to below 1", fraction.to_string(), advice);
            return Err(Error::setting("holdout", problem));
        }
        // Each unit draws a number from 0 to 1; those below the fraction are held out.
        let units = self.rows_by_unit();
        let mut draws: Vec<(f64, &Unit)> =
            units.iter().map(|unit| (self.draw_of(&unit.rows), unit)).collect();
        draws.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut split = Split { train: Vec::new(), test: Vec::new() };
        let mut learned = vec![false; self.classes.len()];
        for (draw, unit) in draws {
            let is_needed = unit.by_class.keys().any(|&class| !learned[class]);
            if draw < fraction && !is_needed {
                split.test.extend(&unit.rows);
            } else {
                split.train.extend(&unit.rows);
                for &class in unit.by_class.keys() {
                    learned[class] = true;
                }
            }
        }
        split.train.sort_unstable();
        split.test.sort_unstable();
        Ok(split)
    }

    /// As [`Dataset::hold_out`], of pictures that another model may have been shown. A unit of which it held something
    /// out is held out again, but for what it learned from; one that it learned from is learned from again. The others
    /// are parted as [`Dataset::hold_out`] does. The groups have names.
    ///
    /// # Errors
    /// As [`Dataset::hold_out`].
    pub fn hold_out_after(&self, fraction: f64, known: &Identities) -> Result<Split> {
        let parted = self.hold_out(fraction)?;
        let mut is_held_out = vec![false; self.len()];
        parted.test.iter().for_each(|&row| is_held_out[row] = true);
        let mut split = Split { train: Vec::new(), test: Vec::new() };
        for unit in self.rows_by_unit() {
            let mut origins = unit.rows.iter().map(|&row| &self.origins[row]);
            if origins.clone().any(|origin| known.has_kept_back(origin)) {
                let is_new = |&row: &usize| !known.has_learned(&self.origins[row].content);
                split.test.extend(unit.rows.into_iter().filter(is_new));
            } else if origins.any(|origin| known.has_learned_of(origin)) {
                split.train.extend(unit.rows);
            } else {
                let (kept, learned): (Vec<_>, Vec<_>) =
                    unit.rows.into_iter().partition(|&row| is_held_out[row]);
                split.test.extend(kept);
                split.train.extend(learned);
            }
        }
        split.train.sort_unstable();
        split.test.sort_unstable();
        Ok(split)
    }

    /// Cuts the rows into folds of like size with like shares of the classes; each fold is the test
    /// part once. Units stay whole.
    ///
    /// # Errors
    /// [`Error::Setting`] for fewer than 2 folds or more folds than units.
    pub fn folds(&self, n_folds: usize, random: &mut Random) -> Result<Vec<Split>> {
        let mut units = self.rows_by_unit();
        if n_folds < 2 || units.len() < n_folds {
            let (n, found) = (units.len(), n_folds.to_string());
            let expected = format!("2 to {n} (the pictures or groups that can be parted)");
            let problem = Problem::new(expected, found, "give another number of folds");
            return Err(Error::setting("folds", problem));
        }
        random.shuffle(&mut units);
        // Large units first, while every fold still has room for them; the sort keeps the random order
        // among equals.
        units.sort_by_key(|unit| std::cmp::Reverse(unit.rows.len()));
        let mut fold_of = vec![0; self.len()];
        let mut by_class = vec![vec![0; self.classes.len()]; n_folds];
        let mut sizes = vec![0; n_folds];
        for unit in units {
            let crowding = |fold: usize| -> usize {
                unit.by_class.iter().map(|(&class, count)| by_class[fold][class] * count).sum()
            };
            let fold = (0..n_folds).min_by_key(|&f| (crowding(f), sizes[f])).unwrap_or(0);
            sizes[fold] += unit.rows.len();
            for (&class, count) in &unit.by_class {
                by_class[fold][class] += count;
            }
            for row in unit.rows {
                fold_of[row] = fold;
            }
        }
        let part = |fold: usize| {
            let (test, train) = (0..self.len()).partition(|&row| fold_of[row] == fold);
            Split { train, test }
        };
        Ok((0..n_folds).map(part).collect())
    }

    /// Draws `n` pictures of each class to learn from; the rest is the test part. Units stay whole: one
    /// that would exceed the number stays in the test part.
    ///
    /// # Errors
    /// [`Error::Setting`] where a class has not more than `n` pictures or units do not allow it.
    pub fn draw_per_class(&self, n: usize, random: &mut Random) -> Result<Split> {
        let counts = self.class_counts(&self.all_rows());
        let refuse = |class: usize, found: String| {
            let name = &self.classes[class];
            let expected = format!("at least 1 and fewer pictures than class `{name}` has");
            let problem = Problem::new(expected, found, "give a smaller number or add pictures");
            Err(Error::setting("train-per-class", problem))
        };
        if let Some(class) = counts.iter().position(|&count| n == 0 || count <= n) {
            return refuse(class, format!("{n} of {}", counts[class]));
        }
        let mut units = self.rows_by_unit();
        random.shuffle(&mut units);
        let mut drawn = vec![0; self.classes.len()];
        let mut split = Split { train: Vec::new(), test: Vec::new() };
        for unit in units {
            if unit.by_class.iter().all(|(&class, count)| drawn[class] + count <= n) {
                for (&class, count) in &unit.by_class {
                    drawn[class] += count;
                }
                split.train.extend(unit.rows);
            } else {
                split.test.extend(unit.rows);
            }
        }
        if let Some(class) = drawn.iter().position(|&count| count == 0) {
            return refuse(class, format!("{n}, but its groups are larger"));
        }
        split.train.sort_unstable();
        split.test.sort_unstable();
        Ok(split)
    }

    /// Of the class with the fewest units, how many it has: as many folds can each lack one of its units.
    pub fn fewest_units(&self) -> usize {
        let mut counts = vec![0; self.classes.len()];
        for unit in self.rows_by_unit() {
            unit.by_class.keys().for_each(|&class| counts[class] += 1);
        }
        counts.into_iter().min().unwrap_or(0)
    }

    /// Places of some rows in a list of them, ascending: all, or `most` at the most, which every class has
    /// its like share of and which are spread evenly over the list.
    pub fn evenly(&self, rows: &[usize], most: usize) -> Vec<usize> {
        let n_classes = self.classes.len();
        evenly(&self.labels(rows), n_classes, (most / n_classes.max(1)).max(1))
    }

    /// The units, ordered by their first row.
    fn rows_by_unit(&self) -> Vec<Unit> {
        let mut units = BTreeMap::new();
        for row in 0..self.len() {
            units
                .entry(self.units[row])
                .or_insert_with(|| Unit { rows: Vec::new(), by_class: BTreeMap::new() })
                .rows
                .push(row);
        }
        for row in self.first_rows(&self.all_rows()) {
            if let Some(unit) = units.get_mut(&self.units[row]) {
                *unit.by_class.entry(self.origins[row].label).or_insert(0) += 1;
            }
        }
        units.into_values().collect()
    }

    /// A number from 0 to below 1 that only the contents (or the groups' names) of some rows decide.
    fn draw_of(&self, rows: &[usize]) -> f64 {
        let key = |origin: &Origin| match &origin.group {
            Some(group) => *blake3::hash(group.as_bytes()).as_bytes(),
            None => origin.content,
        };
        let smallest = rows.iter().map(|&row| key(&self.origins[row])).min().unwrap_or_default();
        let bytes = [0, 1, 2, 3, 4, 5, 6, 7].map(|at| smallest[at]);
        (u64::from_be_bytes(bytes) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Places in a list of labels, ascending: of each class all, or `most` at the most, spread evenly over it.
pub(crate) fn evenly(labels: &[usize], n_classes: usize, most: usize) -> Vec<usize> {
    let mut counts = vec![0; n_classes];
    labels.iter().for_each(|&label| counts[label] += 1);
    let mut seen = vec![0; n_classes];
    let is_chosen = |&at: &usize| {
        let (number, count) = (seen[labels[at]], counts[labels[at]]);
        seen[labels[at]] += 1;
        // The last one in each of `most` equal parts of the class.
        let part = |number: usize| number * most.min(count) / count;
        part(number) != part(number + 1)
    };
    (0..labels.len()).filter(is_chosen).collect()
}
