//! The command as a user meets it: what it reads, prints, writes and returns.

mod contract;
mod corruption;
mod determinism;
mod doctor;
mod explain;
mod failures;
mod fixtures;
mod gradcheck;
mod grades;
mod learning;
mod masks;
mod names;
mod support;
