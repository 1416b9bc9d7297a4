//! Which pictures a person is asked about next.

use ndarray::Array2;

use super::graph::Graph;
use super::learned::{Label, nearest_labelled};
use super::settle::settling;
use crate::error::{Result, same_size};
use crate::random::Random;

/// Of so many pictures one is drawn at random in a mixed order, so that what the model is sure of is looked at, too.
const RANDOM_ONE_IN: usize = 10;

/// Labelled pictures that a prediction is compared with.
const COMPARED: usize = 5;

/// The stream of random numbers of what is drawn, see `docs/internals.md`.
const STREAM_DRAWS: u64 = 73;

/// In which order pictures are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AskOrder {
    /// First those whose label settles most, one in ten at random.
    Mixed,
    /// First those whose class is least certain.
    Uncertain,
    /// First those least alike to what is known.
    Unlike,
    /// First those whose prediction their most similar pictures contradict.
    Contradicted,
    /// In random order.
    Random,
}

/// Why a picture is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// It stands for many, and nothing is known yet.
    Typical,
    /// Two classes, or a class and none, are about as likely.
    Uncertain,
    /// It is unlike all that is known.
    Unlike,
    /// Its most similar pictures are of another class than predicted.
    Contradicted,
    /// It was drawn at random.
    Random,
}

/// A picture to ask about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Asked {
    /// Its row.
    pub row: usize,
    /// Why.
    pub reason: Reason,
    /// From 0 to 1. Typical: the share of all pictures that it stands for. Uncertain: 1 less the margin of the two largest
    /// probabilities. Unlike: 1 less what it reaches, or less its familiarity in that order. Contradicted: the share of the
    /// similar pictures that contradict. Random: how much is doubtful in it, 1 where nothing is known.
    pub value: f64,
}

/// What is known of pictures: nothing but their number, what a finished model predicts, or all that few labels say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'a> {
    /// Pictures.
    pub n_rows: usize,
    /// Which look alike. Without it nothing is known of what a label settles, and mixed is the order of what is most
    /// doubtful.
    pub graph: Option<&'a Graph>,
    /// Compact rows, by which labelled pictures are compared.
    pub compact: Option<&'a Array2<f32>>,
    /// Answers so far: not asked again.
    pub labels: &'a [Label],
    /// Pictures that are not to be asked about for another reason.
    pub skipped: &'a [usize],
    /// Probabilities (N, classes); what a row lacks to 1 is the probability of none of them.
    pub probs: Option<&'a Array2<f64>>,
    /// How alike each picture is to what is known, from 0 to 1.
    pub familiarity: Option<&'a [f64]>,
    /// How far labels reach each picture, from 0 to 1; without it familiarity stands for it.
    pub reach: Option<&'a [f64]>,
}

impl Known<'_> {
    /// The chance that a picture is met by a label; 1 where nothing tells.
    fn reach(&self, row: usize) -> f64 {
        let of = self.reach.or(self.familiarity);
        of.map_or(1.0, |values| values[row].clamp(0.0, 1.0))
    }

    /// The difference of the two largest probabilities, none of the classes among them; 0 where there are none.
    fn margin(&self, row: usize) -> f64 {
        let Some(probs) = self.probs else { return 0.0 };
        let own = probs.row(row);
        let none = (1.0 - own.sum()).clamp(0.0, 1.0);
        let (mut first, mut second) = (none, 0.0);
        for &p in own {
            if first < p {
                second = first;
                first = p;
            } else if second < p {
                second = p;
            }
        }
        (first - second).clamp(0.0, 1.0)
    }

    /// How much is doubtful in a picture.
    fn doubt(&self, row: usize) -> f64 {
        1.0 - self.reach(row) * self.margin(row)
    }

    /// The class predicted; `None` for none of them.
    fn predicted(&self, row: usize) -> Option<usize> {
        let own = self.probs?.row(row);
        let best = crate::learn::evaluation::largest(own);
        (1.0 - own.sum() < best.1).then_some(best.0)
    }

    /// The share of the most similar pictures that are not of the class predicted: of the nearest labelled, or, where they are
    /// not at hand, of what the nearest are predicted as.
    fn contradiction(&self, row: usize) -> f64 {
        let predicted = self.predicted(row);
        if let Some(compact) = self.compact.filter(|_| !self.labels.is_empty()) {
            let near = nearest_labelled(compact, self.labels, row, COMPARED);
            // The nearest tells most: the others count by how near they are beside it.
            let least = near.first().map_or(0.0, |near| near.1).max(f64::MIN_POSITIVE);
            let weight = |distance: f64| least / distance.max(least);
            let all: f64 = near.iter().map(|near| weight(near.1)).sum();
            let others = near.iter().filter(|near| self.labels[near.0].class != predicted);
            let others: f64 = others.map(|near| weight(near.1)).sum();
            return if 0.0 < all { others / all } else { 0.0 };
        }
        let Some(graph) = self.graph else { return 0.0 };
        let others = graph.around(row).filter(|&(other, _)| self.predicted(other) != predicted);
        others.map(|(_, share)| share).sum::<f64>().min(1.0)
    }

    fn check(&self) -> Result<()> {
        let n = self.n_rows;
        same_size("rows of the graph", n, self.graph.map_or(n, Graph::n_rows))?;
        same_size("compact rows", n, self.compact.map_or(n, Array2::nrows))?;
        same_size("rows of probabilities", n, self.probs.map_or(n, Array2::nrows))?;
        same_size("familiarities", n, self.familiarity.map_or(n, <[f64]>::len))?;
        same_size("reaches", n, self.reach.map_or(n, <[f64]>::len))
    }
}

