use super::{FURTHEST, Sketch, turns};
use crate::image::change::{Change, Ground};
use crate::image::{Area, Gray, Orientation, Planes, Samples};
use crate::io::{Limits, jpeg_again};
use crate::random::Random;

/// Blotches of a few pixels, as rough surfaces have.
fn surface(seed: u64, width: usize, height: usize) -> Gray {
    let mut random = Random::new(seed, 0);
    let noise = (0..width * height).map(|_| random.below(256) as u8).collect();
    let noise = Planes::from_gray(Gray::new(width, height, Samples::Eight(noise)).unwrap());
    let blurred = changed(&changed(&noise, "blur:3"), "contrast:5");
    blurred.gray().clone()
}

fn changed(planes: &Planes, change: &str) -> Planes {
    let change = Change::from_text(change, 0).unwrap();
    let limits = Limits::default();
    let recompress = |planes: &Planes, quality| jpeg_again(planes, quality, limits);
    change.apply(planes, Ground::of(planes), limits.max_pixels, &recompress).unwrap()
}

fn distance(a: &Gray, b: &Gray) -> f64 {
    Sketch::of(a).unwrap().distance(&Sketch::of(b).unwrap())
}

#[test]
fn copies_are_near_however_they_were_stored() {
    let (mut n_compared, mut furthest) = (0, 0f64);
    for seed in 0..10 {
        let original = Planes::from_gray(surface(seed, 160, 120));
        for change in [
            "jpeg:50",
            "jpeg:90",
            "brightness:0.8",
            "contrast:0.7",
            "scale:0.5",
            "scale:2",
            "noise:3",
        ] {
            let distance = distance(original.gray(), changed(&original, change).gray());
            assert!(distance <= FURTHEST, "{change} of {seed}: {distance}");
            furthest = furthest.max(distance);
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 70);
    assert!(0.0 < furthest, "nothing was changed");
}

#[test]
fn other_parts_of_one_surface_are_no_copies() {
    let large = surface(1, 640, 480);
    let crops: Vec<Gray> = (0..16)
        .map(|n| large.crop(Area { x: n % 4 * 160, y: n / 4 * 120, width: 160, height: 120 }))
        .collect();
    let mut n_compared = 0;
    for (at, a) in crops.iter().enumerate() {
        for b in &crops[..at] {
            assert!(0.3 < distance(a, b), "{}", distance(a, b));
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 120);
}

#[test]
fn another_corner_makes_another_picture() {
    let original = surface(2, 128, 128);
    let spoilt = (0..128 * 128).map(|at| match (at % 128 < 24, at / 128 < 24) {
        (true, true) => 255,
        _ => original.value(at % 128, at / 128) as u8,
    });
    let spoilt = Gray::new(128, 128, Samples::Eight(spoilt.collect())).unwrap();
    assert!(FURTHEST < distance(&original, &spoilt), "{}", distance(&original, &spoilt));
}

#[test]
fn turned_and_mirrored_copies_are_the_same() {
    let original = surface(3, 96, 96);
    let sketch = Sketch::of(&original).unwrap();
    for tag in 1..=8 {
        let turned = Orientation::from_exif(tag).unwrap().apply(original.clone());
        assert!(distance(&original, &turned) < 1e-3, "tag {tag}");
        // Bits and cells agree about what each turn is.
        let other = Sketch::of(&turned).unwrap();
        let fitting = |turn: &[bool; 3]| sketch.turned_cells(*turn) == *other.cells;
        let turn = turns().into_iter().find(fitting).unwrap();
        let differing = (sketch.turned_bits(turn) ^ other.bits).count_ones();
        assert!(differing <= 1, "tag {tag}: {differing} bits");
    }
}

#[test]
fn deep_copies_are_the_same_and_shading_counts_for_nothing() {
    let original = surface(4, 100, 80);
    let deep = original.values().map(|value| value * 257).collect();
    let deep = Gray::new(100, 80, Samples::Sixteen(deep)).unwrap();
    assert!(distance(&original, &deep) < 1e-3);
    let ramp = |slope: usize| {
        let values = (0..64 * 64).map(|at| (at % 64 * slope + at / 64) as u8).collect();
        Gray::new(64, 64, Samples::Eight(values)).unwrap()
    };
    for slope in [0, 1, 3] {
        assert_eq!(Sketch::of(&ramp(slope)), None, "slope {slope}");
    }
    assert_eq!(Sketch::of(&surface(5, 15, 100)), None, "too small");
}
