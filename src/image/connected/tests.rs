use image::{GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};

use super::connected_runs;
use crate::random::Random;

/// Labels from 1 on, row by row; 0 is outside.
fn labels(width: usize, inside: &[bool]) -> Vec<usize> {
    let mut labels = vec![0; inside.len()];
    for run in connected_runs(width, inside) {
        labels[run.y * width + run.x..run.y * width + run.end].fill(run.region + 1);
    }
    labels
}

/// Oracle: imageproc 0.27, eight neighbours. Both number regions by their first pixel in the order of rows.
#[test]
fn regions_are_those_of_imageproc() {
    let mut random = Random::new(1, 0);
    let mut n_regions = 0;
    for case in 0..300 {
        let (width, height) = (1 + random.below(24), 1 + random.below(24));
        let share = [0.05, 0.3, 0.45, 0.6, 0.95][case % 5];
        let inside: Vec<bool> = (0..width * height).map(|_| random.unit() < share).collect();
        let image = GrayImage::from_fn(width as u32, height as u32, |x, y| {
            Luma([u8::from(inside[y as usize * width + x as usize])])
        });
        let expected = connected_components(&image, Connectivity::Eight, Luma([0]));
        let expected: Vec<usize> = expected.pixels().map(|label| label.0[0] as usize).collect();
        assert_eq!(labels(width, &inside), expected, "{width} x {height}: {inside:?}");
        n_regions += expected.iter().max().unwrap();
    }
    assert!(n_regions > 1000, "{n_regions}");
}

#[test]
fn nothing_inside_has_no_run_and_everything_is_one_region() {
    assert!(connected_runs(3, &[false; 6]).is_empty());
    assert!(connected_runs(3, &[]).is_empty() && connected_runs(0, &[true]).is_empty());
    let runs = connected_runs(3, &[true; 6]);
    assert_eq!(runs.len(), 2);
    assert!(runs.iter().all(|run| (run.x, run.end, run.region) == (0, 3, 0)));
}

/// # . # . #   Teeth of a comb are apart until the last row, and a ring does not hold what stands in it.
#[test]
fn regions_that_meet_late_are_one_and_nested_ones_are_two() {
    let comb = [true, false, true, false, true, true, true, true, true, true];
    assert_eq!(labels(5, &comb), [1, 0, 1, 0, 1, 1, 1, 1, 1, 1]);
    let mut ring = [true; 25];
    for at in [6, 7, 8, 11, 13, 16, 17, 18] {
        ring[at] = false;
    }
    let found = labels(5, &ring);
    assert_eq!((found[0], found[24], found[12]), (1, 1, 2));
}
