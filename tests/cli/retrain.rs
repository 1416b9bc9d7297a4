//! Going on with an old model: new classes, classes that are not shown again, corrected labels, and refusals.

use serde_json::{Value, json};

use super::support::{Folder, fixtures};

/// Copies pictures `from..to` of a fixture class.
fn copy(folder: &Folder, class: &str, numbers: std::ops::Range<usize>, to: &str) {
    for k in numbers {
        let name = format!("{class}_{k:02}.png");
        folder.copy(fixtures("textures").join(class).join(&name), format!("{to}/{name}"));
    }
}

fn model(folder: &Folder, name: &str) -> Value {
    let bytes = std::fs::read(folder.path(name)).unwrap();
    serde_json::from_slice::<Value>(&bytes).unwrap()["model"].take()
}

/// Trains quickly on pictures 0 to 12 of two classes, in a folder `old`.
fn two_classes(folder: &Folder, flags: &[&str]) {
    for class in ["brick", "dots"] {
        copy(folder, class, 0..12, &format!("old/{class}"));
    }
    let args = ["train", "old", "--model", "m.json", "--hidden", "none", "--epochs", "100"];
    folder.run(args.iter().chain(flags)).expect(0);
}

/// The share of right labels on pictures 12 to 20 of some classes.
fn accuracy(folder: &Folder, name: &str, classes: &[&str]) -> f64 {
    let place = format!("test of {}", classes.join(" "));
    for class in classes {
        copy(folder, class, 12..20, &format!("{place}/{class}"));
    }
    let json = folder.run(["evaluate", name, &place, "--json"]).expect(0).json();
    assert_eq!(json["images"], 8 * classes.len());
    json["accuracy"].as_f64().unwrap()
}

#[test]
fn new_classes_are_learned_and_old_ones_that_are_not_shown_again_are_kept() {
    let folder = Folder::new();
    two_classes(&folder, &["--replay", "9"]);
    for class in ["weave", "checks"] {
        copy(&folder, class, 0..12, &format!("new/{class}"));
    }
    assert_eq!(accuracy(&folder, "m.json", &["brick", "dots"]), 1.0);
    let run = folder.run(["retrain", "m.json", "new", "-o", "n.json"]).expect(0);
    let out = run.out();
    assert!(out.contains("new classes: checks, weave"), "{out}");
    assert!(out.contains("without a picture in the source: brick, dots"), "{out}");
    assert!(out.contains("(0 of the source, "), "{out}");
    let (old, new) = (model(&folder, "m.json"), model(&folder, "n.json"));
    assert_eq!(new["classes"], json!(["brick", "dots", "checks", "weave"]));
    assert_ne!(new["scaling"], old["scaling"]);
    assert_eq!(accuracy(&folder, "n.json", &["brick", "dots"]), 1.0);
    assert!(accuracy(&folder, "n.json", &["checks", "weave"]) >= 0.9);
    // The table has a recall by the old model for the old classes alone.
    let row = |class: &str| {
        let line = out.lines().find(|line| line.starts_with(class)).unwrap();
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("brick").len(), 6, "{out}");
    assert_eq!(row("checks")[2], "-", "{out}");
    // What was held out is so again, and the new model remembers old and new classes.
    let marks = |model: &Value| -> Vec<(String, bool)> {
        let contents = model["replay"]["contents"].as_array().unwrap();
        let kept = model["replay"]["kept_back"].as_array().unwrap();
        let name = |at: usize| contents[at].as_str().unwrap().to_owned();
        (0..contents.len()).map(|at| (name(at), kept.contains(&json!(at)))).collect()
    };
    let (before, after) = (marks(&old), marks(&new));
    assert!(before.iter().all(|mark| after.contains(mark)));
    assert!(before.len() + 18 <= after.len(), "{} {}", before.len(), after.len());
    assert!(before.iter().any(|mark| mark.1));
    let shown = folder.run(["inspect", "n.json"]).expect(0).out();
    let n = after.len();
    assert!(shown.contains(&format!("remembers   {n} pictures (at most 9 a class")), "{shown}");
    let learned = before.iter().filter(|mark| !mark.1).count() / 2;
    assert!(learned <= 9 && shown.contains("remembered"), "{shown}");
    // And so on, with nothing but one old class.
    copy(&folder, "dots", 0..3, "again/dots");
    folder.run(["retrain", "n.json", "again", "-o", "n2.json", "--replay", "2"]).expect(0);
    assert!(accuracy(&folder, "n2.json", &["brick", "dots", "checks", "weave"]) >= 0.9);
    let labels = model(&folder, "n2.json")["replay"]["labels"].clone();
    assert!(labels.as_array().unwrap().len() <= 4 * 3, "{labels}");
}

