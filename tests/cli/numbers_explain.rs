//! `explain`, `classify --report` and `classify --sort-into` with models of numbers.

use std::fmt::Write as _;
use std::fs;

use image::{GrayImage, Luma};
use serde_json::Value;
use textura::Random;

use super::numbers::{FAST, number, pitch, train, weave, workshop};
use super::numbers_retrain::without_memory;
use super::support::Folder;

fn float(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

#[test]
fn what_a_picture_differs_by_from_the_mean_one_is_shared_among_the_families() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    let words = ["explain", "pitch.json", "img/100.png", "--json", "--top", "4"];
    let run = folder.run(words).expect(0);
    let again = folder.run(words.iter().chain(&["-j", "3", "--seed", "5"])).expect(0);
    let (json, other) = (run.json(), again.json());
    assert_eq!(json["families"], other["families"], "all sets of four families are tried");
    let row = folder.run(["classify", "pitch.json", "img/100.png"]).expect(0).table().remove(0);
    let one = &json["numbers"][0];
    for (field, column) in
        [("value", "pitch_px"), ("low", "pitch_px_low"), ("high", "pitch_px_high")]
    {
        assert_eq!(float(&one[field]), number(&row, column));
    }
    assert_eq!((float(&json["value"]), &json["target"]), (float(&one["value"]), &one["name"]));
    assert_eq!(float(&json["familiarity"]), number(&row, "familiarity"));
    let families = list(&json["families"]);
    assert_eq!(families.len(), 4);
    let sum: f64 = families.iter().map(|family| float(&family["push"])).sum();
    let difference = float(&json["value"]) - float(&json["value_of_mean"]);
    assert!((sum - difference).abs() < 1e-9 && 0.1 < difference.abs(), "{sum} {difference}");
    let n: u64 = families.iter().map(|family| family["n_features"].as_u64().unwrap()).sum();
    assert_eq!(n, 90);
    for (name, sign) in [("features_up", 1.0), ("features_down", -1.0)] {
        let features = list(&json[name]);
        let pushes: Vec<f64> = features.iter().map(|f| sign * float(&f["push"])).collect();
        assert!(pushes.len() == 4 && pushes.is_sorted_by(|a, b| a >= b && 0.0 < *b), "{pushes:?}");
        for feature in features {
            let without = float(&json["value"]) - float(&feature["push"]);
            assert!((without - float(&feature["value_without"])).abs() < 1e-9);
            assert!(!feature["meaning"].as_str().unwrap().is_empty());
        }
    }
    let check = &json["check"];
    assert_eq!((list(&check["features"]).len(), &check["draws"]), (3, &100.into()));
    assert!(95 <= check["draws_that_matter_less"].as_u64().unwrap(), "{check}");
    // The nearest have numbers near to this one.
    let nearest = list(&json["nearest"]);
    assert_eq!(nearest.len(), 5);
    let right = nearest.iter().map(|near| float(&near["numbers"][0]["value"]));
    let off: f64 = right.map(|right| (right - pitch(100)).abs()).sum::<f64>() / 5.0;
    assert!(off < 1.0, "{off}");
}

