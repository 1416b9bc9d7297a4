//! JPEG XL, by the crate `jxl-oxide`.

use jxl_oxide::image::BitDepth;
use jxl_oxide::{AllocTracker, InitializeResult, JxlImage, JxlThreadPool};

use super::pixels::{Channels, Pixels};
use super::{Job, Stored, damaged, not_decoded};
use crate::error::Problem;
use crate::image::Orientation;
use crate::image::flag::Flag;
use crate::io::decode::bounds::check_size;
use crate::io::encoding::PictureFormat;

const CONVERT: &str = "convert it, for instance by `djxl FILE FILE.png`";

pub(super) fn decode_jpeg_xl(job: &mut Job<'_>) -> Result<Stored, Problem> {
    let Job { bytes, limits, with_color, .. } = *job;
    let broken = |_| not_decoded(PictureFormat::JpegXl, CONVERT);
    let cut = || damaged("a JPEG XL picture that ends before its last pixel");
    // The decoder asks for its memory there and stops where it gets none.
    let room = usize::try_from(limits.max_memory).unwrap_or(usize::MAX);
    let builder = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(room));
    let mut reader = builder.build_uninit();
    let consumed = reader.feed_bytes(bytes).map_err(broken)?;
    let InitializeResult::Initialized(mut image) = reader.try_init().map_err(broken)? else {
        return Err(cut());
    };
    let (width, height) = (image.width(), image.height());
    let format = image.pixel_format();
    let metadata = &image.image_header().metadata;
    let (bits, oriented) = (metadata.bit_depth, metadata.orientation != 1);
    let BitDepth::IntegerSample { bits_per_sample: bits } = bits else {
        let bits = bits.bits_per_sample();
        return Err(super::without_range(format!("floating point numbers of {bits} bits")));
    };
    if 16 < bits {
        return Err(super::without_range(format!("integers of {bits} bits")));
    }
    if format.has_black() {
        let expected = "a JPEG XL picture in grey or colour";
        return Err(Problem::new(expected, "a JPEG XL picture in CMYK", CONVERT));
    }
    let (bits, is_deep) = (bits as u8, 8 < bits);
    let n = format.channels();
    let area = u64::from(width) * u64::from(height);
    // Floats of the decoder, the samples put together, and the planes.
    let each = 8 * n as u64 + 2 * (n as u64 + if with_color { 4 } else { 1 });
    let needed = area.saturating_mul(each).saturating_add(2 * bytes.len() as u64);
    check_size(width.into(), height.into(), needed, limits)?;

    image.feed_bytes(bytes.get(consumed..).unwrap_or(&[])).map_err(broken)?;
    if image.num_loaded_keyframes() == 0 {
        return Err(cut());
    }
    job.flags.set_if(Flag::PagesIgnored, 1 < image.num_loaded_keyframes());
    job.flags.set_if(Flag::Oriented, oriented);
    let render = image.render_frame(0).map_err(broken)?;
    let mut stream = render.stream();
    if (stream.width(), stream.height(), stream.channels() as usize) != (width, height, n) {
        return Err(damaged("a JPEG XL frame of another size than its picture"));
    }
    let mut samples = super::memory_for(
        width.into(),
        height.into(),
        area.saturating_mul(n as u64 * if is_deep { 2 } else { 1 }),
    )?;
    if is_deep {
        let mut deep = vec![0_u16; samples.len() / 2];
        stream.write_to_buffer(&mut deep);
        samples.clear();
        samples.extend(deep.into_iter().flat_map(u16::to_ne_bytes));
    } else {
        stream.write_to_buffer(&mut samples);
    }
    let has_color = !format.is_grayscale();
    let alpha = format.has_alpha().then(|| n - 1);
    let channels = Channels { n, has_color, alpha };
    let (width, height) = (width as usize, height as usize);
    let pixels = Pixels { width, height, bytes: samples, is_deep, channels };
    job.stored(pixels, bits, Orientation::UPRIGHT)
}
