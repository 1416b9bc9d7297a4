use super::{bootstrap_interval, quantile};
use crate::random::Random;

#[test]
fn quantiles_lie_between_neighbours() {
    assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
    assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
    assert_eq!((quantile(&[1.0, 2.0], 0.0), quantile(&[1.0, 2.0], 1.0)), (1.0, 2.0));
    assert_eq!(quantile(&[7.0], 0.025), 7.0);
}

#[test]
fn draws_keep_units_whole_and_as_many_of_each_kind() {
    // Units of two good pictures, of one odd one, and of one of each.
    let are_odd: Vec<bool> = (0..60).map(|at| [false, false, true, true, false][at % 5]).collect();
    let units: Vec<usize> = (0..60).map(|at| at / 5 * 3 + [0, 0, 1, 2, 2][at % 5]).collect();
    let mut n_draws = 0;
    let found = bootstrap_interval(&are_odd, &units, |drawn| {
        let mut times = [0; 60];
        drawn.iter().for_each(|&at| times[at] += 1);
        for (at, unit) in units.iter().enumerate() {
            let first = units.iter().position(|other| other == unit).unwrap();
            assert_eq!(times[at], times[first]);
        }
        assert_eq!(drawn.len(), 60);
        assert_eq!(drawn.iter().filter(|&&at| are_odd[at]).count(), 24);
        n_draws += 1;
        Some(drawn.len() as f64)
    });
    assert_eq!((found, n_draws), (Some([60.0, 60.0]), 1001));
}

#[test]
fn nothing_is_said_of_too_little() {
    let count = |drawn: &[usize]| Some(drawn.len() as f64);
    assert_eq!(bootstrap_interval(&[], &[], count), None);
    assert_eq!(bootstrap_interval(&[true], &[0], count), None);
    assert_eq!(bootstrap_interval(&[true, false], &[4, 4], count), None);
    assert_eq!(bootstrap_interval(&[true, false], &[0, 1], |_| None), None);
    assert_eq!(bootstrap_interval(&[true, false], &[0, 1], count), Some([2.0, 2.0]));
}

/// Means of ten pictures each of 30 rolls: the rolls vary, so that by pictures the interval is too narrow.
#[test]
fn intervals_by_units_hold_the_mean_and_have_the_same_draws() {
    let mut random = Random::new(9, 0);
    let (mut n_held, mut n_held_by_pictures) = (0, 0);
    for _ in 0..100 {
        let rolls: Vec<f64> = (0..30).map(|_| random.normal()).collect();
        let units: Vec<usize> = (0..300).map(|at| at / 10).collect();
        let values: Vec<f64> = units.iter().map(|&unit| rolls[unit] + random.normal()).collect();
        let mean = |drawn: &[usize]| {
            Some(drawn.iter().map(|&at| values[at]).sum::<f64>() / drawn.len() as f64)
        };
        let of = |units: &[usize]| bootstrap_interval(&[false; 300], units, mean).unwrap();
        let holds = |[low, high]: [f64; 2]| usize::from(low <= 0.0 && 0.0 <= high);
        n_held += holds(of(&units));
        n_held_by_pictures += holds(of(&(0..300).collect::<Vec<_>>()));
        assert_eq!(of(&units), of(&units));
    }
    // 95 are expected, with a standard deviation of 2.2, and a little less of 30 units.
    assert!(86 < n_held && n_held_by_pictures < 75, "{n_held} {n_held_by_pictures}");
}
