//! `--flat-field`: pictures divided by the picture of an empty surface.

use std::collections::BTreeMap;

use image::{GrayImage, ImageBuffer, ImageReader, Luma, RgbImage};

use super::support::{Folder, fixtures};

const SIDE: u32 = 64;

/// How bright a column is lit: from 0.5 to 1.5, on average 1.
fn light(x: u32) -> f64 {
    0.5 + f64::from(x) / f64::from(SIDE - 1)
}

fn texture() -> GrayImage {
    let path = fixtures("textures/brick/brick_00.png");
    ImageReader::open(path).unwrap().decode().unwrap().to_luma8()
}

/// A picture of 16 bits of one value a pixel.
fn deep(value: impl Fn(u32, u32) -> f64) -> ImageBuffer<Luma<u16>, Vec<u16>> {
    ImageBuffer::from_fn(SIDE, SIDE, |x, y| Luma([value(x, y).round() as u16]))
}

/// The surface where nothing is: in 16 bits, and in 8, where the steps are coarser.
fn with_references(folder: &Folder) {
    deep(|x, _| 30_000.0 * light(x)).save(folder.path("flat.png")).unwrap();
    let eight = GrayImage::from_fn(SIDE, SIDE, |x, _| Luma([(160.0 * light(x)).round() as u8]));
    eight.save(folder.path("flat8.png")).unwrap();
}

type Row = BTreeMap<String, String>;

/// The features of a row.
fn features(row: &Row) -> Vec<f64> {
    let names = row.keys().filter(|name| name.starts_with("glcm") || name.starts_with("lbp"));
    names.map(|name| row[name].parse().unwrap()).collect()
}

fn distance(one: &[f64], other: &[f64]) -> f64 {
    assert!(one.len() == 90 && other.len() == 90);
    one.iter().zip(other).map(|(a, b)| (a - b).abs() / (a.abs() + b.abs()).max(1e-3)).sum()
}

fn score(folder: &Folder, flags: &[&str]) -> Vec<Row> {
    folder.run(["score", "--descriptor", "fast"].iter().chain(flags)).expect(0).table()
}

/// Invariant: what an uneven light does to a picture is undone by the picture of that light.
#[test]
fn a_picture_in_uneven_light_gives_the_features_of_the_one_in_even_light() {
    let folder = Folder::new();
    with_references(&folder);
    let texture = texture();
    let value = |x, y| 150.0 * f64::from(texture.get_pixel(x, y).0[0]) + 11.0;
    deep(value).save(folder.path("even.png")).unwrap();
    deep(|x, y| light(x) * value(x, y)).save(folder.path("uneven.png")).unwrap();
    let of = |flags: &[&str]| features(&score(&folder, flags)[0]);
    let even = of(&["even.png"]);
    let without = distance(&even, &of(&["uneven.png"]));
    // In 16 bits rounding moves a value by 1 at the most; in 8 bits by one in 160 of it.
    for (name, most) in [("flat.png", 0.02), ("flat8.png", 0.15)] {
        let with = distance(&even, &of(&["uneven.png", "--flat-field", name]));
        assert!(with < most * without, "{name}: {with} of {without}");
    }
}

/// Mechanics: the same as of a picture that was divided by hand, in grey and in colours, in every command that measures.
#[test]
fn a_picture_is_divided_before_anything_else_is_done() {
    let folder = Folder::new();
    folder.small_model();
    with_references(&folder);
    let texture = texture();
    let flat = ImageReader::open(folder.path("flat.png")).unwrap().decode().unwrap().into_luma16();
    let mean = flat.pixels().map(|pixel| f64::from(pixel.0[0])).sum::<f64>() / 4096.0;
    let divide = |x, y, value: u8| {
        let by = f64::from(flat.get_pixel(x, y).0[0]);
        (f64::from(value) * mean / by).round().min(255.0) as u8
    };
    let lit = |factor: f64| move |x, value: u8| (f64::from(value) * light(x) * factor) as u8;
    for name in ["asis", "divided"] {
        std::fs::create_dir(folder.path(name)).unwrap();
        let value = |x, y, value| if name == "asis" { value } else { divide(x, y, value) };
        let gray = |x, y| value(x, y, lit(0.9)(x, texture.get_pixel(x, y).0[0]));
        let gray = GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([gray(x, y)]));
        gray.save(folder.path(format!("{name}/a.png"))).unwrap();
    }
    let flag = ["--flat-field", "../flat.png"];
    let mut n_commands = 0;
    for command in [
        "score . --descriptor fast --range 20,200",
        "score . --model ../model.json",
        "classify ../model.json .",
        "explain ../model.json a.png --json",
        "map ../model.json a.png --window 32 --show probability --float -o ../map.tif",
        "map --feature texture_score a.png --window 32 -o ../map.tif",
        "scan .",
    ] {
        let words = || command.split(' ');
        let run = |name: &str, flags: &[&str]| {
            let mut command = folder.command(words());
            command.args(flags);
            command.current_dir(folder.path(name));
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let map = std::fs::read(folder.path("map.tif")).unwrap_or_default();
            // The file itself, and what it is called, are others.
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            (text.replace("divided", "asis"), map)
        };
        let (with, by_hand) = (run("asis", &flag), run("divided", &[]));
        assert!(with == by_hand, "{command}\n{}\n{}", with.0, by_hand.0);
        // A summary of a scan does not look at the values of a picture that is no copy.
        assert_eq!(with == run("asis", &[]), command == "scan .", "{command}");
        n_commands += 1;
    }
    assert_eq!(n_commands, 7);

    let color = |divided: bool| {
        RgbImage::from_fn(SIDE, SIDE, |x, y| {
            let value = lit(0.6)(x, texture.get_pixel(x, y).0[0]);
            let rgb = [value, value / 2, 255 - value];
            image::Rgb(if divided { rgb.map(|v| divide(x, y, v)) } else { rgb })
        })
    };
    color(false).save(folder.path("color.png")).unwrap();
    color(true).save(folder.path("by_hand.png")).unwrap();
    for channels in ["rgb", "opponent"] {
        let of = |flags: &[&str]| {
            let mut row =
                score(&folder, &[&["--channels", channels][..], flags].concat()).remove(0);
            // These are of the grey picture, which is rounded once more by hand.
            row.retain(|column, _| !["path", "texture_score", "flags"].contains(&&**column));
            row
        };
        let with = of(&["color.png", "--flat-field", "flat.png"]);
        assert_eq!(with, of(&["by_hand.png"]), "{channels}");
        assert_ne!(with, of(&["color.png"]), "{channels}");
    }
}

