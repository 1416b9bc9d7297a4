//! What a picture takes of memory, from its file to its numbers, held against the limits before it is measured.

use std::path::Path;

use super::Extractor;
use crate::error::{Error, Problem, Result};
use crate::image::{Gray, Grid};
use crate::image::{Transform, View};
use crate::io::{Labels, Picture};

/// Bytes a pixel of what windows of the picture share.
const SHARED_BY_WINDOWS: u64 = 4;

/// Bytes a pixel that storing a plane as JPEG and reading it again takes.
const JPEG: u64 = 16;

/// The most features that are added up before they are handed on, for each of those that are kept.
const COPIES_OF_FEATURES: u64 = 2;

/// Refuses a picture that is decoded already but would take more than the limits allow while it is measured: beside the
/// picture, its file of `file` bytes and its mask, whatever its largest view takes.
pub(super) fn check(
    path: &Path,
    file: u64,
    picture: &Picture,
    labels: Option<&Labels>,
    extractor: &Extractor<'_>,
) -> Result<()> {
    let gray = picture.planes.gray();
    let stored = Stored::of(picture, labels.is_some());
    let own = file.saturating_add(stored.bytes(1.0));
    let measuring = |view: View| match extractor.tile {
        Some(tile) => extractor
            .descriptor
            .bytes_to_measure(tile, tile, extractor.engine)
            .saturating_add(stored.area(1.0).saturating_mul(SHARED_BY_WINDOWS)),
        None => stored.of_view(view, extractor),
    };
    let needed = extractor.views.iter().map(|view| own.saturating_add(measuring(view))).max();
    refuse(path, gray, needed.unwrap_or(own), "", extractor)
}

/// The same of a picture that is measured in the windows of a grid, some rows of windows on each job.
pub(super) fn check_grid(
    path: &Path,
    picture: &Picture,
    grid: &Grid,
    n_rows: usize,
    n_jobs: usize,
    extractor: &Extractor<'_>,
) -> Result<()> {
    let (gray, descriptor) = (picture.planes.gray(), extractor.descriptor);
    let stored = Stored::of(picture, false);
    let own = stored.bytes(1.0);
    let side = grid.window();
    let rows = (side + (n_rows - 1) * grid.stride()).min(gray.height()) as f64;
    let strip = (own as f64 * rows / gray.height() as f64) as u64;
    let shared = (gray.width() as u64 * rows as u64).saturating_mul(SHARED_BY_WINDOWS);
    let numbers =
        (grid.lefts().len() * n_rows * descriptor.schema().len() * extractor.views.count()) as u64;
    let of_job = strip
        .saturating_add(shared)
        .saturating_add(numbers.saturating_mul(8 * COPIES_OF_FEATURES))
        .saturating_add(descriptor.bytes_to_measure(side, side, extractor.engine));
    let needed = own.saturating_add(of_job.saturating_mul(n_jobs as u64));
    refuse(path, gray, needed, ", fewer --jobs", extractor)
}

fn refuse(
    path: &Path,
    gray: &Gray,
    needed: u64,
    or: &str,
    extractor: &Extractor<'_>,
) -> Result<()> {
    let most = extractor.limits.max_memory;
    if needed <= most {
        return Ok(());
    }
    let expected = format!("at most {most} bytes of memory for a picture");
    let (width, height) = (gray.width(), gray.height());
    let found = format!("{width} x {height}, which takes {needed} to be measured");
    let advice = format!(
        "give a larger --max-memory{or} or a descriptor that takes less (fast), or cut the picture into tiles"
    );
    Err(Error::picture(path, Problem::new(expected, found, advice)))
}

/// How a picture lies in memory.
#[derive(Clone, Copy)]
struct Stored {
    width: f64,
    height: f64,
    n_planes: u64,
    bytes_of_sample: u64,
    is_masked: bool,
}

impl Stored {
    fn of(picture: &Picture, is_masked: bool) -> Self {
        let gray = picture.planes.gray();
        Self {
            width: gray.width() as f64,
            height: gray.height() as f64,
            n_planes: if picture.planes.has_color() { 4 } else { 1 },
            bytes_of_sample: u64::from(gray.bits() / 8),
            is_masked,
        }
    }

    /// Pixels at so many times its size.
    fn area(self, factor: f64) -> u64 {
        ((self.width * factor).round() * (self.height * factor).round()) as u64
    }

    /// The picture at so many times its size, with its mask: labels of 16 bits, and what they make of the mask.
    fn bytes(self, factor: f64) -> u64 {
        let of_mask = if self.is_masked { 3 } else { 0 };
        self.area(factor).saturating_mul(self.n_planes * self.bytes_of_sample + of_mask)
    }

    /// What a view takes beside the picture: to be made, or to be measured.
    fn of_view(self, view: View, extractor: &Extractor<'_>) -> u64 {
        let factor = match view.transform() {
            Transform::Size(factor) => factor,
            _ => 1.0,
        };
        let area = self.area(factor);
        let side = |n: f64| (n * factor).round().max(1.0) as usize;
        // What is masked is cut out; and of 16 bits, 8 may be all that are needed.
        let copies = if self.is_masked { self.bytes(factor) } else { 0 };
        let in_eight_bits = if self.bytes_of_sample == 2 { area * self.n_planes } else { 0 };
        let (width, height) = (side(self.width), side(self.height));
        let measured = extractor
            .descriptor
            .bytes_to_measure(width, height, extractor.engine)
            .saturating_add(copies)
            .saturating_add(in_eight_bits);
        let (own, made) = match view.transform() {
            Transform::Nothing => (0, 0),
            // A plane of 16 bits before it becomes one of 8.
            Transform::Size(_) | Transform::Blur => (self.bytes(factor), 2 * area),
            Transform::EvenLight | Transform::Light => (self.bytes(factor), area),
            Transform::NoiseAndCompression => (self.bytes(factor), JPEG * self.n_planes * area),
        };
        own.saturating_add(measured.max(made.saturating_add(2 * in_eight_bits)))
    }
}
