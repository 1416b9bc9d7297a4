//! What is told of the review and of its pictures.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::Result;
use crate::io::Label;
use crate::review::labels::to_json;
use crate::review::learning::{Snapshot, verdict};
use crate::review::pictures::{Measured, State};
use crate::review::session::Session;

/// What is said while all labels are alike.
const ONE_KIND: &str = "Label pictures of another kind, too: the model learns from two classes on.";

/// How many of the most similar labelled pictures are shown.
const N_NEAREST: usize = 6;

/// What does not change while the page is open.
pub fn start(session: &Session) -> Value {
    json!({
        "source": session.source,
        "labels": Session::shown(&session.labels_file),
        "n": session.pictures.len(),
        "kind": if session.is_of_good() { "good" } else { "classes" },
        "model": session.model.as_deref().map(Session::shown),
        "folders": session.known_classes(),
        "train_command": session.training.shown,
    })
}

/// What changes: all that is new after a change of labels.
pub fn state(session: &Session, changes: u64) -> Value {
    let (learned, order_version) = session.learning.versions();
    let snapshot = session.learning.snapshot();
    let (n_done, n) = session.progress();
    let (_, n_failed) = session.pictures.counts();
    let n_compared = snapshot.as_deref().map_or(0, |snapshot| snapshot.base.pictures.len());
    let mut labels = session.labels();
    labels.retry();
    let since: Vec<(usize, Value)> =
        labels.since(changes).map(|(id, label)| (id, to_json(label))).collect();
    let classes = labels.classes();
    let n_labelled: usize = classes.iter().map(|(_, n)| n).sum();
    let n_none = labels.n_none();
    let (undo, redo) = labels.can_undo_and_redo();
    let listed: Vec<Value> =
        classes.iter().map(|(name, n)| json!({ "name": name, "n": n })).collect();
    let training = session.training.outcome().map(|(outcome, change)| {
        let (state, text) = outcome.parts();
        let model = Session::shown(&session.training.model);
        json!({ "state": state, "text": text, "changes": change, "model": model })
    });
    let problem = labels.problem().map(str::to_owned).or_else(|| session.learning.trouble());
    json!({
        "changes": labels.last_change(),
        "labels": since,
        "classes": listed,
        "labelled": n_labelled,
        "none": n_none,
        "unlabelled": n - n_labelled - n_none,
        "failed": n_failed,
        "undo": undo,
        "redo": redo,
        "features": { "done": n_done, "of": n, "ordered": 0 < order_version, "compared": n_compared },
        "order_version": order_version,
        "learned": learned,
        "learning": snapshot.as_deref().and_then(|snapshot| learning(session, snapshot)),
        "training": training,
        "problem": problem,
    })
}

fn learning(session: &Session, snapshot: &Snapshot) -> Option<Value> {
    if snapshot.labels.is_empty() {
        return None;
    }
    let accuracy = snapshot.accuracy.as_ref().filter(|accuracy| 0 < accuracy.n);
    let curve = snapshot.curve.as_ref();
    let (mut word, mut sentence) = curve.map_or(("too_few", ONE_KIND), verdict);
    if snapshot.labels.len() == snapshot.base.pictures.len() && curve.is_some() {
        (word, sentence) = ("enough", "Every picture has an answer.");
    }
    // Below, classes may be missing that nobody has met yet.
    let expected = snapshot
        .expected
        .filter(|_| word != "too_few" && snapshot.labels.len() < snapshot.base.pictures.len());
    let sentence = match expected {
        Some(share) => {
            format!(
                "{sentence} Of the pictures without a label the model expects to get {:.0} % right.",
                (100.0 * share).floor()
            )
        }
        None => sentence.to_owned(),
    };
    let points: Vec<Value> = curve
        .map(|curve| {
            curve.points.iter().map(|point| json!([point.n_labels, point.accuracy])).collect()
        })
        .unwrap_or_default();
    Some(json!({
        "busy": session.learning.is_busy(),
        "n_labels": snapshot.labels.len(),
        "accuracy": accuracy.map(|accuracy| accuracy.right as f64 / accuracy.n as f64),
        "low": accuracy.map(|accuracy| accuracy.interval[0]),
        "high": accuracy.map(|accuracy| accuracy.interval[1]),
        "curve": points,
        "verdict": word,
        "sentence": sentence,
    }))
}

/// What a tile of the grid shows of each picture.
pub fn pictures(session: &Session, ids: &[usize]) -> Value {
    let snapshot = session.learning.snapshot();
    let measured = session.pictures.measured();
    let labels = session.labels();
    let facts = |&id: &usize| brief(session, snapshot.as_deref(), &measured, id, labels.label(id));
    ids.iter().map(facts).collect()
}

