//! Forms of files as people have them: transparent pixels, floats by a range, several pages.

use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgba, RgbaImage};
use textura::random::Random;
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::{Gray8, Gray32Float};

use super::support::Folder;

const SIDE: u32 = 36;

/// A round cut-out of a texture of dots or of stripes, behind which `hidden` stands.
fn cut_out(is_dots: bool, hidden: u8, seed: u64) -> RgbaImage {
    let mut random = Random::new(seed, 5);
    RgbaImage::from_fn(SIDE, SIDE, |x, y| {
        let tone = if is_dots { (x / 3 + y / 3) % 2 } else { y / 3 % 2 };
        let gray = 60 + 100 * tone as u8 + random.below(30) as u8;
        let is_inside = x.abs_diff(SIDE / 2).pow(2) + y.abs_diff(SIDE / 2).pow(2) < 16 * 16;
        if is_inside { Rgba([gray, gray, gray, 255]) } else { Rgba([hidden, hidden, hidden, 0]) }
    })
}

#[test]
fn what_transparent_pixels_hide_does_not_matter_where_they_are_masked() {
    let folder = Folder::new();
    for (kind, hidden) in [("black", 0), ("white", 255)] {
        for (class, is_dots) in [("dots", true), ("stripes", false)] {
            let place = folder.path(format!("{kind}/{class}"));
            std::fs::create_dir_all(&place).unwrap();
            for seed in 0..8 {
                cut_out(is_dots, hidden, seed).save(place.join(format!("{seed}.png"))).unwrap();
            }
        }
    }
    let rows = |command: &[&str]| {
        let mut rows = folder.run(command).expect(0).table();
        rows.iter_mut().for_each(|row| row.retain(|column, _| column != "path"));
        rows
    };
    let score =
        |kind: &str, alpha: &str| rows(&["score", kind, "--descriptor", "fast", "--alpha", alpha]);
    assert_eq!(score("black", "mask"), score("white", "mask"));
    // The same in files of 16 bits.
    for (class, is_dots) in [("dots", true), ("stripes", false)] {
        let place = folder.path(format!("deep/{class}"));
        std::fs::create_dir_all(&place).unwrap();
        for seed in 0..8 {
            let cut_out = DynamicImage::ImageRgba8(cut_out(is_dots, 77, seed));
            cut_out.to_rgba16().save(place.join(format!("{seed}.png"))).unwrap();
        }
    }
    assert_eq!(score("black", "mask"), score("deep", "mask"));
    assert!(score("black", "mask").iter().all(|row| row["flags"].is_empty()));
    assert_ne!(score("black", "ignore"), score("white", "ignore"));
    assert!(score("black", "ignore").iter().all(|row| row["flags"].contains("alpha_ignored")));

    // A model keeps the rule it was made with.
    let train = ["train", "black", "--model", "m.json", "--descriptor", "fast", "--alpha", "mask"];
    folder.run(train).expect(0);
    let black = rows(&["classify", "m.json", "black", "--reject-at", "none"]);
    assert_eq!(black, rows(&["classify", "m.json", "white", "--reject-at", "none"]));
    let labels: Vec<&str> = black.iter().map(|row| row["label"].as_str()).collect();
    assert_eq!(labels, [["dots"; 8], ["stripes"; 8]].concat());

    // Where nothing is left, the row says so.
    RgbaImage::new(9, 9).save(folder.path("none.png")).unwrap();
    let run = folder.run(["score", "none.png", "--alpha", "mask"]).expect(3);
    assert!(run.table()[0]["error"].contains("transparent everywhere"), "{}", run.out());
}

#[test]
fn floats_are_read_by_a_range_and_else_named() {
    let folder = Folder::new();
    let mut random = Random::new(3, 3);
    let numbers: Vec<u16> = (0..SIDE * SIDE).map(|_| random.below(65_536) as u16).collect();
    let floats: Vec<f32> = numbers.iter().map(|&v| f32::from(v) / 65_535.0 * 3.0 - 1.0).collect();
    let file = std::fs::File::create(folder.path("heights.tif")).unwrap();
    let mut encoder = TiffEncoder::new(file).unwrap();
    encoder.write_image::<Gray32Float>(SIDE, SIDE, &floats).unwrap();
    drop(encoder);
    let deep = ImageBuffer::<Luma<u16>, _>::from_raw(SIDE, SIDE, numbers).unwrap();
    deep.save(folder.path("heights.png")).unwrap();

    let refused = folder.run(["score", "heights.tif"]).expect(3).table();
    let error = &refused[0]["error"];
    assert!(error.contains("found floating point numbers of 32 bits"), "{error}");
    assert!(error.contains("--range"), "{error}");
    let mut read = folder.run(["score", "heights.tif", "--range", "-1,2"]).expect(0).table();
    let mut right = folder.run(["score", "heights.png"]).expect(0).table();
    [&mut read, &mut right].iter_mut().for_each(|rows| {
        rows[0].remove("path");
    });
    assert_eq!(read, right);
}

#[test]
fn pages_that_are_not_read_are_said() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("in")).unwrap();
    let file = std::fs::File::create(folder.path("in/stack.tif")).unwrap();
    let mut encoder = TiffEncoder::new(file).unwrap();
    for seed in 0..3 {
        let mut random = Random::new(seed, 1);
        let page: Vec<u8> = (0..SIDE * SIDE).map(|_| random.below(256) as u8).collect();
        encoder.write_image::<Gray8>(SIDE, SIDE, &page).unwrap();
    }
    drop(encoder);
    let flags = |pages: &[&str]| {
        let args = ["score", "in", "--descriptor", "fast"].iter().chain(pages);
        let rows = folder.run(args).expect(0).table();
        rows.iter().map(|row| row["flags"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(flags(&[]), ["pages_ignored"]);
    assert_eq!(flags(&["--pages", "all"]), ["", "", ""]);
    let scan = folder.run(["scan", "in", "--json"]).expect(0).json();
    let kinds: Vec<&str> =
        scan["findings"].as_array().unwrap().iter().map(|f| f["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"pages"), "{kinds:?}");
    GrayImage::new(SIDE, SIDE).save(folder.path("in/stack.tif")).unwrap();
    let scan = folder.run(["scan", "in", "--json"]).json();
    assert!(!scan["findings"].to_string().contains("\"pages\""));
}
