//! Laws that CLBP, MRELBP and LETRIST obey whatever the picture: sums, turns and mirrors, brightness, depth,
//! masks. All hold to the last bit: CLBP and MRELBP because they are decided in whole numbers, LETRIST
//! because its sums run alike along both axes and what is equal but for rounding falls to one side.

use crate::common::assert_close;
use crate::common::pictures::{self, KINDS, Kind, n_pictures, sizes};
use textura::image::flag::{Flag, Flags};
use textura::image::{Gray, Mask, Orientation};
use textura::random::Random;
use textura::texture::clbp::ClbpOptions;
use textura::texture::letrist::LetristOptions;
use textura::texture::mrelbp::MrelbpOptions;
use textura::texture::{Family, FamilyOptions, Input};

/// The numbers of columns of [`families`], in order.
const COLUMNS: [usize; 6] = [200, 648, 1352, 800, 413, 413];

fn families() -> Vec<Box<dyn Family>> {
    let root = std::f64::consts::SQRT_2;
    let options = [
        FamilyOptions::Clbp(ClbpOptions { p: 8, r: 1.0 }),
        FamilyOptions::Clbp(ClbpOptions { p: 16, r: 2.0 }),
        FamilyOptions::Clbp(ClbpOptions { p: 24, r: 3.0 }),
        FamilyOptions::Mrelbp(MrelbpOptions {}),
        FamilyOptions::Letrist(LetristOptions::default()),
        FamilyOptions::Letrist(LetristOptions { scales: [root, 2.0 * root, 4.0 * root] }),
    ];
    options.map(|options| options.check().expect("settings that can be used")).into()
}

fn extract(family: &dyn Family, input: Input<'_>) -> (Vec<f64>, Flags) {
    let mut numbers = Vec::new();
    let flags = family.extract(input, &mut numbers);
    (numbers, flags)
}

/// Asserts that two pictures give the same numbers and flags; how many families were compared.
fn assert_same(
    families: &[Box<dyn Family>],
    one: Input<'_>,
    other: Input<'_>,
    what: &str,
) -> usize {
    for family in families {
        let (expected, found) = (extract(&**family, one), extract(&**family, other));
        assert!(found == expected, "{what}: {}", family.settings());
    }
    families.len()
}

#[test]
fn histograms_sum_to_one_or_are_empty_with_a_flag() {
    let families = families();
    let (mut full, mut empty, mut numbers) = (0, 0, 0);
    for named in pictures::all() {
        for (family, n_columns) in families.iter().zip(COLUMNS) {
            let (found, flags) = extract(&**family, Input::whole(&named.picture));
            assert_eq!(found.len(), n_columns, "{}", named.name);
            assert!(found.iter().all(|v| (0.0..=1.0).contains(v)), "{}", named.name);
            let (mut rest, mut is_empty) = (&found[..], false);
            for block in family.blocks() {
                let (bins, others) = rest.split_at(block.columns.len());
                let sum: f64 = bins.iter().sum();
                if sum == 0.0 {
                    is_empty = true;
                    empty += 1;
                } else {
                    assert_close(sum, 1.0, 1e-12, 0.0, &named.name);
                    full += 1;
                }
                rest = others;
            }
            assert_eq!(rest.len(), 0);
            assert_eq!(flags.has(Flag::TooSmall), is_empty, "{}", named.name);
            numbers += found.len();
        }
    }
    // Radii 1, 2, 3 of CLBP and 2, 4, 6, 8 of MRELBP; LETRIST's six are never empty.
    let fits = |r: usize| sizes().filter(|(w, h)| 2 * r < *w.min(h)).count();
    let n_full = [1, 2, 3, 2, 4, 6, 8].map(fits).iter().sum::<usize>() + 6 * sizes().count();
    assert_eq!(full, n_full * KINDS.len() * 2);
    assert_eq!(full + empty, n_pictures() * 13);
    assert_eq!(numbers, n_pictures() * COLUMNS.iter().sum::<usize>());
}

#[test]
fn quarter_turns_and_mirrors_change_nothing() {
    let families = families();
    let mut compared = 0;
    for named in pictures::all() {
        // Mirrored left and right, and turned by a quarter clockwise.
        for exif in [2, 6] {
            let turned = Orientation::from_exif(exif).expect("1 to 8").apply(named.picture.clone());
            let what = format!("{} turned {exif}", named.name);
            let (before, after) = (Input::whole(&named.picture), Input::whole(&turned));
            compared += assert_same(&families, before, after, &what);
        }
    }
    assert_eq!(compared, n_pictures() * 2 * 6);
}

