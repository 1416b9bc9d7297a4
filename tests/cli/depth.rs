//! One picture in files of 8 and of 16 bits; `--bits` and `--range`; memory.

use image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage};

use super::support::Folder;

/// Grey values of a rough picture: of fine grain where `grain` is 1, and blocks of so many pixels elsewhere.
fn values(side: u32, grain: u32, seed: u64) -> Vec<u8> {
    let mut random = textura::random::Random::new(seed, 0);
    let blocks: Vec<u8> = (0..side * side).map(|_| 40 + random.below(160) as u8).collect();
    let of = |at: u32| {
        let (x, y) = (at % side / grain, at / side / grain);
        blocks[(y * side + x) as usize] + (at % 7) as u8
    };
    (0..side * side).map(of).collect()
}

/// Saves values as they are below `name`8, and times 257 in 16 bits below `name`16.
fn save_both(folder: &Folder, path: &str, side: u32, values: &[u8]) {
    let files = ["8", "16"].map(|depth| folder.path(format!("in{depth}/{path}.png")));
    files.iter().for_each(|file| std::fs::create_dir_all(file.parent().unwrap()).unwrap());
    GrayImage::from_raw(side, side, values.to_vec()).unwrap().save(&files[0]).unwrap();
    let deep: Vec<u16> = values.iter().map(|&v| 257 * u16::from(v)).collect();
    let deep = ImageBuffer::<Luma<u16>, _>::from_raw(side, side, deep).unwrap();
    deep.save(&files[1]).unwrap();
}

#[test]
fn a_picture_has_the_same_numbers_in_either_depth() {
    let folder = Folder::new();
    for (k, grain) in [1, 3].into_iter().enumerate() {
        save_both(&folder, &format!("p{k}"), 33, &values(33, grain, k as u64));
    }
    save_both(&folder, "black", 20, &[0; 400]);
    save_both(&folder, "dark", 20, &values(20, 2, 9).iter().map(|v| v / 32).collect::<Vec<_>>());
    // Ten levels are no part of 256, so that the edges of levels would fall elsewhere.
    let ten = r#"{"families":[{"glcm":{"levels":10}}],"channels":"opponent"}"#;
    std::fs::write(folder.path("ten.json"), ten).unwrap();
    let mut n_compared = 0;
    for descriptor in ["full", "ten.json"] {
        let [eight, sixteen] = ["in8", "in16"].map(|source| {
            folder.run(["score", source, "--descriptor", descriptor]).expect(0).table()
        });
        assert_eq!((eight.len(), sixteen.len()), (4, 4));
        for (eight, sixteen) in eight.iter().zip(&sixteen) {
            for (column, number) in eight {
                // First-order statistics are in the grey values of the file.
                if column == "path" || column.starts_with("stat_") {
                    continue;
                }
                assert_eq!(*number, sixteen[column], "{column} of {}", eight["path"]);
                n_compared += 1;
            }
        }
        if descriptor == "full" {
            assert_ne!(eight[2]["stat_max"], sixteen[2]["stat_max"]);
        }
    }
    assert!(4 * 5000 < n_compared, "{n_compared}");
}

#[test]
fn colours_become_the_same_grey_in_either_depth() {
    let folder = Folder::new();
    let planes = [1, 2, 3].map(|seed| values(24, 1, seed));
    let pixel = |x: u32, y: u32| planes.each_ref().map(|plane| plane[(y * 24 + x) as usize]);
    RgbImage::from_fn(24, 24, |x, y| Rgb(pixel(x, y))).save(folder.path("a.png")).unwrap();
    for (name, step) in [("b.png", 257), ("c.png", 256)] {
        let deep = |x, y| Rgb(pixel(x, y).map(|v| step * u16::from(v)));
        let deep = ImageBuffer::<Rgb<u16>, Vec<u16>>::from_fn(24, 24, deep);
        deep.save(folder.path(name)).unwrap();
    }
    for channels in ["gray", "rgb", "opponent"] {
        let args = ["score", "a.png", "b.png", "c.png", "--descriptor", "fast", "--channels"];
        let rows = folder.run(args.iter().chain(&[channels])).expect(0).table();
        let without_path = |row: usize| rows[row].iter().filter(|(column, _)| *column != "path");
        assert_eq!(rows.len(), 3);
        assert!(without_path(0).eq(without_path(1)), "{channels}");
        assert!(without_path(0).eq(without_path(2)), "{channels}");
    }
}

#[test]
fn a_model_says_the_same_of_a_picture_in_either_depth() {
    let folder = Folder::new();
    for (class, grain) in [("fine", 1), ("coarse", 4)] {
        for k in 0..8 {
            // So dark that 15 bits would hold the values times 257.
            let values: Vec<u8> =
                values(24, grain, k).into_iter().map(|v| (v / 2).min(120)).collect();
            save_both(&folder, &format!("{class}/{k}"), 24, &values);
        }
    }
    // Half of the pictures in each depth.
    let mixed: Vec<String> = (0..8)
        .flat_map(|k| {
            let depth = if k % 2 == 0 { 8 } else { 16 };
            ["fine", "coarse"].map(|class| format!("in{depth}/{class}/{k}.png,{class}"))
        })
        .collect();
    std::fs::write(folder.path("mixed.csv"), format!("path,label\n{}\n", mixed.join("\n")))
        .unwrap();
    let train =
        "train mixed.csv --model m.json --descriptor fast --hidden none --epochs 3 --holdout 0";
    folder.run(train.split(' ')).expect(0);
    let [eight, sixteen] =
        ["in8", "in16"].map(|source| folder.run(["classify", "m.json", source]).expect(0).table());
    assert_eq!((eight.len(), sixteen.len()), (16, 16));
    for (eight, sixteen) in eight.iter().zip(&sixteen) {
        let said = |row: &std::collections::BTreeMap<String, String>| {
            row.iter().filter(|(column, _)| *column != "path").map(|(_, v)| v.clone()).collect()
        };
        let [eight, sixteen]: [Vec<String>; 2] = [said(eight), said(sixteen)];
        assert_eq!(eight, sixteen);
    }
    let measured = ["in8", "in16"].map(|source| {
        let args = ["evaluate", "m.json", source, "--json", "--corrupt", "noise:20"];
        let measures = folder.run(args).expect(0).json();
        (measures["log_loss"].clone(), measures["confusion"].clone())
    });
    assert_eq!(measured[0], measured[1]);
}

