//! LBP against golden whole-number codes for (8,1), (16,2), (24,3): sample offsets rounded to multiples
//! of 1e-5, exact comparison, pixels outside the picture 0. They were recorded beside
//! `local_binary_pattern` of scikit-image 0.26.0 (numpy 2.4.6), methods `default`, `ror`, `uniform` (our
//! riu2), `nri_uniform` (our u2) and `var`. Every value recorded there is compared.
//!
//! scikit-image interpolates in floats, so where a sample ties with its centre it can fall on the wrong
//! side: at P = 24 in 3 riu2 bins (9 turned codes) of the photograph `brick_128` and in 1 (2) of
//! `camera_64`. There the exact codes are followed, not scikit-image. Its variances are NaN where ours are
//! 0. Our variances are whole numbers divided once; theirs cancel in floats, hence the tolerance.

use std::collections::BTreeMap;

use crate::common::assert_close;
use crate::common::golden::{self, Texture, indices, list, number, numbers};
use serde_json::Value;
use textura::image::Gray;
use textura::texture::lbp::{Border, Ring, codes, riu2, ror, u2, variances};

/// What was compared: an empty list must not pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    files: usize,
    rings: usize,
    /// Pixels whose codes were counted into the histograms below.
    pixels: usize,
    /// Columns and rows of samples, and numbers of pixels whose samples tie.
    offsets: usize,
    ties: usize,
    /// Exact histograms, and single codes and bins, pixel by pixel, which small pictures have.
    histograms: usize,
    codes: usize,
    /// The same of scikit-image, equal to ours, and pixels where it is known to err.
    peer_histograms: usize,
    peer_codes: usize,
    peer_riu2_errors: usize,
    peer_turned_errors: usize,
    /// Summaries of variances, exact and of scikit-image.
    variances: usize,
    peer_variances: usize,
}

#[test]
fn the_synthetic_pictures() {
    let expected = Compared {
        files: 12,
        rings: 12 * 3,
        pixels: 3 * (256 + 576 + 20 + 256 + 1024 + 16 + 36 + 1 + 1280 + 20 + 2304 + 576),
        offsets: 12 * 2 * (8 + 16 + 24),
        ties: 12 * 3 * 2,
        histograms: 12 * (4 + 2 + 2), // `default` and `nri_uniform` are written down for P = 8 alone
        // All but the two largest pictures; three lists at P = 8, one each at 16 and 24.
        codes: (256 + 576 + 20 + 256 + 1024 + 16 + 36 + 1 + 20 + 576) * (3 + 1 + 1),
        peer_histograms: 12 * (4 + 2 + 2),
        peer_codes: (256 + 576 + 20 + 256 + 1024 + 16 + 36 + 1 + 20 + 576) * (3 + 1 + 1),
        peer_riu2_errors: 0,
        peer_turned_errors: 0,
        variances: 12 * 3 * 3,
        peer_variances: 12 * 3 * 4,
    };
    assert_eq!(compare(&golden::synthetic()), expected);
}

#[test]
fn the_photographs() {
    let Some(textures) = golden::photographs("oracle_lbp_exact") else { return };
    let expected = Compared {
        files: 3,
        rings: 3 * 3,
        pixels: 3 * (128 * 128 + 64 * 64 + 96 * 96),
        offsets: 3 * 2 * (8 + 16 + 24),
        ties: 3 * 3 * 2,
        histograms: 3 * (4 + 2 + 2),
        codes: 0,
        peer_histograms: 3 * (4 + 2 + 2) - 4,
        peer_codes: 0,
        // At P = 24: brick and camera.
        peer_riu2_errors: 3 + 1,
        peer_turned_errors: 9 + 2,
        variances: 3 * 3, // of camera alone
        peer_variances: 3 * 3 * 4,
    };
    assert_eq!(compare(&textures), expected);
}

fn compare(textures: &[Texture]) -> Compared {
    let mut compared = Compared::default();
    for texture in textures {
        compared.files += 1;
        for golden in list(&texture.golden["lbp"]) {
            compared.rings += 1;
            compare_ring(texture, golden, &mut compared);
        }
    }
    compared
}

fn compare_ring(texture: &Texture, golden: &Value, compared: &mut Compared) {
    let p = number(&golden["P"]) as usize;
    let ring = Ring::new(p, number(&golden["R"])).expect("a ring that can be");
    let what = format!("{} P {p}", texture.name);
    let found = codes(&texture.picture, &ring, Border::Zero);
    assert_eq!(found.len(), number(&golden["pixels"]) as usize, "{what}");
    compared.pixels += found.len();
    compare_offsets(&texture.picture, &ring, golden, compared);

    let whole: Vec<usize> = found.iter().map(|&code| code as usize).collect();
    let turned: Vec<usize> = found.iter().map(|&code| ror(code, p) as usize).collect();
    let uniform: Vec<usize> = found.iter().map(|&code| riu2(code, p)).collect();
    let directed: Vec<usize> = found.iter().map(|&code| u2(code, p)).collect();
    for (name, found) in
        [("default", whole), ("ror", turned), ("uniform", uniform), ("nri_uniform", directed)]
    {
        let Some(golden) = golden.get(name) else {
            assert!(p != 8 && matches!(name, "default" | "nri_uniform"), "{what} {name}");
            continue;
        };
        let errors = number(&golden["pixels_where_skimage_differs_from_exact"]) as usize;
        if name == "uniform" {
            compared.peer_riu2_errors += errors;
        } else {
            compared.peer_turned_errors += errors;
        }
        let what = format!("{what} {name}");
        assert_eq!(histogram(&found), counts(&golden["exact"]), "{what}");
        compared.histograms += 1;
        let theirs = counts(&golden["skimage"]);
        if errors == 0 {
            assert_eq!(histogram(&found), theirs, "{what} scikit-image");
            compared.peer_histograms += 1;
        } else {
            assert!(p == 24 && ["brick_128", "camera_64"].contains(&&*texture.name), "{what}");
            assert!(moved(&histogram(&found), &theirs) <= errors, "{what} scikit-image");
        }
        if let Some(codes) = golden.get("exact_codes") {
            assert_eq!(found, indices(codes), "{what}");
            compared.codes += found.len();
            assert_eq!(found, indices(&golden["skimage_codes"]), "{what} scikit-image");
            compared.peer_codes += found.len();
        }
    }
    compare_variances(&what, &variances(&texture.picture, &ring, Border::Zero), golden, compared);
}

