//! Golden files: numbers that other tools computed.
//!
//! `fixtures/golden` holds everything synthetic. Golden values of photographs are looked up in the folder
//! that the environment variable `TEXTURA_SHARED` names (relative to the crate's root), since the
//! photographs are no part of this project.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use serde_json::Value;
use textura::image::Gray;
use textura::io::{Limits, decode};

/// The synthetic pictures in `fixtures/golden`: every one must be compared, so that a lost file fails.
pub const SYNTHETIC: [&str; 12] = [
    "checker_16_c1",
    "checker_24_c4",
    "col_20x1",
    "const_128",
    "grad_h_32",
    "haralick_4x4",
    "lbp_test_6x6",
    "pix_1x1",
    "rand_40x32_s1",
    "row_1x20",
    "sin_p6_a30",
    "u16_rand_24x24",
];

/// The photographs in the shared folder.
pub const PHOTOGRAPHS: [&str; 3] = ["brick_128", "camera_64", "grass_96"];

/// A picture and what other tools say about it.
pub struct Texture {
    pub name: String,
    pub picture: Gray,
    pub golden: Value,
}

/// The committed pictures, in order.
pub fn synthetic() -> Vec<Texture> {
    // A golden file that no list names would never be compared.
    let mut found: Vec<String> = fs::read_dir(fixtures())
        .expect("fixtures/golden can be listed")
        .map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned())
        .filter_map(|name| Some(name.strip_prefix("texture_")?.strip_suffix(".json")?.to_owned()))
        .collect();
    found.sort();
    assert_eq!(found, SYNTHETIC);
    SYNTHETIC.iter().map(|name| texture(&fixtures(), &fixtures(), name)).collect()
}

/// The photographs, or `None`, said aloud, where `TEXTURA_SHARED` is unset. Where it is set, a missing
/// file fails the test.
pub fn photographs(test: &str) -> Option<Vec<Texture>> {
    let oracles = shared(test)?;
    let load = |name: &&str| texture(&oracles, &oracles.join("images"), name);
    Some(PHOTOGRAPHS.iter().map(load).collect())
}

/// The folder of golden files that `TEXTURA_SHARED` names, or `None`, said aloud, where it is unset.
pub fn shared(test: &str) -> Option<PathBuf> {
    let Some(shared) = std::env::var_os("TEXTURA_SHARED").filter(|path| !path.is_empty()) else {
        // Written past the test harness, which keeps the output of passing tests to itself.
        let line = format!("SKIPPED {test}: TEXTURA_SHARED is unset, no photograph was compared\n");
        let _ = std::io::stderr().write_all(line.as_bytes());
        return None;
    };
    // An absolute path replaces the root.
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(shared).join("oracles"))
}

fn texture(numbers: &Path, pictures: &Path, name: &str) -> Texture {
    let golden = read(&numbers.join(format!("texture_{name}.json")));
    let picture = picture(&pictures.join(format!("{name}.png")));
    let shape = [picture.height(), picture.width()];
    assert_eq!(indices(&golden["shape"]), shape, "{name}");
    assert_eq!(golden["dtype"], format!("uint{}", picture.bits()), "{name}");
    Texture { name: name.into(), picture, golden }
}

/// A PNG picture.
pub fn picture(path: &Path) -> Gray {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let decoded = decode(&bytes, "png", Limits::default(), false)
        .unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    decoded.planes.gray().clone()
}

/// The folder of golden files that are part of this project.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden")
}

/// A golden file of `fixtures/golden`.
pub fn fixture(name: &str) -> Value {
    read(&fixtures().join(name))
}

/// A golden file anywhere.
pub fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A number; anything else, such as a missing field or a NaN, fails.
#[track_caller]
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("expected a number, found {value}"))
}

/// A list.
#[track_caller]
pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("expected a list, found {value}"))
}

/// All numbers of a list of any depth, in order.
#[track_caller]
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        single => vec![number(single)],
    }
}

/// All whole numbers of a list of any depth, in order.
#[track_caller]
pub fn indices(value: &Value) -> Vec<usize> {
    let whole = |v: f64| {
        assert!(v >= 0.0 && v.fract() == 0.0, "expected a whole number, found {v}");
        v as usize
    };
    numbers(value).into_iter().map(whole).collect()
}

/// A list of rows.
#[track_caller]
pub fn matrix(value: &Value) -> Array2<f64> {
    let rows = list(value).len();
    let entries = numbers(value);
    let columns = entries.len().checked_div(rows).unwrap_or(0);
    Array2::from_shape_vec((rows, columns), entries).expect("rows of one length")
}
