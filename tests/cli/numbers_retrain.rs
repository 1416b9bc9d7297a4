//! `retrain` with models of numbers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::numbers::{FAST, number, pitch, weave};
use super::support::Folder;

/// `img/` with 60 pictures of a known pitch.
fn workshop() -> Folder {
    let folder = Folder::with_cache();
    fs::create_dir(folder.path("img")).unwrap();
    (0..60).for_each(|n| {
        weave(pitch(n), n).save(folder.path(format!("img/{n}.png"))).unwrap();
    });
    folder
}

/// Writes a list of pictures, their numbers by a rule, and groups of every twentieth.
fn list(folder: &Folder, name: &str, numbers: Range<u64>, number_of: fn(u64) -> f64) {
    let mut text = "path,pitch_px,group\n".to_owned();
    for n in numbers {
        writeln!(text, "img/{n}.png,{},g{}", number_of(n), n % 40).unwrap();
    }
    fs::write(folder.path(name), text).unwrap();
}

fn train(folder: &Folder, source: &str, model: &str, more: &[&str]) {
    let words = ["train", source, "--target", "pitch_px", "--model", model, "-q"];
    folder.run(words.iter().chain(&FAST).chain(more)).expect(0);
}

fn document(folder: &Folder, model: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.path(model)).unwrap()).unwrap()
}

/// The model in a file, but for what it was made from.
fn learned(folder: &Folder, model: &str) -> Value {
    let mut model = document(folder, model)["model"].take();
    model["record"].as_object_mut().unwrap().remove("retrained_from");
    model
}

