//! Labelled examples, and the ways to part them.
//!
//! Pictures that must not be torn apart form a unit: copies of one picture (equal content), and all
//! pictures of one group where the caller names groups. A unit is always on one side of a split. An example is a
//! picture or one window of it; the windows of a picture share its content and so its unit.

mod identities;
mod sample;
mod split;

pub use identities::{Groups, Identities};
pub use sample::Sample;
pub use split::Split;
pub(crate) use split::evenly;

use std::collections::{BTreeMap, BTreeSet};

use ndarray::{Array2, ArrayView2, Axis, concatenate};

use crate::error::{Error, Problem, Result, same_size};
use crate::image::{ContentHash, View, Views};

/// Where an example came from, apart from its features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The index of its class.
    pub label: usize,
    /// Of the file's bytes: the picture's identity. Regions, windows and pages of one picture share it.
    pub content: ContentHash,
    /// The name of the group that it must stay with.
    pub group: Option<String>,
}

/// Labelled rows of features.
#[derive(Debug, Clone)]
pub struct Dataset {
    classes: Vec<String>,
    /// One array a view, with a row for each example; first the pictures as they are.
    views: Vec<(View, Array2<f64>)>,
    origins: Vec<Origin>,
    /// The unit of each row.
    units: Vec<usize>,
    /// Which picture each row is, or is a window of; those of one picture stand together.
    pictures: Vec<usize>,
}

impl Dataset {
    /// Joins features (N, columns) and their origins. Classes may have no example.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one origin a row; [`Error::Data`] for a label that is not
    /// below the number of classes.
    pub fn new(classes: Vec<String>, features: Array2<f64>, origins: Vec<Origin>) -> Result<Self> {
        same_size("origins for the rows of features", features.nrows(), origins.len())?;
        if let Some(origin) = origins.iter().find(|origin| classes.len() <= origin.label) {
            let (expected, found) = (format!("a label below {}", classes.len()), origin.label);
            let problem = Problem::new(expected, found.to_string(), "name every class");
            return Err(Error::data("labels", problem));
        }
        let units = units(&origins);
        let pictures = (0..origins.len()).collect();
        Ok(Self { classes, views: vec![(View::AsItIs, features)], origins, units, pictures })
    }

    /// The same examples as windows of pictures: for each row the number of its picture, which rises by one
    /// from a picture to the next, from 0 on.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one number a row.
    pub fn with_pictures(self, pictures: Vec<usize>) -> Result<Self> {
        same_size("pictures of the rows", self.len(), pictures.len())?;
        Ok(Self { pictures, ..self })
    }

    /// The number of each row's picture: that of the row where every picture is one row.
    pub fn pictures(&self) -> &[usize] {
        &self.pictures
    }

