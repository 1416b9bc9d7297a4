//! `classify --sort-into` and `--undo`: nothing is replaced, nothing is lost, everything can be taken back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::support::{Folder, Run, fixtures};

/// Every file below a folder with its bytes, by path; links followed.
pub fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).follow_links(true) {
        let entry = entry.unwrap();
        if !entry.file_type().is_dir() {
            let name = entry.path().strip_prefix(root).unwrap().to_path_buf();
            found.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn names(root: &Path) -> Vec<String> {
    files(root).keys().map(|name| name.display().to_string()).collect()
}

/// A model and six pictures in a folder `in`: two of each of two classes, one of none, one broken.
fn prepared() -> Folder {
    let folder = Folder::new();
    folder.copy(fixtures("../models/demo.json"), "model.json");
    for k in [10, 11] {
        folder.copy(fixtures(&format!("textures/brick/brick_{k}.png")), format!("in/b{k}.png"));
        folder.copy(fixtures(&format!("textures/dots/dots_{k}.png")), format!("in/d{k}.png"));
    }
    folder.copy(fixtures("edge/flat.png"), "in/flat.png");
    folder.copy(fixtures("broken/empty.png"), "in/nothing.png");
    folder
}

const SORTED: [&str; 7] = [
    "_error/nothing.png",
    "_rejected/flat.png",
    "brick/b10.png",
    "brick/b11.png",
    "dots/d10.png",
    "dots/d11.png",
    "textura-sorted.csv",
];

fn sort(folder: &Folder, more: &[&str]) -> Run {
    folder.run(["classify", "model.json", "in", "--sort-into", "out"].iter().chain(more))
}

fn undo(folder: &Folder) -> Run {
    folder.run(["classify", "--undo", "out/textura-sorted.csv"])
}

#[test]
fn every_way_sorts_and_is_undone() {
    let mut n_ways = 0;
    for way in [None, Some("--link"), Some("--copy"), Some("--move")] {
        let folder = prepared();
        let before = files(&folder.path("in"));
        let plain = folder.run(["classify", "model.json", "in"]).expect(3).out();
        let more: Vec<&str> = way.into_iter().collect();
        let run = sort(&folder, &more).expect(3);
        assert_eq!(run.out(), plain, "the table is the same");
        assert_eq!(names(&folder.path("out")), SORTED, "{way:?}");
        let is_move = way == Some("--move");
        assert_eq!(names(&folder.path("in")).len(), if is_move { 0 } else { 6 });
        for (name, bytes) in files(&folder.path("out")) {
            let source = before.get(Path::new(name.file_name().unwrap()));
            assert!(source.is_none_or(|source| *source == bytes), "{name:?}");
        }
        undo(&folder).expect(0);
        assert_eq!(files(&folder.path("in")), before, "{way:?}");
        assert!(!folder.path("out").exists());
        n_ways += 1;
    }
    assert_eq!(n_ways, 4);
}

#[cfg(unix)]
#[test]
fn a_link_takes_no_room_and_a_copy_keeps_times_and_permissions() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let folder = prepared();
    let source = folder.path("in/b10.png");
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    std::fs::File::options().write(true).open(&source).unwrap().set_modified(old).unwrap();
    std::fs::set_permissions(&source, std::fs::Permissions::from_mode(0o640)).unwrap();
    sort(&folder, &[]).expect(3);
    let (original, link) = (
        std::fs::metadata(&source).unwrap(),
        std::fs::symlink_metadata(folder.path("out/brick/b10.png")).unwrap(),
    );
    assert_eq!((original.dev(), original.ino()), (link.dev(), link.ino()));
    undo(&folder).expect(0);
    for way in ["--copy", "--move"] {
        sort(&folder, &[way]).expect(3);
        let copy = std::fs::symlink_metadata(folder.path("out/brick/b10.png")).unwrap();
        assert!(way == "--move" || copy.ino() != original.ino());
        assert_eq!(copy.modified().unwrap(), old, "{way}");
        assert_eq!(copy.permissions().mode() & 0o777, 0o640, "{way}");
        undo(&folder).expect(0);
    }
}

/// Linux keeps this folder in memory, so another folder is on another file system.
#[cfg(target_os = "linux")]
pub fn elsewhere() -> tempfile::TempDir {
    use std::os::unix::fs::MetadataExt as _;
    let there = tempfile::tempdir_in("/dev/shm").unwrap();
    let here = tempfile::tempdir().unwrap();
    let device = |path: &Path| std::fs::metadata(path).unwrap().dev();
    assert_ne!(device(there.path()), device(here.path()), "TMPDIR must not be in /dev/shm");
    there
}

#[cfg(target_os = "linux")]
#[test]
fn between_file_systems_links_are_symbolic_and_moves_are_copies_that_are_removed() {
    let folder = prepared();
    let there = elsewhere();
    let out = there.path().join("out");
    let before = files(&folder.path("in"));
    let args = ["classify", "model.json", "in", "--sort-into"].map(std::ffi::OsStr::new);
    let list = out.join("textura-sorted.csv");
    let mut n_ways = 0;
    for way in ["--link", "--copy", "--move"] {
        folder.run(args.into_iter().chain([out.as_os_str(), way.as_ref()])).expect(3);
        assert_eq!(names(&out), SORTED);
        let link = std::fs::symlink_metadata(out.join("brick/b10.png")).unwrap();
        assert_eq!(link.is_symlink(), way == "--link");
        assert_eq!(folder.path("in/b10.png").exists(), way != "--move");
        let sorted = files(&out);
        assert_eq!(sorted[Path::new("brick/b10.png")], before[Path::new("b10.png")]);
        folder.run(["classify".as_ref(), "--undo".as_ref(), list.as_os_str()]).expect(0);
        assert_eq!(files(&folder.path("in")), before);
        assert!(!out.exists());
        n_ways += 1;
    }
    assert_eq!(n_ways, 3);
}

#[test]
fn equal_names_get_numbers_beside_each_other_and_beside_what_is_there() {
    let folder = prepared();
    for (k, place) in [(12, "in/x"), (13, "in/y"), (14, "in/z")] {
        let picture = fixtures(&format!("textures/brick/brick_{k}.png"));
        folder.copy(picture, format!("{place}/same.png"));
    }
    std::fs::create_dir_all(folder.path("out/brick")).unwrap();
    std::fs::write(folder.path("out/brick/same.png"), "mine").unwrap();
    std::fs::write(folder.path("out/brick/b10.png"), "mine, too").unwrap();
    let before = files(&folder.path("in"));
    sort(&folder, &["--move"]).expect(3);
    let sorted = files(&folder.path("out"));
    assert_eq!(sorted[Path::new("brick/same.png")], b"mine");
    assert_eq!(sorted[Path::new("brick/b10.png")], b"mine, too");
    for (name, source) in [
        ("brick/same-2.png", "x/same.png"),
        ("brick/same-3.png", "y/same.png"),
        ("brick/same-4.png", "z/same.png"),
        ("brick/b10-2.png", "b10.png"),
    ] {
        assert_eq!(sorted[Path::new(name)], before[Path::new(source)], "{name}");
    }
    undo(&folder).expect(0);
    assert_eq!(files(&folder.path("in")), before);
    assert_eq!(names(&folder.path("out")), ["brick/b10.png", "brick/same.png"]);
}

#[test]
fn the_same_command_again_changes_nothing_and_takes_what_is_new() {
    let mut n_ways = 0;
    for way in ["--link", "--copy", "--move"] {
        let folder = prepared();
        let table = ["-o", "t.csv", way];
        sort(&folder, &table).expect(3);
        let (sorted, rows) =
            (files(&folder.path("out")), std::fs::read(folder.path("t.csv")).unwrap());
        let again = sort(&folder, &table);
        again.expect(if way == "--move" { 0 } else { 3 });
        assert_eq!(files(&folder.path("out")), sorted, "{way}");
        assert_eq!(std::fs::read(folder.path("t.csv")).unwrap(), rows, "{way}");
        // The camera counts from the beginning again.
        folder.copy(fixtures("textures/brick/brick_12.png"), "in/b10.png");
        sort(&folder, &table);
        let more = files(&folder.path("out"));
        // A link shows what its original has become.
        assert_eq!(more.len(), sorted.len() + usize::from(way != "--link"), "{way}");
        n_ways += 1;
    }
    assert_eq!(n_ways, 3);
}

#[test]
fn a_picture_that_a_person_has_sorted_otherwise_stays_there() {
    let folder = prepared();
    sort(&folder, &[]).expect(3);
    std::fs::rename(folder.path("out/brick/b10.png"), folder.path("out/dots/b10.png")).unwrap();
    sort(&folder, &[]).expect(3);
    assert!(!folder.path("out/brick/b10.png").exists());
    let run = undo(&folder).expect(3);
    assert!(
        run.err().contains("brick/b10.png: left as it is: it is no longer there"),
        "{}",
        run.err()
    );
    assert_eq!(names(&folder.path("out")), ["dots/b10.png", "textura-sorted.csv"]);
    // Back where textura had put it, it can be taken back.
    std::fs::create_dir(folder.path("out/brick")).unwrap();
    std::fs::rename(folder.path("out/dots/b10.png"), folder.path("out/brick/b10.png")).unwrap();
    std::fs::remove_dir(folder.path("out/dots")).unwrap();
    undo(&folder).expect(0);
    assert!(!folder.path("out").exists());
}

#[test]
fn undo_leaves_what_it_would_lose() {
    let folder = prepared();
    sort(&folder, &["--copy"]).expect(3);
    std::fs::write(folder.path("out/brick/b10.png"), "retouched").unwrap();
    std::fs::remove_file(folder.path("in/b11.png")).unwrap();
    let err = undo(&folder).expect(3).err();
    assert!(err.contains("b10.png: left as it is: it was changed"), "{err}");
    assert!(err.contains("b11.png: left as it is: the original is gone"), "{err}");
    assert_eq!(
        names(&folder.path("out")),
        ["brick/b10.png", "brick/b11.png", "textura-sorted.csv"]
    );
    let folder = prepared();
    sort(&folder, &["--move"]).expect(3);
    std::fs::write(folder.path("in/b10.png"), "newer").unwrap();
    let err = undo(&folder).expect(3).err();
    assert!(err.contains("b10.png: left as it is: another file is where it was"), "{err}");
    assert_eq!(std::fs::read(folder.path("in/b10.png")).unwrap(), b"newer");
    assert_eq!(names(&folder.path("out")), ["brick/b10.png", "textura-sorted.csv"]);
    assert_eq!(names(&folder.path("in")).len(), 6);
    std::fs::remove_file(folder.path("in/b10.png")).unwrap();
    undo(&folder).expect(0);
    assert!(!folder.path("out").exists());
}

#[test]
fn a_dry_run_says_what_would_be_done_and_touches_nothing() {
    let folder = prepared();
    let before = names(&folder.path(""));
    let out = sort(&folder, &["--move", "--dry-run", "-o", "t.csv"]).expect(3).out();
    assert_eq!(names(&folder.path("")), before);
    assert!(!folder.path("out").exists());
    assert_eq!(out.lines().count(), 6, "{out}");
    let is_step = |line: &str| line.starts_with("move ") && line.ends_with("/out/dots/d10.png");
    assert!(out.lines().any(is_step), "{out}");
    folder.run(["classify", "model.json", "in", "--dry-run"]).expect(2);

    sort(&folder, &["--copy"]).expect(3);
    let sorted = files(&folder.path(""));
    let list = "out/textura-sorted.csv";
    let out = folder.run(["classify", "--undo", list, "--dry-run"]).expect(0).out();
    assert_eq!(out.lines().filter(|line| line.starts_with("remove ")).count(), 6, "{out}");
    assert_eq!(files(&folder.path("")), sorted);
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_done() {
    let folder = prepared();
    let before = files(&folder.path(""));
    let status = |args: &[&str], status: i32| {
        let run = folder.run(["classify", "model.json"].iter().chain(args)).expect(status);
        assert_eq!(files(&folder.path("")), before, "{args:?}: {}", run.err());
    };
    status(&["in", "--link"], 2);
    status(&["in", "--sort-into", "out", "--link", "--move"], 2);
    // A file where the folder should be, another file where the list should be.
    status(&["in", "--sort-into", "model.json"], 1);
    status(&["in", "--sort-into", "out", "--list", "model.json"], 5);
    status(&["in", "--sort-into", "out", "--list", "no/folder.csv"], 1);
    status(&["in", "--sort-into", "in"], 2);
    status(&["in/x", "in", "--sort-into", "in"], 2);
    status(&["nowhere", "--sort-into", "out"], 3);
    folder.run(["classify", "--undo", "missing.csv"]).expect(1);
    folder.run(["classify", "--undo", "model.json"]).expect(5);
    assert_eq!(files(&folder.path("")), before);
    // One folder, one way.
    sort(&folder, &["--copy"]).expect(3);
    let sorted = files(&folder.path(""));
    sort(&folder, &["--move"]).expect(2);
    assert_eq!(files(&folder.path("")), sorted);
    // A row that textura did not write.
    let list = folder.path("out/textura-sorted.csv");
    let text = std::fs::read_to_string(&list).unwrap();
    std::fs::write(&list, text.replacen("copy", "burn", 1)).unwrap();
    let run = undo(&folder).expect(5);
    assert!(run.err().contains("line 2"), "{}", run.err());
}

#[test]
fn a_folder_inside_a_source_is_not_sorted_again() {
    let folder = prepared();
    let run = |status| {
        let args = ["classify", "model.json", "in", "--sort-into", "in/sorted"];
        folder.run(args).expect(status)
    };
    assert_eq!(run(3).table().len(), 6);
    let sorted = files(&folder.path("in"));
    let again = run(3);
    assert_eq!(again.table().len(), 6);
    assert!(again.err().contains("passed over the 6 pictures"), "{}", again.err());
    assert_eq!(files(&folder.path("in")), sorted);
    // What is sorted already is no source.
    folder.run(["classify", "model.json", "in/sorted/brick", "--sort-into", "in/sorted"]).expect(2);
}

#[test]
fn the_list_may_be_elsewhere_and_another_path_to_a_picture_is_no_other_picture() {
    let folder = prepared();
    let before = files(&folder.path("in"));
    let list = ["--list", "log.csv", "--move"];
    let args = ["classify", "model.json", "in", "in/../in/b10.png", "--sort-into", "out"];
    let rows = folder.run(args.iter().chain(&list)).expect(3).table();
    assert_eq!(rows.len(), 7);
    assert_eq!(names(&folder.path("out")), SORTED[..6]);
    // Named once more, pictures that were moved are no mistake.
    folder
        .run(["classify", "model.json", "in/b10.png", "--sort-into", "out"].iter().chain(&list))
        .expect(0);
    folder.run(["classify", "--undo", "log.csv"]).expect(0);
    assert_eq!(files(&folder.path("in")), before);
    assert!(!folder.path("out").exists() && !folder.path("log.csv").exists());
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_sorted_by_what_they_lead_to_and_never_moved() {
    let folder = prepared();
    std::fs::create_dir(folder.path("links")).unwrap();
    std::os::unix::fs::symlink("../in/b10.png", folder.path("links/link.png")).unwrap();
    let args = ["classify", "model.json", "links/link.png", "--sort-into", "out"];
    folder.run(args).expect(0);
    assert_eq!(
        std::fs::read(folder.path("out/brick/link.png")).unwrap(),
        std::fs::read(folder.path("in/b10.png")).unwrap()
    );
    undo(&folder).expect(0);
    let run = folder.run(args.iter().chain(&["--move"])).expect(3);
    assert!(run.err().contains("symbolic link"), "{}", run.err());
    assert!(folder.path("links/link.png").is_symlink());
}

#[cfg(unix)]
#[test]
fn class_names_that_no_folder_can_have_get_folders_of_their_own() {
    let folder = prepared();
    let mut manifest = "path,label\n".to_owned();
    let classes = [("brick", "a/b"), ("dots", "a-b"), ("grain", "_x"), ("weave", "c")];
    for (class, label) in classes {
        for k in 0..8 {
            // Copies: hard links would change what the system knows of the fixtures, which other tests look at.
            let picture = format!("pictures/{class}_0{k}.png");
            folder.copy(fixtures(&format!("textures/{class}/{class}_0{k}.png")), &picture);
            manifest += &format!("{picture},{label}\n");
        }
    }
    std::fs::write(folder.path("m.csv"), manifest).unwrap();
    folder.run(["train", "m.csv", "--model", "n.json", "--epochs", "100"]).expect(0);
    let args = ["classify", "n.json", "m.csv", "--reject-at", "none", "--sort-into", "out"];
    let rows = folder.run(args).expect(0).table();
    let mut by_label: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &rows {
        let name = row["path"].rsplit('/').next().unwrap().to_owned();
        by_label.entry(row["label"].clone()).or_default().push(name);
    }
    assert_eq!(by_label.len(), 4);
    let folders = [("c", "c"), ("a-b", "a-b"), ("a/b", "a-b-2"), ("_x", "-x")];
    for (label, name) in folders {
        by_label.get_mut(label).unwrap().sort();
        assert_eq!(names(&folder.path("out").join(name)), by_label[label], "{label}");
    }
}

#[test]
fn the_loop_of_correcting_and_retraining() {
    let folder = prepared();
    folder.small_model();
    folder.copy_class("brick", 8, "in/more");
    folder.copy_class("dots", 8, "in/more");
    sort(&folder, &[]).expect(3);
    std::fs::rename(folder.path("out/_rejected/flat.png"), folder.path("out/dots/flat.png"))
        .unwrap();
    let run = folder.run(["retrain", "model.json", "out", "-o", "new.json", "--epochs", "3"]);
    let err = run.expect(0).err();
    assert!(err.contains("out/_error: passed over"), "{err}");
    let args = ["train", "out", "--model", "fresh.json", "--epochs", "3"];
    let err = folder.run(args).expect(0).err();
    assert!(err.contains("out/_rejected: passed over"), "{err}");
    let shown = folder.run(["inspect", "fresh.json"]).expect(0).out();
    assert!(shown.contains("brick") && !shown.contains("_error"), "{shown}");
}

/// A limit on the size of files stands in for a disk that is full.
#[cfg(unix)]
#[test]
fn a_copy_that_does_not_fit_leaves_nothing_behind() {
    let folder = prepared();
    let before = files(&folder.path("in"));
    let script =
        "trap '' XFSZ; ulimit -f 4; exec \"$0\" classify model.json in --sort-into out --copy";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_textura")])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("in/b10.png: left as it is:"), "{err}");
    assert_eq!(files(&folder.path("in")), before);
    let left = names(&folder.path("out"));
    assert!(
        !left.iter().any(|name| name.ends_with(".part") || name.starts_with("brick")),
        "{left:?}"
    );
    // With room, the same command finishes.
    sort(&folder, &["--copy"]).expect(3);
    assert_eq!(names(&folder.path("out")), SORTED);
}

#[test]
fn the_best_classes_have_columns_at_the_end() {
    let folder = prepared();
    let run = folder.run(["classify", "model.json", "in", "--top", "2"]).expect(3);
    let columns = super::support::columns(&run.out());
    assert!(columns.ends_with(
        &["flags", "label_1", "probability_1", "label_2", "probability_2"].map(String::from)
    ));
    let mut n_rejected = 0;
    for row in run.table().iter().filter(|row| row["status"] != "error") {
        assert_eq!(row["probability_1"], row["probability"]);
        assert_eq!(row["label_2"], row["second"]);
        assert_ne!(row["label_1"], "");
        n_rejected += usize::from(row["status"] == "rejected");
    }
    assert_eq!(n_rejected, 1);
    assert!(run.table().iter().any(|row| row["status"] == "error" && row["label_1"].is_empty()));
    folder.run(["classify", "model.json", "in", "--top", "9"]).expect(2);
    folder.run(["classify", "model.json", "in", "--top", "0"]).expect(2);
}

#[test]
fn tables_may_be_json_lines() {
    let folder = prepared();
    folder.run(["classify", "model.json", "in", "-o", "c.jsonl", "--top", "1"]).expect(3);
    folder.run(["score", "in", "-o", "s.jsonl"]).expect(3);
    for (name, column) in [("c.jsonl", "p_brick"), ("s.jsonl", "texture_score")] {
        let text = std::fs::read_to_string(folder.path(name)).unwrap();
        let rows: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 6);
        assert_eq!(rows.iter().filter(|row| row[column].is_number()).count(), 5, "{name}");
        assert_eq!(rows.iter().filter(|row| row["status"] == "error").count(), 1, "{name}");
    }
}
