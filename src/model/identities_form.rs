//! The pictures that a model was shown, as its file writes them down: eight bytes each, in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::learn::dataset::Identities;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentitiesForm {
    learned: String,
    #[serde(rename = "kept_back")]
    held_out: String,
}

impl IdentitiesForm {
    pub fn of(pictures: &Identities) -> Self {
        let [learned, held_out] = pictures.to_bytes().map(|bytes| STANDARD.encode(bytes));
        Self { learned, held_out }
    }

    /// # Errors
    /// [`Error::Data`] for texts that no model has.
    pub fn read(self) -> Result<Identities> {
        let unsound = || {
            let advice = "copy the model again, or train it again";
            let problem = Problem::new("hashes of pictures, ascending", "other text", advice);
            Error::data("pictures", problem)
        };
        let bytes = |text| STANDARD.decode(text).map_err(|_| unsound());
        let (learned, held_out) = (bytes(self.learned)?, bytes(self.held_out)?);
        Identities::from_bytes([&learned, &held_out]).ok_or_else(unsound)
    }
}
