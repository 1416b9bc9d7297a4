//! What several test files share: golden files, pictures to compute on, and closeness.

// Every test file compiles this module for itself and uses a part of it.
#![allow(dead_code)]

pub mod families;
pub mod golden;
pub mod pictures;

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
