//! What measuring a picture takes of memory: the one place that says so.

use super::Descriptor;
use crate::image::Channels;
use crate::texture::letrist::LetristOptions;
use crate::texture::{Engine, FamilyOptions, letrist};

/// Levels of the texture score, and what else every descriptor takes.
const BYTES_OF_ALL: u64 = 4;

impl Descriptor {
    /// The bytes that measuring a picture of so many columns and rows takes at the most, beside the picture and some
    /// tables of a size of their own. Families are measured one after the other, so the hungriest decides.
    pub fn bytes_to_measure(&self, width: usize, height: usize, engine: Engine) -> u64 {
        let pixels = (width as u64).saturating_mul(height as u64);
        let of_family = |family: &FamilyOptions| match family {
            FamilyOptions::Letrist(options) => of_letrist(options, width, height, engine),
            other => pixels.saturating_mul(bytes_a_pixel(other, engine)),
        };
        let hungriest = self.options.families.iter().map(of_family).max().unwrap_or(0);
        let planes = match self.options.channels {
            Channels::Gray | Channels::Rgb => 0,
            // Three planes of at most 16 bits, and as many of the same in 8.
            Channels::Opponent => 3 * (2 + 1),
        };
        hungriest
            .max(pixels.saturating_mul(BYTES_OF_ALL))
            .saturating_add(pixels.saturating_mul(planes))
    }
}

/// Of all families but LETRIST, which keeps less of a very large picture.
fn bytes_a_pixel(family: &FamilyOptions, engine: Engine) -> u64 {
    match (family, engine) {
        (FamilyOptions::FirstOrder(_), Engine::Fast) => 1,
        (FamilyOptions::FirstOrder(_), Engine::Reference) => 40,
        (FamilyOptions::Lbp(_), _) => 1,
        // Levels of 16 bits.
        (FamilyOptions::IntensityHistogram(_) | FamilyOptions::Glcm(_), _)
        | (FamilyOptions::IbsiGlcm(_) | FamilyOptions::Glrlm(_), _)
        | (FamilyOptions::Ngtdm(_) | FamilyOptions::Ngldm(_), _) => 4,
        // Levels, what was visited, and one zone, which may be the whole picture.
        (FamilyOptions::Glszm(_), _) => 28,
        (FamilyOptions::Gldzm(_), _) => 36,
        (FamilyOptions::Clbp(_), _) => 12,
        // Medians at three radii, in floats.
        (FamilyOptions::Mrelbp(_), _) => 36,
        (FamilyOptions::Tamura(_), _) => 12,
        (FamilyOptions::Letrist(_), _) => 52,
    }
}

/// Six strengths and a code for each pixel; of a picture of more pixels than are kept, a band of rows.
fn of_letrist(options: &LetristOptions, width: usize, height: usize, engine: Engine) -> u64 {
    let pixels = (width as u64).saturating_mul(height as u64);
    let goes_twice = engine == Engine::Fast && letrist::MAX_KEPT < width.saturating_mul(height);
    let strengths = if goes_twice { 0 } else { pixels.saturating_mul(52) };
    let radius = options.scales.iter().copied().fold(0.0, f64::max) * 3.0 + 1.0;
    // Floats of the picture's rows near the band and their derivatives, and sixteen rows of eight of the band.
    let rows = (2.0 * radius + 8.0).min(height as f64).max(1.0) as u64;
    strengths.saturating_add((width as u64 + 512).saturating_mul(56 * rows + 1200))
}

#[cfg(test)]
mod tests;
