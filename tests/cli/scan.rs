//! What `scan` finds in folders with faults made on purpose, and what other commands make of its manifest.

use std::path::Path;

use image::{DynamicImage, GrayImage, ImageFormat};
use textura::random::Random;

use super::support::{Folder, columns, fixtures, read_table};

/// Blotches and fine grain, different for every number.
fn surface(n: u64) -> GrayImage {
    let mut random = Random::new(n, 0);
    let coarse: Vec<u8> = (0..17 * 17).map(|_| random.below(120) as u8).collect();
    GrayImage::from_fn(64, 64, |x, y| {
        let at = |x: u32, y: u32| f64::from(coarse[(y * 17 + x) as usize]);
        let (i, j, u, v) = (x / 4, y / 4, f64::from(x % 4) / 4.0, f64::from(y % 4) / 4.0);
        let top = at(i, j) * (1.0 - u) + at(i + 1, j) * u;
        let bottom = at(i, j + 1) * (1.0 - u) + at(i + 1, j + 1) * u;
        image::Luma([(50.0 + top * (1.0 - v) + bottom * v) as u8 + random.below(20) as u8])
    })
}

fn save(folder: &Folder, picture: &GrayImage, name: &str) {
    save_as(folder, &DynamicImage::ImageLuma8(picture.clone()), name, ImageFormat::Png);
}

fn save_as(folder: &Folder, picture: &DynamicImage, name: &str, format: ImageFormat) {
    let path = folder.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    picture.save_with_format(path, format).unwrap();
}

/// Two classes of six different pictures each, of which nothing is wrong.
fn two_classes(folder: &Folder, root: &str, seed: u64) {
    for (class, first) in [("coarse", seed), ("fine", seed + 100)] {
        for n in 0..6 {
            save(folder, &surface(first + n), &format!("{root}/{class}/{n}.png"));
        }
    }
}

/// The findings by kind, each with its cases.
fn findings(json: &serde_json::Value) -> std::collections::BTreeMap<String, Vec<String>> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let found = json["findings"].as_array().unwrap().iter();
    let cases = |f: &serde_json::Value| f["cases"].as_array().unwrap().iter().map(text).collect();
    found.map(|f| (text(&f["kind"]), cases(f))).collect()
}

fn kinds(folder: &Folder, source: &str, status: i32) -> Vec<String> {
    let json = folder.run(["scan", source, "--json"]).expect(status).json();
    findings(&json).into_keys().collect()
}

