//! How much of a long test is run: for the unit tests, and for the programs in `tests/`, which include this file.

/// A sweep takes one case in so many, or all of them where `TEXTURA_ALL` is 1.
pub(crate) fn one_in(n: usize) -> usize {
    if std::env::var_os("TEXTURA_ALL").is_some_and(|value| value == "1") { 1 } else { n }
}
