//! Maps of large pictures.

use std::path::Path;

use image::{GrayImage, ImageReader, Luma, RgbImage};

use super::support::{Folder, columns, read_table};

/// A picture that is flat stripes on the left and a fine board on the right, and classes to learn them from.
fn two_textures(folder: &Folder) {
    let stripes = |x: u32, y: u32, shift: u32| {
        if ((x + shift) / 4).is_multiple_of(2) { 60 } else { 200 + (y % 3) as u8 }
    };
    let board = |x: u32, y: u32, shift: u32| {
        if (x + y + shift).is_multiple_of(2) { 90 } else { 150 + (x % 5) as u8 }
    };
    let draw = |name: &Path, width, height, value: &dyn Fn(u32, u32) -> u8| {
        std::fs::create_dir_all(name.parent().unwrap()).unwrap();
        GrayImage::from_fn(width, height, |x, y| Luma([value(x, y)])).save(name).unwrap();
    };
    for k in 0..10 {
        draw(&folder.path(format!("two/stripes/{k}.png")), 32, 32 + k, &|x, y| stripes(x, y, k));
        draw(&folder.path(format!("two/board/{k}.png")), 32, 32 + k, &|x, y| board(x, y, k));
    }
    draw(&folder.path("scene.png"), 150, 80, &|x, y| {
        if x < 75 { stripes(x, y, 0) } else { board(x, y, 0) }
    });
    draw(&folder.path("small.png"), 31, 80, &|x, y| stripes(x, y, 0));
}

fn model(folder: &Folder, tile: &[&str]) {
    two_textures(folder);
    let args = ["train", "two", "--model", "m.json", "--descriptor", "fast", "--epochs", "40"];
    folder.run(args.iter().chain(tile)).expect(0);
}

fn pixels(folder: &Folder, name: &str) -> RgbImage {
    ImageReader::open(folder.path(name)).unwrap().decode().unwrap().to_rgb8()
}

#[test]
fn a_model_finds_two_textures_where_they_are() {
    let folder = Folder::new();
    model(&folder, &["--tile", "32"]);
    let maps =
        ["-o", "a.png", "-o", "a.tif", "--table", "a.csv", "--stride", "8", "--reject-at", "none"];
    let run = folder.run(["map", "m.json", "scene.png"].iter().chain(&maps)).expect(0);
    assert!(run.out().contains("16 x 7 windows of 32 x 32 pixels, stride 8"), "{}", run.out());

    let text = std::fs::read_to_string(folder.path("a.csv")).unwrap();
    assert_eq!(
        columns(&text),
        ["x", "y", "label", "probability", "familiarity", "p_board", "p_stripes"]
    );
    let rows = read_table(text.as_bytes());
    // Windows stand at 0, 8, ..., 112 and flush with the edge at 118; at 0, 8, ..., 48 from the top.
    assert_eq!(rows.len(), 16 * 7);
    let mut n_whole = 0;
    for (at, row) in rows.iter().enumerate() {
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        assert_eq!(number("x"), [8 * (at % 16), 118][usize::from(at % 16 == 15)] as f64);
        assert_eq!(number("y"), (8 * (at / 16)) as f64);
        assert!((number("p_board") + number("p_stripes") - 1.0).abs() < 1e-12);
        let expected = match number("x") {
            x if x + 32.0 <= 75.0 => "stripes",
            x if 75.0 <= x => "board",
            _ => continue,
        };
        assert_eq!(row["label"], expected, "window {at}");
        n_whole += 1;
    }
    assert_eq!(n_whole, 7 * (6 + 6));

    let tif = ImageReader::open(folder.path("a.tif")).unwrap().decode().unwrap().into_luma16();
    assert_eq!(tif.dimensions(), (16, 7));
    for (value, row) in tif.pixels().zip(&rows) {
        // 0 is kept for windows without a class.
        assert_eq!(value.0[0], if row["label"] == "board" { 1 } else { 2 });
    }

    let png = pixels(&folder, "a.png");
    let scene = pixels(&folder, "scene.png");
    assert!(png.width() >= 150 && png.height() > 80, "{:?}", png.dimensions());
    // Half of the class's colour lies over the grey picture.
    for (x, y, color) in [(5, 5, [0, 114, 178]), (145, 70, [230, 159, 0])] {
        let gray = f64::from(scene.get_pixel(x, y).0[0]);
        let mixed = color.map(|c| ((gray + f64::from(c)) / 2.0).round() as u8);
        assert_eq!(png.get_pixel(x, y).0, mixed);
    }
    // The legend has both colours and letters.
    let legend: Vec<[u8; 3]> = png.rows().skip(80).flatten().map(|pixel| pixel.0).collect();
    for color in [[0, 114, 178], [230, 159, 0], [0, 0, 0], [255, 255, 255]] {
        assert!(legend.contains(&color), "{color:?} is missing");
    }
}

