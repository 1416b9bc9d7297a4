use super::{Clbp, ClbpOptions, counts};
use crate::image::flag::Flag;
use crate::image::{Gray, Mask, Samples};
use crate::texture::lbp::Ring;
use crate::texture::{Family, Input};

/// Two interior pixels, 0 and 9 above their neighbours.
fn picture() -> Gray {
    Gray::new(4, 3, Samples::Eight(vec![1, 1, 1, 1, 1, 1, 10, 1, 1, 1, 1, 1])).unwrap()
}

#[test]
fn both_pixels_of_a_small_picture() {
    // Differences to the ring: 0 0 9 0 around the left pixel, four times 9 around the right one; their mean
    // is 45 / 8. The picture's mean is 21 / 12.
    let counts = counts(Input::whole(&picture()), &Ring::new(4, 1).unwrap());
    // Left: darker than the mean, all samples at least as bright, one large difference.
    // Right: brighter than the mean, no sample at least as bright, four large differences.
    let occupied: Vec<usize> = (0..72).filter(|&bin| counts[bin] == 1).collect();
    assert_eq!(occupied, [4 * 6 + 1, 36 + 4]);
}

#[test]
fn means_are_of_pixels_inside() {
    // Only the left pixel: its own differences have the mean 9 / 4, and it is as bright as the mean.
    let mut inside = vec![false; 12];
    inside[5] = true;
    let mask = Mask::new(4, 3, inside).unwrap();
    let picture = picture();
    let input = Input { mask: Some(&mask), ..Input::whole(&picture) };
    let counts = counts(input, &Ring::new(4, 1).unwrap());
    let occupied: Vec<usize> = (0..72).filter(|&bin| counts[bin] == 1).collect();
    assert_eq!(occupied, [36 + 4 * 6 + 1]);
}

#[test]
fn too_small_a_picture_has_an_empty_histogram_and_a_flag() {
    let clbp = Clbp::new(&ClbpOptions::default()).unwrap();
    for (width, height) in [(1, 1), (2, 9), (9, 2)] {
        let picture = Gray::new(width, height, Samples::Sixteen(vec![9; width * height])).unwrap();
        let mut numbers = Vec::new();
        assert!(clbp.extract(Input::whole(&picture), &mut numbers).has(Flag::TooSmall));
        assert_eq!(numbers, [0.0; 200]);
    }
    let names = clbp.blocks().remove(0).columns;
    assert_eq!((&*names[0], &*names[199]), ("clbp_p8r1_0", "clbp_p8r1_199"));
}

#[test]
fn rings_that_cannot_be_are_refused() {
    for (p, r) in [(0, 1.0), (25, 1.0), (8, 0.0)] {
        assert!(Clbp::new(&ClbpOptions { p, r }).is_err(), "P {p} R {r}");
    }
}
