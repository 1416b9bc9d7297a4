use super::{FEATURES, Gldzm, count, distances};
use crate::image::flag::Flag;
use crate::image::{Gray, Levels, Mask, Samples};
use crate::texture::level_size::LevelOptions;
use crate::texture::{Family, View};

/// `n_levels` is a pixel outside.
fn levels(width: usize, n_levels: usize, values: &[u16]) -> Levels {
    let height = values.len() / width;
    Levels { width, height, n_levels, values: values.to_vec(), is_masked: true }
}

#[test]
fn distances_go_round_no_corner() {
    // A square of 5 x 5 with a hole in the middle.
    let mut inside = [0; 25];
    inside[12] = 2;
    #[rustfmt::skip]
    let expected = [
        1, 1, 1, 1, 1,
        1, 2, 1, 2, 1,
        1, 1, 0, 1, 1,
        1, 2, 1, 2, 1,
        1, 1, 1, 1, 1,
    ];
    assert_eq!(distances(&levels(5, 2, &inside)), expected);
}

/// Distance by definition: the steps to the nearest place that is not inside.
#[test]
fn distances_are_the_steps_to_the_nearest_place_outside() {
    let (width, height) = (9usize, 8usize);
    let is_out = |x: usize, y: usize| (x * 7 + y * 5) % 23 == 3 || x + 2 * y == 19;
    let place = |at: usize| (at % width, at / width);
    let values: Vec<u16> = (0..width * height)
        .map(|at| if is_out(place(at).0, place(at).1) { 2 } else { 0 })
        .collect();
    let expected: Vec<usize> = (0..width * height)
        .map(|at| {
            let (x, y) = place(at);
            let edge = [x + 1, y + 1, width - x, height - y].into_iter();
            let holes = (0..width * height).map(place).filter(|&(x, y)| is_out(x, y));
            edge.chain(holes.map(|(u, v)| x.abs_diff(u) + y.abs_diff(v))).min().unwrap()
        })
        .collect();
    assert!(expected.contains(&3) && expected.contains(&0));
    assert_eq!(distances(&levels(width, 2, &values)), expected);
}

#[test]
fn the_nearest_pixel_of_a_zone_decides() {
    // 1 1 1 1 1
    // 1 2 2 2 1   the arm of level 2 that reaches the edge brings its zone to distance 1
    // 1 2 3 2 2
    // 1 2 2 2 1
    // 1 1 1 1 1
    #[rustfmt::skip]
    let values = [
        0, 0, 0, 0, 0,
        0, 1, 1, 1, 0,
        0, 1, 2, 1, 1,
        0, 1, 1, 1, 0,
        0, 0, 0, 0, 0,
    ];
    let cells: Vec<_> = count(&levels(5, 3, &values)).cells().collect();
    assert_eq!(cells, [(1, 1, 1), (2, 1, 1), (3, 3, 1)]);
    // Where the last column is outside, the middle lies no nearer to it than to the edges: 2 steps.
    let mut masked = values;
    (0..5).for_each(|y| masked[5 * y + 4] = 3);
    let cells: Vec<_> = count(&levels(5, 3, &masked)).cells().collect();
    assert_eq!(cells, [(1, 1, 1), (2, 1, 1), (3, 2, 1)]);
}

fn extract(picture: &Gray, mask: Option<&Mask>) -> (Vec<f64>, bool) {
    let family = Gldzm::new(&LevelOptions::default()).unwrap();
    let mut numbers = Vec::new();
    let flags = family.extract(View { mask, ..View::whole(picture) }, &mut numbers);
    assert_eq!(numbers.len(), family.blocks()[0].columns.len());
    assert_eq!(numbers.len(), FEATURES.len());
    (numbers, flags.has(Flag::TooSmall))
}

#[test]
fn a_flat_picture_is_one_zone_at_the_border() {
    let flat = Gray::new(4, 2, Samples::Sixteen(vec![200; 8])).unwrap();
    let mut expected = vec![1.0; 16];
    expected[12] = 1.0 / 8.0;
    expected[13..].fill(0.0);
    assert_eq!(extract(&flat, None), (expected, false));
}

#[test]
fn without_any_pixel_every_number_is_zero() {
    let gray = Gray::new(1, 2, Samples::Eight(vec![3, 4])).unwrap();
    let empty = Mask::new(1, 2, vec![false; 2]).unwrap();
    assert_eq!(extract(&gray, Some(&empty)), (vec![0.0; 16], true));
}
