//! A picture of 8 bits, whichever file it was stored in.

use std::borrow::Cow;

use crate::image::{Channels, Gray, Planes, ValueRange};
use crate::texture::Family;

/// A picture, and the same in 8 bits where a file of 16 holds no more. Most families measure that one: they then give the
/// same bits as of a file of 8.
pub(super) struct Stored<'a> {
    planes: &'a Planes,
    in_eight_bits: Option<Planes>,
}

/// A plane that is measured.
pub(super) struct StoredPlane<'a> {
    as_stored: Cow<'a, Gray>,
    in_eight_bits: Option<Cow<'a, Gray>>,
}

impl<'a> Stored<'a> {
    pub fn new(planes: &'a Planes, range: ValueRange) -> Self {
        let step = range.step(planes);
        Self { planes, in_eight_bits: (step != 1).then(|| planes.in_eight_bits(step)) }
    }

    /// The grey picture, in 8 bits where it can be.
    pub fn gray(&self) -> &Gray {
        self.in_eight_bits.as_ref().unwrap_or(self.planes).gray()
    }

    /// Its planes, one after the other.
    pub fn measured(&self, channels: Channels) -> impl Iterator<Item = StoredPlane<'_>> {
        let mut small = self.in_eight_bits.iter().flat_map(move |planes| split(planes, channels));
        split(self.planes, channels)
            .into_iter()
            .map(move |as_stored| StoredPlane { as_stored, in_eight_bits: small.next() })
    }
}

impl StoredPlane<'_> {
    /// What a family measures.
    pub fn of(&self, family: &dyn Family) -> &Gray {
        match &self.in_eight_bits {
            Some(small) if !family.is_in_grey_values() => small,
            _ => &self.as_stored,
        }
    }
}

fn split(planes: &Planes, channels: Channels) -> Vec<Cow<'_, Gray>> {
    match channels {
        Channels::Gray => vec![Cow::Borrowed(planes.gray())],
        Channels::Rgb => planes.rgb().map(Cow::Borrowed).into(),
        Channels::Opponent => planes.opponent().map(Cow::Owned).into(),
    }
}
