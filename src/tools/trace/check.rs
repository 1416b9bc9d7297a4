//! Which number of a program is the first wrong one, and which mistake gives all its numbers.
//!
//! Every mistake is played through: the update that the file describes is made with it, and the numbers are compared. What
//! gives all numbers of the file is the answer; where several do, all of them are. Conventions are played through in the
//! same way, from the usual one on.

use std::path::Path;

use super::assumed::{ACTIVATIONS, has_own_network, note};
use super::compare::{Expected, Wrong};
use super::convention::{Convention, LossForm, Velocity};
use super::given::Given;
use super::names::{Kind, kind};
use super::order::orders;
use super::overlay::{count_from_zero, labels_as_targets, overlay};
use super::subject::Subject;
use crate::error::{Error, Problem, Result, advice_for};
use crate::nn::trace::{Field, Mistake, Variation};

/// What came of a check.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// How many numbers of how many fields were compared.
    pub n_numbers: usize,
    pub n_fields: usize,
    /// Names in the file that are no fields of the trace.
    pub unknown: Vec<String>,
    pub first_wrong: Option<Wrong>,
    /// Sets of mistakes, each of which gives the numbers of the file; the more than one in a set were made together.
    pub mistakes: Vec<Vec<Mistake>>,
    /// Whether they give all of the numbers, or only those up to and with the first wrong field.
    pub gives_all: bool,
    /// How the program writes what others write otherwise.
    pub conventions: Vec<String>,
    /// What the file leaves open.
    pub notes: Vec<String>,
    /// The numbers as they should be.
    pub right: Vec<Field>,
}

/// A reading of the file: which way round its matrices are, and what its velocities mean.
struct Reading {
    file: Given,
    subject: Subject,
    velocity: Velocity,
    weights: bool,
    columns: bool,
}

impl Reading {
    fn oddity(&self, convention: &Convention) -> usize {
        usize::from(self.weights) + usize::from(self.columns) + convention.oddity()
    }

    fn trace(&self, variations: &[Variation]) -> Result<Vec<Field>> {
        self.subject.update.trace(variations)
    }

    fn first_wrong(&self, fields: &[Field], convention: &Convention) -> Option<Wrong> {
        let n_rows = self.subject.labels.len();
        Expected { fields, rate: self.subject.settings.rate, n_rows }
            .first_wrong(&self.file, convention)
    }

    fn words(&self, convention: &Convention) -> Vec<String> {
        let mut words: Vec<String> = convention.words().into_iter().map(str::to_owned).collect();
        if self.weights {
            words.push("weights are (out, in), the transpose of this project's (in, out)".into());
        }
        if self.columns {
            words.push("examples are in columns, here in rows".into());
        }
        words
    }
}

/// What gives the numbers of a file, or the most of them.
struct Answer<'a> {
    reading: &'a Reading,
    convention: Convention,
    variations: Vec<Variation>,
    wrong: Option<Wrong>,
}

impl Answer<'_> {
    fn oddity(&self) -> usize {
        self.reading.oddity(&self.convention)
    }

    /// How far the numbers agree.
    fn reach(&self) -> usize {
        self.wrong.as_ref().map_or(usize::MAX, |wrong| wrong.at)
    }
}