fn brief(
    session: &Session,
    snapshot: Option<&Snapshot>,
    measured: &Measured,
    id: usize,
    label: Option<&Label>,
) -> Value {
    // Its own label would tell what is predicted of a labelled picture.
    let predicted = snapshot.and_then(|snapshot| {
        let predicted = match label {
            Some(_) => snapshot.out_of_fold(id),
            None => snapshot.predicted(id),
        };
        predicted.map(|it| (snapshot, it))
    });
    let familiarity =
        predicted.and_then(|(snapshot, _)| Some(snapshot.familiarity[snapshot.base.row(id)?]));
    let error = match &measured.states[id] {
        State::Failed(reason) => Some(reason),
        State::Waiting | State::Measured(..) => None,
    };
    json!({
        "id": id,
        "path": session.pictures.names[id],
        "label": to_json(label),
        "predicted": predicted.map(|(snapshot, (class, _))| snapshot.name(class).map_or(Value::Bool(false), Value::from)),
        "probability": predicted.map(|(_, (_, p))| p),
        "familiarity": familiarity,
        "error": error,
    })
}

/// All that is known of one picture.
///
/// # Errors
/// [`crate::Error::Setting`] for a number that is no picture's.
pub fn whole(session: &Session, id: usize) -> Result<Value> {
    session.entry(id)?;
    let snapshot = session.learning.snapshot();
    let snapshot = snapshot.as_deref();
    let label = session.labels().label(id).cloned();
    let (mut facts, size) = {
        let measured = session.pictures.measured();
        let size = match measured.states[id] {
            State::Measured(width, height) => Some((width, height)),
            State::Waiting | State::Failed(_) => None,
        };
        (brief(session, snapshot, &measured, id, label.as_ref()), size)
    };
    let known = snapshot.and_then(|snapshot| Some((snapshot, snapshot.base.row(id)?)));
    let probs =
        known.and_then(|(snapshot, row)| Some((snapshot, snapshot.probs.as_ref()?.row(row))));
    let mut probabilities: Vec<(String, f64)> = probs
        .map(|(snapshot, probs)| {
            snapshot.classes.iter().cloned().zip(probs.iter().copied()).collect()
        })
        .unwrap_or_default();
    probabilities.sort_by(|a, b| b.1.total_cmp(&a.1));
    let nearest: Vec<Value> = snapshot
        .map(|snapshot| {
            let labels = session.labels();
            let near = snapshot.nearest(id, N_NEAREST).into_iter();
            near.map(|(other, distance)| json!({ "id": other, "label": to_json(labels.label(other)), "distance": distance })).collect()
        })
        .unwrap_or_default();
    let out_of_fold = snapshot.and_then(|snapshot| {
        let (class, p) = snapshot.out_of_fold(id)?;
        Some(json!([snapshot.name(class).map_or(Value::Bool(false), Value::from), p]))
    });
    let opinion = session.opinions().and_then(|opinions| opinions.of(id));
    let has_map = match session.is_of_good() {
        true => opinion.is_some(),
        false => snapshot.and_then(|snapshot| snapshot.predicted(id)?.0).is_some(),
    };
    if let Value::Object(fields) = &mut facts {
        fields.insert("width".into(), size.map(|size| size.0).into());
        fields.insert("height".into(), size.map(|size| size.1).into());
        fields.insert("probabilities".into(), json!(probabilities));
        fields.insert("nearest".into(), json!(nearest));
        fields.insert("out_of_fold".into(), out_of_fold.into());
        fields.insert(
            "anomaly_score".into(),
            opinion.and_then(|opinion| opinion.anomaly_score).into(),
        );
        fields.insert("map".into(), has_map.into());
    }
    Ok(facts)
}

/// Labels against what the labels of others say.
pub fn confusion(session: &Session) -> Value {
    let snapshot = session.learning.snapshot();
    let Some(snapshot) = snapshot.as_deref() else { return json!({ "classes": [], "matrix": [] }) };
    let Some(out_of_fold) = &snapshot.out_of_fold else {
        return json!({ "classes": [], "matrix": [] });
    };
    let labels = session.labels();
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let judged = out_of_fold.labels.iter().zip(&out_of_fold.are_judged);
    for (label, _) in judged.filter(|(_, is_judged)| **is_judged) {
        let picture = snapshot.base.pictures[label.row];
        let (Some(class), true) = (label.class, labels.label(picture).is_some()) else { continue };
        if let Some((Some(predicted), _)) = snapshot.out_of_fold(picture) {
            *counts.entry((class, predicted)).or_default() += 1;
        }
    }
    let used: Vec<usize> = (0..snapshot.classes.len())
        .filter(|&class| counts.keys().any(|&(row, column)| row == class || column == class))
        .collect();
    let classes: Vec<&str> = used.iter().map(|&class| snapshot.classes[class].as_str()).collect();
    let count = |row: usize, column: usize| counts.get(&(row, column)).copied().unwrap_or(0);
    let matrix: Vec<Vec<usize>> =
        used.iter().map(|&row| used.iter().map(|&column| count(row, column)).collect()).collect();
    json!({ "classes": classes, "matrix": matrix })
}