#[test]
fn maps_are_the_same_whatever_the_jobs_and_the_engine() {
    let folder = Folder::new();
    model(&folder, &["--tile", "32"]);
    let run = |place: &str, flags: &[&str]| {
        std::fs::create_dir(folder.path(place)).unwrap();
        let files = ["a.png", "a.tif", "a.csv", "b.png", "b.tif", "b.jsonl"];
        let [png, tif, csv, other_png, other_tif, jsonl] = files.map(|f| format!("{place}/{f}"));
        let of_model = [
            "map",
            "m.json",
            "scene.png",
            "-o",
            &png,
            "-o",
            &tif,
            "--table",
            &csv,
            "--stride",
            "3",
        ];
        folder.run(of_model.iter().chain(flags)).expect(0);
        let of_feature = [
            "map",
            "--feature",
            "glcm_d1_mean_contrast",
            "scene.png",
            "-o",
            &other_png,
            "-o",
            &other_tif,
            "--table",
            &jsonl,
            "--window",
            "16",
            "--float",
        ];
        folder.run(of_feature.iter().chain(flags)).expect(0);
        files.map(|file| std::fs::read(folder.path(place).join(file)).unwrap())
    };
    let one = run("jobs-1", &["-j", "1"]);
    assert!(one == run("jobs-2", &["-j", "2"]), "-j 2 gives other bytes");
    // The plain engine shares nothing; its floats may differ in the last digits, its labels do not.
    let plain = run("plain", &["--engine", "reference"]);
    assert!(one[0] == plain[0] && one[1] == plain[1]);
}

#[test]
fn a_window_of_the_map_is_a_picture_classified() {
    let folder = Folder::new();
    model(&folder, &[]);
    // Without a size of its own, the model is told one; the views of every window are averaged.
    folder
        .run(["map", "m.json", "scene.png", "--table", "a.csv", "--window", "32", "--stride", "59"])
        .expect(0);
    let rows = read_table(std::fs::File::open(folder.path("a.csv")).unwrap());
    assert_eq!(rows.len(), 3 * 2);
    let scene = ImageReader::open(folder.path("scene.png")).unwrap().decode().unwrap().to_luma8();
    for row in &rows {
        let number = |name: &str| row[name].parse::<u32>().unwrap();
        let cut = image::imageops::crop_imm(&scene, number("x"), number("y"), 32, 32).to_image();
        cut.save(folder.path("cut.png")).unwrap();
        let alone = folder.run(["classify", "m.json", "cut.png"]).expect(0).table().remove(0);
        for name in ["label", "probability", "familiarity", "p_board", "p_stripes"] {
            assert_eq!(row[name], alone[name], "{name}");
        }
    }
}

#[test]
fn a_feature_is_mapped_without_a_model() {
    let folder = Folder::new();
    two_textures(&folder);
    for (feature, flags) in [
        ("glcm_d1_mean_contrast", vec![]),
        ("texture_score", vec![]),
        ("lbp_p8r1_u2_58", vec!["--descriptor", "full"]),
        ("stat_mean", vec!["--bits", "12"]),
        ("red_glcm_d2_range_asm", vec![]),
    ] {
        let args = [
            "map",
            "--feature",
            feature,
            "scene.png",
            "-o",
            "f.png",
            "-o",
            "f.tif",
            "--table",
            "f.csv",
        ];
        let run = folder.run(args.into_iter().chain(flags)).expect(0);
        assert!(run.out().contains("4 x 2 windows of 64 x 64 pixels, stride 32"), "{}", run.out());
        let rows = read_table(std::fs::File::open(folder.path("f.csv")).unwrap());
        let values: Vec<f64> = rows.iter().map(|row| row[feature].parse().unwrap()).collect();
        assert_eq!(values.len(), 8);
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!(low < high, "{feature} is {low} everywhere");
        // The whole numbers of the TIFF give the values back.
        let tif = ImageReader::open(folder.path("f.tif")).unwrap().decode().unwrap().into_luma16();
        assert_eq!(tif.dimensions(), (4, 2));
        for (sample, value) in tif.pixels().zip(&values) {
            let read = low + f64::from(sample.0[0]) * (high - low) / 65_535.0;
            assert!((read - value).abs() <= (high - low) / 131_000.0, "{read} {value}");
        }
        let bytes = std::fs::read(folder.path("f.tif")).unwrap();
        let described = String::from_utf8_lossy(&bytes).into_owned();
        for word in [feature, "\"low\":", "\"high\":", "\"window\":64", "\"stride\":32"] {
            assert!(described.contains(word), "{word} is missing");
        }
        assert!(pixels(&folder, "f.png").height() > 80);
    }
}

