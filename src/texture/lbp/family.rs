//! The family of features: its settings, columns and documentation.

use serde::{Deserialize, Serialize, Serializer};

use super::mapping::VAR_BINS;
use super::slide::LbpSlide;
use super::{Border, Mapping, Ring, fast, reference, ring_samples, riu2, spread_unit, tally, u2};
use crate::error::Result;
use crate::image::Gray;
use crate::image::flag::Flags;
use crate::texture::histogram::append_shares;
use crate::texture::schema::Block;
use crate::texture::{Engine, Family, Input, Slide, Topic};

/// The settings of a descriptor's `lbp` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LbpOptions {
    /// Samples on the ring, 1 to 24.
    pub p: usize,
    /// Radius of the ring in pixels, 0.5 to 1,000.
    #[serde(serialize_with = "shortest")]
    pub r: f64,
    /// How a pattern becomes a bin. Default `riu2`.
    #[serde(default)]
    pub mapping: Mapping,
}

/// Writes whole numbers without a decimal point.
pub(in crate::texture) fn shortest<S: Serializer>(
    value: &f64,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let whole = *value as i64;
    if whole as f64 == *value {
        serializer.serialize_i64(whole)
    } else {
        serializer.serialize_f64(*value)
    }
}

/// The family with its settings checked.
#[derive(Debug, Clone)]
pub struct Lbp {
    pub(super) ring: Ring,
    mapping: Mapping,
    pub(super) n_bins: usize,
    /// See [`Mapping::ror_bins`]; empty for other mappings.
    ror_bins: Vec<u16>,
}

impl Lbp {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for P outside 1 to 24, R outside 0.5 to 1,000, and mappings that would
    /// have too many bins: `default` above P = 8 and `ror` above P = 16.
    pub fn new(options: &LbpOptions) -> Result<Self> {
        let LbpOptions { p, r, mapping } = *options;
        let ring = Ring::new(p, r)?;
        let n_bins = mapping.n_bins(p)?;
        let ror_bins = if mapping == Mapping::Ror { Mapping::ror_bins(p) } else { Vec::new() };
        Ok(Self { ring, mapping, n_bins, ror_bins })
    }

    /// How often each bin occurs among the interior pixels inside the mask.
    ///
    /// Shape: [`Mapping::n_bins`] counts; all zero where no pixel inside has its whole ring in the
    /// picture.
    ///
    /// ```
    /// use textura::image::{Gray, Samples};
    /// use textura::texture::Input;
    /// use textura::texture::lbp::{Lbp, LbpOptions, Mapping};
    /// // Right, up, left, down of the one interior pixel: 9, 5, 1, 5 around 5, so the code is 0b1011:
    /// // three ones, which begin at sample 3. Their mean is 5 and their variance 32 / 4 = 8.
    /// let gray = Gray::new(3, 3, Samples::Eight(vec![0, 5, 0, 1, 5, 9, 0, 5, 0]))?;
    /// let bin = |mapping| {
    ///     let counts = Lbp::new(&LbpOptions { p: 4, r: 1.0, mapping })?.counts(Input::whole(&gray));
    ///     Ok::<_, textura::Error>(counts.iter().position(|&count| count == 1))
    /// };
    /// assert_eq!(bin(Mapping::Default)?, Some(0b1011));
    /// assert_eq!(bin(Mapping::Ror)?, Some(4)); // 0111, after 0000, 0001, 0011, 0101
    /// assert_eq!(bin(Mapping::Riu2)?, Some(3));
    /// assert_eq!(bin(Mapping::U2)?, Some(10)); // 1 + 2 * 4 + 1
    /// assert_eq!(bin(Mapping::Var)?, Some(3)); // log2(1 + 8) = 3.17
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn counts(&self, input: Input<'_>) -> Vec<u64> {
        match (self.mapping, input.engine) {
            (Mapping::Riu2, Engine::Fast) => {
                fast::riu2_counts(input.picture, input.mask, &self.ring)
            }
            (Mapping::Var, _) | (_, Engine::Reference) => {
                tally(input, &self.ring, self.n_bins, |x, y| self.bin(input.picture, x, y))
            }
            _ => {
                let mut counts = vec![0; self.n_bins];
                let margin = self.ring.margin();
                fast::for_codes(input.picture, &self.ring, |y, left, codes| {
                    for (x, &code) in (margin + left..).zip(codes) {
                        let is_inside = input.is_inside(x, margin + y);
                        counts[self.bin_of_code(code)] += u64::from(is_inside);
                    }
                });
                counts
            }
        }
    }

    /// The bin of every pixel whose whole ring lies in the picture, row by row.
    pub(super) fn bins(&self, picture: &Gray) -> Vec<u16> {
        let ring = &self.ring;
        if self.mapping == Mapping::Var {
            let centres = ring_samples::centres(picture, ring, Border::Interior);
            return centres.map(|(x, y)| self.bin(picture, x, y) as u16).collect();
        }
        let (columns, rows) = ring.interior(picture.width(), picture.height());
        let mut bins = vec![0; columns * rows];
        fast::for_codes(picture, ring, |y, left, codes| {
            for (bin, &code) in bins[y * columns + left..].iter_mut().zip(codes) {
                *bin = self.bin_of_code(code) as u16;
            }
        });
        bins
    }

