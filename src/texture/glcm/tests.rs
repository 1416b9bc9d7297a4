use super::{Counts, Glcm, GlcmOptions, Offset, Selection, Statistics};
use crate::flag::Flag;
use crate::raster::{Gray, Levels, Samples};
use crate::texture::{Engine, Family, View};

/// The 4x4 picture of Haralick 1973, figure 3.
fn haralick() -> Levels {
    let values = vec![0, 0, 1, 1, 0, 0, 1, 1, 0, 2, 2, 2, 2, 2, 3, 3];
    Levels { width: 4, height: 4, n_levels: 4, values, is_masked: false }
}

/// Haralick 1973, figure 3 (c) to (f): the four symmetric matrices at distance 1.
#[test]
fn the_matrices_of_haralick_1973() {
    let printed: [[u64; 16]; 4] = [
        [4, 2, 1, 0, 2, 4, 0, 0, 1, 0, 6, 1, 0, 0, 1, 2],
        [4, 1, 0, 0, 1, 2, 2, 0, 0, 2, 4, 1, 0, 0, 1, 0],
        [6, 0, 2, 0, 0, 4, 2, 0, 2, 2, 2, 2, 0, 0, 2, 0],
        [2, 1, 3, 0, 1, 2, 1, 0, 3, 1, 0, 2, 0, 0, 2, 0],
    ];
    for (offset, expected) in Offset::directions(1).into_iter().zip(printed) {
        for engine in [Engine::Fast, Engine::Reference] {
            let counts = Counts::count(&haralick(), offset, engine).symmetric();
            assert_eq!(counts.cells(), expected, "{offset:?} {engine:?}");
        }
    }
}

#[test]
fn a_turn_by_180_degrees_transposes_the_counts() {
    let forward = Counts::count(&haralick(), Offset { dx: 2, dy: -1 }, Engine::Fast);
    let backward = Counts::count(&haralick(), Offset { dx: -2, dy: 1 }, Engine::Fast);
    for i in 0..4 {
        for j in 0..4 {
            assert_eq!(forward.cells()[i * 4 + j], backward.cells()[j * 4 + i]);
        }
    }
}

#[test]
fn a_matrix_of_one_level_has_its_documented_values() {
    let mut cells = vec![0; 16];
    cells[5] = 7;
    let counts = Counts::new(4, cells).unwrap();
    for s in [Statistics::of(&counts), Statistics::of_symmetric(&counts)] {
        assert_eq!((s.contrast, s.asm, s.entropy, s.correlation), (0.0, 1.0, 0.0, 1.0));
        assert_eq!((s.homogeneity, s.mean, s.variance), (1.0, 1.0, 0.0));
    }
}

#[test]
fn a_picture_without_pairs_is_flagged_and_finite() {
    let pixel = Gray::new(1, 1, Samples::Eight(vec![9])).unwrap();
    let glcm = Glcm::new(&GlcmOptions::default()).unwrap();
    let mut numbers = Vec::new();
    let flags = glcm.extract(View::whole(&pixel), &mut numbers);
    assert!(flags.has(Flag::TooSmall));
    // mean and range of contrast, dissimilarity, homogeneity, ASM, correlation, entropy
    assert_eq!(numbers[..12], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(numbers.len(), 36);
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let wrong = [
        GlcmOptions { levels: Some(1), ..GlcmOptions::default() },
        GlcmOptions { levels: Some(4097), ..GlcmOptions::default() },
        GlcmOptions { aggregate: vec![], ..GlcmOptions::default() },
        GlcmOptions { offsets: Some(vec![(1, 0), (1, 0)]), ..GlcmOptions::default() },
        GlcmOptions { offsets: Some(vec![(i32::MIN, 0)]), ..GlcmOptions::default() },
        GlcmOptions {
            statistics: Selection::Names(vec!["no such".into()]),
            ..GlcmOptions::default()
        },
        GlcmOptions { distances: vec![], ..GlcmOptions::default() },
        GlcmOptions { distances: vec![0], ..GlcmOptions::default() },
        GlcmOptions { distances: vec![1, 1], ..GlcmOptions::default() },
        GlcmOptions { distances: vec![70_000], ..GlcmOptions::default() },
    ];
    for options in wrong {
        let error = Glcm::new(&options).unwrap_err().to_string();
        assert!(error.starts_with("glcm ") || error.starts_with("levels"), "{error}");
    }
    assert!(Counts::new(3, vec![0; 8]).is_err());
}
