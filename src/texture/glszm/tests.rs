use super::{FEATURES, Glszm, count};
use crate::image::flag::Flag;
use crate::image::{Gray, Levels, Mask, Samples};
use crate::texture::level_size::LevelOptions;
use crate::texture::{Family, View};

/// `n_levels` is a pixel outside.
fn cells(width: usize, n_levels: usize, values: Vec<u16>) -> Vec<(usize, usize, u64)> {
    let height = values.len() / width;
    count(&Levels { width, height, n_levels, values, is_masked: true }).cells().collect()
}

/// The example of PyRadiomics' documentation of its GLSZM: a 5x5 picture and its zones.
#[test]
fn the_example_of_pyradiomics() {
    #[rustfmt::skip]
    let picture = vec![
        4, 1, 4, 3, 3,
        2, 2, 2, 0, 2,
        1, 0, 0, 0, 2,
        3, 1, 1, 1, 2,
        2, 4, 2, 2, 1,
    ];
    let printed = [
        (1, 4, 1),
        (2, 1, 1),
        (2, 5, 1),
        (3, 1, 1),
        (3, 3, 1),
        (3, 5, 1),
        (4, 1, 1),
        (4, 2, 1),
        (5, 1, 3),
    ];
    assert_eq!(cells(5, 5, picture), printed);
}

#[test]
fn pixels_outside_connect_nothing() {
    // 1 . 1
    // 1 . 1
    assert_eq!(cells(3, 2, vec![0, 2, 0, 0, 2, 0]), [(1, 2, 2)]);
    // 1 . 1
    // . 1 .   corners connect
    assert_eq!(cells(3, 2, vec![0, 2, 0, 2, 0, 2]), [(1, 3, 1)]);
}

#[test]
fn zones_that_wind_are_one() {
    // Three bars that hang together at alternate ends.
    #[rustfmt::skip]
    let snake = vec![
        0, 0, 0, 0,
        1, 1, 1, 0,
        0, 0, 0, 0,
        0, 1, 1, 1,
        0, 0, 0, 0,
    ];
    assert_eq!(cells(4, 2, snake), [(1, 14, 1), (2, 3, 2)]);
}

/// Recursion would need as many frames as pixels.
#[test]
fn a_huge_zone_is_found_without_recursion() {
    assert_eq!(cells(1000, 2, vec![1; 1_000_000]), [(2, 1_000_000, 1)]);
}

fn extract(picture: &Gray, mask: Option<&Mask>) -> (Vec<f64>, bool) {
    let family = Glszm::new(&LevelOptions::default()).unwrap();
    let mut numbers = Vec::new();
    let flags = family.extract(View { mask, ..View::whole(picture) }, &mut numbers);
    assert_eq!(numbers.len(), family.blocks()[0].columns.len());
    assert_eq!(numbers.len(), FEATURES.len());
    (numbers, flags.has(Flag::TooSmall))
}

#[test]
fn a_flat_picture_is_one_zone() {
    let flat = Gray::new(3, 2, Samples::Eight(vec![200; 6])).unwrap();
    let (numbers, too_small) = extract(&flat, None);
    let sixth = 1.0 / 6.0;
    assert!(!too_small);
    assert_eq!(numbers[..2], [1.0 / 36.0, 36.0]);
    assert_eq!(numbers[8..], [1.0, 1.0, 1.0, 1.0, sixth, 0.0, 0.0, 0.0]);
}

#[test]
fn without_any_pixel_every_number_is_zero() {
    let gray = Gray::new(1, 2, Samples::Eight(vec![3, 4])).unwrap();
    let empty = Mask::new(1, 2, vec![false; 2]).unwrap();
    assert_eq!(extract(&gray, Some(&empty)), (vec![0.0; 16], true));
}

#[test]
fn a_masked_picture_is_the_picture_of_its_pixels_inside() {
    // 5 5 9 | 0    the column outside is neither read nor does it move the levels
    // 5 9 9 | 255
    let wide = Gray::new(4, 2, Samples::Eight(vec![5, 5, 9, 0, 5, 9, 9, 255])).unwrap();
    let mask = Mask::new(4, 2, vec![true, true, true, false, true, true, true, false]).unwrap();
    let narrow = Gray::new(3, 2, Samples::Eight(vec![5, 5, 9, 5, 9, 9])).unwrap();
    assert_eq!(extract(&wide, Some(&mask)), extract(&narrow, None));
}
