//! Whether a file is still the one it was, without reading it.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Some file systems count time in steps as large as this. A file that changes twice within one step may have
/// one stamp for two contents.
const STEP_OF_TIME: Duration = Duration::from_secs(2);

/// What the file system says of a file: size and times, and on Unix which file it is. Another content has
/// another stamp, unless it was written within one step of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub(super) bytes: Vec<u8>,
    /// Whether whatever changes the file from now on changes its stamp.
    pub(super) is_settled: bool,
}

impl Stamp {
    /// Looks at a file; none where there is no regular file.
    pub fn of(path: &Path) -> Option<Self> {
        let now = SystemTime::now();
        let metadata = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
        let (newest, fields) = fields(&metadata)?;
        let bytes = fields.iter().flat_map(|field| field.to_le_bytes()).collect();
        Some(Self { bytes, is_settled: newest + STEP_OF_TIME < now })
    }
}

/// The newest time of a file, and all that tells it from another. The time of the last change to what is known
/// of a file cannot be set by a user, as that of its content can.
#[cfg(unix)]
fn fields(metadata: &Metadata) -> Option<(SystemTime, Vec<i64>)> {
    use std::os::unix::fs::MetadataExt as _;
    let changed = UNIX_EPOCH + Duration::new(metadata.ctime().try_into().ok()?, 0);
    let fields = vec![
        metadata.size() as i64,
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec(),
        metadata.ino() as i64,
        metadata.dev() as i64,
    ];
    Some((metadata.modified().ok()?.max(changed), fields))
}

#[cfg(not(unix))]
fn fields(metadata: &Metadata) -> Option<(SystemTime, Vec<i64>)> {
    let modified = metadata.modified().ok()?;
    let created = metadata.created().unwrap_or(UNIX_EPOCH);
    let mut fields = vec![metadata.len() as i64];
    for time in [modified, created] {
        let since = time.duration_since(UNIX_EPOCH).ok()?;
        fields.extend([since.as_secs() as i64, i64::from(since.subsec_nanos())]);
    }
    Some((modified.max(created), fields))
}