#[test]
fn a_model_that_remembers_nothing_goes_on_with_a_warning() {
    let folder = Folder::new();
    two_classes(&folder, &["--replay", "0"]);
    assert_eq!(model(&folder, "m.json")["replay"], Value::Null);
    assert!(folder.run(["inspect", "m.json"]).expect(0).out().contains("no picture"));
    copy(&folder, "checks", 0..12, "old/checks");
    let run = folder.run(["retrain", "m.json", "old", "-o", "n.json"]).expect(0);
    assert!(run.err().contains("remembers no pictures"), "{}", run.err());
    assert!(accuracy(&folder, "n.json", &["brick", "dots", "checks"]) >= 0.9);
    assert!(model(&folder, "n.json")["replay"].is_object());
    // A model that remembers can be told to forget, if it is shown all its classes.
    std::fs::remove_dir_all(folder.path("old/dots")).unwrap();
    let forget = ["retrain", "n.json", "old", "-o", "f.json", "--forget"];
    let run = folder.run(forget).expect(4);
    assert!(run.err().contains("none of dots"), "{}", run.err());
    copy(&folder, "dots", 0..5, "old/dots");
    let run = folder.run(forget).expect(0);
    assert!(!run.err().contains("remembers no") && !run.out().contains("were remembered"));
}

#[test]
fn pictures_moved_to_the_right_folder_are_learned_under_their_new_label() {
    let folder = Folder::new();
    // Half of the weave lies among the dots.
    for (class, numbers, to) in [
        ("dots", 0..12, "old/dots"),
        ("weave", 0..6, "old/dots"),
        ("weave", 6..12, "old/weave"),
        ("brick", 0..12, "old/brick"),
    ] {
        copy(&folder, class, numbers, to);
    }
    let args = ["train", "old", "--model", "m.json", "--hidden", "none", "--holdout", "0"];
    folder.run(args).expect(0);
    let label_of = |name: &str, k: usize| {
        let path = fixtures(&format!("textures/weave/weave_{k:02}.png"));
        let args = ["classify".as_ref(), name.as_ref(), path.as_os_str()];
        let none = ["--reject-at".as_ref(), "none".as_ref()];
        folder.run(args.into_iter().chain(none)).expect(0).table()[0]["label"].clone()
    };
    let wrong = (0..6).filter(|&k| label_of("m.json", k) == "dots").count();
    assert!(wrong >= 4, "only {wrong} were learned under the wrong label");
    // Only the corrected pictures need be there.
    copy(&folder, "weave", 0..6, "moved/weave");
    let args = ["retrain", "m.json", "moved", "-o", "n.json", "--holdout", "0"];
    let run = folder.run(args).expect(0);
    assert!(run.out().contains("6 remembered pictures have a new label now"), "{}", run.out());
    assert!((0..6).all(|k| label_of("n.json", k) == "weave"));
    assert!(accuracy(&folder, "n.json", &["weave", "dots", "brick"]) >= 0.95);
    // No picture stays under its old label.
    let new = model(&folder, "n.json");
    let labels = new["replay"]["labels"].as_array().unwrap();
    let count = |label: usize| labels.iter().filter(|l| **l == json!(label)).count();
    assert_eq!([count(0), count(1), count(2)], [12, 12, 12]);
}

