//! Hostile pictures: whatever lies in a folder, every input has its row, nothing hangs, and memory stays bounded.
//!
//! The seeds in `seeds/` are small pictures that `make_seeds.py` draws. Everything else is derived here.
#![cfg(unix)]

mod claims;
mod corpus;
mod places;
mod support;
