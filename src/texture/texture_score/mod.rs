//! One number from 0 to 100 for a picture without a model: how unpredictable neighbouring pixels are.
//!
//! # Definition
//!
//! The grey values are brought to 256 steps over the value range. Every pixel is paired with its right
//! and its lower neighbour, in both orders. The score is the joint entropy of these pairs at bins 16
//! steps wide, averaged over all 16 x 16 ways to place the edges of the bins of the two values, as a
//! share of a bound that no picture can exceed:
//!
//! `score = 100 * mean over placements of H(bin(a), bin(b)) / (2 log2(271 / 16))`
//!
//! Averaging over the placements is what makes the number behave. With one fixed placement, a faint
//! texture counts fully where an edge happens to run through it and not at all elsewhere. The average
//! equals the information that `a` and `b` give about themselves through an added uniform error of 16
//! steps (Zamir and Feder 1992, "On universal quantization by randomized uniform/lattice quantizers"),
//! and from that follow its laws:
//!
//! - A flat picture has 0; uniform white noise of at least 16 x 16 pixels has 95 or more; 100 is never
//!   exceeded.
//! - Adding a constant that clips nothing changes nothing (8-bit pictures: any whole number of grey
//!   levels; 16-bit: any multiple of 256 at the nominal range).
//! - Independent noise raises it, until clipping at black and white takes more than the noise brings.
//! - Contrast raises it: doubling the contrast cannot lower it, since the wider error is the narrower
//!   one with another added.
//!
//! What it is not: a measure of coarseness. A fine and a coarse pattern of the same contrast differ only
//! as far as neighbours differ. Halving a picture's size by averaging therefore raises the score of a
//! coarse texture (neighbours come to lie further apart on the surface) and lowers that of fine grain
//! (averaging takes its contrast): compare pictures of the same scale.

mod fast;
mod reference;

use super::{Engine, Input};
use crate::image::Quantizer;
use crate::image::flag::{Flag, Flags};

/// Steps of the grey scale.
const STEPS: usize = 256;

/// Steps in a bin.
const WIDTH: usize = 16;

/// The score of the pixels inside, and the flag `too_small` where no two of them are neighbours and the
/// score is 0.
///
/// Range: 0 to 100. See the module for the definition.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::{Input, texture_score::texture_score};
/// let flat = Gray::new(4, 4, Samples::Eight(vec![7; 16]))?;
/// assert_eq!(texture_score(Input::whole(&flat)).0, 0.0);
/// // A black and white board: the pairs (0, 255) and (255, 0), half each, so one bit whatever the
/// // placement: 100 * 1 / (2 log2(271 / 16)) = 12.25.
/// let board = Gray::new(2, 2, Samples::Eight(vec![0, 255, 255, 0]))?;
/// let (score, _) = texture_score(Input::whole(&board));
/// assert!((score - 50.0 / (271.0f64 / 16.0).log2()).abs() < 1e-12);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn texture_score(input: Input<'_>) -> (f64, Flags) {
    let mut flags = Flags::default();
    let levels = input.levels(Quantizer::fixed(STEPS));
    let bits = match input.engine {
        Engine::Fast => fast::mean_entropy(&levels),
        Engine::Reference => reference::mean_entropy(&levels),
    };
    flags.set_if(Flag::TooSmall, bits.is_none());
    let most = 2.0 * ((STEPS + WIDTH - 1) as f64 / WIDTH as f64).log2();
    ((100.0 * bits.unwrap_or(0.0) / most).clamp(0.0, 100.0), flags)
}

#[cfg(test)]
mod tests;