    /// The first of each picture's rows among some rows, in their order.
    pub fn first_rows(&self, rows: &[usize]) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        rows.iter().copied().filter(|&row| seen.insert(self.pictures[row])).collect()
    }

    /// For each of some rows, the place of its picture among [`Dataset::first_rows`].
    pub fn votes(&self, rows: &[usize]) -> Vec<usize> {
        let mut places = BTreeMap::new();
        let place = |&row: &usize| {
            let next = places.len();
            *places.entry(self.pictures[row]).or_insert(next)
        };
        rows.iter().map(place).collect()
    }

    /// The names of the classes, in the order of their labels.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Examples, which are pictures or windows of them.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// The places of all examples.
    pub fn all_rows(&self) -> Vec<usize> {
        (0..self.len()).collect()
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Adds the features (N, columns) of another view of the same pictures.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one row an example or the columns are not those of the pictures
    /// as they are.
    pub fn with_view(mut self, view: View, features: Array2<f64>) -> Result<Self> {
        same_size("rows of another view", self.len(), features.nrows())?;
        same_size("columns of another view", self.views[0].1.ncols(), features.ncols())?;
        self.views.push((view, features));
        Ok(self)
    }

    /// The views there are.
    pub fn views(&self) -> Views {
        self.views.iter().map(|(view, _)| *view).collect()
    }

    /// The features of some rows as the pictures are, (rows, columns).
    pub fn features(&self, rows: &[usize]) -> Array2<f64> {
        self.views[0].1.select(Axis(0), rows)
    }

    /// The features of some rows by several views: one array (rows, columns) a view.
    ///
    /// # Errors
    /// [`Error::Size`] for a view that is not there.
    pub fn features_by(&self, views: Views, rows: &[usize]) -> Result<Vec<Array2<f64>>> {
        let of = |view: View| {
            let found = self.views.iter().find(|(there, _)| *there == view);
            let features = found.map(|(_, features)| features.select(Axis(0), rows));
            let what = "views of a picture";
            features.ok_or(Error::Size { what, expected: views.count(), found: self.views.len() })
        };
        views.iter().map(of).collect()
    }

    /// The labels of some rows.
    pub fn labels(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().map(|&row| self.origins[row].label).collect()
    }

    /// The number of the unit that each of some rows belongs to.
    pub(crate) fn units(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().map(|&row| self.units[row]).collect()
    }

    /// Where each row came from.
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// How many pictures each class has among some rows.
    pub fn class_counts(&self, rows: &[usize]) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for label in self.labels(&self.first_rows(rows)) {
            counts[label] += 1;
        }
        counts
    }

    /// Checks that there are two classes and that each has an example among some rows.
    ///
    /// # Errors
    /// [`Error::Data`] naming the class that has none.
    pub fn check_trainable(&self, place: &str, rows: &[usize]) -> Result<()> {
        let refuse = |expected: &str, found: String, advice: &str| {
            Err(Error::data(place, Problem::new(expected, found, advice)))
        };
        if self.classes.len() < 2 {
            let found = format!("{} ({})", self.classes.len(), self.classes.join(", "));
            let advice = "put the pictures of each class into a folder of its own";
            return refuse("at least two classes", found, advice);
        }
        match self.class_counts(rows).iter().position(|&count| count == 0) {
            None => Ok(()),
            Some(label) => {
                let expected = "at least one readable picture to learn from in every class";
                let found = format!("none in `{}`", self.classes[label]);
                refuse(expected, found, "add pictures to the class or remove it")
            }
        }
    }

    /// One digest over labels and contents in any order: the same pictures under the same labels have
    /// the same digest wherever they lie.
    pub fn digest(&self) -> String {
        let origins = self.first_rows(&self.all_rows()).into_iter().map(|row| &self.origins[row]);
        let mut lines: Vec<_> =
            origins.map(|o| (self.classes[o.label].as_bytes(), o.content)).collect();
        lines.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for (class, content) in lines {
            hasher.update(&(class.len() as u64).to_le_bytes());
            hasher.update(class);
            hasher.update(&content);
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The examples whose content no example of another data set has.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let known: BTreeSet<_> = other.origins.iter().map(|origin| origin.content).collect();
        let rows: Vec<usize> =
            (0..self.len()).filter(|&row| !known.contains(&self.origins[row].content)).collect();
        self.subset(&rows)
    }

    /// The same with digests of the groups' names in place of the names, which may say who or where.
    #[must_use]
    pub fn with_group_digests(mut self) -> Self {
        for group in self.origins.iter_mut().filter_map(|origin| origin.group.as_mut()) {
            *group = blake3::hash(group.as_bytes()).to_hex().to_string();
        }
        self
    }

    /// These examples and then those of another data set, whose classes are the first of these.
    ///
    /// # Errors
    /// [`Error::Size`] where it has other views or columns, [`Error::Data`] where it has other classes.
    pub fn joined(&self, other: &Self) -> Result<Self> {
        if !self.classes.starts_with(&other.classes) {
            let found = other.classes.join(", ");
            let expected = format!("classes that {} begin with", self.classes.join(", "));
            let problem = Problem::new(expected, found, "give the classes in the same order");
            return Err(Error::data("classes", problem));
        }
        let mut joined = self.clone();
        joined.views.sort_by_key(|(view, _)| *view);
        let others = other.features_by(self.views(), &other.all_rows())?;
        for ((_, features), other) in joined.views.iter_mut().zip(&others) {
            same_size("columns of another data set", features.ncols(), other.ncols())?;
            *features = stacked([features.view(), other.view()])?;
        }
        joined.origins.extend_from_slice(&other.origins);
        let n_pictures = self.pictures.iter().max().map_or(0, |last| last + 1);
        joined.pictures.extend(other.pictures.iter().map(|picture| n_pictures + picture));
        joined.units = units(&joined.origins);
        Ok(joined)
    }

    /// The same examples under other classes: for each old label the new one.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one new label a class, [`Error::Data`] for one that is no class.
    pub fn relabelled(&self, classes: &[String], new_of: &[usize]) -> Result<Self> {
        same_size("new labels of the classes", self.classes.len(), new_of.len())?;
        let relabelled = |origin: &Origin| Origin { label: new_of[origin.label], ..origin.clone() };
        let origins: Vec<Origin> = self.origins.iter().map(relabelled).collect();
        let features = self.views[0].1.clone();
        let mut data = Self::new(classes.to_vec(), features, origins)?;
        data.views.clone_from(&self.views);
        data.with_pictures(self.pictures.clone())
    }

    /// Some examples alone.
    #[must_use]
    pub fn subset(&self, rows: &[usize]) -> Self {
        let origins: Vec<_> = rows.iter().map(|&row| self.origins[row].clone()).collect();
        let select =
            |(view, features): &(View, Array2<f64>)| (*view, features.select(Axis(0), rows));
        Self {
            classes: self.classes.clone(),
            views: self.views.iter().map(select).collect(),
            units: units(&origins),
            origins,
            pictures: rows.iter().map(|&row| self.pictures[row]).collect(),
        }
    }

    /// Pairs of rows with the same content and numbers under different labels: the first row of each, and
    /// each row that contradicts it. Regions of one picture have the same content and other numbers.
    pub fn contradictions(&self) -> Vec<(usize, usize)> {
        let mut known: BTreeMap<ContentHash, Vec<usize>> = BTreeMap::new();
        let mut pairs = Vec::new();
        for row in self.first_rows(&self.all_rows()) {
            let origin = &self.origins[row];
            let firsts = known.entry(origin.content).or_default();
            match firsts.iter().find(|&&first| self.are_equal(first, row)) {
                None => firsts.push(row),
                Some(&first) if self.origins[first].label != origin.label => {
                    pairs.push((first, row));
                }
                Some(_) => {}
            }
        }
        pairs
    }

    /// Whether two rows have the same numbers as the pictures are.
    fn are_equal(&self, a: usize, b: usize) -> bool {
        let features = &self.views[0].1;
        features.row(a) == features.row(b)
    }
}

