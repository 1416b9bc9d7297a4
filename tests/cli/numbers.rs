//! Models of numbers: `train --target`, and what other commands do with them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use image::{GrayImage, Luma};
use textura::Random;

use super::support::{Folder, columns};

/// Crossed waves of a pitch in pixels, at a random phase and in random light, with noise.
pub fn weave(pitch: f64, number: u64) -> GrayImage {
    let mut random = Random::new(number, 19);
    let (shift, light) = (6.0 * random.unit(), 110.0 + 20.0 * random.unit());
    GrayImage::from_fn(64, 64, |x, y| {
        let turn = std::f64::consts::TAU / pitch;
        let wave = (f64::from(x) * turn + shift).sin() * (f64::from(y) * turn + shift).sin();
        Luma([(light + 25.0 * wave + 10.0 * random.normal()).clamp(0.0, 255.0) as u8])
    })
}

pub fn pitch(number: u64) -> f64 {
    5.0 + 8.0 * Random::new(number, 20).unit()
}

/// `img/` with pictures of a known pitch, and lists of those to learn from and of others: `train.csv`, `test.csv`.
pub fn workshop() -> Folder {
    let folder = Folder::with_cache();
    fs::create_dir(folder.path("img")).unwrap();
    for (list, numbers) in [("train.csv", 0..50), ("test.csv", 100..130)] {
        let mut text = "path,pitch_px,twice,group\n".to_owned();
        for number in numbers {
            let pitch = pitch(number);
            weave(pitch, number).save(folder.path(format!("img/{number}.png"))).unwrap();
            writeln!(text, "img/{number}.png,{pitch},{},g{number}", 2.0 * pitch).unwrap();
        }
        fs::write(folder.path(list), text).unwrap();
    }
    folder
}

pub const FAST: [&str; 2] = ["--descriptor", "fast"];

pub fn train<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let words = ["train", "train.csv", "--target", "pitch_px", "--model", "pitch.json"];
    words.iter().chain(&FAST).chain(more).copied().collect()
}

