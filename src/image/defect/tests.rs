use super::*;
use crate::image::{Gray, Samples, ValueRange};

fn picture(width: usize, height: usize, seed: u64) -> Intensity {
    let mut random = Random::new(seed, 0);
    let values = (0..width * height).map(|_| 80 + random.below(60) as u8).collect();
    let gray = Gray::new(width, height, Samples::Eight(values)).unwrap();
    Intensity::of(&gray, ValueRange::Nominal)
}

#[test]
fn only_marked_pixels_and_their_soft_edges_change() {
    let (good, donor) = (picture(300, 200, 1), picture(64, 64, 2));
    let (mut n_defects, mut n_same) = (0, 0);
    for seed in 0..40 {
        let damaged = damage(&good, std::slice::from_ref(&donor), &mut Random::new(seed, 3));
        for y in 0..200usize {
            for x in 0..300usize {
                n_defects += usize::from(damaged.pixels[y * 300 + x] == Pixel::Defect);
                // A soft edge reaches three sigma, five pixels, beyond the shape.
                let near = (y.saturating_sub(5)..(y + 6).min(200)).any(|y| {
                    let row = &damaged.pixels[y * 300..][x.saturating_sub(5)..(x + 6).min(300)];
                    row.iter().any(|pixel| *pixel != Pixel::Same)
                });
                if !near {
                    n_same += 1;
                    assert_eq!(damaged.picture.row(y)[x], good.row(y)[x], "{seed} {x} {y}");
                }
            }
        }
        assert!(damaged.picture.values().iter().all(|v| v % 16 == 0), "8 bits stay 8 bits");
    }
    // Both kinds were seen: some hundred pixels a picture, but not most of it.
    assert!(40 * 300 < n_defects && n_defects < n_same, "{n_defects} {n_same}");
}

#[test]
fn the_same_seed_makes_the_same_defects_and_small_pictures_are_no_trouble() {
    let good = picture(120, 90, 4);
    let twice = [7, 7, 8].map(|seed| damage(&good, &[], &mut Random::new(seed, 0)));
    assert_eq!(twice[0].picture, twice[1].picture);
    assert_ne!(twice[0].picture, twice[2].picture);
    let mut n_seen = 0;
    for (width, height) in [(1, 1), (2, 9), (8, 8), (33, 3), (16, 64)] {
        for seed in 0..50 {
            let good = picture(width, height, seed);
            let damaged = damage(&good, &[picture(3, 5, 9)], &mut Random::new(seed, 1));
            assert_eq!(damaged.pixels.len(), width * height);
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 250);
}
