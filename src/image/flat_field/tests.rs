use super::{FlatField, rounded};
use crate::image::{Gray, Planes, Samples};
use crate::random::Random;

fn eight(width: usize, values: Vec<u8>) -> Gray {
    Gray::new(width, values.len() / width, Samples::Eight(values)).unwrap()
}

fn sixteen(width: usize, values: Vec<u16>) -> Gray {
    Gray::new(width, values.len() / width, Samples::Sixteen(values)).unwrap()
}

fn divided(gray: &Gray, by: &FlatField) -> (Gray, bool) {
    let mut planes = Planes::from_gray(gray.clone());
    let is_clipped = by.divide(&mut planes).unwrap();
    (planes.gray().clone(), is_clipped)
}

/// Mechanics: by hand. The mean is 3 / 2, so 1 becomes 1.5 and 0.75.
#[test]
fn halves_are_rounded_up_and_what_is_too_large_is_clipped() {
    let by = FlatField::new(eight(2, vec![1, 2]), [0; 32]).unwrap();
    assert_eq!(divided(&eight(2, vec![1, 1]), &by), (eight(2, vec![2, 1]), false));
    assert_eq!(divided(&eight(2, vec![170, 255]), &by), (eight(2, vec![255, 191]), false));
    assert_eq!(divided(&eight(2, vec![171, 0]), &by), (eight(2, vec![255, 0]), true));
    let deep = (sixteen(2, vec![65_535, 49_151]), true);
    assert_eq!(divided(&sixteen(2, vec![43_691, 65_535]), &by), deep);
}

/// Invariant: only the ratios of the reference matter, and an even one changes nothing.
#[test]
fn the_brightness_and_the_depth_of_the_reference_do_not_matter() {
    let mut random = Random::new(1, 0);
    let mut values = |low: usize, high: usize| -> Vec<u8> {
        (0..35 * 9).map(|_| (low + random.below(high - low)) as u8).collect()
    };
    let (picture, reference) = (eight(35, values(0, 200)), values(40, 80));
    let by = |gray| FlatField::new(gray, [0; 32]).unwrap();
    let times = |factor: u16| -> Vec<u16> {
        reference.iter().map(|&value| factor * u16::from(value)).collect()
    };
    let plain = divided(&picture, &by(eight(35, reference.clone())));
    assert_ne!(plain.0, picture);
    for factor in [1, 3, 257, 800] {
        assert_eq!(divided(&picture, &by(sixteen(35, times(factor)))), plain, "{factor}");
    }
    assert_eq!(divided(&picture, &by(eight(35, vec![7; 35 * 9]))), (picture, false));
}

/// Invariant: a picture of 8 bits gives the same in a file of 16, whichever of the two ways it was put there.
#[test]
fn a_picture_of_eight_bits_in_a_file_of_sixteen_stays_one() {
    let picture: Vec<u8> = (0..60).map(|k| (k * 37 % 256) as u8).collect();
    let by = FlatField::new(eight(10, (0..60).map(|k| 90 + k).collect()), [0; 32]).unwrap();
    let (small, is_clipped) = divided(&eight(10, picture.clone()), &by);
    assert!(is_clipped);
    for step in [256, 257] {
        let deep = sixteen(10, picture.iter().map(|&v| step * u16::from(v)).collect());
        let expected = sixteen(10, small.values().map(|v| step * v).collect());
        assert_eq!(divided(&deep, &by), (expected, true), "{step}");
    }
}

/// Mechanics: colours are divided by the grey values of the reference, each as it would be alone.
#[test]
fn every_colour_is_divided_alike() {
    let by = FlatField::new(eight(3, vec![50, 100, 150]), [0; 32]).unwrap();
    let plane = |value: u8| eight(3, vec![value; 3]);
    let mut planes = Planes::new(plane(40), [plane(100), plane(20), plane(200)]).unwrap();
    assert!(by.divide(&mut planes).unwrap(), "200 becomes 400");
    let [red, green, blue] = planes.rgb().map(Gray::clone);
    assert_eq!(red, eight(3, vec![200, 100, 67]));
    assert_eq!(green, eight(3, vec![40, 20, 13]));
    assert_eq!(blue, eight(3, vec![255, 200, 133]));
    assert_eq!(*planes.gray(), eight(3, vec![80, 40, 27]));
}

/// Mechanics: what was spread over the depth still counts as that.
#[test]
fn a_spread_picture_stays_spread() {
    let by = FlatField::new(eight(2, vec![1, 2]), [0; 32]).unwrap();
    assert!(divided(&sixteen(2, vec![1, 300]).spread(), &by).0.is_spread());
}

/// Mechanics: numbers too large for 64 bits give the same quotient.
#[test]
fn very_large_sums_are_divided_exactly() {
    let mut n_wide = 0;
    for (value, sum, divisor, expected) in
        [(60_001, 300, 200, 90_002), (60_003, 300, 200, 90_005), (1, 299, 200, 1), (0, 300, 200, 0)]
    {
        for shift in [0, 40, 47, 54] {
            let (sum, divisor) = (sum << shift, divisor << shift);
            n_wide += usize::from((2 * u64::from(value)).checked_mul(sum).is_none());
            assert_eq!(rounded(value, sum, divisor), expected, "{value} {shift}");
        }
    }
    assert!(0 < n_wide);
}

#[test]
fn black_pixels_and_other_sizes_are_refused_with_their_numbers() {
    let problem = FlatField::new(eight(3, vec![1, 2, 3, 4, 0, 0]), [0; 32]).unwrap_err();
    assert_eq!(problem.found, "2 pixels of value 0, the first at x = 1, y = 1");
    let by = FlatField::new(eight(3, vec![1; 6]), [0; 32]).unwrap();
    let mut turned = Planes::from_gray(eight(2, vec![1; 6]));
    let problem = by.divide(&mut turned).unwrap_err();
    assert_eq!(problem.expected, "a picture of 3 x 2 pixels, as the flat field");
    assert_eq!(problem.found, "2 x 3");
}