/// Compares the numbers of a file with those of the update that the file, and what it leaves open the `base`, describe.
///
/// # Errors
/// [`Error::Model`] where the file describes no update, or has no number that can be compared.
pub(crate) fn check(base: &Given, file: &Given, path: &Path, seed: u64) -> Result<Verdict> {
    let mut file = file.clone();
    let n_classes = overlay(base, &file).n_outputs();
    let counts_from_one = count_from_zero(&mut file, n_classes);
    let compared = overlay(base, &file);
    labels_as_targets(&mut file, &compared, n_classes);
    let is_own = has_own_network(base, &file);
    let mut notes = Vec::new();
    if is_own && let Some(activation) = fitting_activation(base, &file, path, seed)? {
        notes
            .push(format!("the file does not say the activation; {activation} fits and was taken"));
        file.settings.insert("activation".into(), activation.into());
    }
    let readings = readings(base, &file, path, seed)?;
    let plain = readings[0].trace(&[])?;
    let is_known =
        |name: &&String| plain.iter().any(|field| field.name == **name) || *name == "labels";
    let (known, unknown): (Vec<&String>, Vec<&String>) = file.fields.keys().partition(is_known);
    let computed = |name: &&&String| {
        plain
            .iter()
            .any(|field| field.name == ***name && field.phase != crate::nn::trace::Phase::Given)
    };
    if !known.iter().any(|name| computed(&name) || *name == "targets") {
        let found = unknown
            .first()
            .map_or("no number that is computed".to_owned(), |name| format!("`{name}`"));
        let names: Vec<&str> = plain.iter().map(|field| field.name.as_str()).collect();
        let word = unknown.first().map_or("", |name| name.as_str());
        let advice = advice_for(word, names.iter().copied(), "docs/trace.md lists the names");
        let expected = "a field such as probabilities, output_deltas or hidden_deltas";
        return Err(Error::model(path, Problem::new(expected, found, advice)));
    }
    let n_numbers =
        known.iter().filter_map(|name| file.get(name)).map(|array| array.values.len()).sum();
    let right = best(&readings, &[vec![]])?;
    let sums = best(&readings, &[vec![Variation::MissingDivision]])?;
    let mut verdict = Verdict {
        n_numbers,
        n_fields: known.len(),
        unknown: unknown.into_iter().cloned().collect(),
        first_wrong: None,
        mistakes: Vec::new(),
        gives_all: true,
        conventions: right.reading.words(&right.convention),
        notes,
        right: right.reading.trace(&[])?,
    };
    // A sum whose gradient is a sum is right; a mean whose gradient is a sum is not.
    let is_of_sums = file.get("loss").is_none() || sums.convention.loss == LossForm::Sum;
    if right.wrong.is_some() && sums.wrong.is_none() && is_of_sums {
        verdict.conventions = sums.reading.words(&sums.convention);
        let words =
            "gradients are sums over the examples, not means: the rate acts N times as much";
        verdict.conventions.push(words.into());
        if file.get("loss").is_none() {
            let note = "the file has no loss; if yours is a mean, the division by N is missing (missing-division)";
            verdict.notes.push(note.into());
        }
    } else if right.wrong.is_some() {
        let (answers, gives_all) = search(&readings, &right)?;
        verdict.gives_all = gives_all;
        // The first wrong number is the first that is wrong in the conventions of the program.
        let first = answers.first().unwrap_or(&right);
        let of = best_of(first.reading, &first.convention)?;
        verdict.first_wrong = of.or(right.wrong.clone());
        verdict.conventions = first.reading.words(&first.convention);
        verdict.right = first.reading.trace(&[])?;
        for answer in &answers {
            let mut set: Vec<Mistake> = answer.variations.iter().map(Variation::mistake).collect();
            set.sort();
            if !verdict.mistakes.contains(&set) {
                verdict.mistakes.push(set);
            }
        }
        if verdict.mistakes.is_empty() && is_single_one(verdict.first_wrong.as_ref(), &file) {
            verdict.mistakes.push(vec![Mistake::SingleOutput]);
            verdict.gives_all = false;
        }
        if is_own {
            verdict.notes.extend(note(&file, &first.reading.subject.settings));
        } else if verdict.mistakes.contains(&vec![Mistake::ForgetfulMomentum])
            && !file.fields.keys().any(|name| name.ends_with("_before"))
        {
            let note = "the file does not say the velocities before the update; if yours were 0, give them, or the momentum 0 if you have none";
            verdict.notes.push(note.into());
        }
        let is_of_step = |name: &str| name.ends_with("_after") || name.ends_with("_velocity");
        if verdict.first_wrong.as_ref().is_some_and(|wrong| is_of_step(&wrong.name))
            && !file.settings.contains_key("rate")
            && !is_own
        {
            let rate = first.reading.subject.settings.rate;
            verdict.notes.push(format!("the file does not say the rate; {rate} was taken"));
        }
    }
    if counts_from_one || file.counts_from_one {
        verdict.conventions.push("labels, rows or columns count from 1, here from 0".into());
    }
    Ok(verdict)
}

