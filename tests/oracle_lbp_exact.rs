//! LBP codes against golden whole-number codes for (8,1), (16,2), (24,3): sample offsets rounded to
//! multiples of 1e-5, exact comparison, pixels outside the picture 0. They were recorded beside
//! `local_binary_pattern` of scikit-image 0.26.0 (numpy 2.4.6), methods `default`, `ror` and `uniform`.
//!
//! scikit-image interpolates in floats, so where a sample ties with its centre it can fall on the wrong
//! side: 4 pixels of the photographs. There the exact codes are followed, not scikit-image.

mod common;

use std::collections::BTreeMap;

use common::golden::{self, Texture, indices, list, number};
use serde_json::Value;
use textura::texture::lbp::{Border, Ring, codes, riu2};

/// What was compared: an empty list must not pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    files: usize,
    rings: usize,
    /// Pixels whose codes were counted into the histograms below.
    pixels: usize,
    /// Histograms of whole codes, of turned codes and of riu2 bins.
    histograms: usize,
    /// Single codes and riu2 bins, pixel by pixel, which small pictures have.
    codes: usize,
    /// Histograms of scikit-image equal to ours, and pixels where it is known to err.
    peer_histograms: usize,
    peer_errors: usize,
}

#[test]
fn the_synthetic_pictures() {
    let expected = Compared {
        files: 12,
        rings: 12 * 3,
        pixels: 3 * (256 + 576 + 20 + 256 + 1024 + 16 + 36 + 1 + 1280 + 20 + 2304 + 576),
        histograms: 12 * (3 + 2 + 2), // `default` is written down for P = 8 alone
        // All but the two largest pictures; two lists at P = 8, one each at 16 and 24.
        codes: (256 + 576 + 20 + 256 + 1024 + 16 + 36 + 1 + 20 + 576) * (2 + 1 + 1),
        peer_histograms: 0, // left out of the committed files
        peer_errors: 0,
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
        histograms: 3 * (3 + 2 + 2),
        codes: 0,
        peer_histograms: 3 * 3 - 2,
        peer_errors: 3 + 1, // at P = 24: brick and camera
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
    let [p, r] = ["P", "R"].map(|name| number(&golden[name]) as usize);
    let what = format!("{} P {p} R {r}", texture.name);
    let ring = Ring::new(p, r).expect("a ring that can be");
    let found = codes(&texture.picture, &ring, Border::Zero);
    assert_eq!(found.len(), texture.picture.area(), "{what}");
    compared.pixels += found.len();

    if p == 8 {
        let whole: Vec<usize> = found.iter().map(|&code| code as usize).collect();
        compare_histogram(&whole, &golden["default"], &what, compared);
    }
    let bins: Vec<usize> = found.iter().map(|&code| riu2(code, p)).collect();
    compare_histogram(&bins, &golden["uniform"], &what, compared);
    compare_turned(&found, p, &golden["ror"], &what);
    compared.histograms += 1;

    let errors = number(&golden["uniform"]["pixels_where_skimage_differs_from_exact"]) as usize;
    compared.peer_errors += errors;
    if let Some(peer) = golden["uniform"].get("skimage").filter(|_| errors == 0) {
        assert_eq!(histogram(&bins, p + 2), indices(&peer["counts"]), "{what} scikit-image");
        compared.peer_histograms += 1;
    }
}

fn compare_histogram(found: &[usize], golden: &Value, what: &str, compared: &mut Compared) {
    let expected = indices(&golden["exact"]["counts"]);
    assert_eq!(number(&golden["exact"]["bins"]), expected.len() as f64, "{what}");
    assert_eq!(histogram(found, expected.len()), expected, "{what}");
    compared.histograms += 1;
    if let Some(codes) = golden.get("exact_codes") {
        assert_eq!(found, indices(codes), "{what}");
        compared.codes += found.len();
    }
}

fn histogram(values: &[usize], n_bins: usize) -> Vec<usize> {
    let mut counts = vec![0; n_bins];
    for &value in values {
        counts[value] += 1;
    }
    counts
}

/// The smallest of all turns of each code ("ror"): unlike riu2 it tells non-uniform codes apart, so it
/// pins the order of the bits at P = 16 and 24, where whole codes are not written down.
fn compare_turned(found: &[u32], p: usize, golden: &Value, what: &str) {
    let smallest = |code: u32| {
        let turn = |k: usize| (code >> k | code << (p - k)) & ((1 << p) - 1);
        (0..p).map(turn).min().unwrap_or(code)
    };
    let mut counts = BTreeMap::new();
    for &code in found {
        *counts.entry(smallest(code)).or_insert(0usize) += 1;
    }
    let sparse = golden["exact"]["sparse"].as_object().expect("counts by code");
    let expected: BTreeMap<u32, usize> = sparse
        .iter()
        .map(|(code, count)| (code.parse().expect("a code"), number(count) as usize))
        .collect();
    assert_eq!(counts, expected, "{what} turned");
}
