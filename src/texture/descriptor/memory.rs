//! What measuring a picture takes of memory: the one place that says so.

use super::Descriptor;
use super::groups::{groups, letrist_options};
use crate::image::Channels;
use crate::texture::gaussian::radius;
use crate::texture::{Engine, FamilyOptions, letrist};

/// Levels of the texture score, and what else every descriptor takes; by its definition, a list of all pairs.
fn bytes_of_all(engine: Engine) -> u64 {
    match engine {
        Engine::Fast => 4,
        Engine::Reference => 68,
    }
}

impl Descriptor {
    /// The bytes that measuring a picture of so many columns and rows takes at the most, beside the picture and some
    /// tables of a size of their own. Families are measured one after the other, so the hungriest decides.
    pub fn bytes_to_measure(&self, width: usize, height: usize, engine: Engine) -> u64 {
        let pixels = (width as u64).saturating_mul(height as u64);
        let of_group = |group: &[FamilyOptions]| match (group, engine) {
            ([FamilyOptions::Letrist(_), ..], Engine::Fast) => of_letrist(group, width, height),
            _ => {
                let bytes = group.iter().map(|family| bytes_a_pixel(family, engine)).max();
                pixels.saturating_mul(bytes.unwrap_or(0))
            }
        };
        let hungriest = groups(&self.options.families).map(of_group).max().unwrap_or(0);
        let planes = match self.options.channels {
            Channels::Gray | Channels::Rgb => 0,
            // Three planes of at most 16 bits, and as many of the same in 8.
            Channels::Opponent => 3 * (2 + 1),
        };
        hungriest
            .max(pixels.saturating_mul(bytes_of_all(engine)))
            .saturating_add(pixels.saturating_mul(planes))
    }
}

/// Of all families but LETRIST by the fast engine, which keeps less of a very large picture.
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
        // The picture, what one scale gives, and the codes of three.
        (FamilyOptions::Letrist(_), _) => 32,
    }
}

/// Two strengths and a code for each pixel and scale; of a picture of more pixels than are kept, a band of rows.
fn of_letrist(families: &[FamilyOptions], width: usize, height: usize) -> u64 {
    let (width, height) = (width as u64, height as u64);
    let pixels = width.saturating_mul(height);
    let scales = letrist::distinct(letrist_options(families).map(|options| options.scales));
    let n_scales = scales.len() as u64;
    let radius = scales.last().map_or(0, |&widest| radius(widest) as u64);
    let n_rows = letrist::N_ROWS as u64;
    // Whole vectors, and whole groups of rows.
    let kept = if pixels <= letrist::MAX_KEPT as u64 { height + 3 } else { n_rows };
    let kept = kept.saturating_mul(width + 16).saturating_mul(9 * n_scales);
    let sums = (width + 16).saturating_mul(16 * n_scales);
    // The picture of the band and of the rows around it and what is derived from it, and the rows that are filtered.
    let read =
        (n_rows + 2 * radius + 2).saturating_mul(width + 16).saturating_mul(4 + 8 * n_scales);
    let filtered =
        (n_rows * (8 * n_scales + 4) + 4 * radius).saturating_mul(width + 2 * radius + 64);
    kept.saturating_add(sums).saturating_add(read).saturating_add(filtered)
}

#[cfg(test)]
mod tests;
