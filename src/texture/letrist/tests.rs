use super::{Letrist, LetristOptions, fast, reference};
use crate::image::flag::Flag;
use crate::image::{Gray, Mask, Samples};
use crate::texture::{Engine, Family, Input};

#[test]
fn a_bright_spot_is_a_cap_and_a_dark_one_a_cup() {
    for (ground, spot, bin) in [(0, 255, 0), (255, 0, 3 * 2 + 2)] {
        let mut values = vec![ground; 31 * 31];
        values[15 * 31 + 15] = spot;
        let picture = Gray::new(31, 31, Samples::Eight(values)).unwrap();
        // Only the pixel in the middle counts; around it the surface bends alike in every direction.
        let mut inside = vec![false; 31 * 31];
        inside[15 * 31 + 15] = true;
        let mask = Mask::new(31, 31, inside).unwrap();
        let input = Input { mask: Some(&mask), ..Input::whole(&picture) };
        let counts = Letrist::new(&LetristOptions::default()).unwrap().counts(input);
        let occupied: Vec<usize> = (0..413).filter(|&bin| counts[bin] == 1).collect();
        assert_eq!(occupied, [bin, 144 + bin, 288]);
    }
}

#[test]
fn every_size_has_its_numbers_and_an_empty_mask_none() {
    let letrist = Letrist::new(&LetristOptions::default()).unwrap();
    for (width, height) in [(1, 1), (1, 7), (7, 1), (2, 2)] {
        let picture = Gray::new(width, height, Samples::Eight(vec![9; width * height])).unwrap();
        let mut numbers = Vec::new();
        assert!(letrist.extract(Input::whole(&picture), &mut numbers).is_empty());
        assert_eq!((numbers[4], numbers[144 + 4], numbers[288]), (1.0, 1.0, 1.0));
        let mask = Mask::new(width, height, vec![false; width * height]).unwrap();
        let input = Input { mask: Some(&mask), ..Input::whole(&picture) };
        numbers.clear();
        assert!(letrist.extract(input, &mut numbers).has(Flag::TooSmall));
        assert_eq!(numbers, [0.0; 413]);
    }
}

#[test]
fn columns_name_their_scales_shortly() {
    let root = std::f64::consts::SQRT_2;
    for (scales, name) in [
        ([1.0, 2.0, 4.0], "letrist_s1_2_4_pair12_0"),
        ([root, 2.0 * root, 4.0 * root], "letrist_s1.414_2.828_5.657_pair12_0"),
        ([0.3, 12.345_67, 100.0], "letrist_s0.3_12.35_100_pair12_0"),
        ([0.45, 0.123_45 + 9.0, 99.999], "letrist_s0.45_9.123_100_pair12_0"),
    ] {
        let letrist = Letrist::new(&LetristOptions { scales }).unwrap();
        assert_eq!(letrist.blocks()[0].columns[0], name);
    }
    let blocks = Letrist::new(&LetristOptions::default()).unwrap().blocks();
    assert_eq!(blocks.iter().map(|block| block.columns.len()).collect::<Vec<_>>(), [144, 144, 125]);
}

#[test]
fn scales_that_do_not_rise_are_refused() {
    let cases = [
        [1.0, 1.0, 4.0],
        [4.0, 2.0, 1.0],
        [0.0, 2.0, 4.0],
        [f64::NAN, 2.0, 4.0],
        [1.0, f64::NAN, 4.0],
        [1.0, 2.0, f64::INFINITY],
    ];
    for scales in cases {
        assert!(Letrist::new(&LetristOptions { scales }).is_err(), "{scales:?}");
    }
}

