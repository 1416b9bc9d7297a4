//! Which pictures are copies of each other.

use std::collections::HashMap;

use super::sketch::{MAX_BITS, Sketch};
use crate::batch::Batch;
use crate::error::Result;
use crate::image::ContentHash;

/// Pictures compared with all before them in one piece of work.
const BLOCK: usize = 256;

/// Bits that are compared as one word, before single bits.
const RUN: usize = 64;

/// A picture is joined to at most so many copies before it, so that a folder of frames of one still scene does
/// not take the square of their number; they are joined to each other already.
const MAX_COPIES: usize = 8;

/// Sets of numbers that are joined bit by bit.
pub(super) struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    /// Every number from 0 to below `n` for itself.
    pub(super) fn new(n: usize) -> Self {
        Self { parents: (0..n).collect() }
    }

    /// Makes one set of two.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first_of(a), self.first_of(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// The smallest number of a number's set.
    pub(super) fn first_of(&mut self, mut n: usize) -> usize {
        while self.parents[n] != n {
            self.parents[n] = self.parents[self.parents[n]];
            n = self.parents[n];
        }
        n
    }

    /// The sets of at least two numbers, ascending, by their smallest numbers.
    pub(super) fn sets(mut self) -> Vec<Vec<usize>> {
        let mut places = HashMap::new();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for n in 0..self.parents.len() {
            let place = *places.entry(self.first_of(n)).or_insert(sets.len());
            if place == sets.len() {
                sets.push(Vec::new());
            }
            sets[place].push(n);
        }
        sets.retain(|set| 2 <= set.len());
        sets
    }
}

/// Sets of copies among pictures, by content and likeness; `None` is a picture that could not be read.
///
/// # Errors
/// [`crate::Error::Interrupted`].
pub(super) fn find(
    pictures: &[Option<(ContentHash, Option<Sketch>)>],
    batch: Batch<'_>,
) -> Result<Sets> {
    let mut sets = Sets::new(pictures.len());
    let mut known = HashMap::new();
    let mut sketches: Vec<(usize, &Sketch)> = Vec::new();
    for (at, picture) in pictures.iter().enumerate() {
        let Some((content, sketch)) = picture else { continue };
        let first = *known.entry(content).or_insert(at);
        if first != at {
            sets.join(first, at);
        } else if let Some(sketch) = sketch {
            sketches.push((at, sketch));
        }
    }
    let bits: Vec<u64> = sketches.iter().map(|(_, sketch)| sketch.bits()).collect();
    let blocks: Vec<usize> = (0..sketches.len()).step_by(BLOCK).collect();
    let compare = |start: usize| -> Vec<(usize, usize)> {
        let rows = start..(start + BLOCK).min(sketches.len());
        rows.flat_map(|row| copies_before(row, &sketches, &bits)).collect()
    };
    batch.progress.counted("comparing", blocks.len(), || {
        batch.workers.in_order(blocks, compare, |pairs| {
            pairs.into_iter().for_each(|(a, b)| sets.join(a, b));
            batch.progress.advance();
            Ok(())
        })
    })?;
    Ok(sets)
}

fn copies_before(row: usize, sketches: &[(usize, &Sketch)], bits: &[u64]) -> Vec<(usize, usize)> {
    let (at, sketch) = sketches[row];
    let turns = sketch.all_bits();
    let mut pairs = Vec::new();
    for (start, run) in (0..row).step_by(RUN).zip(bits[..row].chunks(RUN)) {
        if MAX_BITS < crate::vectors::arch().dispatch(Nearest { turns: &turns, run }) {
            continue;
        }
        for &(other_at, other) in &sketches[start..start + run.len()] {
            if sketch.is_copy_of(other) {
                pairs.push((other_at, at));
                if pairs.len() == MAX_COPIES {
                    return pairs;
                }
            }
        }
    }
    pairs
}

/// The fewest bits by which any turn of a picture differs from any picture of a run.
struct Nearest<'a> {
    turns: &'a [u64; 8],
    run: &'a [u64],
}

impl pulp::NullaryFnOnce for Nearest<'_> {
    type Output = u32;

    #[inline(always)]
    fn call(self) -> u32 {
        let mut fewest = [u64::BITS; RUN];
        for &turn in self.turns {
            for (fewest, &bits) in fewest.iter_mut().zip(self.run) {
                *fewest = (*fewest).min((turn ^ bits).count_ones());
            }
        }
        fewest.into_iter().fold(u64::BITS, u32::min)
    }
}