#[test]
fn a_good_folder_has_nothing_wrong() {
    let folder = Folder::new();
    two_classes(&folder, "good", 0);
    let json = folder.run(["scan", "good", "--json"]).expect(0).json();
    assert!(findings(&json).is_empty(), "{json}");
    assert_eq!((json["images"].as_u64(), json["errors"].as_u64()), (Some(12), Some(0)));
    assert_eq!(json["classes"][1]["label"], "fine");
    assert_eq!(json["classes"][1]["images"], 6);
    assert_eq!((&json["width"]["median"], &json["height"]["max"]), (&64.into(), &64.into()));
    assert_eq!(json["formats"]["png"], 12);
    assert_eq!(json["depths"]["8 bits"], 12);
    assert_eq!(json["colors"]["grey"], 12);
    let text = folder.run(["scan", "good"]).expect(0).out();
    for word in ["12 pictures", "coarse", "64 / 64 / 64", "12 png", "Nothing is wrong"] {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn faults_of_single_pictures_are_named() {
    let folder = Folder::new();
    two_classes(&folder, "faults", 0);
    for n in 200..230 {
        save(&folder, &surface(n), &format!("faults/coarse/more_{n}.png"));
    }
    folder.copy(fixtures("broken/truncated.png"), "faults/fine/cut.png");
    let rgb = DynamicImage::ImageRgb8(DynamicImage::ImageLuma8(surface(50)).to_rgb8());
    save_as(&folder, &rgb, "faults/fine/really_jpeg.png", ImageFormat::Jpeg);
    save(&folder, &GrayImage::from_pixel(64, 64, image::Luma([9])), "faults/fine/flat.png");
    save(&folder, &image::imageops::thumbnail(&surface(51), 16, 16), "faults/fine/tiny.png");
    save(&folder, &image::imageops::thumbnail(&surface(54), 40, 60), "faults/fine/odd.png");
    let two = GrayImage::from_fn(64, 64, |x, y| {
        image::Luma([255 * u8::from(surface(52).get_pixel(x, y)[0] > 110)])
    });
    save(&folder, &two, "faults/fine/two_levels.png");
    let deep = DynamicImage::ImageLuma8(surface(53)).to_luma16();
    save_as(&folder, &DynamicImage::ImageLuma16(deep), "faults/fine/deep.tif", ImageFormat::Tiff);

    let run = folder.run(["scan", "faults", "--json"]).expect(3);
    let found = findings(&run.json());
    for (kind, case) in [
        ("unreadable", "cut.png"),
        ("wrong-ending", "really_jpeg.png: is jpeg"),
        ("flat", "flat.png"),
        ("tiny", "tiny.png: 16 x 16"),
        ("odd-size", "odd.png: 40 x 60"),
        ("few-levels", "two_levels.png: 2 grey values"),
        ("mixed-depths", "1 16 bits"),
        ("mixed-colors", "1 colour"),
    ] {
        let cases = found.get(kind).unwrap_or_else(|| panic!("{kind} in {found:?}"));
        assert!(cases.iter().any(|c| c.contains(case)), "{case} in {cases:?}");
    }
    assert_eq!(found.len(), 8, "{found:?}");
    assert_eq!(run.json()["errors"], 1);
    let text = folder.run(["scan", "faults"]).expect(3).out();
    assert!(text.contains("cut.png: expected a whole picture"), "{text}");
}

#[test]
fn faults_of_classes_end_with_status_4() {
    let folder = Folder::new();
    for n in 0..3 {
        save(&folder, &surface(n), &format!("one/only/{n}.png"));
    }
    assert_eq!(kinds(&folder, "one", 4), ["few-classes"]);
    two_classes(&folder, "void", 0);
    std::fs::create_dir(folder.path("void/nothing")).unwrap();
    folder.copy(fixtures("broken/text.png"), "void/unreadable/x.png");
    let found = findings(&folder.run(["scan", "void", "--json"]).expect(4).json());
    assert_eq!(found["empty-class"].len(), 2, "{found:?}");
    two_classes(&folder, "large", 300);
    for n in 0..54 {
        save(&folder, &surface(1000 + n), &format!("large/fine/more_{n}.png"));
    }
    let found = findings(&folder.run(["scan", "large", "--json"]).expect(0).json());
    assert_eq!(found["imbalance"], ["`fine` has 60 pictures and `coarse` 6"]);
    std::fs::create_dir(folder.path("none")).unwrap();
    folder.run(["scan", "none"]).expect(4);
    std::fs::write(folder.path("m.csv"), "path,label\none/only/0.png,a\nvoid/fine/0.png,\n")
        .unwrap();
    assert!(kinds(&folder, "m.csv", 4).contains(&"no-label".to_owned()));
}

#[test]
fn pictures_without_classes_are_scanned_too() {
    let folder = Folder::new();
    for n in 0..4 {
        save(&folder, &surface(n), &format!("loose/{n}.png"));
    }
    save(&folder, &surface(9), "loose/below/9.png");
    let json = folder.run(["scan", "loose", "--json"]).expect(0).json();
    assert_eq!((json["images"].as_u64(), json["classes"].as_array().unwrap().len()), (Some(5), 0));
    folder.run(["scan", "loose/1.png"]).expect(0);
    let run = folder.run(["scan", "missing.png", "--json"]).expect(3);
    assert_eq!(run.json()["errors"], 1);
}

#[test]
fn copies_in_two_classes_and_across_a_split_are_named_and_set_aside() {
    let folder = Folder::new();
    for (part, seed) in [("train", 0), ("val", 20), ("test", 40)] {
        two_classes(&folder, &format!("split/{part}"), seed);
    }
    assert_eq!(kinds(&folder, "split", 0), [""; 0]);
    let picture = |name: &str| folder.path(format!("split/{name}"));
    // The same file, a turned one stored as JPEG, and a brighter, smaller one.
    folder.copy(picture("test/fine/0.png"), "split/train/fine/leak.png");
    let turned = DynamicImage::ImageLuma8(image::imageops::rotate90(&surface(61 - 20)));
    save_as(&folder, &turned, "split/train/coarse/turned.jpg", ImageFormat::Jpeg);
    let mut light = surface(20 + 2);
    light.pixels_mut().for_each(|p| p[0] = (f64::from(p[0]) * 1.1) as u8);
    let light = image::imageops::resize(&light, 48, 48, image::imageops::FilterType::Triangle);
    save(&folder, &light, "split/train/coarse/light.png");
    folder.copy(picture("train/fine/3.png"), "split/train/coarse/contradiction.png");

    let json = folder.run(["scan", "split", "--json", "-o", "m.csv"]).expect(4).json();
    let found = findings(&json);
    let leaks = &found["leak"];
    for (leaked, of) in [
        ("split/train/fine/leak.png is split/test/fine/0.png", "of test"),
        ("split/train/coarse/turned.jpg is nearly split/test/coarse/1.png", "of test"),
        ("split/train/coarse/light.png is nearly split/val/coarse/2.png", "of val"),
    ] {
        let is_it = |case: &&String| case.starts_with(leaked) && case.ends_with(of);
        assert!(leaks.iter().any(|case| is_it(&case)), "{leaked} in {leaks:?}");
    }
    assert_eq!(leaks.len(), 3, "{leaks:?}");
    let contradictions = &found["two-labels"];
    assert_eq!(contradictions.len(), 1);
    assert!(contradictions[0].contains("contradiction.png (`coarse`)"), "{contradictions:?}");
    assert!(contradictions[0].ends_with("the same file"), "{contradictions:?}");

    // What stands in the way is passed over: the manifest can be used, and scanned with nothing left.
    let rows = read_table(std::fs::File::open(folder.path("m.csv")).unwrap());
    let skipped: Vec<&str> =
        rows.iter().filter(|row| row["skip"] == "yes").map(|row| row["path"].as_str()).collect();
    assert_eq!(
        skipped,
        [
            "split/train/coarse/contradiction.png",
            "split/train/coarse/light.png",
            "split/train/coarse/turned.jpg",
            "split/train/fine/3.png",
            "split/train/fine/leak.png",
        ]
    );
    assert!(!kinds(&folder, "m.csv", 0).contains(&"leak".to_owned()));
    let train = ["train", "m.csv", "--model", "a.json", "--epochs", "5", "--augment", "none"];
    let run = folder.run(train.iter().chain(&["--holdout", "0"])).expect(0);
    assert!(run.err().contains("passed over 5 rows"), "{}", run.err());
    let json = folder.run(["evaluate", "a.json", "m.csv", "--json"]).expect(0).json();
    assert_eq!(json["images"], 12, "the test part alone");
    let model: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path("a.json")).unwrap()).unwrap();
    let counts = &model["model"]["training"];
    assert_eq!((&counts["learned"], &counts["watched"]), (&[6, 5].into(), &[6, 6].into()));
}

