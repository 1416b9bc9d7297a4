//! Other looks at a picture.

use crate::change::Change;
use crate::dataset::Look;
use crate::descriptor::Descriptor;
use crate::raster::{Gray, ValueRange};

/// How much the sizes differ. Learned from and averaged over sizes 0.8, 1 and 1.25, a network knows
/// textures from other distances than those it was shown: see docs/accuracy.md.
const STEP: f64 = 1.25;

/// The standard deviation of the noise, as a share of the range of grey values. It makes a network bear
/// noise and lossy compression, too: see docs/accuracy.md.
const NOISE: f64 = 0.02;

/// Of the noise to learn from. It differs from what `--corrupt` draws by any small seed.
const SEED: u64 = 0x6c6f_6f6b;

/// What makes a look of a picture that a descriptor is to measure; nothing for the picture as it is.
pub(super) fn change(look: Look, picture: &Gray, descriptor: &Descriptor) -> Option<Change> {
    match look {
        Look::AsItIs => None,
        Look::Smaller => Some(Change::scale(1.0 / STEP)),
        Look::Larger => Some(Change::scale(STEP)),
        Look::Worse => {
            // Noise is given in levels of 8 bits, and the range may be less than the file can hold.
            let (_, n_values) = descriptor.options().values.span(picture);
            let (_, n_nominal) = ValueRange::Nominal.span(picture);
            let depth = f64::from(n_values) / f64::from(n_nominal);
            Some(Change::light(NOISE * 255.0 * depth, SEED))
        }
    }
}
