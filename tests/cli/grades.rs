//! Classes that stand for numbers.

use super::support::{Folder, columns, read_table};

fn model_of(folder: &Folder, name: &str) -> serde_json::Value {
    let bytes = std::fs::read(folder.path(name)).unwrap();
    serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()["model"].take()
}

/// Trains on classes whose names are numbers.
fn graded_model(folder: &Folder) {
    folder.copy_class("brick", 8, "worn/1");
    folder.copy_class("dots", 8, "worn/2.5");
    folder.copy_class("grain", 8, "worn/-3");
    folder.run(["train", "worn", "--model", "worn.json", "--epochs", "60"]).expect(0);
}

#[test]
fn names_that_are_numbers_are_grades() {
    let folder = Folder::new();
    graded_model(&folder);
    // The classes stand in the order of their names.
    assert_eq!(model_of(&folder, "worn.json")["grades"], serde_json::json!([-3.0, 1.0, 2.5]));
    std::fs::write(folder.path("worn/1/broken.png"), "no picture").unwrap();
    let run = folder.run(["classify", "worn.json", "worn"]).expect(3);
    let names = columns(&run.out());
    assert_eq!(names[names.len() - 3..], ["flags", "grade", "grade_spread"]);
    let mut n_rows = 0;
    for row in run.table().iter().filter(|row| row["status"] != "error") {
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let p = [("p_-3", -3.0), ("p_1", 1.0), ("p_2.5", 2.5)].map(|(p, g)| (number(p), g));
        let mean: f64 = p.iter().map(|(p, g)| p * g).sum();
        let variance: f64 = p.iter().map(|(p, g)| p * (g - mean).powi(2)).sum();
        assert!((number("grade") - mean).abs() < 1e-12);
        assert!((number("grade_spread") - variance.sqrt()).abs() < 1e-12);
        n_rows += 1;
    }
    assert_eq!(n_rows, 24);
    let failed = run.table().into_iter().find(|row| row["status"] == "error").unwrap();
    assert_eq!((failed["grade"].as_str(), failed["grade_spread"].as_str()), ("", ""));
}

#[test]
fn evaluate_and_cv_measure_grades() {
    let folder = Folder::new();
    graded_model(&folder);
    let args = ["evaluate", "worn.json", "worn", "--json", "-o", "p.csv"];
    let run = folder.run(args).expect(0);
    let json = run.json();
    let printed = run.out();
    let end = printed.split("\"accuracy_interval\":").nth(1).unwrap();
    assert!(end.contains("],\"grade_mae\":") && end.contains(",\"grade_rank_correlation\":"));
    let text = std::fs::read_to_string(folder.path("p.csv")).unwrap();
    let names = columns(&text);
    assert_eq!(
        names[names.len() - 4..],
        ["true_label", "predicted_label", "grade", "grade_spread"]
    );
    let rows = read_table(text.as_bytes());
    let distance = |row: &std::collections::BTreeMap<String, String>| {
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        (number("grade") - number("true_label")).abs()
    };
    let mae = rows.iter().map(distance).sum::<f64>() / rows.len() as f64;
    assert_eq!(rows.len(), 24);
    assert!((json["grade_mae"].as_f64().unwrap() - mae).abs() < 1e-12);
    assert!(json["grade_rank_correlation"].as_f64().unwrap() > 0.8, "{json}");
    let text = folder.run(["evaluate", "worn.json", "worn"]).expect(0).out();
    assert!(text.contains("grade error ") && text.contains("rank correlation "), "{text}");
    // One class has no order.
    folder.copy_class("brick", 3, "alone/1");
    let json = folder.run(["evaluate", "worn.json", "alone", "--json"]).expect(0).json();
    assert!(json["grade_mae"].is_f64() && json["grade_rank_correlation"].is_null(), "{json}");

    let cv = ["cv", "worn", "--folds", "2", "--epochs", "20"];
    let json = folder.run(cv.iter().chain(&["--json"])).expect(0).json();
    let fits = json["fits"].as_array().unwrap();
    let mean = fits.iter().map(|fit| fit["grade_mae"].as_f64().unwrap()).sum::<f64>() / 2.0;
    assert!((json["grade_mae"].as_f64().unwrap() - mean).abs() < 1e-12);
    assert!(json["grade_rank_correlation"].is_f64());
    let text = folder.run(cv).expect(0).out();
    assert!(text.contains("grade error ") && text.contains("rank correlation "), "{text}");
}

#[test]
fn a_table_gives_names_their_grades_and_retrain_keeps_them() {
    let folder = Folder::new();
    folder.small_model();
    assert_eq!(model_of(&folder, "model.json")["grades"], serde_json::Value::Null);
    std::fs::write(folder.path("g.csv"), "class,grade\ndots,10\nbrick,-0.5\n").unwrap();
    let base = ["train", "two", "--model", "graded.json", "--epochs", "60", "--grades", "g.csv"];
    folder.run(base).expect(0);
    let (plain, graded) = (model_of(&folder, "model.json"), model_of(&folder, "graded.json"));
    assert_eq!(graded["grades"], serde_json::json!([-0.5, 10.0]));
    assert_eq!(graded["network"], plain["network"], "grades change nothing that is learned");
    folder.run(["retrain", "graded.json", "two", "-o", "new.json", "--epochs", "1"]).expect(0);
    assert_eq!(model_of(&folder, "new.json")["grades"], graded["grades"]);
    let shown = folder.run(["inspect", "graded.json"]).expect(0).out();
    assert!(shown.contains("watched  grade") && shown.contains("   -0.5\n"), "{shown}");
    assert!(!folder.run(["inspect", "model.json"]).expect(0).out().contains("grade"));
    let cv = ["cv", "two", "--folds", "2", "--epochs", "5", "--json"];
    assert!(folder.run(cv).expect(0).json().get("grade_mae").is_none());
    let json = folder.run(cv.iter().chain(&["--grades", "g.csv"])).expect(0).json();
    assert!(json["grade_mae"].is_f64() && json["fits"][1]["grade_mae"].is_f64());
}

#[test]
fn a_table_that_does_not_fit_ends_with_status_five_and_says_why() {
    let folder = Folder::new();
    folder.small_model();
    let mut n_refused = 0;
    for (text, words) in [
        ("class,grade\ndots,1\n", "none for `brick`"),
        ("class,grade\ndots,1\nbrick,2\nrust,3\n", "`rust` in line 4"),
        ("class,grade\ndots,1\nbrick,much\n", "`much` in line 3"),
        ("dots,1\nbrick,2\n", "columns `class` and `grade`"),
    ] {
        std::fs::write(folder.path("g.csv"), text).unwrap();
        for command in [&["train", "two", "--model", "x.json"][..], &["cv", "two"]] {
            let run = folder.run(command.iter().chain(&["--grades", "g.csv"])).expect(5);
            assert!(run.err().contains("g.csv") && run.err().contains(words), "{}", run.err());
            n_refused += 1;
        }
    }
    assert_eq!(n_refused, 8);
    assert!(!folder.path("x.json").exists());
}