#[test]
fn near_copies_share_a_group_and_similar_surfaces_do_not() {
    let folder = Folder::new();
    two_classes(&folder, "near", 0);
    let original = DynamicImage::ImageLuma8(surface(1));
    save_as(&folder, &original, "near/coarse/1_again.jpg", ImageFormat::Jpeg);
    folder.copy(folder.path("near/fine/4.png"), "near/fine/4_again.png");
    let found = findings(&folder.run(["scan", "near", "--json", "-o", "m.csv"]).expect(0).json());
    assert_eq!(found["copies"], ["near/fine/4.png = near/fine/4_again.png"]);
    assert_eq!(found["near-copies"], ["near/coarse/1.png = near/coarse/1_again.jpg"]);
    assert_eq!(found.len(), 2, "{found:?}");
    let text = std::fs::read_to_string(folder.path("m.csv")).unwrap();
    assert_eq!(columns(&text)[..7], ["path", "label", "group", "mask", "split", "skip", "why"]);
    let mut groups = std::collections::BTreeMap::<String, Vec<String>>::new();
    for row in read_table(text.as_bytes()) {
        if !row["group"].is_empty() {
            groups.entry(row["group"].clone()).or_default().push(row["path"].clone());
        }
    }
    let groups: Vec<&Vec<String>> = groups.values().collect();
    assert_eq!(groups.len(), 2, "{groups:?}");
    assert!(groups.iter().all(|group| group.len() == 2), "{groups:?}");
    folder.run(["cv", "m.csv", "--folds", "2", "--epochs", "3", "--augment", "none"]).expect(0);

    // Every picture of the project's classes is another one, though those of a class look alike.
    let found = findings(
        &folder.run(["scan", fixtures("textures").to_str().unwrap(), "--json"]).expect(0).json(),
    );
    assert!(!found.contains_key("near-copies"), "{found:?}");
}

#[test]
fn groups_of_a_manifest_stay_and_take_copies_in() {
    let folder = Folder::new();
    two_classes(&folder, "g", 0);
    folder.copy(folder.path("g/fine/2.png"), "g/fine/7.png");
    let rows = "path,label,group\ng/coarse/0.png,a,lot 1\ng/coarse/1.png,a,\ng/fine/2.png,b,lot 2\n\
                g/fine/3.png,b,lot 2\ng/fine/7.png,b,\n";
    std::fs::write(folder.path("m.csv"), rows).unwrap();
    folder.run(["scan", "m.csv", "-o", "n.csv"]).expect(0);
    let rows = read_table(std::fs::File::open(folder.path("n.csv")).unwrap());
    let groups: Vec<&str> = rows.iter().map(|row| row["group"].as_str()).collect();
    assert_eq!(groups, ["lot 1", "", "lot 2", "lot 2", "lot 2"]);
}

#[test]
fn the_report_does_not_depend_on_jobs() {
    let folder = Folder::new();
    two_classes(&folder, "jobs", 0);
    folder.copy(fixtures("broken/truncated.jpg"), "jobs/fine/cut.jpg");
    folder.copy(folder.path("jobs/fine/0.png"), "jobs/coarse/0_again.png");
    let report = |jobs: &str| {
        let table = format!("t{jobs}.csv");
        let run = folder.run(["scan", "jobs", "-j", jobs, "-o", &table, "-v"]).expect(4);
        (run.out(), std::fs::read(folder.path(table)).unwrap())
    };
    assert_eq!(report("1"), report("4"));
    let old = std::fs::read(folder.path("t1.csv")).unwrap();
    folder.run(["scan", "nowhere", "-o", "t1.csv"]).expect(3);
    assert_ne!(std::fs::read(folder.path("t1.csv")).unwrap(), old, "a row for what is not there");
    folder.run(["scan", "jobs", "-o", "t.xlsx"]).expect(2);
    assert!(!Path::new(&folder.path("t.xlsx")).exists());
}
