//! Models of good pictures: `train --normal`, and what other commands do with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use image::{GrayImage, ImageBuffer, Luma};
use textura::Random;

use super::support::{Folder, columns, fixtures};

const SIDE: u32 = 128;

/// A woven surface: two waves that shift from thread to thread, and noise.
fn surface(number: u64) -> GrayImage {
    let mut random = Random::new(number, 9);
    let (shift, light) = (6.0 * random.unit(), 110.0 + 20.0 * random.unit());
    GrayImage::from_fn(SIDE, SIDE, |x, y| {
        let wave = (f64::from(x) / 2.1 + shift).sin() + (f64::from(y) / 2.7 + shift).sin();
        Luma([(light + 14.0 * wave + 8.0 * random.normal()).clamp(0.0, 255.0) as u8])
    })
}

/// Another surface altogether.
fn other_surface(number: u64) -> GrayImage {
    let mut random = Random::new(number, 8);
    GrayImage::from_fn(SIDE, SIDE, |x, y| {
        let wave = (f64::from(x + y) / 9.0).sin();
        Luma([(120.0 + 30.0 * wave + 4.0 * random.normal()).clamp(0.0, 255.0) as u8])
    })
}

/// Where the defect of a picture is: its upper left corner. It is 20 pixels wide.
fn place(number: u64) -> (u32, u32) {
    let mut random = Random::new(number, 7);
    (4 + random.below(100) as u32, 4 + random.below(100) as u32)
}

fn is_defect(number: u64, x: u32, y: u32) -> bool {
    let (left, top) = place(number);
    let (dx, dy) = (f64::from(x) - f64::from(left) - 10.0, f64::from(y) - f64::from(top) - 10.0);
    dx.hypot(dy) < 10.0
}

fn with_defect(number: u64) -> GrayImage {
    let mut picture = surface(number);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if is_defect(number, x, y) {
            pixel.0[0] /= 2;
        }
    }
    picture
}

fn mask(number: u64) -> GrayImage {
    GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([255 * u8::from(is_defect(number, x, y))]))
}

