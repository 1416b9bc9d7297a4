//! Co-occurrence counts and their statistics against scikit-image 0.26.0 (numpy 2.4.6):
//! `graycomatrix` at distances 1, 2, 4 and angles 0, 45, 90, 135 degrees after
//! `floor(v * levels / 2^bits)`, directed counts and `graycoprops` of the normalised matrices.
//!
//! Its angles turn the other way round and its diagonals are rounded, so matrices are compared by the
//! offset that it really used, never by angle.

use std::f64::consts::LN_2;

use crate::common::assert_close;
use crate::common::golden::{self, Texture, indices, list, number, numbers};
use serde_json::Value;
use textura::image::{Levels, ValueRange};
use textura::texture::glcm::{Counts, Offset, Statistics};
use textura::texture::{Engine, Input, first_order};

type Property = (&'static str, fn(&Statistics) -> f64);

/// By scikit-image's names. Its entropy is in nats, ours in bits.
const PROPERTIES: [Property; 10] = [
    ("contrast", |s| s.contrast),
    ("dissimilarity", |s| s.dissimilarity),
    ("homogeneity", |s| s.homogeneity),
    ("ASM", |s| s.asm),
    ("energy", |s| s.energy),
    ("correlation", |s| s.correlation),
    ("mean", |s| s.mean),
    ("variance", |s| s.variance),
    ("std", |s| s.std),
    ("entropy", |s| s.entropy * LN_2),
];

/// What was compared: an empty list must not pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    files: usize,
    /// Count matrices, one for each level, offset and engine.
    matrices: usize,
    cells: usize,
    /// Statistics of the symmetric and of the directed matrices.
    properties: usize,
    first_order: usize,
}

#[test]
fn the_synthetic_pictures() {
    let compared = compare(&golden::synthetic());
    let expected = Compared {
        files: 12,
        matrices: 12 * 2 * 12 * 2, // files, levels 8 and 16, offsets, engines
        cells: 12 * 12 * 2 * (64 + 256), // files, offsets, engines, cells
        properties: 12 * 4 * 12 * (10 + 10 + 6), // files, levels, offsets, of + of_symmetric + directed
        first_order: 12 * 2 * 4,                 // files, engines, statistics
    };
    assert_eq!(compared, expected);
}

#[test]
fn the_photographs() {
    let Some(textures) = golden::photographs("oracle_glcm_skimage") else { return };
    let expected = Compared {
        files: 3,
        matrices: 3 * 2 * 12 * 2,
        cells: 3 * 12 * 2 * (64 + 256),
        properties: 3 * 4 * 12 * (10 + 10 + 6),
        first_order: 3 * 2 * 4,
    };
    assert_eq!(compare(&textures), expected);
}

fn compare(textures: &[Texture]) -> Compared {
    let mut compared = Compared::default();
    for texture in textures {
        compared.files += 1;
        compare_first_order(texture, &mut compared);
        let matrices = list(&texture.golden["glcm_skimage"]);
        let levels: Vec<f64> = matrices.iter().map(|golden| number(&golden["levels"])).collect();
        assert_eq!(levels, [8.0, 16.0, 32.0, 256.0], "{}", texture.name);
        for golden in matrices {
            compare_counts(texture, golden, &mut compared);
            compare_properties(texture, golden, &mut compared);
        }
    }
    compared
}

fn compare_first_order(texture: &Texture, compared: &mut Compared) {
    let golden = &texture.golden["first_order"];
    for engine in [Engine::Fast, Engine::Reference] {
        let found = first_order::Statistics::of(Input { engine, ..Input::whole(&texture.picture) });
        let pairs = [
            ("mean", found.mean),
            ("var_ddof0", found.variance),
            ("min", found.minimum),
            ("max", found.maximum),
        ];
        for (name, value) in pairs {
            let what = format!("{} {name} {engine:?}", texture.name);
            assert_close(value, number(&golden[name]), 1e-10, 0.0, what);
            compared.first_order += 1;
        }
    }
}

/// The offsets of a golden file, by distance and angle: it lists rows first.
fn offsets(golden: &Value) -> Vec<Offset> {
    let flat = numbers(&golden["offset_row_col"]);
    flat.chunks_exact(2).map(|o| Offset { dx: o[1] as isize, dy: o[0] as isize }).collect()
}

fn levels_of(texture: &Texture, golden: &Value) -> Levels {
    let n_levels = number(&golden["levels"]) as usize;
    Levels::fixed(&texture.picture, n_levels, ValueRange::Nominal)
}

fn compare_counts(texture: &Texture, golden: &Value, compared: &mut Compared) {
    let levels = levels_of(texture, golden);
    let pairs = indices(&golden["pair_count_directed"]);
    for (offset, &n_pairs) in offsets(golden).into_iter().zip(&pairs) {
        assert_eq!(offset.n_pairs(levels.width, levels.height), n_pairs, "{offset:?}");
    }
    // The large matrices are left out of the file.
    let Some(data) = golden.get("counts_directed") else {
        assert!(levels.n_levels > 16, "{}: counts are missing", texture.name);
        return;
    };
    let cells = indices(&data["data"]);
    let expected = cells.chunks_exact(levels.n_levels * levels.n_levels);
    assert_eq!(expected.len(), offsets(golden).len(), "{}", texture.name);
    for (offset, expected) in offsets(golden).into_iter().zip(expected) {
        for engine in [Engine::Fast, Engine::Reference] {
            let counts = Counts::count(&levels, offset, engine);
            let found: Vec<usize> = counts.cells().iter().map(|&count| count as usize).collect();
            let (name, n) = (&texture.name, levels.n_levels);
            assert_eq!(found, expected, "{name} levels {n} {offset:?} {engine:?}");
            compared.matrices += 1;
            compared.cells += found.len();
        }
    }
}

fn compare_properties(texture: &Texture, golden: &Value, compared: &mut Compared) {
    let levels = levels_of(texture, golden);
    let symmetric = &golden["properties_symmetric_normed"];
    let directed = &golden["properties_directed_normed"];
    assert_eq!(symmetric.as_object().map(|o| o.len()), Some(10), "{}", texture.name);
    assert_eq!(directed.as_object().map(|o| o.len()), Some(6), "{}", texture.name);
    for (at, offset) in offsets(golden).into_iter().enumerate() {
        let counts = Counts::count(&levels, offset, Engine::Fast);
        let sides = [
            ("of", symmetric, Statistics::of(&counts.symmetric())),
            ("of_symmetric", symmetric, Statistics::of_symmetric(&counts)),
            ("directed", directed, Statistics::of(&counts)),
        ];
        for (side, golden, statistics) in sides {
            for (name, property) in PROPERTIES {
                // Six of the ten were written down for directed matrices.
                let Some(values) = golden.get(name) else { continue };
                let values = numbers(values);
                assert_eq!(values.len(), 12, "{} {name}", texture.name);
                // Near zero some values are what cancellation left over.
                let largest = values.iter().fold(0.0f64, |most, v| most.max(v.abs()));
                let floor = if name == "correlation" { 1e-9 } else { 1e-12 * largest };
                let n = levels.n_levels;
                let what = format!("{} levels {n} {offset:?} {side} {name}", texture.name);
                assert_close(property(&statistics), values[at], 1e-10, floor, what);
                compared.properties += 1;
            }
        }
    }
}
