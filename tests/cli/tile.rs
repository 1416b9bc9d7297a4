//! Models that look at windows of pictures, which vote.

use image::{GrayImage, ImageReader, Luma};

use super::support::{Folder, fixtures, read_table};

/// Sheets of four windows each, two and two fixture pictures of a class, all different.
fn sheets(folder: &Folder) {
    for class in ["brick", "dots"] {
        std::fs::create_dir_all(folder.path("sheets").join(class)).unwrap();
        for sheet in 0..6u32 {
            let open = |k: u32| {
                let name = format!("{class}_{:02}.png", (sheet * 3 + k) % 18);
                let path = fixtures("textures").join(class).join(name);
                ImageReader::open(path).unwrap().decode().unwrap().to_luma8()
            };
            let parts = [0, 1, 2, 3].map(open);
            let pixel = |x: u32, y: u32| {
                let part = &parts[(x / 64 + 2 * (y / 64)) as usize];
                Luma([part.get_pixel(x % 64, y % 64).0[0].saturating_add((sheet / 6) as u8)])
            };
            let path = folder.path(format!("sheets/{class}/{sheet}.png"));
            GrayImage::from_fn(128, 128, pixel).save(path).unwrap();
        }
    }
}

const TRAIN: [&str; 9] =
    ["train", "sheets", "--model", "m.json", "--descriptor", "fast", "--epochs", "30", "--tile"];

fn tiled(folder: &Folder) {
    sheets(folder);
    let run = folder.run(TRAIN.iter().chain(&["64"])).expect(0);
    assert!(run.out().contains("in windows of 64 x 64 pixels"), "{}", run.out());
}

fn body(folder: &Folder, name: &str) -> serde_json::Value {
    let bytes = std::fs::read(folder.path(name)).unwrap();
    serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()["model"].take()
}

#[test]
fn a_model_knows_the_windows_it_was_made_for() {
    let folder = Folder::new();
    tiled(&folder);
    let body = body(&folder, "m.json");
    assert_eq!(body["tile"], 64);
    // Pictures are counted, not windows.
    let count = |name: &str| -> u64 {
        body["training"][name].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum()
    };
    assert_eq!(count("learned") + count("kept_back"), 12);
    let inspected = folder.run(["inspect", "m.json"]).expect(0).out();
    assert!(inspected.contains("windows     64 x 64 pixels"), "{inspected}");
    folder.small_model();
    assert!(self::body(&folder, "model.json").get("tile").is_none());
    assert!(!folder.run(["inspect", "model.json"]).expect(0).out().contains("windows"));
}

#[test]
fn windows_vote_by_their_mean_probability() {
    let folder = Folder::new();
    tiled(&folder);
    let whole = folder.run(["classify", "m.json", "sheets"]).expect(0).table();
    assert_eq!(whole.len(), 12, "one row a picture");
    let table = "windows.csv";
    for row in &whole {
        // The windows side by side are those of a map with the stride of a window.
        let args = ["map", "m.json", &row["path"], "--table", table, "--stride", "64"];
        folder.run(args).expect(0);
        let windows = read_table(std::fs::File::open(folder.path(table)).unwrap());
        assert_eq!(windows.len(), 4);
        for name in ["p_brick", "p_dots"] {
            let values = windows.iter().map(|window| window[name].parse::<f64>().unwrap());
            let mean = values.sum::<f64>() / 4.0;
            assert_eq!(row[name].parse::<f64>().unwrap(), mean, "{name} of {}", row["path"]);
        }
        // A picture is compared with other pictures, by how strange its windows are in the mean. These were learned from.
        let familiarity = row["familiarity"].parse::<f64>().unwrap();
        assert!((0.3..=1.0).contains(&familiarity), "{familiarity} of {}", row["path"]);
    }
    let same = folder.run(["classify", "m.json", "sheets", "--tile", "64"]).expect(0);
    assert_eq!(same.table(), whole);
}

#[test]
fn another_size_and_a_small_picture_are_refused() {
    let folder = Folder::new();
    tiled(&folder);
    for command in ["classify", "evaluate"] {
        let run = folder.run([command, "m.json", "sheets", "--tile", "32"]).expect(5);
        assert!(
            run.err().contains("windows of 64 pixels") && run.err().contains("32"),
            "{}",
            run.err()
        );
    }
    for tile in ["3", "65536", "no"] {
        folder.run(TRAIN.iter().chain(&[tile])).expect(2);
    }
    let path = folder.path("sheets/brick/small.png");
    GrayImage::from_fn(63, 100, |x, _| Luma([x as u8])).save(path).unwrap();
    let run = folder.run(["classify", "m.json", "sheets"]).expect(3);
    let rows = run.table();
    assert_eq!(rows.len(), 13);
    let small: Vec<_> = rows.iter().filter(|row| row["status"] == "error").collect();
    assert_eq!(small.len(), 1);
    let error = &small[0]["error"];
    assert!(
        error.contains("64 x 64") && error.contains("63 x 100") && error.contains("smaller"),
        "{error}"
    );
    // Training goes on without it and says so.
    let run = folder.run(TRAIN.iter().chain(&["64"])).expect(3);
    assert!(run.err().contains("small.png"), "{}", run.err());
}

