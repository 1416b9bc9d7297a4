//! Laws that texture features obey whatever the picture: sums, turns and mirrors, brightness, depth.

use crate::common::assert_close;
use crate::common::pictures::{self, KINDS, n_pictures, sizes};
use textura::image::{Gray, Levels, Orientation, ValueRange};
use textura::texture::Engine;
use textura::texture::descriptor::{Descriptor, DescriptorOptions};
use textura::texture::glcm::{Counts, Offset, Statistics};
use textura::texture::lbp::{Border, Ring, codes, riu2_counts};

const ENGINES: [Engine; 2] = [Engine::Fast, Engine::Reference];

fn count(picture: &Gray, n_levels: usize, (dx, dy): (isize, isize), engine: Engine) -> Counts {
    let levels = Levels::fixed(picture, n_levels, ValueRange::Nominal);
    Counts::count(&levels, Offset { dx, dy }, engine)
}

fn transposed(counts: &Counts) -> Counts {
    let n = counts.n_levels();
    let cells = (0..n * n).map(|at| counts.cells()[at % n * n + at / n]).collect();
    Counts::new(n, cells).expect("as many cells")
}

/// Turned or mirrored as the EXIF tag says: 2 mirrors left and right, 4 top and bottom, 6 turns a
/// quarter clockwise.
fn arranged(picture: &Gray, exif: u8) -> Gray {
    Orientation::from_exif(exif).expect("1 to 8").apply(picture.clone())
}

fn fast() -> Descriptor {
    Descriptor::new(DescriptorOptions::preset("fast").expect("a preset")).expect("can be")
}

/// The six statistics that do not know how bright a picture is.
fn blind_to_brightness(s: &Statistics) -> [f64; 6] {
    [s.contrast, s.dissimilarity, s.homogeneity, s.asm, s.correlation, s.entropy]
}

