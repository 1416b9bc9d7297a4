//! What was learned from the labels at one moment: never changed, only replaced.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ndarray::Array2;

use super::base::Base;
use super::opinion::Opinions;
use crate::error::Result;
use crate::io::Label;
use crate::learn::asking::{
    self, AskOrder, Asked, Known, LabelledAccuracy, Learned, LearningCurve, OutOfFold, Reason,
    Suspect, ask, learning_curve, nearest_labelled, suspects,
};
use crate::learn::evaluation::largest;

/// With more labels the curve and what others say of a label are made of so many.
const MAX_JUDGED: usize = 3000;

/// What is known of all pictures by the labels of some.
#[derive(Debug)]
pub struct Snapshot {
    pub base: Arc<Base>,
    pub classes: Vec<String>,
    pub labels: Vec<asking::Label>,
    /// Probabilities (rows of the base, classes); what a row lacks to 1 is that of none of the classes. None while nothing is known.
    pub probs: Option<Array2<f64>>,
    /// Whether they are predictions already: labels of one kind alone make none.
    is_shown: bool,
    pub familiarity: Vec<f64>,
    pub out_of_fold: Option<OutOfFold>,
    /// Where each labelled row stands in it.
    judged: HashMap<usize, usize>,
    pub suspects: Vec<Suspect>,
    pub accuracy: Option<LabelledAccuracy>,
    pub curve: Option<LearningCurve>,
    /// The share of the pictures without a label that it expects to predict rightly.
    pub expected: Option<f64>,
    asked: Vec<(AskOrder, Vec<Asked>)>,
}

/// Why a picture is asked about, as one word.
pub fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Typical => "typical",
        Reason::Uncertain => "uncertain",
        Reason::Unlike => "unlike",
        Reason::Contradicted => "contradicted",
        Reason::Random => "random",
    }
}

/// What a snapshot is made of.
pub struct Request<'a> {
    pub base: &'a Arc<Base>,
    /// Labelled pictures in the order in which they were labelled.
    pub labelled: Vec<(usize, Label)>,
    pub classes: Vec<String>,
    /// Pictures that somebody did not want to label now.
    pub skipped: &'a [usize],
    pub opinions: Option<&'a Opinions>,
    /// In which orders to ask, and about how many pictures at most.
    pub orders: &'a [(AskOrder, usize)],
    pub seed: u64,
}

impl Snapshot {
    /// Learns from the labels.
    ///
    /// # Errors
    /// [`crate::Error::Size`], which rows of one base never give.
    pub fn of(request: Request<'_>) -> Result<Self> {
        let Request { base, labelled, mut classes, skipped, opinions, orders, seed } = request;
        if let Some(opinions) = opinions {
            let new = opinions.classes.iter().filter(|class| !classes.contains(class));
            let new: Vec<String> = new.cloned().collect();
            classes.extend(new);
        }
        let numbers: HashMap<&str, usize> = classes.iter().map(String::as_str).zip(0..).collect();
        let label = |(picture, label): &(usize, Label)| {
            let class = match label {
                Label::Class(name) => Some(*numbers.get(&**name)?),
                Label::NoneOfThese => None,
            };
            Some(asking::Label { row: base.row(*picture)?, class })
        };
        let labels: Vec<asking::Label> = labelled.iter().filter_map(label).collect();
        let n_classes = classes.len();
        let (compact, graph) = (&base.compact, &base.graph);
        let learned = match labels.is_empty() {
            true => None,
            false => Some(Learned::fit(compact, graph, &labels, n_classes)?),
        };
        let (probs, familiarity) = joined(base, learned.as_ref(), opinions, &numbers);
        // Labels that are all alike say nothing of what is not.
        let is_one_kind = labels.iter().all(|label| label.class == labels[0].class);
        let judged = if is_one_kind { Vec::new() } else { mixed(&labels) };
        let out_of_fold = match judged.len() < 2 {
            true => None,
            false => Some(OutOfFold::of(compact, graph, &judged, n_classes)?),
        };
        let curve = match judged.len() < 2 {
            true => None,
            false => Some(learning_curve(compact, graph, &judged, n_classes)?),
        };
        let skipped: Vec<usize> = skipped.iter().filter_map(|&picture| base.row(picture)).collect();
        let known = Known {
            n_rows: base.pictures.len(),
            graph: Some(graph),
            compact: Some(compact),
            labels: &labels,
            skipped: &skipped,
            probs: probs.as_ref(),
            familiarity: probs.as_ref().map(|_| &familiarity[..]),
            reach: learned
                .as_ref()
                .filter(|_| opinions.is_none())
                .map(|learned| &learned.reach[..]),
        };
        let mut asked = Vec::new();
        for &(order, most) in orders {
            asked.push((order, ask(order, &known, most, seed)?));
        }
        Ok(Self {
            base: Arc::clone(base),
            suspects: out_of_fold.as_ref().map(suspects).unwrap_or_default(),
            accuracy: out_of_fold.as_ref().map(OutOfFold::accuracy),
            judged: out_of_fold
                .iter()
                .flat_map(|of| of.labels.iter().map(|label| label.row).zip(0..))
                .collect(),
            out_of_fold,
            curve,
            expected: learned
                .as_ref()
                .filter(|_| !is_one_kind)
                .and_then(|learned| learned.expected_accuracy(&labels)),
            classes,
            is_shown: !is_one_kind || opinions.is_some(),
            probs,
            familiarity,
            asked,
            labels,
        })
    }

