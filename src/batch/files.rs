//! The files of one entry, from the disk to a picture and its mask.

use std::path::Path;

use super::{Extractor, memory};
use crate::error::{Error, Problem, Result};
use crate::image::change::{Change, Ground};
use crate::image::{Alpha, FlatField, Gray, Mask, Planes, Samples};
use crate::io::cache::Contents;
use crate::io::{Encoded, Entry, Labels, Limits, Picture, jpeg_again, path_to_text, read_encoded};

/// The files of an entry.
pub(crate) struct Files<'a> {
    pub entry: &'a Entry,
    picture: Encoded<'a>,
    /// What is wrong with the mask is told only where the picture is sound.
    mask: Option<Result<Encoded<'a>>>,
}

impl<'a> Files<'a> {
    pub fn read(entry: &'a Entry, limits: Limits) -> Result<Self> {
        let file = match &entry.in_memory.picture {
            Some(content) => Encoded::in_memory(&entry.path, content),
            None => read_encoded(&entry.path, limits)?,
        };
        let picture = match entry.page {
            Some(page) => file.at_page(page)?,
            None => file,
        };
        let mask = match (&entry.in_memory.mask, &entry.mask) {
            (Some(content), path) => {
                let path = path.as_deref().unwrap_or(Path::new(""));
                Some(Ok(Encoded::in_memory(path, content)))
            }
            (None, path) => path.as_ref().map(|path| read_encoded(path, limits)),
        };
        Ok(Self { entry, picture, mask })
    }

    /// Their contents; none where the mask cannot be read.
    pub fn contents(&self) -> Option<Contents> {
        let mask = self.mask.as_ref().map(|mask| mask.as_ref().map(|mask| mask.content));
        Some(Contents { picture: self.picture.content, mask: mask.transpose().ok()? })
    }

    /// The picture and its mask, where it has one: the picture divided by a flat field, where there is one, and both
    /// changed as asked. The content stays that of the files, so that copies and groups are what they were.
    pub fn decode(
        &self,
        with_color: bool,
        limits: Limits,
        (flat_field, change): (Option<&FlatField>, Option<Change>),
    ) -> Result<(Picture, Option<Labels>)> {
        let picture = self.picture.decode(limits, with_color)?;
        let mut picture = picture.divided(flat_field, &self.entry.path)?;
        let mut labels = self.decode_mask(&picture, limits)?;
        if let Some(opaque) = picture.opaque.take() {
            labels = Some(self.inside_both(labels, opaque)?);
        }
        if let Some(change) = change {
            let path = &self.entry.path;
            let ground = Ground::of(&picture.planes);
            let (planes, values) =
                changed(path, &picture, labels.as_ref(), (change, ground), limits)?;
            picture.planes = planes;
            if let (Some(labels), Some(values)) = (&mut labels, values) {
                labels.values = values;
            }
        }
        Ok((picture, labels))
    }

    /// The pixels that are opaque, of those that the mask names where there is one.
    fn inside_both(&self, labels: Option<Labels>, opaque: Gray) -> Result<Labels> {
        let content = self.picture.content;
        let Some(labels) = labels else {
            return Ok(Labels { values: opaque, is_colored: false, content });
        };
        let both = labels.values.values().zip(opaque.values()).map(|(label, is)| label * is);
        let values = Gray::new(opaque.width(), opaque.height(), Samples::Sixteen(both.collect()))?;
        if values.extent().1 == 0 {
            let expected = "a mask with an opaque pixel inside, for --alpha mask";
            let advice = "leave the picture out or mend the mask";
            let found = "one whose inside is transparent everywhere";
            return Err(Error::picture(&self.entry.path, Problem::new(expected, found, advice)));
        }
        Ok(Labels { values, ..labels })
    }

    /// The same, where there is memory to measure it, too.
    pub fn decode_to_measure(
        &self,
        with_color: bool,
        extractor: &Extractor<'_>,
    ) -> Result<(Picture, Option<Labels>)> {
        let changes = (extractor.flat_field.as_deref(), extractor.change);
        let (picture, labels) = self.decode(with_color, extractor.limits, changes)?;
        let file = self.picture.n_bytes();
        memory::check(&self.entry.path, file, &picture, labels.as_ref(), extractor)?;
        Ok((picture, labels))
    }

    /// The entry's mask, where it has one, which has some pixel inside.
    fn decode_mask(&self, picture: &Picture, limits: Limits) -> Result<Option<Labels>> {
        let entry = self.entry;
        let Some(mask) = &self.mask else { return Ok(None) };
        let name = entry.mask.as_ref().map_or("the mask given".into(), |path| path_to_text(path));
        let gray = picture.planes.gray();
        let unfit = |error: &Error| {
            let found = format!("{name}: {}", error.reason());
            Error::picture(&entry.path, Problem::new("a mask that fits", found, "mend the mask"))
        };
        // Labels are what they are, whatever the range of the picture's values.
        let of_labels = Limits { spread: None, alpha: Alpha::Ignore, keeps_values: true, ..limits };
        let labels = mask
            .as_ref()
            .map_err(unfit)?
            .decode_labels(of_labels, gray.width(), gray.height())
            .map_err(|error| unfit(&error))?;
        if labels.values.extent().1 == 0 {
            let found = format!("an empty mask ({name})");
            let advice = "leave the picture out or mend the mask";
            let expected = "a mask with a pixel inside (not 0)";
            return Err(Error::picture(&entry.path, Problem::new(expected, found, advice)));
        }
        Ok(Some(labels))
    }
}

/// Where a picture's defects are; `None` where its entry names no picture of them. Lossy files blur what they store: in a
/// JPEG, only values from half of white on are defects.
///
/// # Errors
/// [`Error::Picture`] naming the picture, where its mask cannot be read or has another size.
pub(crate) fn read_defects(
    entry: &Entry,
    (width, height): (usize, usize),
    limits: Limits,
) -> Result<Option<Mask>> {
    let Some(path) = &entry.defect_mask else { return Ok(None) };
    let unfit = |error: Error| {
        let found = format!("{}: {}", path_to_text(path), error.reason());
        let expected = "a mask of defects that fits";
        Error::picture(&entry.path, Problem::new(expected, found, "mend the mask"))
    };
    let of_labels = Limits { spread: None, alpha: Alpha::Ignore, keeps_values: true, ..limits };
    let mask = read_encoded(path, limits).map_err(unfit)?;
    let labels = mask.decode_labels(of_labels, width, height).map_err(unfit)?.values;
    let least = if mask.is_jpeg() { 128 } else { 1 };
    Ok(Some(Mask::new(width, height, labels.values().map(|value| least <= value).collect())?))
}

/// What a change makes of a picture and of its mask.
pub(super) fn changed(
    path: &Path,
    picture: &Picture,
    labels: Option<&Labels>,
    (change, ground): (Change, Ground),
    limits: Limits,
) -> Result<(Planes, Option<Gray>)> {
    let planes = change
        .apply(&picture.planes, ground, limits.max_pixels, &|planes, quality| {
            jpeg_again(planes, quality, limits)
        })
        .map_err(|problem| Error::picture(path, problem))?;
    let labels = labels.map(|labels| change.apply_to_labels(&labels.values)).transpose()?;
    Ok((planes, labels))
}
