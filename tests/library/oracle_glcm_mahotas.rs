//! Haralick's features against mahotas 1.4.19 (`mahotas.features.haralick`, numpy 2.4.6), symmetric
//! matrices by offset, at levels 8, 32 and 256 and distances 1 and 2, as it computes by default and with
//! each of its flags.
//!
//! Where mahotas differs on purpose or by mistake, the difference itself is tested:
//!
//! - Levels count from 0 there, so its sum average (6) is smaller by 2.
//! - Its difference variance (10) is by default the variance of the probabilities of the differences,
//!   over as many of them as the brightest level, which changes with a constant added to the picture.
//!   With `use_x_minus_y_variance` it is Haralick's.
//! - `preserve_haralick_bug` takes the sum variance (7) about the sum entropy, as the paper prints it.
//! - Pictures with an offset that has no pair are refused.

use crate::common::assert_close;
use crate::common::golden::{self, Texture, list, number, numbers};
use serde_json::Value;
use textura::image::{Levels, ValueRange};
use textura::texture::Engine;
use textura::texture::glcm::{Counts, Offset, Statistics};

/// What was compared: an empty list must not pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    pictures: usize,
    values: usize,
    /// Values of mahotas that follow another definition, found where that definition puts them.
    exceptions: usize,
    refused: usize,
}

#[test]
fn the_synthetic_pictures() {
    let all = golden::fixture("haralick_mahotas.json");
    let pictures = all["pictures"].as_object().expect("pictures by name");
    let mut compared = Compared::default();
    for texture in golden::synthetic() {
        compare(&texture, list(&pictures[&texture.name]), &mut compared);
    }
    // Nine pictures have pairs everywhere: levels and distances, variants, directions, features, engines,
    // and mean and range; of one, nothing is left when level 0 is ignored.
    let all = 9 * 6 * (4 * 4 * 13 * 2 + 2 * 13) - 6 * 4 * 13 * 2;
    let expected =
        Compared { pictures: 12, values: 19_722, exceptions: all - 19_722, refused: 3 * 6 * 4 + 6 };
    assert_eq!(compared, expected);
}

#[test]
fn the_photographs() {
    let Some(textures) = golden::photographs("oracle_glcm_mahotas") else { return };
    let mut compared = Compared::default();
    for texture in &textures {
        compare(texture, list(&texture.golden["haralick_mahotas"]), &mut compared);
    }
    assert_eq!(compared.pictures, 3);
    assert_eq!(compared.values + compared.exceptions, 3 * 6 * (4 * 13 * 4 * 2 + 2 * 13));
}

fn compare(texture: &Texture, golden: &[Value], compared: &mut Compared) {
    compared.pictures += 1;
    assert_eq!(golden.len(), 6, "{}", texture.name);
    for entry in golden {
        for variant in ["default", "x_minus_y_variance", "haralick_bug", "ignore_zeros"] {
            let values = &entry[variant];
            if values.get("error").is_some() {
                compared.refused += 1;
                continue;
            }
            for engine in [Engine::Fast, Engine::Reference] {
                let what = format!("{} {variant} {engine:?}", texture.name);
                let ours = ours(texture, entry, variant == "ignore_zeros", engine);
                let rows = ours.iter().map(|one| theirs(one, variant)).collect::<Vec<_>>();
                let largest = largest(values);
                for (ours, row) in rows.iter().zip(list(values)) {
                    compare_row(ours, &numbers(row), &largest, &what, compared);
                }
                if variant == "default" && engine == Engine::Fast {
                    compare_aggregates(&rows, entry, &largest, &what, compared);
                }
            }
        }
    }
}

/// A value, and whether it follows another definition than ours.
type Definition = (f64, bool);

/// One direction: the matrix's statistics and the shares of the differences as mahotas has them.
struct One {
    statistics: Statistics,
    differences: Vec<f64>,
}

