use super::{Counts, LevelOptions, Statistics, gldzm, glrlm, glszm, ngldm};
use crate::image::flag::Flag;
use crate::image::{Gray, Levels, Mask, Quantize, Samples};
use crate::texture::glcm::Offset;
use crate::texture::{Engine, Family, FamilyOptions, Input};
use ngldm::NgldmOptions;

fn counts(n_pixels: u64, entries: &[(usize, usize, usize)]) -> Counts {
    let mut counts = Counts::new(n_pixels);
    for &(level, size, n) in entries {
        (0..n).for_each(|_| counts.add(level, size));
    }
    counts
}

#[test]
fn the_statistics_of_four_entries() {
    // Level 1: one of size 1, one of size 3; level 2: two of size 1.
    let s = Statistics::of(&counts(8, &[(1, 1, 1), (1, 3, 1), (2, 1, 2)]));
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-14, "{found}");
    close(s.small, (3.0 + 1.0 / 9.0) / 4.0);
    close(s.large, (3.0 + 9.0) / 4.0);
    close(s.low_grey, (2.0 + 2.0 / 4.0) / 4.0);
    close(s.high_grey, (2.0 + 2.0 * 4.0) / 4.0);
    close(s.small_low_grey, (1.0 + 1.0 / 9.0 + 2.0 / 4.0) / 4.0);
    close(s.small_high_grey, (1.0 + 1.0 / 9.0 + 2.0 * 4.0) / 4.0);
    close(s.large_low_grey, (1.0 + 9.0 + 2.0 / 4.0) / 4.0);
    close(s.large_high_grey, (1.0 + 9.0 + 2.0 * 4.0) / 4.0);
    close(s.level_nonuniformity, (4.0 + 4.0) / 4.0);
    close(s.level_nonuniformity_normalised, 8.0 / 16.0);
    close(s.size_nonuniformity, (9.0 + 1.0) / 4.0);
    close(s.size_nonuniformity_normalised, 10.0 / 16.0);
    close(s.percentage, 4.0 / 8.0);
    close(s.level_variance, 0.25);
    close(s.size_variance, (3.0 * 0.25 + 1.5 * 1.5) / 4.0); // sizes 1, 1, 1, 3 about 3/2
    close(s.entropy, 1.5); // 1/4, 1/4, 1/2
    close(s.energy, 3.0 / 8.0);
}

#[test]
fn of_no_entry_everything_is_zero_and_of_one_kind_nothing_varies() {
    assert_eq!(Statistics::of(&Counts::new(0)), Statistics::default());
    assert_eq!(Statistics::of(&Counts::new(7)), Statistics::default());
    let s = Statistics::of(&counts(10, &[(3, 5, 2)]));
    assert_eq!((s.level_variance, s.size_variance, s.entropy, s.energy), (0.0, 0.0, 0.0, 1.0));
    assert!(s.entropy.is_sign_positive());
    assert_eq!((s.level_nonuniformity, s.size_nonuniformity_normalised), (2.0, 1.0));
}

#[test]
fn merging_adds_entries_and_pixels() {
    let mut first = counts(4, &[(1, 2, 1), (2, 2, 1)]);
    first.merge(&counts(3, &[(1, 2, 1), (3, 1, 1)]));
    assert_eq!(first, counts(7, &[(1, 2, 2), (2, 2, 1), (3, 1, 1)]));
    assert_eq!(first.n_pixels(), 7);
    assert!(Counts::new(5).is_empty() && !first.is_empty());
}

#[test]
fn a_size_as_large_as_a_huge_picture_is_one_cell() {
    let s = Statistics::of(&counts(1 << 40, &[(4096, 1 << 40, 1)]));
    assert_eq!((s.large, s.percentage), (2f64.powi(80), 2f64.powi(-40)));
}

#[test]
fn options_are_as_typed() {
    let usual = LevelOptions::default();
    assert_eq!((usual.levels, usual.quantize), (None, Quantize::FixedBinNumber));
    assert!(FamilyOptions::Glrlm(LevelOptions { levels: Some(1), ..usual }).check().is_err());
}

