//! The command as a user meets it: what it reads, prints, writes and returns.

mod cache;
mod cache_faults;
mod contract;
mod corruption;
mod determinism;
mod doctor;
mod failures;
mod fixtures;
mod gradcheck;
mod grades;
mod learning;
mod masks;
mod names;
mod support;
