//! Pictures of 8 bits in files of 16.

use super::{Gray, Planes, Samples, ValueRange};

/// What files of 16 bits multiply values of 8 bits by: 257, which keeps black and white, or 256, which moves the bits.
const STEPS: [u16; 2] = [257, 256];

/// The step in which values of 16 bits hold values of 8: one of [`STEPS`] of which all are multiples, or else 1.
pub(crate) fn step_of(values: impl Iterator<Item = u16> + Clone) -> u16 {
    let is_step = |step: &u16| values.clone().all(|value| value % step == 0);
    STEPS.into_iter().find(is_step).unwrap_or(1)
}

impl Gray {
    /// The values divided by a step, in 8 bits; what would be larger is moved to 255.
    fn in_eight_bits(&self, step: u16) -> Self {
        let values = self.values().map(|value| (value / step).min(u8::MAX.into()));
        Self { samples: Samples::of(8, values), ..*self }
    }

    /// The way back from 8 bits, to 16.
    pub(super) fn in_sixteen_bits(&self, step: u16) -> Self {
        Self { samples: Samples::of(16, self.values().map(|value| value * step)), ..*self }
    }
}

impl Planes {
    /// 257 or 256, where every value of a picture of 16 bits is a multiple of that: then it is one of 8 bits in another
    /// container, and what is made of it must not tell which. Otherwise 1.
    pub(crate) fn step(&self) -> u16 {
        if self.gray().bits() == 8 {
            return 1;
        }
        match self.has_color() {
            false => step_of(self.gray().values()),
            true => {
                let colors = self.rgb().map(Gray::values).into_iter().flatten();
                step_of(self.gray().values().chain(colors))
            }
        }
    }

    /// The values divided by a step, in 8 bits; what would be larger is moved to 255.
    pub(crate) fn in_eight_bits(&self, step: u16) -> Self {
        self.each(|plane| plane.in_eight_bits(step))
    }

    /// The way back from 8 bits, to 16.
    pub(crate) fn in_sixteen_bits(&self, step: u16) -> Self {
        self.each(|plane| plane.in_sixteen_bits(step))
    }
}

impl ValueRange {
    /// As [`Planes::step`], where the range leaves open in how many bits the values lie: not one of values that were named,
    /// and not one of fewer bits that hold them all.
    pub(crate) fn step(self, planes: &Planes) -> u16 {
        match (self, planes.step()) {
            (_, 1) => 1,
            (Self::Between(..), _) if !planes.gray().is_spread() => 1,
            (Self::Bits(bits @ ..16), _) if planes.gray().extent().1 >> bits == 0 => 1,
            (_, step) => step,
        }
    }

    /// The first value and the number of values of a picture, all where it holds one of 8 bits.
    pub(crate) fn span_of(self, planes: &Planes) -> (u32, u32) {
        let range = if self.step(planes) == 1 { self } else { Self::Nominal };
        range.span(planes.gray())
    }
}
