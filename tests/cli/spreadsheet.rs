//! Tables that a spreadsheet opens and runs nothing of.

use super::support::{Folder, fixtures, read_table};

/// Names of files and of folders that begin as formulas do.
const NAMES: [&str; 6] = ["=1+1", "+a", "-b", "@c", "\td", "\re"];

fn begins_a_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[test]
fn no_text_begins_as_a_formula_and_every_path_is_read_back() {
    let folder = Folder::new();
    for name in NAMES {
        folder.copy(fixtures("textures/brick/brick_00.png"), format!("{name}/{name}.png"));
    }
    folder.copy(fixtures("broken/text.png"), "=bad.png");
    // The current folder's names come without anything before them.
    let sources: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    let score = |flags: &[&str], table: &str| {
        let first = ["score", "--descriptor", "fast", "--labels", "-o", table];
        let args = first.iter().chain(flags).map(|arg| (*arg).to_owned()).chain(["--".to_owned()]);
        folder.run(args.chain(sources.clone()).chain(["=bad.png".to_owned()])).expect(3);
        read_table(std::fs::read(folder.path(table)).unwrap().as_slice())
    };
    let plain = score(&[], "plain.csv");
    let safe = score(&["--spreadsheet-safe"], "safe.csv");
    assert_eq!((plain.len(), safe.len()), (7, 7));
    assert!(plain.iter().all(|row| begins_a_formula(&row["path"])), "off by default");
    let mut n_changed = 0;
    for (plain, safe) in plain.iter().zip(&safe) {
        for (column, cell) in safe {
            if plain[column].parse::<f64>().is_ok() {
                assert_eq!(*cell, plain[column], "{column}: numbers stay");
            }
            assert!(!begins_a_formula(cell) || cell.parse::<f64>().is_ok(), "{column}: {cell:?}");
            n_changed += usize::from(*cell != plain[column]);
        }
    }
    assert!(7 <= n_changed, "{n_changed}");
    // As manifests, both name the same pictures; what failed stays a failure.
    let again =
        |table: &str| folder.run(["score", "--descriptor", "fast", table]).expect(3).table();
    assert_eq!(again("plain.csv"), again("safe.csv"));
}

#[test]
fn labels_stay_as_they_are_written() {
    let folder = Folder::new();
    for name in ["=x", "plain"] {
        folder.copy_class("brick", 2, format!("two/{name}"));
    }
    folder.run(["scan", "two", "--spreadsheet-safe", "-o", "m.csv"]).expect(4);
    let rows = read_table(std::fs::read(folder.path("m.csv")).unwrap().as_slice());
    let labels: Vec<&str> = rows.iter().map(|row| row["label"].as_str()).collect();
    assert_eq!(labels, ["'=x", "'=x", "plain", "plain"]);
}

#[test]
fn other_tables_need_no_such_thing() {
    let folder = Folder::new();
    folder.copy_class("brick", 1, "one");
    for table in ["t.jsonl", "t.parquet"] {
        let run = folder.run(["score", "one", "--spreadsheet-safe", "-o", table]).expect(2);
        assert!(run.err().contains("spreadsheet-safe: expected"), "{}", run.err());
        assert!(!folder.path(table).exists());
    }
}