/// The activation with which a file that does not say one agrees further than with that of the base.
fn fitting_activation(
    base: &Given,
    file: &Given,
    path: &Path,
    seed: u64,
) -> Result<Option<&'static str>> {
    if file.settings.contains_key("activation") {
        return Ok(None);
    }
    let reach = |file: &Given| -> Result<usize> {
        Ok(best(&readings(base, file, path, seed)?, &[vec![]])?.reach())
    };
    let (mut furthest, mut fitting) = (reach(file)?, None);
    for activation in ACTIVATIONS {
        let mut file = file.clone();
        file.settings.insert("activation".into(), activation.into());
        let reach = reach(&file)?;
        if furthest < reach {
            (furthest, fitting) = (reach, Some(activation));
        }
    }
    Ok(fitting)
}

/// Whether a program has one output, always 1, where there should be several.
fn is_single_one(wrong: Option<&Wrong>, file: &Given) -> bool {
    let of = wrong.filter(|wrong| wrong.place.is_none()).and_then(|wrong| file.get(&wrong.name));
    of.is_some_and(|array| array.values.iter().all(|p| *p == 1.0))
        && wrong.is_some_and(|wrong| wrong.name == "probabilities")
}

/// The first wrong number of a reading in a convention, without a mistake.
fn best_of(reading: &Reading, convention: &Convention) -> Result<Option<Wrong>> {
    Ok(reading.first_wrong(&reading.trace(&[])?, convention))
}

/// Every way to read the file that describes an update, the plain one first.
fn readings(base: &Given, file: &Given, path: &Path, seed: u64) -> Result<Vec<Reading>> {
    let mut readings = Vec::new();
    let mut refusal = None;
    let has_velocity =
        |given: &Given| given.fields.keys().any(|name| name.ends_with("_velocity_before"));
    let says_velocity = has_velocity(file);
    // What has no rows and columns cannot be turned.
    let can_turn =
        |of: Kind| file.fields.iter().any(|(name, a)| kind(name) == of && a.shape.len() == 2);
    for (weights, columns) in [(false, false), (true, false), (false, true), (true, true)] {
        if weights && !can_turn(Kind::Weights) || columns && !can_turn(Kind::Batch) {
            continue;
        }
        let turned = file.turned(weights, columns);
        let given = overlay(base, &turned);
        for velocity in Velocity::ALL {
            // A program may have taken the velocities of the example as its own, whatever its own mean.
            for is_literal in [true, false] {
                if !is_literal
                    && (says_velocity || !has_velocity(&given) || velocity == Velocity::Plain)
                {
                    continue;
                }
                let rate =
                    given.settings.get("rate").and_then(serde_json::Value::as_f64).unwrap_or(0.1);
                let factor = if is_literal { velocity.factor(rate) } else { 1.0 };
                let mut given = given.clone();
                for (name, array) in &mut given.fields {
                    if name.ends_with("_velocity_before") && factor != 0.0 {
                        array.values.iter_mut().for_each(|v| *v /= factor);
                    }
                }
                match given.subject(path, seed) {
                    Ok(subject) => {
                        let file = turned.clone();
                        readings.push(Reading { file, subject, velocity, weights, columns });
                    }
                    Err(error) => refusal = refusal.or(Some(error)),
                }
            }
        }
    }
    match refusal {
        Some(error) if readings.is_empty() => Err(error),
        _ => Ok(readings),
    }
}

/// Of the candidates with the readings and conventions, the one that agrees furthest; of several the simplest.
fn best<'a>(readings: &'a [Reading], candidates: &[Vec<Variation>]) -> Result<Answer<'a>> {
    let mut best: Option<Answer<'a>> = None;
    for reading in readings {
        for variations in candidates {
            let fields = reading.trace(variations)?;
            for convention in Convention::all(reading.velocity) {
                let wrong = reading.first_wrong(&fields, &convention);
                let answer = Answer { reading, convention, variations: variations.clone(), wrong };
                let key =
                    |answer: &Answer<'_>| (std::cmp::Reverse(answer.reach()), answer.oddity());
                if best.as_ref().is_none_or(|best| key(&answer) < key(best)) {
                    best = Some(answer);
                }
            }
        }
    }
    best.ok_or_else(|| {
        Error::data("check", Problem::new("an update", "none", "give inputs and labels"))
    })
}