#[test]
fn a_piece_of_something_else_is_where_the_number_comes_from() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    // A wide weave with a fine one in its lower left quarter.
    let (wide, fine) = (weave(11.0, 700), weave(5.5, 701));
    let both = GrayImage::from_fn(64, 64, |x, y| {
        if x < 32 && 32 <= y { *fine.get_pixel(x, y) } else { *wide.get_pixel(x, y) }
    });
    both.save(folder.path("both.png")).unwrap();
    let words = ["explain", "pitch.json", "both.png", "--json"];
    let json = folder.run(words).expect(0).json();
    let map = &json["map"];
    assert_eq!((&map["width"], &map["height"]), (&64.into(), &64.into()));
    let rows = list(&map["push"]);
    assert!(rows.len() == 6 && rows.iter().all(|row| list(row).len() == 6), "{map}");
    let mean = |of: fn(usize, usize) -> bool| {
        let places = (0..36).map(|at| (at % 6, at / 6)).filter(|&(x, y)| of(x, y));
        let pushes: Vec<f64> = places.map(|(x, y)| float(&rows[y][x])).collect();
        pushes.iter().sum::<f64>() / pushes.len() as f64
    };
    let of_fine = mean(|x, y| x < 2 && 4 <= y);
    let of_wide = mean(|x, y| 3 <= x && y < 3);
    assert!(of_fine < 0.0 && of_fine < of_wide, "{of_fine} {of_wide}");
    // A picture too small to be parted has no map.
    image::imageops::crop_imm(&wide, 0, 0, 15, 15).to_image().save(folder.path("s.png")).unwrap();
    assert!(
        folder.run(["explain", "pitch.json", "s.png", "--json"]).expect(0).json()["map"].is_null()
    );
}

#[test]
fn text_and_drawing_of_one_of_two_numbers_with_the_nearest_by_content() {
    let folder = workshop();
    let words = ["train", "img", "--targets", "train.csv", "--model", "both.json", "-q"];
    folder.run(words.iter().chain(&FAST)).expect(0);
    // Under another name in another place.
    fs::create_dir(folder.path("moved")).unwrap();
    fs::rename(folder.path("img/7.png"), folder.path("moved/seven.png")).unwrap();
    let words = ["explain", "both.json", "moved/seven.png", "--target", "twice"];
    let told = folder.run(words).expect(0).out();
    for part in [
        "pitch_px ",
        "(interval of 90 %: ",
        "What raised `twice` (+) and lowered it (-)",
        "the mean picture learned from",
        "this picture: the sum",
        "Strongest features that raise it",
        "Strongest features that lower it",
        "draws change it less",
        "Where: by how much the answer falls",
        "(this very picture)",
        "content ",
        "--pictures DIR",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 100), "{told}");
    let more = ["--pictures", ".", "-o", "why.svg", "--json", "--interval", "0.5"];
    let json = folder.run(words.iter().chain(&more)).expect(0).json();
    assert_eq!((&json["target"], &json["interval"]), (&"twice".into(), &0.5.into()));
    let first = &json["nearest"][0];
    assert_eq!((&first["path"], &first["is_same"]), (&"moved/seven.png".into(), &true.into()));
    assert_eq!(float(&first["distance"]), 0.0);
    let names: Vec<&str> =
        list(&first["numbers"]).iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["pitch_px", "twice"]);
    assert_eq!(float(&first["numbers"][1]["value"]), 2.0 * pitch(7));
    assert!(list(&json["nearest"]).iter().all(|near| near["path"].is_string()));
    let svg = fs::read_to_string(folder.path("why.svg")).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let images = document.descendants().filter(|node| node.tag_name().name() == "image");
    let images: Vec<_> = images.map(|node| node.attribute("href").unwrap()).collect();
    assert_eq!(images.len(), 7, "the picture, the same with its parts, and five others");
    assert!(images.iter().all(|href| href.starts_with("data:image/jpeg;base64,")));
    // One that is gone is said to be.
    let run = folder.run(words.iter().chain(&["--pictures", "moved"])).expect(0);
    assert!(
        run.err().contains("4 of the 5 nearest training pictures are not in moved"),
        "{}",
        run.err()
    );
}