/// Invariant: only ratios count, so the depth of the reference does not, nor does the number of jobs.
#[test]
fn references_of_eight_and_sixteen_bits_give_the_same_bytes() {
    let folder = Folder::new();
    folder.copy_class("dots", 6, "dots");
    with_references(&folder);
    let eight = ImageReader::open(folder.path("flat8.png")).unwrap().decode().unwrap().to_luma8();
    let wide = deep(|x, y| 200.0 * f64::from(eight.get_pixel(x, y).0[0]));
    wide.save(folder.path("wide.png")).unwrap();
    let table = |jobs: &str, by: &str| {
        let args = ["score", "dots", "--descriptor", "fast", "-j", jobs, "--flat-field", by];
        folder.run(args).expect(0).out()
    };
    let one = table("1", "flat8.png");
    assert_eq!(one, table("2", "flat8.png"));
    assert_eq!(one, table("2", "wide.png"));
    assert_ne!(one, table("2", "flat.png"), "finer steps");
    assert_ne!(one, folder.run(["score", "dots", "--descriptor", "fast"]).expect(0).out());
}

/// Mechanics: pictures of 16 bits go by a reference of 8, masks stay as they are, and what is clipped has its flag.
#[test]
fn masks_stay_and_what_gets_too_bright_is_flagged() {
    let folder = Folder::new();
    with_references(&folder);
    let bright = GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([(150 + (7 * x + 5 * y) % 100) as u8]));
    std::fs::create_dir(folder.path("p")).unwrap();
    bright.save(folder.path("p/a.png")).unwrap();
    // The right half, where the reference is brighter than on average.
    let mask = GrayImage::from_fn(SIDE, SIDE, |x, _| Luma([u8::from(SIDE / 2 < x)]));
    std::fs::create_dir(folder.path("m")).unwrap();
    mask.save(folder.path("m/a.png")).unwrap();
    let row = |flags: &[&str]| score(&folder, &[&["p"][..], flags].concat()).remove(0);
    let plain = row(&["--flat-field", "flat8.png"]);
    assert_eq!((plain["flags"].as_str(), row(&[])["flags"].as_str()), ("clipped", ""));
    let masked = row(&["--flat-field", "flat8.png", "--mask-dir", "m"]);
    assert_ne!(features(&masked), features(&plain));
    let regions = row(&["--flat-field", "flat8.png", "--mask-dir", "m", "--regions"]);
    let pixels = ((SIDE / 2 - 1) * SIDE).to_string();
    assert_eq!((&*regions["region"], &*regions["pixels"]), ("1", &*pixels));
    assert_eq!(features(&regions), features(&masked));
}