/// Along a wave of the values 0 1 2 1, half of the pixels are flat and half equally steep, so steepness is
/// exactly twice its mean and never above it, whatever rounding makes of the sums.
#[test]
fn what_equals_its_threshold_is_not_above_it() {
    let (width, height) = (60, 20);
    let inside = |at: usize| (16..44).contains(&(at % width)) && (3..16).contains(&(at / width));
    let mask = Mask::new(width, height, (0..width * height).map(inside).collect()).unwrap();
    let letrist = Letrist::new(&LetristOptions { scales: [0.5, 0.7, 1.0] }).unwrap();
    for contrast in 1..=100 {
        let value = |at: usize| contrast * [0, 1, 2, 1][at % width % 4];
        let values = (0..width * height).map(value).collect();
        let picture = Gray::new(width, height, Samples::Eight(values)).unwrap();
        let input = Input { mask: Some(&mask), ..Input::whole(&picture) };
        let counts = letrist.counts(input);
        let is_steep = |bin: usize| (bin / 9) & 0b1100 != 0;
        let steep: u64 = (0..144).filter(|&bin| is_steep(bin)).map(|bin| counts[bin]).sum();
        assert_eq!(steep, 0, "contrast {contrast}");
        assert_eq!(counts[..144].iter().sum::<u64>(), 28 * 13);
    }
}

/// Noise on a ramp, with a mask that has holes: every size of blocks and bands, whole and not.
fn pictures() -> impl Iterator<Item = (Gray, Mask)> {
    let sizes = [(61, 37), (8, 9), (1, 30), (40, 1), (32, 64), (33, 65), (16, 4), (100, 3)];
    sizes.into_iter().map(|(width, height)| {
        let value = |at: usize| (at * 31 % 251 + at % width) as u8;
        let values = (0..width * height).map(value).collect();
        let picture = Gray::new(width, height, Samples::Eight(values)).unwrap();
        let inside = (0..width * height).map(|at| at % 5 != 0).collect();
        (picture, Mask::new(width, height, inside).unwrap())
    })
}

/// The default's two sets of scales, joined.
fn joined() -> Letrist {
    let sets = [[0.8, 2.0, 5.0], [1.0, 2.0, 4.0]].map(|scales| LetristOptions { scales });
    Letrist::joined(&sets).unwrap()
}

#[test]
fn a_picture_too_large_to_be_kept_counts_as_any_other() {
    let scales = &joined().scales;
    for (picture, mask) in pictures() {
        for mask in [None, Some(&mask)] {
            let input = Input { mask, ..Input::whole(&picture) };
            let [once, twice] = [usize::MAX, 0].map(|most_kept| {
                let count = fast::Count { input, scales, most_kept };
                crate::vectors::dispatch_fused(count).ok()
            });
            assert_eq!(once, twice);
        }
    }
}

#[test]
fn families_measured_together_count_as_each_alone() {
    let alone = [[0.8, 2.0, 5.0], [1.0, 2.0, 4.0]]
        .map(|scales| Letrist::new(&LetristOptions { scales }).unwrap());
    for (picture, mask) in pictures() {
        for mask in [None, Some(&mask)] {
            for engine in [Engine::Fast, Engine::Reference] {
                let input = Input { mask, engine, ..Input::whole(&picture) };
                let each: Vec<u64> = alone.iter().flat_map(|one| one.counts(input)).collect();
                assert_eq!(joined().counts(input), each);
            }
        }
    }
}

/// Vectors of every width that the processor has count what the definition says, and so do those of one number.
#[cfg(target_arch = "x86_64")]
#[test]
fn vectors_of_every_width_count_alike() {
    let scales = &joined().scales;
    for (picture, mask) in pictures() {
        for mask in [None, Some(&mask)] {
            let input = Input { mask, ..Input::whole(&picture) };
            let count = || fast::Count { input, scales, most_kept: usize::MAX };
            let expected = reference::counts(input, scales);
            assert_eq!(pulp::Simd::vectorize(pulp::Scalar, count()), expected);
            if let Some(simd) = pulp::x86::V3::try_new() {
                assert_eq!(pulp::Simd::vectorize(simd, count()), expected);
            }
            if let Some(simd) = pulp::x86::V4::try_new() {
                assert_eq!(pulp::Simd::vectorize(simd, count()), expected);
            }
        }
    }
}
