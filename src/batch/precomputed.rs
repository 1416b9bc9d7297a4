//! Pictures whose numbers a table of scores already has.

use super::{Example, Extractor};
use crate::error::{Error, Problem, Result};
use crate::image::{ContentHash, Views};
use crate::io::{Entry, Listing, SCORE, path_to_text};
use crate::texture::descriptor::{Descriptor, Features};

/// Checks that entries from a table of scores have what the descriptor measures, every row all of it and in
/// numbers, and that nothing is asked of
/// them for which the pictures are needed. A manifest that is no table of scores passes: its pictures are read.
///
/// # Errors
/// [`Error::Model`], which names the table.
pub fn check_precomputed(entries: &[Entry], extractor: &Extractor<'_>) -> Result<()> {
    let Some(precomputed) = entries.iter().find_map(|entry| entry.precomputed.as_ref()) else {
        return Ok(());
    };
    let refuse = |expected: String, found: &str, advice: &str| {
        Err(Error::model(precomputed.table(), Problem::new(expected, found, advice)))
    };
    let names: Vec<&str> = extractor.descriptor.schema().names().collect();
    let n_found = names.iter().filter(|name| precomputed.has(name)).count();
    if n_found == 0 && !precomputed.has(SCORE) {
        return Ok(());
    }
    if n_found < names.len() {
        let expected = format!("the {} columns of the descriptor", names.len());
        let advice = "name the descriptor by which the table was made (--descriptor)";
        return refuse(expected, &format!("{n_found} of them"), advice);
    }
    check_rows(entries, &names)?;
    if needs_pictures(extractor) {
        let expected =
            "pictures, since several views, windows or changed pictures are asked for".into();
        let advice =
            "name the folder of the pictures, or use a model that was trained from a table";
        return refuse(expected, "a table of scores", advice);
    }
    Ok(())
}

/// Checks that every row that has some of the numbers has all of them, and a texture score that can be one.
fn check_rows(entries: &[Entry], names: &[&str]) -> Result<()> {
    let precomputed = entries.iter().filter(|entry| entry.problem.is_none());
    for (entry, row) in precomputed.filter_map(|entry| Some((entry, entry.precomputed.as_ref()?))) {
        let has = |name: &&&str| row.has(name);
        let lacks = |name: &&&str| row.of(std::iter::once(**name)).is_none();
        let score = || row.of(std::iter::once(SCORE)).map_or(f64::NAN, |score| score[0]);
        let wrong = if row.of(names.iter().copied()).is_none() && names.iter().any(|n| has(&n)) {
            names.iter().find(lacks).copied()
        } else {
            (row.has(SCORE) && !(0.0..=100.0).contains(&score())).then_some(SCORE)
        };
        if let Some(name) = wrong {
            let expected = format!("a number in the column `{name}` of every row");
            let found = format!("none that can be in that of {}", path_to_text(&entry.path));
            let problem = Problem::new(expected, found, "write the table again");
            return Err(Error::model(row.table(), problem));
        }
    }
    Ok(())
}

/// Checks that a manifest leads to some picture, or has the numbers of all that the descriptor measures.
///
/// # Errors
/// [`Error::Data`], which names the manifest and one of its paths.
pub(crate) fn check_reached(listing: &mut Listing, descriptor: &Descriptor) -> Result<()> {
    match listing.lost.take() {
        Some(error) if !are_precomputed(&listing.entries, descriptor) => Err(*error),
        _ => Ok(()),
    }
}

/// Whether the entries are from a table that has all columns of the descriptor.
pub(crate) fn are_precomputed(entries: &[Entry], descriptor: &Descriptor) -> bool {
    let precomputed = entries.iter().find_map(|entry| entry.precomputed.as_ref());
    precomputed.is_some_and(|m| descriptor.schema().names().all(|name| m.has(name)))
}

fn needs_pictures(extractor: &Extractor<'_>) -> bool {
    extractor.change.is_some() || extractor.tile.is_some() || extractor.views != Views::ONE
}

/// What a picture would give, from the table; nothing where the picture has to be read.
pub(super) fn example(entry: &Entry, extractor: &Extractor<'_>) -> Option<Example> {
    let precomputed = entry.precomputed.as_ref().filter(|_| !needs_pictures(extractor))?;
    let values = precomputed.of(extractor.descriptor.schema().names())?;
    let score = precomputed.of(std::iter::once(SCORE)).map_or(0.0, |score| score[0]);
    Some(Example {
        features: Features { texture_score: score, values, ..Features::default() },
        content: precomputed.content().unwrap_or_else(|| identity_of(entry)),
        bits: 8,
        brightest: u16::from(u8::MAX),
        windows: 1,
        ..Example::default()
    })
}

/// What stands for the picture's content where the table does not say it: rows of one path stay together.
fn identity_of(entry: &Entry) -> ContentHash {
    let path = path_to_text(&entry.path);
    blake3::derive_key("textura: a picture known by its path", path.as_bytes())
}
