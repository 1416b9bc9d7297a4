//! What is in a source, counted.

use std::collections::BTreeMap;

use super::Scan;
use crate::io::{ByNumber, Part};

/// The sizes along one side, in pixels; all 0 where nothing can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The smallest.
    pub min: usize,
    /// The middle one, of an even number the smaller of the two in the middle.
    pub median: usize,
    /// The largest.
    pub max: usize,
}

/// What is in a source, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Pictures, readable or not.
    pub images: usize,
    /// Those that can be read.
    pub readable: usize,
    /// Of each class, in the order of classes, for each part how many pictures can be read. Parts are `None` where
    /// nothing is split.
    pub classes: Vec<(String, BTreeMap<Option<Part>, usize>)>,
    /// Columns.
    pub widths: Sizes,
    /// Rows.
    pub heights: Sizes,
    /// The size (width, height) that most pictures have, the smallest of those, and how many have it.
    pub commonest_size: Option<((usize, usize), usize)>,
    /// How many files have each format, by content.
    pub formats: BTreeMap<String, usize>,
    /// How many have each depth: `8 bits`.
    pub depths: BTreeMap<String, usize>,
    /// How many are in colour and how many grey, by their channels.
    pub colors: BTreeMap<String, usize>,
    /// How many have each EXIF orientation but upright.
    pub orientations: BTreeMap<String, usize>,
}

impl Summary {
    /// What is in a source.
    pub fn of(scan: &Scan) -> Self {
        let mut summary = Self { images: scan.pictures.len(), ..Self::default() };
        let mut classes: BTreeMap<ByNumber<&str>, BTreeMap<Option<Part>, usize>> = BTreeMap::new();
        for (part, class) in &scan.places {
            classes.entry(ByNumber(class)).or_default().insert(*part, 0);
        }
        let (mut widths, mut heights) = (Vec::new(), Vec::new());
        let mut sizes = BTreeMap::new();
        for picture in &scan.pictures {
            let Ok(seen) = &picture.seen else { continue };
            summary.readable += 1;
            if let Some(label) = &picture.label {
                let class = classes.entry(ByNumber(label)).or_default();
                *class.entry(picture.part).or_insert(0) += 1;
            }
            widths.push(seen.width);
            heights.push(seen.height);
            *sizes.entry((seen.width, seen.height)).or_insert(0) += 1;
            let count = |counts: &mut BTreeMap<String, usize>, name: &str| {
                *counts.entry(name.to_owned()).or_insert(0) += 1;
            };
            let encoding = seen.encoding;
            count(&mut summary.formats, encoding.format.name());
            count(&mut summary.depths, &format!("{} bits", encoding.bits));
            count(&mut summary.colors, if encoding.has_color { "colour" } else { "grey" });
            let tag = encoding.orientation.to_exif();
            if tag != 1 {
                count(&mut summary.orientations, &tag.to_string());
            }
        }
        let named = |(class, counts): (ByNumber<&str>, _)| (class.0.to_owned(), counts);
        summary.classes = classes.into_iter().map(named).collect();
        summary.widths = Sizes::of(widths);
        summary.heights = Sizes::of(heights);
        // Of equal counts the first, smallest size stays.
        for (size, n) in sizes {
            if summary.commonest_size.is_none_or(|(_, most)| most < n) {
                summary.commonest_size = Some((size, n));
            }
        }
        summary
    }
}

impl Sizes {
    fn of(mut lengths: Vec<usize>) -> Self {
        lengths.sort_unstable();
        match (lengths.first(), lengths.last()) {
            (Some(&min), Some(&max)) => Self { min, median: lengths[(lengths.len() - 1) / 2], max },
            _ => Self::default(),
        }
    }
}
