//! What a model that the user named makes of the pictures, beside the labels.

use std::sync::{PoisonError, RwLock};

/// Probabilities of classes and familiarity, picture by picture, as a model gives them.
#[derive(Debug)]
pub struct Opinions {
    /// The model's classes.
    pub classes: Vec<String>,
    of: RwLock<Vec<Option<Opinion>>>,
}

/// What a model makes of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// One a class of the model.
    pub probs: Vec<f32>,
    pub familiarity: f64,
    /// How odd it is, by a model of good pictures.
    pub anomaly_score: Option<f64>,
}

impl Opinions {
    pub fn new(classes: Vec<String>, n_pictures: usize) -> Self {
        Self { classes, of: RwLock::new(vec![None; n_pictures]) }
    }

    pub fn take(&self, picture: usize, opinion: Opinion) {
        self.of.write().unwrap_or_else(PoisonError::into_inner)[picture] = Some(opinion);
    }

    pub fn of(&self, picture: usize) -> Option<Opinion> {
        self.of.read().unwrap_or_else(PoisonError::into_inner).get(picture)?.clone()
    }
}
