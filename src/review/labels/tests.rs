use std::path::{Path, PathBuf};

use super::{Labels, from_json, to_json};
use crate::io::Label;

fn class(name: &str) -> Label {
    Label::Class(name.into())
}

/// A folder with pictures 0.png to 4.png in it, and the place of its table.
fn folder() -> (tempfile::TempDir, Vec<PathBuf>, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let pictures: Vec<PathBuf> = (0..5).map(|at| folder.path().join(format!("{at}.png"))).collect();
    pictures.iter().for_each(|path| std::fs::write(path, "").unwrap());
    let table = folder.path().join("labels.csv");
    (folder, pictures, table)
}

fn journal(table: &Path) -> PathBuf {
    table.with_extension("csv.journal")
}

/// What the lines of a journal leave, replayed from the first to the last.
fn replayed(table: &Path) -> Vec<(String, serde_json::Value)> {
    let mut labels = std::collections::BTreeMap::new();
    for line in std::fs::read_to_string(journal(table)).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        for set in line["set"].as_array().into_iter().flatten() {
            labels.insert(set[0].as_str().unwrap().to_owned(), set[2].clone());
        }
    }
    labels.into_iter().filter(|(_, label)| !label.is_null()).collect()
}

fn all(labels: &Labels) -> Vec<Option<Label>> {
    (0..5).map(|at| labels.label(at).cloned()).collect()
}

#[test]
fn labels_stand_in_the_table_and_the_journal_and_are_there_again() {
    let (_folder, pictures, table) = folder();
    let mut labels = Labels::open(&table, &pictures, &[]).unwrap();
    labels.set(&[0, 1], Some(&class("bark"))).unwrap();
    labels.set(&[2], Some(&Label::NoneOfThese)).unwrap();
    labels.set(&[1], Some(&class("brick"))).unwrap();
    labels.set(&[0], None).unwrap();
    labels.set(&[3], Some(&class("a,\"b"))).unwrap();
    let text = std::fs::read_to_string(&table).unwrap();
    assert_eq!(text, "path,label,skip\n1.png,brick,\n2.png,,yes\n3.png,\"a,\"\"b\",\n");
    // The column goes with its last mark.
    labels.set(&[2], None).unwrap();
    let text = std::fs::read_to_string(&table).unwrap();
    assert_eq!(text, "path,label\n1.png,brick\n3.png,\"a,\"\"b\"\n");
    labels.set(&[2], Some(&Label::NoneOfThese)).unwrap();
    assert_eq!(labels.last_change(), 7);
    assert_eq!(labels.classes(), [("bark", 0), ("brick", 1), ("a,\"b", 1)]);
    let before = all(&labels);
    let again = |n: usize| replayed(&table).len() == n;
    assert!(again(3), "{:?}", replayed(&table));
    drop(labels);
    let labels = Labels::open(&table, &pictures, &[]).unwrap();
    assert_eq!((all(&labels), labels.last_change()), (before, 7));
    // No picture is left of the class that came first.
    assert_eq!(labels.classes(), [("brick", 1), ("a,\"b", 1)]);
}

#[test]
fn changes_are_taken_back_and_made_again_also_by_a_later_process() {
    let (_folder, pictures, table) = folder();
    let mut labels = Labels::open(&table, &pictures, &[]).unwrap();
    labels.set(&[0, 1, 2], Some(&class("a"))).unwrap();
    labels.set(&[1], Some(&class("b"))).unwrap();
    labels.rename("a", "c").unwrap();
    assert_eq!(labels.undo_or_redo(true).unwrap().len(), 2);
    assert_eq!(labels.label(0), Some(&class("a")));
    drop(labels);
    let mut labels = Labels::open(&table, &pictures, &[]).unwrap();
    assert_eq!(labels.undo_or_redo(true).unwrap(), [1]);
    assert_eq!(labels.label(1), Some(&class("a")));
    assert_eq!(labels.undo_or_redo(true).unwrap().len(), 3);
    assert_eq!(all(&labels), vec![None; 5]);
    assert!(labels.undo_or_redo(true).unwrap().is_empty());
    for _ in 0..3 {
        assert!(!labels.undo_or_redo(false).unwrap().is_empty());
    }
    assert_eq!(labels.label(0), Some(&class("c")));
    assert_eq!(labels.can_undo_and_redo(), (true, false));
    // A new change ends what could be made again.
    labels.undo_or_redo(true).unwrap();
    labels.set(&[4], Some(&class("d"))).unwrap();
    assert_eq!(labels.can_undo_and_redo(), (true, false));
}