pub fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn a_number_is_learned_told_with_its_interval_and_measured() {
    let folder = workshop();
    let told = folder.run(train(&[])).expect(0).out();
    for part in
        ["learned pitch_px from 50 pictures", "50 radial units", "each picture by the others"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(told.contains("like the 50 learned from, about 90 % lie in their intervals"), "{told}");
    // The same bytes, whatever the number of jobs.
    let first = fs::read(folder.path("pitch.json")).unwrap();
    folder.run(train(&["-j", "2"])).expect(0);
    assert_eq!(first, fs::read(folder.path("pitch.json")).unwrap());

    let classified = folder.run(["classify", "pitch.json", "test.csv"]).expect(0);
    let names = "path status error pitch_px pitch_px_low pitch_px_high familiarity flags";
    assert_eq!(columns(&classified.out()).join(" "), names);
    let rows = classified.table();
    assert_eq!(rows.len(), 30);
    let mut n_inside = 0;
    for (row, at) in rows.iter().zip(100..) {
        let [value, low, high] =
            ["pitch_px", "pitch_px_low", "pitch_px_high"].map(|column| number(row, column));
        assert!((value - pitch(at)).abs() < 1.5 && low < value && value < high, "{row:?}");
        n_inside += u32::from((low..high).contains(&pitch(at)));
        assert_eq!(row["flags"].contains("beyond_range"), !(5.0..=13.0).contains(&value));
    }
    assert!((23..=30).contains(&n_inside), "{n_inside} of 30");
    let narrow = folder.run(["classify", "pitch.json", "test.csv", "--interval", "0.5"]).expect(0);
    for (row, wide) in narrow.table().iter().zip(&rows) {
        assert_eq!(row["pitch_px"], wide["pitch_px"]);
        assert!(number(wide, "pitch_px_low") < number(row, "pitch_px_low"));
    }

    let evaluate = ["evaluate", "pitch.json", "test.csv"];
    let json = folder.run(evaluate.iter().chain(&["--json"])).expect(0).json();
    assert_eq!((json["images"].as_u64(), json["errors"].as_u64()), (Some(30), Some(0)));
    let target = &json["targets"][0];
    assert_eq!(target["name"], "pitch_px");
    for measure in ["mae", "rmse", "r2", "rank_correlation", "coverage", "width"] {
        assert!(target[measure].is_f64(), "{measure}: {json}");
    }
    assert!(0.9 < target["r2"].as_f64().unwrap());
    let missed = folder.run(evaluate.iter().chain(&["--fail-under", "r2=0.99999"])).expect(6);
    assert!(missed.err().contains("r2 of pitch_px is"), "{}", missed.err());
    folder.run(evaluate.iter().chain(&["--fail-under", "r2=0.9", "-o", "out.csv"])).expect(0);
    let written = fs::read_to_string(folder.path("out.csv")).unwrap();
    assert!(written.lines().next().unwrap().ends_with("flags,true_pitch_px"), "{written}");

    let shown = folder.run(["inspect", "pitch.json"]).expect(0).out();
    assert!(shown.starts_with("textura model of numbers"), "{shown}");
    assert!(shown.contains("50 radial units, then a linear output"), "{shown}");
}

#[test]
fn several_numbers_at_once_by_a_table_beside_the_pictures_and_by_cross_validation() {
    let folder = workshop();
    let words = ["train", "img", "--targets", "train.csv", "--model", "both.json"];
    let run = folder.run(words.iter().chain(&FAST)).expect(0);
    assert!(run.err().contains("no numbers for 30 pictures"), "{}", run.err());
    let rows = folder.run(["classify", "both.json", "img/7.png"]).expect(0).table();
    assert!((number(&rows[0], "twice") / number(&rows[0], "pitch_px") - 2.0).abs() < 0.05);
    let evaluate = ["evaluate", "both.json", "img", "--targets", "test.csv", "--json"];
    let json = folder.run(evaluate).expect(0).json();
    assert_eq!((json["images"].as_u64(), json["targets"].as_array().unwrap().len()), (Some(30), 2));

    let cv = ["cv", "train.csv", "--target", "pitch_px", "--folds", "3"];
    let json = folder.run(cv.iter().chain(&FAST).chain(&["--json"])).expect(0).json();
    assert_eq!((json["splits"].as_u64(), json["fits"].as_array().unwrap().len()), (Some(3), 3));
    assert_eq!(json["fits"][0]["targets"][0]["name"], "pitch_px");
    for mean in ["mae_mean", "rmse_mean", "r2_mean", "coverage_mean", "width_mean"] {
        assert_eq!(json[mean], json["targets"][0][mean]);
        assert!(json[mean].is_f64(), "{mean}: {json}");
    }
    let told = folder.run(cv.iter().chain(&FAST)).expect(0).out();
    assert!(told.contains("3 fits, tested on the others") && told.contains("R2"), "{told}");
}

#[test]
fn folders_named_by_numbers_few_units_and_pictures_that_are_like_none() {
    let folder = Folder::with_cache();
    for (at, pitch) in [5, 7, 9, 11, 13].into_iter().cycle().take(30).enumerate() {
        let place = folder.path(format!("by_pitch/{pitch}"));
        fs::create_dir_all(&place).unwrap();
        let picture = weave(f64::from(pitch), 500 + at as u64);
        picture.save(place.join(format!("s{}_{at}.png", at % 6))).unwrap();
    }
    let words =
        ["train", "by_pitch", "--target", "folder", "--model", "m.json", "--group-by", "(s[0-9])_"];
    let told = folder.run(words.iter().chain(&FAST)).expect(0).out();
    assert!(
        told.contains("only 6 pictures or groups are no promise; 14 more make them one"),
        "{told}"
    );
    let json = folder.run(["evaluate", "m.json", "by_pitch", "--json"]).expect(0).json();
    assert_eq!(json["learned_from"], 30);
    let mut random = Random::new(3, 3);
    let stranger =
        GrayImage::from_fn(64, 64, |x, _| Luma([if x < 32 { 0 } else { random.below(256) as u8 }]));
    stranger.save(folder.path("stranger.png")).unwrap();
    let rows = folder.run(["classify", "m.json", "stranger.png", "by_pitch/9"]).expect(0).table();
    assert_eq!(rows.len(), 7);
    assert!(number(&rows[0], "familiarity") < number(&rows[1], "familiarity"), "{rows:?}");
}

#[test]
fn what_cannot_be_learned_is_refused_by_name() {
    let folder = workshop();
    let fails = |words: &[&str], status: i32, parts: &[&str]| {
        let told = folder.run(words.iter().chain(&FAST)).expect(status).err();
        for part in parts {
            assert!(told.contains(part), "{part}: {told}");
        }
    };
    let with =
        |target: &'static str| ["train", "train.csv", "--target", target, "--model", "m.json"];
    fails(&with("pitch"), 5, &["a column `pitch`", "did you mean `pitch_px`?"]);
    fails(&with("group"), 2, &["`group`"]);
    fails(&with("glcm_d1_mean_contrast"), 2, &["a feature's", "glcm_d1_mean_contrast"]);
    let words = ["train", "img", "--target", "pitch_px", "--model", "m.json"];
    fails(&words, 4, &["a folder, whose pictures have no columns", "--targets FILE"]);
    let nowhere = ["train", "nowhere.csv", "--target", "pitch_px", "--model", "m.json"];
    fails(&nowhere, 4, &["nowhere.csv", "check the name"]);
    let smoothed = ["--hidden", "8", "--label-smoothing", "0.1"];
    fails(&[&with("pitch_px")[..], &smoothed].concat(), 2, &["leave out --label-smoothing"]);
    let whitened = ["--hidden", "8", "--init", "discriminant"];
    fails(&[&with("pitch_px")[..], &whitened].concat(), 2, &["auto, he, xavier or lecun"]);
    fails(&[&with("pitch_px")[..], &["--rate=-1"]].concat(), 2, &["rate", "-1"]);
    let classes = ["train", "img", "--loss", "huber", "--model", "m.json"];
    fails(&classes, 2, &["a loss of numbers", "leave out --loss"]);
    fails(&[&with("pitch_px")[..], &["--interval", "1.5"]].concat(), 2, &["interval", "1.5"]);
    let text = fs::read_to_string(folder.path("train.csv")).unwrap();
    let (head, rest) = text.split_once('\n').unwrap();
    let bad = format!("{head}\nimg/0.png,soft,1,g\nimg/1.png,,1,g\n{rest}");
    fs::write(folder.path("train.csv"), bad).unwrap();
    fails(&with("pitch_px"), 5, &["`soft` in line 2", "nothing as `pitch_px` in line 3"]);
    assert!(!folder.path("m.json").exists());
}

#[test]
fn commands_that_need_classes_refuse_such_a_model_by_name() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    let told = folder.run(["ask", "pitch.json", "img"]).expect(5).err();
    assert!(told.contains("a model of numbers (of `textura train --target`)"), "{told}");
    let top = folder.run(["classify", "pitch.json", "img", "--top", "2"]).expect(2).err();
    assert!(top.contains("leave out --top"), "{top}");
    let text = fs::read_to_string(folder.path("pitch.json")).unwrap();
    fs::write(folder.path("cut.json"), &text[..text.len() / 2]).unwrap();
    folder.run(["classify", "cut.json", "img"]).expect(5);
    fs::write(folder.path("changed.json"), text.replace("\"noise\":", "\"noise\":1")).unwrap();
    folder.run(["classify", "changed.json", "img"]).expect(5);
}