/// Mechanics: a picture of another size is a row, and the rest go on.
#[test]
fn a_picture_of_another_size_is_a_row_with_both_sizes() {
    let folder = Folder::new();
    folder.small_model();
    with_references(&folder);
    folder.copy_class("dots", 2, "mixed");
    image::imageops::crop_imm(&texture(), 0, 0, 60, 64)
        .to_image()
        .save(folder.path("mixed/small.png"))
        .unwrap();
    let flag = ["--flat-field", "flat.png"];
    for command in
        [&["score", "mixed"][..], &["classify", "model.json", "mixed", "--reject-at", "none"]]
    {
        let run = folder.run(command.iter().chain(&flag)).expect(3);
        let rows = run.table();
        let states: Vec<_> = rows.iter().map(|row| row["status"].as_str()).collect();
        assert_eq!(states, ["ok", "ok", "error"]);
        let reason = &rows[2]["error"];
        assert!(reason.contains("64 x 64 pixels, as the flat field"), "{reason}");
        assert!(reason.contains("found 60 x 64"), "{reason}");
        assert!(run.err().contains("mixed/small.png: "), "{}", run.err());
    }
    let small = "mixed/small.png";
    for command in [
        &["explain", "model.json", small][..],
        &["map", "model.json", small, "--window", "32", "-o", "m.png"],
        &["scan", "mixed"],
    ] {
        let run = folder.run(command.iter().chain(&flag)).expect(3);
        let text = run.out() + &run.err();
        assert!(text.contains("small.png") && text.contains("60 x 64"), "{text}");
    }
}

/// Mechanics: what cannot divide is refused by every command before it does anything.
#[test]
fn a_reference_that_is_black_somewhere_is_refused_by_name() {
    let folder = Folder::new();
    folder.small_model();
    let black =
        GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([u8::from((x, y) != (5, 2) && x != 63)]));
    black.save(folder.path("black.png")).unwrap();
    std::fs::write(folder.path("text.png"), "no picture").unwrap();
    let picture = "two/brick/brick_00.png";
    let mut n_commands = 0;
    for command in [
        "score two -o out.csv",
        "score two --model model.json -o out.csv",
        "train two --model out.json",
        "retrain model.json two -o out.json",
        "classify model.json two -o out.csv",
        "evaluate model.json two -o out.csv",
        "cv two",
        "map model.json PICTURE --window 32 --table out.csv",
        "map --feature texture_score PICTURE --table out.csv",
        "explain model.json PICTURE",
        "scan two",
        "bench two",
        "doctor two",
    ] {
        let run = |by: &str, status| {
            let command = command.replace("PICTURE", picture);
            let words = command.split(' ').chain(["--flat-field", by]);
            let run = folder.run(words).expect(status);
            assert_eq!(run.out(), "", "{command}");
            let made = ["out.csv", "out.json"].map(|name| folder.path(name).exists());
            assert_eq!(made, [false; 2], "{command}");
            run.err()
        };
        let error = run("black.png", 2);
        assert!(error.contains("flat-field: "), "{command}: {error}");
        let place = "65 pixels of value 0, the first at x = 63, y = 0 in black.png";
        assert!(error.contains(place), "{command}: {error}");
        let error = run("text.png", 2);
        assert!(error.contains("flat-field: ") && error.contains("in text.png"), "{error}");
        assert!(run("none.png", 1).contains("none.png"));
        n_commands += 1;
    }
    assert_eq!(n_commands, 13);
}

/// Mechanics: a model knows what its pictures were divided by, and asks for it.
#[test]
fn a_model_remembers_that_its_pictures_were_divided() {
    let folder = Folder::new();
    with_references(&folder);
    folder.copy_class("brick", 8, "two/brick");
    folder.copy_class("dots", 8, "two/dots");
    let train =
        "train two --model model.json --epochs 20 --hidden none --augment none --descriptor fast";
    folder.run(train.split(' ').chain(["--flat-field", "flat.png"])).expect(0);
    let descriptor = || folder.run(["inspect", "model.json", "--descriptor"]).expect(0).out();
    let hash = |name: &str| blake3::hash(&std::fs::read(folder.path(name)).unwrap()).to_hex();
    let remembered = format!(r#""flat_field":"{}""#, hash("flat.png"));
    assert!(descriptor().contains(&remembered), "{}", descriptor());

    let classify = |flags: &[&str]| {
        let run = folder.run(["classify", "model.json", "two"].iter().chain(flags)).expect(0);
        (run.err().contains("give --flat-field"), run.out())
    };
    let (warns, without) = classify(&[]);
    assert!(warns);
    assert_eq!(classify(&["-q"]), (false, without.clone()));
    // A newer one of the same light is as good.
    for name in ["flat.png", "flat8.png"] {
        let (warns, with) = classify(&["--flat-field", name]);
        assert!(!warns && with != without, "{name}");
    }
    let score = ["score", "two/brick", "--descriptor", "d.json"];
    std::fs::write(folder.path("d.json"), descriptor()).unwrap();
    assert!(folder.run(score).expect(0).err().contains("give --flat-field"));

    let retrain = ["retrain", "model.json", "two", "-o", "model.json", "--force"];
    folder.run(retrain.iter().chain(&["--flat-field", "flat8.png"])).expect(0);
    let remembered = format!(r#""flat_field":"{}""#, hash("flat8.png"));
    assert!(descriptor().contains(&remembered), "{}", descriptor());
}