#[test]
fn in_two_steps_in_either_order_or_at_once_is_the_same_model() {
    let folder = workshop();
    for (name, numbers) in [("all.csv", 0..60), ("a.csv", 0..35), ("b.csv", 35..60)] {
        list(&folder, name, numbers, pitch);
    }
    let mut n_seen = 0;
    // Groups that are in both lists are held out, or learned from, as a whole.
    for more in [&[][..], &["--holdout", "0.3"], &["--loss", "huber"]] {
        train(&folder, "all.csv", "all.json", more);
        let all = learned(&folder, "all.json");
        for (first, second) in [("a.csv", "b.csv"), ("b.csv", "a.csv")] {
            train(&folder, first, "m.json", more);
            let before = document(&folder, "m.json")["model"]["record"]["data_digest"].take();
            // The model may be replaced.
            let words = ["retrain", "m.json", second, "--output", "m.json", "-j", "2"];
            let told = folder.run(words).expect(0).out();
            assert!(told.contains("wrote m.json"), "{told}");
            let after = document(&folder, "m.json")["model"]["record"]["retrained_from"].take();
            assert_eq!(before, after);
            assert!(learned(&folder, "m.json") == all, "{more:?} {second}");
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 6);
    assert_eq!(document(&folder, "all.json")["model"]["record"]["units"], 40);
    let shown = folder.run(["inspect", "m.json"]).expect(0).out();
    assert!(shown.contains("before  ") && shown.contains("60 pictures, 40"), "{shown}");
}

#[test]
fn both_models_are_compared_and_what_is_given_again_counts_once() {
    let folder = workshop();
    list(&folder, "a.csv", 0..30, pitch);
    list(&folder, "b.csv", 20..40, pitch);
    train(&folder, "a.csv", "a.json", &[]);
    let words = ["retrain", "a.json", "b.csv", "--output", "b.json"];
    let told = folder.run(words.iter().chain(&["--interval", "0.8"])).expect(0).out();
    for part in [
        "anew from 40 pictures by 40 radial units: 20 of b.csv, 20 remembered",
        "  new to the old model: 10\n",
        "  remembered and given again with the same numbers, counted once: 10\n",
        "80 % intervals",
        "did not learn from, as the new one says without them: 10\n",
        "compared on pictures that are remembered, each by the others: 30\n",
        "before, ",
        "(t-test by groups, p = ",
        "like the 40 learned from",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let first = fs::read(folder.path("b.json")).unwrap();
    folder.run(words.iter().chain(&["-q"])).expect(0);
    let again = fs::read(folder.path("b.json")).unwrap();
    // What is printed is of another level, the model is the same but for the widths of its record.
    assert_ne!(first, again);
    let mut models = [first, again].map(|text| serde_json::from_slice::<Value>(&text).unwrap());
    models.iter_mut().for_each(|model| model["model"]["record"]["scores"] = Value::Null);
    assert_eq!(models[0]["model"], models[1]["model"]);

    // Nothing that it had not learned: the same bytes.
    for source in ["a.csv", "b.csv"] {
        let words = ["retrain", "b.json", source, "--output", "same.json"];
        let told = folder.run(words).expect(0).out();
        assert!(told.contains("it stays as it was"), "{told}");
        let [old, new] = ["b.json", "same.json"].map(|name| fs::read(folder.path(name)).unwrap());
        assert!(old == new);
    }
    // Another loss is another model.
    let words = ["retrain", "b.json", "b.csv", "--output", "huber.json", "--loss", "huber"];
    assert!(folder.run(words).expect(0).out().contains("learned pitch_px anew"));
    assert_eq!(learned(&folder, "huber.json")["record"]["loss"], "huber");
    // From the source alone, which is worse: it has half as many pictures.
    let words = ["retrain", "b.json", "b.csv", "--output", "alone.json", "--forget"];
    assert!(folder.run(words).expect(6).err().contains("it was not written"));
    let told = folder.run(words.iter().chain(&["--force"])).expect(0).out();
    assert!(told.contains("from 20 pictures by 20 radial units: 20 of b.csv, 0 rem"), "{told}");
}

#[test]
fn a_picture_given_again_with_another_number_has_that_one() {
    let folder = workshop();
    list(&folder, "right.csv", 0..40, pitch);
    // Four wrong numbers among those that are learned first.
    list(&folder, "wrong.csv", 0..40, |n| if n < 4 { 30.0 + pitch(n) } else { pitch(n) });
    train(&folder, "right.csv", "right.json", &[]);
    train(&folder, "wrong.csv", "m.json", &[]);
    // The name of a file does not matter.
    let mut text = "path,pitch_px\n".to_owned();
    for n in 0..5 {
        fs::copy(folder.path(format!("img/{n}.png")), folder.path(format!("other_{n}.png")))
            .unwrap();
        writeln!(text, "other_{n}.png,{}", pitch(n)).unwrap();
    }
    fs::write(folder.path("corrected.csv"), text).unwrap();
    let words = ["retrain", "m.json", "corrected.csv", "--output", "m.json"];
    let told = folder.run(words).expect(0).out();
    assert!(told.contains("given with other numbers, which count now: 4\n"), "{told}");
    assert!(told.contains("with the same numbers, counted once: 1\n"), "{told}");
    // They have kept their groups.
    assert!(learned(&folder, "m.json") == learned(&folder, "right.json"));
}

#[test]
fn a_model_that_is_worse_is_not_written() {
    let folder = workshop();
    list(&folder, "a.csv", 0..35, pitch);
    list(&folder, "bad.csv", 35..60, |n| 18.0 - pitch(n));
    train(&folder, "a.csv", "a.json", &[]);
    let old = fs::read(folder.path("a.json")).unwrap();
    let words = ["retrain", "a.json", "bad.csv", "--output", "a.json"];
    let run = folder.run(words).expect(6);
    assert!(run.err().contains("mean absolute error of pitch_px on remembered"), "{}", run.err());
    assert!(run.err().contains("--force writes it"), "{}", run.err());
    assert!(run.out().contains("remembered, each by the others: 35\n"), "{}", run.out());
    assert!(old == fs::read(folder.path("a.json")).unwrap());
    folder.run(words.iter().chain(&["--force"])).expect(0);
    assert!(old != fs::read(folder.path("a.json")).unwrap());
}

/// Of the pictures that a model remembers, those learned from and those held out.
fn remembered(model: &Value) -> [BTreeSet<String>; 2] {
    let memory = &model["memory"];
    let contents = memory["contents"].as_array().unwrap().iter();
    let all: Vec<String> = contents.map(|text| text.as_str().unwrap().to_owned()).collect();
    let (learned, held_out) = all.split_at(memory["left_out"].as_array().unwrap().len());
    [learned, held_out].map(|part| part.iter().cloned().collect())
}

#[test]
fn what_was_held_out_is_held_out_for_ever() {
    let folder = workshop();
    list(&folder, "a.csv", 0..40, pitch);
    list(&folder, "all.csv", 0..60, pitch);
    train(&folder, "a.csv", "a.json", &["--holdout", "0.4"]);
    let [learned_before, held_out_before] = remembered(&learned(&folder, "a.json"));
    assert!(8 < held_out_before.len() && held_out_before.len() + learned_before.len() == 40);
    let mut n_seen = 0;
    for share in [None, Some("0"), Some("0.8")] {
        let words = ["retrain", "a.json", "all.csv", "--output", "b.json"];
        let more = share.map(|share| ["--holdout", share]);
        folder.run(words.iter().chain(more.iter().flatten())).expect(0);
        let model = learned(&folder, "b.json");
        let [learned, held_out] = remembered(&model);
        assert_eq!(learned.len() + held_out.len(), 60);
        assert!(learned_before.is_subset(&learned) && held_out_before.is_subset(&held_out));
        assert_eq!(model["record"]["held_out"], held_out.len());
        n_seen += 1;
    }
    assert_eq!(n_seen, 3);
    // Without their files, too.
    list(&folder, "b.csv", 40..60, pitch);
    folder.run(["retrain", "a.json", "b.csv", "--output", "c.json"]).expect(0);
    let [learned, held_out] = remembered(&learned(&folder, "c.json"));
    assert!(learned_before.is_subset(&learned) && held_out_before.is_subset(&held_out));
    // Pictures held out alone teach nothing.
    let names: Vec<u64> = (0..40)
        .filter(|n| {
            let content = fs::read(folder.path(format!("img/{n}.png"))).unwrap();
            held_out_before.contains(&blake3::hash(&content).to_hex().to_string())
        })
        .collect();
    assert_eq!(names.len(), held_out_before.len());
    let mut text = "path,pitch_px\n".to_owned();
    names.iter().for_each(|n| writeln!(text, "img/{n}.png,{}", pitch(*n)).unwrap());
    fs::write(folder.path("kept.csv"), text).unwrap();
    let words = ["retrain", "a.json", "kept.csv", "--output", "d.json"];
    assert!(folder.run(words).expect(0).out().contains("it stays as it was"));
    let error = folder.run(words.iter().chain(&["--forget"])).expect(4).err();
    assert!(error.contains("pictures to learn from"), "{error}");
}

#[test]
fn numbers_come_from_folders_or_another_table_as_for_train() {
    let folder = Folder::with_cache();
    let mut table = "path,folder\n".to_owned();
    for (at, pitch) in [5, 7, 9, 11, 13].into_iter().cycle().take(40).enumerate() {
        let source = if at < 25 { "old" } else { "new" };
        let place = folder.path(format!("{source}/{pitch}"));
        fs::create_dir_all(&place).unwrap();
        weave(f64::from(pitch), 500 + at as u64).save(place.join(format!("{at}.png"))).unwrap();
        writeln!(table, "{source}/{pitch}/{at}.png,{pitch}").unwrap();
    }
    fs::write(folder.path("table.csv"), table).unwrap();
    let words = ["train", "old", "--target", "folder", "--model", "m.json", "-q"];
    folder.run(words.iter().chain(&FAST)).expect(0);
    fs::write(folder.path("new/5/broken.png"), "no picture").unwrap();
    let words = ["retrain", "m.json", "new", "--output"];
    let run = folder.run(words.iter().chain(&["a.json"])).expect(3);
    assert!(run.err().contains("broken.png"), "{}", run.err());
    assert!(run.out().contains("from 40 pictures"), "{}", run.out());
    assert_eq!(learned(&folder, "a.json")["record"]["unreadable"], 1);
    fs::remove_file(folder.path("new/5/broken.png")).unwrap();
    folder.run(words.iter().chain(&["b.json", "--targets", "table.csv"])).expect(0);
    let [mut a, b] = ["a.json", "b.json"].map(|name| learned(&folder, name));
    a["record"]["unreadable"] = json!(0);
    assert!(a == b);
    fs::create_dir_all(folder.path("fine/smooth")).unwrap();
    weave(7.0, 1).save(folder.path("fine/smooth/1.png")).unwrap();
    let error = folder.run(["retrain", "m.json", "fine", "--output", "c.json"]).expect(4).err();
    assert!(error.contains("the folder `smooth`"), "{error}");
}

/// The file of a model as it was before models remembered numbers: with the scaled pictures alone.
pub fn without_memory(folder: &Folder, model: &str) -> Value {
    let mut document = document(folder, model);
    let mut memory = document["model"].as_object_mut().unwrap().remove("memory").unwrap();
    let scaler = document["model"]["regression"]["scaler"].clone();
    let list = |name: &str| scaler[name].as_array().unwrap().clone();
    let (means, divisors, rooted) = (list("mean"), list("divisor"), list("rooted"));
    assert_eq!(memory["features"].as_array().unwrap().len(), 1, "no views");
    let mut packed = memory["features"][0].take();
    let bytes = STANDARD.decode(packed["values"].as_str().unwrap()).unwrap();
    let scaled = bytes.chunks_exact(4).enumerate().flat_map(|(at, bytes)| {
        let column = at % means.len();
        let value = f64::from(f32::from_le_bytes(bytes.try_into().unwrap()));
        let value = if rooted[column] == json!(true) { value.max(0.0).sqrt() } else { value };
        let of = |list: &[Value]| list[column].as_f64().unwrap();
        (((value - of(&means)) / of(&divisors)) as f32).to_le_bytes()
    });
    packed["values"] = json!(STANDARD.encode(scaled.collect::<Vec<u8>>()));
    document["model"]["centres"] = packed;
    for name in ["holdout", "retrained_from"] {
        document["model"]["record"].as_object_mut().unwrap().remove(name);
    }
    let text = serde_json::to_vec(&document["model"]).unwrap();
    document["checksum"] = json!(blake3::hash(&text).to_hex().to_string());
    document
}

#[test]
fn what_cannot_be_retrained_is_refused_by_name() {
    let folder = workshop();
    list(&folder, "a.csv", 0..20, pitch);
    list(&folder, "b.csv", 20..40, pitch);
    train(&folder, "a.csv", "a.json", &[]);
    let mut n_seen = 0;
    let mut fails = |words: &[&str], status: i32, parts: &[&str]| {
        let told = folder.run(words).expect(status).err();
        parts.iter().for_each(|part| assert!(told.contains(part), "{part}: {told}"));
        n_seen += 1;
    };
    let with =
        |more: &[&'static str]| [&["retrain", "a.json", "b.csv", "-o", "n.json"], more].concat();
    for more in [
        &["--rename", "a=b"][..],
        &["--replay", "5"],
        &["--class-level", "2"],
        &["--grades", "none"],
        &["--label-smoothing", "0.1"],
        &["--epochs", "5"],
        &["--loss", "cross-entropy"],
    ] {
        fails(&with(more), 2, &[&format!("leave out {}", more[0])]);
    }
    fails(&with(&["--interval", "2"]), 2, &["a number between 0 and 1"]);
    fails(&with(&["--holdout", "1"]), 2, &["0 to below 1"]);
    let text = fs::read_to_string(folder.path("b.csv")).unwrap();
    fs::write(folder.path("other.csv"), text.replace("pitch_px", "pitch")).unwrap();
    let words = ["retrain", "a.json", "other.csv", "-o", "n.json"];
    fails(&words, 5, &["a column `pitch_px`"]);
    fails(&["retrain", "a.json", "img", "-o", "n.json"], 4, &["--targets FILE"]);
    // A file of an earlier textura says the same, and is retrained with --forget alone.
    let early = serde_json::to_vec(&without_memory(&folder, "a.json")).unwrap();
    fs::write(folder.path("early.json"), early).unwrap();
    let words = ["retrain", "early.json", "b.csv", "-o", "n.json"];
    fails(&words, 5, &["remembers the numbers", "train again", "--forget"]);
    assert!(!folder.path("n.json").exists());
    assert_eq!(n_seen, 12);
    let [now, early] = ["a.json", "early.json"]
        .map(|model| folder.run(["classify", model, "b.csv"]).expect(0).out());
    assert_eq!(now, early);
    folder.run(words.iter().chain(&["--forget"])).expect(0);
    let rows = folder.run(["classify", "n.json", "img/50.png"]).expect(0).table();
    assert!((number(&rows[0], "pitch_px") - pitch(50)).abs() < 1.5);
    // And a model of classes takes no table of numbers.
    folder.small_model();
    let words = ["retrain", "model.json", "two", "-o", "n.json", "--targets", "b.csv"];
    let error = folder.run(words).expect(2).err();
    assert!(error.contains("leave out --targets"), "{error}");
}

#[test]
fn views_that_were_learned_from_are_those_of_more_pictures() {
    let folder = workshop();
    list(&folder, "a.csv", 0..35, pitch);
    list(&folder, "b.csv", 35..60, pitch);
    train(&folder, "a.csv", "a.json", &["--augment", "auto"]);
    let views = |model: &str| -> Vec<Value> {
        let found = learned(&folder, model)["regression"]["views"].take();
        // One alone is not written down.
        found.as_array().cloned().unwrap_or_else(|| vec![json!("as-it-is")])
    };
    // Light says nothing of a pitch; it is one of the views at least.
    let had = views("a.json");
    assert!(had.contains(&json!("light")), "{had:?}");
    folder.run(["retrain", "a.json", "b.csv", "--output", "b.json"]).expect(0);
    let kept = views("b.json");
    assert!(kept.iter().all(|view| had.contains(view)), "{kept:?} of {had:?}");
    let n_features =
        |model: &str| learned(&folder, model)["memory"]["features"].as_array().unwrap().len();
    assert_eq!((n_features("a.json"), n_features("b.json")), (had.len(), kept.len()));
    let rows = folder.run(["classify", "b.json", "b.csv"]).expect(0).table();
    for (row, at) in rows.iter().zip(35..60) {
        assert!((number(row, "pitch_px") - pitch(at)).abs() < 1.0, "{row:?}");
    }
    let plain = ["retrain", "a.json", "b.csv", "--output", "c.json", "--augment", "none"];
    folder.run(plain).expect(0);
    assert_eq!(views("c.json").len(), 1);
}