#[test]
fn a_model_that_gets_worse_on_what_it_remembers_is_refused() {
    let folder = Folder::new();
    for class in ["brick", "dots"] {
        copy(&folder, class, 0..20, &format!("old/{class}"));
    }
    let args = ["train", "old", "--model", "m.json", "--holdout", "0.5", "--epochs", "100"];
    folder.run(args).expect(0);
    // All bricks but one that were learned from have another name now.
    let mut n_renamed = 0;
    for entry in std::fs::read_dir(folder.path("old/brick")).unwrap() {
        let path = entry.unwrap().path();
        let is_learned = 128 <= blake3::hash(&std::fs::read(&path).unwrap()).as_bytes()[0];
        if is_learned {
            n_renamed += 1;
        }
        if is_learned && 1 < n_renamed {
            let name = path.file_name().unwrap().to_owned();
            folder.copy(&path, std::path::Path::new("junk/junk").join(name));
        }
    }
    assert!((5..=15).contains(&n_renamed), "{n_renamed}");
    std::fs::write(folder.path("n.json"), "old").unwrap();
    let args = ["retrain", "m.json", "junk", "-o", "n.json"];
    let run = folder.run(args);
    assert!(run.out().contains("McNemar") && !run.out().contains("wrote"), "{}", run.out());
    let run = run.expect(6);
    assert!(run.err().contains("--force"), "{}", run.err());
    assert_eq!(std::fs::read_to_string(folder.path("n.json")).unwrap(), "old");
    folder.run(args.iter().chain(&["--force"])).expect(0);
    assert_eq!(model(&folder, "n.json")["classes"], json!(["brick", "dots", "junk"]));
    // A failure leaves the file, too.
    let before = std::fs::read(folder.path("n.json")).unwrap();
    folder.run(["retrain", "m.json", "missing", "-o", "n.json"]).expect(4);
    assert_eq!(std::fs::read(folder.path("n.json")).unwrap(), before);
}

#[test]
fn the_same_bytes_with_any_number_of_jobs() {
    let folder = Folder::new();
    two_classes(&folder, &[]);
    copy(&folder, "grain", 0..8, "new/grain");
    copy(&folder, "dots", 8..14, "new/dots");
    let mut models = Vec::new();
    for (jobs, name) in [("1", "a.json"), ("2", "b.json"), ("5", "c.json")] {
        let args = ["retrain", "m.json", "new", "-o", name, "--epochs", "20", "-j", jobs];
        folder.run(args).expect(0);
        models.push(std::fs::read(folder.path(name)).unwrap());
    }
    assert_eq!(models.len(), 3);
    assert!(models.iter().all(|bytes| *bytes == models[0]));
}

#[test]
fn added_classes_need_grades_where_the_old_ones_have_some() {
    let folder = Folder::new();
    for (class, name) in [("brick", "1"), ("dots", "2.5")] {
        copy(&folder, class, 0..6, &format!("old/{name}"));
    }
    folder.run(["train", "old", "--model", "m.json", "--epochs", "20"]).expect(0);
    copy(&folder, "checks", 0..6, "new/0.5");
    let retrain = |source| {
        let args = ["retrain", "m.json", source, "-o", "n.json", "--epochs", "20", "--force"];
        args.map(str::to_owned)
    };
    folder.run(retrain("new")).expect(0);
    assert_eq!(model(&folder, "n.json")["classes"], json!(["1", "2.5", "0.5"]));
    assert_eq!(model(&folder, "n.json")["grades"], json!([1.0, 2.5, 0.5]));
    copy(&folder, "checks", 0..6, "worn/worn");
    let run = folder.run(retrain("worn")).expect(4);
    assert!(run.err().contains("--grades"), "{}", run.err());
    std::fs::write(folder.path("g.csv"), "class,grade\n1,1\n2.5,2.5\nworn,9\n").unwrap();
    let args = retrain("worn").into_iter().chain(["--grades".into(), "g.csv".into()]);
    folder.run(args).expect(0);
    assert_eq!(model(&folder, "n.json")["grades"], json!([1.0, 2.5, 9.0]));
}

#[test]
fn a_val_part_that_lacks_a_class_does_not_decide() {
    let folder = Folder::new();
    two_classes(&folder, &[]);
    copy(&folder, "checks", 0..8, "split/train/checks");
    copy(&folder, "checks", 8..12, "split/val/checks");
    let run = folder.run(["retrain", "m.json", "split", "-o", "n.json"]).expect(0);
    assert!(run.err().contains("no picture of `brick`"), "{}", run.err());
    assert_eq!(model(&folder, "n.json")["training"]["watched"], json!([0, 0, 0]));
}
