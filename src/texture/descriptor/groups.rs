//! Families that are measured together, since they share work.

use crate::error::Result;
use crate::texture::letrist::{Letrist, LetristOptions};
use crate::texture::{Family, FamilyOptions};

/// Neighbours of which several are LETRIST that are measured together, at the most: more would keep too much of each pixel at
/// once.
const MOST: usize = 2;

/// The families in their order, those that are measured together in one list.
pub(super) fn groups(families: &[FamilyOptions]) -> impl Iterator<Item = &[FamilyOptions]> {
    use FamilyOptions::Letrist;
    let neighbours = families.chunk_by(|a, b| matches!((a, b), (Letrist(_), Letrist(_))));
    neighbours.flat_map(|group| group.chunks(MOST))
}

/// The groups as families, whose numbers are those of their members one after the other.
///
/// # Errors
/// As [`FamilyOptions::check`].
pub(super) fn check(families: &[FamilyOptions]) -> Result<Vec<Box<dyn Family>>> {
    let check = |group: &[FamilyOptions]| -> Result<Box<dyn Family>> {
        match group {
            [one] => one.check(),
            several => Ok(Box::new(Letrist::joined(letrist_options(several))?)),
        }
    };
    groups(families).map(check).collect()
}

/// The settings of those that are LETRIST.
pub(super) fn letrist_options(families: &[FamilyOptions]) -> impl Iterator<Item = &LetristOptions> {
    families.iter().filter_map(|family| match family {
        FamilyOptions::Letrist(options) => Some(options),
        _ => None,
    })
}