#[test]
fn a_range_takes_the_place_of_the_models_own_wherever_pictures_are_read() {
    let folder = Folder::new();
    folder.small_model();
    folder.run(["classify", "model.json", "two", "-o", "own.csv"]).expect(0);
    folder.run(["classify", "model.json", "two", "--range", "0,255", "-o", "same.csv"]).expect(0);
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    assert_eq!(read("own.csv"), read("same.csv"));
    let picture = "two/brick/brick_00.png";
    let mut n_commands = 0;
    for command in [
        "classify model.json two",
        "evaluate model.json two --json",
        "score two --model model.json",
        "explain model.json PICTURE --json",
        "map model.json PICTURE --table t.csv",
        "scan two --json",
    ] {
        let said = |flags: &[&str]| {
            let args =
                command.split(' ').map(|word| if word == "PICTURE" { picture } else { word });
            let _ = std::fs::remove_file(folder.path("t.csv"));
            let window: &[&str] =
                if command.starts_with("map") { &["--window", "32"] } else { &[] };
            let run = folder.run(args.chain(window.iter().copied()).chain(flags.iter().copied()));
            let table = std::fs::read_to_string(folder.path("t.csv")).unwrap_or_default();
            run.expect(0).out() + &table
        };
        let own = said(&[]);
        assert_eq!(own, said(&["--bits", "12"]), "{command}: 8-bit files keep their range");
        let narrow = said(&["--range", "100,140"]);
        assert_eq!(own != narrow, !command.starts_with("scan"), "{command}");
        n_commands += 1;
    }
    assert_eq!(n_commands, 6);
    folder
        .run(["retrain", "model.json", "two", "-o", "n.json", "--range", "0,200", "--force"])
        .expect(0);
    let descriptor = folder.run(["inspect", "n.json", "--descriptor"]).expect(0).out();
    assert!(descriptor.contains(r#""values":{"between":[0,200]}"#), "{descriptor}");
    for wrong in [["--range", "9"], ["--range", "9,9"], ["--range", "a,b"], ["--bits", "40"]] {
        for command in [&["classify", "model.json", "two"][..], &["scan", "two"], &["bench", "two"]]
        {
            folder.run(command.iter().chain(&wrong)).expect(2);
        }
    }
    // Values that no picture of 8 or 16 bits has.
    let rows = folder.run(["score", picture, "--range", "-1,2.5"]).expect(3).table();
    assert!(rows[0]["error"].contains("32-bit integers, or floats"), "{rows:?}");
}

#[test]
fn a_scan_judges_by_the_range_that_is_given() {
    let folder = Folder::new();
    let values: Vec<u16> = values(40, 1, 1).iter().map(|&v| 16 * u16::from(v) + 3).collect();
    std::fs::create_dir(folder.path("deep")).unwrap();
    let deep = ImageBuffer::<Luma<u16>, _>::from_raw(40, 40, values).unwrap();
    deep.save(folder.path("deep/a.png")).unwrap();
    let findings = |flags: &[&str]| {
        let run = folder.run(["scan", "deep", "--json"].iter().chain(flags)).expect(0);
        run.json()["findings"].to_string()
    };
    assert!(findings(&[]).contains("few-levels"), "{}", findings(&[]));
    assert!(!findings(&["--bits", "12"]).contains("few-levels"));
}

#[test]
fn a_picture_whose_measuring_would_not_fit_is_a_row_with_the_reason() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("big")).unwrap();
    let picture = GrayImage::from_raw(300, 300, values(300, 1, 1)).unwrap();
    picture.save(folder.path("big/a.png")).unwrap();
    let row = |descriptor: &str, status: i32| {
        let args = ["score", "big", "--max-memory", "1000000", "--descriptor", descriptor];
        folder.run(args).expect(status).table().remove(0)
    };
    assert_eq!(row("fast", 0)["status"], "ok");
    let refused = row("default", 3);
    assert_eq!(refused["status"], "error");
    assert!(refused["error"].contains("300 x 300") && refused["error"].contains("--max-memory"));
    // A map measures windows, which take little beside the picture.
    let map = ["map", "big/a.png", "--feature", "texture_score", "--table", "t.csv", "-j", "1"];
    folder.run(map.iter().chain(&["--max-memory", "1000000"])).expect(0);
    let run = folder.run(map.iter().chain(&["--max-memory", "200000"])).expect(3);
    assert!(run.err().contains("--max-memory"), "{}", run.err());
}
