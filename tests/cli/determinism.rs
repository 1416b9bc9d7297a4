//! Same input, seed and settings: same bytes, whatever the number of jobs.

use super::support::Folder;
use super::sweep::one_in;

/// A folder with `s`: pictures of four classes.
fn four_classes() -> Folder {
    let folder = Folder::new();
    let n = 20 / one_in(2);
    for class in ["brick", "dots", "scratches", "weave"] {
        folder.copy_class(class, n, format!("s/{class}"));
    }
    folder
}

#[test]
fn score_and_train_write_the_same_bytes_with_any_number_of_jobs() {
    let folder = four_classes();
    let mut scores = Vec::new();
    let mut models = Vec::new();
    for (run, jobs) in [(0, "1"), (1, "2"), (2, "1"), (3, "2"), (4, "5")] {
        let (table, model) = (format!("{run}.csv"), format!("{run}.json"));
        folder.run(["score", "s", "-o", &table, "-j", jobs]).expect(0);
        folder.run(["train", "s", "--model", &model, "--epochs", "20", "-j", jobs]).expect(0);
        scores.push(std::fs::read(folder.path(table)).unwrap());
        models.push(std::fs::read(folder.path(model)).unwrap());
    }
    assert_eq!((scores.len(), models.len()), (5, 5));
    assert!(scores.iter().all(|bytes| *bytes == scores[0]));
    assert!(models.iter().all(|bytes| *bytes == models[0]));

    folder.run(["train", "s", "--model", "s.json", "--epochs", "20", "--seed", "1"]).expect(0);
    assert_ne!(std::fs::read(folder.path("s.json")).unwrap(), models[0], "the seed has no effect");
}

#[test]
fn everything_random_in_a_network_gives_the_same_bytes_with_any_number_of_jobs() {
    let folder = four_classes();
    let flags = [
        "--hidden",
        "24",
        "--activation",
        "prelu",
        "--norm",
        "batch",
        "--residual",
        "1",
        "--dropout",
        "0.3",
        "--init-spread",
        "normal",
        "--optimizer",
        "rmsprop",
        "--schedule",
        "cosine",
    ];
    let mut models = Vec::new();
    for (run, jobs) in ["1", "2", "5"].into_iter().enumerate() {
        let model = format!("{run}.json");
        let args = ["train", "s", "--model", &model, "--epochs", "20", "-j", jobs];
        folder.run(args.into_iter().chain(flags)).expect(0);
        models.push(std::fs::read(folder.path(model)).unwrap());
    }
    assert_eq!(models.len(), 3);
    assert!(models.iter().all(|bytes| *bytes == models[0]));
    let doctor = |jobs| folder.run(["doctor", "s", "--json", "-j", jobs]).expect(0).out();
    assert_eq!(doctor("1"), doctor("2"));
}

#[test]
fn cv_and_classify_print_the_same_with_any_number_of_jobs() {
    let folder = Folder::new();
    folder.small_model();
    let cv =
        |jobs| folder.run(["cv", "two", "--epochs", "20", "--json", "-j", jobs]).expect(0).out();
    assert_eq!(cv("1"), cv("2"));
    let classify = |jobs| folder.run(["classify", "model.json", "two", "-j", jobs]).expect(0).out();
    assert_eq!(classify("1"), classify("2"));
}

#[test]
fn a_model_says_nothing_of_where_it_was_made() {
    let folder = Folder::new();
    let model = std::fs::read_to_string(folder.small_model()).unwrap();
    assert!(!model.contains(folder.path("").to_str().unwrap()));
    // The same pictures under another name, by an absolute path.
    std::fs::rename(folder.path("two"), folder.path("elsewhere")).unwrap();
    let source = folder.path("elsewhere");
    let args = ["train", source.to_str().unwrap(), "--model", "again.json", "--epochs", "60"];
    folder.run(args).expect(0);
    assert_eq!(std::fs::read_to_string(folder.path("again.json")).unwrap(), model);
}

#[test]
fn both_engines_print_the_same_labels_and_nearly_the_same_numbers() {
    let folder = Folder::new();
    folder.copy_class("scratches", 2, "s");
    let table = |engine| {
        folder.run(["score", "s", "--engine", engine, "--descriptor", "fast"]).expect(0).table()
    };
    let (fast, reference) = (table("fast"), table("reference"));
    let mut compared = 0;
    for (a, b) in fast.iter().zip(&reference) {
        for (column, text) in a.iter().filter(|(column, _)| column.contains('_')) {
            let (x, y): (f64, f64) = (text.parse().unwrap(), b[column].parse().unwrap());
            assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0), "{column}: {x} {y}");
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 91);
}

#[test]
fn the_environment_chooses_vectors_and_they_change_no_feature() {
    let folder = Folder::new();
    folder.copy_class("scratches", 3, "s");
    let score = |vectors: &str| {
        let mut command = folder.command(["score", "s"]);
        if !vectors.is_empty() {
            command.env("TEXTURA_VECTORS", vectors);
        }
        command.output().unwrap()
    };
    let widest = score("");
    assert_eq!(widest.status.code(), Some(0));
    assert!(widest.stdout.len() > 10_000);
    let none = score("none");
    assert_eq!(none.stdout, widest.stdout);
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert_eq!(said.matches("LETRIST takes about 20 times as long").count(), 1, "{said}");
    let unknown = score("mmx");
    assert_eq!(unknown.status.code(), Some(2));
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(said.contains("TEXTURA_VECTORS") && said.contains("mmx"), "{said}");
    #[cfg(target_arch = "x86_64")]
    for (vectors, has) in [
        ("avx2", is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")),
        ("avx512", is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl")),
    ] {
        let output = score(vectors);
        assert_eq!(output.status.code(), Some(if has { 0 } else { 2 }), "{vectors}");
        assert!(!has || output.stdout == widest.stdout, "{vectors}");
    }
}
