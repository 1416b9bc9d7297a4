//! JPEG 2000, by the crate `hayro-jpeg2000`.

use hayro_jpeg2000::{ColorSpace, DecodeError, DecodeSettings, DecoderContext, Image};

use super::pixels::{Channels, Pixels, rgb_of_cmyk, scaled};
use super::{Job, Stored, damaged, not_decoded};
use crate::error::Problem;
use crate::image::Orientation;
use crate::image::flag::Flag;
use crate::io::decode::bounds::check_size;
use crate::io::encoding::PictureFormat;

/// Bytes that the decoder takes for a sample: floats of four bytes as coefficients, twice while wavelets are undone,
/// and as samples.
const BYTES_PER_SAMPLE: u64 = 4 * 4;

const CONVERT: &str = "convert it, for instance by `opj_decompress -i FILE -o FILE.png`";

pub(super) fn decode_jpeg2000(job: &mut Job<'_>) -> Result<Stored, Problem> {
    let Job { bytes, limits, with_color, .. } = *job;
    let broken = |_: DecodeError| not_decoded(PictureFormat::Jpeg2000, CONVERT);
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(bytes, &settings).map_err(broken)?;
    let (width, height) = (image.width(), image.height());
    let space = image.color_space().clone();
    let n = usize::from(space.num_channels()) + usize::from(image.has_alpha());
    let area = u64::from(width) * u64::from(height);
    // Then the samples put together, and the planes.
    let of_planes = 2 * (n as u64 + if with_color { 4 } else { 1 });
    let needed = area.saturating_mul(n as u64 * BYTES_PER_SAMPLE + of_planes);
    check_size(width.into(), height.into(), needed.saturating_add(bytes.len() as u64), limits)?;

    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(broken)?;
    let components = decoded.components();
    let area = area as usize;
    if components.len() < n || components.iter().any(|part| part.samples().len() != area) {
        return Err(damaged("a JPEG 2000 picture whose components do not fit"));
    }
    let bits = components.iter().map(|part| part.bit_depth()).max().unwrap_or(8).max(1);
    if 16 < bits {
        let expected = "a JPEG 2000 picture of 1 to 16 bits";
        return Err(Problem::new(expected, format!("one of {bits} bits"), CONVERT));
    }
    let alpha = image.has_alpha().then(|| n - 1);
    let n_used = match n - usize::from(image.has_alpha()) {
        4 if matches!(space, ColorSpace::CMYK) => 4,
        3.. => 3,
        _ => 1,
    };
    job.flags.set_if(Flag::BandsIgnored, n_used + usize::from(alpha.is_some()) < n);
    let wanted: Vec<usize> = (0..n_used).chain(alpha).collect();
    // Components may differ in depth: each is brought to the largest.
    let most = |bits: u8| ((1_u32 << bits.max(1)) - 1) as f32;
    let of_component = |&nth: &usize| {
        let part = &components[nth];
        (part.samples(), most(bits) / most(part.bit_depth()))
    };
    let parts: Vec<(&[f32], f32)> = wanted.iter().map(of_component).collect();
    let value = |sample: f32, factor: f32| (sample * factor).round().max(0.0) as u32;
    let values = (0..area).flat_map(|at| parts.iter().map(move |&(s, f)| value(s[at], f)));
    let (mut bytes, is_deep) = scaled(values, bits);
    let mut n = wanted.len();
    if n_used == 4 {
        bytes = rgb_of_cmyk(&bytes, n, is_deep);
        n -= 1;
    }
    let has_color = n_used != 1;
    let channels = Channels { n, has_color, alpha: alpha.map(|_| n - 1) };
    let (width, height) = (width as usize, height as usize);
    let pixels = Pixels { width, height, bytes, is_deep, channels };
    job.stored(pixels, bits, Orientation::UPRIGHT)
}
