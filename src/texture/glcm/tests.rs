use super::{Aggregate, Counts, Glcm, GlcmOptions, Offset, Selection, Statistics, max_correlation};
use crate::image::flag::Flag;
use crate::image::{Gray, Levels, Samples};
use crate::random::Random;
use crate::texture::{Engine, Family, Input};

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
    // Of many totals, since rounding differs.
    for n in (1..2000).chain([39_800, 1 << 20, 999_999_937]) {
        let mut cells = vec![0; 16];
        cells[5] = n;
        let counts = Counts::new(4, cells).unwrap();
        for s in [Statistics::of(&counts), Statistics::of_symmetric(&counts)] {
            assert_eq!((s.contrast, s.asm, s.entropy, s.correlation), (0.0, 1.0, 0.0, 1.0));
            assert_eq!((s.homogeneity, s.mean, s.variance), (1.0, 1.0, 0.0));
        }
    }
}

#[test]
fn a_picture_without_pairs_is_flagged_and_finite() {
    let pixel = Gray::new(1, 1, Samples::Eight(vec![9])).unwrap();
    let glcm = Glcm::new(&GlcmOptions::default()).unwrap();
    let mut numbers = Vec::new();
    let flags = glcm.extract(Input::whole(&pixel), &mut numbers);
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

/// By power iteration on the matrix times its transpose, with the known first vector taken out.
fn second_singular_value(counts: &Counts) -> f64 {
    let n = counts.n_levels();
    let total = counts.cells().iter().sum::<u64>() as f64;
    let p = |i: usize, j: usize| counts.cells()[i * n + j] as f64 / total;
    let x: Vec<f64> = (0..n).map(|i| (0..n).map(|j| p(i, j)).sum::<f64>().sqrt()).collect();
    let y: Vec<f64> = (0..n).map(|j| (0..n).map(|i| p(i, j)).sum::<f64>().sqrt()).collect();
    let m = |i: usize, j: usize| p(i, j) / (x[i] * y[j]);
    let mut v: Vec<f64> = (0..n).map(|j| (j * j) as f64 + 1.0).collect();
    let mut length = 0.0;
    for _ in 0..20_000 {
        let share: f64 = v.iter().zip(&y).map(|(v, y)| v * y).sum();
        v.iter_mut().zip(&y).for_each(|(v, y)| *v -= share * y);
        let norm = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        v.iter_mut().for_each(|v| *v /= norm);
        let u: Vec<f64> = (0..n).map(|i| (0..n).map(|j| m(i, j) * v[j]).sum()).collect();
        length = u.iter().map(|u| u * u).sum::<f64>().sqrt();
        v = (0..n).map(|j| (0..n).map(|i| m(i, j) * u[i]).sum()).collect();
    }
    length
}

#[test]
fn the_maximal_correlation_is_the_second_singular_value() {
    let mut random = Random::new(6, 0);
    let mut n_compared = 0;
    for n in [2, 3, 5, 8] {
        for _ in 0..5 {
            let cells = (0..n * n).map(|_| 1 + random.below(30) as u64).collect();
            let directed = Counts::new(n, cells).unwrap();
            for counts in [directed.symmetric(), directed] {
                let (found, expected) = (max_correlation(&counts), second_singular_value(&counts));
                assert!((found - expected).abs() < 1e-9, "{n}: {found} {expected}");
                n_compared += 1;
            }
        }
    }
    assert_eq!(n_compared, 40);
    // Levels that foretell each other exactly, and such that tell nothing.
    let exact = Counts::new(3, vec![0, 4, 0, 0, 0, 5, 6, 0, 0]).unwrap();
    assert!((max_correlation(&exact) - 1.0).abs() < 1e-12);
    let nothing = Counts::new(3, vec![1, 2, 3, 2, 4, 6, 3, 6, 9]).unwrap();
    assert!(max_correlation(&nothing) < 1e-12);
}

#[test]
fn sixteen_bit_pictures_may_have_4096_levels() {
    let values = (0..400u32).map(|at| (at * 163 % 65_536) as u16).collect();
    let picture = Gray::new(20, 20, Samples::Sixteen(values)).unwrap();
    let options = GlcmOptions {
        levels: Some(4096),
        offsets: Some(vec![(1, 0)]),
        aggregate: vec![Aggregate::Merged],
        ..GlcmOptions::default()
    };
    let mut numbers = Vec::new();
    Glcm::new(&options).unwrap().extract(Input::whole(&picture), &mut numbers);
    // Neighbours differ by 163 grey values, 10 or 11 levels of 16 values, but for the ends of rows.
    assert!((100.0..121.0).contains(&numbers[0]), "{numbers:?}");
}