#[test]
fn brightness_changes_nothing() {
    let families = families();
    let mut compared = 0;
    for size in sizes() {
        for (kind, bits) in KINDS.into_iter().flat_map(|kind| [(kind, 8), (kind, 16)]) {
            let named = kind.picture(size, bits);
            // Darkened to half first, so that nothing is cut off.
            let dark: Vec<u16> = pictures::values(&named.picture).iter().map(|v| v / 2).collect();
            let bright: Vec<u16> = dark.iter().map(|v| v + 77).collect();
            let [dark, bright] = [dark, bright].map(|v| pictures::gray(size.0, size.1, bits, &v));
            let (before, after) = (Input::whole(&dark), Input::whole(&bright));
            compared += assert_same(&families, before, after, &named.name);
        }
    }
    assert_eq!(compared, n_pictures() * 6);
}

/// 257 v fills 16 bits as v fills 8.
#[test]
fn sixteen_bits_say_what_eight_bits_say() {
    let families = families();
    let mut compared = 0;
    for size in sizes() {
        for kind in KINDS {
            let named = kind.picture(size, 8);
            let wide: Vec<u16> = pictures::values(&named.picture).iter().map(|v| v * 257).collect();
            let wide = pictures::gray(size.0, size.1, 16, &wide);
            let (before, after) = (Input::whole(&named.picture), Input::whole(&wide));
            compared += assert_same(&families, before, after, &named.name);
        }
    }
    assert_eq!(compared, n_pictures() / 2 * 6);
}

#[test]
fn a_mask_of_everything_changes_nothing_and_an_empty_one_leaves_zeros() {
    let families = families();
    let mut compared = 0;
    for named in pictures::all() {
        let (width, height) = (named.picture.width(), named.picture.height());
        let mask = |inside| Mask::new(width, height, vec![inside; width * height]).expect("fits");
        let [everything, nothing] = [mask(true), mask(false)];
        let whole = Input::whole(&named.picture);
        let masked = Input { mask: Some(&everything), ..whole };
        compared += assert_same(&families, whole, masked, &named.name);
        for family in &families {
            let (numbers, flags) = extract(&**family, Input { mask: Some(&nothing), ..whole });
            assert!(numbers.iter().all(|&v| v == 0.0), "{}", named.name);
            assert!(flags.has(Flag::TooSmall), "{}", named.name);
        }
    }
    assert_eq!(compared, n_pictures() * 6);
}

/// The picture cut down to the mask's surroundings, as far as a family says it reads, gives the same;
/// one pixel less does not, somewhere.
#[test]
fn nothing_is_read_beyond_the_reach() {
    let size = (120, 110);
    let bounds =
        [(60, 50, 5, 7), (3, 40, 20, 1), (100, 90, 20, 20), (40, 0, 1, 1), (30, 30, 60, 50)];
    let mut random = Random::new(3, 0);
    let (mut compared, mut noticed) = (0, [0; COLUMNS.len()]);
    for kind in [Kind::Noise, Kind::FewValues, Kind::Smooth, Kind::CoarseChecker] {
        for bits in [8, 16] {
            let picture = kind.picture(size, bits).picture;
            for (left, top, width, height) in bounds {
                let mut inside = vec![false; size.0 * size.1];
                for y in top..top + height {
                    for x in left..left + width {
                        // A ragged shape that fills its rectangle.
                        let is_edge = x == left || y == top || x + 1 == left + width;
                        inside[y * size.0 + x] =
                            is_edge || y + 1 == top + height || random.below(3) != 0;
                    }
                }
                let mask = Mask::new(size.0, size.1, inside).expect("a flag a pixel");
                let bounds = mask.bounds().expect("some pixels");
                let cropped = |family: &dyn Family, reach: usize| -> (Vec<f64>, Flags) {
                    let area = bounds.grown(reach, size.0, size.1);
                    let (part, mask): (Gray, Mask) = (picture.crop(area), mask.crop(area));
                    extract(family, Input { mask: Some(&mask), ..Input::whole(&part) })
                };
                for (family, noticed) in families().iter().zip(&mut noticed) {
                    let input = Input { mask: Some(&mask), ..Input::whole(&picture) };
                    let whole = extract(&**family, input);
                    let found = cropped(&**family, family.reach());
                    assert!(found == whole, "{kind:?} {bounds:?}: {}", family.settings());
                    compared += 1;
                    *noticed += usize::from(cropped(&**family, family.reach() - 1) != whole);
                }
            }
        }
    }
    assert_eq!(compared, 4 * 2 * 5 * 6);
    assert!(noticed.iter().all(|&n| n > 0), "{noticed:?}");
}
