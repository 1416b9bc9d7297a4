//! What is fuzzed, and from what it starts. libFuzzer and the stable harness run the same functions.

/// The statement of what it means that the engines agree, shared with `tests/library/engines_agree.rs`.
#[path = "../../tests/library/common/engines.rs"]
mod engines;
pub mod seeds;
pub mod targets;

/// Fails unless `found` lies within `relative * |expected| + floor` of `expected`; NaN always fails.
#[track_caller]
fn assert_close(
    found: f64,
    expected: f64,
    relative: f64,
    floor: f64,
    what: impl std::fmt::Display,
) {
    let is_close = (found - expected).abs() <= relative * expected.abs() + floor;
    assert!(is_close, "{what}: expected {expected:e}, found {found:e}");
}
