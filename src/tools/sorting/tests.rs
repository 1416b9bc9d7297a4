use std::fs;
use std::path::{Path, PathBuf};

use super::list::{List, Row, State};
use super::transfer::Transfer;
use super::*;
use crate::batch::Silent;
use crate::error::Error;
use crate::io::hash_of;

fn row(base: &Path, name: &str) -> Row {
    Row {
        state: State::Plan,
        action: Action::Move,
        source: PathBuf::from("/elsewhere/a,b\n\\x41.png"),
        target: base.join(name),
        label: "a \"class\"".into(),
        bytes: 3,
        content: [7; 32],
        at: 0,
    }
}

#[test]
fn a_list_gives_back_what_was_written_and_forgets_a_torn_row() {
    let folder = tempfile::tempdir().unwrap();
    let base = fs::canonicalize(folder.path()).unwrap();
    let path = base.join("list.csv");
    let mut list = List::open(&path, true).unwrap();
    list.append(vec![row(&base, "c/1.png"), row(&base, "c/2.png")]).unwrap();
    list.append(vec![row(&base, "c/3.png")]).unwrap();
    list.mark(1, State::Done).unwrap();
    assert!(matches!(List::open(&path, true), Err(Error::Io { .. })), "two at work with one list");
    drop(list);

    let whole = fs::read(&path).unwrap();
    let mut n_cuts = 0;
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let list = List::open(&path, true).unwrap();
        let n_rows = list.rows.len();
        let ends = [1, 2, 3].map(|n| (n <= n_rows).then(|| list.rows[n - 1].target.clone()));
        let expected = ["c/1.png", "c/2.png", "c/3.png"].map(|name| base.join(name));
        assert!(ends.iter().flatten().eq(&expected[..n_rows]));
        for (at, row) in list.rows.iter().enumerate() {
            assert_eq!(row.state, if at == 1 { State::Done } else { State::Plan });
            assert_eq!(row.source, Path::new("/elsewhere/a,b\n\\x41.png"));
            assert_eq!((row.label.as_str(), row.bytes, row.content), ("a \"class\"", 3, [7; 32]));
        }
        drop(list);
        // It can be gone on with.
        let mut list = List::open(&path, true).unwrap();
        list.append(vec![row(&base, "c/4.png")]).unwrap();
        drop(list);
        assert_eq!(List::read(&path).unwrap().rows.len(), n_rows + 1);
        n_cuts += 1;
    }
    assert_eq!(n_cuts, whole.len() + 1);
    let text = String::from_utf8(whole).unwrap();
    for broken in
        [text.replacen("plan", "\"plan\"", 1), text.replacen("move", "burn", 1), "x\n".into()]
    {
        fs::write(&path, broken).unwrap();
        assert!(matches!(List::read(&path), Err(Error::Model { .. })));
    }
}

#[test]
fn a_move_by_copy_replaces_nothing_and_needs_the_content_that_was_planned() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
    let list = folder.path().join("list");
    let transfer = Transfer { list: &list };
    fs::write(&a, "abc").unwrap();
    let content = hash_of(&a).unwrap();
    assert!(transfer.move_by_copy(&a, &b, &[0; 32]).is_err());
    assert!(a.exists() && !b.exists());
    transfer.move_by_copy(&a, &b, &content).unwrap();
    assert!(!a.exists() && fs::read(&b).unwrap() == b"abc");
    fs::write(&a, "abc").unwrap();
    for action in Action::ALL {
        let taken = transfer.perform(action, &a, &b, &content).unwrap_err();
        assert_eq!(taken.kind(), std::io::ErrorKind::AlreadyExists);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_name_that_somebody_takes_after_the_plan_is_left_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let path = folder.path().join("a.png");
    fs::write(&path, "abc").unwrap();
    let watch = Watch { interrupt: &Interrupt::default(), progress: &Silent, on_step: &|_| {} };
    let picture =
        Picture { path: path.clone(), folder: "c".into(), label: "c".into(), content: None };
    // Interrupted after the plan, before the step.
    let stopped = Interrupt::default();
    stopped.request();
    let mut sorter = Sorter::open(&out, None, Action::Move).unwrap();
    let pictures = [picture];
    let outcome = sorter.sort(&pictures, Watch { interrupt: &stopped, ..watch });
    assert!(matches!(outcome, Err(Error::Interrupted)));
    drop(sorter);
    fs::write(out.join("c/a.png"), "theirs").unwrap();

    let mut sorter = Sorter::open(&out, None, Action::Move).unwrap();
    assert_eq!(sorter.resume(watch).unwrap().n_sorted, 1);
    assert_eq!(fs::read(out.join("c/a.png")).unwrap(), b"theirs");
    assert_eq!(fs::read(out.join("c/a-2.png")).unwrap(), b"abc");
    assert!(sorter.has_moved(&path) && sorter.n_listed() == 1);
    let list = sorter.list().to_path_buf();
    drop(sorter);
    assert_eq!(undo(&list, watch).unwrap().n_undone, 1);
    assert_eq!(fs::read(&path).unwrap(), b"abc");
    assert_eq!(fs::read(out.join("c/a.png")).unwrap(), b"theirs");
}

#[test]
fn class_folders_are_safe_and_never_shared() {
    let classes = ["", ".", "..", "_error", "a/b", "a\0b", "猫", "x", "X"].map(String::from);
    let folders = class_folders(&classes);
    let mut keys: Vec<String> = folders.iter().map(|name| super::folder::key(name)).collect();
    for name in &folders {
        assert_eq!(name.components().count(), 1, "{name:?}");
        assert!(!name.as_os_str().as_encoded_bytes().starts_with(b"_"));
        assert!(!name.as_os_str().as_encoded_bytes().starts_with(b"."));
    }
    assert_eq!(folders[6..8], ["猫", "x"].map(PathBuf::from));
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), classes.len());
    let long = class_folders(&["é".repeat(300)]);
    assert!(long[0].as_os_str().len() <= 240);
}
