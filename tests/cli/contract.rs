//! Columns, fields and exit statuses that scripts outside the project rely on.

use super::support::{Folder, columns, fixtures, read_table};

const PREDICTION: [&str; 9] = [
    "path",
    "status",
    "error",
    "label",
    "probability",
    "margin",
    "second",
    "second_probability",
    "familiarity",
];

#[test]
fn score_has_its_columns_and_one_row_a_picture_in_order() {
    let folder = Folder::new();
    let run = folder.run(["score".as_ref(), fixtures("textures").as_os_str()]).expect(0);
    let names = columns(&run.out());
    assert_eq!(names[..6], ["path", "status", "error", "width", "height", "texture_score"]);
    assert_eq!((names[6].as_str(), names[868].as_str()), ("letrist_s0.8_2_5_pair12_0", "flags"));
    assert_eq!(names.len(), 869);
    let paths: Vec<String> = run.table().iter().map(|row| row["path"].clone()).collect();
    assert_eq!(paths.len(), 160);
    assert!(paths.is_sorted());
    assert!(run.table().iter().all(|row| row["status"] == "ok" && row["width"] == "64"));
}

#[test]
fn json_lines_hold_the_same_values_as_csv() {
    let folder = Folder::new();
    folder.copy_class("weave", 3, "w");
    folder.run(["score", "w", "-o", "t.csv"]).expect(0);
    folder.run(["score", "w", "-o", "t.jsonl"]).expect(0);
    let rows = read_table(std::fs::File::open(folder.path("t.csv")).unwrap());
    let lines = std::fs::read_to_string(folder.path("t.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    let mut compared = 0;
    for (row, line) in rows.iter().zip(&lines) {
        for (column, text) in row {
            match &line[column] {
                serde_json::Value::Null => assert_eq!(text, ""),
                serde_json::Value::String(value) => assert_eq!(text, value),
                value => assert_eq!(text.parse::<f64>().unwrap(), value.as_f64().unwrap()),
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 3 * 869);
}

#[test]
fn classify_has_its_columns_and_probabilities_that_sum_to_one() {
    let folder = Folder::new();
    folder.small_model();
    let run = folder.run(["classify", "model.json", "two"]).expect(0);
    let names = columns(&run.out());
    assert_eq!(names[..9], PREDICTION);
    assert_eq!(names[9..], ["p_brick", "p_dots", "flags"]);
    let rows = run.table();
    assert_eq!(rows.len(), 16);
    for row in rows {
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        assert!((number("p_brick") + number("p_dots") - 1.0).abs() < 1e-12);
        assert!(
            (number("probability") - number("second_probability") - number("margin")).abs() < 1e-12
        );
        assert!((0.0..=1.0).contains(&number("familiarity")));
        assert_eq!(row["label"].is_empty(), row["status"] == "rejected");
    }
}

#[test]
fn reject_at_empties_the_label_and_none_rejects_nothing() {
    let folder = Folder::new();
    folder.small_model();
    folder.copy_class("grain", 3, "strange");
    let statuses = |limit: &str| -> Vec<String> {
        let run = folder.run(["classify", "model.json", "strange", "--reject-at", limit]).expect(0);
        run.table().into_iter().map(|row| row["status"].clone()).collect()
    };
    assert_eq!(statuses("none"), ["ok"; 3]);
    assert_eq!(statuses("1"), ["rejected"; 3]);
    assert_eq!(statuses("0.01"), ["rejected"; 3], "grain looks like neither brick nor dots");
    folder.run(["classify", "model.json", "strange", "--reject-at", "2"]).expect(2);
}

#[test]
fn evaluate_prints_its_fields_and_fails_under_a_limit() {
    let folder = Folder::new();
    folder.small_model();
    let json = folder.run(["evaluate", "model.json", "two", "--json"]).expect(0).json();
    let names: Vec<&String> = json.as_object().unwrap().keys().collect();
    let mut expected = [
        "images",
        "errors",
        "rejected",
        "accuracy",
        "balanced_accuracy",
        "macro_f1",
        "log_loss",
        "ece",
        "classes",
        "per_class",
        "confusion",
        "learned_from",
        "part",
        "ece_expected",
        "accuracy_interval",
        "passed_over",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!((&json["images"], &json["errors"]), (&16.into(), &0.into()));
    // 16 of 16 are right: from n / (n + z^2).
    assert_eq!((&json["accuracy"], &json["accuracy_interval"][1]), (&1.0.into(), &1.0.into()));
    assert!((json["accuracy_interval"][0].as_f64().unwrap() - 0.806_392).abs() < 1e-6);
    let printed = folder.run(["evaluate", "model.json", "two", "--json"]).expect(0).out();
    let last = ",1.0],\"passed_over\":{\"files\":0,\"by_ending\":[],\"places\":[]}}";
    assert!(printed.trim_end().ends_with(last) && printed.contains("]],\"learned_from\""));
    let text = folder.run(["evaluate", "model.json", "two"]).expect(0).out();
    assert!(text.contains("accuracy interval 80.64 to 100.00 % (95 %)"), "{text}");
    assert_eq!(json["per_class"][1]["label"], "dots");
    assert_eq!(json["per_class"][1]["support"], 8);
    let high =
        folder.run(["evaluate", "model.json", "two", "--fail-under", "log_loss=0.1"]).expect(2);
    assert!(high.err().contains("macro_f1"), "{}", high.err());
    folder.run(["evaluate", "model.json", "two", "--fail-under", "macro_f1=0.9"]).expect(0);
    folder.run(["evaluate", "model.json", "two", "--fail-under", "accuracy=1.01"]).expect(6);
    folder.run(["evaluate", "model.json", "two", "-q", "--output", "p.csv"]).expect(0);
    let text = std::fs::read_to_string(folder.path("p.csv")).unwrap();
    assert_eq!(columns(&text)[11..13], ["true_label", "predicted_label"]);
    assert_eq!(read_table(text.as_bytes()).len(), 16);
}

#[test]
fn cv_prints_its_fields() {
    let folder = Folder::new();
    folder.small_model();
    let args =
        ["cv", "two", "--train-per-class", "4", "--repeats", "3", "--epochs", "40", "--json"];
    let json = folder.run(args).expect(0).json();
    assert_eq!(json["splits"], 3);
    assert_eq!(json["fits"].as_array().unwrap().len(), 3);
    assert_eq!(json["fits"][0]["images"], 8);
    for field in
        ["accuracy_mean", "accuracy_std", "balanced_accuracy_mean", "macro_f1_mean", "ece_mean"]
    {
        assert!(json[field].is_f64(), "{field}");
    }
    let printed = folder.run(args).expect(0).out();
    assert!(printed.contains("}],\"accuracy_interval\":["), "{printed}");
    // The mean, and t for 2 degrees of freedom times the deviation over the root of 3, as far as 1.
    let number = |name: &str| json[name].as_f64().unwrap();
    let half = 4.302_653 * number("accuracy_std") / 3f64.sqrt();
    let low = (number("accuracy_mean") - half).max(0.0);
    assert!((json["accuracy_interval"][0].as_f64().unwrap() - low).abs() < 1e-6);
    let one = ["cv", "two", "--train-per-class", "4", "--repeats", "1", "--epochs", "40", "--json"];
    let one = folder.run(one).expect(0).json();
    assert_eq!(one["accuracy_interval"], one["fits"][0]["accuracy_interval"]);
    folder.run(["cv", "two", "--folds", "2", "--epochs", "5", "--group-by", "_([0-9]+)"]).expect(0);
    folder.run(["cv", "two", "--folds", "2", "--group-by", "nothing([0-9]+)"]).expect(2);
    folder.run(["cv", "two", "--train-per-class", "8"]).expect(2);
    folder.run(["cv", "two", "--train-per-class", "4", "--repeats", "0"]).expect(2);
}

#[test]
fn several_numbers_of_pictures_give_a_curve_of_what_each_gives_alone() {
    let folder = Folder::new();
    folder.small_model();
    let cv = |numbers: &str, last: &str| {
        let args = ["cv", "two", "--train-per-class", numbers, "--repeats", "2", "--epochs", "20"];
        folder.run(args.iter().chain([&last])).expect(0)
    };
    let printed = cv("2,3,5", "--json").out();
    assert!(printed.starts_with("{\"curve\":[{\"train_per_class\":2,\"splits\":2,"), "{printed}");
    let curve: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(curve["curve"].as_array().unwrap().len(), 3);
    for (point, n) in curve["curve"].as_array().unwrap().iter().zip(["2", "3", "5"]) {
        let mut point = point.clone();
        assert_eq!(
            point.as_object_mut().unwrap().remove("train_per_class").unwrap().to_string(),
            n
        );
        // Files that are no inputs are counted once for the whole curve.
        point["passed_over"] = curve["passed_over"].clone();
        assert_eq!(point, cv(n, "--json").json(), "{n}");
    }
    let table = cv("2,5", "-q").out();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(lines[0].starts_with("pictures a class  accuracy %  deviation"), "{table}");
    assert!(lines[2].trim_start().starts_with("5 "), "{table}");
    folder.run(["cv", "two", "--train-per-class", "2,9"]).expect(2);
    folder.run(["cv", "two", "--train-per-class", "2,"]).expect(2);
    folder.run(["cv", "two", "--train-per-class", "2,3", "--folds", "2"]).expect(2);
}

#[test]
fn bench_prints_its_fields() {
    let folder = Folder::new();
    folder.copy_class("brick", 2, "two/brick");
    folder.copy_class("dots", 2, "two/dots");
    let json = folder.run(["bench", "two", "--json", "-j", "1"]).expect(0).json();
    for field in [
        "images",
        "megapixels",
        "jobs",
        "decode_ns_per_px",
        "glcm_ns_per_px",
        "lbp_ns_per_px",
        "letrist_ns_per_px",
        "fast_ns_per_px",
        "default_ns_per_px",
        "decode_only_images_per_s",
        "fast_images_per_s",
        "default_images_per_s",
        "train_s",
    ] {
        assert!(json.get(field).is_some(), "{field}");
    }
    assert_eq!((&json["images"], &json["jobs"]), (&4.into(), &1.into()));
}

#[test]
fn inspect_prints_a_descriptor_that_score_reads() {
    let folder = Folder::new();
    folder.small_model();
    let shown = folder.run(["inspect", "model.json"]).expect(0).out();
    assert!(shown.contains("dense 862 to ") && shown.contains("brick"), "{shown}");
    let descriptor = folder.run(["inspect", "model.json", "--descriptor"]).expect(0).out();
    std::fs::write(folder.path("d.json"), descriptor).unwrap();
    let own = folder.run(["score", "two", "--descriptor", "d.json"]).expect(0).out();
    assert_eq!(own, folder.run(["score", "two"]).expect(0).out());
}

#[test]
fn a_descriptor_file_chooses_families_and_its_mistakes_are_named() {
    let folder = Folder::new();
    folder.copy_class("brick", 1, "b");
    let example = r#"{"families":[{"glcm":{"levels":32,"distances":[1,2],"quantize":"fixed"}},
        {"lbp":{"p":8,"r":1,"mapping":"riu2"}},{"first_order":{}}]}"#;
    std::fs::write(folder.path("d.json"), example).unwrap();
    let run = folder.run(["score", "b", "--descriptor", "d.json"]).expect(0);
    assert_eq!(columns(&run.out()).len(), 6 + 24 + 10 + 18 + 1);
    for (text, status, word) in [
        ("{", 5, "descriptor such as"),
        (r#"{"families":[{"glcm":{"level":3}}]}"#, 5, "unknown field"),
        (r#"{"families":[{"fourier":{}}]}"#, 5, "unknown variant"),
        (r#"{"families":[]}"#, 2, "at least one family"),
        (r#"{"families":[{"lbp":{"p":99,"r":1}}]}"#, 2, "lbp p"),
    ] {
        std::fs::write(folder.path("d.json"), text).unwrap();
        let run = folder.run(["score", "b", "--descriptor", "d.json"]).expect(status);
        assert!(run.err().contains(word), "{text}: {}", run.err());
    }
    folder.run(["score", "b", "--descriptor", "slow"]).expect(2);
}

#[test]
fn flags_may_stand_before_or_after_the_command() {
    let folder = Folder::new();
    folder.copy_class("brick", 2, "b");
    let before = folder.run(["-j", "1", "--seed", "3", "score", "b"]).expect(0);
    let after =
        folder.run(["score", "b", "--jobs", "1", "--seed", "3", "--progress", "never"]).expect(0);
    assert_eq!(before.out(), after.out());
    folder.run(["score", "b", "--jobs", "0"]).expect(2);
    folder.run(["score", "b", "--jobs", "1000000"]).expect(2);
    folder.run(["score", "b", "--unknown"]).expect(2);
    folder.run(["score"]).expect(2);
    folder.run(["score", "b", "-o", "table.txt"]).expect(2);
    let lines = folder.run(["score", "b", "--progress", "json"]).expect(0).err();
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&last["done"], &last["total"]), (&2.into(), &2.into()));
}
