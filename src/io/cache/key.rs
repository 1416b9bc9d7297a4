//! Under which name something is kept: a hash of all that decides it.

use std::path::Path;

use blake3::Hasher;

use crate::error::Result;
use crate::image::change::Change;
use crate::image::{ContentHash, View};
use crate::image::{Gray, Samples};
use crate::io::Limits;
use crate::random::Random;
use crate::texture::Engine;
use crate::texture::descriptor::Descriptor;

/// The name of something that is kept.
pub type Key = [u8; 32];

/// The contents of the files that a row of features is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Of the picture.
    pub picture: ContentHash,
    /// Of its mask, where it has one.
    pub mask: Option<ContentHash>,
}

/// The names of features: what decides them, beside the files, is in it.
#[derive(Debug)]
pub struct Keys(Key);

impl Keys {
    /// `program` identifies the code that computes. Everything else that could move a last digit shows in
    /// what it makes of a small picture: the processor, whose vector instructions decide the order of some
    /// sums, and the system's logarithms.
    pub(super) fn new(
        program: &Key,
        descriptor: &Descriptor,
        engine: Engine,
        limits: Limits,
        (flat_field, change): (Option<&ContentHash>, Option<Change>),
    ) -> Result<Self> {
        let mut hasher = Hasher::new_derive_key("textura cache: settings");
        hasher.update(program);
        for value in descriptor.extract(&probe()?, engine).values {
            hasher.update(&value.to_le_bytes());
        }
        // Text written from the fields themselves, so that none can be forgotten.
        let digest = descriptor.digest();
        let settings = format!("{digest} {engine:?} {limits:?} {flat_field:?} {change:?}");
        hasher.update(settings.as_bytes());
        Ok(Self(*hasher.finalize().as_bytes()))
    }

    /// The name of the features of a view. The ending of the picture's name decides one of its flags.
    pub fn of_view(&self, contents: &Contents, ending: &str, view: View) -> Key {
        let mut hasher = Hasher::new_derive_key("textura cache: features of a look");
        hasher.update(&self.0);
        hasher.update(&contents.picture);
        match &contents.mask {
            None => hasher.update(&[0]),
            Some(mask) => hasher.update(&[1]).update(mask),
        };
        hasher.update(format!("{view:?} {ending}").as_bytes());
        *hasher.finalize().as_bytes()
    }
}

/// The name of a small copy of a picture, by the hash of its file.
pub(crate) fn thumbnail_key(
    content: &ContentHash,
    side: usize,
    quality: u8,
    limits: Limits,
) -> Key {
    let mut hasher = Hasher::new_derive_key("textura cache: thumbnail");
    hasher.update(content);
    hasher.update(format!("{side} {quality} {limits:?} {}", env!("CARGO_PKG_VERSION")).as_bytes());
    *hasher.finalize().as_bytes()
}

/// The name of what is known of a file; none where the current folder is not known.
pub(super) fn of_file(path: &Path) -> Option<Key> {
    let path = std::path::absolute(path).ok()?;
    let mut hasher = Hasher::new_derive_key("textura cache: file");
    hasher.update(path.as_os_str().as_encoded_bytes());
    Some(*hasher.finalize().as_bytes())
}

/// Width and height of the small picture; odd, so that vectors leave a rest.
const PROBE_SIDE: usize = 39;

/// Noise, in which every family finds something of everything.
fn probe() -> Result<Gray> {
    let mut random = Random::new(0, 0);
    let values = (0..PROBE_SIDE * PROBE_SIDE).map(|_| random.below(256) as u8);
    Gray::new(PROBE_SIDE, PROBE_SIDE, Samples::Eight(values.collect()))
}
