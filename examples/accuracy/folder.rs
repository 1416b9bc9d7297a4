//! A folder to measure on: its pictures, as textura finds them, and what follows from their numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use regex::Regex;
use textura::io::{Part, list_labelled, path_to_text};

use super::arguments::Wish;
use super::command::Outcome;

/// Numbers of pictures for the topic few, unless others were asked for.
const FEW: [usize; 2] = [5, 10];

/// The pictures of each class.
pub type Classes = BTreeMap<String, Vec<PathBuf>>;

pub struct Folder {
    pub path: PathBuf,
    /// How it is called in tables.
    pub name: String,
    /// Of a split folder the part to learn from, otherwise all.
    pub train: Classes,
    /// The part to test on, where the folder is split.
    pub test: Option<Classes>,
    pub per_class: usize,
    pub few: Vec<usize>,
    /// The pattern, and how many groups it makes.
    pub groups: Option<(Regex, usize)>,
}

impl Folder {
    /// Lists a folder.
    ///
    /// # Errors
    /// Where textura could not learn from it, a flag does not suit a split folder, or the pattern of the
    /// groups does not match every path.
    pub fn new(wish: &Wish) -> Outcome<Self> {
        let train = classes(wish, Part::Train)?;
        let test = classes(wish, Part::Test)?;
        // A folder that is not split is its own test part.
        let test = (test != train).then_some(test);
        if test.is_some() && wish.per_class.is_some() {
            let name = path_to_text(&wish.path);
            return Err(format!("{name} has its own split, which --per-class cannot change").into());
        }
        let smallest = train.values().map(Vec::len).min().unwrap_or(0);
        let groups = match &wish.group_by {
            Some(pattern) => Some((pattern.clone(), count_groups(pattern, &train)?)),
            None => None,
        };
        let name = wish.path.file_name().map(|name| path_to_text(name.as_ref()));
        Ok(Self {
            name: name.unwrap_or_else(|| path_to_text(&wish.path)),
            path: wish.path.clone(),
            per_class: wish.per_class.unwrap_or((smallest / 2).max(1)),
            few: match &wish.few {
                Some(few) => few.clone(),
                None => FEW.into_iter().filter(|&n| n < smallest).collect(),
            },
            train,
            test,
            groups,
        })
    }

    /// How many pictures there are to learn from.
    pub fn n_pictures(&self) -> usize {
        self.train.values().map(Vec::len).sum()
    }
}

fn classes(wish: &Wish, part: Part) -> Outcome<Classes> {
    let listing = list_labelled(&wish.path, part)?;
    let mut classes: Classes =
        listing.classes.into_iter().map(|class| (class, Vec::new())).collect();
    for entry in listing.entries {
        classes.entry(entry.label.unwrap_or_default()).or_default().push(entry.path);
    }
    Ok(classes)
}

/// Counts groups as `--group-by` of textura makes them.
fn count_groups(pattern: &Regex, classes: &Classes) -> Outcome<usize> {
    let mut groups = BTreeSet::new();
    for path in classes.values().flatten() {
        let text = path_to_text(path);
        let found = pattern.captures(&text);
        let group = found.as_ref().and_then(|found| found.get(1).or_else(|| found.get(0)));
        let group = group.ok_or_else(|| format!("--group-by {pattern} does not match {text}"))?;
        groups.insert(group.as_str().to_owned());
    }
    Ok(groups.len())
}
