use super::{FEATURES, Glrlm, count};
use crate::image::flag::Flag;
use crate::image::{Gray, Levels, Mask, Samples};
use crate::texture::glcm::Offset;
use crate::texture::level_size::{Counts, LevelOptions};
use crate::texture::{Engine, Family, View};

/// `n_levels` is a pixel outside.
fn levels(width: usize, n_levels: usize, values: &[u16]) -> Levels {
    let height = values.len() / width;
    Levels { width, height, n_levels, values: values.to_vec(), is_masked: true }
}

fn cells(counts: &Counts) -> Vec<(usize, usize, u64)> {
    counts.cells().collect()
}

const RIGHT: Offset = Offset { dx: 1, dy: 0 };

/// The example of PyRadiomics' documentation of its GLRLM: a 5x5 picture and the runs to the right.
#[test]
fn the_example_of_pyradiomics() {
    #[rustfmt::skip]
    let picture = [
        4, 1, 4, 3, 3,
        2, 2, 2, 0, 2,
        1, 0, 0, 0, 2,
        3, 1, 1, 1, 2,
        2, 4, 2, 2, 1,
    ];
    let found = cells(&count(&levels(5, 5, &picture), RIGHT));
    let printed = [
        (1, 1, 1),
        (1, 3, 1),
        (2, 1, 3),
        (2, 3, 1),
        (3, 1, 4),
        (3, 2, 1),
        (3, 3, 1),
        (4, 1, 1),
        (4, 2, 1),
        (5, 1, 3),
    ];
    assert_eq!(found, printed);
}

#[test]
fn the_runs_of_all_four_directions() {
    // 1 1 2
    // 2 1 1
    let levels = levels(3, 2, &[0, 0, 1, 1, 0, 0]);
    let runs = |dx, dy| cells(&count(&levels, Offset { dx, dy }));
    assert_eq!(runs(1, 0), [(1, 2, 2), (2, 1, 2)]);
    assert_eq!(runs(0, 1), [(1, 1, 2), (1, 2, 1), (2, 1, 2)]);
    assert_eq!(runs(1, 1), [(1, 2, 2), (2, 1, 2)]); // 1 to 1 twice, from the first and the second
    assert_eq!(runs(-1, 1), [(1, 1, 4), (2, 1, 2)]);
    for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, 1)] {
        assert_eq!(runs(dx, dy), runs(-dx, -dy), "the way back");
    }
}

#[test]
fn a_pixel_outside_ends_a_run() {
    // 1 1 . 1
    let counts = count(&levels(4, 2, &[0, 0, 2, 0]), RIGHT);
    assert_eq!(cells(&counts), [(1, 1, 1), (1, 2, 1)]);
    assert_eq!(counts.n_pixels(), 3);
}

fn extract(picture: &Gray, mask: Option<&Mask>) -> (Vec<f64>, bool) {
    let family = Glrlm::new(&LevelOptions::default()).unwrap();
    let mut numbers = Vec::new();
    let flags = family
        .extract(View { mask, engine: Engine::Reference, ..View::whole(picture) }, &mut numbers);
    assert_eq!(numbers.len(), family.blocks()[0].columns.len());
    assert_eq!(numbers.len(), 2 * FEATURES.len());
    assert!(numbers.iter().all(|number| number.is_finite()));
    (numbers, flags.has(Flag::TooSmall))
}

#[test]
fn one_pixel_is_one_run_in_every_direction() {
    let pixel = Gray::new(1, 1, Samples::Eight(vec![9])).unwrap();
    let (numbers, too_small) = extract(&pixel, None);
    assert!(!too_small);
    let single = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
    assert_eq!(numbers[..16], single);
    // Merged there are four runs: both non-uniformities count them.
    assert_eq!((numbers[16 + 8], numbers[16 + 10], numbers[16 + 12]), (4.0, 4.0, 1.0));
}

#[test]
fn without_any_pixel_every_number_is_zero() {
    let gray = Gray::new(2, 1, Samples::Eight(vec![3, 4])).unwrap();
    let empty = Mask::new(2, 1, vec![false; 2]).unwrap();
    assert_eq!(extract(&gray, Some(&empty)), (vec![0.0; 32], true));
}

#[test]
fn a_flat_column_has_one_run_down() {
    let column = Gray::new(1, 4, Samples::Eight(vec![7; 4])).unwrap();
    let (numbers, too_small) = extract(&column, None);
    assert!(!too_small);
    assert_eq!(numbers[1], (16.0 + 3.0) / 4.0); // one run of 4 down, runs of 1 elsewhere
    assert_eq!(numbers[16 + 12], (1.0 + 3.0 * 4.0) / 16.0);
}