#[test]
fn counts_sum_to_the_number_of_pairs() {
    let mut compared = 0;
    for named in pictures::all() {
        let (width, height) = (named.picture.width(), named.picture.height());
        for at in [(1, 0), (1, -1), (0, -2), (-4, -4), (7, 3), (-150, 1), (0, 0)] {
            for engine in ENGINES {
                let total: u64 = count(&named.picture, 32, at, engine).cells().iter().sum();
                let pairs = width.saturating_sub(at.0.unsigned_abs())
                    * height.saturating_sub(at.1.unsigned_abs());
                assert_eq!(total, pairs as u64, "{} {at:?} {engine:?}", named.name);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, n_pictures() * 7 * 2);
}

/// Of odd pictures too: single pixels, single rows, flat, saturated.
#[test]
fn features_are_finite_and_histograms_sum_to_one() {
    let descriptor = fast();
    let rings = [("lbp_p8r1_", 1), ("lbp_p16r2_", 2), ("lbp_p24r3_", 3)];
    let (mut values, mut full, mut empty) = (0, 0, 0);
    for named in pictures::all() {
        let (name, picture) = (&named.name, &named.picture);
        let features = descriptor.extract(picture, Engine::Fast);
        assert!(features.values.iter().all(|v| v.is_finite()), "{name}: {:?}", features.values);
        assert!((0.0..=100.0).contains(&features.texture_score), "{name}");
        values += features.values.len();
        let columns = || descriptor.schema().blocks().iter().flat_map(|block| &block.columns);
        for (ring, r) in rings {
            let bins = columns().zip(&features.values).filter(|(c, _)| c.starts_with(ring));
            let sum: f64 = bins.map(|(_, share)| share).sum();
            if picture.width().min(picture.height()) > 2 * r {
                assert_close(sum, 1.0, 1e-12, 0.0, format!("{name} {ring}"));
                full += 1;
            } else {
                assert_eq!(sum, 0.0, "{name} {ring}: no pixel has its whole ring inside");
                empty += 1;
            }
        }
    }
    let fits = |(_, r): &(&str, usize)| sizes().filter(|(w, h)| 2 * r < *w.min(h)).count();
    let n_full = rings.iter().map(fits).sum::<usize>() * KINDS.len() * 2;
    assert_eq!(values, n_pictures() * 90);
    assert_eq!((full, full + empty), (n_full, n_pictures() * 3));
}

/// Sample k of a ring of P lands on sample k + P/4, so riu2 does not notice a quarter turn.
#[test]
fn a_quarter_turn_leaves_riu2_alone() {
    let mut compared = 0;
    for named in pictures::all() {
        let turned = arranged(&named.picture, 6);
        for (p, r) in [(4, 1), (8, 1), (12, 2), (16, 2), (20, 5), (24, 3)] {
            let ring = Ring::new(p, r).expect("a ring that can be");
            let upright = riu2_counts(&named.picture, &ring, Engine::Fast);
            let found = riu2_counts(&turned, &ring, Engine::Fast);
            assert_eq!(found, upright, "{} P {p} R {r}", named.name);
            compared += 1;
        }
    }
    assert_eq!(compared, n_pictures() * 6);
}

/// A quarter turn clockwise takes (dx, dy) to (-dy, dx): 0 degrees to 90 (read backwards, so
/// transposed), 45 to 135, and so on round. Hence the mean over directions stays.
#[test]
fn a_quarter_turn_permutes_directions() {
    let (mut matrices, mut means) = (0, 0);
    for named in pictures::all() {
        let turned = arranged(&named.picture, 6);
        let name = &named.name;
        for d in [1, 2, 4] {
            for (dx, dy) in [(d, 0), (d, -d), (0, -d), (-d, -d)] {
                let upright = count(&named.picture, 16, (dx, dy), Engine::Fast);
                let same = count(&turned, 16, (-dy, dx), Engine::Fast);
                assert_eq!(same, upright, "{name} {dx},{dy}");
                let backwards = count(&turned, 16, (dy, -dx), Engine::Fast);
                assert_eq!(backwards, transposed(&upright), "{name} {dx},{dy}");
                matrices += 2;
            }
            let mean = |picture: &Gray| {
                let directions = Offset::directions(d as usize).map(|offset| {
                    let counts = count(picture, 16, (offset.dx, offset.dy), Engine::Fast);
                    blind_to_brightness(&Statistics::of_symmetric(&counts))
                });
                [0, 1, 2, 3, 4, 5].map(|at| directions.iter().map(|s| s[at]).sum::<f64>() / 4.0)
            };
            for (found, expected) in mean(&turned).into_iter().zip(mean(&named.picture)) {
                assert_close(found, expected, 1e-12, 1e-12, name);
                means += 1;
            }
        }
    }
    assert_eq!((matrices, means), (n_pictures() * 3 * 4 * 2, n_pictures() * 3 * 6));
}

/// A mirror turns a horizontal offset round and leaves a vertical one, or the other way; the symmetric
/// matrix sees neither. The diagonals change places.
#[test]
fn a_mirror_leaves_straight_directions_alone() {
    let mut compared = 0;
    for named in pictures::all() {
        for exif in [2, 4] {
            let mirrored = arranged(&named.picture, exif);
            for engine in ENGINES {
                let symmetric = |picture, at| count(picture, 32, at, engine).symmetric();
                let pairs =
                    [((1, 0), (1, 0)), ((3, 0), (3, 0)), ((0, -2), (0, -2)), ((1, -1), (-1, -1))];
                for (before, after) in pairs {
                    let expected = symmetric(&named.picture, before);
                    assert_eq!(symmetric(&mirrored, after), expected, "{} {exif}", named.name);
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, n_pictures() * 2 * 2 * 4);
}

/// A whole quantisation step moves every level by one and every comparison by nothing.
#[test]
fn brightness_moves_levels_and_leaves_texture() {
    let (mut codes_compared, mut statistics) = (0, 0);
    for size in sizes() {
        for (kind, bits) in KINDS.into_iter().flat_map(|kind| [(kind, 8), (kind, 16)]) {
            let named = kind.picture(size, bits);
            // Darkened to half first, so that nothing is cut off; 3 steps of 32 levels.
            let dark: Vec<u16> = pictures::values(&named.picture).iter().map(|v| v / 2).collect();
            let step = 3 << (bits - 5);
            let bright: Vec<u16> = dark.iter().map(|v| v + step).collect();
            let [dark, bright] = [dark, bright].map(|v| pictures::gray(size.0, size.1, bits, &v));

            for (p, r) in [(8, 1), (16, 2), (24, 3), (5, 4)] {
                let ring = Ring::new(p, r).expect("a ring that can be");
                let [before, after] = [&dark, &bright].map(|p| codes(p, &ring, Border::Interior));
                assert_eq!(after, before, "{} P {p} R {r}", named.name);
                let [before, after] = [&dark, &bright].map(|p| riu2_counts(p, &ring, Engine::Fast));
                assert_eq!(after, before, "{} P {p} R {r}", named.name);
                codes_compared += 1;
            }
            for at in [(1, 0), (2, -2)] {
                let [before, after] = [&dark, &bright].map(|p| count(p, 32, at, Engine::Fast));
                let is_empty = before.cells().iter().all(|&cell| cell == 0);
                let forms: [fn(&Counts) -> Statistics; 2] =
                    [Statistics::of_symmetric, |counts| Statistics::of(&counts.symmetric())];
                for form in forms {
                    let [before, after] = [form(&before), form(&after)];
                    let moved = if is_empty { 0.0 } else { 3.0 };
                    assert_close(after.mean, before.mean + moved, 1e-12, 0.0, &named.name);
                    let pairs = blind_to_brightness(&after).into_iter();
                    for (after, before) in pairs.zip(blind_to_brightness(&before)) {
                        assert_close(after, before, 1e-11, 1e-12, &named.name);
                        statistics += 1;
                    }
                }
            }
        }
    }
    assert_eq!(codes_compared, n_pictures() * 4);
    assert_eq!(statistics, n_pictures() * 2 * 2 * 6);
}

/// 257 v fills 16 bits as v fills 8, so levels that are a power of two fall alike.
#[test]
fn sixteen_bits_say_what_eight_bits_say() {
    let descriptor = fast();
    let (mut matrices, mut features) = (0, 0);
    for size in sizes() {
        for kind in KINDS {
            let named = kind.picture(size, 8);
            let wide: Vec<u16> = pictures::values(&named.picture).iter().map(|v| v * 257).collect();
            let wide = pictures::gray(size.0, size.1, 16, &wide);
            for n_levels in [2, 4, 8, 16, 32, 64, 128, 256] {
                let [eight, sixteen] =
                    [&named.picture, &wide].map(|p| count(p, n_levels, (1, -1), Engine::Fast));
                assert_eq!(sixteen, eight, "{} levels {n_levels}", named.name);
                matrices += 1;
            }
            let [eight, sixteen] =
                [&named.picture, &wide].map(|p| descriptor.extract(p, Engine::Fast));
            assert_eq!(sixteen.values, eight.values, "{}", named.name);
            assert_eq!(sixteen.texture_score, eight.texture_score, "{}", named.name);
            features += sixteen.values.len();
        }
    }
    assert_eq!((matrices, features), (n_pictures() / 2 * 8, n_pictures() / 2 * 90));
}
