//! Pictures to compute on: made by hand where a shape is likely to hurt, drawn from a seed otherwise.

use crate::sweep::one_in;
use textura::image::{Gray, Samples};
use textura::random::Random;

/// A picture and how to make it again.
pub struct Named {
    pub name: String,
    pub picture: Gray,
}

/// Odd widths and heights: single pixels and rows, everything around the sizes of vectors and of the
/// stretches and bands in which engines walk (32 columns, 64 rows), and beyond.
const SIZES: [(usize, usize); 30] = [
    (1, 1),
    (1, 7),
    (9, 1),
    (1, 40),
    (40, 1),
    (2, 2),
    (2, 3),
    (3, 2),
    (3, 3),
    (4, 4),
    (5, 5),
    (6, 7),
    (7, 6),
    (8, 8),
    (9, 9),
    (15, 16),
    (16, 15),
    (17, 17),
    (19, 20),
    (31, 33),
    (32, 32),
    (33, 31),
    (63, 5),
    (64, 19),
    (65, 63),
    (34, 66),
    (35, 67),
    (100, 37),
    (67, 131),
    (20, 200),
];

/// All sizes, or every fourth of them where a sample must do.
pub fn sizes() -> impl Iterator<Item = (usize, usize)> + Clone {
    SIZES.into_iter().step_by(one_in(4))
}

/// How a picture is filled.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Black,
    Middle,
    White,
    GradientRight,
    GradientDown,
    Checker,
    /// Fields of 3 x 3 pixels.
    CoarseChecker,
    /// One bright pixel in the middle.
    Impulse,
    /// Black, with bright corners.
    Corners,
    Noise,
    /// Noise of three values: most samples tie.
    FewValues,
    /// Noise of two neighbouring values: samples lie within one step of their centre.
    NearTies,
    /// Noise cut off at both ends.
    Saturated,
    /// Slow waves, as in photographs.
    Smooth,
}

pub const KINDS: [Kind; 14] = [
    Kind::Black,
    Kind::Middle,
    Kind::White,
    Kind::GradientRight,
    Kind::GradientDown,
    Kind::Checker,
    Kind::CoarseChecker,
    Kind::Impulse,
    Kind::Corners,
    Kind::Noise,
    Kind::FewValues,
    Kind::NearTies,
    Kind::Saturated,
    Kind::Smooth,
];

impl Kind {
    /// A share of the full scale for each pixel.
    fn share(self, x: usize, y: usize, size: (usize, usize), largest: f64, r: &mut Random) -> f64 {
        let (w, h) = size;
        let (right, down) = (x as f64 / w as f64, y as f64 / h as f64);
        let bit = |set: bool| f64::from(u8::from(set));
        match self {
            Self::Black => 0.0,
            Self::Middle => 0.5,
            Self::White => 1.0,
            Self::GradientRight => right,
            Self::GradientDown => down,
            Self::Checker => bit((x + y) % 2 == 1),
            Self::CoarseChecker => 0.25 + 0.5 * bit((x / 3 + y / 3) % 2 == 1),
            Self::Impulse => bit((x, y) == (w / 2, h / 2)),
            Self::Corners => bit((x == 0 || x + 1 == w) && (y == 0 || y + 1 == h)),
            Self::Noise => r.unit(),
            Self::FewValues => [0.2, 0.21, 0.9][r.below(3)],
            Self::NearTies => 0.5 + r.below(2) as f64 / largest,
            Self::Saturated => 0.5 + r.normal(),
            Self::Smooth => 0.5 + 0.4 * (right * 9.0).sin() * (down * 7.0 + right * 2.0).cos(),
        }
    }

    /// The picture of this kind, in 8 or 16 bits.
    pub fn picture(self, (width, height): (usize, usize), bits: u32) -> Named {
        let largest = f64::from(u32::MAX >> (32 - bits));
        let mut random = Random::new(self as u64, (width * 1000 + height) as u64);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let share = self.share(x, y, (width, height), largest, &mut random);
                values.push((share * largest).round().clamp(0.0, largest) as u16);
            }
        }
        let name = format!("{self:?} {width}x{height} {bits} bits");
        Named { name, picture: gray(width, height, bits, &values) }
    }
}

/// A picture of given values, which must fit the depth.
pub fn gray(width: usize, height: usize, bits: u32, values: &[u16]) -> Gray {
    let samples = match bits {
        8 => Samples::Eight(values.iter().map(|&v| v.try_into().expect("8 bits")).collect()),
        _ => Samples::Sixteen(values.to_vec()),
    };
    Gray::new(width, height, samples).expect("a value a pixel")
}

/// The values of a picture, row by row.
pub fn values(picture: &Gray) -> Vec<u16> {
    let row = |y: usize| (0..picture.width()).map(move |x| picture.value(x, y));
    (0..picture.height()).flat_map(row).collect()
}

/// How many pictures [`all`] has: 840, or 224 of a sample.
pub fn n_pictures() -> usize {
    sizes().count() * KINDS.len() * 2
}

/// Every kind at every depth and at all [`sizes`].
pub fn all() -> impl Iterator<Item = Named> {
    sizes().flat_map(|size| {
        KINDS.into_iter().flat_map(move |kind| [8, 16].map(|bits| kind.picture(size, bits)))
    })
}
