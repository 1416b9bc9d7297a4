use super::texture_score;
use crate::image::{Gray, Samples};
use crate::random::Random;
use crate::texture::{Engine, Input};

fn score(width: usize, height: usize, values: Vec<u8>) -> f64 {
    let picture = Gray::new(width, height, Samples::Eight(values)).unwrap();
    texture_score(Input::whole(&picture)).0
}

fn noise(n: usize, seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed, 0);
    (0..n).map(|_| random.below(256) as u8).collect()
}

/// A soft pattern around middle grey with some grain.
fn pattern(side: usize) -> Vec<f64> {
    let mut random = Random::new(11, 0);
    (0..side * side)
        .map(|at| {
            let (x, y) = ((at % side) as f64, (at / side) as f64);
            128.0 + 60.0 * (x / 5.0).sin() * (y / 9.0).cos() + 4.0 * random.normal()
        })
        .collect()
}

fn rounded(values: impl Iterator<Item = f64>) -> Vec<u8> {
    values.map(|v| v.round().clamp(0.0, 255.0) as u8).collect()
}

#[test]
fn the_fast_engine_equals_the_definition() {
    let mut random = Random::new(2, 0);
    for (width, height) in [(1, 2), (2, 1), (7, 3), (16, 16), (33, 20)] {
        for spread in [1, 2, 17, 256] {
            let values = (0..width * height).map(|_| random.below(spread) as u8).collect();
            let picture = Gray::new(width, height, Samples::Eight(values)).unwrap();
            let [fast, reference] = [Engine::Fast, Engine::Reference]
                .map(|engine| texture_score(Input { engine, ..Input::whole(&picture) }).0);
            assert!((fast - reference).abs() < 1e-9, "{width}x{height}: {fast} {reference}");
        }
    }
}

#[test]
fn flat_pictures_score_zero_and_white_noise_at_least_95() {
    for value in [0, 128, 255] {
        for side in [2, 3, 20, 64] {
            assert_eq!(score(side, side, vec![value; side * side]), 0.0);
        }
    }
    for (seed, side) in [(1, 16), (2, 16), (3, 32), (4, 64), (5, 200)] {
        let score = score(side, side, noise(side * side, seed));
        assert!((95.0..=100.0).contains(&score), "{side}: {score}");
    }
}

#[test]
fn it_grows_with_contrast_about_any_centre() {
    for centre in [0.0, 128.0] {
        let scores: Vec<f64> = [0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0]
            .into_iter()
            .map(|c| rounded(pattern(64).into_iter().map(|v| centre + c * (v - centre))))
            .map(|values| score(64, 64, values))
            .collect();
        assert!(scores.is_sorted_by(|a, b| a < b), "{scores:?}");
    }
}

#[test]
fn it_grows_with_noise() {
    let mut random = Random::new(13, 0);
    let grain: Vec<f64> = (0..64 * 64).map(|_| random.normal()).collect();
    let scores: Vec<f64> = [0.0, 1.0, 2.0, 5.0, 10.0, 20.0]
        .into_iter()
        .map(|sigma| rounded(pattern(64).into_iter().zip(&grain).map(|(v, g)| v + sigma * g)))
        .map(|values| score(64, 64, values))
        .collect();
    assert!(scores.is_sorted_by(|a, b| a < b), "{scores:?}");
}

#[test]
fn brightness_leaves_it_alone() {
    let values = rounded(pattern(64).into_iter());
    let plain = score(64, 64, values.clone());
    for shift in [1, 8, 16, 40] {
        let brighter = values.iter().map(|v| v + shift).collect();
        assert!((score(64, 64, brighter) - plain).abs() < 1e-9, "shift {shift}");
    }
}