/// Rows times weights of a network with which pairs of mistakes are tried: a second or so.
const MAX_WORK: usize = 100_000;

/// The mistakes that give all numbers of a file, in the simplest conventions; else pairs of mistakes that do; else those
/// that give the first wrong field, and whether all numbers are given.
fn search<'a>(readings: &'a [Reading], right: &Answer<'a>) -> Result<(Vec<Answer<'a>>, bool)> {
    let (n_rows, n_classes) = readings[0].subject.update.targets.dim();
    let mut forms = Variation::all(n_rows, n_classes);
    for reading in readings {
        for order in orders(&reading.file, &reading.subject.update.targets) {
            if !forms.contains(&order) {
                forms.push(order);
            }
        }
    }
    let singles: Vec<Vec<Variation>> = forms.into_iter().map(|variation| vec![variation]).collect();
    let mut all = answers(readings, &singles)?;
    let partial = furthest(&mut all, right.reach());
    if let Some(whole) = simplest(all) {
        return Ok((whole, true));
    }
    let few: Vec<&Variation> =
        singles.iter().flatten().filter(|v| v.mistake() != Mistake::WrongOrder).collect();
    let mut pairs = Vec::new();
    for (at, a) in few.iter().enumerate() {
        let others = few[..at].iter().filter(|b| b.mistake() != a.mistake());
        pairs.extend(others.map(|b| vec![(*b).clone(), (*a).clone()]));
    }
    // Pairs are many: they are tried in the ways to read the file that agreed furthest, and with small networks alone.
    let update = &right.reading.subject.update;
    if MAX_WORK < n_rows.saturating_mul(update.network.n_parameters()) {
        return Ok((partial, false));
    }
    let way = (right.reading.weights, right.reading.columns);
    for reading in readings.iter().filter(|reading| (reading.weights, reading.columns) == way) {
        if let Some(whole) = simplest(answers(std::slice::from_ref(reading), &pairs)?) {
            return Ok((whole, true));
        }
    }
    Ok((partial, false))
}

fn answers<'a>(readings: &'a [Reading], candidates: &[Vec<Variation>]) -> Result<Vec<Answer<'a>>> {
    let mut answers = Vec::new();
    for reading in readings {
        for variations in candidates {
            let fields = reading.trace(variations)?;
            let best = Convention::all(reading.velocity)
                .into_iter()
                .map(|convention| {
                    let wrong = reading.first_wrong(&fields, &convention);
                    Answer { reading, convention, variations: variations.clone(), wrong }
                })
                // Of those that agree as far, the first is the simplest.
                .reduce(|best, next| if best.reach() < next.reach() { next } else { best });
            answers.extend(best);
        }
    }
    Ok(answers)
}

/// Those that agree further than a reach, the furthest only.
fn furthest<'a>(all: &mut Vec<Answer<'a>>, reach: usize) -> Vec<Answer<'a>> {
    let most = all.iter().map(Answer::reach).max().unwrap_or_default();
    if most <= reach || most == usize::MAX {
        return Vec::new();
    }
    let (far, near): (Vec<_>, Vec<_>) = all.drain(..).partition(|answer| answer.reach() == most);
    *all = near;
    let least = far.iter().map(Answer::oddity).min().unwrap_or_default();
    far.into_iter().filter(|answer| answer.oddity() == least).collect()
}

/// Those that give all numbers, in the simplest way.
fn simplest(all: Vec<Answer<'_>>) -> Option<Vec<Answer<'_>>> {
    let whole: Vec<Answer<'_>> = all.into_iter().filter(|answer| answer.wrong.is_none()).collect();
    let least = whole.iter().map(Answer::oddity).min()?;
    Some(whole.into_iter().filter(|answer| answer.oddity() == least).collect())
}

#[cfg(test)]
mod tests;
