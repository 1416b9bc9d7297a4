use super::{accuracy_interval, chance_beyond, t_interval, t_quantile, wilson_interval};
use crate::random::Random;

#[track_caller]
fn close(found: [f64; 2], expected: [f64; 2], tolerance: f64) {
    let is_close = found.iter().zip(expected).all(|(f, e)| (f - e).abs() < tolerance);
    assert!(is_close, "{found:?} {expected:?}");
}

/// The four examples of Newcombe 1998 (Statistics in Medicine 17, 857-872, table I), method 3.
#[test]
fn wilson_intervals_are_those_of_newcombe() {
    close(wilson_interval(81, 263), [0.2553, 0.3662], 5e-5);
    close(wilson_interval(15, 148), [0.0624, 0.1605], 5e-5);
    close(wilson_interval(0, 20), [0.0, 0.1611], 5e-5);
    close(wilson_interval(1, 29), [0.0061, 0.1718], 5e-5);
}

#[test]
fn wilson_intervals_hold_the_share_and_mirror_each_other() {
    let mut n_seen = 0;
    for n in 1..60 {
        for right in 0..=n {
            let [low, high] = wilson_interval(right, n);
            let share = right as f64 / n as f64;
            assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{right} of {n}");
            close(wilson_interval(n - right, n), [1.0 - high, 1.0 - low], 1e-12);
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 1829);
    assert_eq!(wilson_interval(0, 0), [0.0, 1.0]);
}

/// From the usual table of the 0.975 quantile (Abramowitz and Stegun 1964, table 26.10; two more digits
/// from its closed forms for 1 and 2 degrees of freedom).
#[test]
fn quantiles_of_t_are_those_of_the_table() {
    let table = [
        (1, 12.706_205),
        (2, 4.302_653),
        (3, 3.182),
        (4, 2.776),
        (5, 2.571),
        (9, 2.262),
        (10, 2.228),
        (30, 2.042),
        (60, 2.000),
        (120, 1.980),
        (100_000, 1.960),
    ];
    let mut n_seen = 0;
    for (df, expected) in table {
        assert!((t_quantile(df) - expected).abs() < 6e-4, "{df}: {}", t_quantile(df));
        n_seen += 1;
    }
    assert_eq!(n_seen, 11);
    assert!((t_quantile(1) - 12.706_205).abs() < 1e-6 && (t_quantile(2) - 4.302_653).abs() < 1e-6);
}

#[test]
fn t_intervals_lie_around_the_mean_within_what_a_share_can_be() {
    // s = 0.1 sqrt(2), t = 12.7062, so that half the width is 1.27062.
    assert_eq!(t_interval(&[0.4, 0.6]), Some([0.0, 1.0]));
    close(t_interval(&[0.8; 5]).unwrap(), [0.8, 0.8], 1e-12);
    // Mean 0.85, s = 0.0129099, t = 3.18245, root of 4.
    let interval = t_interval(&[0.84, 0.84, 0.85, 0.87]).unwrap();
    let s = f64::sqrt((2.0 * 0.0001 + 0.0004) / 3.0);
    close(interval, [0.85 - 3.182_446 * s / 2.0, 0.85 + 3.182_446 * s / 2.0], 1e-6);
    assert_eq!((t_interval(&[0.5]), t_interval(&[])), (None, None));
}

#[test]
fn a_share_of_t_lies_beyond_its_quantile() {
    for df in [1, 2, 5, 30] {
        let t = t_quantile(df);
        assert!((chance_beyond(t, df) - 0.025).abs() < 1e-9);
        assert!((chance_beyond(-t, df) - 0.975).abs() < 1e-9);
        assert_eq!(chance_beyond(0.0, df), 0.5);
    }
}

/// Rolls of ten pictures, on each of which a model is right about always or about never.
#[test]
fn intervals_by_units_hold_what_they_promise() {
    let mut random = Random::new(3, 0);
    let (mut n_held, mut n_held_by_pictures) = (0, 0);
    for _ in 0..400 {
        let rolls: Vec<f64> =
            (0..30).map(|_| if random.unit() < 0.8 { 0.98 } else { 0.1 }).collect();
        let truth = 0.8 * 0.98 + 0.2 * 0.1;
        let units: Vec<usize> = (0..300).map(|at| at / 10).collect();
        let right: Vec<bool> = units.iter().map(|&unit| random.unit() < rolls[unit]).collect();
        let holds = |[low, high]: [f64; 2]| usize::from(low <= truth && truth <= high);
        n_held += holds(accuracy_interval(&right, &units));
        n_held_by_pictures += holds(wilson_interval(right.iter().filter(|r| **r).count(), 300));
    }
    // 95 % of 400 are 380, with a standard deviation of 4.4.
    assert!(362 < n_held && n_held_by_pictures < 280, "{n_held} {n_held_by_pictures}");
}
