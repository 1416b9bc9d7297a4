//! The few pictures that a page shows, read again at the end.

use std::collections::BTreeMap;

use super::page::{Card, Image, jpeg_uri};
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::image::change::Change;
use crate::image::change::thumbnail;
use crate::io::{Entry, jpeg_bytes, path_to_text};
use crate::learn::scale::Scaler;
use crate::texture::descriptor::Descriptor;

/// The longer side of a thumbnail in pixels.
const SIDE: usize = 96;
/// Of the thumbnails' JPEG.
const QUALITY: u8 = 72;
/// How many features are named beside a picture.
const N_STRONGEST: usize = 3;
/// Features nearer than this to the mean, in standard deviations, are nothing special.
const MIN_DEVIATION: f64 = 1.0;

/// Pictures by a number of the caller's, with what is known of each without its prediction.
#[derive(Debug)]
pub(super) struct Shown(BTreeMap<usize, Card>);

impl Shown {
    /// Reads pictures and makes thumbnails of them, changed as they were when they were judged. One that can
    /// no longer be read says so in its place.
    ///
    /// # Errors
    /// [`Error::Interrupted`].
    pub fn read(
        wanted: BTreeMap<usize, Entry>,
        (descriptor, scaler): (&Descriptor, &Scaler),
        change: Option<Change>,
        batch: Batch<'_>,
    ) -> Result<Self> {
        let extractor = batch.extractor(descriptor).change(change);
        let (numbers, entries): (Vec<usize>, Vec<Entry>) = wanted.into_iter().unzip();
        let mut numbers = numbers.into_iter();
        let mut shown = BTreeMap::new();
        let schema = descriptor.schema();
        let names: Vec<&str> = schema.names().collect();
        let small = |planes: &crate::image::Planes| {
            let small = thumbnail(planes, SIDE)?;
            let (width, height) = (small.gray().width(), small.gray().height());
            let bytes = jpeg_bytes(&small, QUALITY).map_err(|problem| problem.to_string());
            Ok(bytes.map(|bytes| Image { uri: jpeg_uri(&bytes), width, height }))
        };
        batch.extract_with(entries, &extractor, small, |entry, outcome| {
            let name = path_to_text(&entry.path);
            let (image, lines) = match outcome {
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(error) => (Err(format!("cannot be shown: {}", error.reason())), Vec::new()),
                Ok((example, image)) => {
                    let features = example.features;
                    let deviations = scaler.deviations(&features.values, schema)?;
                    let mut lines = vec![format!("texture score {:.1}", features.texture_score)];
                    lines.extend(strongest(&names, &deviations));
                    (image, lines)
                }
            };
            let card = Card { image, name, verdict: String::new(), lines };
            shown.extend(numbers.next().map(|number| (number, card)));
            Ok(())
        })?;
        Ok(Self(shown))
    }

    /// The card of a picture with what was predicted of it; `None` where it was not read.
    pub fn card(&self, number: usize, verdict: String, line: String) -> Option<Card> {
        let mut card = Card { verdict, ..self.0.get(&number)?.clone() };
        card.lines.insert(0, line);
        Some(card)
    }
}

/// The features that lie farthest from the mean of the pictures learned from.
pub(super) fn strongest(names: &[&str], deviations: &[f64]) -> Vec<String> {
    let mut order: Vec<usize> = (0..deviations.len().min(names.len())).collect();
    // Equal ones stay in the order of the columns.
    order.sort_by(|&a, &b| deviations[b].abs().total_cmp(&deviations[a].abs()));
    let far = order.into_iter().filter(|&at| MIN_DEVIATION <= deviations[at].abs());
    far.take(N_STRONGEST).map(|at| format!("{} {:+.1} sd", names[at], deviations[at])).collect()
}
