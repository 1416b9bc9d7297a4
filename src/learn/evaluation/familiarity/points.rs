//! Points as a model file writes them down: for each list their number and one text of 32-bit floats, the lowest byte
//! first, in base64. Older files have lists of numbers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

type Points = Vec<Vec<f32>>;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Packed(Packed),
    Listed(Points),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Packed {
    count: usize,
    values: String,
}

pub(super) fn serialize<S: Serializer>(classes: &[Points], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(classes.iter().map(|points| packed(points)))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Points>, D::Error> {
    let classes: Vec<Form> = Deserialize::deserialize(from)?;
    classes.into_iter().map(|form| unpacked(form).map_err(D::Error::custom)).collect()
}

/// The points of one list.
pub(super) mod one {
    use super::*;

    pub fn serialize<S: Serializer>(points: &[Vec<f32>], to: S) -> Result<S::Ok, S::Error> {
        packed(points).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Points, D::Error> {
        unpacked(Deserialize::deserialize(from)?).map_err(D::Error::custom)
    }
}

fn packed(points: &[Vec<f32>]) -> Packed {
    let bytes: Vec<u8> = points.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
    Packed { count: points.len(), values: STANDARD.encode(bytes) }
}

fn unpacked(form: Form) -> Result<Points, String> {
    let Packed { count, values } = match form {
        Form::Listed(points) => return Ok(points),
        Form::Packed(packed) => packed,
    };
    let bytes = STANDARD.decode(values).map_err(|error| error.to_string())?;
    let (numbers, rest) = bytes.as_chunks::<4>();
    let width = numbers.len().checked_div(count).unwrap_or(0);
    if !rest.is_empty() || count.checked_mul(width) != Some(numbers.len()) {
        return Err(format!("{} bytes that are not {count} points", bytes.len()));
    }
    let values: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Ok(match width {
        0 => vec![Vec::new(); count],
        width => values.chunks_exact(width).map(<[f32]>::to_vec).collect(),
    })
}

#[cfg(test)]
mod tests;
