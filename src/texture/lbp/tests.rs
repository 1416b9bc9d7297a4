use super::{Border, Lbp, LbpOptions, Mapping, Ring, codes, riu2, riu2_counts};
use crate::image::flag::Flag;
use crate::image::{Gray, Samples};
use crate::texture::{Engine, Family, Input};

#[test]
fn sample_k_lies_counter_clockwise_from_the_right() {
    // Only the neighbour on the right, then only the one above, is as bright as the centre.
    let right = Gray::new(3, 3, Samples::Eight(vec![0, 0, 0, 0, 9, 9, 0, 0, 0])).unwrap();
    let above = Gray::new(3, 3, Samples::Eight(vec![0, 9, 0, 0, 9, 0, 0, 0, 0])).unwrap();
    let ring = Ring::new(4, 1).unwrap();
    assert_eq!(codes(&right, &ring, Border::Interior), [0b0001]);
    assert_eq!(codes(&above, &ring, Border::Interior), [0b0010]);
}

#[test]
fn a_flat_picture_has_only_ones_inside_and_zeros_beyond_the_border() {
    let flat = Gray::new(20, 20, Samples::Eight(vec![255; 400])).unwrap();
    for (p, r) in [(8, 1u32), (16, 2), (24, 3), (7, 5)] {
        let ring = Ring::new(p, r).unwrap();
        let mut expected = vec![0; p + 2];
        expected[p] = (20 - 2 * u64::from(r)).pow(2);
        for engine in [Engine::Fast, Engine::Reference] {
            assert_eq!(riu2_counts(&flat, &ring, engine), expected, "P {p} R {r} {engine:?}");
        }
        // The corner has nothing above it and nothing to its left.
        assert!(codes(&flat, &ring, Border::Zero)[0].count_ones() < p as u32);
    }
}

#[test]
fn riu2_agrees_with_walking_round_the_circle() {
    for p in [1usize, 2, 5, 8, 12] {
        for code in 0u32..1 << p {
            let bit = |k: usize| code >> (k % p) & 1;
            let changes = (0..p).filter(|&k| bit(k) != bit(k + 1)).count();
            let ones = (0..p).filter(|&k| bit(k) == 1).count();
            let expected = if changes <= 2 { ones } else { p + 1 };
            assert_eq!(riu2(code, p), expected, "{code:b} of {p}");
        }
    }
}

#[test]
fn too_small_a_picture_has_an_empty_histogram_and_a_flag() {
    let lbp = Lbp::new(&LbpOptions { p: 24, r: 3.0, mapping: Mapping::Riu2 }).unwrap();
    let picture = Gray::new(6, 40, Samples::Eight(vec![1; 240])).unwrap();
    let input = Input::whole(&picture);
    let mut numbers = Vec::new();
    assert!(lbp.extract(input, &mut numbers).has(Flag::TooSmall));
    assert_eq!(numbers, [0.0; 26]);
}

#[test]
fn rings_that_cannot_be_are_refused() {
    for (p, r) in [(0, 1), (25, 1), (8, 0), (8, 1001)] {
        assert!(Ring::new(p, r).is_err(), "P {p} R {r}");
    }
}
