//! Exit statuses; scripts rely on them.

use std::io::ErrorKind;
use std::process::ExitCode;

use crate::Error;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All good, also when the reader of a pipe went away.
    Good = 0,
    /// Failed.
    Failed = 1,
    /// Flags that cannot be used.
    Usage = 2,
    /// Finished, but some or all inputs failed.
    SomeFailed = 3,
    /// The data cannot be used.
    Data = 4,
    /// A model or table is corrupt, too new, or does not fit.
    Model = 5,
    /// Worse than was asked for.
    Missed = 6,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// The status that an error ends with.
pub fn status_of(error: &anyhow::Error) -> Status {
    match error.downcast_ref::<Error>() {
        Some(Error::Io { cause, .. }) if cause.kind() == ErrorKind::BrokenPipe => Status::Good,
        Some(Error::Setting { .. }) => Status::Usage,
        Some(Error::Data { .. }) => Status::Data,
        Some(Error::Model { .. } | Error::Size { .. }) => Status::Model,
        Some(Error::Interrupted) => Status::Interrupted,
        _ => Status::Failed,
    }
}