#[test]
fn a_value_is_that_of_score_on_the_window_cut_out() {
    let folder = Folder::new();
    two_textures(&folder);
    let scene = ImageReader::open(folder.path("scene.png")).unwrap().decode().unwrap().to_luma8();
    image::imageops::crop_imm(&scene, 32, 16, 64, 64)
        .to_image()
        .save(folder.path("cut.png"))
        .unwrap();
    let score =
        folder.run(["score", "cut.png", "--descriptor", "fast"]).expect(0).table().remove(0);
    for feature in ["glcm_d4_range_entropy", "lbp_p24r3_riu2_25", "texture_score"] {
        folder.run(["map", "--feature", feature, "scene.png", "--table", "f.csv"]).expect(0);
        let rows = read_table(std::fs::File::open(folder.path("f.csv")).unwrap());
        let own = rows.iter().find(|row| row["x"] == "32" && row["y"] == "16").unwrap();
        assert_eq!(own[feature], score[feature], "{feature}");
    }
}

#[test]
fn what_cannot_be_mapped_is_refused_with_a_reason() {
    let folder = Folder::new();
    model(&folder, &["--tile", "32"]);
    folder.run(["train", "two", "--model", "whole.json", "--epochs", "5"]).expect(0);
    std::fs::write(folder.path("kept.png"), "old").unwrap();
    let refused = |args: &[&str], status: i32, words: &[&str]| {
        let run = folder.run(["map"].iter().chain(args)).expect(status);
        for word in words {
            assert!(run.err().contains(word), "{args:?}: {}", run.err());
        }
    };
    let cases: [(&[&str], i32, &[&str]); 11] = [
        (&["m.json", "scene.png", "-o", "kept.png", "--window", "64"], 5, &["m.json", "32", "64"]),
        (&["whole.json", "scene.png", "-o", "kept.png"], 2, &["--window"]),
        (&["m.json", "small.png", "-o", "kept.png"], 3, &["small.png", "32 x 32", "31 x 80"]),
        (&["m.json", "gone.png", "-o", "kept.png"], 1, &["gone.png"]),
        (&["m.json", "scene.png", "-o", "map.jpg"], 2, &[".png, .tif or .tiff"]),
        (&["m.json", "scene.png", "--table", "map.txt"], 2, &[".csv, .jsonl or .parquet"]),
        (&["m.json", "scene.png"], 2, &["--output"]),
        (&["scene.png", "-o", "kept.png"], 2, &["MODEL"]),
        (&["--feature", "no_such", "scene.png", "-o", "kept.png"], 2, &["no_such", "features.md"]),
        (&["m.json", "scene.png", "-o", "a.tif", "--float"], 2, &["--show"]),
        (&["m.json", "scene.png", "-o", "kept.png", "--feature", "stat_mean"], 2, &["--feature"]),
    ];
    for (args, status, words) in cases {
        refused(args, status, words);
    }
    assert_eq!(std::fs::read(folder.path("kept.png")).unwrap(), b"old");
}

#[test]
fn probability_and_familiarity_are_numbers_from_0_to_1() {
    let folder = Folder::new();
    model(&folder, &["--tile", "32"]);
    for show in ["probability", "familiarity"] {
        let args =
            ["map", "m.json", "scene.png", "-o", "n.tif", "--table", "n.csv", "--show", show];
        folder.run(args).expect(0);
        let rows = read_table(std::fs::File::open(folder.path("n.csv")).unwrap());
        let tif = ImageReader::open(folder.path("n.tif")).unwrap().decode().unwrap().into_luma16();
        assert_eq!(rows.len(), tif.pixels().len());
        assert!(!rows.is_empty());
        for (sample, row) in tif.pixels().zip(&rows) {
            let value: f64 = row[show].parse().unwrap();
            assert_eq!(f64::from(sample.0[0]), (value * 65_535.0).round());
        }
    }
}
