//! Pictures and masks that a program has in memory and that no file needs to be read for.

use std::fmt;
use std::sync::Arc;

use crate::image::ContentHash;
use crate::image::{Gray, Planes, Samples};

/// What is at hand of an entry: the picture, its mask, or both. What is not is read from the entry's paths.
///
/// ```
/// use std::sync::Arc;
/// use textura::texture::descriptor::{Descriptor, DescriptorOptions};
/// use textura::batch::Extractor;
/// use textura::io::{Content, Entry, InMemory};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // The bytes of a file, wherever they came from: here the smallest PGM with two pixels.
/// let file = Content::File(Arc::new(b"P5 2 1 255 \x00\xff".to_vec()));
/// let in_memory = InMemory { picture: Some(file), mask: None };
/// let entry = Entry { in_memory, ..Entry::new("two.pgm".into(), None) };
/// let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no such preset")?)?;
/// let example = Extractor::new(&descriptor).example(&entry)?;
/// assert_eq!((example.width, example.height), (2, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct InMemory {
    /// The picture.
    pub picture: Option<Content>,
    /// Its mask: inside is what is not 0.
    pub mask: Option<Content>,
}

/// A picture in memory.
#[derive(Clone)]
pub enum Content {
    /// The bytes of a picture file, not decoded yet. Shared, so that whoever has them keeps no second copy.
    File(Arc<dyn AsRef<[u8]> + Send + Sync>),
    /// Its pixels.
    Planes(Arc<Planes>),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(bytes) => write!(f, "File({} bytes)", (**bytes).as_ref().len()),
            Self::Planes(planes) => {
                let gray = planes.gray();
                write!(f, "Planes({} x {})", gray.width(), gray.height())
            }
        }
    }
}

/// What stands for the bytes of a file where pixels are at hand: equal pictures have equal hashes.
pub(super) fn content_of(planes: &Planes) -> ContentHash {
    let mut hasher = blake3::Hasher::new();
    let mut add = |plane: &Gray| match plane.samples() {
        Samples::Eight(values) => {
            hasher.update(values);
        }
        Samples::Sixteen(values) => {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            hasher.update(&bytes);
        }
    };
    add(planes.gray());
    if planes.has_color() {
        planes.rgb().into_iter().for_each(add);
    }
    // The last block has one length, so that no pixels can be taken for it.
    let gray = planes.gray();
    let size = [gray.width() as u64, gray.height() as u64, u64::from(gray.bits())];
    size.iter().for_each(|number| {
        hasher.update(&number.to_le_bytes());
    });
    *hasher.finalize().as_bytes()
}
