//! Which pictures a model was shown, by the beginnings of their contents' hashes and of their groups' digests.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ContentHash, Dataset, Origin, Split};

/// The first bytes of a hash: two of a hundred million pictures have the same with a chance of about one in 4,000.
type Key = [u8; 8];

/// What a data set has for groups: see [`Dataset::with_group_digests`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groups {
    /// Their names.
    Names,
    /// Digests of their names.
    Digests,
}

/// The pictures that a model learned from, and those that were held out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identities {
    #[serde(with = "keys")]
    learned: BTreeSet<Key>,
    #[serde(with = "keys", rename = "kept_back")]
    held_out: BTreeSet<Key>,
}

impl Identities {
    /// Of a data set that was parted.
    pub fn of(data: &Dataset, groups: Groups, split: &Split) -> Self {
        let keys = |rows: &[usize]| {
            let origins = rows.iter().map(|&row| &data.origins()[row]);
            origins.flat_map(|origin| keys_of(origin, groups)).collect::<BTreeSet<_>>()
        };
        Self { learned: keys(&split.train), held_out: keys(&split.test) }
    }

    /// With those of an earlier model. What was ever learned from is not held out.
    #[must_use]
    pub fn joined(mut self, earlier: &Self) -> Self {
        self.learned.extend(&earlier.learned);
        self.held_out.extend(&earlier.held_out);
        self.held_out.retain(|key| !self.learned.contains(key));
        self
    }

    /// Whether all pictures, and groups, that were learned from are among those that another was shown to learn from.
    pub fn is_within(&self, other: &Self) -> bool {
        self.learned.is_subset(&other.learned)
    }

    /// Whether a picture was learned from or held out.
    #[cfg(feature = "review")]
    pub fn knows(&self, content: &ContentHash) -> bool {
        self.has_learned(content) || self.held_out.contains(&start(content))
    }

    /// Whether a picture was learned from.
    pub fn has_learned(&self, content: &ContentHash) -> bool {
        self.learned.contains(&start(content))
    }

    /// Whether a picture, or another one of its group (by its name), was held out.
    pub(super) fn has_kept_back(&self, origin: &Origin) -> bool {
        keys_of(origin, Groups::Names).any(|key| self.held_out.contains(&key))
    }

    /// Whether a picture, or another one of its group (by its name), was learned from.
    pub(crate) fn has_learned_of(&self, origin: &Origin) -> bool {
        keys_of(origin, Groups::Names).any(|key| self.learned.contains(&key))
    }

    /// Pictures that were learned from.
    pub(crate) fn of_learned(keys: impl Iterator<Item = Key>) -> Self {
        Self { learned: keys.collect(), held_out: BTreeSet::new() }
    }
}

/// Keys as a model file writes them down: one after the other, ascending, in base64.
mod keys {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{BTreeSet, Key};
    use crate::error::Problem;

    pub fn serialize<S: Serializer>(keys: &BTreeSet<Key>, to: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = keys.iter().flatten().copied().collect();
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeSet<Key>, D::Error> {
        read(&String::deserialize(from)?).ok_or_else(|| {
            let advice = "copy the model again, or train it again";
            D::Error::custom(Problem::new("hashes of pictures, ascending", "other text", advice))
        })
    }

    fn read(text: &str) -> Option<BTreeSet<Key>> {
        let bytes = STANDARD.decode(text).ok()?;
        let (keys, rest) = bytes.as_chunks();
        let is_sorted = keys.windows(2).all(|pair| pair[0] < pair[1]);
        (rest.is_empty() && is_sorted).then(|| keys.iter().copied().collect())
    }
}

/// The key of the picture, and that of its group where it has one.
fn keys_of(origin: &Origin, groups: Groups) -> impl Iterator<Item = Key> {
    let group = origin.group.as_ref().map(|group| match groups {
        Groups::Names => blake3::hash(group.as_bytes()).to_hex().to_string(),
        Groups::Digests => group.clone(),
    });
    let key = |digest: String| {
        start(&blake3::derive_key("textura: a group of pictures", digest.as_bytes()))
    };
    std::iter::once(start(&origin.content)).chain(group.map(key))
}

fn start(hash: &ContentHash) -> Key {
    let [a, b, c, d, e, f, g, h, ..] = *hash;
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests;
