//! Small examples printed in other projects' documentation: MATLAB's `graycoprops` page, the README of
//! the R package GLCMTextures, scikit-image's tests (the picture of Haralick 1973) and imageproc's
//! documentation. Each is compared to the number of digits in which it is printed.
//!
//! Not applicable: MATLAB's homogeneity, which divides by `1 + |i-j|` where ours divides by
//! `1 + (i-j)^2`; and imageproc's four diagonal bits and its smallest turn, since it reads diagonal
//! neighbours where textura interpolates on a circle.

use crate::common::assert_close;
use crate::common::golden::{fixture, indices, list, number};
use serde_json::Value;
use textura::image::{Gray, Levels, Samples};
use textura::texture::Engine;
use textura::texture::glcm::{Counts, Offset, Statistics};
use textura::texture::lbp::{Border, Ring, codes};

/// The example whose source begins with `source`.
fn example(source: &str) -> Value {
    let all = fixture("worked_examples.json");
    let examples = list(&all["examples"]);
    assert_eq!(examples.len(), 4, "every example has a test below");
    let is_meant = |example: &&Value| {
        example["source"].as_str().is_some_and(|found| found.starts_with(source))
    };
    examples.iter().find(is_meant).unwrap_or_else(|| panic!("no example of {source}")).clone()
}

/// Levels given as a small picture.
fn levels(example: &Value) -> Levels {
    let rows = list(&example["image"]);
    let values: Vec<u16> = indices(&example["image"]).into_iter().map(|v| v as u16).collect();
    let (height, width) = (rows.len(), values.len() / rows.len());
    Levels {
        width,
        height,
        n_levels: number(&example["levels"]) as usize,
        values,
        is_masked: false,
    }
}

/// The name under which a statistic is printed, and ours.
type Printed = (&'static str, fn(&Statistics) -> f64);

/// Compares statistics with printed ones; returns how many were compared.
fn compare(
    statistics: &Statistics,
    printed: &Value,
    names: &[Printed],
    half_a_digit: f64,
) -> usize {
    for (name, value) in names {
        assert_close(value(statistics), number(&printed[name]), 0.0, half_a_digit, name);
    }
    names.len()
}

/// A matrix that is not symmetric: the two means differ.
#[test]
fn matlab_graycoprops() {
    let example = example("MATLAB");
    let cells = indices(&example["glcm"]).into_iter().map(|count| count as u64).collect();
    let s = Statistics::of(&Counts::new(4, cells).expect("a matrix of 4 levels"));
    let printed = &example["expect_4dp"];
    let compared = compare(
        &s,
        printed,
        &[
            ("contrast", |s| s.contrast),
            ("correlation", |s| s.correlation),
            ("energy_matlab_is_ASM", |s| s.asm),
        ],
        0.5e-4,
    );
    assert_eq!(printed.as_object().map(|all| all.len()), Some(compared + 1), "homogeneity is left");
}

#[test]
fn r_glcm_textures() {
    let example = example("R package");
    let offset = indices(&example["offset_row_col"]);
    let offset = Offset { dx: offset[1] as isize, dy: offset[0] as isize };
    let printed = &example["expect_6dp"];
    let mut compared = 0;
    for engine in [Engine::Fast, Engine::Reference] {
        let counts = Counts::count(&levels(&example), offset, engine);
        let cells: Vec<usize> = counts.symmetric().cells().iter().map(|&c| c as usize).collect();
        assert_eq!(cells, indices(&example["symmetric_counts"]), "{engine:?}");
        for s in [Statistics::of(&counts.symmetric()), Statistics::of_symmetric(&counts)] {
            compared += compare(
                &s,
                printed,
                &[
                    ("contrast", |s| s.contrast),
                    ("dissimilarity", |s| s.dissimilarity),
                    ("homogeneity", |s| s.homogeneity),
                    ("ASM", |s| s.asm),
                    ("entropy_ln", |s| s.entropy * std::f64::consts::LN_2),
                    ("mean", |s| s.mean),
                    ("variance", |s| s.variance),
                    ("correlation", |s| s.correlation),
                ],
                0.5e-6,
            );
        }
    }
    assert_eq!(printed.as_object().map(|all| 4 * all.len()), Some(compared), "all of them");
}

#[test]
fn scikit_image_haralick() {
    let example = example("scikit-image");
    let near = &example["expect"]["d1_0deg_symmetric"];
    let far = &example["expect"]["d2_0deg_symmetric"];
    let mut compared = 0;
    for engine in [Engine::Fast, Engine::Reference] {
        let at = |dx| Counts::count(&levels(&example), Offset { dx, dy: 0 }, engine);
        let forms = |counts: &Counts| {
            [Statistics::of(&counts.symmetric()), Statistics::of_symmetric(counts)]
        };
        for s in forms(&at(1)) {
            compared += compare(
                &s,
                near,
                &[
                    ("homogeneity", |s| s.homogeneity),
                    ("energy_sqrtASM", |s| s.energy),
                    ("correlation", |s| s.correlation),
                    ("mean", |s| s.mean),
                    ("variance", |s| s.variance),
                    ("std", |s| s.std),
                    ("entropy_ln", |s| s.entropy * std::f64::consts::LN_2),
                ],
                // Its tests compare to 7 digits; the variance is printed cut off, not rounded.
                1e-7,
            );
        }
        for s in forms(&at(2)) {
            compared += compare(&s, far, &[("correlation", |s| s.correlation)], 1e-7);
        }
    }
    assert_eq!(compared, 4 * (7 + 1));
}

/// imageproc sets a bit where the neighbour is strictly darker, so its bits are the complement of ours;
/// they begin at the top and run clockwise, ours at the right and counter-clockwise. On the four sides
/// both look at the same pixels.
#[test]
fn imageproc_local_binary_pattern() {
    let example = example("imageproc");
    let values: Vec<u8> = indices(&example["image"]).into_iter().map(|v| v as u8).collect();
    assert_eq!(indices(&example["pixel_row_col"]), [1, 1], "the only interior pixel");
    let picture = Gray::new(3, 3, Samples::Eight(values)).expect("a picture of 3 x 3");
    let ring = Ring::new(4, 1).expect("a ring that can be");
    let ours = codes(&picture, &ring, Border::Interior)[0];
    let theirs = number(&example["expect_imageproc_code"]) as u32;
    // Right, top, left, bottom: the place in our code and in theirs.
    let sides = [(0, 2), (1, 0), (2, 6), (3, 4)];
    for (our_bit, their_bit) in sides {
        assert_eq!(ours >> our_bit & 1, 1 - (theirs >> their_bit & 1), "bit {our_bit}");
    }
}
