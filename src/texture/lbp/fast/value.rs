//! What samples are interpolated in: 16-bit fixed point for pictures of 8 bits, 32-bit floats for those of 16.

use super::super::ring::UNIT;

/// A number that stands for a grey value.
pub(super) trait Value: Copy + Default + PartialOrd {
    /// Sides from 0 to this could be decided by rounding.
    const UNDECIDED: i8;
    type Pixel: Copy + PartialEq + Into<u16>;
    /// The share of the farther of two pixels.
    type Weight: Copy;

    fn of(pixel: Self::Pixel) -> Self;

    /// Of units of 1e-5, half of a pixel at the most.
    fn weight(units: i64) -> Self::Weight;

    /// What lies between two values, the share of the second being `weight`.
    fn between(near: Self, far: Self, weight: Self::Weight) -> Self;

    /// What samples around this centre are compared with.
    fn reference(self) -> Self;

    /// Negative where this sample is certainly below the centre whose reference is given, above [`Value::UNDECIDED`] where
    /// it is certainly not, between where rounding could decide.
    fn side(self, reference: Self) -> i8;
}

/// Grey values of 8 bits less 128, times 128, so that the difference of any two fits.
///
/// A product loses less than one unit downwards. A weight is off by at most 1/65,536, so a product by half a unit.
/// Interpolated across and then down, a sample in these units is more than the exact one less 3, and less than it plus
/// 1. So a difference of 1 or more means that the sample is above, and one of -3 or less that it is below.
impl Value for i16 {
    const UNDECIDED: i8 = 2;
    type Pixel = u8;
    type Weight = i16;

    #[inline(always)]
    fn of(pixel: u8) -> Self {
        (i16::from(pixel) - 128) * 128
    }

    fn weight(units: i64) -> i16 {
        let rounded = (units * 65_536 + UNIT / 2) / UNIT;
        rounded.min(i16::MAX.into()) as i16
    }

    #[inline(always)]
    fn between(near: Self, far: Self, weight: i16) -> Self {
        let step = i32::from(far.wrapping_sub(near)) * i32::from(weight);
        near.wrapping_add((step >> 16) as i16)
    }

    #[inline(always)]
    fn reference(self) -> Self {
        self.wrapping_sub(2)
    }

    #[inline(always)]
    fn side(self, reference: Self) -> i8 {
        self.wrapping_sub(reference).clamp(i8::MIN.into(), i8::MAX.into()) as i8
    }
}

/// Grey values as they are. Three interpolations of values up to 65,535, each with its weight, its product and its sum
/// rounded to 24 bits, are off by less than 1/32. Sides are in steps of 1/64, more 2.5 and cut off towards 0: 0 to 4 stand
/// for differences above -3.5/64 and below 2.5/64.
impl Value for f32 {
    const UNDECIDED: i8 = 4;
    type Pixel = u16;
    type Weight = f32;

    #[inline(always)]
    fn of(pixel: u16) -> Self {
        pixel.into()
    }

    fn weight(units: i64) -> f32 {
        units as f32 / UNIT as f32
    }

    #[inline(always)]
    fn between(near: Self, far: Self, weight: f32) -> Self {
        near + (far - near) * weight
    }

    #[inline(always)]
    fn reference(self) -> Self {
        self
    }

    #[inline(always)]
    fn side(self, reference: Self) -> i8 {
        let steps = ((self - reference) * 64.0 + 2.5) as i32;
        steps.clamp(i8::MIN.into(), i8::MAX.into()) as i8
    }
}
