//! The settings of families that need levels and nothing else.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::image::{Quantize, Quantizer};

/// The settings of a descriptor's `glrlm`, `glszm` or `gldzm` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LevelOptions {
    /// Grey levels, 2 to 4,096. Default 32, or what bins of a fixed width need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
    /// How grey values become levels. Default `fixed_bin_number`.
    pub quantize: Quantize,
}

impl Default for LevelOptions {
    fn default() -> Self {
        Self { levels: None, quantize: Quantize::FixedBinNumber }
    }
}

impl LevelOptions {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for levels outside 2 to 4,096.
    pub(in crate::texture) fn quantizer(&self) -> Result<Quantizer> {
        Quantizer::new(self.levels, self.quantize)
    }
}
