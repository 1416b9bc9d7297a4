//! What the surface looks like inside a defect.

use super::shape::log_uniform;
use crate::image::{Area, Intensity, smooth};
use crate::random::Random;

/// What a rectangle of the picture, `before`, is to become inside the defect. Pasted parts come from `source`; `spread`
/// is by how many grey levels the picture varies.
pub(super) fn changed(
    before: &[f32],
    area: Area,
    source: &Intensity,
    spread: f32,
    random: &mut Random,
) -> Vec<f32> {
    let size = (area.width, area.height);
    let shifted = |random: &mut Random| spread * random.normal() as f32;
    match random.unit() {
        kind if kind < 0.35 => brighter_or_darker(before, spread, random),
        kind if kind < 0.6 => {
            let mut pasted = cut(source, size, random);
            let mut shift = 0.0;
            if random.unit() < 0.5 {
                shift += mean(before) - mean(&pasted);
            }
            if random.unit() < 0.5 {
                shift += shifted(random);
            }
            pasted.iter_mut().for_each(|v| *v += shift);
            pasted
        }
        kind if kind < 0.8 => {
            let ground = blurred(before, size, 3.0 + 9.0 * random.unit());
            let factor = match random.unit() < 0.6 {
                true => 0.6 * random.unit(),
                false => 1.5 + 1.5 * random.unit(),
            } as f32;
            let shift = if random.unit() < 0.5 { shifted(random) } else { 0.0 };
            before.iter().zip(&ground).map(|(v, g)| g + factor * (v - g) + shift).collect()
        }
        _ => {
            let noise: Vec<f32> = before.iter().map(|_| random.normal() as f32).collect();
            let noise = blurred(&noise, size, 0.5 + 2.5 * random.unit());
            let own = noise.iter().map(|v| f64::from(v * v)).sum::<f64>() / noise.len() as f64;
            let factor = f64::from(spread) * log_uniform(0.3, 2.0, random) / (own.sqrt() + 1e-6);
            let level = mean(before) + shifted(random);
            let keeps = random.unit() < 0.5;
            let ground = before.iter().map(|&v| if keeps { v } else { level });
            ground.zip(&noise).map(|(ground, v)| ground + factor as f32 * v).collect()
        }
    }
}

/// By a step or by a factor, darker more often than brighter.
fn brighter_or_darker(before: &[f32], spread: f32, random: &mut Random) -> Vec<f32> {
    let sign = if random.unit() < 0.6 { -1.0 } else { 1.0 };
    if random.unit() < 0.5 {
        let step = spread * (sign * log_uniform(0.7, 5.0, random)) as f32;
        before.iter().map(|v| v + step).collect()
    } else {
        let factor = (sign * (0.15 + 1.05 * random.unit())).exp() as f32;
        before.iter().map(|v| v * factor).collect()
    }
}

/// A part of a picture of some size, sometimes turned; a smaller picture is repeated, mirrored.
fn cut(source: &Intensity, (width, height): (usize, usize), random: &mut Random) -> Vec<f32> {
    let turn = random.below(4);
    let (across, down) = if turn == 1 { (height, width) } else { (width, height) };
    let start = |room: usize, random: &mut Random| random.below(room + 1);
    let left = start(source.width().saturating_sub(across), random);
    let top = start(source.height().saturating_sub(down), random);
    let fold = |at: usize, n: usize| {
        let at = at % (2 * n);
        at.min(2 * n - 1 - at)
    };
    let level = |x: usize, y: usize| {
        let value = source.row(fold(top + y, source.height()))[fold(left + x, source.width())];
        f32::from(value) / f32::from(Intensity::PARTS)
    };
    let mut part = Vec::with_capacity(width * height);
    for y in 0..height {
        part.extend((0..width).map(|x| match turn {
            1 => level(y, x),
            2 => level(width - 1 - x, height - 1 - y),
            _ => level(x, y),
        }));
    }
    part
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64) as f32
}

/// Smoothed by a Gaussian.
pub(super) fn blurred(values: &[f32], (width, height): (usize, usize), sigma: f64) -> Vec<f32> {
    let mut blurred = values.to_vec();
    smooth(&mut blurred, (height, width), sigma);
    blurred
}
