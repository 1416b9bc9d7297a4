//! Damaged models and tables are refused, or mean what they meant; nothing panics, and nothing takes more memory than
//! its file justifies. docs/reliability.md says what that can mean for each kind of file.

mod binary;
mod damage;
mod deep;
mod models;
mod plain;
mod tables;

use allocation_counter::{AllocationInfo, measure};

/// Does something with a file of so many bytes, and fails where that takes more memory than the file justifies.
fn within_memory<T>(what: &str, length: usize, work: impl FnOnce() -> T) -> T {
    let mut outcome = None;
    let AllocationInfo { bytes_max, .. } = measure(|| outcome = Some(work()));
    let most = (32 << 20) + 64 * length as u64;
    assert!(bytes_max <= most, "{what}: {bytes_max} bytes for a file of {length}");
    outcome.expect("the work was done")
}
