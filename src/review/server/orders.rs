//! In which order pictures are shown, and why.

use serde_json::{Value, json};

use super::query::Query;
use crate::error::{Error, Problem, Result};
use crate::io::Label;
use crate::learn::asking::Suspect;
use crate::review::eyes::DEFECT;
use crate::review::learning::{ORDERS, Snapshot, word};
use crate::review::pictures::State;
use crate::review::session::Session;

/// Pictures in an order.
struct Order {
    ids: Vec<usize>,
    reasons: Option<Vec<&'static str>>,
    values: Option<Vec<f64>>,
}

impl Order {
    fn of(ids: Vec<usize>) -> Self {
        Self { ids, reasons: None, values: None }
    }

    fn with_values(pairs: Vec<(usize, f64)>) -> Self {
        let (ids, values) = pairs.into_iter().unzip();
        Self { ids, reasons: None, values: Some(values) }
    }
}

/// # Errors
/// [`Error::Setting`] for an order that there is not.
pub fn order(session: &Session, query: &Query) -> Result<Value> {
    let by = query.get("by").unwrap_or("likeness");
    let snapshot = session.learning.snapshot();
    let snapshot = snapshot.as_deref();
    let order = if let Some((_, asked_by, _)) = ORDERS.iter().find(|(name, ..)| *name == by) {
        let labels = session.labels();
        let asked = snapshot.map(|snapshot| snapshot.asked(*asked_by)).unwrap_or_default();
        // Labels that are newer than what was learned are not asked for again.
        let pictures =
            asked.iter().filter_map(|asked| Some((snapshot?.base.pictures[asked.row], asked)));
        let open: Vec<_> =
            pictures.filter(|(picture, _)| labels.label(*picture).is_none()).collect();
        Order {
            ids: open.iter().map(|(picture, _)| *picture).collect(),
            reasons: Some(open.iter().map(|(_, asked)| word(asked.reason)).collect()),
            values: Some(open.iter().map(|(_, asked)| asked.value).collect()),
        }
    } else {
        match by {
            "likeness" => likeness(session, snapshot),
            "path" => Order::of((0..session.pictures.len()).collect()),
            "suspects" => suspects(snapshot),
            "class" => class(session, snapshot, query.get("class").unwrap_or_default()),
            "cell" => cell(session, snapshot, query),
            "oddest" => oddest(session, snapshot),
            "failed" => failed(session),
            other => {
                let problem = Problem::new("an order of the page", other, "load the page again");
                return Err(Error::setting("by", problem));
            }
        }
    };
    let (learned, order_version) = session.learning.versions();
    Ok(json!({
        "by": by,
        "version": format!("{learned}-{order_version}"),
        "ids": order.ids,
        "reasons": order.reasons,
        "values": order.values,
    }))
}

fn likeness(session: &Session, snapshot: Option<&Snapshot>) -> Order {
    match snapshot {
        Some(snapshot) => Order::of(snapshot.base.likeness.clone()),
        None => Order::of((0..session.pictures.len()).collect()),
    }
}

/// Labelled pictures, likely wrong labels first; the value is the probability that others give the label.
fn suspects(snapshot: Option<&Snapshot>) -> Order {
    let Some(snapshot) = snapshot else { return Order::of(Vec::new()) };
    let share = |suspect: &Suspect| snapshot.label_share(suspect.row).unwrap_or(0.0);
    let of = |suspect: &Suspect| (snapshot.base.pictures[suspect.row], share(suspect));
    let mut order = Order::with_values(snapshot.suspects.iter().map(of).collect());
    let word = |suspect: &Suspect| if suspect.margin < 0.0 { "contradicted" } else { "" };
    order.reasons = Some(snapshot.suspects.iter().map(word).collect());
    order
}

/// Pictures that are labelled so, and then those that are only predicted so, the surest first.
fn class(session: &Session, snapshot: Option<&Snapshot>, name: &str) -> Order {
    let labels = session.labels();
    let wanted = Label::Class(name.to_owned());
    let all = 0..session.pictures.len();
    let mut ids: Vec<usize> =
        all.clone().filter(|&picture| labels.label(picture) == Some(&wanted)).collect();
    if let Some(snapshot) = snapshot {
        let open = all.filter(|&picture| labels.label(picture).is_none());
        let mut predicted: Vec<(usize, f64)> = open
            .filter_map(|picture| {
                let (class, p) = snapshot.predicted(picture)?;
                (snapshot.name(class) == Some(name)).then_some((picture, p))
            })
            .collect();
        predicted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ids.extend(predicted.into_iter().map(|(picture, _)| picture));
    }
    Order::of(ids)
}

/// Labelled pictures of one class that the others take for another.
fn cell(session: &Session, snapshot: Option<&Snapshot>, query: &Query) -> Order {
    let (given, predicted) =
        (query.get("true").unwrap_or_default(), query.get("predicted").unwrap_or_default());
    let Some(snapshot) = snapshot else { return Order::of(Vec::new()) };
    let labels = session.labels();
    let wanted = Label::Class(given.to_owned());
    let own = |&picture: &usize| {
        labels.label(picture) == Some(&wanted)
            && snapshot
                .out_of_fold(picture)
                .is_some_and(|(class, _)| snapshot.name(class) == Some(predicted))
    };
    Order::of((0..session.pictures.len()).filter(own).collect())
}

/// The oddest pictures first, by the model of good pictures and what was labelled since.
fn oddest(session: &Session, snapshot: Option<&Snapshot>) -> Order {
    let Some(opinions) = session.opinions().filter(|_| session.is_of_good()) else {
        return Order::of(Vec::new());
    };
    let defect =
        snapshot.and_then(|snapshot| snapshot.classes.iter().position(|class| class == DEFECT));
    let mut pictures: Vec<(usize, f64, f64)> = (0..session.pictures.len())
        .filter_map(|picture| {
            let score = opinions.of(picture)?.anomaly_score?;
            let p = snapshot.zip(defect).and_then(|(snapshot, defect)| {
                Some(snapshot.probs.as_ref()?[[snapshot.base.row(picture)?, defect]])
            });
            Some((picture, p.unwrap_or(0.0), score))
        })
        .collect();
    pictures.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
    Order::with_values(pictures.into_iter().map(|(picture, _, score)| (picture, score)).collect())
}

fn failed(session: &Session) -> Order {
    let measured = session.pictures.measured();
    let is_failed = |&picture: &usize| matches!(measured.states[picture], State::Failed(_));
    Order::of((0..session.pictures.len()).filter(is_failed).collect())
}