#[test]
fn what_a_killed_process_left_is_brought_together() {
    let (_folder, pictures, table) = folder();
    let mut labels = Labels::open(&table, &pictures, &[]).unwrap();
    labels.set(&[0], Some(&class("a"))).unwrap();
    let old_table = std::fs::read(&table).unwrap();
    let old_journal = std::fs::read(journal(&table)).unwrap();
    labels.set(&[1], Some(&class("b"))).unwrap();
    drop(labels);
    let journal_now = std::fs::read(journal(&table)).unwrap();
    let is_saved = |line: &str| line.starts_with("{\"saved\"");
    let text = String::from_utf8(journal_now.clone()).unwrap();
    assert!(is_saved(text.lines().last().unwrap()), "{text}");
    // Killed at every byte of the second change's lines, with the old table.
    let mut n_whole = 0;
    for end in old_journal.len()..=journal_now.len() {
        std::fs::write(&table, &old_table).unwrap();
        std::fs::write(journal(&table), &journal_now[..end]).unwrap();
        let labels = Labels::open(&table, &pictures, &[]).unwrap();
        assert_eq!(labels.label(0), Some(&class("a")), "{end}");
        let lines = text[..end].lines();
        let is_there = lines.clone().any(|line| line.contains("1.png") && line.ends_with("]}"));
        let was_saved = lines.filter(|line| is_saved(line) && line.ends_with('}')).count() == 2;
        // Said to be in a table that lacks it: somebody took it out.
        let expected = (is_there && !was_saved).then(|| class("b"));
        assert_eq!(labels.label(1), expected.as_ref(), "{end}");
        n_whole += usize::from(expected.is_some());
        drop(labels);
        let labels = Labels::open(&table, &pictures, &[]).unwrap();
        assert_eq!(labels.label(1), expected.as_ref(), "{end}");
        assert_eq!(replayed_lossy(&table), usize::from(expected.is_some()) + 1, "{end}");
    }
    assert!(1 < n_whole, "{n_whole}");
}

/// How many labels the whole lines of a journal leave.
fn replayed_lossy(table: &Path) -> usize {
    let text = std::fs::read_to_string(journal(table)).unwrap();
    let mut labels = std::collections::BTreeMap::new();
    for line in text.lines() {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        for set in line["set"].as_array().into_iter().flatten() {
            labels.insert(set[0].as_str().unwrap().to_owned(), set[2].is_null());
        }
    }
    labels.values().filter(|is_gone| !**is_gone).count()
}

#[test]
fn a_table_that_somebody_changed_wins_over_the_journal_where_it_was_changed() {
    let (_folder, pictures, table) = folder();
    std::fs::write(&table, "path,label,note\n0.png,old,keep\n9.png,far,\n").unwrap();
    let mut labels = Labels::open(&table, &pictures, &[]).unwrap();
    assert_eq!(labels.label(0), Some(&class("old")));
    labels.set(&[1], Some(&class("b"))).unwrap();
    drop(labels);
    let text = std::fs::read_to_string(&table).unwrap();
    assert_eq!(text, "path,label,note\n0.png,old,keep\n9.png,far,\n1.png,b,\n");
    std::fs::write(&table, text.replace("1.png,b", "1.png,other")).unwrap();
    let labels = Labels::open(&table, &pictures, &[]).unwrap();
    assert_eq!(labels.label(1), Some(&class("other")));
    drop(labels);
    assert_eq!(replayed(&table).iter().filter(|(_, label)| label == "other").count(), 1);
    assert_eq!(replayed(&table).len(), 3);
}

#[test]
fn a_table_that_cannot_be_written_is_written_later() {
    let (folder, pictures, table) = folder();
    let mut labels = Labels::open(&table, &pictures, &[]).unwrap();
    labels.set(&[0], Some(&class("a"))).unwrap();
    // A folder in its place cannot be replaced by a file.
    std::fs::remove_file(&table).unwrap();
    std::fs::create_dir(&table).unwrap();
    labels.set(&[1], Some(&class("b"))).unwrap();
    assert!(labels.problem().is_some_and(|text| text.contains("labels.csv.journal")));
    assert_eq!(labels.label(1), Some(&class("b")));
    std::fs::remove_dir(&table).unwrap();
    labels.retry();
    assert_eq!(labels.problem(), None);
    assert_eq!(std::fs::read_to_string(&table).unwrap(), "path,label\n0.png,a\n1.png,b\n");
    drop(folder);
}

#[test]
fn a_second_process_names_and_numbers_are_refused() {
    let (_folder, pictures, table) = folder();
    let mut labels = Labels::open(&table, &pictures, &[]).unwrap();
    let error = Labels::open(&table, &pictures, &[]).unwrap_err().to_string();
    assert!(error.contains("another `textura review`"), "{error}");
    assert!(labels.set(&[5], Some(&class("a"))).is_err());
    for name in ["", " a", "a\nb", &"x".repeat(201)] {
        assert!(labels.set(&[0], Some(&class(name))).is_err(), "{name:?}");
    }
    assert_eq!(labels.last_change(), 0);
    labels.set(&[0], Some(&class("<b>&\"'"))).unwrap();
    drop(labels);
    std::fs::write(journal(&table), "{\"change\":1}\n{}\n").unwrap();
    let error = Labels::open(&table, &pictures, &[]).unwrap_err().to_string();
    assert!(error.contains("line 1"), "{error}");
}

#[test]
fn labels_are_a_name_false_or_null_in_json() {
    for label in [Some(class("a")), Some(Label::NoneOfThese), None] {
        assert_eq!(from_json(&to_json(label.as_ref())), Some(label));
    }
    assert_eq!(from_json(&true.into()), None);
    assert_eq!(from_json(&1.into()), None);
}
