//! Laws that every family obeys, or that it says it does not: finite numbers everywhere, masks, turns,
//! brightness, depth. One list of families, one loop over generated pictures for each law.

use crate::common::assert_close;
use crate::common::families::{self, Case, N_CASES};
use crate::common::pictures::{self, KINDS, Kind, sizes};
use textura::image::flag::{Flag, Flags};
use textura::image::{Gray, Mask, Orientation};
use textura::texture::{Engine, Input};

/// Fewer than all: some families are slow, and odd shapes matter more than many.
const SOME_SIZES: [(usize, usize); 11] = [
    (1, 1),
    (1, 7),
    (9, 1),
    (2, 2),
    (3, 5),
    (5, 5),
    (8, 8),
    (17, 16),
    (21, 22),
    (33, 31),
    (40, 64),
];

fn measure(case: &Case, input: Input<'_>) -> (Vec<f64>, Flags) {
    let mut numbers = Vec::new();
    let flags = case.family.extract(input, &mut numbers);
    let n_columns: usize = case.family.blocks().iter().map(|block| block.columns.len()).sum();
    assert_eq!(numbers.len(), n_columns, "{}", case.name);
    assert!(numbers.iter().all(|v| v.is_finite()), "{}: {numbers:?}", case.name);
    (numbers, flags)
}

fn columns(case: &Case) -> Vec<String> {
    case.family.blocks().into_iter().flat_map(|block| block.columns).collect()
}

fn pictures() -> impl Iterator<Item = (Kind, (usize, usize), Gray)> {
    SOME_SIZES.into_iter().flat_map(|size| {
        KINDS.into_iter().map(move |kind| (kind, size, kind.picture(size, 8).picture))
    })
}

const N_PICTURES: usize = 11 * 14;

/// Equal but for rounding; `scale` is the largest value that a sum in between may have had.
fn assert_alike(case: &Case, found: &[f64], expected: &[f64], what: &str) {
    for ((found, expected), column) in found.iter().zip(expected).zip(columns(case)) {
        let floor = 1e-9 * expected.abs().max(1.0);
        assert_close(*found, *expected, 1e-9, floor, format!("{what} {} {column}", case.name));
    }
}

#[test]
fn every_picture_of_every_shape_has_finite_numbers_and_a_whole_mask_changes_nothing() {
    let mut compared = 0;
    let small = || sizes().filter(|size| size.0 * size.1 <= 1400);
    for case in families::all() {
        for size in small() {
            for kind in KINDS {
                for bits in [8, 16] {
                    let named = kind.picture(size, bits);
                    let mask = Mask::new(size.0, size.1, vec![true; size.0 * size.1]);
                    let mask = mask.expect("a flag a pixel");
                    for engine in [Engine::Fast, Engine::Reference] {
                        let whole = Input { engine, ..Input::whole(&named.picture) };
                        let masked = Input { mask: Some(&mask), ..whole };
                        let (whole, masked) = (measure(&case, whole), measure(&case, masked));
                        assert_eq!(masked, whole, "{} {}", case.name, named.name);
                        compared += 1;
                    }
                }
            }
        }
    }
    assert_eq!(compared, N_CASES * small().count() * 14 * 2 * 2);
}

#[test]
fn a_mask_without_pixels_gives_what_is_documented() {
    let mut compared = 0;
    for case in families::all() {
        for (kind, size, picture) in pictures() {
            let mask = Mask::new(size.0, size.1, vec![false; size.0 * size.1]);
            let mask = mask.expect("a flag a pixel");
            let (numbers, _) =
                measure(&case, Input { mask: Some(&mask), ..Input::whole(&picture) });
            let (other, _) = measure(
                &case,
                Input { engine: Engine::Reference, mask: Some(&mask), ..Input::whole(&picture) },
            );
            assert_eq!(numbers, other, "{} {kind:?}", case.name);
            compared += 1;
        }
    }
    assert_eq!(compared, N_CASES * N_PICTURES);
}

