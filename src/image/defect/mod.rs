//! Defects made on purpose, to learn from where no real ones are known.
//!
//! A network that is shown good pictures only has nothing to tell them from. So parts of good pictures are changed, in the
//! shape of a blob, a crooked line or a band, into something that may not be there: darker or brighter, cut from another
//! place and pasted (Li et al. 2021, "CutPaste"), with more or less contrast, or with a texture of noise (Zavrtanik et al. 2021,
//! "DRAEM"). Real defects differ from these; what is learned is where a surface differs from its surroundings in a way
//! that good ones do not.

mod content;
mod shape;

use super::{Area, Intensity};
use crate::random::Random;
use content::{blurred, changed};
use shape::Shape;

/// Pixels for each defect, on average.
const PIXELS_PER_DEFECT: f64 = 50_000.0;

/// Changes of less than this part of the picture's spread are no defects: nobody could see them.
const LEAST_CHANGE: f32 = 0.3;

/// A picture with defects made on purpose.
#[derive(Debug, Clone)]
pub struct Damaged {
    /// The picture.
    pub picture: Intensity,
    /// What became of each pixel, row by row.
    pub pixels: Vec<Pixel>,
}

/// What became of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pixel {
    /// Nothing.
    Same,
    /// It was changed too little to count.
    Touched,
    /// It is part of a defect.
    Defect,
}

/// Makes defects on a picture; what is pasted comes from it or from one of `donors`, which are good pictures, too.
pub fn damage(good: &Intensity, donors: &[Intensity], random: &mut Random) -> Damaged {
    let mut picture = good.clone();
    let mut pixels = vec![Pixel::Same; good.values().len()];
    let spread = spread_of(good);
    let n = good.values().len() as f64 / PIXELS_PER_DEFECT * (0.5 + random.unit());
    for _ in 0..(n.round() as usize).max(1) {
        let Some(shape) = Shape::draw(good.width(), good.height(), random) else { continue };
        let Shape { area, inside } = &shape;
        let before = picture.levels(*area);
        let source = match donors.is_empty() || random.unit() < 0.4 {
            true => good,
            false => &donors[random.below(donors.len())],
        };
        let after = changed(&before, *area, source, spread, random);
        // An edge may be sharp, or blend in over a pixel or two.
        let size = (area.width, area.height);
        let share = match random.unit() < 0.8 {
            true => blurred(inside, size, 0.4 + 1.1 * random.unit()),
            false => inside.clone(),
        };
        let mixed = before.iter().zip(&after).zip(&share);
        let mixed: Vec<f32> = mixed.map(|((b, a), s)| b + s * (a.clamp(0.0, 255.0) - b)).collect();
        let (mut sum, mut n) = (0.0f64, 0.0f64);
        for ((before, mixed), inside) in before.iter().zip(&mixed).zip(inside) {
            if 0.0 < *inside {
                sum += f64::from((mixed - before).abs());
                n += 1.0;
            }
        }
        let is_seen = f64::from(LEAST_CHANGE * spread) < sum / n;
        picture.replace(*area, &mixed);
        mark(
            &mut pixels,
            good.width(),
            &shape,
            if is_seen { Pixel::Defect } else { Pixel::Touched },
        );
    }
    Damaged { picture, pixels }
}

fn mark(pixels: &mut [Pixel], width: usize, shape: &Shape, kind: Pixel) {
    let Area { x, y, width: across, .. } = shape.area;
    for (row, inside) in (y..).zip(shape.inside.chunks_exact(across)) {
        for (pixel, inside) in pixels[row * width + x..].iter_mut().zip(inside) {
            if 0.0 < *inside && *pixel != Pixel::Defect {
                *pixel = kind;
            }
        }
    }
}

/// By how many grey levels the picture varies, as a whole and from place to place.
fn spread_of(picture: &Intensity) -> f32 {
    let (width, height) = (picture.width(), picture.height());
    let whole = Area { x: 0, y: 0, width, height };
    let levels = picture.levels(whole);
    let mean = levels.iter().map(|&v| f64::from(v)).sum::<f64>() / levels.len() as f64;
    let variance =
        levels.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / levels.len() as f64;
    // From one pixel to that eight further on; the median of some thousand.
    let step = (levels.len() / 4096).max(1);
    let mut near: Vec<f32> = (0..levels.len())
        .step_by(step)
        .map(|at| (levels[at] - levels[(at + 8).min(levels.len() - 1)]).abs())
        .collect();
    let middle = near.len() / 2;
    let (_, median, _) = near.select_nth_unstable_by(middle, f32::total_cmp);
    1.0 + 0.5 * variance.sqrt() as f32 + 0.75 * *median * std::f32::consts::FRAC_1_SQRT_2
}

#[cfg(test)]
mod tests;