    /// The bin of one pixel, by the definitions.
    fn bin(&self, picture: &Gray, x: usize, y: usize) -> usize {
        let ring = &self.ring;
        if self.mapping == Mapping::Var {
            return var_bin(reference::spread(picture, ring, x, y), var_unit(picture, ring));
        }
        self.bin_of_code(reference::code(picture, ring, x, y))
    }

    /// The bin of a code. Mapping VAR has none for codes.
    fn bin_of_code(&self, code: u32) -> usize {
        match self.mapping {
            Mapping::Ror => self.ror_bins[code as usize].into(),
            Mapping::Riu2 => riu2(code, self.ring.p()),
            Mapping::U2 => u2(code, self.ring.p()),
            Mapping::Default | Mapping::Var => code as usize,
        }
    }

    /// The documentation of the family.
    pub(in crate::texture) fn topic() -> Topic {
        let (key, title) = ("lbp", "Local binary patterns (LBP)");
        Topic { key, title, about: ABOUT, terms: Mapping::ALL.map(Mapping::term).to_vec() }
    }
}

/// The spread of a variance of one in grey values from 0 to 255.
fn var_unit(picture: &Gray, ring: &Ring) -> i128 {
    let scale = if picture.bits() == 16 { 257 } else { 1 };
    spread_unit(ring) * scale * scale
}

/// `floor(log2(1 + v))` for the variance `v = spread / unit`. Powers of two are whole, so the whole part
/// of `v` decides, and no logarithm is rounded.
fn var_bin(spread: i128, unit: i128) -> usize {
    ((spread / unit + 1).ilog2() as usize).min(VAR_BINS - 1)
}

impl Family for Lbp {
    /// One histogram, `lbp_p8r1_riu2_0` to `_9` for P = 8, R = 1.
    fn blocks(&self) -> Vec<Block> {
        let (p, r, mapping) = (self.ring.p(), self.ring.r(), self.mapping.term().name);
        vec![Block::histogram(&format!("lbp_p{p}r{r}_{mapping}"), self.n_bins)]
    }

    fn settings(&self) -> String {
        let (p, r, mapping) = (self.ring.p(), self.ring.r(), self.mapping.term().name);
        format!("lbp p={p} r={r} mapping={mapping} border=interior")
    }

    /// The shares of the bins, summing to one; all zero, with the flag `too_small`, where no pixel
    /// inside has its whole ring in the picture.
    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        append_shares([&*self.counts(input)], numbers)
    }

    fn slide<'a>(&'a self, input: Input<'a>) -> Option<Box<dyn Slide + 'a>> {
        Some(Box::new(LbpSlide::new(self, input.picture)))
    }

    /// One more than the ring needs: the definition also reads the pixel after the outermost one,
    /// though with the weight zero.
    fn reach(&self) -> usize {
        self.ring.margin() + 1
    }
}

const ABOUT: &str = "\
How the pixels on a ring compare with the pixel in its middle. P samples lie on a circle of radius R; \
sample k at the angle 2 pi k / P, counter-clockwise from the right (dx = R cos, dy = -R sin, y down), \
interpolated bilinearly. Offsets are rounded to multiples of 1e-5 pixels; from there on whole numbers \
decide, so that ties fall alike on every processor. Bit k of the code is set where sample k is at least \
the middle. The shares of the bins over the pixels looked at are the features.

Settings: `p` (1 to 24), `r` (0.5 to 1000), `mapping` (\"riu2\"): how a code becomes a bin, see below. \
\"default\" is for P up to 8 and \"ror\" for P up to 16, since they would have too many bins beyond; \
\"riu2\" and \"u2\" suit every P.

Columns: `lbp_p8r1_riu2_0`, ..., `lbp_p12r1.5_u2_0`, ....

Edge cases: pixels nearer to the picture's border than R, rounded up, are left out; with a mask, pixels \
outside it, too, while the samples may lie outside the mask. Where no pixel is left, every bin is 0 and \
the flag `too_small` is set. In a flat area all samples tie, so every bit is set and the variance is 0. \
Up to P = 3 no pattern changes more than twice, so the last bin of riu2 and of u2 stays empty.

Elsewhere: scikit-image has the same samples, bits and bins, but looks at every pixel, with zeros beyond \
the border, and interpolates in floats, so that ties may fall otherwise. MATLAB's `extractLBPFeatures` \
has as many bins. OpenCV's face recogniser (LBPH) has our whole codes, but decides ties in floats, so that \
flat areas may lose bits. mahotas has our turned codes of other samples: it does not interpolate, takes \
pixels up to two further right and down, walks clockwise from the left, and sets a bit where the sample is strictly \
brighter. imageproc compares the eight neighbours without interpolation and sets a bit where the \
neighbour is strictly darker.

Source: Ojala, Pietikainen, Maenpaa 2002, \"Multiresolution gray-scale and rotation invariant texture \
classification with local binary patterns\".";
