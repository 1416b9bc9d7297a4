use super::{auroc, auroc_interval, average_precision, newcombe};
use crate::random::Random;

#[track_caller]
fn close(found: Option<f64>, expected: f64) {
    // Sums of at most 60 terms below 1.
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-13), "{found:?} {expected}");
}

/// Sixty scores with ties, 22 of them of odd pictures.
fn example() -> (Vec<f64>, Vec<bool>) {
    let scored = (0..60usize).map(|i| {
        let is_odd = (i * i * 7 + 3 * i) % 11 < 3;
        (((i * 37 + 11) % 53 + 15 * usize::from(is_odd)) as f64 / 10.0, is_odd)
    });
    scored.unzip()
}

/// Oracle: `roc_auc_score` and `average_precision_score` of scikit-learn 1.9.1.
#[test]
fn measures_are_those_of_scikit_learn() {
    let (scores, are_odd) = example();
    close(auroc(&scores, &are_odd), 0.747_009_569_377_990_5);
    close(average_precision(&scores, &are_odd), 0.683_843_468_584_648_8);
}

/// Every pair, and every threshold, counted for itself.
#[test]
fn measures_are_what_plain_counting_gives() {
    let mut random = Random::new(2, 0);
    let mut n_seen = 0;
    for _ in 0..200 {
        let n = 2 + random.below(30);
        let scores: Vec<f64> = (0..n).map(|_| random.below(9) as f64 - 4.0).collect();
        let are_odd: Vec<bool> = (0..n).map(|_| random.unit() < 0.4).collect();
        let n_odd = are_odd.iter().filter(|&&is_odd| is_odd).count();
        if n_odd == 0 || n_odd == n {
            assert_eq!(auroc(&scores, &are_odd), None);
            assert_eq!(average_precision(&scores, &are_odd), None);
            continue;
        }
        let mut wins = 0.0;
        for odd in (0..n).filter(|&at| are_odd[at]) {
            for good in (0..n).filter(|&at| !are_odd[at]) {
                wins += f64::from(u8::from(scores[odd] > scores[good])) / 2.0;
                wins += f64::from(u8::from(scores[odd] >= scores[good])) / 2.0;
            }
        }
        close(auroc(&scores, &are_odd), wins / (n_odd * (n - n_odd)) as f64);
        let (mut sum, mut recall_before) = (0.0, 0.0);
        for threshold in (-4..5).rev().map(f64::from) {
            let above: Vec<usize> = (0..n).filter(|&at| scores[at] >= threshold).collect();
            let odd = above.iter().filter(|&&at| are_odd[at]).count() as f64;
            let recall = odd / n_odd as f64;
            sum += (recall - recall_before) * odd / above.len().max(1) as f64;
            recall_before = recall;
        }
        close(average_precision(&scores, &are_odd), sum);
        n_seen += 1;
    }
    assert!(n_seen > 150, "{n_seen}");
}

#[test]
fn extremes_are_exact() {
    let are_odd = [false, false, true];
    assert_eq!(auroc(&[0.0, f64::NEG_INFINITY, f64::INFINITY], &are_odd), Some(1.0));
    assert_eq!(average_precision(&[1.0, 2.0, 3.0], &are_odd), Some(1.0));
    // All alike: chance.
    assert_eq!(auroc(&[0.0, -0.0, 0.0], &are_odd), Some(0.5));
    assert_eq!(average_precision(&[0.0, -0.0, 0.0], &are_odd), Some(1.0 / 3.0));
    assert_eq!(auroc(&[0.0, f64::NAN, 0.0], &are_odd), None);
    assert_eq!(average_precision(&[0.0, f64::NAN, 0.0], &are_odd), None);
    assert_eq!((auroc(&[], &[]), average_precision(&[], &[])), (None, None));
}

/// The ends solve the equation; turned over, they mirror each other.
#[test]
fn newcombes_limits_solve_the_equation() {
    for (area, m, n) in [(0.8, 10.0, 30.0), (1.0, 3.0, 20.0), (0.5, 1.0, 1.0), (0.3, 50.0, 7.0)] {
        let [low, high] = newcombe(area, m, n);
        for a in [low, high].into_iter().filter(|&a| 0.0 < a && a < 1.0) {
            let spread = 1.0 + ((m + n) / 2.0 - 1.0) * ((1.0 - a) / (2.0 - a) + a / (1.0 + a));
            let half = 1.959_963_984_540_054 * (a * (1.0 - a) * spread / (m * n)).sqrt();
            assert!(((area - a).abs() - half).abs() < 1e-9, "{area} {a} {half}");
        }
        let [turned_low, turned_high] = newcombe(1.0 - area, m, n);
        assert!((turned_low - (1.0 - high)).abs() < 1e-12);
        assert!((turned_high - (1.0 - low)).abs() < 1e-12);
    }
}

/// Few pictures of a detector whose area is 0.921: odd scores are two standard deviations higher.
#[test]
fn intervals_hold_the_area_as_often_as_they_say() {
    let mut random = Random::new(6, 0);
    let truth = 0.921_350;
    let mut n_held = 0;
    for _ in 0..60 {
        let are_odd: Vec<bool> = (0..24).map(|at| at < 8).collect();
        let scores: Vec<f64> =
            are_odd.iter().map(|&odd| random.normal() + if odd { 2.0 } else { 0.0 }).collect();
        let units: Vec<usize> = (0..24).collect();
        let [low, high] = auroc_interval(&scores, &are_odd, &units).unwrap();
        let area = auroc(&scores, &are_odd).unwrap();
        assert!(0.0 <= low && low <= area && area <= high && high <= 1.0);
        n_held += usize::from(low <= truth && truth <= high);
    }
    // 95 % of 60 are 57, with a standard deviation of 1.7.
    assert!(53 < n_held, "{n_held}");
}

#[test]
fn pictures_of_few_units_are_worth_less() {
    let scores: Vec<f64> = (0..40).map(|at| f64::from(at % 20)).collect();
    let are_odd: Vec<bool> = (0..40).map(|at| 20 <= at).collect();
    let alone: Vec<usize> = (0..40).collect();
    let rolls: Vec<usize> = (0..40).map(|at| at / 5).collect();
    let width = |units: &[usize]| {
        let [low, high] = auroc_interval(&scores, &are_odd, units).unwrap();
        high - low
    };
    assert!(1.5 * width(&alone) < width(&rolls), "{} {}", width(&alone), width(&rolls));
    assert_eq!(auroc_interval(&scores, &[true; 40], &alone), None);
}
