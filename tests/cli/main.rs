//! The command as a user meets it: what it reads, prints, writes and returns.

mod cache;
mod cache_faults;
mod config;
mod contract;
mod corruption;
mod determinism;
mod doctor;
mod export;
mod failures;
mod fixtures;
mod gradcheck;
mod grades;
mod learning;
mod map;
mod masks;
mod names;
mod report;
mod retrain;
mod scan;
mod shell;
mod sort;
mod sort_killed;
mod stream;
mod support;
mod tables;
mod tile;
