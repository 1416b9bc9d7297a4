//! Where in a picture a prediction comes from.

use std::path::Path;

use ndarray::ArrayView2;

use super::eyes::Eyes;
use super::learning::Snapshot;
use super::session::Session;
use crate::error::{Error, Problem, Result, same_size};
use crate::image::{Grid, Planes, regions_above};
use crate::io::{Entry, path_to_text, read_picture};
use crate::model::inspection::Inspector;
use crate::model::training::DEFAULT_REJECT_BELOW;
use crate::report::maps::{OddPlaces, Values, write_odd_places, write_overlay};

/// Windows along the shorter side of a picture, at least; they are as large as that allows.
const WINDOWS: usize = 4;

/// The smallest window in which the features say something.
const MIN_WINDOW: usize = 16;

/// Pictures that a window is compared with.
const COMPARED: usize = 8;

/// A picture with colours for what the prediction comes from, as PNG: of a model of good pictures how odd each place is, else how
/// probable the predicted class is of each window.
///
/// # Errors
/// [`Error::Picture`] and [`Error::Io`] where the picture cannot be read or has no room for windows.
pub fn map(session: &Session, picture: usize) -> Result<Vec<u8>> {
    let entry = session.entry(picture)?;
    let folder =
        tempfile::tempdir().map_err(|e| Error::io("write", Path::new("a temporary folder"), e))?;
    let file = folder.path().join("map.png");
    match &session.eyes {
        Eyes::Inspector(inspector) => odd_places(session, inspector, entry, &file)?,
        Eyes::Descriptor(_) | Eyes::Model(_) => {
            let snapshot = session.learning.snapshot();
            match snapshot
                .as_ref()
                .and_then(|snapshot| Some((snapshot, snapshot.predicted(picture)?.0?)))
            {
                Some((snapshot, class)) => windows(session, snapshot, class, entry, &file)?,
                None => {
                    let problem = Problem::new(
                        "a picture with a predicted class",
                        "none yet",
                        "label some pictures first",
                    );
                    return Err(Error::picture(&entry.path, problem));
                }
            }
        }
    }
    std::fs::read(&file).map_err(|e| Error::io("read", &file, e))
}

fn gray(session: &Session, entry: &Entry) -> Result<Planes> {
    Ok(read_picture(&entry.path, session.limits(), false)?.planes)
}

fn odd_places(session: &Session, inspector: &Inspector, entry: &Entry, file: &Path) -> Result<()> {
    let extractor = session.extractor();
    let judgement = inspector.judge(entry, &extractor)?;
    let (width, height) = (judgement.width, judgement.height);
    let pixels = judgement.map.pixels(width, height);
    let limit = inspector.odd_from(DEFAULT_REJECT_BELOW);
    same_size("pixels of a map", width * height, pixels.len())?;
    let view = ArrayView2::from_shape((height, width), &pixels).map_err(|_| Error::Size {
        what: "pixels of a map",
        expected: width * height,
        found: pixels.len(),
    })?;
    let regions = regions_above(view, limit as f32);
    let places = OddPlaces { values: &pixels, limit, regions: &regions };
    write_odd_places(file, gray(session, entry)?.gray(), &places)
}

fn windows(
    session: &Session,
    snapshot: &Snapshot,
    class: usize,
    entry: &Entry,
    file: &Path,
) -> Result<()> {
    let planes = gray(session, entry)?;
    let gray = planes.gray();
    let shorter = gray.width().min(gray.height());
    let side = (shorter / WINDOWS).max(MIN_WINDOW.min(shorter));
    let refused = |problem| Error::picture(&entry.path, problem);
    let grid = Grid::new(gray.width(), gray.height(), side, side).map_err(refused)?;
    let example = session.extractor().tile(Some(side)).example(entry)?;
    let n_columns = session.schema().len();
    let rows: Vec<f32> = example.features.values.iter().map(|&value| value as f32).collect();
    let rows =
        ArrayView2::from_shape((example.windows, n_columns), &rows).map_err(|_| Error::Size {
            what: "features of windows",
            expected: example.windows * n_columns,
            found: rows.len(),
        })?;
    let compact = snapshot.base.space.compact(rows)?;
    let Some(probs) = &snapshot.probs else { return Ok(()) };
    let of_window = |row: ndarray::ArrayView1<'_, f32>| {
        let near = snapshot.base.nearest(row, COMPARED);
        near.iter().map(|&other| probs[[other, class]]).sum::<f64>() / near.len().max(1) as f64
    };
    let of = compact.rows().into_iter().map(of_window).collect();
    let name = format!("probability of {}", snapshot.name(Some(class)).unwrap_or_default());
    let values = Values::Numbers { name, of, ends: Some((0.0, 1.0)) };
    write_overlay(file, gray, &grid, &values).map_err(|error| match error {
        Error::Size { .. } => Error::picture(
            &entry.path,
            Problem::new("windows of one size", path_to_text(&entry.path), "leave it out"),
        ),
        other => other,
    })
}
