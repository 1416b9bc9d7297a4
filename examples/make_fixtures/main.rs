//! Draws every picture under `fixtures/` anew, the same bytes each time:
//! `cargo run --release --example make_fixtures -- FOLDER`.

mod edge;
mod textures;

use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let root: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "fixtures".into()).into();
    textures::write(&root.join("textures"))?;
    edge::write_odd(&root.join("edge"))?;
    edge::write_broken(&root.join("broken"))
}

/// Writes an 8-bit grey PNG.
fn write_png(path: &Path, width: u32, height: u32, values: &[u8]) -> Outcome {
    std::fs::write(path, png(width, height, values)?)?;
    Ok(())
}

/// The bytes of an 8-bit grey PNG.
fn png(width: u32, height: u32, values: &[u8]) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    encoder.write_image(values, width, height, ExtendedColorType::L8)?;
    Ok(bytes)
}