#[test]
fn evaluate_cv_and_retrain_count_pictures() {
    let folder = Folder::new();
    tiled(&folder);
    let json =
        folder.run(["evaluate", "m.json", "sheets", "--json", "-o", "p.csv"]).expect(0).json();
    assert_eq!(json["images"], 12);
    let rows = read_table(std::fs::File::open(folder.path("p.csv")).unwrap());
    assert_eq!(rows.len(), 12);
    let cv = ["cv", "sheets", "--descriptor", "fast", "--epochs", "10", "--tile", "64", "--json"];
    let json = folder.run(cv.iter().chain(&["--folds", "3"])).expect(0).json();
    let tested: Vec<u64> = json["fits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fit| fit["images"].as_u64().unwrap())
        .collect();
    assert_eq!(tested, [4, 4, 4]);
    // Four of six pictures of each class, whatever their windows.
    let draws = ["--train-per-class", "4", "--repeats", "2"];
    let json = folder.run(cv.iter().chain(&draws)).expect(0).json();
    assert_eq!(json["fits"].as_array().unwrap().iter().filter(|fit| fit["images"] == 4).count(), 2);
    // The same windows of worse pictures; of smaller ones there are not as many.
    folder.run(cv.iter().chain(&["--folds", "2", "--corrupt", "noise:5"])).expect(0);
    let run = folder.run(cv.iter().chain(&["--folds", "2", "--corrupt", "scale:0.5"])).expect(4);
    assert!(run.err().contains("windows"), "{}", run.err());
    folder
        .run(["retrain", "m.json", "sheets", "--output", "n.json", "--epochs", "3", "--force"])
        .expect(0);
    assert_eq!(body(&folder, "n.json")["tile"], 64);
}

#[test]
fn copies_of_a_picture_never_straddle() {
    let folder = Folder::new();
    sheets(&folder);
    // Every picture twice: if windows or copies were parted, something known would be held out.
    for class in ["brick", "dots"] {
        for k in 0..6 {
            folder.copy(
                folder.path(format!("sheets/{class}/{k}.png")),
                format!("sheets/{class}/again_{k}.png"),
            );
        }
    }
    folder.run(TRAIN.iter().chain(&["64", "--holdout", "0.4"])).expect(0);
    let training = &body(&folder, "m.json")["training"];
    let mut n_kept = 0;
    for counts in ["learned", "kept_back"] {
        for count in training[counts].as_array().unwrap() {
            let count = count.as_u64().unwrap();
            assert_eq!(count % 2, 0, "{counts} {count}");
            n_kept += if counts == "kept_back" { count } else { 0 };
        }
    }
    assert!(n_kept > 0);
}

#[test]
fn only_windows_inside_the_mask_vote() {
    let folder = Folder::new();
    tiled(&folder);
    std::fs::create_dir(folder.path("masks")).unwrap();
    let mask =
        |right: u32| GrayImage::from_fn(128, 128, |x, _| Luma([if x < right { 255 } else { 0 }]));
    mask(64).save(folder.path("masks/0.png")).unwrap();
    let args = ["classify", "m.json", "sheets/brick/0.png", "--mask-dir", "masks"];
    let row = folder.run(args).expect(0).table().remove(0);
    folder
        .run(["map", "m.json", "sheets/brick/0.png", "--table", "w.csv", "--stride", "64"])
        .expect(0);
    let windows = read_table(std::fs::File::open(folder.path("w.csv")).unwrap());
    let left = windows.iter().filter(|window| window["x"] == "0");
    let mean = left.map(|window| window["p_brick"].parse::<f64>().unwrap()).sum::<f64>() / 2.0;
    assert_eq!(row["p_brick"].parse::<f64>().unwrap(), mean);
    mask(63).save(folder.path("masks/0.png")).unwrap();
    let run = folder.run(args).expect(3);
    assert!(run.table()[0]["error"].contains("room for a window"), "{}", run.out());
}
