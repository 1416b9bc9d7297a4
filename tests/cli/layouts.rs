//! Folders as people have them: files that are no pictures, parts and classes under other names and in other places,
//! numbers in names, and names that look alike.

use image::GrayImage;
use serde_json::{Value, json};
use textura::random::Random;

use super::support::{Folder, Run, columns};

/// A small picture of grain, different for every number; stripes where the class is odd.
fn picture(n: u64) -> GrayImage {
    let mut random = Random::new(n, 0);
    GrayImage::from_fn(32, 32, |x, _| {
        let stripe = if n % 2 == 1 { 90 * (x as usize % 4 / 2) } else { 0 };
        image::Luma([(40 + stripe + random.below(110)) as u8])
    })
}

fn save(folder: &Folder, n: u64, name: &str) {
    let path = folder.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    picture(n).save_with_format(path, image::ImageFormat::Png).unwrap();
}

/// Some pictures in each of some folders; folders alternate between grain and stripes.
fn classes(folder: &Folder, names: &[&str]) {
    for (class, name) in (0..).zip(names) {
        (0..4).for_each(|k| {
            save(folder, 1000 * class + 2 * k + class % 2, &format!("{name}/{k}.png"))
        });
    }
}

/// Trains fast on all pictures; what comes of it does not matter.
fn train(folder: &Folder, source: &str, more: &[&str]) -> Run {
    let fast = ["--descriptor", "fast", "--hidden", "none", "--augment", "none", "--holdout", "0"];
    let all = [&["train", source, "--model", "m.json"], fast.as_slice(), more].concat();
    folder.run(all)
}

fn model(folder: &Folder) -> Value {
    let bytes = std::fs::read(folder.path("m.json")).unwrap();
    serde_json::from_slice::<Value>(&bytes).unwrap()["model"].take()
}

fn finding(scan: &Value, kind: &str) -> Option<String> {
    let found = scan["findings"].as_array().unwrap().iter().find(|found| found["kind"] == kind)?;
    Some(found["cases"][0].as_str().unwrap().to_owned())
}

#[test]
fn every_command_counts_what_it_passes_over() {
    let folder = Folder::new();
    classes(&folder, &["s/a", "s/b"]);
    for name in [
        "s/a/1.heic",
        "s/a/notes.txt",
        "s/b/x",
        "s/b/Thumbs.db",
        "s/.DS_Store",
        "s/b/2.HEIC",
        "s/read me.md",
    ] {
        std::fs::write(folder.path(name), "x").unwrap();
    }
    save(&folder, 77, "s/b/raw.jpe");
    let said = "passed over 5 files that are no pictures by their ending: 2 .heic (for instance s/a/1.heic), ";
    let run = train(&folder, "s", &["--report", "train.html"]);
    let err = run.expect(0).err();
    assert!(
        err.contains(said) && err.contains("1 without an ending (for instance s/b/x)"),
        "{err}"
    );
    let html = std::fs::read_to_string(folder.path("train.html")).unwrap();
    assert!(html.contains("passed over 5 files"));

    let mut n_asked = 0;
    for command in [
        &["scan", "s"][..],
        &["score", "s", "--descriptor", "fast"],
        &["score", "s", "--descriptor", "fast", "--labels"],
        &["classify", "m.json", "s", "--report", "c.html"],
        &["evaluate", "m.json", "s"],
        &[
            "cv",
            "s",
            "--descriptor",
            "fast",
            "--hidden",
            "none",
            "--augment",
            "none",
            "--folds",
            "2",
        ],
        &["doctor", "s", "--descriptor", "fast", "--epochs", "1"],
        &["retrain", "m.json", "s", "-o", "n.json"],
    ] {
        let run = folder.run(command.iter().chain(&["--progress", "json"])).expect(0);
        assert!(run.err().contains(said), "{command:?}: {}", run.err());
        let lines: Vec<Value> =
            run.err().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let line = lines.iter().find(|line| line["what"] == "passed over").unwrap();
        assert_eq!(
            (&line["done"], &line["passed_over"]["by_ending"][0]["files"]),
            (&json!(5), &json!(2))
        );
        let quiet = folder.run(command.iter().chain(&["-q"])).expect(0);
        assert!(!quiet.err().contains("passed over"), "{command:?}: {}", quiet.err());
        if ["scan", "evaluate", "cv", "doctor"].contains(&command[0]) {
            let json = folder.run(command.iter().chain(&["--json"])).expect(0).json();
            assert_eq!(json["passed_over"]["files"], 5, "{command:?}");
        }
        n_asked += 1;
    }
    assert_eq!(n_asked, 8);
    assert!(
        std::fs::read_to_string(folder.path("c.html")).unwrap().contains("passed over 5 files")
    );
    let rows = folder.run(["score", "s", "--descriptor", "fast"]).expect(0).table();
    assert_eq!(rows.len(), 9);
    // The content of this one is PNG; an ending of the right format raises no flag.
    let flags = rows.iter().filter(|row| !row["flags"].is_empty()).map(|row| row["path"].as_str());
    assert_eq!(flags.collect::<Vec<_>>(), ["s/b/raw.jpe"]);

    std::fs::create_dir(folder.path("phone")).unwrap();
    std::fs::write(folder.path("phone/1.heic"), "x").unwrap();
    let err = folder.run(["score", "phone"]).expect(4).err();
    assert!(err.contains("found none, but 1 .heic file") && err.contains("convert .heic"), "{err}");
}

