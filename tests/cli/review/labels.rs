//! Labels that go into the table and the journal at once.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::support::{Folder, read_table};
use super::{Server, unlabelled};

/// What the lines of the journal leave.
fn replayed(folder: &Folder) -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(folder.path("labels.csv.journal")).unwrap();
    let mut labels = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        for set in line["set"].as_array().into_iter().flatten() {
            labels.insert(set[0].as_str().unwrap().to_owned(), set[2].clone());
        }
    }
    labels.retain(|_, label| !label.is_null());
    labels
}

fn table(folder: &Folder) -> BTreeMap<String, Value> {
    let rows = read_table(std::fs::File::open(folder.path("labels.csv")).unwrap());
    let label = |row: &BTreeMap<String, String>| match row.get("skip").map(String::as_str) {
        Some("yes") => Value::Bool(false),
        _ => row["label"].as_str().into(),
    };
    rows.iter().map(|row| (row["path"].clone(), label(row))).collect()
}

#[test]
fn labels_survive_a_kill_and_the_journal_replayed_gives_the_same() {
    let folder = Folder::new();
    unlabelled(&folder, 4);
    let server = Server::start(&folder, &["pictures"]);
    server.label(&[0, 1, 2], "rough".into());
    server.label(&[3], false.into());
    server.label(&[2], "<b>fine</b>".into());
    server.post("/api/rename", &json!({ "from": "rough", "to": "very rough" }));
    server.label(&[0], Value::Null);
    server.post("/api/undo", &json!({}));
    let changes = server.label(&[4], "fine".into());
    let before = server.state();
    // Killed the moment after the answer.
    drop(server);
    let expected = BTreeMap::from([
        ("pictures/p_00.png".to_owned(), json!("very rough")),
        ("pictures/p_01.png".to_owned(), json!("very rough")),
        ("pictures/p_02.png".to_owned(), json!("<b>fine</b>")),
        ("pictures/p_03.png".to_owned(), json!(false)),
        ("pictures/p_04.png".to_owned(), json!("fine")),
    ]);
    assert_eq!(table(&folder), expected);
    assert_eq!(replayed(&folder), expected);
    let server = Server::start(&folder, &["pictures"]);
    let after = server.state();
    assert_eq!(after["changes"], changes);
    for field in ["labels", "labelled", "none", "unlabelled"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    // What the earlier process did can be taken back by this one, to the beginning.
    let mut n_undone = 0;
    while server.state()["undo"] == true {
        server.post("/api/undo", &json!({}));
        n_undone += 1;
    }
    assert_eq!((n_undone, &server.state()["labelled"]), (5, &0.into()));
    assert!(table(&folder).is_empty() && replayed(&folder).is_empty());
}

#[test]
fn two_pages_see_each_other_and_the_last_word_wins() {
    let folder = Folder::new();
    unlabelled(&folder, 2);
    let server = Server::start(&folder, &["pictures"]);
    let first = server.label(&[0, 1], "a".into());
    let second = server.label(&[1], "b".into());
    let news = server.json(&format!("/api/state?changes={first}"));
    assert_eq!(news["labels"], json!([[1, "b"]]));
    assert_eq!(news["changes"], second);
    assert_eq!(server.json(&format!("/api/state?changes={second}"))["labels"], json!([]));
    let all = server.json("/api/state?changes=0");
    assert_eq!(all["labels"], json!([[0, "a"], [1, "b"]]));
    // A second command on the same table would not see what this one does.
    let refused = folder.run(["review", "pictures", "--no-open"]).expect(4);
    assert!(refused.err().contains("another `textura review`"), "{}", refused.err());
    let other = Server::start(&folder, &["pictures", "--labels", "other.csv"]);
    assert_eq!(other.state()["labelled"], 0);
}

#[test]
fn a_table_of_before_is_taken_over_and_the_commands_read_it() {
    let folder = Folder::new();
    let truth = unlabelled(&folder, 8);
    let mut text = "file;class;operator\n".to_owned();
    text += &format!("{};{};Ann\n", truth[0].0, truth[0].1);
    std::fs::write(folder.path("labels.csv"), text).unwrap();
    let server = Server::start(&folder, &["pictures"]);
    assert_eq!(server.state()["labelled"], 1);
    for (id, (_, class)) in truth.iter().enumerate().skip(1) {
        server.label(&[id], (*class).into());
    }
    drop(server);
    let rows = read_table(std::fs::File::open(folder.path("labels.csv")).unwrap());
    assert_eq!(rows.len(), 24);
    assert_eq!((&*rows[0]["operator"], &*rows[1]["operator"]), ("Ann", ""));
    folder.run(["train", "labels.csv", "--model", "m.json", "--holdout", "0"]).expect(0);
    folder.run(["scan", "labels.csv"]).expect(0);
}

#[test]
fn names_of_folders_are_offered_and_taken_only_when_asked() {
    let folder = Folder::new();
    folder.copy_class("brick", 3, "two/brick");
    folder.copy_class("dots", 3, "two/dots");
    let server = Server::start(&folder, &["two"]);
    assert_eq!(server.json("/api/start")["folders"], json!(["brick", "dots"]));
    assert_eq!(server.state()["labelled"], 0);
    server.label(&[0], "mine".into());
    server.post("/api/adopt", &json!({}));
    let classes = server.state()["classes"].clone();
    assert_eq!(
        classes,
        json!([{ "name": "mine", "n": 1 }, { "name": "brick", "n": 2 }, { "name": "dots", "n": 3 }])
    );
    server.post("/api/undo", &json!({}));
    assert_eq!(server.state()["labelled"], 1);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_with_130() {
    let folder = Folder::new();
    unlabelled(&folder, 2);
    let server = Server::start(&folder, &["pictures"]);
    server.label(&[0], "a".into());
    assert_eq!(server.interrupt(), Some(130));
    assert_eq!(table(&folder).len(), 1);
}
