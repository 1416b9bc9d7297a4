//! Reports: one HTML page that needs no network and no script, made of what the commands found out. The page of one update
//! (`trace/`) has a script.
//!
//! A page holds text, tables, plots as SVG and thumbnails as data URIs, and nothing that runs. Names of files and
//! classes are escaped by the template, and a content policy forbids everything but the page's own style and
//! pictures. The same work gives the same bytes: there is no date in it and no path but those that were typed.
//!
//! [`of_training`] and [`of_evaluation`] read finished work, [`Classified`] and [`Estimates`] listen while pictures are
//! classified and keep only what they show. The few pictures shown are read again at the end.

mod alike;
mod classification;
mod estimates;
pub mod explain;
mod families;
mod inspection;
mod labelled_predictions;
pub mod maps;
mod matrix;
mod numbers;
mod page;
mod pictures;
mod plots;
mod record;
mod separation;
mod trace;
mod training;

pub use classification::Classified;
pub use estimates::Estimates;
pub use inspection::{Evaluated, Inspected, of_good_pictures};
pub use numbers::{NumberedPicture, NumbersPage};
pub use trace::trace_page;
pub use training::{of_evaluation, of_training};

/// What was asked, as the page repeats it: the command, then names of settings and their values, as they were typed.
/// What cannot change the result stays out.
pub type Asked = [(String, String)];

#[cfg(test)]
mod tests;
