use super::{FEATURES, Ngldm, NgldmOptions, count};
use crate::image::flag::Flag;
use crate::image::{Gray, Levels, Mask, Samples};
use crate::texture::{Family, View};

/// `n_levels` is a pixel outside.
fn cells(
    width: usize,
    n_levels: usize,
    values: &[u16],
    distance: usize,
    alpha: usize,
) -> Vec<(usize, usize, u64)> {
    let height = values.len() / width;
    let levels = Levels { width, height, n_levels, values: values.to_vec(), is_masked: true };
    count(&levels, distance, alpha).cells().collect()
}

/// The example of PyRadiomics' documentation of its GLDM: a 5x5 picture and its dependences. There the
/// first column is of pixels without an alike neighbour; here these have dependence 1.
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
    let printed = [
        (1, 2, 1),
        (1, 3, 2),
        (1, 4, 1),
        (2, 1, 1),
        (2, 2, 2),
        (2, 3, 3),
        (3, 1, 1),
        (3, 2, 4),
        (3, 3, 4),
        (4, 1, 1),
        (4, 2, 2),
        (5, 1, 3),
    ];
    assert_eq!(cells(5, 5, &picture, 1, 0), printed);
}

#[test]
fn pixels_outside_do_not_count() {
    // 1 . 1
    // 1 2 .
    let picture = [0, 2, 0, 0, 1, 2];
    assert_eq!(cells(3, 2, &picture, 1, 0), [(1, 1, 1), (1, 2, 2), (2, 1, 1)]);
    assert_eq!(cells(3, 2, &picture, 1, 1), [(1, 2, 1), (1, 3, 2), (2, 4, 1)]);
    assert_eq!(cells(3, 2, &picture, 2, 0), [(1, 3, 3), (2, 1, 1)]);
}

fn extract(picture: &Gray, mask: Option<&Mask>) -> (Vec<f64>, bool) {
    let family = Ngldm::new(&NgldmOptions::default()).unwrap();
    let mut numbers = Vec::new();
    let flags = family.extract(View { mask, ..View::whole(picture) }, &mut numbers);
    assert_eq!(numbers.len(), family.blocks()[0].columns.len());
    assert_eq!(numbers.len(), FEATURES.len());
    (numbers, flags.has(Flag::TooSmall))
}

#[test]
fn a_single_pixel_has_dependence_one() {
    let pixel = Gray::new(1, 1, Samples::Eight(vec![9])).unwrap();
    let mut expected = vec![1.0; 17];
    expected[13..16].fill(0.0); // both variances and the entropy
    assert_eq!(extract(&pixel, None), (expected, false));
}

#[test]
fn without_any_pixel_every_number_is_zero() {
    let gray = Gray::new(1, 2, Samples::Eight(vec![3, 4])).unwrap();
    let empty = Mask::new(1, 2, vec![false; 2]).unwrap();
    assert_eq!(extract(&gray, Some(&empty)), (vec![0.0; 17], true));
}

#[test]
fn columns_name_distance_and_alpha_and_wrong_ones_are_refused() {
    let family =
        |distance, alpha| Ngldm::new(&NgldmOptions { distance, alpha, ..NgldmOptions::default() });
    assert_eq!(family(2, 3).unwrap().blocks()[0].columns[0], "ngl_lde_d2_a3.0_2d");
    for (distance, alpha, name) in
        [(0, 0, "ngldm distance"), (65, 0, "ngldm distance"), (1, 4096, "ngldm alpha")]
    {
        let error = family(distance, alpha).unwrap_err().to_string();
        assert!(error.starts_with(name), "{error}");
    }
}
