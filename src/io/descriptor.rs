//! Descriptors by their names and from JSON.

use std::path::Path;

use crate::error::{Error, Problem, Result, advice_for};
use crate::texture::descriptor::{DescriptorOptions, parse_descriptor};

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
