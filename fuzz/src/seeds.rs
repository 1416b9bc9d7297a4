//! What fuzzing starts from: the fixtures, and a model and tables made of nothing but a seed.

use std::path::{Path, PathBuf};

use textura::io::Format;
use textura::random::Random;

/// Shared with the tests, which use more of it.
#[allow(dead_code)]
#[path = "../../tests/library/common/seeds.rs"]
mod made;

/// The project's folder.
fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above")
}

/// The seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "decode" => pictures(),
        "model" => vec![made::small_model()],
        "table" => tables(),
        _ => engines(),
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the fixtures").flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Every picture of `fixtures/` but for most of the textures, which differ in little.
fn pictures() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    files(&project().join("fixtures"), &mut found);
    found.sort();
    let is_text = |path: &Path| path.extension().is_none_or(|e| e == "json" || e == "md");
    let is_first = |path: &Path| {
        !path.to_string_lossy().contains("textures") || path.to_string_lossy().contains("_00")
    };
    let chosen = found.iter().filter(|path| !is_text(path) && is_first(path));
    let read = |path: &PathBuf| std::fs::read(path).expect("a fixture");
    chosen.map(read).filter(|bytes| bytes.len() <= 1 << 16).collect()
}

/// Tables behind the byte that names their format, and Parquet also without its seal, which would let no change through.
fn tables() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for table in made::tables() {
        let first = table.format as u8;
        if table.format == Format::Parquet {
            seeds.push([&[first], &*made::unsealed(&table.bytes)].concat());
        }
        seeds.push([&[first], &*table.bytes].concat());
    }
    seeds
}

fn engines() -> Vec<Vec<u8>> {
    let mut random = Random::new(3, 0);
    (0..16u8)
        .flat_map(|kind| (0..6u8).map(move |low| kind << 4 | low))
        .map(|settings| {
            let size = [random.below(70) as u8, 0, random.below(40) as u8, 0, settings];
            let rest = (0..2000).map(|_| random.below(256) as u8);
            size.into_iter().chain(rest).collect()
        })
        .collect()
}
