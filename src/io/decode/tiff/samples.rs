//! The samples of a TIFF by their meaning.

use super::form::{Form, Kind, Meaning};
use crate::error::Problem;
use crate::image::Spread;
use crate::image::flag::{Flag, Flags};
use crate::io::decode::pixels::{Channels, Pixels, rgb_of_cmyk, scaled};

/// What the decoder gave: planes of rows, samples of 16 bits in the machine's byte order, others packed.
pub(super) struct Planes {
    pub raw: Vec<u8>,
    /// Bytes of a row.
    pub row: usize,
    /// Bytes of a plane.
    pub plane: usize,
}

impl Planes {
    /// The bits of one sample.
    fn sample(&self, form: &Form, x: usize, y: usize, sample: usize) -> u32 {
        let (plane, nth) = self.place(form, x, sample);
        let start = plane * self.plane + y * self.row;
        let byte = |at: usize| self.raw.get(start + at).copied().unwrap_or(0);
        let bits = match form.bits {
            8 => u32::from(byte(nth)),
            16 => u16::from_ne_bytes([byte(2 * nth), byte(2 * nth + 1)]).into(),
            // Packed, the first bit of a byte being its highest: at most 16 bits touch three bytes.
            bits => {
                let (first, offset) = (nth * usize::from(bits) / 8, nth * usize::from(bits) % 8);
                let all = u32::from_be_bytes([0, byte(first), byte(first + 1), byte(first + 2)]);
                all >> (24 - offset - usize::from(bits)) & ((1 << bits) - 1)
            }
        };
        let sign = 1 << (form.bits - 1);
        match form.kind {
            // Signed numbers in order: the least becomes 0.
            Kind::Signed if !form.keeps_values => bits ^ sign,
            Kind::Signed if bits & sign != 0 => 0,
            _ => bits,
        }
    }

    /// A sample of 32 or 64 bits, or a float, as a number.
    fn number(&self, form: &Form, x: usize, y: usize, sample: usize) -> f64 {
        let size = usize::from(form.bits) / 8;
        let (plane, nth) = self.place(form, x, sample);
        let start = plane * self.plane + y * self.row + nth * size;
        let field = self.raw.get(start..start + size).unwrap_or(&[]);
        match (form.kind, field) {
            (Kind::Float, &[a, b]) => half(u16::from_ne_bytes([a, b])),
            (Kind::Float, &[a, b, c, d]) => f32::from_ne_bytes([a, b, c, d]).into(),
            (Kind::Signed, &[value]) => f64::from(value as i8),
            (Kind::Signed, &[a, b]) => i16::from_ne_bytes([a, b]).into(),
            (Kind::Signed, &[a, b, c, d]) => i32::from_ne_bytes([a, b, c, d]).into(),
            (_, &[a, b, c, d]) => u32::from_ne_bytes([a, b, c, d]).into(),
            (kind, &[a, b, c, d, e, f, g, h]) => match (kind, [a, b, c, d, e, f, g, h]) {
                (Kind::Float, all) => f64::from_ne_bytes(all),
                (Kind::Signed, all) => i64::from_ne_bytes(all) as f64,
                (Kind::Unsigned, all) => u64::from_ne_bytes(all) as f64,
            },
            _ => 0.0,
        }
    }

    /// Which plane a sample is in, and which of its row.
    fn place(&self, form: &Form, x: usize, sample: usize) -> (usize, usize) {
        match form.is_planar {
            true => (sample, x),
            false => (0, x * usize::from(form.n_samples) + sample),
        }
    }

    /// Some samples of all pixels, pixel by pixel.
    fn samples<'a>(
        &'a self,
        form: &'a Form,
        wanted: &'a [usize],
    ) -> impl Iterator<Item = u32> + 'a {
        (0..form.height as usize)
            .flat_map(move |y| (0..form.width as usize).map(move |x| (x, y)))
            .flat_map(move |(x, y)| wanted.iter().map(move |&s| self.sample(form, x, y, s)))
    }
}

/// The pixels that are looked at, with their transparency; of 32-bit integers and floats by a range.
pub(super) fn pixels(
    form: &Form,
    planes: Planes,
    palette: &[u64],
    spread: Option<Spread>,
    flags: &mut Flags,
) -> Result<Pixels, Problem> {
    match spread.filter(|_| form.is_wide) {
        Some(spread) => Ok(spread_pixels(form, &planes, spread, flags)),
        None => narrow_pixels(form, planes, palette),
    }
}