/// Both engines see the same inside a mask with holes, and looking at its surroundings alone, as far as
/// the family says that it reaches, changes nothing.
#[test]
fn only_what_a_family_reaches_is_read() {
    let mut compared = 0;
    for case in families::all() {
        for (kind, (width, height), picture) in pictures() {
            let is_inside = |at: usize| {
                let (x, y) = (at % width, at / width);
                width / 3 <= x && x <= width * 2 / 3 && height / 4 <= y && (x * 7 + y * 3) % 11 != 0
            };
            let mask = Mask::new(width, height, (0..width * height).map(is_inside).collect());
            let mask = mask.expect("a flag a pixel");
            let Some(bounds) = mask.bounds() else { continue };
            let area = bounds.grown(case.family.reach(), width, height);
            let (cut, cut_mask) = (picture.crop(area), mask.crop(area));
            let what = format!("{} {kind:?} {width}x{height}", case.name);
            let fast = Input { mask: Some(&mask), ..Input::whole(&picture) };
            let (expected, flags) = measure(&case, fast);
            let cut = Input { mask: Some(&cut_mask), ..Input::whole(&cut) };
            assert_eq!(measure(&case, cut), (expected.clone(), flags), "{what}");
            let reference = Input { engine: Engine::Reference, ..fast };
            assert_alike(&case, &measure(&case, reference).0, &expected, &what);
            compared += 1;
        }
    }
    assert_eq!(compared, N_CASES * COMPARED_MASKS);
}

/// Of a single pixel nothing is inside.
const COMPARED_MASKS: usize = 10 * 14;

#[test]
fn a_quarter_turn_leaves_what_does_not_know_directions() {
    let turn = Orientation::from_exif(6).expect("a turn");
    let mut compared = 0;
    for case in families::all().iter().filter(|case| case.laws.turn) {
        for (kind, size, picture) in pictures() {
            let upright = measure(case, Input::whole(&picture)).0;
            let turned = measure(case, Input::whole(&turn.apply(picture))).0;
            assert_alike(case, &turned, &upright, &format!("{kind:?} {size:?}"));
            compared += 1;
        }
    }
    assert_eq!(compared % N_PICTURES, 0);
    assert!(compared > N_PICTURES * N_CASES / 2);
}

/// Smallest turns of codes (`ror`) notice it: they are handed.
#[test]
fn a_mirror_leaves_what_does_not_know_directions() {
    let mut compared = 0;
    for case in families::all().iter().filter(|case| case.laws.mirror) {
        for (kind, size, picture) in pictures() {
            let before = measure(case, Input::whole(&picture)).0;
            for exif in [2, 4] {
                let mirror = Orientation::from_exif(exif).expect("a mirror");
                let after = measure(case, Input::whole(&mirror.apply(picture.clone()))).0;
                assert_alike(case, &after, &before, &format!("{kind:?} {size:?} {exif}"));
                compared += 1;
            }
        }
    }
    assert_eq!(compared % (2 * N_PICTURES), 0);
    assert!(compared > N_PICTURES * N_CASES);
}

#[test]
fn brightness_leaves_what_compares() {
    let mut compared = 0;
    for case in families::all().iter().filter(|case| case.laws.brighter) {
        for (kind, size, picture) in pictures() {
            // Darkened first, so that nothing is cut off.
            let dark: Vec<u16> = pictures::values(&picture).iter().map(|v| v / 2).collect();
            let bright: Vec<u16> = dark.iter().map(|v| v + 61).collect();
            let [dark, bright] = [dark, bright].map(|v| pictures::gray(size.0, size.1, 8, &v));
            let [before, after] = [&dark, &bright].map(|p| measure(case, Input::whole(p)).0);
            assert_alike(case, &after, &before, &format!("{kind:?} {size:?}"));
            compared += 1;
        }
    }
    assert_eq!(compared % N_PICTURES, 0);
    assert!(compared >= N_PICTURES * N_CASES / 2);
}

#[test]
fn depth_leaves_what_is_not_raw() {
    let mut compared = 0;
    for case in families::all().iter().filter(|case| case.laws.deeper) {
        for (kind, size, picture) in pictures() {
            let wide: Vec<u16> = pictures::values(&picture).iter().map(|v| v * 257).collect();
            let wide = pictures::gray(size.0, size.1, 16, &wide);
            let [eight, sixteen] = [&picture, &wide].map(|p| measure(case, Input::whole(p)).0);
            assert_alike(case, &sixteen, &eight, &format!("{kind:?} {size:?}"));
            compared += 1;
        }
    }
    assert_eq!(compared % N_PICTURES, 0);
    assert!(compared >= N_PICTURES * N_CASES / 2);
}

#[test]
fn what_cannot_be_measured_is_flagged() {
    let pixel = pictures::gray(1, 1, 8, &[9]);
    let mut flagged = 0;
    for case in families::all() {
        let (_, flags) = measure(&case, Input::whole(&pixel));
        flagged += usize::from(flags.has(Flag::TooSmall));
    }
    assert!(flagged > 0);
}
