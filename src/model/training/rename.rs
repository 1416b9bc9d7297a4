//! New names for the classes of a model.

use std::collections::BTreeMap;

use crate::error::{Error, Problem, Result, advice_for};
use crate::io::{Twins, key_of, trimmed};
use crate::learn::dataset::{Dataset, Sample};
use crate::learn::evaluation::Grades;
use crate::model::Model;

/// The classes of a model under other names, of which several may have become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// The names after it, in the order of the old ones.
    pub classes: Vec<String>,
    /// For each old class the index of its new name.
    pub new_of: Vec<usize>,
}

impl Renaming {
    /// Of a model's classes by pairs of old and new names, in any spelling that no eye can tell apart. A new name that
    /// another class has, after all pairs, makes one class of both.
    ///
    /// # Errors
    /// [`Error::Setting`] for an old name that is no class, one that is named twice, an empty new name, and where less than
    /// two classes are left; [`Error::Data`] for a new name that differs from that of another class in case alone.
    pub fn new(classes: &[String], pairs: &[(String, String)]) -> Result<Self> {
        let refuse = |expected: &str, found: &str, advice: &str| {
            Err(Error::setting("rename", Problem::new(expected, found, advice)))
        };
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        for (old, new) in pairs {
            let Some(old) = like(classes.iter(), old) else {
                let known = classes.iter().map(String::as_str);
                let advice = advice_for(old, known, "give the name that the model has");
                let expected = format!("a class of the model ({})", classes.join(", "));
                return refuse(&expected, old, &advice);
            };
            if new.is_empty() {
                return refuse("a name after =", "none", "give OLD=NEW");
            }
            if names.insert(old, trimmed(new)).is_some() {
                return refuse("each class once", old, "give one new name for it");
            }
        }
        // A class that keeps its name decides how that is spelled, and else the first that gets it.
        let stay: Vec<&String> =
            classes.iter().filter(|class| !names.contains_key(class.as_str())).collect();
        let given: Vec<&str> = pairs.iter().map(|(_, new)| trimmed(new)).collect();
        let spelled = |new: &'_ str| -> String {
            let stays = like(stay.iter().copied(), new).map(String::as_str);
            let first = given.iter().copied().find(|name| key_of(name) == key_of(new));
            stays.or(first).unwrap_or(new).to_owned()
        };
        let (mut new_classes, mut new_of) = (Vec::<String>::new(), Vec::new());
        for class in classes {
            let name = names.get(class.as_str()).map_or_else(|| class.clone(), |new| spelled(new));
            let at = new_classes.iter().position(|known| *known == name).unwrap_or_else(|| {
                new_classes.push(name);
                new_classes.len() - 1
            });
            new_of.push(at);
        }
        for new in given.iter().map(|new| spelled(new)) {
            if let Some(twins) = Twins::among(&new_classes, &new) {
                return Err(twins.error("rename"));
            }
        }
        if new_classes.len() < 2 {
            let advice = "rename fewer classes to it";
            return refuse("two classes or more afterwards", &new_classes[0], advice);
        }
        Ok(Self { classes: new_classes, new_of })
    }

    /// Whether several classes became one.
    pub fn merges(&self) -> bool {
        self.classes.len() < self.new_of.len()
    }

    /// A model under the new names, where none became one. Everything that it predicts stays.
    pub fn of_model(&self, mut model: Model) -> Result<Model> {
        let old = std::mem::replace(&mut model.classes, self.classes.clone());
        if model.grades == Grades::of_names(&old) {
            model.grades = Grades::of_names(&model.classes).or(model.grades);
        }
        if let Some(scores) = &mut model.scores {
            scores.classes.clone_from(&self.classes);
            for (score, class) in scores.per_class.iter_mut().zip(&self.classes) {
                score.label.clone_from(class);
            }
        }
        model.sample = model.sample.map(|sample| self.of_sample(&sample)).transpose()?;
        Ok(model)
    }

    /// A sample under the new names.
    pub(super) fn of_sample(&self, sample: &Sample) -> Result<Sample> {
        let data: Dataset = sample.data().relabelled(&self.classes, &self.new_of)?;
        Sample::new(sample.per_class(), data, sample.held_out().to_vec())
    }
}

/// The class of such a name, or else of one that no eye can tell from it.
fn like<'a>(
    mut classes: impl Iterator<Item = &'a String> + Clone,
    name: &str,
) -> Option<&'a String> {
    let is_same = |class: &&String| *class == name;
    classes.clone().find(is_same).or_else(|| classes.find(|class| key_of(class) == key_of(name)))
}

#[cfg(test)]
mod tests;