/// `n_levels` is a pixel outside.
fn levels(width: usize, n_levels: usize, values: &[u16]) -> Levels {
    let height = values.len() / width;
    Levels { width, height, n_levels, values: values.to_vec(), is_masked: true }
}

fn cells(counts: Counts) -> Vec<(usize, usize, u64)> {
    counts.cells().collect()
}

const RIGHT: Offset = Offset { dx: 1, dy: 0 };

/// The picture of PyRadiomics' documentation of its GLRLM, GLSZM and GLDM.
#[rustfmt::skip]
const PICTURE: [u16; 25] = [
    4, 1, 4, 3, 3,
    2, 2, 2, 0, 2,
    1, 0, 0, 0, 2,
    3, 1, 1, 1, 2,
    2, 4, 2, 2, 1,
];

#[test]
#[rustfmt::skip]
fn the_examples_of_pyradiomics() {
    let picture = levels(5, 5, &PICTURE);
    let runs_to_the_right = [
        (1, 1, 1), (1, 3, 1), (2, 1, 3), (2, 3, 1), (3, 1, 4), (3, 2, 1), (3, 3, 1), (4, 1, 1), (4, 2, 1), (5, 1, 3),
    ];
    assert_eq!(cells(glrlm::count(&picture, RIGHT)), runs_to_the_right);
    let zones = [
        (1, 4, 1), (2, 1, 1), (2, 5, 1), (3, 1, 1), (3, 3, 1), (3, 5, 1), (4, 1, 1), (4, 2, 1), (5, 1, 3),
    ];
    assert_eq!(cells(glszm::count(&picture)), zones);
    // There the first column is of pixels without an alike neighbour; here these have dependence 1.
    let dependences = [
        (1, 2, 1), (1, 3, 2), (1, 4, 1), (2, 1, 1), (2, 2, 2), (2, 3, 3),
        (3, 1, 1), (3, 2, 4), (3, 3, 4), (4, 1, 1), (4, 2, 2), (5, 1, 3),
    ];
    assert_eq!(cells(ngldm::count(&picture, 1, 0)), dependences);
}

#[test]
fn the_runs_of_all_four_directions() {
    // 1 1 2
    // 2 1 1
    let levels = levels(3, 2, &[0, 0, 1, 1, 0, 0]);
    let runs = |dx, dy| cells(glrlm::count(&levels, Offset { dx, dy }));
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
    let counts = glrlm::count(&levels(4, 2, &[0, 0, 2, 0]), RIGHT);
    assert_eq!(counts.n_pixels(), 3);
    assert_eq!(cells(counts), [(1, 1, 1), (1, 2, 1)]);
}

fn zones(width: usize, n_levels: usize, values: &[u16]) -> Vec<(usize, usize, u64)> {
    cells(glszm::count(&levels(width, n_levels, values)))
}

#[test]
fn pixels_outside_connect_nothing() {
    // 1 . 1
    // 1 . 1
    assert_eq!(zones(3, 2, &[0, 2, 0, 0, 2, 0]), [(1, 2, 2)]);
    // 1 . 1
    // . 1 .   corners connect
    assert_eq!(zones(3, 2, &[0, 2, 0, 2, 0, 2]), [(1, 3, 1)]);
}

#[test]
fn zones_that_wind_are_one() {
    // Three bars that hang together at alternate ends.
    #[rustfmt::skip]
    let snake = [
        0, 0, 0, 0,
        1, 1, 1, 0,
        0, 0, 0, 0,
        0, 1, 1, 1,
        0, 0, 0, 0,
    ];
    assert_eq!(zones(4, 2, &snake), [(1, 14, 1), (2, 3, 2)]);
}