fn narrow_pixels(form: &Form, planes: Planes, palette: &[u64]) -> Result<Pixels, Problem> {
    let (width, height) = (form.width as usize, form.height as usize);
    let n_used = form.n_used();
    let has_color = n_used != 1 || form.meaning == Meaning::Palette;
    let is_plain = matches!(form.meaning, Meaning::BlackIsZero | Meaning::Rgb);
    if is_plain && form.is_whole_bytes() && !form.is_planar && form.kind == Kind::Unsigned {
        // As they lie in the file.
        let channels = Channels { n: form.n_samples.into(), has_color, alpha: form.alpha };
        let is_deep = form.bits == 16;
        return Ok(Pixels { width, height, bytes: planes.raw, is_deep, channels });
    }
    let wanted: Vec<usize> = (0..n_used).chain(form.alpha).collect();
    let most = (1_u32 << form.bits) - 1;
    let values = planes.samples(form, &wanted);
    let alpha = |n: usize| form.alpha.map(|_| n);
    let (bytes, is_deep, n) = match form.meaning {
        Meaning::BlackIsZero | Meaning::Rgb => {
            let depth = if form.keeps_values { form.bits.next_multiple_of(8) } else { form.bits };
            let (bytes, is_deep) = scaled(values, depth);
            (bytes, is_deep, wanted.len())
        }
        Meaning::WhiteIsZero => {
            // Alpha is not the other way round.
            let n = wanted.len();
            let turned =
                values.enumerate().map(|(at, v)| if at % n < n_used { most - v } else { v });
            let (bytes, is_deep) = scaled(turned, form.bits);
            (bytes, is_deep, n)
        }
        Meaning::Cmyk => {
            let (inks, is_deep) = scaled(values, form.bits);
            drop(planes);
            (rgb_of_cmyk(&inks, wanted.len(), is_deep), is_deep, wanted.len() - 1)
        }
        Meaning::Palette => {
            (resolved(values, palette, wanted.len(), most)?, false, 2 + wanted.len())
        }
        Meaning::YCbCr => (rgb_of_ycbcr(values, wanted.len()), false, wanted.len()),
    };
    let channels = Channels { n, has_color, alpha: alpha(n - 1) };
    Ok(Pixels { width, height, bytes, is_deep, channels })
}

/// Numbers as values of 16 bits, with the flag for those beyond the range.
fn spread_pixels(form: &Form, planes: &Planes, spread: Spread, flags: &mut Flags) -> Pixels {
    let n_used = form.n_used();
    let (width, height) = (form.width as usize, form.height as usize);
    let n = n_used + usize::from(form.alpha.is_some());
    // Of transparency the largest value is all: 1 of floats.
    let most = match form.kind {
        Kind::Float => 1.0,
        Kind::Signed => 2f64.powi(i32::from(form.bits) - 1) - 1.0,
        Kind::Unsigned => 2f64.powi(i32::from(form.bits)) - 1.0,
    };
    let mut bytes = Vec::with_capacity(2 * n * width * height);
    let mut is_clipped = false;
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        for sample in 0..n_used {
            let number = planes.number(form, x, y, sample);
            is_clipped |= !spread.holds(number);
            bytes.extend(spread.value(number).to_ne_bytes());
        }
        if let Some(alpha) = form.alpha {
            let share = (planes.number(form, x, y, alpha) / most).clamp(0.0, 1.0);
            bytes.extend(((65_535.0 * share).round() as u16).to_ne_bytes());
        }
    }
    flags.set_if(Flag::Clipped, is_clipped);
    let channels = Channels { n, has_color: n_used != 1, alpha: form.alpha.map(|_| n_used) };
    Pixels { width, height, bytes, is_deep: true, channels }
}

/// A float of 16 bits (IEEE 754): one of sign, five of the exponent, ten of the fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    let size = match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    };
    if bits >> 15 == 0 { size } else { -size }
}

/// The colours of a palette, which are all reds, then all greens, then all blues, of 16 bits, of which the upper 8
/// count. Some programs write 8 bits.
fn resolved(
    values: impl Iterator<Item = u32>,
    palette: &[u64],
    n: usize,
    most: u32,
) -> Result<Vec<u8>, Problem> {
    let n_colors = most as usize + 1;
    if palette.len() < 3 * n_colors {
        let found =
            format!("a TIFF with a palette of {} of {} numbers", palette.len(), 3 * n_colors);
        return Err(super::damaged(found));
    }
    let shift = if palette.iter().all(|&value| value < 256) { 0 } else { 8 };
    let color = |index: usize| [0, 1, 2].map(|c| (palette[c * n_colors + index] >> shift) as u8);
    let colors: Vec<[u8; 3]> = (0..n_colors).map(color).collect();
    let mut bytes = Vec::new();
    for (at, value) in values.enumerate() {
        if at % n == 0 {
            bytes.extend(colors[value as usize]);
        } else {
            bytes.push((value * 255 / most) as u8);
        }
    }
    Ok(bytes)
}

/// As JFIF says (1992; ITU-R BT.601 at full range), which is also TIFF's default. What follows the colours stays.
fn rgb_of_ycbcr(mut values: impl Iterator<Item = u32>, n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let (Some(luma), Some(cb), Some(cr)) = (values.next(), values.next(), values.next()) {
        let [luma, cb, cr] = [luma, cb, cr].map(|value| value as f32);
        let (cb, cr) = (cb - 128.0, cr - 128.0);
        let shares = [1.402 * cr, -0.714_136 * cr - 0.344_136 * cb, 1.772 * cb];
        bytes.extend(shares.map(|share| (luma + share).round().clamp(0.0, 255.0) as u8));
        bytes.extend(values.by_ref().take(n - 3).map(|value| value as u8));
    }
    bytes
}
