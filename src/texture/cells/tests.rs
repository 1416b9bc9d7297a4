use super::*;
use crate::image::{Gray, Samples, ValueRange, mirrored};
use crate::random::Random;

fn intensity(width: usize, height: usize, value: impl Fn(usize, usize) -> f64) -> Intensity {
    let values = (0..width * height).map(|at| value(at % width, at / width).round() as u8);
    let gray = Gray::new(width, height, Samples::Eight(values.collect())).unwrap();
    Intensity::of(&gray, ValueRange::Nominal)
}

fn noise(width: usize, height: usize) -> Intensity {
    let mut random = Random::new(5, 0);
    let values: Vec<f64> = (0..width * height).map(|_| 60.0 + 120.0 * random.unit()).collect();
    intensity(width, height, |x, y| values[y * width + x])
}

/// The mean of a filter's squared answers over a cell, straight from sums over pixels.
#[test]
fn the_first_scale_equals_its_definition() {
    let (width, height) = (37, 22);
    let picture = noise(width, height);
    let x = |at: isize, n: usize| mirrored(at, n);
    let value = |column: isize, row: isize| {
        let parts = picture.row(x(row, height))[x(column, width)];
        50.0 * ((f64::from(parts) / 16.0 + 16.0) / 255.0).ln()
    };
    let bell: Vec<f64> = (-3..=3).map(|k: i32| (-f64::from(k * k) / 2.0).exp()).collect();
    let sum: f64 = bell.iter().sum();
    let g: Vec<f64> = bell.iter().map(|b| b / sum).collect();
    let d: Vec<f64> = (-3..=3).zip(&g).map(|(k, g)| f64::from(k) * g).collect();
    let dx = |column: isize, row: isize| -> f64 {
        let pairs = (0..7).flat_map(|i| (0..7).map(move |j| (i, j)));
        pairs.map(|(i, j)| g[i] * d[j] * value(column + j as isize - 3, row + i as isize - 3)).sum()
    };
    let (n_rows, n_columns) = (3, 5);
    let mut map = Vec::new();
    for row in 0..n_rows {
        for column in 0..n_columns {
            let rows = row * 8..(row * 8 + 8).min(height);
            let columns = column * 8..(column * 8 + 8).min(width);
            let n = (rows.len() * columns.len()) as f64;
            let squares = rows.flat_map(|y| columns.clone().map(move |x| (x as isize, y as isize)));
            map.push((squares.map(|(x, y)| dx(x, y).powi(2)).sum::<f64>() / n) as f32);
        }
    }
    smooth(&mut map, (n_rows, n_columns), SMOOTHING[0]);
    let cells = cells(&picture);
    assert_eq!((cells.n_rows, cells.n_columns), (n_rows, n_columns));
    for (cell, mean) in map.iter().enumerate() {
        let (expected, found) = ((mean + FLOOR).ln(), cells.features[[cell, 0]]);
        assert!((expected - found).abs() < 1e-3, "{cell}: {expected} {found}");
    }
}

#[test]
fn a_factor_of_brightness_moves_the_mean_alone() {
    // x is a logarithm of I + 16: half as bright means half of I + 16.
    let bright = noise(64, 48);
    let dark = intensity(64, 48, |x, y| (f64::from(bright.row(y)[x]) / 16.0 + 16.0) / 2.0 - 16.0);
    let (bright, dark) = (cells(&bright).features, cells(&dark).features);
    for cell in 0..bright.nrows() {
        for feature in 0..N_FEATURES {
            let moved = dark[[cell, feature]] - bright[[cell, feature]];
            let expected = if feature == N_FEATURES - 2 { -50.0 * 2.0f32.ln() } else { 0.0 };
            // Grey levels are rounded.
            assert!((moved - expected).abs() < 0.35, "{cell} {feature}: {moved}");
        }
    }
}

#[test]
fn a_spot_is_seen_in_its_cell_and_every_number_is_finite_in_pictures_of_any_size() {
    let flat = cells(&intensity(80, 80, |_, _| 120.0)).features;
    let spot = cells(&intensity(80, 80, |x, y| {
        if (41..44).contains(&x) && (33..36).contains(&y) { 20.0 } else { 120.0 }
    }));
    let difference =
        |cell: usize| (&spot.features.row(cell) - &flat.row(cell)).mapv(f32::abs).sum();
    let most = (0..100).max_by(|&a, &b| difference(a).total_cmp(&difference(b)));
    assert_eq!(most, Some(4 * 10 + 5));
    let mut n_seen = 0;
    for width in [1, 2, 7, 8, 9, 33] {
        for height in [1, 3, 8, 17] {
            let cells = cells(&noise(width, height));
            assert_eq!(cells.features.nrows(), width.div_ceil(8) * height.div_ceil(8));
            assert!(cells.features.iter().all(|v| v.is_finite()), "{width} x {height}");
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 24);
}
