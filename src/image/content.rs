//! The identity of a picture.

/// The content of a picture's file, as a number: equal files have equal hashes.
pub type ContentHash = [u8; 32];

/// The beginning of a content's hash: 16 hexadecimal digits, enough to find a picture among millions.
pub fn short_hash(content: &ContentHash) -> String {
    content[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
