use super::*;

#[test]
fn every_number_has_a_bar_on_its_side_of_the_ends() {
    let mut n_seen = 0;
    for (share, is_beyond, expected) in [
        (0.0, false, BEYOND),
        (0.06, false, BEYOND + 1),
        (1.0, false, BEYOND + IN_RANGE - 1),
        (-1e-18, true, BEYOND - 1),
        (-0.06, true, BEYOND - 2),
        (-1e300, true, 0),
        (1.0, true, BEYOND + IN_RANGE),
        (1.06, true, BEYOND + IN_RANGE + 1),
        (f64::MAX, true, BARS - 1),
    ] {
        assert_eq!(bar_of(share, is_beyond), expected, "{share} {is_beyond}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 9);
}

#[test]
fn readings_are_thinned_evenly() {
    let mut few = Thinned::default();
    (0..600).rev().for_each(|at| few.offer([f64::from(at), 0.0, 0.0]));
    assert_eq!(few.in_order().len(), 600);
    assert_eq!(few.in_order()[7][0], 7.0);
    let mut many = Thinned::default();
    (0..100_000).for_each(|at| many.offer([f64::from(at), 0.0, 0.0]));
    let kept = many.in_order();
    assert!((300..=600).contains(&kept.len()), "{}", kept.len());
    let step = kept[1][0];
    assert!(kept.windows(2).all(|pair| pair[1][0] - pair[0][0] == step), "{step}");
    assert!(99_000.0 < kept[kept.len() - 1][0]);
}
