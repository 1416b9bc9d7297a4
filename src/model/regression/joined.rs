//! What a model of numbers remembers, put beside new pictures.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::{Array2, Axis};

use super::memory::{Memory, of_views};
use crate::error::Result;
use crate::learn::dataset::{Dataset, Identities, Origin, Split, stacked};
use crate::learn::regression::rounded;
use crate::learn::scale::Scaler;

/// New pictures in numbers, parted, as they came from the source.
pub(super) struct Seen {
    pub data: Dataset,
    /// (pictures, targets).
    pub values: Array2<f64>,
    pub split: Split,
}

/// How the pictures of a source are told to be those remembered.
#[derive(Clone, Copy)]
pub(super) struct Recognition<'a> {
    /// Of the old model.
    pub scaler: &'a Scaler,
    /// Whether pictures are read in another way than those remembered were.
    pub is_other_reading: bool,
    /// Whether what is remembered is not to be learned from.
    pub is_forgetting: bool,
}

/// The pictures of a source, and then those that are remembered and not among them.
pub(super) struct Joined {
    /// Groups have digests in the place of names.
    pub data: Dataset,
    /// (pictures, targets).
    pub values: Array2<f64>,
    pub split: Split,
    /// For each row its place in the memory, where it has one.
    pub places: Vec<Option<usize>>,
    pub counts: Counts,
}

/// What became of the pictures to learn from and of those held out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Pictures of the source to learn from.
    pub of_source: usize,
    /// Those of them that the old model never learned from.
    pub new: usize,
    /// Remembered pictures that the source has with the same numbers.
    pub again: usize,
    /// Remembered pictures that the source has with other numbers, which count now.
    pub renumbered: usize,
    /// Remembered pictures that the source has in a group that they had not.
    pub regrouped: usize,
    /// Pictures learned from because they are remembered alone.
    pub remembered: usize,
    /// Pictures of the source that are held out and that the old model does not remember.
    pub newly_held_out: usize,
}

/// Features of one picture, measured twice, differ by less, scaled or by their sizes: on another machine sums are rounded in
/// another way. Some of regions of one picture differ by more.
const SAME_SCALED: f64 = 1e-3;
const SAME_SHARE: f64 = 1e-6;

/// Joins the pictures of a source with those remembered. A picture that both have is the source's: its numbers count, and its
/// group where it has one.
///
/// # Errors
/// [`crate::Error::Size`] where the columns differ.
pub(super) fn join(
    seen: Seen,
    memory: Option<&Memory>,
    known: &Identities,
    how: Recognition<'_>,
) -> Result<Joined> {
    let Seen { data, values: seen_values, mut split } = seen;
    let data = data.with_group_digests();
    let mut counts = Counts { of_source: split.train.len(), ..Counts::default() };
    let of_content = by_content(memory);
    let mut places = vec![None; data.len()];
    let mut origins: Vec<Origin> = data.origins().to_vec();
    let (mut again, mut renumbered) = (BTreeSet::new(), BTreeSet::new());
    // What the source has instead.
    let mut given: BTreeSet<usize> = BTreeSet::new();
    let train = split.train.iter().map(|&row| (row, true));
    for (row, is_learned_from) in train.chain(split.test.iter().map(|&row| (row, false))) {
        let own = &mut origins[row];
        let alike = of_content.get(&own.content);
        let place = match (memory, alike) {
            (Some(memory), Some(alike)) => same_picture((&data, row), (memory, alike), how)?,
            _ => None,
        };
        let Some((memory, place)) = memory.zip(place) else {
            let is_new = alike.is_some() || !known.has_learned(&own.content);
            counts.new += usize::from(is_new && is_learned_from);
            counts.newly_held_out += usize::from(!is_learned_from);
            continue;
        };
        places[row] = Some(place);
        given.insert(place);
        if how.is_other_reading {
            // Its regions are not those of before, either.
            given.extend(alike.into_iter().flatten());
        }
        let is_same = seen_values.row(row) == memory.values.row(place);
        if is_same {
            again.insert(place)
        } else {
            renumbered.insert(place)
        };
        let before = &memory.data.origins()[place].group;
        counts.regrouped += usize::from(own.group.is_some() && own.group != *before);
        own.group = own.group.take().or_else(|| before.clone());
    }
    (counts.again, counts.renumbered) = (again.len(), renumbered.difference(&again).count());
    // Those that were measured are among those remembered.
    let views = data.views();
    let mut features: Vec<Vec<Array2<f64>>> =
        data.features_by(views, &data.all_rows())?.into_iter().map(|view| vec![view]).collect();
    let classes = data.classes().to_vec();
    // There may be many pictures, so as few copies as may be are held at a time.
    drop(data);
    let mut values = vec![seen_values];
    if let Some(memory) = memory.filter(|_| !how.is_forgetting) {
        let is_kept = |place: &usize| !given.contains(place);
        let kept: Vec<usize> = memory.data.all_rows().into_iter().filter(is_kept).collect();
        for &place in &kept {
            let side = match place < memory.n_learned() {
                true => &mut split.train,
                false => &mut split.test,
            };
            side.push(places.len());
            places.push(Some(place));
            origins.push(memory.data.origins()[place].clone());
        }
        counts.remembered = split.train.len() - counts.of_source;
        for (view, more) in features.iter_mut().zip(memory.data.features_by(views, &kept)?) {
            view.push(more);
        }
        values.push(memory.values.select(Axis(0), &kept));
    }
    let features = features.iter().map(|parts| stacked(parts.iter().map(|part| part.view())));
    let features = features.collect::<Result<Vec<_>>>()?;
    let values = stacked(values.iter().map(|part| part.view()))?;
    let data = of_views(classes, origins, views, features)?;
    Ok(Joined { data, values, split, places, counts })
}

/// The places in a memory by the contents of the pictures.
fn by_content(memory: Option<&Memory>) -> BTreeMap<[u8; 32], Vec<usize>> {
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, origin) in memory.iter().flat_map(|memory| memory.data.origins()).enumerate() {
        places.entry(origin.content).or_default().push(place);
    }
    places
}

/// Which of some remembered pictures with the content of a row is the same one: regions and pages of a picture have its content,
/// and features of their own.
fn same_picture(
    (data, row): (&Dataset, usize),
    (memory, alike): (&Memory, &[usize]),
    how: Recognition<'_>,
) -> Result<Option<usize>> {
    if how.is_other_reading {
        return Ok(alike.first().copied());
    }
    let own = rounded(&data.features(&[row]));
    let theirs = memory.data.features(alike);
    let (own_scaled, theirs_scaled) = (how.scaler.apply(&own)?, how.scaler.apply(&theirs)?);
    let is_same = |at: &usize| {
        let plain = own.iter().zip(theirs.row(*at));
        let mut both = plain.zip(own_scaled.iter().zip(theirs_scaled.row(*at)));
        both.all(|((a, b), (scaled_a, scaled_b))| {
            (a - b).abs() <= SAME_SHARE * a.abs().max(b.abs())
                || (scaled_a - scaled_b).abs() < SAME_SCALED
        })
    };
    Ok((0..alike.len()).find(is_same).map(|at| alike[at]))
}

#[cfg(test)]
mod tests;