#[test]
fn a_map_shows_the_number_window_by_window() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    // Two pitches side by side.
    let (left, right) = (weave(6.0, 900), weave(12.0, 901));
    let both = GrayImage::from_fn(128, 64, |x, y| {
        if x < 64 { *left.get_pixel(x, y) } else { *right.get_pixel(x - 64, y) }
    });
    both.save(folder.path("both.png")).unwrap();
    let words = ["map", "pitch.json", "both.png", "--window", "64", "--stride", "64"];
    let written = ["-o", "map.png", "-o", "map.tif", "--float", "--table", "map.csv"];
    let told = folder.run(words.iter().chain(&written)).expect(0).out();
    assert!(told.contains("2 x 1 windows") && told.contains("pitch_px: "), "{told}");
    let rows = super::support::read_table(fs::File::open(folder.path("map.csv")).unwrap());
    assert_eq!(rows.len(), 2);
    assert!(number(&rows[0], "pitch_px") < 8.0 && 10.0 < number(&rows[1], "pitch_px"), "{rows:?}");
    assert!(number(&rows[0], "pitch_px_low") < number(&rows[0], "pitch_px"));
    let error = folder.run(["map", "pitch.json", "both.png", "-o", "map.png"]).expect(2).err();
    assert!(error.contains("give --window N"), "{error}");
    let wrong = ["--target", "pitch", "-o", "map.png"];
    let error = folder.run(words.iter().chain(&wrong)).expect(2).err();
    assert!(error.contains("did you mean `pitch_px`?"), "{error}");
}