/// `good/` to learn from; `test/good`, `test/spot` and `truth/spot/N_mask.png` to judge.
fn station() -> Folder {
    let folder = Folder::new();
    for name in ["good", "test/good", "test/spot", "truth/spot"] {
        fs::create_dir_all(folder.path(name)).unwrap();
    }
    for number in 0..24 {
        surface(number).save(folder.path(format!("good/{number}.png"))).unwrap();
    }
    for number in 100..112 {
        surface(number).save(folder.path(format!("test/good/{number}.png"))).unwrap();
    }
    for number in 200..212 {
        with_defect(number).save(folder.path(format!("test/spot/{number}.png"))).unwrap();
        mask(number).save(folder.path(format!("truth/spot/{number}_mask.png"))).unwrap();
    }
    folder
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn a_station_that_sorts_out_what_is_odd_and_says_where() {
    let folder = station();
    let train = ["train", "--normal", "good", "--model", "good.json"];
    let told = folder.run(train).expect(0).out();
    assert!(told.contains("learned good pictures from 24, in windows of 64 x 64 pixels"), "{told}");
    assert!(told.contains("extrapolated from 24 pictures or groups: 99 would show it"), "{told}");
    let classified = folder.run(["classify", "good.json", "test"]).expect(0);
    let expected = "path status error familiarity anomaly_score worst_x worst_y worst_width worst_height flags";
    assert_eq!(columns(&classified.out()).join(" "), expected);
    let rows = classified.table();
    assert_eq!(rows.len(), 24);
    let (mut n_found, mut least_odd, mut most_good) = (0, f64::INFINITY, f64::NEG_INFINITY);
    for row in &rows {
        let score = number(row, "anomaly_score");
        let is_rejected = number(row, "familiarity") < 0.01;
        assert_eq!(row["status"], if is_rejected { "rejected" } else { "ok" });
        if row["path"].contains("good") {
            most_good = most_good.max(score);
            continue;
        }
        least_odd = least_odd.min(score);
        assert!(is_rejected, "{row:?}");
        let name = row["path"].rsplit('/').next().unwrap().trim_end_matches(".png");
        let (left, top) = place(name.parse().unwrap());
        let [x, y, w, h] =
            ["worst_x", "worst_y", "worst_width", "worst_height"].map(|c| number(row, c));
        assert_eq!((w, h), (64.0, 64.0));
        assert!(x + w <= 128.0 && y + h <= 128.0);
        let (cx, cy) = (f64::from(left) + 10.0, f64::from(top) + 10.0);
        n_found += u32::from((x..x + w).contains(&cx) && (y..y + h).contains(&cy));
    }
    assert!(most_good < least_odd, "{most_good} {least_odd}");
    assert!(11 <= n_found, "{n_found} of 12 places");

    // How good it is, from masks named as they are for well-known sets.
    let evaluate = ["evaluate", "good.json", "test", "--defect-mask-dir", "truth"];
    let json = folder.run(evaluate.iter().chain(&["--json"])).expect(0).json();
    let names: Vec<&String> = json.as_object().unwrap().keys().collect();
    for name in ["images", "errors", "rejected", "average_precision", "false_alarm_rate", "aupro"] {
        assert!(names.iter().any(|known| *known == name), "{name} in {names:?}");
    }
    assert_eq!(
        (&json["images"], &json["errors"], &json["masks"]),
        (&24.into(), &0.into(), &12.into())
    );
    assert_eq!(json["image_auroc"], 1.0);
    assert!(json["pixel_auroc"].as_f64().unwrap() > 0.95, "{json}");
    assert!(json["aupro"].as_f64().unwrap() > 0.8, "{json}");
    folder.run(evaluate.iter().chain(&["--fail-under", "image_auroc=0.95"])).expect(0);
    let missed = folder.run(evaluate.iter().chain(&["--fail-under", "aupro=0.9999"])).expect(6);
    assert!(missed.err().contains("aupro is 0."), "{}", missed.err());
    let without = folder.run(["evaluate", "good.json", "test", "--json"]).expect(0).json();
    // Masks that lie below the source are no pictures.
    fs::rename(folder.path("truth"), folder.path("test/truth")).unwrap();
    let inside = ["evaluate", "good.json", "test", "--defect-mask-dir", "test/truth", "--json"];
    let inside = folder.run(inside).expect(0).json();
    assert_eq!((&inside["images"], &inside["masks"]), (&24.into(), &12.into()));
    assert_eq!(inside["pixel_auroc"], json["pixel_auroc"]);
    assert_eq!(inside["passed_over"]["files"], 12);
    fs::rename(folder.path("test/truth"), folder.path("truth")).unwrap();
    assert_eq!(without["pixel_auroc"], serde_json::Value::Null);

    // Where, in numbers and as regions.
    let map = ["map", "good.json", "test/spot/200.png", "-o", "map.tif", "-o", "map.png"];
    folder.run(map.iter().chain(&["--table", "regions.csv"])).expect(0);
    let file = fs::File::open(folder.path("map.tif")).unwrap();
    let mut tif = tiff::decoder::Decoder::new(file).unwrap();
    assert_eq!(tif.dimensions().unwrap(), (SIDE, SIDE));
    let tiff::decoder::DecodingResult::F32(map) = tif.read_image().unwrap() else {
        panic!("no floats")
    };
    let mean_of = |wanted: bool| {
        let meant =
            (0..).zip(&map).filter(|(at, _)| is_defect(200, at % SIDE, at / SIDE) == wanted);
        let values: Vec<f32> = meant.map(|(_, value)| *value).collect();
        values.iter().sum::<f32>() / values.len() as f32
    };
    assert!(mean_of(false) + 3.0 < mean_of(true), "{} {}", mean_of(false), mean_of(true));
    let overlay = image::open(folder.path("map.png")).unwrap();
    assert!(overlay.width() >= SIDE && overlay.height() > SIDE);
    let regions = fs::read_to_string(folder.path("regions.csv")).unwrap();
    assert_eq!(columns(&regions).join(" "), "x y width height area score outline");
    let (left, top) = place(200);
    let first = &super::support::read_table(regions.as_bytes())[0];
    let [x, y, w, h] = ["x", "y", "width", "height"].map(|column| number(first, column));
    assert!(x <= f64::from(left) + 10.0 && f64::from(left) + 10.0 <= x + w, "{first:?}");
    assert!(y <= f64::from(top) + 10.0 && f64::from(top) + 10.0 <= y + h, "{first:?}");
    assert!(first["outline"].starts_with("POLYGON (("), "{first:?}");
    let good = folder.run(["map", "good.json", "test/good/100.png", "-o", "g.png"]).expect(0).out();
    assert!(good.contains("no place above"), "{good}");
    let none = ["map", "good.json", "test/spot/200.png", "-o", "g.png", "--reject-at", "none"];
    let none = folder.run(none).expect(0).out();
    assert!(none.contains("no place is odd, since nothing is rejected"), "{none}");

    // The same bytes whatever the number of jobs, and what is inside.
    for jobs in ["1", "3"] {
        let again = ["train", "--normal", "good", "--model", "again.json", "-j", jobs];
        folder.run(again).expect(0);
        let (one, two) = (fs::read(folder.path("good.json")), fs::read(folder.path("again.json")));
        assert_eq!(one.unwrap(), two.unwrap(), "{jobs} jobs");
    }
    let inside = folder.run(["inspect", "good.json"]).expect(0).out();
    assert!(inside.contains("textura model of good pictures"), "{inside}");
    assert!(inside.contains("99 would show it"), "{inside}");
    for command in [
        vec!["explain", "good.json", "test/spot/200.png"],
        vec!["retrain", "good.json", "test", "--output", "new.json"],
        vec!["export", "good.json", "--onnx", "m.onnx"],
    ] {
        let told = folder.run(&command).expect(5).err();
        assert!(told.contains("a model of good pictures"), "{command:?}: {told}");
    }
}

#[test]
fn what_should_not_be_among_good_pictures_shows_out_of_fold() {
    let folder = station();
    let strangers: BTreeSet<String> = (0..3)
        .map(|number| {
            let name = format!("good/1{number}0.png");
            other_surface(number).save(folder.path(&name)).unwrap();
            name
        })
        .collect();
    let train = ["train", "--normal", "good", "-m", "m.json", "--out-of-fold", "oof.csv"];
    let told = folder.run(train).expect(0).out();
    let table = fs::File::open(folder.path("oof.csv")).unwrap();
    let mut rows = super::support::read_table(table);
    assert_eq!(rows.len(), 27);
    rows.sort_by(|a, b| number(b, "doubt").total_cmp(&number(a, "doubt")));
    let oddest: BTreeSet<String> = rows[..5].iter().map(|row| row["path"].clone()).collect();
    assert!(strangers.is_subset(&oddest), "{oddest:?}");
    assert!(strangers.iter().all(|name| told.contains(name.as_str())), "{told}");
}

#[test]
fn pictures_that_cannot_be_used_have_their_rows_and_cost_nobody_else_theirs() {
    let folder = station();
    fs::write(folder.path("good/broken.png"), b"no picture").unwrap();
    GrayImage::new(40, 200).save(folder.path("good/small.png")).unwrap();
    let train = ["train", "--normal", "good", "-m", "m.json", "--tile", "64"];
    let told = folder.run(train).expect(3);
    assert!(told.out().contains("learned good pictures from 24"), "{}", told.out());
    for (name, word) in [("broken.png", "picture"), ("small.png", "64 x 64")] {
        let line = told.err().lines().find(|line| line.contains(name)).unwrap_or("").to_owned();
        assert!(line.contains(word), "{line}");
    }
    let rows = folder.run(["classify", "m.json", "good"]).expect(3).table();
    let errors: Vec<&str> = rows
        .iter()
        .filter(|row| row["status"] == "error")
        .map(|row| row["path"].as_str())
        .collect();
    assert_eq!((rows.len(), errors), (26, vec!["good/broken.png", "good/small.png"]));
}

#[test]
fn known_defects_are_left_out_and_groups_count_once() {
    let folder = station();
    // Every picture has a defect, and a manifest says where; two pictures each are of one part.
    let mut list = "path,defect_mask,group\n".to_owned();
    for number in 200..212 {
        list +=
            &format!("test/spot/{number}.png,truth/spot/{number}_mask.png,part{}\n", number / 2);
    }
    fs::write(folder.path("list.csv"), list).unwrap();
    let told = folder.run(["train", "--normal", "list.csv", "-m", "m.json"]).expect(0).out();
    assert!(told.contains("from 12, "), "{told}");
    assert!(told.contains("extrapolated from 6 pictures or groups"), "{told}");
    let json = ["evaluate", "m.json", "test", "--defect-mask-dir", "truth", "--json"];
    let json = folder.run(json).expect(0).json();
    assert!(json["pixel_auroc"].as_f64().unwrap() > 0.9, "{json}");
    // A mask of another size is a fault of its picture alone.
    GrayImage::new(9, 9).save(folder.path("truth/spot/200_mask.png")).unwrap();
    let told = folder.run(["train", "--normal", "list.csv", "-m", "m.json"]).expect(3);
    assert!(told.err().contains("200.png") && told.err().contains("128 x 128"), "{}", told.err());
}

/// Surfaces without any texture are no trouble: nothing varies but their brightness.
#[test]
fn flat_pictures_are_learned_from_and_a_spot_on_one_is_odd() {
    let folder = Folder::new();
    fs::create_dir(folder.path("flat")).unwrap();
    for number in 0..12 {
        let flat = GrayImage::from_pixel(SIDE, SIDE, Luma([100 + number]));
        flat.save(folder.path(format!("flat/{number}.png"))).unwrap();
    }
    let spot =
        GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([105 - 60 * u8::from(is_defect(3, x, y))]));
    spot.save(folder.path("spot.png")).unwrap();
    folder.run(["train", "--normal", "flat", "-m", "m.json"]).expect(0);
    let rows = folder.run(["classify", "m.json", "flat", "spot.png"]).expect(0).table();
    let scores: Vec<f64> = rows.iter().map(|row| number(row, "anomaly_score")).collect();
    assert_eq!(scores.len(), 13);
    assert!(scores[..12].iter().all(|score| *score < scores[12]), "{scores:?}");
}

