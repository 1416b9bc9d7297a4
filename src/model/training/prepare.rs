//! From a source of labelled pictures to numbers that are ready to be learned from.

use crate::batch::{Batch, Extractor, are_precomputed, check_reached};
use crate::error::{Error, Problem, Result};
use crate::image::ValueRange;
use crate::image::Views;
use crate::io::{GivenClasses, Layout, Listing, Part, list_labelled_by, path_to_text};
use crate::learn::classifier::Augment;
use crate::learn::dataset::{Dataset, Split};
use crate::learn::evaluation::Grades;
use crate::model::grades::read_grades;
use crate::model::labelled::{Labelled, extract_labelled};
use crate::texture::descriptor::Descriptor;

use super::{GradesFrom, Request, Warnings};

/// Labelled pictures in numbers, ready to be learned from.
pub(super) struct Prepared {
    pub labelled: Labelled,
    pub split: Split,
    /// With the depth that suits the pictures.
    pub descriptor: Descriptor,
    pub grades: Option<Grades>,
}

/// The pictures of a part of the source, with one spelling for every class.
///
/// # Errors
/// As [`list_labelled_by`]; [`Error::Data`] for two classes whose names differ in case alone.
pub(super) fn listed(
    request: &Request<'_>,
    part: Part,
    known: GivenClasses<'_>,
) -> Result<Listing> {
    let layout = Layout::at(request.class_level).knowing(known);
    list_labelled_by(request.source, part, layout)?.unified(known, &path_to_text(request.source))
}

/// Extracts and parts the pictures that are there to be learned from.
///
/// # Errors
/// [`Error::Data`] where there are fewer than two classes, or one without a picture to learn from.
pub(super) fn prepare(
    mut listing: Listing,
    request: &Request<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
    warnings: &mut Warnings,
) -> Result<Prepared> {
    check_reached(&mut listing, &descriptor)?;
    warnings.hear(&mut listing);
    let place = path_to_text(request.source);
    let classes = listing.classes;
    require_classes(&place, &classes)?;
    let grades = match request.grades {
        GradesFrom::Table(path) => Some(read_grades(path, &classes)?),
        GradesFrom::Names => Grades::of_names(&classes),
        GradesFrom::Nowhere => None,
    };
    let group_by = request.group_by;
    let is_measured = are_precomputed(&listing.entries, &descriptor);
    let n_pictures = listing.entries.len();
    let views = views_to_learn_from(request, n_pictures, is_measured, warnings);
    let extractor = batch.extractor(&descriptor).views(views).tile(request.tile);
    let mut labelled = extract_labelled(listing.entries, &classes, group_by, &extractor, batch)?;
    warnings.sentences.extend(labelled.what_tells_class());
    let split = labelled.data.hold_out(request.holdout)?;
    labelled.data.check_trainable(&place, &split.train)?;
    let mut descriptor = descriptor;
    if descriptor.options().values == ValueRange::Nominal {
        let suited = labelled.suited_range(&split.train);
        if suited != ValueRange::Nominal {
            descriptor = descriptor.reading(Some(suited), None)?;
            let extractor = batch.extractor(&descriptor).views(views).tile(request.tile);
            labelled = labelled.with_range_of(&extractor, batch)?;
        }
    }
    Ok(Prepared { labelled, split, descriptor, grades })
}

/// More pictures than this show what there is to see by themselves, and other views would take as long again
/// several times over.
const MAX_TO_VARY: usize = 8_000;

/// All views which the settings may use.
fn views_to_learn_from(
    request: &Request<'_>,
    n_pictures: usize,
    is_measured: bool,
    warnings: &mut Warnings,
) -> Views {
    match request.settings.augment {
        Augment::Auto if is_measured => {
            warnings.sentences.push(
                "a table of scores is learned from as it is: other views need the pictures".into(),
            );
            Views::ONE
        }
        Augment::Auto if MAX_TO_VARY < n_pictures => {
            warnings.sentences.push(format!(
                "{n_pictures} pictures are learned from as they are: other views of each are for at most {MAX_TO_VARY}"
            ));
            Views::ONE
        }
        // A model knows the size of its windows, and shares their work as long as they are looked at as they are.
        Augment::Auto if request.tile.is_some() => Views::of_one_size(),
        Augment::Auto => Views::all(),
        Augment::None => Views::ONE,
    }
}

pub(super) fn require_classes(place: &str, classes: &[String]) -> Result<()> {
    if 2 <= classes.len() {
        return Ok(());
    }
    let found = match classes {
        [] => "none".to_owned(),
        [only] => format!("only `{only}`"),
        _ => String::new(),
    };
    let advice = "put the pictures of each class into a folder of its own";
    Err(Error::data(place, Problem::new("at least two classes", found, advice)))
}

/// The `val` part of a split folder, which decides when to stop and how sure to be.
pub(super) fn watched(
    mut listing: Listing,
    request: &Request<'_>,
    labelled: &Labelled,
    extractor: &Extractor<'_>,
    batch: Batch<'_>,
    warnings: &mut Warnings,
) -> Result<Option<Dataset>> {
    let classes = labelled.data.classes();
    warnings.hear(&mut listing);
    if listing.entries.is_empty() {
        return Ok(None);
    }
    let mut watch = extract_labelled(listing.entries, classes, request.group_by, extractor, batch)?;
    let strangers = watch.data.without(&labelled.data);
    let n_copies = watch.data.len() - strangers.len();
    if n_copies != 0 {
        warnings.sentences.push(format!(
            "{n_copies} pictures of the val part are copies of pictures of the train part and are not used"
        ));
    }
    warnings.add(&mut watch);
    Ok((!strangers.is_empty()).then_some(strangers))
}
