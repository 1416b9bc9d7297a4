//! What mahotas 1.4.19 (`features.lbp`) and OpenCV 5.0.0 (`face.LBPHFaceRecognizer`, the histogram that
//! training stores) make of the golden pictures, and how our codes are related to that.
//!
//! OpenCV has our samples and our order of bits, and looks at interior pixels. It interpolates in f32 and
//! takes a sample as equal to its centre within one epsilon, so that where one ties the bit may be lost:
//! of the constant picture every code is 223 instead of 255. With its arithmetic spelled out every value
//! is equal, and its codes differ from ours in tied bits alone, in as many pixels as stated below.
//!
//! mahotas cannot be equal: it rounds coordinates up to the next pixel instead of interpolating, so that
//! its ring lies right and down of the centre, walks clockwise from the left and sets a bit where the
//! sample is strictly brighter. With its samples spelled out every value is equal, which holds our `ror`
//! and the order of its bins against another tool at P = 8 and 16.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use crate::common::assert_close;
use crate::common::golden::{self, Texture, list, number};
use serde_json::Value;
use textura::image::Gray;
use textura::texture::lbp::{Border, Mapping, Ring, codes, ror};

/// What was compared: an empty list must not pass.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    /// Histograms of mahotas, and the pixels in them.
    turned: usize,
    turned_pixels: usize,
    /// Histograms of OpenCV, cut into cells or not, and the pixels in the whole ones.
    whole: usize,
    whole_pixels: usize,
    /// Pixels where OpenCV loses the bit of a sample that ties.
    lost: usize,
}

#[test]
fn the_synthetic_pictures() {
    let expected = Compared {
        turned: 12 * 2,
        turned_pixels: 2 * (256 + 576 + 20 + 256 + 1024 + 16 + 36 + 1 + 1280 + 20 + 2304 + 576),
        whole: 8 * 2, // not for 16 bits and pictures without an interior
        whole_pixels: 14 * 14 + 22 * 22 + 14 * 14 + 30 * 30 + 2 * 2 + 4 * 4 + 30 * 38 + 46 * 46,
        lost: 14 * 14, // the constant picture
    };
    assert_eq!(compare(&golden::synthetic()), expected);
}

#[test]
fn the_photographs() {
    let Some(textures) = golden::photographs("oracle_lbp_peers") else { return };
    let expected = Compared {
        turned: 3 * 2,
        turned_pixels: 2 * (128 * 128 + 64 * 64 + 96 * 96),
        whole: 3 * 2,
        whole_pixels: 126 * 126 + 62 * 62 + 94 * 94,
        lost: 632, // of 28,556: photographs have many ties
    };
    assert_eq!(compare(&textures), expected);
}

fn compare(textures: &[Texture]) -> Compared {
    let mut compared = Compared::default();
    for texture in textures {
        for golden in list(&texture.golden["lbp_mahotas"]) {
            compare_mahotas(texture, golden, &mut compared);
        }
        compare_opencv(texture, &texture.golden["lbph_opencv"], &mut compared);
    }
    compared
}

fn sparse(golden: &Value) -> BTreeMap<usize, f64> {
    let entries = golden.as_object().expect("values by bin").iter();
    entries.map(|(bin, value)| (bin.parse().expect("a bin"), number(value))).collect()
}