/// Where the samples lie, and at how many pixels an interpolated one equals the centre or lies within
/// 1e-5 of it.
fn compare_offsets(picture: &Gray, ring: &Ring, golden: &Value, compared: &mut Compared) {
    let signed = |key: &str| numbers(&golden[key]).into_iter().map(|v| v as i64);
    let expected: Vec<_> = signed("offset_col_1e-5").zip(signed("offset_row_1e-5")).collect();
    let offsets: Vec<_> = ring.offsets().collect();
    assert_eq!(offsets, expected);
    compared.offsets += 2 * offsets.len();

    let interpolated = || {
        let is_between = |&&(dx, dy): &&(i64, i64)| dx % 100_000 != 0 || dy % 100_000 != 0;
        offsets.iter().filter(is_between).copied()
    };
    let count = |within: i64| {
        let ties = |at: &usize| {
            let (x, y) = ((at % picture.width()) as i64, (at / picture.width()) as i64);
            let centre = value(picture, x, y) * 10_000_000_000;
            interpolated().any(|offset| (sample(picture, x, y, offset) - centre).abs() <= within)
        };
        (0..picture.area()).filter(ties).count()
    };
    let names = [("pixels_with_exact_interpolated_tie", 0), ("pixels_with_near_tie_1e-5", 100_000)];
    for (name, within) in names {
        assert_eq!(count(within), number(&golden[name]) as usize, "{name}");
        compared.ties += 1;
    }
}

/// The grey value, 0 outside.
fn value(picture: &Gray, x: i64, y: i64) -> i64 {
    let inside = |v: i64, size: usize| usize::try_from(v).ok().filter(|&v| v < size);
    let at = inside(x, picture.width()).zip(inside(y, picture.height()));
    at.map_or(0, |(x, y)| picture.value(x, y).into())
}

/// The bilinear sample, times 1e10.
fn sample(picture: &Gray, x: i64, y: i64, (dx, dy): (i64, i64)) -> i64 {
    let (left, right) = (x + dx.div_euclid(100_000), dx.rem_euclid(100_000));
    let (top, down) = (y + dy.div_euclid(100_000), dy.rem_euclid(100_000));
    let row =
        |y: i64| value(picture, left, y) * (100_000 - right) + value(picture, left + 1, y) * right;
    row(top) * (100_000 - down) + row(top + 1) * down
}

type Histogram = BTreeMap<usize, usize>;

fn histogram(values: &[usize]) -> Histogram {
    let mut counts = BTreeMap::new();
    for &value in values {
        *counts.entry(value).or_insert(0) += 1;
    }
    counts
}

/// Golden counts, which are written down either for every bin or for those that occur.
fn counts(golden: &Value) -> Histogram {
    let Some(sparse) = golden.get("sparse") else {
        let all = indices(&golden["counts"]);
        assert_eq!(number(&golden["bins"]) as usize, all.len());
        return (0..).zip(all).filter(|&(_, count)| count != 0).collect();
    };
    let sparse = sparse.as_object().expect("counts by code").iter();
    sparse.map(|(code, n)| (code.parse().expect("a code"), number(n) as usize)).collect()
}

/// How many pixels must change their bin to make one histogram the other.
fn moved(a: &Histogram, b: &Histogram) -> usize {
    let more = |a: &Histogram, b: &Histogram| -> usize {
        a.iter().map(|(bin, count)| count.saturating_sub(*b.get(bin).unwrap_or(&0))).sum()
    };
    more(a, b).max(more(b, a))
}

fn compare_variances(what: &str, found: &[f64], golden: &Value, compared: &mut Compared) {
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let largest = found.iter().copied().fold(0.0, f64::max);
    let zeros = found.iter().filter(|&&v| v == 0.0).count();
    let least = found.iter().copied().filter(|&v| v != 0.0).fold(f64::INFINITY, f64::min);
    let close = |found: f64, golden: &Value, name: &str| {
        let floor = 1e-12 * largest;
        assert_close(found, number(golden), 1e-12, floor, format!("{what} {name}"));
    };
    let exact = &golden["var"]["exact"];
    if !exact.is_null() {
        assert_eq!(zeros, number(&exact["zero_count"]) as usize, "{what}");
        close(mean, &exact["mean"], "mean");
        close(largest, &exact["max"], "max");
        compared.variances += 3;
    }
    let theirs = &golden["var"]["skimage"];
    assert_eq!(zeros, number(&theirs["nan_count"]) as usize, "{what} scikit-image");
    close(mean, &theirs["mean_nan_as_0"], "mean, scikit-image");
    if zeros == found.len() {
        assert!(theirs["max"].is_null() && theirs["min_finite"].is_null(), "{what}");
    } else {
        close(largest, &theirs["max"], "max, scikit-image");
        close(least, &theirs["min_finite"], "min, scikit-image");
    }
    compared.peer_variances += 4;
}
