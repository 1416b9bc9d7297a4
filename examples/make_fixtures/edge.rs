//! Pictures that are odd but valid, and files that are broken.

use std::path::Path;

use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder as _, ImageFormat};
use textura::random::Random;

use super::{Outcome, png, write_png};

fn noise(n: usize, stream: u64, range: usize) -> Vec<usize> {
    let mut random = Random::new(22, stream);
    (0..n).map(|_| random.below(range)).collect()
}

fn noise_bytes(n: usize, stream: u64) -> Vec<u8> {
    noise(n, stream, 256).into_iter().map(|v| v as u8).collect()
}

pub fn write_odd(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    write_png(&folder.join("one_pixel.png"), 1, 1, &[77])?;
    write_png(&folder.join("one_row.png"), 40, 1, &noise_bytes(40, 0))?;
    write_png(&folder.join("one_column.png"), 1, 40, &noise_bytes(40, 1))?;
    write_png(&folder.join("flat.png"), 32, 32, &[200; 1024])?;
    std::fs::write(folder.join("png_named.jpg"), png(24, 24, &noise_bytes(576, 2))?)?;

    let twelve: Vec<u8> =
        noise(32 * 32, 3, 4096).into_iter().flat_map(|v| (v as u16).to_ne_bytes()).collect();
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(&twelve, 32, 32, ExtendedColorType::L16)?;
    std::fs::write(folder.join("twelve_bits_in_16.png"), bytes)?;
    write_orientations(folder)
}

/// One small picture, stored in the eight ways that the EXIF tag can name. It is lower than the widest
/// ring of the descriptor `fast`, so the flag `too_small` goes with it.
fn write_orientations(folder: &Path) -> Outcome {
    const W: usize = 12;
    const H: usize = 6;
    let upright = noise_bytes(W * H, 4);
    for tag in 1u8..=8 {
        let (width, height) = if tag < 5 { (W, H) } else { (H, W) };
        let mut stored = vec![0; W * H];
        for y in 0..H {
            for x in 0..W {
                // The tag says where the stored first row and first column belong.
                let (column, row) = match tag {
                    1 => (x, y),
                    2 => (W - 1 - x, y),
                    3 => (W - 1 - x, H - 1 - y),
                    4 => (x, H - 1 - y),
                    5 => (y, x),
                    6 => (y, W - 1 - x),
                    7 => (H - 1 - y, W - 1 - x),
                    _ => (H - 1 - y, x),
                };
                stored[row * width + column] = upright[y * W + x];
            }
        }
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_exif_metadata(exif_with_orientation(tag))?;
        encoder.write_image(&stored, width as u32, height as u32, ExtendedColorType::L8)?;
        std::fs::write(folder.join(format!("orientation_{tag}.png")), bytes)?;
    }
    Ok(())
}

/// The smallest EXIF block: big-endian, one directory with one entry.
fn exif_with_orientation(tag: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0");
    exif.extend([tag, 0, 0]);
    exif.extend([0; 4]);
    exif
}

pub fn write_broken(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("empty.png"), b"")?;
    std::fs::write(folder.join("text.png"), b"This is a text with the ending of a picture.\n")?;

    let picture = GrayImage::from_raw(48, 48, noise_bytes(48 * 48, 5)).unwrap_or_default();
    let color = DynamicImage::ImageLuma8(picture).to_rgb8();
    for (format, ending) in [
        (ImageFormat::Png, "png"),
        (ImageFormat::Jpeg, "jpg"),
        (ImageFormat::Bmp, "bmp"),
        (ImageFormat::Tiff, "tif"),
        (ImageFormat::WebP, "webp"),
        (ImageFormat::Gif, "gif"),
        (ImageFormat::Pnm, "ppm"),
    ] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        color.write_to(&mut bytes, format)?;
        let bytes = bytes.into_inner();
        std::fs::write(folder.join(format!("truncated.{ending}")), &bytes[..bytes.len() * 6 / 10])?;
    }

    // A header that claims a picture of zero by zero pixels; its checksum is right.
    let mut zero = png(1, 1, &[0])?;
    zero[16..24].fill(0);
    let checksum = crc32(&zero[12..29]);
    zero[29..33].copy_from_slice(&checksum.to_be_bytes());
    std::fs::write(folder.join("zero_size.png"), zero)?;
    std::fs::write(folder.join("zero_size.pgm"), b"P5\n0 0\n255\n")?;
    Ok(())
}

/// The checksum of PNG chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}
