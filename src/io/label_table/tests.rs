use std::path::Path;

use super::{Label, LabelTable, identity, path_from};

fn class(name: &str) -> Label {
    Label::Class(name.into())
}

#[test]
fn other_columns_and_rows_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("labels.csv");
    std::fs::write(folder.path().join("a.png"), "").unwrap();
    std::fs::write(folder.path().join("b.png"), "").unwrap();
    std::fs::write(
        &file,
        "path;class;note;group\na.png;bark;\"old; dry\";007\ngone.png;brick;;1\nb.png;;;2\n",
    )
    .unwrap();
    let mut table = LabelTable::read(&file).unwrap();
    let [a, b, c] = ["a.png", "b.png", "c.png"].map(|n| identity(&folder.path().join(n)));
    assert_eq!(table.label(&a), Some(class("bark")));
    assert_eq!(table.label(&b), None);
    table.set(&a, "a.png", Some(&class("tree")));
    table.set(&b, "b.png", Some(&Label::NoneOfThese));
    table.set(&c, "c.png", Some(&class("=1")));
    table.write(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let expected = "path,class,note,group,skip\na.png,tree,old; dry,007,\ngone.png,brick,,1,\nb.png,,,2,yes\nc.png,=1,,,\n";
    assert_eq!(text, expected);

    let mut table = LabelTable::read(&file).unwrap();
    assert_eq!(table.label(&b), Some(Label::NoneOfThese));
    table.set(&b, "b.png", None);
    table.set(&c, "c.png", None);
    table.write(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    // b.png still has its group; nothing was left of c.png.
    assert!(text.ends_with("gone.png,brick,,1,\nb.png,,,2,\n"), "{text}");
}

#[test]
fn a_missing_or_empty_file_is_a_table_without_rows_and_another_table_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("labels.csv");
    assert_eq!(LabelTable::read(&file).unwrap().to_bytes(&file).unwrap(), b"path,label\n");
    std::fs::write(&file, "").unwrap();
    assert_eq!(LabelTable::read(&file).unwrap().to_bytes(&file).unwrap(), b"path,label\n");
    std::fs::write(&file, "year,price\n1,2\n").unwrap();
    let error = LabelTable::read(&file).unwrap_err().to_string();
    assert!(error.contains("labels.csv") && error.contains("year, price"), "{error}");
    assert!(LabelTable::read(&folder.path().join("labels.doc")).is_err());
}

#[test]
fn numbers_of_json_lines_stay_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("labels.jsonl");
    std::fs::write(&file, "{\"path\":\"a.png\",\"label\":\"x\",\"size\":3,\"Ra\":0.5}\n").unwrap();
    let mut table = LabelTable::read(&file).unwrap();
    table.set(Path::new("/b.png"), "b.png", Some(&class("y")));
    table.write(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let number = |name: &str| lines[0][name].as_f64();
    assert_eq!((number("size"), number("Ra")), (Some(3.0), Some(0.5)), "{text}");
    assert_eq!((&lines[1]["path"], &lines[1]["label"]), (&"b.png".into(), &"y".into()));
}

#[test]
fn paths_are_written_from_the_folder_of_the_table() {
    let from = |picture: &str| path_from(Path::new("/data/lists"), Path::new(picture));
    assert_eq!(from("/data/lists/a.png"), "a.png");
    assert_eq!(from("/data/lists/x/a.png"), "x/a.png");
    assert_eq!(from("/data/pictures/a.png"), "../pictures/a.png");
    assert_eq!(from("/mnt/a.png"), "/mnt/a.png");
}
