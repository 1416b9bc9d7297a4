//! Mechanics: writers of one target, alive and dead.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::super::{AtomicFile, write_atomically};

fn names(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

/// The hidden name that the first writer of a target gets.
fn first_name(target: &Path) -> PathBuf {
    let file = AtomicFile::create(target).unwrap();
    let name = names(target.parent().unwrap()).remove(0);
    drop(file);
    assert!(!name.exists());
    name
}

#[test]
fn what_a_killed_writer_left_goes_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.csv");
    let left = first_name(&target);
    std::fs::write(&left, "half of something longer").unwrap();
    let mut file = AtomicFile::create(&target).unwrap();
    file.write_all(b"new").unwrap();
    assert_eq!(names(folder.path()), [left]);
    file.finish().unwrap();
    assert_eq!(names(folder.path()), std::slice::from_ref(&target));
    assert_eq!(std::fs::read(&target).unwrap(), b"new");
}

#[test]
fn what_is_left_of_another_target_stays() {
    let folder = tempfile::tempdir().unwrap();
    let left = first_name(&folder.path().join("t.csv"));
    std::fs::write(&left, "half").unwrap();
    let other = folder.path().join("u.csv");
    write_atomically(&other, b"new").unwrap();
    assert_eq!(names(folder.path()), [left, other]);
}

#[test]
fn many_writers_of_one_target_leave_one_whole_file() {
    const N_WRITERS: usize = 8;
    const N_TIMES: usize = 50;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t.csv");
    std::thread::scope(|scope| {
        for writer in 0..N_WRITERS {
            let target = &target;
            scope.spawn(move || {
                for _ in 0..N_TIMES {
                    write_atomically(target, &vec![b'a' + writer as u8; 10_000]).unwrap();
                    let seen = std::fs::read(target).unwrap();
                    assert_eq!(seen.len(), 10_000);
                    assert!(seen.iter().all(|byte| *byte == seen[0]));
                }
            });
        }
    });
    assert_eq!(names(folder.path()), [target]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_neither_followed_nor_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (inside, outside) = (folder.path().join("in"), folder.path().join("victim"));
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(&outside, "precious").unwrap();
    let target = inside.join("t.csv");
    let hidden = first_name(&target);
    std::os::unix::fs::symlink(&outside, &hidden).unwrap();
    write_atomically(&target, b"new").unwrap();
    assert_eq!(std::fs::read(&outside).unwrap(), b"precious");
    assert_eq!(std::fs::read(&target).unwrap(), b"new");
    assert_eq!(names(&inside), [hidden, target]);
}
