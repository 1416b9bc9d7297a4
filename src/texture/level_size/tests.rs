use super::{Counts, LevelOptions, Statistics};
use crate::image::Quantize;

fn counts(n_pixels: u64, entries: &[(usize, usize, usize)]) -> Counts {
    let mut counts = Counts::new(n_pixels);
    for &(level, size, n) in entries {
        (0..n).for_each(|_| counts.add(level, size));
    }
    counts
}

#[test]
fn the_statistics_of_four_entries() {
    // Level 1: one of size 1, one of size 3; level 2: two of size 1.
    let s = Statistics::of(&counts(8, &[(1, 1, 1), (1, 3, 1), (2, 1, 2)]));
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-14, "{found}");
    close(s.small, (3.0 + 1.0 / 9.0) / 4.0);
    close(s.large, (3.0 + 9.0) / 4.0);
    close(s.low_grey, (2.0 + 2.0 / 4.0) / 4.0);
    close(s.high_grey, (2.0 + 2.0 * 4.0) / 4.0);
    close(s.small_low_grey, (1.0 + 1.0 / 9.0 + 2.0 / 4.0) / 4.0);
    close(s.small_high_grey, (1.0 + 1.0 / 9.0 + 2.0 * 4.0) / 4.0);
    close(s.large_low_grey, (1.0 + 9.0 + 2.0 / 4.0) / 4.0);
    close(s.large_high_grey, (1.0 + 9.0 + 2.0 * 4.0) / 4.0);
    close(s.level_nonuniformity, (4.0 + 4.0) / 4.0);
    close(s.level_nonuniformity_normalised, 8.0 / 16.0);
    close(s.size_nonuniformity, (9.0 + 1.0) / 4.0);
    close(s.size_nonuniformity_normalised, 10.0 / 16.0);
    close(s.percentage, 4.0 / 8.0);
    close(s.level_variance, 0.25);
    close(s.size_variance, (3.0 * 0.25 + 1.5 * 1.5) / 4.0); // sizes 1, 1, 1, 3 about 3/2
    close(s.entropy, 1.5); // 1/4, 1/4, 1/2
    close(s.energy, 3.0 / 8.0);
}

#[test]
fn of_no_entry_everything_is_zero_and_of_one_kind_nothing_varies() {
    assert_eq!(Statistics::of(&Counts::new(0)), Statistics::default());
    assert_eq!(Statistics::of(&Counts::new(7)), Statistics::default());
    let s = Statistics::of(&counts(10, &[(3, 5, 2)]));
    assert_eq!((s.level_variance, s.size_variance, s.entropy, s.energy), (0.0, 0.0, 0.0, 1.0));
    assert!(s.entropy.is_sign_positive());
    assert_eq!((s.level_nonuniformity, s.size_nonuniformity_normalised), (2.0, 1.0));
}

#[test]
fn merging_adds_entries_and_pixels() {
    let mut first = counts(4, &[(1, 2, 1), (2, 2, 1)]);
    first.merge(&counts(3, &[(1, 2, 1), (3, 1, 1)]));
    assert_eq!(first, counts(7, &[(1, 2, 2), (2, 2, 1), (3, 1, 1)]));
    assert_eq!(first.n_pixels(), 7);
    assert!(Counts::new(5).is_empty() && !first.is_empty());
}

#[test]
fn a_size_as_large_as_a_huge_picture_is_one_cell() {
    let s = Statistics::of(&counts(1 << 40, &[(4096, 1 << 40, 1)]));
    assert_eq!((s.large, s.percentage), (2f64.powi(80), 2f64.powi(-40)));
}

#[test]
fn options_are_as_typed() {
    let usual = LevelOptions::default();
    assert_eq!((usual.levels, usual.quantize), (None, Quantize::FixedBinNumber));
    assert!(LevelOptions { levels: Some(1), ..usual }.quantizer().is_err());
}