/// At most `n` pictures to ask about next, the first ones first; fewer where fewer are left. The same for the same
/// arguments. The random numbers start from the seed plus the number of labels, so that each asking draws others. Where
/// nothing is known yet, every order but random is the mixed one: first those that stand for most.
///
/// # Errors
/// [`crate::Error::Size`] where what is known is not of as many pictures.
pub(crate) fn ask(order: AskOrder, known: &Known<'_>, n: usize, seed: u64) -> Result<Vec<Asked>> {
    known.check()?;
    let mut is_left = vec![true; known.n_rows];
    for row in known.labels.iter().map(|label| label.row).chain(known.skipped.iter().copied()) {
        if let Some(left) = is_left.get_mut(row) {
            *left = false;
        }
    }
    let mut random = Random::new(seed.wrapping_add(known.labels.len() as u64), STREAM_DRAWS);
    let is_start = known.probs.is_none() && known.familiarity.is_none();
    if order == AskOrder::Mixed || is_start && order != AskOrder::Random {
        return Ok(mixed(known, is_left, n, &mut random));
    }
    let mut left: Vec<usize> = (0..known.n_rows).filter(|&row| is_left[row]).collect();
    random.shuffle(&mut left);
    let value: &dyn Fn(usize) -> (Reason, f64) = match order {
        AskOrder::Mixed | AskOrder::Random => {
            let asked = |row| Asked { row, reason: Reason::Random, value: known.doubt(row) };
            return Ok(left.into_iter().take(n).map(asked).collect());
        }
        AskOrder::Uncertain => &|row| (Reason::Uncertain, 1.0 - known.margin(row)),
        AskOrder::Unlike => &|row| {
            let familiarity = known.familiarity.map_or_else(|| known.reach(row), |all| all[row]);
            (Reason::Unlike, 1.0 - familiarity)
        },
        AskOrder::Contradicted => &|row| (Reason::Contradicted, known.contradiction(row)),
    };
    let ranked = left.into_iter().map(|row| {
        let (reason, value) = value(row);
        Asked { row, reason, value }
    });
    let mut ranked: Vec<Asked> = ranked.collect();
    // Where one class is known there is no margin: what is least reached comes first then, and of that any.
    let doubt = |asked: &Asked| known.doubt(asked.row);
    ranked.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| doubt(b).total_cmp(&doubt(a))));
    Ok(apart(known, ranked, n))
}

/// The first `n` of which no two look alike, and then the others.
fn apart(known: &Known<'_>, ranked: Vec<Asked>, n: usize) -> Vec<Asked> {
    let Some(graph) = known.graph else { return ranked.into_iter().take(n).collect() };
    let mut is_beside = vec![false; known.n_rows];
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for asked in ranked {
        if n <= first.len() {
            break;
        }
        if is_beside[asked.row] {
            others.push(asked);
        } else {
            graph.around(asked.row).for_each(|(row, _)| is_beside[row] = true);
            first.push(asked);
        }
    }
    first.extend(others);
    first.truncate(n);
    first
}

fn mixed(known: &Known<'_>, mut is_left: Vec<bool>, n: usize, random: &mut Random) -> Vec<Asked> {
    let is_start = known.probs.is_none();
    let mut left: Vec<usize> = (0..known.n_rows).filter(|&row| is_left[row]).collect();
    let n = n.min(left.len());
    // Drawn first, so that they do not depend on what else is asked.
    let are_random: Vec<bool> = (0..n).map(|_| random.below(RANDOM_ONE_IN) == 0).collect();
    random.shuffle(&mut left);
    let mut drawn = left.into_iter();
    let doubts: Vec<f64> =
        (0..known.n_rows).map(|row| if is_left[row] { known.doubt(row) } else { 0.0 }).collect();
    let mut settling = settling(known.graph, known.labels, doubts, random);
    let mut asked = Vec::with_capacity(n);
    for is_random in are_random {
        let chosen = if is_random { None } else { settling.next(&is_left, random) };
        let (row, share) = match chosen {
            Some((row, share)) => (row, Some(share)),
            None => {
                let Some(row) = drawn.by_ref().find(|&row| is_left[row]) else { break };
                settling.take(row);
                (row, None)
            }
        };
        is_left[row] = false;
        let (unreached, doubt) = (1.0 - known.reach(row), known.doubt(row));
        let (reason, value) = match share {
            None => (Reason::Random, doubt),
            Some(share) if is_start => (Reason::Typical, share),
            Some(_) if doubt < 2.0 * unreached => (Reason::Unlike, unreached),
            Some(_) => (Reason::Uncertain, 1.0 - known.margin(row)),
        };
        asked.push(Asked { row, reason, value });
    }
    asked
}
