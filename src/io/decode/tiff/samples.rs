//! The samples of a TIFF by their meaning.

use super::form::{Form, Kind, Meaning};
use crate::error::Problem;
use crate::flag::{Flag, Flags};
use crate::io::decode::Stored;
use crate::io::decode::pixels::{Channels, Pixels, rgb_of_cmyk, scaled, to_gray};
use crate::raster::{Gray, Orientation, Samples};

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
        let (plane, nth) = match form.is_planar {
            true => (sample, x),
            false => (0, x * usize::from(form.n_samples) + sample),
        };
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
        // Signed numbers in order: the least becomes 0.
        if form.kind == Kind::Signed { bits ^ 1 << (form.bits - 1) } else { bits }
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

pub(super) fn stored(
    form: &Form,
    planes: Planes,
    palette: &[u64],
    with_color: bool,
    flags: &mut Flags,
) -> Result<Stored, Problem> {
    let (width, height) = (form.width as usize, form.height as usize);
    let of_planes = |gray, rgb, has_color| Stored {
        gray,
        rgb,
        orientation: Orientation::UPRIGHT,
        bits: form.bits,
        has_color,
    };
    if form.meaning == Meaning::YCbCr {
        flags.set_if(Flag::AlphaIgnored, is_transparent(form, &planes));
        let luma = planes.samples(form, &[0]).map(|value| value as u8).collect();
        let gray = to_gray(width, height, Samples::Eight(luma))?;
        let rgb = if with_color { Some(rgb_of_ycbcr(form, &planes)?) } else { None };
        return Ok(of_planes(gray, rgb, true));
    }
    let pixels = pixels(form, planes, palette)?;
    let has_color = pixels.channels.has_color;
    flags.set_if(Flag::AlphaIgnored, pixels.is_transparent());
    let (gray, rgb) = pixels.into_planes(with_color)?;
    Ok(of_planes(gray, rgb, has_color))
}

fn pixels(form: &Form, planes: Planes, palette: &[u64]) -> Result<Pixels, Problem> {
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
            let (bytes, is_deep) = scaled(values, form.bits);
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
            (rgb_of_cmyk(&inks, wanted.len(), is_deep), is_deep, wanted.len() - 1)
        }
        Meaning::Palette => {
            (resolved(values, palette, wanted.len(), most)?, false, 2 + wanted.len())
        }
        // Has a plane of luma, see `stored`.
        Meaning::YCbCr => (Vec::new(), false, 3),
    };
    let channels = Channels { n, has_color, alpha: alpha(n - 1) };
    Ok(Pixels { width, height, bytes, is_deep, channels })
}

fn is_transparent(form: &Form, planes: &Planes) -> bool {
    let most = (1 << form.bits) - 1;
    form.alpha.is_some_and(|alpha| planes.samples(form, &[alpha]).any(|value| value != most))
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

/// As JFIF says (1992; ITU-R BT.601 at full range), which is also TIFF's default.
fn rgb_of_ycbcr(form: &Form, planes: &Planes) -> Result<[Gray; 3], Problem> {
    let (width, height) = (form.width as usize, form.height as usize);
    let values: Vec<u32> = planes.samples(form, &[0, 1, 2]).collect();
    let plane = |of_cr: f32, of_cb: f32| {
        let value = |pixel: &[u32; 3]| {
            let [luma, cb, cr] = pixel.map(|value| value as f32);
            let value = luma + of_cr * (cr - 128.0) + of_cb * (cb - 128.0);
            value.round().clamp(0.0, 255.0) as u8
        };
        let bytes = values.as_chunks::<3>().0.iter().map(value).collect();
        to_gray(width, height, Samples::Eight(bytes))
    };
    Ok([plane(1.402, 0.0)?, plane(-0.714_136, -0.344_136)?, plane(0.0, 1.772)?])
}
