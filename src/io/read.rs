//! One file from its path to a picture or a mask.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::decode::{Decoded, Header, Limits, decode, format_of};
use super::encoding::{Encoding, PictureFormat};
use super::endings::ending;
use super::in_memory::{Content, content_of};
use crate::error::{Error, Problem, Result};
use crate::image::ContentHash;
use crate::image::flag::{Flag, Flags};
use crate::image::{Gray, Orientation, Planes, Samples};

/// Bytes from which every format is known.
const START: u64 = 256;

/// A decoded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The upright picture.
    pub planes: Planes,
    /// 1 where a pixel is opaque, else 0; none where all are, or where transparency does not count.
    pub opaque: Option<Gray>,
    /// BLAKE3 of the file's bytes; of another page than the first, of that and its number.
    pub content: ContentHash,
    /// BLAKE3 of the file's bytes, whichever page it is: the picture's identity.
    pub identity: ContentHash,
    /// What was odd about the file.
    pub flags: Flags,
    /// How the file stores it.
    pub encoding: Encoding,
    /// What else its head says.
    pub(crate) header: Header,
}

/// A file as it lies on the disk, not decoded yet; or what a program has in its place.
#[derive(Debug)]
pub struct Encoded<'a> {
    pub(super) path: &'a Path,
    pub(super) form: Form<'a>,
    /// BLAKE3 of its bytes; of another page than the first, of that and its number.
    pub content: ContentHash,
    /// BLAKE3 of its bytes, whichever page is in front.
    pub identity: ContentHash,
    /// Whether somebody asked for the page that is in front.
    pub(super) is_page_chosen: bool,
}

/// What a picture is made from.
#[derive(Debug)]
pub(super) enum Form<'a> {
    /// The bytes of a file.
    File(Cow<'a, [u8]>),
    /// Pixels.
    Planes(&'a Planes),
}

/// Reads a file's bytes.
///
/// # Errors
/// [`Error::Io`] where it cannot be read, [`Error::Picture`] where it is no regular file, no picture, or larger
/// than the limits allow.
pub fn read_encoded(path: &Path, limits: Limits) -> Result<Encoded<'_>> {
    let failed = |e| Error::io("read", path, e);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        let found = if metadata.is_dir() { "a folder" } else { "a pipe or device" };
        let advice = "name a picture or a folder of pictures";
        return Err(Error::picture(path, Problem::new("a regular file", found, advice)));
    }
    if limits.max_memory < metadata.len() {
        return Err(Error::picture(
            path,
            Problem::new(
                format!("a file of at most {} bytes", limits.max_memory),
                metadata.len().to_string(),
                "give a larger --max-memory",
            ),
        ));
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    let mut file = File::open(path).map_err(failed)?.take(limits.max_memory);
    // A large file that is no picture is not read further than that takes to see.
    file.by_ref().take(START).read_to_end(&mut bytes).map_err(failed)?;
    format_of(&bytes).map_err(|problem| Error::picture(path, problem))?;
    let rest = (metadata.len() as usize).saturating_sub(bytes.len());
    // One byte more, so that the end is found without growing.
    bytes.try_reserve_exact(rest.saturating_add(1)).map_err(|e| {
        let found = format!("{} bytes ({e})", metadata.len());
        let problem = Problem::new("a file that fits into memory", found, "replace the file");
        Error::picture(path, problem)
    })?;
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(Encoded::of_file(path, bytes.into()))
}

impl<'a> Encoded<'a> {
    /// What a program has in memory. The path names it in messages; its ending is compared with the content of
    /// a file where it has a name at all.
    pub(crate) fn in_memory(path: &'a Path, content: &'a Content) -> Self {
        match content {
            Content::File(bytes) => Self::of_file(path, (**bytes).as_ref().into()),
            Content::Planes(planes) => Self::of(path, Form::Planes(planes), content_of(planes)),
        }
    }

    fn of_file(path: &'a Path, bytes: Cow<'a, [u8]>) -> Self {
        let content = *blake3::hash(&bytes).as_bytes();
        Self::of(path, Form::File(bytes), content)
    }

    fn of(path: &'a Path, form: Form<'a>, content: ContentHash) -> Self {
        Self { path, form, content, identity: content, is_page_chosen: false }
    }