#[test]
fn a_graph_for_other_programs_and_the_features_it_takes() {
    let folder = workshop();
    folder.run(train(&["-q"])).expect(0);
    let told = folder.run(["export", "pitch.json", "--onnx", "pitch.onnx"]).expect(0).out();
    assert!(
        told.contains("features  [N, 90]") && told.contains("values    [N, 1] (pitch_px)"),
        "{told}"
    );
    assert!(10_000 < fs::metadata(folder.path("pitch.onnx")).unwrap().len());
    let scored = folder.run(["score", "--model", "pitch.json", "img/0.png"]).expect(0);
    assert!(columns(&scored.out()).contains(&"glcm_d1_mean_contrast".to_owned()));
}

#[test]
fn pages_show_predicted_against_right_errors_by_the_files_and_the_worst_pictures() {
    let folder = workshop();
    // A JPEG among the others is an attribute that errors are held against.
    weave(9.0, 800).save(folder.path("img/odd.jpg")).unwrap();
    let mut list = fs::read_to_string(folder.path("test.csv")).unwrap();
    list += "img/odd.jpg,9.0,18.0,odd\n";
    fs::write(folder.path("test.csv"), list).unwrap();
    folder.run(train(&["-q", "--report", "train.html"])).expect(0);
    let evaluate = ["evaluate", "pitch.json", "test.csv", "--report", "test.html"];
    folder.run(evaluate).expect(0);
    let first = fs::read_to_string(folder.path("test.html")).unwrap();
    folder.run(evaluate.iter().chain(&["-j", "2"])).expect(0);
    assert_eq!(first, fs::read_to_string(folder.path("test.html")).unwrap());
    for part in [
        "Evaluation report",
        "Predicted against right",
        "Errors by the files",
        "the largest errors",
        "31",
    ] {
        assert!(first.contains(part), "{part}");
    }
    let by_files = first.rsplit_once("Errors by the files").unwrap().1;
    let by_files = by_files.split_once("Predicted against right").unwrap().0;
    assert!(by_files.contains("jpeg") && by_files.contains("png"), "{by_files}");
    assert!(12 <= first.matches("data:image/jpeg").count() && !first.contains("<script"));
    let page = fs::read_to_string(folder.path("train.html")).unwrap();
    assert!(page.contains("Training report") && page.contains("50 pictures"));
    assert!(!page.contains(&*folder.path("").to_string_lossy()));
}