/// Arrays with the same columns, one below the other.
///
/// # Errors
/// [`Error::Size`] where their columns differ, or there is none.
pub(crate) fn stacked<'a>(
    parts: impl IntoIterator<Item = ArrayView2<'a, f64>>,
) -> Result<Array2<f64>> {
    let parts: Vec<_> = parts.into_iter().collect();
    let what = "views of the same columns";
    concatenate(Axis(0), &parts).map_err(|_| Error::Size { what, expected: 1, found: parts.len() })
}

/// Numbers the units: rows that share a content or a group, directly or by way of others.
pub(crate) fn units(origins: &[Origin]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..origins.len()).collect();
    fn root(parent: &mut [usize], mut row: usize) -> usize {
        while parent[row] != row {
            parent[row] = parent[parent[row]];
            row = parent[row];
        }
        row
    }
    let mut by_content = BTreeMap::new();
    let mut by_group = BTreeMap::new();
    for (row, origin) in origins.iter().enumerate() {
        let same_content = *by_content.entry(origin.content).or_insert(row);
        let same_group = origin.group.as_ref().map(|group| *by_group.entry(group).or_insert(row));
        for other in [Some(same_content), same_group].into_iter().flatten() {
            let (a, b) = (root(&mut parent, row), root(&mut parent, other));
            // The earliest row stands for the unit.
            parent[a.max(b)] = a.min(b);
        }
    }
    (0..origins.len()).map(|row| root(&mut parent, row)).collect()
}

#[cfg(test)]
mod tests;