#[test]
fn every_ending_that_is_read_is_right_for_its_format() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("s")).unwrap();
    let formats = [
        ("jpe", image::ImageFormat::Jpeg),
        ("JFIF", image::ImageFormat::Jpeg),
        ("mpo", image::ImageFormat::Jpeg),
        ("dib", image::ImageFormat::Bmp),
        ("pgm", image::ImageFormat::Pnm),
        ("tif", image::ImageFormat::Tiff),
    ];
    for (ending, format) in formats {
        picture(3).save_with_format(folder.path(format!("s/x.{ending}")), format).unwrap();
    }
    let pam = [
        b"P7\nWIDTH 8\nHEIGHT 8\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n",
        [7; 64].as_slice(),
    ];
    std::fs::write(folder.path("s/x.pam"), pam.concat()).unwrap();
    std::fs::write(folder.path("s/x.pbm"), [b"P4 8 8\n", [0x5a; 8].as_slice()].concat()).unwrap();
    let rows = folder.run(["score", "s", "--descriptor", "fast"]).expect(0).table();
    assert_eq!(rows.len(), formats.len() + 2);
    for row in rows {
        assert!(!row["flags"].contains("wrong_ending"), "{row:?}");
    }
}

#[test]
fn masks_below_the_source_are_no_inputs() {
    let folder = Folder::new();
    // The disk's name is composed in one place and not in the other; a blank hangs on.
    save(&folder, 1, "s/Gr\u{fc}n/1.png");
    save(&folder, 3, "s/weave /2.png");
    save(&folder, 5, "s/Brick/3.png");
    save(&folder, 1, "s/masks/Gru\u{308}n/1.png");
    save(&folder, 3, "s/masks/weave/2.tif");
    save(&folder, 5, "s/masks/brick/3.png");
    let run =
        folder.run(["score", "s", "--mask-dir", "./s/masks", "--descriptor", "fast"]).expect(3);
    let rows = run.table();
    let status: Vec<&str> = rows.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(status, ["error", "ok", "ok"], "{}", run.err());
    let said = "one whose name looks alike: ./s/masks/brick/3.png";
    assert!(rows[0]["error"].contains(said), "{}", rows[0]["error"]);
    assert!(
        run.err().contains("s/masks: passed over with 3 files, since these are the masks"),
        "{}",
        run.err()
    );
}

#[test]
fn parts_and_wrapped_folders_are_found_and_two_of_a_kind_refused() {
    let folder = Folder::new();
    classes(&folder, &["w/lot/Training/a", "w/lot/Training/b", "w/lot/tst/a", "w/lot/tst/b"]);
    std::fs::write(folder.path("w/README.txt"), "x").unwrap();
    let err = train(&folder, "w", &[]).expect(0).err();
    assert!(err.contains("w: gone through to w/lot"), "{err}");
    assert_eq!(model(&folder)["classes"], json!(["a", "b"]));
    assert_eq!(model(&folder)["training"]["learned"], json!([4, 4]));
    let run = folder.run(["evaluate", "m.json", "w", "--json"]).expect(0);
    assert_eq!((&run.json()["images"], &run.json()["part"]), (&json!(8), &json!("test")));
    let scan = folder.run(["scan", "w", "--json"]).expect(0).json();
    assert_eq!((&scan["images"], &scan["passed_over"]["files"]), (&json!(16), &json!(1)));
    assert_eq!(scan["classes"][0]["split"], json!({ "train": 4, "test": 4 }));

    classes(&folder, &["w/lot/train/a"]);
    for command in [&["scan", "w"][..], &["cv", "w"], &["evaluate", "m.json", "w"]] {
        let err = folder.run(command).expect(4).err();
        assert!(err.contains("`Training` and `train`"), "{err}");
    }
}

