//! `trace`: text, JSON, page and `--check`; programs in Python, C and Java with every mistake are seen through.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::support::Folder;

/// What the programs below can do wrong.
const MISTAKES: [&str; 13] = [
    "hidden-softmax",
    "batch-softmax",
    "single-output-softmax",
    "diagonal-jacobian",
    "jacobian-twice",
    "squared-error",
    "wrong-sign",
    "missing-division",
    "late-deltas",
    "forgetful-momentum",
    "double-softmax",
    "not-one-hot",
    "targets-in-wrong-order",
];

/// Other ways to be right, with a word that `--check` says of each.
const CONVENTIONS: [(&str, &str); 4] = [
    ("none", ""),
    ("negative", "updated with +="),
    ("sums", "sums over the examples"),
    ("transposed", "(out, in)"),
];

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/programs").join(name)
}

/// Whether a program is there; says so where it is not.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        println!("SKIPPED: there is no {program}");
    }
    found
}

/// Runs a program with every mistake and convention and checks what it writes.
fn check_all(folder: &Folder, command: &[&str], file: &str) {
    let write = |name: &str| {
        let mut run = Command::new(command[0]);
        let output =
            run.args(&command[1..]).arg(name).current_dir(folder.path(".")).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        std::fs::write(folder.path(file), output.stdout).unwrap();
    };
    for (name, word) in CONVENTIONS {
        write(name);
        let verdict = folder.run(["trace", "--check", file, "--json"]).expect(0).json();
        assert_eq!(verdict["agrees"], true, "{name}: {verdict}");
        assert_eq!((&verdict["mistake"], &verdict["first_wrong"]), (&Value::Null, &Value::Null));
        let convention = verdict["convention"].as_str().unwrap_or_default();
        assert_eq!(
            convention.contains(word),
            name != "none" || convention.is_empty(),
            "{convention}"
        );
    }
    for name in MISTAKES {
        write(name);
        let verdict = folder.run(["trace", "--check", file, "--json"]).expect(6).json();
        assert_eq!(verdict["agrees"], false, "{name}: {verdict}");
        assert_eq!(verdict["mistake"], name, "{verdict}");
        assert_eq!(verdict["gives_all_numbers"], true, "{verdict}");
        let text = folder.run(["trace", "--check", file]).expect(6).out();
        assert!(text.starts_with("wrong: ") && text.contains(name), "{text}");
    }
}

#[test]
fn a_python_program_with_each_mistake_is_seen_through() {
    let folder = Folder::new();
    if has("python3") {
        let program = source("update.py");
        check_all(&folder, &["python3", program.to_str().unwrap()], "my.json");
    }
}

#[test]
fn a_c_program_with_each_mistake_is_seen_through() {
    let folder = Folder::new();
    if has("cc") {
        let built = folder.path("update");
        let cc =
            Command::new("cc").arg(source("update.c")).arg("-o").arg(&built).arg("-lm").status();
        assert!(cc.unwrap().success());
        check_all(&folder, &[built.to_str().unwrap()], "my.csv");
    }
}

#[test]
fn a_java_program_with_each_mistake_is_seen_through() {
    let folder = Folder::new();
    if has("javac") && has("java") {
        let javac = Command::new("javac")
            .arg("-d")
            .arg(folder.path("."))
            .arg(source("Update.java"))
            .status();
        assert!(javac.unwrap().success());
        check_all(&folder, &["java", "Update"], "my.json");
    }
}

#[test]
fn what_trace_prints_is_what_check_takes() {
    let folder = Folder::new();
    let json = folder.run(["trace", "--json"]).expect(0).out();
    std::fs::write(folder.path("my.json"), &json).unwrap();
    let text = folder.run(["trace", "--check", "my.json"]).expect(0).out();
    assert!(text.starts_with("right: all ") && text.lines().count() == 1, "{text}");
    // The same file is a network.
    let again = folder.run(["trace", "--net", "my.json", "--json"]).expect(0).out();
    assert_eq!(again, json);
}

#[test]
fn every_mistake_that_trace_makes_is_named_by_check() {
    let folder = Folder::new();
    for name in MISTAKES.iter().filter(|name| **name != "single-output-softmax") {
        let wrong = folder.run(["trace", "--mistake", name, "--json"]).expect(0).out();
        std::fs::write(folder.path("my.json"), wrong).unwrap();
        let verdict = folder.run(["trace", "--check", "my.json", "--json"]).expect(6).json();
        assert_eq!(verdict["mistake"], *name, "{verdict}");
    }
    let refusal = folder.run(["trace", "--mistake", "single-output-softmax"]).expect(2).err();
    assert!(refusal.contains("give it one output"), "{refusal}");
}

