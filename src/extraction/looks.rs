//! Other looks at a picture, and what they measure.

use crate::change::Change;
use crate::dataset::{ContentHash, Look};
use crate::descriptor::Descriptor;
use crate::error::Result;
use crate::io::{Labels, Limits};
use crate::raster::{Gray, Mask, Planes, ValueRange};
use crate::texture::Engine;

/// How much the sizes differ. Learned from and averaged over sizes 0.8, 1 and 1.25, a network knows
/// textures from other distances than those it was shown: see docs/accuracy.md.
const STEP: f64 = 1.25;

/// The standard deviation of the noise, as a share of the range of grey values. It makes a network bear noise and lossy
/// compression, too: see docs/accuracy.md.
const NOISE: f64 = 0.02;

/// Of the noise to learn from. It differs from what `--corrupt` draws by any small seed.
const SEED: u64 = 0x6c6f_6f6b;

fn change(look: Look, picture: &Gray, range: ValueRange) -> Option<Change> {
    match look {
        Look::AsItIs => None,
        Look::Smaller => Some(Change::scale(1.0 / STEP)),
        Look::Larger => Some(Change::scale(STEP)),
        Look::Worse => {
            // Noise is given in levels of 8 bits, and the depth of the range may be less than the file's.
            let depth = range.span(picture).1 as f64 / ValueRange::Nominal.span(picture).1 as f64;
            Some(Change::light(NOISE * 255.0 * depth, SEED))
        }
    }
}

/// The features of each look but the picture as it is, in their order.
pub(super) fn features_by(
    looks: &[Look],
    planes: &Planes,
    labels: Option<&Labels>,
    content: &ContentHash,
    descriptor: &Descriptor,
    engine: Engine,
) -> Result<Vec<Vec<f64>>> {
    // A look is at most STEP times as wide and high as a picture that was within the limits.
    let limits = Limits { max_pixels: u64::MAX, ..Limits::default() };
    let features = |change: Change| {
        let changed = change
            .apply(planes, content, limits)
            .map_err(|problem| crate::Error::data("another look at a picture", problem))?;
        let labels = labels.map(|labels| change.apply_to_labels(&labels.values)).transpose()?;
        let mask = labels.as_ref().map(Mask::nonzero);
        Ok(descriptor.extract_inside(&changed, mask.as_ref(), engine)?.values)
    };
    let range = descriptor.options().values;
    looks.iter().filter_map(|&look| change(look, planes.gray(), range)).map(features).collect()
}
