//! Features of all pictures, and what a model makes of them.

use super::eyes::Eyes;
use super::learning::{Opinion, Opinions};
use super::pictures::Pictures;
use crate::batch::Batch;
use crate::error::Result;
use crate::io::Entry;
use crate::model::Model;
use crate::model::inspection::Inspector;

/// Measures all pictures, those of an earlier time from the batch's cache, and lets a model of classes predict. `told` hears of
/// each picture.
///
/// # Errors
/// [`crate::Error::Interrupted`].
pub fn measure(
    eyes: &Eyes,
    pictures: &Pictures,
    opinions: Option<&Opinions>,
    batch: Batch<'_>,
    told: &dyn Fn(),
) -> Result<()> {
    let entries: Vec<Entry> = pictures.entries.iter().map(Entry::again).collect();
    let extractor = match eyes {
        Eyes::Model(model) => batch.prepared(model.extractor()),
        Eyes::Descriptor(_) | Eyes::Inspector(_) => batch.extractor(eyes.descriptor()),
    };
    let mut numbers = 0..;
    batch.extract(entries, &extractor, |_, outcome| {
        let number = numbers.next().unwrap_or_default();
        if let (Eyes::Model(model), Ok(example), Some(opinions)) = (eyes, &outcome, opinions)
            && let Some(opinion) = predicted(model, example)
        {
            opinions.take(number, opinion);
        }
        pictures.take(number, outcome)?;
        told();
        Ok(())
    })
}

fn predicted(model: &Model, example: &crate::batch::Example) -> Option<Opinion> {
    let predictions = model.predict(example.clone()).ok()?;
    let probs = predictions.probs.row(0).iter().map(|&p| p as f32).collect();
    Some(Opinion { probs, familiarity: *predictions.familiarity.first()?, anomaly_score: None })
}

/// Lets a model of good pictures judge all pictures. `told` hears of each.
///
/// # Errors
/// [`crate::Error::Interrupted`].
pub fn judge(
    inspector: &Inspector,
    pictures: &Pictures,
    opinions: &Opinions,
    batch: Batch<'_>,
    told: &dyn Fn(),
) -> Result<()> {
    let entries: Vec<Entry> = pictures.entries.iter().map(Entry::again).collect();
    let extractor = batch.prepared(inspector.extractor());
    let look = |entry: &Entry| {
        let judgement = inspector.judge(entry, &extractor)?;
        Ok((judgement.familiarity, judgement.anomaly_score))
    };
    let mut numbers = 0..;
    batch.each(entries, look, |_, outcome| {
        let number = numbers.next().unwrap_or_default();
        if let Ok((familiarity, score)) = outcome {
            let defect = (1.0 - familiarity) as f32;
            let probs = vec![1.0 - defect, defect];
            opinions.take(number, Opinion { probs, familiarity, anomaly_score: Some(score) });
        }
        told();
        Ok(())
    })
}
