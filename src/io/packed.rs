//! What the program carries packed.

/// The bytes as they were before Zstandard packed them.
///
/// # Errors
/// For what it did not pack.
pub fn unpacked(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::decode_all(packed)
}