    /// Which pictures to ask about, the first ones first.
    pub fn asked(&self, order: AskOrder) -> &[Asked] {
        self.asked.iter().find(|(known, _)| *known == order).map_or(&[], |(_, asked)| asked)
    }

    /// What is likeliest of a picture, a class or none of them (`None` inside), and its probability.
    pub fn predicted(&self, picture: usize) -> Option<(Option<usize>, f64)> {
        let probs = self.probs.as_ref().filter(|_| self.is_shown)?;
        Some(likeliest(probs.row(self.base.row(picture)?)))
    }

    /// The same by the labels of others, of a labelled picture.
    pub fn out_of_fold(&self, picture: usize) -> Option<(Option<usize>, f64)> {
        let row = self.base.row(picture)?;
        let out_of_fold = self.out_of_fold.as_ref()?;
        let at = *self.judged.get(&row)?;
        out_of_fold.are_judged[at].then(|| likeliest(out_of_fold.probs.row(at)))
    }

    /// The probability that the labels of others give the label of a labelled row.
    pub fn label_share(&self, row: usize) -> Option<f64> {
        let out_of_fold = self.out_of_fold.as_ref()?;
        let at = *self.judged.get(&row)?;
        let probs = out_of_fold.probs.row(at);
        Some(match out_of_fold.labels[at].class {
            Some(class) => probs[class],
            None => (1.0 - probs.sum()).clamp(0.0, 1.0),
        })
    }

    /// The labelled pictures that look most like a picture, with their distances.
    pub fn nearest(&self, picture: usize, n: usize) -> Vec<(usize, f64)> {
        let Some(row) = self.base.row(picture) else { return Vec::new() };
        let near = nearest_labelled(&self.base.compact, &self.labels, row, n + 1);
        let others = near.into_iter().map(|(at, distance)| (self.labels[at].row, distance));
        let others = others.filter(|&(other, _)| other != row).take(n);
        others.map(|(other, distance)| (self.base.pictures[other], distance)).collect()
    }

    /// The name of a class, or of none of them.
    pub fn name(&self, class: Option<usize>) -> Option<&str> {
        class.and_then(|class| self.classes.get(class)).map(String::as_str)
    }
}

fn likeliest(probs: ndarray::ArrayView1<'_, f64>) -> (Option<usize>, f64) {
    let none = (1.0 - probs.sum()).clamp(0.0, 1.0);
    let best = largest(probs);
    if best.1 <= none { (None, none) } else { (Some(best.0), best.1) }
}

/// What labels say, and a model where they do not reach.
fn joined(
    base: &Base,
    learned: Option<&Learned>,
    opinions: Option<&Opinions>,
    numbers: &HashMap<&str, usize>,
) -> (Option<Array2<f64>>, Vec<f64>) {
    let n = base.pictures.len();
    let Some(opinions) = opinions else {
        return match learned {
            Some(learned) => (Some(learned.probs.clone()), learned.familiarity.clone()),
            None => (None, vec![0.0; n]),
        };
    };
    let places: Vec<Option<usize>> =
        opinions.classes.iter().map(|class| numbers.get(&**class).copied()).collect();
    let mut probs = Array2::zeros((n, numbers.len()));
    let mut familiarity = vec![0.0; n];
    for (row, &picture) in base.pictures.iter().enumerate() {
        let reach = learned.map_or(0.0, |learned| learned.reach[row].clamp(0.0, 1.0));
        if let Some(learned) = learned {
            probs.row_mut(row).scaled_add(reach, &learned.probs.row(row));
            familiarity[row] += reach * learned.familiarity[row];
        }
        if let Some(opinion) = opinions.of(picture) {
            for (&place, &p) in places.iter().zip(&opinion.probs) {
                if let Some(place) = place {
                    probs[[row, place]] += (1.0 - reach) * f64::from(p);
                }
            }
            familiarity[row] += (1.0 - reach) * opinion.familiarity;
        }
    }
    (Some(probs), familiarity)
}

/// Labels to judge others by, at most [`MAX_JUDGED`], in an order in which each beginning has its share of every answer. It depends on
/// the labels alone: somebody who labels one class after the other has the same curve as somebody who mixes them.
fn mixed(labels: &[asking::Label]) -> Vec<asking::Label> {
    let mut by_answer: BTreeMap<Option<usize>, Vec<asking::Label>> = BTreeMap::new();
    for &label in labels {
        by_answer.entry(label.class).or_default().push(label);
    }
    let mut places: Vec<(f64, u64, asking::Label)> = Vec::with_capacity(labels.len());
    for of_answer in by_answer.values_mut() {
        of_answer.sort_by_key(|label| scattered(label.row));
        let n = of_answer.len() as f64;
        let placed = of_answer.iter().enumerate();
        places.extend(
            placed.map(|(at, &label)| ((at as f64 + 0.5) / n, scattered(label.row), label)),
        );
    }
    places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let n = places.len();
    let n_judged = n.min(MAX_JUDGED);
    (0..n_judged).map(|at| places[at * n / n_judged].2).collect()
}

/// A number that tells rows apart and has nothing to do with their order.
fn scattered(row: usize) -> u64 {
    (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests;
