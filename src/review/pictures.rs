//! The pictures of a source and what was measured of them so far.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use ndarray::Array2;

use crate::batch::Example;
use crate::error::{Error, Result};
use crate::image::ContentHash;
use crate::io::{Entry, path_to_text};

/// What is known of the features of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It was not reached yet.
    Waiting,
    /// Its features are there; columns and rows of the picture.
    Measured(u32, u32),
    /// It cannot be read, and why.
    Failed(String),
}

/// Pictures by their numbers, which are their places in the source.
#[derive(Debug)]
pub struct Pictures {
    pub entries: Vec<Entry>,
    /// Their paths as people read them.
    pub names: Vec<String>,
    measured: RwLock<Measured>,
    n_measured: AtomicUsize,
    n_failed: AtomicUsize,
}

/// Features: a row a picture, nothing in those that were not measured yet. 32 bits are kept, since 40,000 pictures take 140 MB so.
#[derive(Debug)]
pub struct Measured {
    pub rows: Array2<f32>,
    pub states: Vec<State>,
    /// The hash of each file that was read.
    pub contents: Vec<Option<ContentHash>>,
}

impl Measured {
    /// The pictures whose features are there.
    pub fn known(&self) -> Vec<usize> {
        let is_known = |&picture: &usize| matches!(self.states[picture], State::Measured(..));
        (0..self.states.len()).filter(is_known).collect()
    }
}

impl Pictures {
    pub fn new(entries: Vec<Entry>, n_columns: usize) -> Self {
        let names = entries.iter().map(|entry| path_to_text(&entry.path)).collect();
        let n = entries.len();
        let measured = Measured {
            rows: Array2::zeros((n, n_columns)),
            states: vec![State::Waiting; n],
            contents: vec![None; n],
        };
        Self {
            entries,
            names,
            measured: RwLock::new(measured),
            n_measured: AtomicUsize::new(0),
            n_failed: AtomicUsize::new(0),
        }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn measured(&self) -> RwLockReadGuard<'_, Measured> {
        self.measured.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the features away once all pictures are measured and compared: they take more memory than all the rest.
    pub fn forget_rows(&self) {
        let mut measured = self.measured.write().unwrap_or_else(PoisonError::into_inner);
        measured.rows = Array2::zeros((0, measured.rows.ncols()));
    }

    /// How many pictures were measured, and how many cannot be read.
    pub fn counts(&self) -> (usize, usize) {
        (self.n_measured.load(Ordering::Relaxed), self.n_failed.load(Ordering::Relaxed))
    }

    /// Takes what was made of a picture.
    ///
    /// # Errors
    /// [`Error::Interrupted`] as the outcome.
    pub fn take(&self, picture: usize, outcome: Result<Example>) -> Result<()> {
        let mut measured = self.measured.write().unwrap_or_else(PoisonError::into_inner);
        let Measured { rows, states, contents } = &mut *measured;
        let failed = |reason: String| State::Failed(reason);
        states[picture] = match outcome {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => failed(error.reason()),
            Ok(example) if example.features.values.len() != rows.ncols() => {
                failed("it has another number of features than the others".into())
            }
            Ok(example) => {
                let values = example.features.values.iter().map(|&value| value as f32);
                rows.row_mut(picture).iter_mut().zip(values).for_each(|(to, value)| *to = value);
                contents[picture] = Some(example.content);
                State::Measured(example.width as u32, example.height as u32)
            }
        };
        let count = match states[picture] {
            State::Failed(_) => &self.n_failed,
            State::Measured(..) | State::Waiting => &self.n_measured,
        };
        count.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
