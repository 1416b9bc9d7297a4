//! What all model files have in common: JSON with a format, a version and a checksum.

use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Problem, Result};
use crate::io::write_atomically;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};

/// The file as a whole. `checksum` is the BLAKE3 hash of `model`, written without spaces and with its
/// fields in alphabetical order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: String,
    version: u64,
    checksum: String,
    model: Value,
}

/// The bytes of a file.
pub(super) fn sealed(
    format: &str,
    version: u64,
    model: Value,
) -> std::result::Result<Vec<u8>, Problem> {
    let checksum = checksum_of(&model);
    let envelope = Envelope { format: format.into(), version, checksum, model };
    let mut text = serde_json::to_vec(&envelope).map_err(|e| not_a_model(e.to_string()))?;
    text.push(b'\n');
    Ok(text)
}

/// Writes what a model is in a file: the old one or the whole new one, never a part.
///
/// # Errors
/// [`Error::Model`] naming the file where there is nothing to write, [`Error::Io`] where it cannot be written.
pub(super) fn write(path: &Path, text: std::result::Result<Vec<u8>, Problem>) -> Result<()> {
    write_atomically(path, &text.map_err(|problem| Error::model(path, problem))?)
}

/// The descriptor of a model.
///
/// # Errors
/// A [`Problem`] for settings that none can have, and for one whose features are not those that were learned from.
pub(super) fn descriptor(
    options: DescriptorOptions,
    digest: String,
) -> std::result::Result<Descriptor, Problem> {
    let descriptor = Descriptor::new(options).map_err(|e| altered(e.reason()))?;
    if descriptor.digest() == digest {
        return Ok(descriptor);
    }
    let expected = format!("features with the digest {}", descriptor.digest());
    let advice =
        "this textura computes other numbers than the one that trained the model: train again";
    Err(Problem::new(expected, digest, advice))
}

/// Reads the bytes of a regular file.
///
/// # Errors
/// [`Error::Io`] where it cannot be read, [`Error::Model`] where it is no regular file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let failed = |e| Error::io("read", path, e);
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(Error::model(path, not_a_model("no regular file")));
    }
    std::fs::read(path).map_err(failed)
}

/// Bytes within which a file says what it is.
const HEAD: u64 = 256;

/// Whether a file says at its beginning that it is of a format. Files that cannot be read say nothing.
pub(super) fn says(path: &Path, format: &str) -> bool {
    let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let mut head = Vec::new();
    let file = is_file.then(|| std::fs::File::open(path).ok()).flatten();
    let is_read = file.is_some_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok());
    let name = format!("\"{format}\"");
    is_read && head.windows(name.len()).any(|part| part == name.as_bytes())
}

/// The JSON of a file.
pub(super) fn document(text: &[u8]) -> std::result::Result<Value, Problem> {
    serde_json::from_slice(text).map_err(|e| {
        if e.is_eof() && !text.is_empty() {
            let found = format!("one that was cut short after {} bytes", text.len());
            let advice = "copy the file again or train the model again";
            Problem::new("a whole textura model", found, advice)
        } else {
            not_a_model(format!("no JSON ({e})"))
        }
    })
}

/// Which kind of model it says it is.
pub(super) fn format_of(document: &Value) -> Option<&str> {
    document.get("format").and_then(Value::as_str)
}

/// A kind of model file.
pub(super) struct Kind {
    /// What the file says it is.
    pub format: &'static str,
    /// Grows whenever an older textura could misread the file.
    pub version: u64,
    /// In words.
    pub what: &'static str,
    /// The command that writes one.
    pub written_by: &'static str,
}

impl Kind {
    /// The model inside a file of this kind, once format, version and checksum have been checked.
    pub fn opened(&self, text: &[u8]) -> std::result::Result<Value, Problem> {
        let document = document(text)?;
        if format_of(&document) != Some(self.format) {
            let advice = format!("name a file that `{}` wrote", self.written_by);
            return Err(Problem::new(self.what, "another file", advice));
        }
        let version = document.get("version").and_then(Value::as_u64);
        if version != Some(self.version) {
            let found =
                version.map_or("no known version number".into(), |v| format!("version {v}"));
            let expected = format!("{} of version {}", self.what, self.version);
            let advice = "it was written by another textura: install that one, or train again";
            return Err(Problem::new(expected, found, advice));
        }
        opened(document)
    }
}

/// The model inside, once its checksum has been checked.
pub(super) fn opened(document: Value) -> std::result::Result<Value, Problem> {
    let envelope: Envelope =
        serde_json::from_value(document).map_err(|e| altered(e.to_string()))?;
    if envelope.checksum != checksum_of(&envelope.model) {
        return Err(altered("content that does not fit its checksum"));
    }
    Ok(envelope.model)
}

/// A matrix, row by row: 32-bit floats, the lowest byte first, in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Packed {
    rows: usize,
    columns: usize,
    values: String,
}

impl Packed {
    pub fn of(matrix: &Array2<f64>) -> Self {
        let bytes: Vec<u8> = matrix.iter().flat_map(|&v| (v as f32).to_le_bytes()).collect();
        Self { rows: matrix.nrows(), columns: matrix.ncols(), values: STANDARD.encode(bytes) }
    }

    /// The matrix.
    ///
    /// # Errors
    /// A [`Problem`] where it has other numbers than its size says, or some that are not finite.
    pub fn matrix(&self) -> std::result::Result<Array2<f64>, Problem> {
        let bytes = STANDARD.decode(&self.values).map_err(|e| altered(e.to_string()))?;
        let (numbers, rest) = bytes.as_chunks::<4>();
        let values: Vec<f64> =
            numbers.iter().map(|&bytes| f64::from(f32::from_le_bytes(bytes))).collect();
        let is_whole = rest.is_empty() && values.iter().all(|value| value.is_finite());
        match Array2::from_shape_vec((self.rows, self.columns), values) {
            Ok(matrix) if is_whole => Ok(matrix),
            _ => Err(altered("a matrix with other numbers than its size says")),
        }
    }
}

fn checksum_of(model: &Value) -> String {
    // A value that was made from JSON or by `to_value` can always be written.
    let text = serde_json::to_vec(model).unwrap_or_default();
    blake3::hash(&text).to_hex().to_string()
}

pub(super) fn not_a_model(found: impl Into<String>) -> Problem {
    Problem::new("a textura model", found, "name a file that `textura train` wrote")
}

pub(super) fn altered(found: impl Into<String>) -> Problem {
    Problem::new(
        "a model file as textura wrote it",
        found,
        "it was altered or damaged: copy it again or train the model again",
    )
}
