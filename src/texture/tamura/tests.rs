use super::Measured;
use crate::image::flag::Flag;
use crate::image::{Gray, Samples};
use crate::random::Random;
use crate::texture::Input;

fn measure(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Measured {
    let values = (0..width * height).map(|at| value(at % width, at / width)).collect();
    let gray = Gray::new(width, height, Samples::Eight(values)).unwrap();
    let (measured, flags) = Measured::of(Input::whole(&gray));
    assert_eq!(flags.has(Flag::TooSmall), width.min(height) < 4, "{width}x{height}");
    measured
}

#[test]
fn coarser_boards_are_coarser() {
    let board =
        |side: usize| measure(96, 96, |x, y| 100 * u8::from((x / side + y / side) % 2 == 1));
    let sizes = [4, 8, 16, 32].map(|side| board(side).coarseness);
    assert!(sizes.is_sorted_by(|a, b| a < b), "{sizes:?}");
    assert_eq!(board(1).coarseness, 0.0, "every window has as many of both");
}

#[test]
fn contrast_doubles_with_the_contrast() {
    let mut random = Random::new(3, 0);
    let noise: Vec<u8> = (0..40 * 40).map(|_| random.below(100) as u8).collect();
    let once = measure(40, 40, |x, y| noise[y * 40 + x]).contrast;
    let twice = measure(40, 40, |x, y| 2 * noise[y * 40 + x]).contrast;
    assert!((twice - 2.0 * once).abs() < 1e-9);
    // A quarter of the pixels at 40: variance 300, fourth moment 210,000 about the mean of 10.
    let spots = measure(4, 4, |x, y| 40 * u8::from(x % 2 == 0 && y % 2 == 0));
    assert!((spots.contrast - 300.0 / 210_000f64.powf(0.25)).abs() < 1e-12);
}

#[test]
fn stripes_have_a_direction_and_noise_has_none() {
    let stripes = measure(60, 60, |x, _| 200 * u8::from(x / 5 % 2 == 0));
    assert_eq!(stripes.directionality, 1.0);
    let oblique = measure(60, 60, |x, y| 200 * u8::from((x + y) / 6 % 2 == 0));
    assert!(oblique.directionality > 0.95, "{oblique:?}");
    let mut random = Random::new(4, 0);
    let noise: Vec<u8> = (0..60 * 60).map(|_| random.below(256) as u8).collect();
    let noise = measure(60, 60, |x, y| noise[y * 60 + x]);
    assert!(noise.directionality < 0.1, "{noise:?}");
    // Slopes of 2 and 3: (0 + 6) / 2 = 3 and 9 / 2 are below the threshold of 12.
    assert_eq!(measure(30, 30, |x, _| 2 * x as u8).directionality, 0.0);
    assert_eq!(measure(30, 30, |x, _| 4 * x as u8).directionality, 1.0, "(24 + 0) / 2 reaches it");
}

#[test]
fn flat_and_small_pictures_have_nothing_to_measure() {
    for (width, height) in [(1, 1), (1, 9), (9, 1), (3, 3), (4, 4), (40, 70)] {
        assert_eq!(measure(width, height, |_, _| 77), Measured::default());
    }
}
