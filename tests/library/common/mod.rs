//! What several test files share: golden files, pictures to compute on, and closeness.

// Every test file compiles this module for itself and uses a part of it.
#![allow(dead_code)]

pub mod engines;
pub mod families;
pub mod golden;
pub mod letrist_margins;
pub mod pictures;
pub mod seeds;

use std::fmt::Display;

/// Fails unless `found` lies within `relative * |expected| + floor` of `expected`; NaN always fails.
#[track_caller]
pub fn assert_close(found: f64, expected: f64, relative: f64, floor: f64, what: impl Display) {
    assert!(
        is_close(found, expected, relative, floor),
        "{what}: expected {expected:e}, found {found:e}, difference {:e}",
        found - expected
    );
}

/// Whether `found` lies within `relative * |expected| + floor` of `expected`.
pub fn is_close(found: f64, expected: f64, relative: f64, floor: f64) -> bool {
    (found - expected).abs() <= relative * expected.abs() + floor
}

/// Compares lists of numbers entry by entry, within `relative` or 1e-12 times the largest expected value,
/// since some entries are what cancellation left over; returns how many there were.
#[track_caller]
pub fn compare<'a>(
    found: impl IntoIterator<Item = &'a f64>,
    golden: &serde_json::Value,
    relative: f64,
    what: &str,
) -> usize {
    let found: Vec<f64> = found.into_iter().copied().collect();
    let expected = golden::numbers(golden);
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    for (at, (&found, &expected)) in found.iter().zip(&expected).enumerate() {
        assert_close(found, expected, relative, 1e-12 * largest, format!("{what} {at}"));
    }
    found.len()
}
