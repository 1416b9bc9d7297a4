//! The few pictures that a page shows, judged once more: maps of all would fill the memory.

use super::share_of;
use crate::batch::{Batch, Extractor, Files};
use crate::error::{Error, Result};
use crate::image::Area;
use crate::io::{Entry, jpeg_bytes, path_to_text};
use crate::model::inspection::Inspector;
use crate::report::maps::{OddPlaces, short, small_odd_places};
use crate::report::page::{Card, Image, jpeg_uri};

/// The longer side of a small picture in pixels.
const SIDE: usize = 240;
/// Of its JPEG.
const QUALITY: u8 = 80;
/// Of a picture so many times as long as it is wide, only that much around its worst window is shown.
const LONGEST: usize = 3;

/// A picture to show, and what was said of it.
#[derive(Debug)]
pub(super) struct Wanted {
    pub entry: Entry,
    pub verdict: String,
    pub familiarity: f64,
    pub anomaly_score: f64,
}

/// Pictures with what the model finds odd over them, in order. One that can no longer be judged says so in its place.
///
/// # Errors
/// [`Error::Interrupted`].
pub(super) fn cards(
    wanted: Vec<Wanted>,
    inspector: &Inspector,
    reject_below: f64,
    batch: Batch<'_>,
) -> Result<Vec<Card>> {
    let extractor = batch.prepared(inspector.extractor());
    let limit = inspector.odd_from(share_of(reject_below));
    let entries: Vec<Entry> = wanted.iter().map(|wanted| wanted.entry.again()).collect();
    let mut wanted = wanted.into_iter();
    let mut cards = Vec::with_capacity(entries.len());
    let work = |entry: &Entry| small(entry, inspector, &extractor, limit);
    batch.each(entries, work, |entry, outcome| {
        let Some(Wanted { verdict, familiarity, anomaly_score, .. }) = wanted.next() else {
            return Ok(());
        };
        let mut lines =
            vec![format!("familiarity {familiarity:.4}, anomaly score {}", short(anomaly_score))];
        let image = match outcome {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => Err(format!("cannot be shown: {}", error.reason())),
            Ok(small) => {
                lines.push(format!("worst window at {}", place(small.worst)));
                lines.extend(small.part.map(|part| format!("only {} is shown", place(part))));
                Ok(small.image)
            }
        };
        let page = entry.page.map(|page| format!(", page {page}")).unwrap_or_default();
        let name = path_to_text(&entry.path) + &page;
        cards.push(Card { image, name, verdict, lines });
        Ok(())
    })?;
    Ok(cards)
}

struct Small {
    image: Image,
    worst: Area,
    /// What is shown, where that is not all.
    part: Option<Area>,
}

fn small(
    entry: &Entry,
    inspector: &Inspector,
    extractor: &Extractor<'_>,
    limit: f64,
) -> Result<Small> {
    let judgement = inspector.judge(entry, extractor)?;
    let (width, height, worst) = (judgement.width, judgement.height, judgement.worst);
    let values = judgement.map.pixels(width, height);
    let entry = Entry { defect_mask: None, ..entry.again() };
    let files = Files::read(&entry, extractor.limits)?;
    let (picture, _) = files.decode_to_measure(false, extractor)?;
    drop(files);
    let part = part_around(worst, width, height);
    let places = OddPlaces { values: &values, limit, regions: &[] };
    let small = small_odd_places(&picture.planes, &places, part, worst, SIDE)?;
    let refuse = |problem| Error::picture(&entry.path, problem);
    let uri = jpeg_uri(&jpeg_bytes(&small, QUALITY).map_err(refuse)?);
    let image = Image { uri, width: small.gray().width(), height: small.gray().height() };
    let is_all = (part.width, part.height) == (width, height);
    Ok(Small { image, worst, part: (!is_all).then_some(part) })
}

/// The part of a long picture around its worst window that is not much longer than wide; of another one all.
pub(super) fn part_around(worst: Area, width: usize, height: usize) -> Area {
    let longest = LONGEST * width.min(height);
    let shown = |start: usize, n: usize, full: usize| {
        let length = full.min(longest.max(n));
        let before = (length - n) / 2;
        (start.saturating_sub(before).min(full - length), length)
    };
    let (x, width) = shown(worst.x, worst.width, width);
    let (y, height) = shown(worst.y, worst.height, height);
    Area { x, y, width, height }
}

fn place(area: Area) -> String {
    let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
    format!("x {} to {right}, y {} to {bottom}", area.x, area.y)
}
