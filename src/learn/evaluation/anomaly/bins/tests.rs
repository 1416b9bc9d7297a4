use super::{Bins, Counts, aupro, auroc, ordered};

#[test]
fn whole_numbers_have_the_order_of_scores() {
    let scores = [
        f32::NAN,
        f32::NEG_INFINITY,
        f32::MIN,
        -2.0,
        -1.0,
        -f32::MIN_POSITIVE,
        -1e-45,
        0.0,
        1e-45,
        f32::MIN_POSITIVE,
        1.0,
        1.000_000_1,
        2.0,
        f32::MAX,
        f32::INFINITY,
    ];
    assert!(scores.windows(2).all(|pair| ordered(pair[0]) < ordered(pair[1])));
    assert_eq!(ordered(-0.0), ordered(0.0));
    assert_eq!(ordered(-f32::NAN), 0);
}

#[test]
fn bins_are_as_wide_as_they_say_and_fall() {
    let mut bins = Bins::new(14);
    // 1 and 1 + 2^-15 share a bin, 1 + 2^-14 has the next; the same below zero.
    for score in [1.0, 1.0 + 0.5f32.powi(15), 1.0 + 0.5f32.powi(14), -1.0, -1.0 - 0.5f32.powi(15)] {
        bins.at(score).good += 1;
    }
    bins.at(f32::NAN).defect += 1;
    let found: Vec<(u32, u64)> =
        bins.falling().map(|(bin, counts)| (bin, counts.good + counts.defect)).collect();
    let counts: Vec<u64> = found.iter().map(|found| found.1).collect();
    assert_eq!(counts, [1, 2, 2, 1]);
    assert!(found.windows(2).all(|pair| pair[1].0 < pair[0].0));
    assert_eq!(found[0].0, found[1].0 + 1);
}

fn counts(good: u64, defect: u64, overlap: f64) -> Counts {
    Counts { good, defect, overlap }
}

/// By hand, from the highest bin: 1 defect; 1 good and 1 defect; 2 good. Of 2 * 3 pairs, 3 + 2.5 are won, one of them a tie.
#[test]
fn the_error_of_an_area_is_half_the_ties() {
    let bins = [counts(0, 1, 0.5), counts(1, 1, 0.5), counts(2, 0, 0.0)];
    let found = auroc(bins.into_iter()).unwrap();
    assert_eq!((found.value, found.error), (5.5 / 6.0, 0.5 / 6.0));
    assert_eq!(auroc([counts(3, 0, 0.0)].into_iter()), None);
    assert_eq!(auroc([counts(0, 3, 1.0)].into_iter()), None);
    // The curve: (0, 1/2), (1/3, 1), (1, 1). Up to 1: 1/4 + 2/3, and the box is half known.
    let whole = aupro(bins.into_iter(), 1.0).unwrap();
    assert!((whole.value - 11.0 / 12.0).abs() < 1e-15 && (whole.error - 1.0 / 12.0).abs() < 1e-15);
    // Up to 1/6, on the line from 1/2 to 3/4: 5/8 on average, between 1/2 and 1.
    let part = aupro(bins.into_iter(), 1.0 / 6.0).unwrap();
    assert!((part.value - 0.625).abs() < 1e-15 && (part.error - 0.5).abs() < 1e-15);
    assert!([0.0, -0.1, 1.1, f64::NAN].iter().all(|&l| aupro(bins.into_iter(), l).is_none()));
}