/// Recursion would need as many frames as pixels.
#[test]
fn a_huge_zone_is_found_without_recursion() {
    assert_eq!(zones(1000, 2, &[1; 1_000_000]), [(2, 1_000_000, 1)]);
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
    assert_eq!(gldzm::distances(&levels(5, 2, &inside)), expected);
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
    assert_eq!(gldzm::distances(&levels(width, 2, &values)), expected);
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
    assert_eq!(cells(gldzm::count(&levels(5, 3, &values))), [(1, 1, 1), (2, 1, 1), (3, 3, 1)]);
    // Where the last column is outside, the middle lies no nearer to it than to the edges: 2 steps.
    let mut masked = values;
    (0..5).for_each(|y| masked[5 * y + 4] = 3);
    assert_eq!(cells(gldzm::count(&levels(5, 3, &masked))), [(1, 1, 1), (2, 1, 1), (3, 2, 1)]);
}

#[test]
fn pixels_outside_do_not_count() {
    // 1 . 1
    // 1 2 .
    let picture = levels(3, 2, &[0, 2, 0, 0, 1, 2]);
    let cells = |distance, alpha| cells(ngldm::count(&picture, distance, alpha));
    assert_eq!(cells(1, 0), [(1, 1, 1), (1, 2, 2), (2, 1, 1)]);
    assert_eq!(cells(1, 1), [(1, 2, 1), (1, 3, 2), (2, 4, 1)]);
    assert_eq!(cells(2, 0), [(1, 3, 3), (2, 1, 1)]);
}

fn family(key: &str) -> Box<dyn Family> {
    let options = LevelOptions::default();
    let options = match key {
        "glrlm" => FamilyOptions::Glrlm(options),
        "glszm" => FamilyOptions::Glszm(options),
        "gldzm" => FamilyOptions::Gldzm(options),
        _ => FamilyOptions::Ngldm(NgldmOptions::default()),
    };
    options.check().unwrap()
}

fn extract(key: &str, picture: &Gray, mask: Option<&Mask>) -> (Vec<f64>, bool) {
    let family = family(key);
    let mut numbers = Vec::new();
    let input = Input { mask, engine: Engine::Reference, ..Input::whole(picture) };
    let flags = family.extract(input, &mut numbers);
    assert_eq!(numbers.len(), family.blocks()[0].columns.len());
    assert!(numbers.iter().all(|number| number.is_finite()));
    (numbers, flags.has(Flag::TooSmall))
}

#[test]
fn without_any_pixel_every_number_is_zero() {
    let gray = Gray::new(1, 2, Samples::Eight(vec![3, 4])).unwrap();
    let empty = Mask::new(1, 2, vec![false; 2]).unwrap();
    for (key, n) in [("glrlm", 32), ("glszm", 16), ("gldzm", 16), ("ngldm", 17)] {
        assert_eq!(extract(key, &gray, Some(&empty)), (vec![0.0; n], true), "{key}");
    }
}

#[test]
fn one_pixel_is_one_run_in_every_direction_and_has_dependence_one() {
    let pixel = Gray::new(1, 1, Samples::Eight(vec![9])).unwrap();
    let (numbers, too_small) = extract("glrlm", &pixel, None);
    assert!(!too_small);
    let single = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
    assert_eq!(numbers[..16], single);
    // Merged there are four runs: both non-uniformities count them.
    assert_eq!((numbers[16 + 8], numbers[16 + 10], numbers[16 + 12]), (4.0, 4.0, 1.0));
    let dependence = [&single[..], &[1.0]].concat(); // both variances and the entropy are 0
    assert_eq!(extract("ngldm", &pixel, None), (dependence, false));
}

#[test]
fn a_flat_column_has_one_run_down() {
    let column = Gray::new(1, 4, Samples::Eight(vec![7; 4])).unwrap();
    let (numbers, too_small) = extract("glrlm", &column, None);
    assert!(!too_small);
    assert_eq!(numbers[1], (16.0 + 3.0) / 4.0); // one run of 4 down, runs of 1 elsewhere
    assert_eq!(numbers[16 + 12], (1.0 + 3.0 * 4.0) / 16.0);
}

