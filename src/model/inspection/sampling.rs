//! What is kept of each good picture while all are looked at for the first time: a sample, so that memory grows little with
//! their number.

use ndarray::Array2;

use super::scene::{Scene, grown, share_by_cell};
use crate::error::Result;
use crate::image::defect::{Damaged, Pixel, damage};
use crate::image::{Area, ContentHash, Intensity};
use crate::random::Random;
use crate::texture::cells::{N_FEATURES, cells, cells_along};

/// Pixels of pictures with defects made on purpose, in all.
const DAMAGED_PIXELS: f64 = 60e6;

/// Copies of a picture with other defects each, at most.
const MOST_COPIES: f64 = 6.0;

/// Cells to learn from, in all.
const CELLS: usize = 360_000;

/// Windows to choose from, in all.
const WINDOWS: usize = 4_500;

/// Good pictures others are cut from and pasted on, and the side of the part of each that is kept.
pub(super) const DONORS: usize = 32;
const DONOR_SIDE: usize = 512;

/// A cell is part of a defect where more than this share of its pixels is.
const DEFECT_SHARE: f32 = 0.15;

/// Cells at most so many cells away from a change are neither good nor a defect.
const NEAR: usize = 2;

/// How much is kept of each of some pictures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    copies: f64,
    cells: usize,
    windows: f64,
}

impl Plan {
    /// For so many pictures, of so many pixels on average.
    pub fn of(n_pictures: usize, pixels: f64) -> Self {
        let n = n_pictures.max(1) as f64;
        let copies = (DAMAGED_PIXELS / (n * pixels.max(1.0))).min(MOST_COPIES);
        // Either every picture has as many copies, or some have one.
        let copies = if 1.0 <= copies { copies.round() } else { copies };
        let cells = (CELLS as f64 / (n * copies)).ceil() as usize;
        Self { copies, cells: cells.max(48), windows: WINDOWS as f64 / n }
    }
}

/// What is kept of a picture.
pub(super) struct Sampled {
    pub content: ContentHash,
    /// The features of the whole.
    pub row: Vec<f32>,
    /// The features of cells of damaged copies, one after the other, and whether each is part of a defect.
    pub cells: Vec<f32>,
    pub is_defect: Vec<bool>,
    /// The features of some windows (N, features).
    pub windows: Array2<f64>,
}

/// A part of a good picture to be pasted on others.
pub(super) fn donor(intensity: &Intensity, random: &mut Random) -> Intensity {
    let (width, height) = (intensity.width().min(DONOR_SIDE), intensity.height().min(DONOR_SIDE));
    let x = random.below(intensity.width() - width + 1);
    let y = random.below(intensity.height() - height + 1);
    intensity.crop(Area { x, y, width, height })
}

/// So many of them on average, whole ones surely.
fn drawn(number: f64, random: &mut Random) -> usize {
    number as usize + usize::from(random.unit() < number.fract())
}

/// Samples a picture.
pub(super) fn sample(
    scene: &Scene<'_>,
    donors: &[Intensity],
    plan: Plan,
    random: &mut Random,
) -> Result<Sampled> {
    let (row, _) = scene.measure_whole()?;
    let mut windows = scene.windows();
    random.shuffle(&mut windows);
    windows.truncate(drawn(plan.windows, random).max(usize::from(1.0 <= plan.windows)));
    let mut sampled = Sampled {
        content: scene.picture.identity,
        row: row.iter().map(|&value| value as f32).collect(),
        cells: Vec::new(),
        is_defect: Vec::new(),
        windows: scene.measure(&windows)?,
    };
    let counted = scene.counted_cells();
    for _ in 0..drawn(plan.copies, random) {
        let damaged = damage(&scene.intensity, donors, random);
        add_cells(&mut sampled, scene, &damaged, &counted, plan.cells, random);
    }
    Ok(sampled)
}

/// Adds cells of a damaged picture, up to a third of them defects.
fn add_cells(
    sampled: &mut Sampled,
    scene: &Scene<'_>,
    damaged: &Damaged,
    counted: &[bool],
    most: usize,
    random: &mut Random,
) {
    let (width, height) = (scene.intensity.width(), scene.intensity.height());
    let of = |is_meant: fn(Pixel) -> bool| {
        share_by_cell(width, height, |at| is_meant(damaged.pixels[at]))
    };
    let shares = of(|pixel| pixel == Pixel::Defect);
    let are_changed = of(|pixel| pixel != Pixel::Same);
    let size = (cells_along(height), cells_along(width));
    let are_near = grown(are_changed.iter().map(|share| 0.0 < *share).collect(), size, NEAR);
    let all = || (0..counted.len()).filter(|&cell| counted[cell]);
    let mut defects: Vec<usize> = all().filter(|&cell| DEFECT_SHARE < shares[cell]).collect();
    let mut good: Vec<usize> = all().filter(|&cell| !are_near[cell]).collect();
    random.shuffle(&mut defects);
    defects.truncate(most / 3);
    random.shuffle(&mut good);
    good.truncate(most - defects.len());
    let features = cells(&damaged.picture).features;
    sampled.cells.reserve((defects.len() + good.len()) * N_FEATURES);
    for (cells, is_defect) in [(defects, true), (good, false)] {
        for cell in cells {
            sampled.cells.extend(features.row(cell));
            sampled.is_defect.push(is_defect);
        }
    }
}