#[test]
fn depth_and_light_are_what_the_flags_say() {
    let folder = station();
    folder.run(["train", "--normal", "good", "-m", "m.json"]).expect(0);
    let eight = with_defect(205);
    let deep: ImageBuffer<Luma<u16>, Vec<u16>> = ImageBuffer::from_fn(SIDE, SIDE, |x, y| {
        Luma([257 * u16::from(eight.get_pixel(x, y).0[0])])
    });
    deep.save(folder.path("deep.png")).unwrap();
    eight.save(folder.path("eight.png")).unwrap();
    let flat = GrayImage::from_fn(SIDE, SIDE, |x, _| Luma([100 + (x / 2) as u8]));
    flat.save(folder.path("flat.png")).unwrap();
    let of = |name: &str, flags: &[&str]| {
        let row = folder.run(["classify", "m.json", name].iter().chain(flags)).expect(0).table();
        (number(&row[0], "anomaly_score"), row[0]["worst_x"].clone())
    };
    assert_eq!(of("eight.png", &[]), of("deep.png", &[]));
    assert_ne!(of("eight.png", &[]), of("eight.png", &["--flat-field", "flat.png"]));
}

#[test]
fn what_makes_no_sense_is_refused_before_any_work() {
    let folder = station();
    let told = |words: &str, status: i32| folder.run(words.split(' ')).expect(status).err();
    for words in [
        "train test --normal good -m m.json",
        "train -m m.json",
        "train --normal good -m m.json --hidden 64",
        "train --normal good -m m.json --epochs 5",
        "train --normal good -m m.json --holdout 0.3",
        "train test -m m.json --out-of-fold t.csv",
        "train --normal good -m m.json --tile 8",
    ] {
        told(words, 2);
        assert!(!folder.path("m.json").exists(), "{words}");
    }
    fs::create_dir(folder.path("few")).unwrap();
    for number in 0..2 {
        surface(number).save(folder.path(format!("few/{number}.png"))).unwrap();
    }
    let few = told("train --normal few -m m.json", 4);
    assert!(few.contains("at least 3 good pictures") && few.contains("found 2;"), "{few}");
    let nowhere = told("train --normal nowhere -m m.json", 4);
    assert!(nowhere.contains("found 0, and 1 that cannot, the first nowhere: "), "{nowhere}");
    fs::create_dir(folder.path("none")).unwrap();
    told("train --normal none -m m.json", 4);
    told("train --normal good -m m.json", 0);
    let class = told("evaluate m.json test --normal-class gut", 4);
    assert!(class.contains("did you mean `good`") || class.contains("good"), "{class}");
    told("evaluate m.json test --corrupt noise:5", 2);
    told("classify m.json test --top 2", 2);
    told("classify m.json test --dry-run", 2);
    told("map m.json test/good/100.png -o m.png --stride 3", 2);
    told("map m.json test/good/100.png -o m.png --show familiarity", 2);
    let tile = told("classify m.json test --tile 32", 5);
    assert!(tile.contains("64"), "{tile}");
    // A model that was altered, and one of classes where masks are given.
    let text = fs::read_to_string(folder.path("m.json")).unwrap();
    let altered = text.replacen("\"tile\":64", "\"tile\":32", 1);
    assert_ne!(text, altered);
    fs::write(folder.path("altered.json"), altered).unwrap();
    assert!(told("classify altered.json test", 5).contains("checksum"));
    fs::write(folder.path("cut.json"), &text[..text.len() / 2]).unwrap();
    assert!(told("classify cut.json test", 5).contains("cut short"));
    let demo = fixtures("").join("../models/demo.json");
    let masks = ["evaluate", demo.to_str().unwrap(), "test", "--defect-mask-dir", "truth"];
    folder.run(masks).expect(2);
}