#[test]
fn what_cannot_be_explained_is_refused_by_name_and_nothing_is_written() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    fs::write(folder.path("text.png"), "no picture").unwrap();
    let mut n_refused = 0;
    for (words, status, part) in [
        (&["img/0.png", "--class", "brick"][..], 2, "leave out --class"),
        (&["img/0.png", "--target", "pitch"], 2, "did you mean `pitch_px`?"),
        (&["img/0.png", "--interval", "1"], 2, "interval"),
        (&["img/0.png", "--pictures", "nowhere"], 2, "nowhere"),
        (&["img/0.png", "--reject-at", "2"], 2, "reject-at"),
        (&["text.png"], 3, "text.png"),
        (&["missing.png"], 3, "missing.png"),
    ] {
        let all = ["explain", "pitch.json"].iter().chain(words).chain(&["-o", "why.svg"]);
        let run = folder.run(all).expect(status);
        assert!(run.err().contains(part) && run.out().is_empty(), "{}", run.err());
        n_refused += 1;
    }
    assert_eq!(n_refused, 7);
    assert!(!folder.path("why.svg").exists());
    folder.copy_class("brick", 4, "two/brick");
    folder.copy_class("dots", 4, "two/dots");
    let args = ["train", "two", "-m", "m.json", "--epochs", "5", "--holdout", "0", "-q"];
    folder.run(args.iter().chain(&FAST)).expect(0);
    let run = folder.run(["explain", "m.json", "img/0.png", "--target", "pitch_px"]).expect(2);
    assert!(run.err().contains("leave out --target"), "{}", run.err());
}

/// The same model as an older textura would have written it.
fn forget(folder: &Folder, from: &str, to: &str) {
    let document = without_memory(folder, from);
    fs::write(folder.path(to), serde_json::to_vec(&document).unwrap()).unwrap();
}

#[test]
fn a_model_that_remembers_no_pictures_explains_all_the_same() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    forget(&folder, "pitch.json", "old.json");
    let words = ["explain", "old.json", "img/100.png", "--pictures", "img", "--json"];
    let run = folder.run(words).expect(0);
    assert!(run.err().contains("train again to have them named"), "{}", run.err());
    let json = run.json();
    let new = folder.run(["explain", "pitch.json", "img/100.png", "--json"]).expect(0).json();
    assert_eq!(json["families"], new["families"]);
    let nearest = list(&json["nearest"]);
    assert_eq!(nearest.len(), 5);
    for (old, new) in nearest.iter().zip(list(&new["nearest"])) {
        assert_eq!(old["distance"], new["distance"]);
        assert!(old["content"].is_null() && list(&old["numbers"]).is_empty());
    }
    let text = folder.run(["explain", "old.json", "img/100.png"]).expect(0).out();
    assert!(
        text.contains("not named by this older model") && !text.contains("--pictures"),
        "{text}"
    );
}

#[test]
fn a_page_shows_how_numbers_are_spread_and_pictures_along_them() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    // Beyond the range; like nothing learned from; no picture.
    weave(13.6, 950).save(folder.path("img/wide.png")).unwrap();
    let mut random = Random::new(4, 4);
    let noise = GrayImage::from_fn(64, 64, |_, _| Luma([random.below(256) as u8]));
    noise.save(folder.path("img/<b>.png")).unwrap();
    fs::write(folder.path("img/text.png"), "no picture").unwrap();
    let words = ["classify", "pitch.json", "img", "-o", "out.csv", "--report", "page.html"];
    folder.run(words).expect(3);
    let page = fs::read_to_string(folder.path("page.html")).unwrap();
    folder.run(words.iter().chain(&["-j", "2"])).expect(3);
    assert_eq!(page, fs::read_to_string(folder.path("page.html")).unwrap());
    let rows = super::support::read_table(fs::File::open(folder.path("out.csv")).unwrap());
    let n = |status: &str| rows.iter().filter(|row| row["status"] == status).count();
    let (n_ok, n_rejected) = (n("ok"), n("rejected"));
    assert_eq!((n_ok + n_rejected, n("error")), (82, 1));
    assert!(n_rejected != 0);
    for part in [
        "Report on numbers",
        "How the numbers are spread",
        "Numbers in order",
        "Familiarity",
        "pitch_px: from low to high",
        "pitch_px: beyond the range",
        "Least familiar",
        "&#60;b&#62;.png",
        "text.png",
        "What intervals promise: of new pictures or groups like the 50",
        &format!("Of the {n_ok} pictures that were not rejected."),
    ] {
        assert!(page.contains(part), "{part}");
    }
    // Along the number, pictures stand from low to high.
    let (_, along) = page.split_once("pitch_px: from low to high").unwrap();
    let (along, beyond) = along.split_once("pitch_px: beyond the range").unwrap();
    let value = |name: &str| {
        let row = rows.iter().find(|row| row["path"].ends_with(&format!("/{name}"))).unwrap();
        number(row, "pitch_px")
    };
    let shown: Vec<f64> = rows
        .iter()
        .filter_map(|row| {
            let name = row["path"].rsplit('/').next().unwrap();
            Some((along.find(&format!("/{name}"))?, value(name)))
        })
        .collect::<std::collections::BTreeMap<_, _>>()
        .into_values()
        .collect();
    assert!(10 < shown.len() && shown.is_sorted(), "{shown:?}");
    assert!(beyond.contains("img/wide.png"));
    assert!(20 <= page.matches("data:image/jpeg").count() && !page.contains("<script"));
    assert!(!page.contains(&*folder.path("").to_string_lossy()));
}

