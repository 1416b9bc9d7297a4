//! What the folders of the source may know of each other, what stays out of them, and what the crate shows to others.

mod imports;
mod public;
mod rules;
mod source;
