//! What an even, empty surface looks like under a light and a camera, and pictures without that.

use super::{ContentHash, Gray, Planes, Samples};
use crate::error::Problem;

/// A picture of an even, empty surface, by which pictures in the same light and of the same camera are divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlatField {
    values: Gray,
    sum: u64,
    content: ContentHash,
}

impl FlatField {
    /// Takes the grey values of a reference, and the hash of its file.
    ///
    /// # Errors
    /// A [`Problem`] where a value is 0, by which nothing can be divided.
    ///
    /// ```
    /// use textura::image::{FlatField, Gray, Samples};
    /// let black = Gray::new(2, 1, Samples::Eight(vec![10, 0]))?;
    /// let problem = FlatField::new(black, [0; 32]).err().ok_or("divided by 0")?;
    /// assert_eq!(problem.found, "1 pixel of value 0, the first at x = 1, y = 0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(values: Gray, content: ContentHash) -> Result<Self, Problem> {
        let n_zero = values.values().filter(|&value| value == 0).count();
        if let Some(first) = values.values().position(|value| value == 0) {
            let (x, y) = (first % values.width(), first / values.width());
            let pixels = if n_zero == 1 { "pixel" } else { "pixels" };
            return Err(Problem::new(
                "a flat field that is black nowhere",
                format!("{n_zero} {pixels} of value 0, the first at x = {x}, y = {y}"),
                "take it in more light or for longer, and give dead pixels the mean of their neighbours",
            ));
        }
        let sum = values.values().map(u64::from).sum();
        Ok(Self { values, sum, content })
    }

    /// The hash of its file.
    pub fn content(&self) -> &ContentHash {
        &self.content
    }

    /// Divides every plane of a picture, colours by the same grey values: `v * mean / reference`, rounded (halves up) and at
    /// most the largest value of the depth. A picture of 8 bits in a file of 16 stays one. Says whether a value would have
    /// been larger.
    ///
    /// # Errors
    /// A [`Problem`] for a picture of another size, which stays as it is.
    ///
    /// ```
    /// use textura::image::{FlatField, Gray, Planes, Samples};
    /// let row = |values: [u8; 4]| Gray::new(4, 1, Samples::Eight(values.into()));
    /// let reference = row([50, 100, 100, 150])?;
    /// let flat_field = FlatField::new(reference, [0; 32]).map_err(|problem| problem.to_string())?;
    /// let mut picture = Planes::from_gray(row([30, 60, 61, 255])?);
    /// let is_clipped = flat_field.divide(&mut picture).map_err(|problem| problem.to_string())?;
    /// assert_eq!((picture.gray(), is_clipped), (&row([60, 60, 61, 170])?, false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn divide(&self, planes: &mut Planes) -> Result<bool, Problem> {
        let of_picture = (planes.gray().width(), planes.gray().height());
        let own = (self.values.width(), self.values.height());
        if of_picture != own {
            return Err(Problem::new(
                format!("a picture of {} x {} pixels, as the flat field", own.0, own.1),
                format!("{} x {}", of_picture.0, of_picture.1),
                "give a flat field that was taken as the picture was, or leave the picture out",
            ));
        }
        let step = planes.step();
        let is_clipped = planes.each_mut().map(|plane| self.divide_plane(plane, step));
        Ok(is_clipped.fold(false, |any, is| any | is))
    }

    fn divide_plane(&self, plane: &mut Gray, step: u16) -> bool {
        let most = u64::from((u16::MAX >> (16 - plane.bits())) / step);
        let n_pixels = self.values.area() as u64;
        let mut is_clipped = false;
        let mut quotient = |value: u16, reference: u16| {
            let whole = rounded(value / step, self.sum, n_pixels * u64::from(reference));
            is_clipped |= most < whole;
            step * whole.min(most) as u16
        };
        let references = self.values.values();
        match &mut plane.samples {
            Samples::Eight(values) => {
                let pairs = values.iter_mut().zip(references);
                pairs.for_each(|(value, by)| *value = quotient((*value).into(), by) as u8);
            }
            Samples::Sixteen(values) => {
                let pairs = values.iter_mut().zip(references);
                pairs.for_each(|(value, by)| *value = quotient(*value, by));
            }
        }
        is_clipped
    }
}

/// `value * sum / divisor`, rounded in whole numbers: twice that and 1, halved.
fn rounded(value: u16, sum: u64, divisor: u64) -> u64 {
    let twice = (2 * u64::from(value)).checked_mul(sum);
    match twice.and_then(|twice| twice.checked_add(divisor)) {
        Some(numerator) => numerator / (2 * divisor),
        // More than 2^30 pixels.
        None => {
            let (value, sum, divisor) = (u128::from(value), u128::from(sum), u128::from(divisor));
            ((2 * value * sum + divisor) / (2 * divisor)) as u64
        }
    }
}

#[cfg(test)]
mod tests;
