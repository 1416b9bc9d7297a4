//! Memory that a thread keeps from one picture to the next: asking the system for it anew costs a small picture as much as a
//! third of its filters.

use std::cell::Cell;

/// Floats that a thread keeps at the most, 16 MB: enough for a picture of 600 columns and rows.
const MOST: usize = 1 << 22;

/// Memory of any contents.
#[derive(Default)]
pub(super) struct Scratch {
    floats: Vec<Vec<f32>>,
}

thread_local! {
    static KEPT: Cell<Scratch> = const { Cell::new(Scratch { floats: Vec::new() }) };
}

impl Scratch {
    /// What the thread has kept.
    pub fn kept() -> Self {
        KEPT.take()
    }

    /// Keeps it for the next picture, unless it is too much.
    pub fn keep(self) {
        if self.floats.iter().map(Vec::capacity).sum::<usize>() <= MOST {
            KEPT.set(self);
        }
    }

    /// At least so many floats, of any values, the last ones given first.
    pub fn floats(&mut self, n: usize) -> Vec<f32> {
        let mut floats = self.floats.pop().unwrap_or_default();
        if floats.len() < n {
            floats.resize(n, 0.0);
        }
        floats
    }

    pub fn give(&mut self, floats: Vec<f32>) {
        self.floats.push(floats);
    }
}
