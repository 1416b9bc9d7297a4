//! One update of a small network for people to look at: what files say of it, and a program's numbers compared with it.

mod assumed;
mod check;
mod compare;
mod convention;
mod given;
mod names;
mod order;
mod overlay;
mod rows;
mod shown;
mod subject;
mod told;

pub(crate) use check::check;
#[cfg(test)]
pub(crate) use given::Array;
pub(crate) use given::Given;
pub(crate) use rows::add_rows;
pub(crate) use shown::Traced;
pub(crate) use told::described;
