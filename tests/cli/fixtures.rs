//! The pictures that come with the project: odd ones, broken ones, and the demonstration model.

use std::collections::BTreeMap;

use super::support::{Folder, fixtures};

#[test]
fn every_odd_picture_has_a_row_its_flag_and_only_finite_numbers() {
    let folder = Folder::new();
    let fast = ["--descriptor".as_ref(), "fast".as_ref()];
    let run = folder
        .run(["score".as_ref(), fixtures("edge").as_os_str()].into_iter().chain(fast))
        .expect(0);
    let expected = BTreeMap::from([
        ("flat.png", "flat"),
        ("one_column.png", "too_small"),
        ("one_pixel.png", "flat;too_small"),
        ("one_row.png", "too_small"),
        ("orientation_1.png", "too_small"),
        ("orientation_2.png", "too_small;oriented"),
        ("orientation_3.png", "too_small;oriented"),
        ("orientation_4.png", "too_small;oriented"),
        ("orientation_5.png", "too_small;oriented"),
        ("orientation_6.png", "too_small;oriented"),
        ("orientation_7.png", "too_small;oriented"),
        ("orientation_8.png", "too_small;oriented"),
        ("png_named.jpg", "wrong_ending"),
        ("twelve_bits_in_16.png", "few_levels"),
    ]);
    let rows = run.table();
    assert_eq!(rows.len(), expected.len());
    for row in &rows {
        let name = row["path"].rsplit('/').next().unwrap();
        assert_eq!(row["status"], "ok");
        assert_eq!(row["flags"], expected[name], "{name}");
        let numbers = row.iter().filter(|(column, _)| column.contains('_'));
        assert!(numbers.map(|(_, text)| text.parse::<f64>().unwrap()).all(f64::is_finite));
    }
    // All eight orientations are the same picture.
    let upright: Vec<_> = rows.iter().filter(|row| row["path"].contains("orientation")).collect();
    assert_eq!(upright.len(), 8);
    for row in &upright {
        let same = row.iter().filter(|(column, _)| !["path", "flags"].contains(&column.as_str()));
        assert!(same.into_iter().all(|(column, text)| *text == upright[0][column]));
    }
}

#[test]
fn twelve_bit_data_is_handled_when_its_depth_is_given() {
    let folder = Folder::new();
    let picture = fixtures("edge/twelve_bits_in_16.png");
    let picture = picture.to_str().unwrap();
    for depth in [["--bits", "12"], ["--range", "0,4095"]] {
        let rows = folder.run(["score", picture, depth[0], depth[1]]).expect(0).table();
        assert_eq!(rows[0]["flags"], "");
        assert!(rows[0]["texture_score"].parse::<f64>().unwrap() > 95.0, "it is white noise");
    }
    folder.run(["score", picture, "--bits", "40"]).expect(2);
    folder.run(["score", picture, "--range", "9"]).expect(2);
}

#[test]
fn broken_files_among_good_ones_get_their_rows_and_change_nothing() {
    let folder = Folder::new();
    folder.copy_class("stripes", 4, "mixed");
    let alone = folder.run(["score", "mixed"]).expect(0).table();
    let mut n_broken = 0;
    for entry in std::fs::read_dir(fixtures("broken")).unwrap() {
        let path = entry.unwrap().path();
        folder.copy(&path, format!("mixed/{}", path.file_name().unwrap().to_str().unwrap()));
        n_broken += 1;
    }
    assert_eq!(n_broken, 11);
    let run = folder.run(["score", "mixed"]).expect(3);
    let (good, bad): (Vec<_>, Vec<_>) =
        run.table().into_iter().partition(|row| row["status"] == "ok");
    assert_eq!(good, alone);
    assert_eq!(bad.len(), 11);
    for row in bad {
        assert_eq!(row["status"], "error");
        assert!(row["error"].starts_with("expected ") && row["error"].contains("; "), "{row:?}");
        assert_eq!(row["texture_score"], "");
        assert!(run.err().contains(&row["path"]), "stderr does not name {}", row["path"]);
    }
}

#[test]
fn every_command_survives_broken_files_and_says_so() {
    let folder = Folder::new();
    folder.small_model();
    let clean = folder.run(["classify", "model.json", "two"]).expect(0).table();
    for entry in std::fs::read_dir(fixtures("broken")).unwrap() {
        let path = entry.unwrap().path();
        folder.copy(&path, format!("two/dots/{}", path.file_name().unwrap().to_str().unwrap()));
    }
    let rows = folder.run(["classify", "model.json", "two"]).expect(3).table();
    assert_eq!(rows.len(), 16 + 11);
    let good: Vec<_> = rows.into_iter().filter(|row| row["status"] != "error").collect();
    assert_eq!(good, clean);

    let evaluated =
        folder.run(["evaluate", "model.json", "two", "--json", "-o", "e.csv"]).expect(3);
    assert_eq!(evaluated.json()["errors"], 11);
    assert_eq!(evaluated.json()["images"], 27);
    let before = std::fs::read(folder.path("model.json")).unwrap();
    let trained = folder.run(["train", "two", "--model", "again.json", "--epochs", "60"]).expect(3);
    assert_eq!(trained.err().lines().filter(|line| line.contains("expected")).count(), 11);
    let weights = |bytes: &[u8]| {
        serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["model"]["network"].clone()
    };
    assert_eq!(weights(&before), weights(&std::fs::read(folder.path("again.json")).unwrap()));
    folder.run(["cv", "two", "--folds", "2", "--epochs", "5"]).expect(3);
    folder.run(["retrain", "model.json", "two", "-o", "new.json", "--epochs", "2"]).expect(3);
}

#[test]
fn the_demonstration_model_knows_the_fixtures() {
    let folder = Folder::new();
    let model = fixtures("../models/demo.json");
    let textures = fixtures("textures");
    let args = ["evaluate", model.to_str().unwrap(), textures.to_str().unwrap(), "--json"];
    let json = folder.run(args).expect(0).json();
    assert_eq!(json["images"], 160);
    assert!(json["accuracy"].as_f64().unwrap() > 0.97, "{json}");
}

/// The best single threshold on the mean brightness of a picture parts no two classes of the fixtures.
#[test]
fn no_two_fixture_classes_differ_in_mean_brightness() {
    let mut means: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for class in std::fs::read_dir(fixtures("textures")).unwrap() {
        let class = class.unwrap();
        for picture in std::fs::read_dir(class.path()).unwrap() {
            let gray = image::open(picture.unwrap().path()).unwrap().into_luma8();
            let sum: u64 = gray.iter().map(|&v| u64::from(v)).sum();
            let name = class.file_name().into_string().unwrap();
            means.entry(name).or_default().push(sum as f64 / gray.len() as f64);
        }
    }
    assert!(means.len() >= 6 && means.values().all(|pictures| pictures.len() >= 20));
    let mut n_pairs = 0;
    for (a, first) in &means {
        for (b, second) in
            means.range::<String, _>((std::ops::Bound::Excluded(a), std::ops::Bound::Unbounded))
        {
            let below = |values: &[f64], t: f64| values.iter().filter(|&&v| v < t).count();
            let best = first.iter().chain(second).map(|&t| {
                let right = below(first, t) + second.len() - below(second, t);
                right.max(first.len() + second.len() - right)
            });
            let best = best.max().unwrap() as f64 / (first.len() + second.len()) as f64;
            assert!(best < 0.7, "{a} and {b}: {best} by brightness alone");
            n_pairs += 1;
        }
    }
    assert_eq!(n_pairs, 28);
}
