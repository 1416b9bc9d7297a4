//! New names for the classes of a model.

use std::collections::BTreeMap;

use crate::dataset::{Dataset, Sample};
use crate::error::{Error, Problem, Result, advice_for};
use crate::evaluation::Grades;
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
    /// Of a model's classes by pairs of old and new names. A new name that another class has, after all pairs, makes one
    /// class of both.
    ///
    /// # Errors
    /// [`Error::Setting`] for an old name that is no class, one that is named twice, an empty new name, and where less than
    /// two classes are left.
    pub fn new(classes: &[String], pairs: &[(String, String)]) -> Result<Self> {
        let refuse = |expected: String, found: &str, advice: String| {
            Err(Error::setting("rename", Problem::new(expected, found, advice)))
        };
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        for (old, new) in pairs {
            if !classes.contains(old) {
                let known = classes.iter().map(String::as_str);
                let advice = advice_for(old, known, "give the name that the model has").to_string();
                return refuse(
                    format!("a class of the model ({})", classes.join(", ")),
                    old,
                    advice,
                );
            }
            if new.is_empty() {
                return refuse("a name after =".into(), "none", "give OLD=NEW".into());
            }
            if names.insert(old, new).is_some() {
                return refuse("each class once".into(), old, "give one new name for it".into());
            }
        }
        let (mut new_classes, mut new_of) = (Vec::<String>::new(), Vec::new());
        for class in classes {
            let name = names.get(class.as_str()).copied().unwrap_or(class);
            let at = new_classes.iter().position(|known| known == name).unwrap_or_else(|| {
                new_classes.push(name.to_owned());
                new_classes.len() - 1
            });
            new_of.push(at);
        }
        if new_classes.len() < 2 {
            let advice = "rename fewer classes to it".into();
            return refuse("two classes or more afterwards".into(), &new_classes[0], advice);
        }
        Ok(Self { classes: new_classes, new_of })
    }

    /// Whether several classes became one.
    pub fn merges(&self) -> bool {
        self.classes.len() < self.new_of.len()
    }

    /// A model under the new names, where none became one. Everything that it says stays.
    pub(super) fn of_model(&self, mut model: Model) -> Result<Model> {
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
        Sample::new(sample.per_class(), data, sample.kept_back().to_vec())
    }
}

#[cfg(test)]
mod tests;