#[test]
fn classes_one_level_down_are_hinted_at_and_found() {
    let folder = Folder::new();
    classes(&folder, &["my lots/1/brick", "my lots/1/wood", "my lots/2/brick", "my lots/2/wood"]);
    let hint = "`textura scan 'my lots' --class-level 2`";
    let err = train(&folder, "my lots", &[]).expect(0).err();
    assert!(err.contains("(brick, wood)") && err.contains(hint), "{err}");
    assert_eq!(model(&folder)["classes"], json!(["1", "2"]));
    let scan = folder.run(["scan", "my lots", "--json"]).expect(0).json();
    assert!(finding(&scan, "layout").unwrap().contains(hint), "{scan}");

    train(&folder, "my lots", &["--class-level", "2"]).expect(0);
    assert_eq!(model(&folder)["classes"], json!(["brick", "wood"]));
    assert_eq!(model(&folder)["training"]["learned"], json!([8, 8]));
    let err = folder.run(["evaluate", "m.json", "my lots"]).expect(4).err();
    assert!(err.contains("--class-level 2"), "{err}");
    let level = ["--class-level", "2"];
    let small = ["--descriptor", "fast", "--hidden", "none", "--augment", "none", "--folds", "2"];
    let mut n_silent = 0;
    for command in [
        &["evaluate", "m.json", "my lots"][..],
        &["retrain", "m.json", "my lots", "-o", "n.json"],
        &["scan", "my lots"],
        &[&["cv", "my lots"][..], &small].concat(),
        &["doctor", "my lots", "--descriptor", "fast", "--epochs", "1"],
        &["score", "my lots", "--descriptor", "fast", "--labels"],
    ] {
        let run = folder.run(command.iter().chain(&level)).expect(0);
        assert!(!run.err().contains("level"), "{command:?}: {}", run.err());
        if command[0] == "score" {
            assert_eq!(run.table()[4]["label"], "wood");
        }
        n_silent += 1;
    }
    assert_eq!(n_silent, 6);
}

#[test]
fn numbers_in_names_count_as_numbers() {
    let folder = Folder::new();
    classes(&folder, &["s/10", "s/2", "s/1", "more/11", "more/9"]);
    save(&folder, 50, "s/1/10.png");
    train(&folder, "s", &["--grades", "none"]).expect(0);
    assert_eq!(
        (&model(&folder)["classes"], &model(&folder)["grades"]),
        (&json!(["1", "2", "10"]), &Value::Null)
    );
    let run = folder.run(["classify", "m.json", "s"]).expect(0);
    let names = columns(&run.out());
    assert_eq!(names[9..12], ["p_1", "p_2", "p_10"]);
    assert!(!names.contains(&"grade".to_owned()));
    let paths: Vec<String> =
        run.table().into_iter().map(|mut row| row.remove("path").unwrap()).collect();
    assert_eq!(paths[3..6], ["s/1/3.png", "s/1/10.png", "s/2/0.png"]);
    let scan = folder.run(["scan", "s", "--json"]).expect(0).json();
    let labels: Vec<&Value> =
        scan["classes"].as_array().unwrap().iter().map(|class| &class["label"]).collect();
    assert_eq!(labels, ["1", "2", "10"]);

    // What was switched off stays so; an old model keeps its order, and new classes are sorted after it.
    folder.run(["retrain", "m.json", "more", "-o", "m.json", "--force"]).expect(0);
    assert_eq!(model(&folder)["classes"], json!(["1", "2", "10", "9", "11"]));
    assert_eq!(model(&folder)["grades"], Value::Null);
    train(&folder, "s", &[]).expect(0);
    assert_eq!(model(&folder)["grades"], json!([1.0, 2.0, 10.0]));
    folder.run(["retrain", "m.json", "s", "-o", "m.json", "--grades", "none", "--force"]).expect(0);
    assert_eq!(model(&folder)["grades"], Value::Null);
    let cv = [
        "cv",
        "s",
        "--folds",
        "2",
        "--descriptor",
        "fast",
        "--hidden",
        "none",
        "--augment",
        "none",
        "--json",
    ];
    assert!(folder.run(cv).expect(0).json()["grade_mae"].is_f64());
    let none = folder.run(cv.iter().chain(&["--grades", "none"])).expect(0).json();
    assert!(none.get("grade_mae").is_none(), "{none}");
}

