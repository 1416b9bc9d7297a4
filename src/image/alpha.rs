//! What is done about transparent pixels.

use serde::{Deserialize, Serialize};

/// Whether pixels that a file calls transparent are measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alpha {
    /// Their colours count as they are stored.
    #[default]
    Ignore,
    /// Only pixels that are at least half opaque are measured, as inside a mask; the others get the mean of these, so
    /// that what they hide does not matter.
    Mask,
}
