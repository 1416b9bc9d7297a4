//! Paths as text: any path can be written into a table and read back.

use std::path::{Path, PathBuf};

/// Writes a path as text. Bytes that are not UTF-8 become `\xNN`; a backslash that stands before what
/// would read as such a byte becomes `\x5c`, so that [`path_from_text`] always gives the path back. Of a path of blanks alone
/// every byte is written so, since a table would take it for an empty cell.
///
/// ```
/// use textura::io::{path_from_text, path_to_text};
/// assert_eq!(path_to_text("a b/猫.png".as_ref()), "a b/猫.png");
/// assert_eq!(path_to_text(r"a\x41".as_ref()), r"a\x5cx41");
/// assert_eq!(path_from_text(r"a\x5cx41"), std::path::Path::new(r"a\x41"));
/// assert_eq!(path_to_text(" ".as_ref()), r"\x20");
/// ```
pub fn path_to_text(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(at) = rest.find('\\') {
            let (before, from) = rest.split_at(at);
            text.push_str(before);
            text.push_str(if escaped_byte(from.as_bytes()).is_some() { r"\x5c" } else { r"\" });
            rest = &from[1..];
        }
        text.push_str(rest);
        for byte in chunk.invalid() {
            text.push_str(&format!(r"\x{byte:02x}"));
        }
    }
    if text.trim().is_empty() {
        return bytes.iter().map(|byte| format!(r"\x{byte:02x}")).collect();
    }
    text
}

/// Reads a path that [`path_to_text`] wrote, or that a person typed.
pub fn path_from_text(text: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if let Some(byte) = escaped_byte(rest) {
            bytes.push(byte);
            rest = &rest[4..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    path_from_bytes(bytes)
}

/// The byte that `\xNN` at the start stands for.
fn escaped_byte(text: &[u8]) -> Option<u8> {
    let [b'\\', b'x', high, low, ..] = text else { return None };
    let digit = |c: u8| char::from(c).to_digit(16);
    Some((digit(*high)? * 16 + digit(*low)?) as u8)
}

/// The path of bytes as they are, as far as the system has such paths.
#[cfg(unix)]
pub(super) fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
pub(super) fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
