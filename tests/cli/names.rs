//! Odd names, few pictures, copies.

use super::support::{Folder, fixtures};

#[test]
fn two_classes_of_one_picture_each_make_a_model() {
    let folder = Folder::new();
    folder.copy_class("brick", 1, "tiny/brick");
    folder.copy_class("dots", 1, "tiny/dots");
    let run = folder.run(["train", "tiny", "--model", "m.json"]).expect(0);
    assert!(run.out().contains("no picture was held out"), "{}", run.out());
    let rows = folder.run(["classify", "m.json", "tiny"]).expect(0).table();
    let labels: Vec<&str> = rows.iter().map(|row| row["label"].as_str()).collect();
    assert_eq!(labels, ["brick", "dots"]);
}

#[test]
fn class_names_may_hold_anything() {
    let folder = Folder::new();
    for (class, name) in
        [("brick", "two words"), ("dots", "猫咪"), ("weave", "-dash"), ("grain", "=1,\"x\"")]
    {
        folder.copy_class(class, 4, format!("odd/{name}"));
    }
    folder
        .run(["train", "odd", "--model", "m.json", "--epochs", "100", "--holdout", "0"])
        .expect(0);
    let run = folder.run(["classify", "m.json", "odd", "--reject-at", "none"]).expect(0);
    for row in run.table() {
        assert!(row["path"].contains(&format!("/{}/", row["label"])), "{row:?}");
        assert!(row.contains_key("p_猫咪") && row.contains_key("p_=1,\"x\""));
    }
    let shown = folder.run(["inspect", "m.json"]).expect(0).out();
    assert!(shown.contains("猫咪") && shown.contains("-dash"));
    folder.run(["evaluate", "m.json", "odd"]).expect(0);
    folder.run(["retrain", "m.json", "odd", "-o", "n.json", "--epochs", "3"]).expect(0);
}

#[test]
fn the_same_picture_in_two_classes_is_named_and_kept_on_one_side() {
    let folder = Folder::new();
    folder.small_model();
    folder.copy(fixtures("textures/brick/brick_03.png"), "two/dots/copy.png");
    let run = folder.run(["train", "two", "--model", "m.json", "--epochs", "5"]).expect(0);
    assert!(run.err().contains("two/brick/brick_03.png"), "{}", run.err());
    assert!(run.err().contains("two/dots/copy.png"), "{}", run.err());
    assert!(run.err().contains("same picture under two labels"), "{}", run.err());
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_utf_8_is_written_so_that_it_can_be_read_back() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let name = OsStr::from_bytes(b"na\xefve\\x41,\n.png");
    let class = OsStr::from_bytes(b"cl\xff");
    folder.copy(fixtures("textures/brick/brick_00.png"), std::path::Path::new(class).join(name));
    let rows = folder.run(["score".as_ref(), class]).expect(0).table();
    let path = &rows[0]["path"];
    assert_eq!(path, "cl\\xff/na\\xefve\\x5cx41,\n.png");
    // Through a manifest, and, since a line cannot hold a line break, without it through a list.
    std::fs::write(folder.path("m.csv"), format!("path,label\n\"{path}\",a\n")).unwrap();
    assert_eq!(&folder.run(["score", "m.csv"]).expect(0).table()[0]["path"], path);
    folder.copy(
        fixtures("textures/dots/dots_00.png"),
        std::path::Path::new("other").join(OsStr::from_bytes(b"\xff.png")),
    );
    folder.run(["train", ".", "--model", "model.json", "--epochs", "3"]).expect(0);
    let shown = folder.run(["inspect", "model.json"]).expect(0).out();
    assert!(shown.contains("cl\\xff"), "{shown}");
}

#[test]
fn lists_on_standard_input_and_manifests_are_sources() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let folder = Folder::new();
    folder.small_model();
    let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
        .args(["classify", "model.json", "-"])
        .current_dir(folder.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"two/dots/dots_01.png\r\n\ntwo/brick/brick_00.png\n")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let rows = super::support::read_table(output.stdout.as_slice());
    let paths: Vec<&str> = rows.iter().map(|row| row["path"].as_str()).collect();
    assert_eq!(paths, ["two/dots/dots_01.png", "two/brick/brick_00.png"]);

    let mut manifest = String::from("label,path\n");
    for class in ["brick", "dots"] {
        for k in 0..8 {
            manifest += &format!("{class},two/{class}/{class}_{k:02}.png\n");
        }
    }
    std::fs::write(folder.path("m.csv"), &manifest).unwrap();
    folder.run(["train", "m.csv", "--model", "n.json", "--epochs", "60"]).expect(0);
    let (a, b) = (folder.path("model.json"), folder.path("n.json"));
    assert_eq!(
        std::fs::read(a).unwrap(),
        std::fs::read(b).unwrap(),
        "the same pictures, the same model"
    );
    std::fs::write(folder.path("m.csv"), "where\nx.png\n").unwrap();
    assert!(folder.run(["score", "m.csv"]).expect(5).err().contains("column `path`"));
    std::fs::write(folder.path("m.csv"), "path,label\nx.png,\n").unwrap();
    folder.run(["train", "m.csv", "--model", "o.json"]).expect(5);
    std::fs::write(folder.path("m.csv"), "path,label\nx.png,a,b,c\n").unwrap();
    folder.run(["score", "m.csv"]).expect(5);
}

#[test]
fn hidden_files_and_other_endings_are_ignored() {
    let folder = Folder::new();
    folder.copy_class("brick", 1, "b");
    folder.copy(fixtures("broken/empty.png"), "b/.hidden.png");
    folder.copy(fixtures("broken/empty.png"), "b/.git/x.png");
    folder.copy(fixtures("broken/empty.png"), "b/notes.txt");
    folder.copy(fixtures("textures/dots/dots_00.png"), "b/x.png/UPPER.PNG");
    let rows = folder.run(["score", "b"]).expect(0).table();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1]["path"], "b/x.png/UPPER.PNG");
}