#[test]
fn names_that_no_eye_can_tell_apart_are_one_class() {
    let (composed, apart) = ("Gr\u{fc}n", "Gru\u{308}n");
    let folder = Folder::new();
    classes(
        &folder,
        &[&format!("s/{composed}"), "s/weave", &format!("s/{apart}"), "s/weave\u{a0}"],
    );
    let err = train(&folder, "s", &[]).expect(0).err();
    assert!(err.contains("(Gru\\u{308}n) and") && err.contains("are one class"), "{err}");
    assert_eq!(model(&folder)["classes"], json!([apart, "weave"]), "the first that is met");
    assert_eq!(model(&folder)["training"]["learned"], json!([8, 8]));
    let scan = folder.run(["scan", "s", "--json"]).expect(0).json();
    assert_eq!(scan["classes"].as_array().unwrap().len(), 2);

    // The next lot is spelled otherwise, in a manifest, too.
    classes(&folder, &[&format!("t/{composed}"), "t/weave "]);
    folder.run(["retrain", "m.json", "t", "-o", "n.json", "--force"]).expect(0);
    let retrained = std::fs::read_to_string(folder.path("n.json")).unwrap();
    assert!(retrained.contains("Gru\u{308}n") && !retrained.contains(composed));
    let run = folder.run(["evaluate", "m.json", "t", "--json"]).expect(0);
    assert_eq!(run.json()["classes"], json!([apart, "weave"]));
    let rows = [composed, "weave "]
        .map(|class| format!("t/{class}/0.png,{class}\nt/{class}/1.png,{class}\n"));
    std::fs::write(folder.path("t.csv"), format!("path,label\n{}", rows.concat())).unwrap();
    folder.run(["evaluate", "m.json", "t.csv"]).expect(0);
    std::fs::write(folder.path("g.csv"), format!("class,grade\n{composed},1\nweave ,2\n")).unwrap();
    train(&folder, "s", &["--grades", "g.csv"]).expect(0);
    assert_eq!(model(&folder)["grades"], json!([1.0, 2.0]));
}

#[test]
fn names_that_differ_in_case_alone_are_shown_and_refused() {
    let folder = Folder::new();
    classes(&folder, &["s/brick", "s/weave"]);
    train(&folder, "s", &[]).expect(0);
    classes(
        &folder,
        &[
            "t/Brick",
            "t/weave",
            "u/Brick",
            "u/brick",
            "v/train/brick",
            "v/train/b",
            "v/val/Brick",
            "v/val/b",
        ],
    );
    let mut n_refused = 0;
    for (command, both) in [
        (&["evaluate", "m.json", "t"][..], "`brick` of the model and `Brick`"),
        (&["retrain", "m.json", "t", "-o", "n.json"], "`brick` of the model and `Brick`"),
        (&["train", "u", "--model", "n.json"], "`Brick` and `brick`"),
        (&["cv", "u"], "`Brick` and `brick`"),
        (&["doctor", "u"], "`Brick` and `brick`"),
        (
            &["train", "v", "--model", "n.json", "--descriptor", "fast"],
            "`brick` of the train part and `Brick`",
        ),
        (
            &["retrain", "m.json", "s", "-o", "n.json", "--rename", "weave=Brick"],
            "`brick` and `Brick`",
        ),
    ] {
        let err = folder.run(command).expect(4).err();
        assert!(err.contains(both), "{command:?}: {err}");
        n_refused += 1;
    }
    assert_eq!(n_refused, 7);
    assert!(!folder.path("n.json").exists());
    let scan = folder.run(["scan", "u", "--json"]).expect(4).json();
    assert_eq!(finding(&scan, "twin-names").unwrap(), "`Brick` and `brick`");
    folder
        .run(["retrain", "m.json", "t", "-o", "n.json", "--rename", "brick=Brick", "--force"])
        .expect(0);
}