fn ours(texture: &Texture, entry: &Value, ignore_zeros: bool, engine: Engine) -> Vec<One> {
    let n_levels = number(&entry["levels"]) as usize;
    let levels = Levels::fixed(&texture.picture, n_levels, ValueRange::Nominal);
    let size = number(&entry["matrix_size"]) as usize;
    let offsets = numbers(&entry["directions_dy_dx"]);
    let one = |offset: &[f64]| {
        let offset = Offset { dx: offset[1] as isize, dy: offset[0] as isize };
        let mut counts = Counts::count(&levels, offset, engine);
        if ignore_zeros {
            let cells = counts.cells().iter().enumerate();
            let kept = |(at, &count): (usize, &u64)| {
                if at / n_levels == 0 || at % n_levels == 0 { 0 } else { count }
            };
            counts = Counts::new(n_levels, cells.map(kept).collect()).expect("as many cells");
        }
        let total: u64 = counts.cells().iter().sum();
        let mut differences = vec![0.0; size];
        for (at, &count) in counts.cells().iter().enumerate().filter(|(_, count)| **count != 0) {
            differences[(at / n_levels).abs_diff(at % n_levels)] += count as f64 / total as f64;
        }
        let statistics = match engine {
            Engine::Fast => Statistics::of_symmetric(&counts),
            Engine::Reference => Statistics::of(&counts.symmetric()),
        };
        One { statistics, differences }
    };
    offsets.chunks_exact(2).map(one).collect()
}

/// The thirteen features by mahotas' definitions.
fn theirs(one: &One, variant: &str) -> [Definition; 13] {
    let s = &one.statistics;
    let from_zero = s.sum_average - 2.0;
    let sum_variance = match variant {
        "haralick_bug" => (s.cluster_tendency + (from_zero - s.sum_entropy).powi(2), true),
        _ => (s.cluster_tendency, false),
    };
    let difference_variance = match variant {
        "x_minus_y_variance" => (s.difference_variance, false),
        _ => {
            let n = one.differences.len() as f64;
            let mean = one.differences.iter().sum::<f64>() / n;
            (one.differences.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / n, true)
        }
    };
    [
        (s.asm, false),
        (s.contrast, false),
        (s.correlation, false),
        (s.variance, false),
        (s.homogeneity, false),
        (from_zero, true),
        sum_variance,
        (s.sum_entropy, false),
        (s.entropy, false),
        difference_variance,
        (s.difference_entropy, false),
        (s.information_correlation_1, false),
        (s.information_correlation_2, false),
    ]
}

/// The largest value of each feature, for those that cancellation brought near zero.
fn largest(rows: &Value) -> Vec<f64> {
    let rows: Vec<Vec<f64>> = list(rows).iter().map(numbers).collect();
    (0..13).map(|k| rows.iter().map(|row| row[k].abs()).fold(0.0, f64::max)).collect()
}

fn compare_row(
    ours: &[Definition; 13],
    golden: &[f64],
    largest: &[f64],
    what: &str,
    compared: &mut Compared,
) {
    assert_eq!(golden.len(), 13, "{what}");
    for (k, (&(value, is_other), &expected)) in ours.iter().zip(golden).enumerate() {
        assert_close(
            value,
            expected,
            1e-9,
            floor(k, largest[k]),
            format!("{what} haralick {}", k + 1),
        );
        if is_other {
            compared.exceptions += 1;
        } else {
            compared.values += 1;
        }
    }
}

/// Correlations of nothing but rounding are compared absolutely.
fn floor(k: usize, largest: f64) -> f64 {
    match k {
        2 | 11 | 12 => 1e-9,
        _ => 1e-12 * largest.max(1.0),
    }
}

/// Mean and range over the directions.
fn compare_aggregates(
    rows: &[[Definition; 13]],
    entry: &Value,
    largest: &[f64],
    what: &str,
    compared: &mut Compared,
) {
    let column = |k: usize| rows.iter().map(move |row| row[k].0);
    let mean: Vec<f64> = (0..13).map(|k| column(k).sum::<f64>() / rows.len() as f64).collect();
    let range: Vec<f64> = (0..13)
        .map(|k| column(k).fold(f64::MIN, f64::max) - column(k).fold(f64::MAX, f64::min))
        .collect();
    for (name, values) in [("default_mean", mean), ("default_ptp", range)] {
        let mut row = [(0.0, false); 13];
        for (k, value) in values.into_iter().enumerate() {
            // A range knows nothing of where levels begin to count.
            row[k] = (value, rows[0][k].1 && !(name == "default_ptp" && k == 5));
        }
        compare_row(&row, &numbers(&entry[name]), largest, &format!("{what} {name}"), compared);
    }
}
