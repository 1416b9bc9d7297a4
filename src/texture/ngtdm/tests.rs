use super::{Differences, FEATURES, Measured, NgtdmOptions};
use crate::image::flag::Flag;
use crate::image::{Gray, Levels, Mask, Samples};
use crate::texture::{FamilyOptions, Input};

/// `n_levels` is a pixel outside.
fn differences(width: usize, n_levels: usize, values: &[u16], distance: usize) -> Differences {
    let height = values.len() / width;
    let levels = Levels { width, height, n_levels, values: values.to_vec(), is_masked: true };
    Differences::of(&levels, distance)
}

/// The example of PyRadiomics' documentation of its NGTDM: a 4x4 picture whose sums are 13.35, 2, 3.03
/// and 10.075. Some of the means printed there are wrong; these are counted by hand.
#[test]
fn the_example_of_pyradiomics() {
    #[rustfmt::skip]
    let picture = [
        0, 1, 4, 1,
        2, 4, 0, 2,
        0, 2, 4, 4,
        2, 0, 0, 0,
    ];
    let means: [(usize, &[f64]); 4] = [
        (1, &[10.0 / 3.0, 30.0 / 8.0, 15.0 / 5.0, 13.0 / 5.0, 15.0 / 5.0, 11.0 / 3.0]),
        (2, &[15.0 / 5.0, 9.0 / 3.0]),
        (3, &[12.0 / 5.0, 18.0 / 5.0, 20.0 / 8.0, 5.0 / 3.0]),
        (5, &[13.0 / 5.0, 21.0 / 8.0, 20.0 / 8.0, 11.0 / 5.0]),
    ];
    let found: Vec<_> = differences(4, 5, &picture, 1).rows().collect();
    assert_eq!(found.len(), means.len());
    for ((level, n, sum), (expected_level, means)) in found.into_iter().zip(means) {
        assert_eq!((level, n), (expected_level, means.len() as u64));
        let expected: f64 = means.iter().map(|mean| (level as f64 - mean).abs()).sum();
        assert!((sum - expected).abs() < 1e-14, "level {level}: {sum}");
    }
}

#[test]
fn neighbours_outside_do_not_count_and_lonely_pixels_are_left_out() {
    // 1 3 . 2   the last pixel has no neighbour
    let rows: Vec<_> = differences(4, 3, &[0, 2, 3, 1], 1).rows().collect();
    assert_eq!(rows, [(1, 1, 2.0), (3, 1, 2.0)]);
    // Two columns away the 3 is its neighbour, and it the second one of the 3.
    let rows: Vec<_> = differences(4, 3, &[0, 2, 3, 1], 2).rows().collect();
    assert_eq!(rows, [(1, 1, 2.0), (2, 1, 1.0), (3, 1, 1.5)]);
}

#[test]
fn merging_adds_pixels_and_sums() {
    let mut first = differences(2, 2, &[0, 1], 1);
    first.merge(&differences(3, 3, &[0, 2, 2], 1));
    let rows: Vec<_> = first.rows().collect();
    assert_eq!(rows, [(1, 2, 1.0 + 2.0), (2, 1, 1.0), (3, 2, 1.0 + 0.0)]);
}

#[test]
fn two_levels_side_by_side() {
    // 1 3: p = 1/2 and s = 2 for either level.
    let m = Measured::of(&differences(2, 3, &[0, 2], 1));
    assert_eq!(m.coarseness, 1.0 / 2.0);
    assert_eq!(m.contrast, (2.0 * 4.0 / 4.0) / 2.0 * (4.0 / 2.0));
    assert_eq!(m.busyness, 2.0 / 2.0); // |1/2 - 3/2| twice
    assert_eq!(m.complexity, 2.0 * 2.0 * 2.0 / 2.0);
    assert_eq!(m.strength, 2.0 * 4.0 / 4.0);
}

#[test]
fn nothing_is_divided_by_zero() {
    let flat = Measured { coarseness: 1e6, ..Measured::default() };
    assert_eq!(Measured::of(&differences(3, 2, &[1; 9], 1)), flat);
    assert_eq!(Measured::of(&Differences::default()), flat);
    // Three pixels of level 1 and one of level 3 at the end of a row: 1 * 3 = 3 * 1, so that the
    // busyness has nothing to be divided by.
    let m = Measured::of(&differences(4, 3, &[0, 0, 0, 2], 1));
    assert_eq!(m.busyness, 0.0);
    assert!(m.coarseness > 0.0 && m.strength > 0.0);
    // Two islands of unlike level: no difference at all, but two levels.
    let islands = Measured::of(&differences(5, 2, &[0, 0, 2, 1, 1], 1));
    assert_eq!((islands.coarseness, islands.contrast), (1e6, 0.0));
    assert_eq!((islands.busyness, islands.complexity, islands.strength), (0.0, 0.0, 0.0));
}

fn extract(picture: &Gray, mask: Option<&Mask>) -> (Vec<f64>, bool) {
    let family = FamilyOptions::Ngtdm(NgtdmOptions::default()).check().unwrap();
    let mut numbers = Vec::new();
    let flags = family.extract(Input { mask, ..Input::whole(picture) }, &mut numbers);
    assert_eq!(numbers.len(), family.blocks()[0].columns.len());
    assert_eq!(numbers.len(), FEATURES.len());
    (numbers, flags.has(Flag::TooSmall))
}

#[test]
fn pictures_without_neighbours_are_flagged() {
    let nothing = (vec![1e6, 0.0, 0.0, 0.0, 0.0], true);
    let pixel = Gray::new(1, 1, Samples::Eight(vec![9])).unwrap();
    assert_eq!(extract(&pixel, None), nothing);
    let pair = Gray::new(2, 1, Samples::Eight(vec![3, 4])).unwrap();
    let empty = Mask::new(2, 1, vec![false; 2]).unwrap();
    assert_eq!(extract(&pair, Some(&empty)), nothing);
    assert!(!extract(&pair, None).1);
}

#[test]
fn columns_name_another_distance() {
    let columns = |distance| {
        let options = NgtdmOptions { distance, ..NgtdmOptions::default() };
        FamilyOptions::Ngtdm(options).check().map(|family| family.blocks()[0].columns[4].clone())
    };
    assert_eq!(columns(1).unwrap(), "ngt_strength_2d");
    assert_eq!(columns(3).unwrap(), "ngt_strength_d3_2d");
    for wrong in [0, 65] {
        assert!(columns(wrong).unwrap_err().to_string().starts_with("ngtdm distance"));
    }
}

#[test]
fn the_numbers_of_three_pixels() {
    // 0 0 9   levels 1 1 2: two pixels with differences 0 and 1/2, one with 1
    let gray = Gray::new(3, 1, Samples::Eight(vec![0, 0, 9])).unwrap();
    let options = NgtdmOptions { levels: Some(2), ..NgtdmOptions::default() };
    let mut numbers = Vec::new();
    FamilyOptions::Ngtdm(options).check().unwrap().extract(Input::whole(&gray), &mut numbers);
    assert_eq!(numbers[0], 1.5); // 1 / (2/3 * 1/2 + 1/3 * 1)
}