#[test]
fn a_flat_picture_is_one_zone() {
    let flat = Gray::new(3, 2, Samples::Eight(vec![200; 6])).unwrap();
    let (numbers, too_small) = extract("glszm", &flat, None);
    let sixth = 1.0 / 6.0;
    assert!(!too_small);
    assert_eq!(numbers[..2], [1.0 / 36.0, 36.0]);
    assert_eq!(numbers[8..], [1.0, 1.0, 1.0, 1.0, sixth, 0.0, 0.0, 0.0]);
}

#[test]
fn a_masked_picture_is_the_picture_of_its_pixels_inside() {
    // 5 5 9 | 0    the column outside is neither read nor does it move the levels
    // 5 9 9 | 255
    let wide = Gray::new(4, 2, Samples::Eight(vec![5, 5, 9, 0, 5, 9, 9, 255])).unwrap();
    let mask = Mask::new(4, 2, vec![true, true, true, false, true, true, true, false]).unwrap();
    let narrow = Gray::new(3, 2, Samples::Eight(vec![5, 5, 9, 5, 9, 9])).unwrap();
    for key in ["glrlm", "glszm", "ngldm"] {
        assert_eq!(extract(key, &wide, Some(&mask)), extract(key, &narrow, None), "{key}");
    }
}

#[test]
fn a_flat_picture_is_one_zone_at_the_border() {
    let flat = Gray::new(4, 2, Samples::Sixteen(vec![200; 8])).unwrap();
    let mut expected = vec![1.0; 16];
    expected[12] = 1.0 / 8.0;
    expected[13..].fill(0.0);
    assert_eq!(extract("gldzm", &flat, None), (expected, false));
}

/// Three small pictures at two levels, of which every number can be counted by hand.
#[test]
fn columns_and_numbers_of_small_pictures() {
    let options = || LevelOptions { levels: Some(2), ..Default::default() };
    let number = |options: FamilyOptions, width, values: &[u8], column: &str| {
        let family = options.check().unwrap();
        let height = values.len() / width;
        let gray = Gray::new(width, height, Samples::Eight(values.to_vec())).unwrap();
        let mut numbers = Vec::new();
        family.extract(Input::whole(&gray), &mut numbers);
        numbers[family.blocks()[0].columns.iter().position(|name| name == column).unwrap()]
    };
    // 0 9
    // 9 0    right, down: four runs of one pixel; a diagonal: one run of two pixels and two of one.
    let runs = |column| number(FamilyOptions::Glrlm(options()), 2, &[0, 9, 9, 0], column);
    assert_eq!(runs("rlm_lre_2d_avg"), (1.0 + 1.0 + 2.0 + 2.0) / 4.0); // of a diagonal (4 + 1 + 1) / 3
    assert_eq!(runs("rlm_r_perc_2d_s_mrg"), (4.0 + 4.0 + 3.0 + 3.0) / 16.0);
    // 0 0 0
    // 0 9 0   distance 1 for the ring, 2 for the pixel in the middle
    // 0 0 0
    let values = [0, 0, 0, 0, 9, 0, 0, 0, 0];
    let lde = number(FamilyOptions::Gldzm(options()), 3, &values, "dzm_lde_2d");
    assert_eq!(lde, (1.0 + 4.0) / 2.0);
    // 0 0 9   the dependences are 2, 2, 1
    let options = NgldmOptions { levels: Some(2), ..Default::default() };
    let hde = number(FamilyOptions::Ngldm(options), 3, &[0, 0, 9], "ngl_hde_d1_a0.0_2d");
    assert_eq!(hde, (4.0 + 4.0 + 1.0) / 3.0);
}

#[test]
fn columns_name_distance_and_alpha_and_wrong_ones_are_refused() {
    let family = |distance, alpha| {
        FamilyOptions::Ngldm(NgldmOptions { distance, alpha, ..NgldmOptions::default() }).check()
    };
    assert_eq!(family(2, 3).unwrap().blocks()[0].columns[0], "ngl_lde_d2_a3.0_2d");
    for (distance, alpha, name) in
        [(0, 0, "ngldm distance"), (65, 0, "ngldm distance"), (1, 4096, "ngldm alpha")]
    {
        let error = family(distance, alpha).unwrap_err().to_string();
        assert!(error.starts_with(name), "{error}");
    }
}