#[test]
fn networks_of_every_kind_are_traced_from_files() {
    let folder = Folder::new();
    let net = r#"{"hidden": [4, 3], "activation": "prelu", "norm": "batch", "residual": 2, "optimizer": "adam", "rate": 0.01}"#;
    std::fs::write(folder.path("net.json"), net).unwrap();
    std::fs::write(folder.path("rows.csv"), "a,b,label\n1,2,oak\n3,-1,fir\n0,0.5,oak\n2,2,elm\n")
        .unwrap();
    let run = ["trace", "--net", "net.json", "--data", "rows.csv", "--json"];
    let json = folder.run(run).expect(0).json();
    assert_eq!(json["classes"], serde_json::json!(["elm", "fir", "oak"]));
    assert_eq!(json["labels"], serde_json::json!([2, 1, 2, 0]));
    for name in
        ["hidden1_normalised", "block2_total", "hidden2_slopes_gradient", "output_weights_moment"]
    {
        assert!(json[name].is_array(), "{name}");
    }
    assert_eq!(json["jacobian"][3].as_array().unwrap().len(), 3);
    let text = folder.run(["trace", "--net", "net.json", "--data", "rows.csv"]).expect(0).out();
    assert!(text.contains("block1_second_deltas"), "{text}");
    assert_ne!(folder.run(run.iter().chain(&["--seed", "1"])).expect(0).json(), json);
}

#[test]
fn the_page_stands_alone() {
    let folder = Folder::new();
    folder.run(["trace", "-o", "page.html"]).expect(0);
    let page = std::fs::read_to_string(folder.path("page.html")).unwrap();
    assert!(page.len() < 400_000, "{}", page.len());
    assert!(page.contains("default-src 'none'") && page.contains("script-src 'sha256-"));
    for word in ["src=", "href=", "url(", "import(", "fetch("] {
        assert!(!page.contains(word), "{word}");
    }
    // The script says of every mistake what it is in Chinese, too.
    for name in MISTAKES {
        assert!(page.contains(&format!("\"{name}\": \"")), "{name}");
    }
}

#[test]
fn bad_files_are_refused_by_name() {
    let folder = Folder::new();
    for (name, text, status, words) in [
        ("a.json", "{", 5, "a.json: expected an object"),
        ("a.json", r#"{"hello": [1]}"#, 5, "docs/trace.md lists the names"),
        ("a.json", r#"{"rate": "fast", "loss": 1}"#, 5, "settings as"),
        ("a.json", r#"{"w1": [[1, 2, 3]], "p": [[1]]}"#, 5, "6 numbers as hidden_weights"),
        ("a.json", r#"{"rate": -1, "loss": 1}"#, 5, "a number of at least 0"),
        ("a.csv", "name,row,column,value\np,0,0,x\n", 5, "a number as the value in line 2"),
        ("a.csv", "name,row,column,value\np,0,0,1\np,5,5,1\n", 5, "2 numbers for 6 rows"),
    ] {
        std::fs::write(folder.path(name), text).unwrap();
        let refusal = folder.run(["trace", "--check", name]).expect(status).err();
        assert!(refusal.contains(words) && refusal.contains(name), "{refusal}");
    }
    folder.run(["trace", "--check", "missing.json"]).expect(1);
    std::fs::write(folder.path("rows.csv"), "a,label\nx,1\n").unwrap();
    let refusal = folder.run(["trace", "--data", "rows.csv"]).expect(5).err();
    assert!(
        refusal.contains("rows.csv") && refusal.contains("a number under `a` in line 2"),
        "{refusal}"
    );
    let refusal = folder.run(["trace", "-o", "page.txt"]).expect(2).err();
    assert!(refusal.contains("FILE.html"), "{refusal}");
    std::fs::write(folder.path("net.json"), r#"{"hidden": [0]}"#).unwrap();
    folder.run(["trace", "--net", "net.json"]).expect(5);
    std::fs::write(folder.path("net.json"), r#"{"hidden": [900, 900]}"#).unwrap();
    let refusal = folder.run(["trace", "--net", "net.json"]).expect(5).err();
    assert!(refusal.contains("give smaller layers"), "{refusal}");
}