#[test]
fn pictures_are_sorted_into_the_folder_with_the_nearest_number() {
    let folder = Folder::with_cache();
    for (at, pitch) in [5, 7, 9, 11].into_iter().cycle().take(28).enumerate() {
        let place = folder.path(format!("by_pitch/{pitch}"));
        fs::create_dir_all(&place).unwrap();
        weave(f64::from(pitch), 500 + at as u64).save(place.join(format!("{at}.png"))).unwrap();
    }
    let words = ["train", "by_pitch", "--target", "folder", "--model", "m.json", "-q"];
    folder.run(words.iter().chain(&FAST)).expect(0);
    fs::create_dir(folder.path("new")).unwrap();
    for (at, pitch) in [5.1, 7.2, 8.8, 11.0].into_iter().enumerate() {
        weave(pitch, 800 + at as u64).save(folder.path(format!("new/{at}.png"))).unwrap();
    }
    fs::write(folder.path("new/text.png"), "no picture").unwrap();
    let words = ["classify", "m.json", "new", "--sort-into", "sorted", "--copy", "-o", "out.csv"];
    let dry = folder.run(words.iter().chain(&["--reject-at", "none", "--dry-run"])).expect(3);
    assert_eq!(dry.out().lines().count(), 5);
    assert!(!folder.path("sorted").exists() && !folder.path("out.csv").exists());
    folder.run(words.iter().chain(&["--reject-at", "none"])).expect(3);
    for place in ["5/0.png", "7/1.png", "9/2.png", "11/3.png", "_error/text.png"] {
        assert!(folder.path(format!("sorted/{place}")).exists(), "{place}");
    }
    assert_eq!(fs::read_to_string(folder.path("out.csv")).unwrap().lines().count(), 6);
    let undone = folder.run(["classify", "--undo", "sorted/textura-sorted.csv"]).expect(0);
    assert!(undone.err().contains("put back 5 pictures"), "{}", undone.err());

    forget(&folder, "m.json", "old.json");
    let run = folder.run(["classify", "old.json", "new", "--sort-into", "sorted"]).expect(5);
    assert!(run.err().contains("train again"), "{}", run.err());
    let mut list = "path,Ra_um\n".to_owned();
    for at in 0..28 {
        let pitch = [5, 7, 9, 11][at % 4];
        writeln!(list, "by_pitch/{pitch}/{at}.png,{pitch}").unwrap();
    }
    fs::write(folder.path("list.csv"), list).unwrap();
    let words = ["train", "list.csv", "--target", "Ra_um", "--model", "r.json", "-q"];
    folder.run(words.iter().chain(&FAST)).expect(0);
    let run = folder.run(["classify", "r.json", "new", "--sort-into", "sorted"]).expect(2);
    for part in ["measured numbers (Ra_um)", "leave out --sort-into", "--target folder"] {
        assert!(run.err().contains(part), "{part}: {}", run.err());
    }
    assert!(!folder.path("sorted").exists());
}
