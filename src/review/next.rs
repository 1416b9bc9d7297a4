//! Which pictures to label next, without a page.

use std::path::PathBuf;
use std::sync::Arc;

use super::eyes::{DEFECT, Eyes, GOOD};
use super::learning::{Base, Opinions, Request, Snapshot, word};
use super::measuring::{judge, measure};
use super::pictures::{Pictures, State};
use crate::batch::Batch;
use crate::error::Result;
use crate::io::{Entry, Label};
use crate::learn::asking::AskOrder;

/// A picture to label, and why.
#[derive(Debug, PartialEq)]
pub struct Next {
    pub path: PathBuf,
    pub reason: &'static str,
    pub value: f64,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    pub next: Vec<Next>,
    /// Pictures that cannot be read, and why.
    pub failed: Vec<(PathBuf, String)>,
    /// Pictures that the model was trained or tested with, which are not asked for.
    pub n_known: usize,
}

/// The pictures that teach a model most, at most `n` of those without a label. Labels of the entries are answers so far.
///
/// # Errors
/// [`crate::Error::Interrupted`].
pub fn next(
    entries: Vec<Entry>,
    eyes: &Eyes,
    (order, n): (AskOrder, usize),
    seed: u64,
    batch: Batch<'_>,
) -> Result<Found> {
    let pictures = Pictures::new(entries, eyes.descriptor().schema().len());
    let n_pictures = pictures.len();
    let opinions = match eyes {
        Eyes::Descriptor(_) => None,
        Eyes::Model(model) => Some(Opinions::new(model.classes.clone(), n_pictures)),
        Eyes::Inspector(_) => Some(Opinions::new(vec![GOOD.into(), DEFECT.into()], n_pictures)),
    };
    measure(eyes, &pictures, opinions.as_ref(), batch, &|| {})?;
    if let (Eyes::Inspector(inspector), Some(opinions)) = (eyes, &opinions) {
        judge(inspector, &pictures, opinions, batch, &|| {})?;
    }
    let measured = pictures.measured();
    let mut found = Found::default();
    let mut known = Vec::new();
    for (at, state) in measured.states.iter().enumerate() {
        let entry = &pictures.entries[at];
        if let State::Failed(reason) = state {
            found.failed.push((entry.path.clone(), reason.clone()));
        } else if let (Eyes::Model(model), None) = (eyes, &entry.label)
            && let (Some(shown), Some(content)) = (&model.pictures, measured.contents[at])
            && shown.knows(&content)
        {
            known.push(at);
        }
    }
    found.n_known = known.len();
    let Some(base) = Base::of(&measured, eyes.descriptor().schema())? else { return Ok(found) };
    let labels = pictures.entries.iter().enumerate();
    let labelled: Vec<(usize, Label)> =
        labels.filter_map(|(at, entry)| Some((at, Label::Class(entry.label.clone()?)))).collect();
    let mut classes: Vec<String> = Vec::new();
    for (_, label) in &labelled {
        if let Label::Class(name) = label
            && !classes.contains(name)
        {
            classes.push(name.clone());
        }
    }
    let snapshot = Snapshot::of(Request {
        base: &Arc::new(base),
        labelled,
        classes,
        skipped: &known,
        opinions: opinions.as_ref(),
        orders: &[(order, n)],
        seed,
    })?;
    let named = snapshot.asked(order).iter().map(|asked| Next {
        path: pictures.entries[snapshot.base.pictures[asked.row]].path.clone(),
        reason: word(asked.reason),
        value: asked.value,
    });
    found.next = named.collect();
    Ok(found)
}