#[test]
fn a_station_sorts_files_and_answers_path_by_path() {
    let folder = station();
    folder.run(["train", "--normal", "good", "-m", "m.json"]).expect(0);
    fs::write(folder.path("test/spot/broken.png"), b"no picture").unwrap();
    let sort = ["classify", "m.json", "test", "--sort-into", "sorted", "--output", "t.csv"];
    folder.run(sort).expect(3);
    let n_in = |name: &str| fs::read_dir(folder.path("sorted").join(name)).unwrap().count();
    let rows = super::support::read_table(fs::File::open(folder.path("t.csv")).unwrap());
    let n_of = |status: &str| rows.iter().filter(|row| row["status"] == status).count();
    assert_eq!((n_of("rejected"), n_of("error"), rows.len()), (12, 1, 25));
    assert_eq!([n_in("ok"), n_in("_rejected"), n_in("_error")], [12, 12, 1]);
    // Again: nothing is sorted twice, and the table stays.
    folder.run(sort).expect(3);
    assert_eq!([n_in("ok"), n_in("_rejected"), n_in("_error")], [12, 12, 1]);
    folder.run(["classify", "--undo", "sorted/textura-sorted.csv"]).expect(0);
    assert!(!folder.path("sorted/ok").exists() || n_in("ok") == 0);

    use std::io::Write as _;
    let mut child = folder
        .command(["classify", "m.json", "-", "--stream"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let asked = b"test/spot/200.png\ntest/good/100.png\nnowhere.png\n";
    child.stdin.take().unwrap().write_all(asked).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let lines: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let statuses: Vec<&str> = lines.iter().map(|line| line["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["rejected", "ok", "error"]);
}
