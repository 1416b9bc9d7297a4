//! Descriptors by their names and from JSON.

use std::path::Path;

use crate::error::{Error, Problem, Result, advice_for};
use crate::texture::descriptor::DescriptorOptions;

/// The descriptor of a preset's name, or of a JSON file.
///
/// ```
/// use textura::io::read_descriptor;
/// assert_eq!(read_descriptor("fast".as_ref())?.families.len(), 4);
/// assert!(read_descriptor("fsat".as_ref()).is_err_and(|e| e.to_string().contains("did you mean `fast`?")));
/// # Ok::<(), textura::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] for what is neither, [`Error::Io`] for a file that cannot be read; as [`parse_descriptor`].
pub fn read_descriptor(name: &Path) -> Result<DescriptorOptions> {
    if let Some(options) = name.to_str().and_then(DescriptorOptions::preset) {
        return Ok(options);
    }
    let known = DescriptorOptions::PRESETS.join(", ");
    if !name.exists() {
        let expected = format!("one of the names {known}, or a file");
        let found = name.display().to_string();
        let otherwise = "check the name; `textura inspect --descriptor MODEL` prints an example";
        let advice = advice_for(&found, DescriptorOptions::PRESETS, otherwise);
        return Err(Error::setting("descriptor", Problem::new(expected, found, advice)));
    }
    let text = std::fs::read(name).map_err(|e| Error::io("read", name, e))?;
    parse_descriptor(&text, name)
}

/// A descriptor from JSON; `place` says in messages where it stands.
///
/// ```
/// use textura::io::parse_descriptor;
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