fn compare_mahotas(texture: &Texture, golden: &Value, compared: &mut Compared) {
    let (p, r) = (number(&golden["P"]) as usize, number(&golden["R"]));
    let picture = &texture.picture;
    assert_eq!(Mapping::Ror.n_bins(p).expect("few enough"), number(&golden["bins"]) as usize);
    // The bin of a code is its rank among those that are their own smallest turn.
    let own: Vec<u32> = (0..1 << p).filter(|&code| ror(code, p) == code).collect();
    let round = |v: f64| if v > 0.0 { (v + 0.5).floor() } else { (v - 0.5).ceil() };
    // Rounded half a pixel too far.
    let pixel = |at: usize, step: f64, size: usize| {
        Some(round(at as f64 - r * step + 0.5)).filter(|v| (0.0..size as f64).contains(v))
    };
    let mut counts = BTreeMap::new();
    for at in 0..picture.area() {
        let (x, y) = (at % picture.width(), at / picture.width());
        let code = (0..p).fold(0, |code, k| {
            let angle = TAU / p as f64 * k as f64;
            let column = pixel(x, angle.cos(), picture.width());
            let row = pixel(y, angle.sin(), picture.height());
            let place = column.zip(row).map(|(x, y)| (x as usize, y as usize));
            let sample = place.map_or(0, |(x, y)| picture.value(x, y));
            code | u32::from(picture.value(x, y) < sample) << k
        });
        let bin = own.binary_search(&ror(code, p)).expect("the smallest turn of a code");
        *counts.entry(bin).or_insert(0.0) += 1.0;
    }
    assert_eq!(counts, sparse(&golden["counts_sparse"]), "{} P {p}", texture.name);
    compared.turned += 1;
    compared.turned_pixels += picture.area();
}

fn compare_opencv(texture: &Texture, golden: &Value, compared: &mut Compared) {
    let picture = &texture.picture;
    let (width, height) = (picture.width().saturating_sub(2), picture.height().saturating_sub(2));
    if golden.is_null() {
        assert!(picture.bits() == 16 || width * height == 0, "{}", texture.name);
        return;
    }
    let theirs = opencv_codes(picture);
    let ring = Ring::new(8, 1).expect("a ring that can be");
    let ours = codes(picture, &ring, Border::Interior);
    assert_eq!(theirs.len(), ours.len());
    // A bit can only be lost, and only where ours comes from a tie: it goes where the centre is one
    // step brighter, so brighter that no float decides.
    for (at, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        assert_eq!(theirs & !ours, 0, "{} at {at}", texture.name);
        compared.lost += usize::from(theirs != ours);
    }
    for (name, n_cells) in [("lbph_r1_n8_grid1", 1), ("lbph_r1_n8_grid2", 2)] {
        let (columns, rows) = (width / n_cells, height / n_cells);
        let mut shares = BTreeMap::new();
        // Columns and rows that do not fill a cell are left out.
        for y in 0..rows * n_cells {
            for x in 0..columns * n_cells {
                let cell = y / rows * n_cells + x / columns;
                let bin = cell * 256 + theirs[y * width + x] as usize;
                *shares.entry(bin).or_insert(0.0) += 1.0 / (columns * rows) as f64;
            }
        }
        let expected = sparse(&golden[name]["sparse"]);
        assert_eq!(number(&golden[name]["bins"]) as usize, 256 * n_cells * n_cells);
        assert!(shares.keys().eq(expected.keys()), "{} {name}", texture.name);
        for (bin, share) in shares {
            // Their shares are f32.
            assert_close(share, expected[&bin], 1e-6, 0.0, format!("{} {name}", texture.name));
        }
        compared.whole += 1;
    }
    compared.whole_pixels += ours.len();
}

/// The codes of the interior in OpenCV's f32 arithmetic.
fn opencv_codes(picture: &Gray) -> Vec<u32> {
    let bit = |x: usize, y: usize, k: usize| {
        let angle = TAU * k as f64 / 8.0;
        let (dx, dy) = (angle.cos() as f32, -angle.sin() as f32);
        let value = |dx: f32, dy: f32| {
            f32::from(picture.value((x as f32 + dx) as usize, (y as f32 + dy) as usize))
        };
        let (left, top, right, bottom) = (dx.floor(), dy.floor(), dx.ceil(), dy.ceil());
        let (tx, ty) = (dx - left, dy - top);
        let sample = (1.0 - tx) * (1.0 - ty) * value(left, top)
            + tx * (1.0 - ty) * value(right, top)
            + (1.0 - tx) * ty * value(left, bottom)
            + tx * ty * value(right, bottom);
        let centre = f32::from(picture.value(x, y));
        centre < sample || (sample - centre).abs() < f32::EPSILON
    };
    let (width, height) = (picture.width(), picture.height());
    let centres = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (x, y)));
    let code = |(x, y)| (0..8).fold(0, |code, k| code | u32::from(bit(x, y, k)) << k);
    centres.map(code).collect()
}
