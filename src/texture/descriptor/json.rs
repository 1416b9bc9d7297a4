//! Descriptors from JSON.

use std::path::Path;

use super::DescriptorOptions;
use crate::error::{Error, Problem, Result, advice_for};

/// A descriptor from JSON; `place` says in messages where it stands.
///
/// ```
/// use textura::texture::descriptor::parse_descriptor;
/// let options = parse_descriptor(br#"{"families":[{"tamura":{}}]}"#, "here".as_ref())?;
/// assert_eq!(options.families.len(), 1);
/// # Ok::<(), textura::Error>(())
/// ```
///
/// # Errors
/// [`Error::Model`] for what is no descriptor.
pub fn parse_descriptor(json: &[u8], place: &Path) -> Result<DescriptorOptions> {
    serde_json::from_slice(json).map_err(|e| {
        let expected = "a descriptor such as {\"families\":[{\"glcm\":{\"levels\":32}}]}";
        let message = e.to_string();
        // serde names what it met in backquotes, and then all that it knows.
        let mut quoted = message.split('`').skip(1).step_by(2);
        let otherwise = "`textura inspect --descriptor MODEL` prints an example";
        let advice = advice_for(quoted.next().unwrap_or_default(), quoted, otherwise);
        Error::model(place, Problem::new(expected, message.as_str(), advice))
    })
}