    /// The bytes of the file that are in memory; those of a program's own pixels are its own.
    pub(crate) fn n_bytes(&self) -> u64 {
        match &self.form {
            Form::File(bytes) => bytes.len() as u64,
            Form::Planes(_) => 0,
        }
    }

    /// Whether it is a JPEG, whose values are not quite those that were stored.
    pub(crate) fn is_jpeg(&self) -> bool {
        match &self.form {
            Form::File(bytes) => matches!(format_of(bytes), Ok(PictureFormat::Jpeg)),
            Form::Planes(_) => false,
        }
    }

    /// The picture, with its colours where they are wanted.
    ///
    /// # Errors
    /// [`Error::Picture`] where the file holds no whole picture within the limits. Never panics.
    pub fn decode(&self, limits: Limits, with_color: bool) -> Result<Picture> {
        let (decoded, header) = match &self.form {
            Form::File(bytes) => {
                let mut decoded = decode(bytes, ending(self.path), limits, with_color)
                    .map_err(|problem| Error::picture(self.path, problem))?;
                if self.path.as_os_str().is_empty() {
                    // What has no name has no wrong one.
                    decoded.flags.clear(Flag::WrongEnding);
                }
                if self.is_page_chosen {
                    decoded.flags.clear(Flag::PagesIgnored);
                }
                (decoded, Header::of(bytes))
            }
            Form::Planes(planes) => {
                let encoding = Encoding {
                    // What stores pixels as they are.
                    format: PictureFormat::Pnm,
                    bits: planes.gray().bits() as u8,
                    has_color: planes.has_color(),
                    orientation: Orientation::UPRIGHT,
                };
                let (planes, flags) = (Planes::clone(planes), Flags::default());
                (Decoded { planes, opaque: None, flags, encoding }, Header::default())
            }
        };
        let Decoded { planes, opaque, flags, encoding } = decoded;
        let (content, identity) = (self.content, self.identity);
        Ok(Picture { planes, opaque, content, identity, flags, encoding, header })
    }

    /// The mask, or the picture of labels, of a picture of this size.
    ///
    /// # Errors
    /// As [`Encoded::decode`], and [`Error::Picture`] where it is not as large as the picture it belongs to.
    pub fn decode_labels(&self, limits: Limits, width: usize, height: usize) -> Result<Labels> {
        let picture = self.decode(limits, true)?;
        let [red, green, blue] = picture.planes.rgb();
        let (found_width, found_height) = (red.width(), red.height());
        if (found_width, found_height) != (width, height) {
            let expected = format!("a mask of {width} x {height} pixels, as its picture");
            let found = format!("{found_width} x {found_height}");
            let problem = Problem::new(expected, found, "make it as large");
            return Err(Error::picture(self.path, problem));
        }
        let is_colored = red != green || green != blue;
        let pixels = red.values().zip(green.values()).zip(blue.values());
        let largest = pixels.map(|((r, g), b)| r.max(g).max(b));
        let values = Gray::new(width, height, Samples::Sixteen(largest.collect()))?;
        Ok(Labels { values, is_colored, content: self.content })
    }
}

/// Reads and decodes a file, with its colours where they are wanted.
///
/// # Errors
/// As [`read_encoded`] and [`Encoded::decode`].
pub fn read_picture(path: &Path, limits: Limits, with_color: bool) -> Result<Picture> {
    read_encoded(path, limits)?.decode(limits, with_color)
}

/// The BLAKE3 hash of a file's bytes, read piece by piece and not decoded.
///
/// # Errors
/// [`Error::Io`] where it cannot be read, [`Error::Picture`] where it is no regular file.
pub fn read_content(path: &Path) -> Result<ContentHash> {
    let failed = |e| Error::io("read", path, e);
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        let problem = Problem::new("a regular file", "a folder, pipe or device", "name a picture");
        return Err(Error::picture(path, problem));
    }
    hash_of(path).map_err(failed)
}

/// The same of whatever can be opened.
pub(crate) fn hash_of(path: &Path) -> std::io::Result<ContentHash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(*hasher.finalize().as_bytes())
}

/// A picture whose values say what belongs where: 0 is outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The values, as stored; of a coloured picture the largest of its channels, so that any colour is
    /// inside.
    pub values: Gray,
    /// Whether it has colours, whose largest channels are no labels.
    pub is_colored: bool,
    /// BLAKE3 of the file's bytes.
    pub content: ContentHash,
}
