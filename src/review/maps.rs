//! Where in a picture a prediction comes from.

use ndarray::{ArrayView1, ArrayView2};

use super::eyes::Eyes;
use super::learning::Snapshot;
use super::session::Session;
use super::thumbnails::{LARGE, as_large_jpeg};
use crate::error::{Error, Problem, Result, same_size};
use crate::image::{Area, Grid, Planes};
use crate::io::{Entry, read_picture};
use crate::model::inspection::Inspector;
use crate::model::training::DEFAULT_REJECT_BELOW;
use crate::report::maps::{OddPlaces, small_odd_places, small_shares};

/// Windows along the shorter side of a picture, at most.
const WINDOWS: usize = 6;

/// The smallest window in which the features say something.
const MIN_WINDOW: usize = 16;

/// Pictures that a window is compared with.
const COMPARED: usize = 8;

/// A picture with colours for what the prediction comes from, as JPEG: of a model of good pictures how odd each place is, with
/// a frame around the oddest window; else how probable the predicted class is by the pictures that each window looks like most.
///
/// # Errors
/// [`Error::Picture`] and [`Error::Io`] where the picture cannot be read or has no room for windows.
pub fn map(session: &Session, picture: usize) -> Result<Vec<u8>> {
    let entry = session.entry(picture)?;
    if let Eyes::Inspector(inspector) = &session.eyes {
        return as_large_jpeg(&odd_places(session, inspector, entry)?);
    }
    let snapshot = session.learning.snapshot();
    let known =
        snapshot.as_ref().and_then(|snapshot| Some((snapshot, snapshot.predicted(picture)?.0?)));
    match known {
        Some((snapshot, class)) => as_large_jpeg(&windows(session, snapshot, class, entry)?),
        None => {
            let advice = "label some pictures first";
            let problem = Problem::new("a picture with a predicted class", "none yet", advice);
            Err(Error::picture(&entry.path, problem))
        }
    }
}

fn planes(session: &Session, entry: &Entry) -> Result<Planes> {
    Ok(read_picture(&entry.path, session.limits(), false)?.planes)
}

fn odd_places(session: &Session, inspector: &Inspector, entry: &Entry) -> Result<Planes> {
    let judgement = inspector.judge(entry, &session.extractor())?;
    let (width, height) = (judgement.width, judgement.height);
    let values = judgement.map.pixels(width, height);
    let limit = inspector.odd_from(DEFAULT_REJECT_BELOW);
    let places = OddPlaces { values: &values, limit, regions: &[] };
    let whole = Area { x: 0, y: 0, width, height };
    small_odd_places(&planes(session, entry)?, &places, whole, judgement.worst, LARGE)
}

fn windows(session: &Session, snapshot: &Snapshot, class: usize, entry: &Entry) -> Result<Planes> {
    let planes = planes(session, entry)?;
    let gray = planes.gray();
    let shorter = gray.width().min(gray.height());
    let side = (shorter / WINDOWS).max(MIN_WINDOW.min(shorter));
    let refused = |problem| Error::picture(&entry.path, problem);
    let grid = Grid::new(gray.width(), gray.height(), side, side).map_err(refused)?;
    let example = session.extractor().tile(Some(side)).example(entry)?;
    same_size("windows of a picture", grid.len(), example.windows)?;
    let rows: Vec<f32> = example.features.values.iter().map(|&value| value as f32).collect();
    let shape = (example.windows, session.schema().len());
    let rows = ArrayView2::from_shape(shape, &rows).map_err(|_| Error::Size {
        what: "features of windows",
        expected: shape.0 * shape.1,
        found: rows.len(),
    })?;
    let compact = snapshot.base.space.compact(rows)?;
    let share = |row: ArrayView1<'_, f32>| {
        let near = snapshot.base.nearest(row, COMPARED);
        let of = |&row: &usize| snapshot.probs.as_ref().map_or(0.0, |probs| probs[[row, class]]);
        (near.iter().map(of).sum::<f64>() / near.len().max(1) as f64) as f32
    };
    let shares: Vec<f32> = compact.rows().into_iter().map(share).collect();
    small_shares(gray, &grid, &shares, LARGE)
}
