//! `classify --sort-into` and `--undo`, killed in the middle: run again, they finish, and nothing is lost.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::sort::files;
use super::support::{Folder, fixtures};

const N_PICTURES: usize = 120;

/// As many kills in the middle of the work as each way has to survive.
const N_KILLS: usize = 20;

/// So many runs may be over before they are killed.
const MOST_RUNS: usize = 400;

/// Small pictures, two by two of one name, that are not quick to copy.
fn pictures(folder: &Folder) {
    for k in 0..N_PICTURES {
        let mut bytes = b"P5 8 8 255\n".to_vec();
        bytes.extend((0..64).map(|at| ((at * (k + 3)) % 251) as u8));
        bytes.resize(60_000 + k, k as u8);
        let place = folder.path(if k % 2 == 0 { "in/even" } else { "in/odd" });
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join(format!("{}.pgm", k / 2)), bytes).unwrap();
    }
}

/// How many rows of a list have a state, and how many it has; none where there is no list.
fn rows(list: &Path, state: &str) -> Option<(usize, usize)> {
    let text = std::fs::read_to_string(list).ok()?;
    let n = text.lines().filter(|line| line.starts_with(state)).count();
    Some((n, text.lines().count().saturating_sub(1)))
}

/// Starts the command and kills it once `n` rows of the list have a state; whether it was then in the
/// middle of its work.
fn kill_at(folder: &Folder, args: &[&str], list: &Path, state: &str, n: usize) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
        .args(args)
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() {
        if rows(list, state).is_some_and(|(found, of)| n <= found && N_PICTURES <= of) {
            child.kill().unwrap();
            break;
        }
    }
    child.wait().unwrap();
    rows(list, state).is_some_and(|(found, of)| N_PICTURES <= of && found < N_PICTURES)
}

/// The contents of all whole files that are no list, sorted.
fn contents(roots: &[&Path]) -> Vec<Vec<u8>> {
    let is_hidden = |path: &Path| path.file_name().unwrap().as_encoded_bytes().starts_with(b".");
    let mut contents: Vec<Vec<u8>> = roots
        .iter()
        .filter(|root| root.exists())
        .flat_map(|root| files(root))
        .filter(|(path, _)| !is_hidden(path) && path.extension().is_some_and(|e| e == "pgm"))
        .map(|(_, bytes)| bytes)
        .collect();
    contents.sort();
    contents
}

fn survives(way: &str, out: &dyn Fn(usize) -> PathBuf) {
    let folder = Folder::new();
    folder.copy(fixtures("../models/demo.json"), "model.json");
    pictures(&folder);
    let source = folder.path("in");
    let before = files(&source);
    let all = contents(&[&source]);
    assert_eq!(all.len(), N_PICTURES);
    let (mut n_kills, mut n_kills_of_undo) = (0, 0);
    for run in 0..MOST_RUNS {
        let out = out(run);
        let list = out.join("textura-sorted.csv");
        let (out_text, list_text) = (out.to_str().unwrap(), list.to_str().unwrap());
        let args = ["classify", "model.json", "in", "--sort-into", out_text, way];
        let moment = run * 7 % N_PICTURES;
        n_kills += usize::from(kill_at(&folder, &args, &list, "done", moment));
        // Whatever the moment, every picture is whole somewhere.
        let mut left = contents(&[&source, &out]);
        left.dedup();
        assert_eq!(left, all, "killed after {moment}");

        folder.run(args).expect(0);
        let is_move = way == "--move";
        assert_eq!(contents(&[&out]), all, "killed after {moment}");
        assert_eq!(files(&out).len(), N_PICTURES + 1, "something else was left in {out:?}");
        assert_eq!(files(&source).len(), if is_move { 0 } else { N_PICTURES });

        let undo = ["classify", "--undo", list_text];
        n_kills_of_undo += usize::from(kill_at(&folder, &undo, &list, "undo", moment));
        let mut left = contents(&[&source, &out]);
        left.dedup();
        assert_eq!(left, all, "undo killed after {moment}");
        if list.exists() {
            folder.run(undo).expect(0);
        }
        assert!(files(&source) == before, "undo killed after {moment}");
        assert!(!out.exists(), "{:?}", files(&out).keys());
        if N_KILLS <= n_kills && N_KILLS / 4 <= n_kills_of_undo {
            return;
        }
    }
    panic!("{way}: only {n_kills} kills in the middle, {n_kills_of_undo} of undo");
}

#[test]
fn a_move_that_is_killed_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    survives("--move", &|run| place.path().join(format!("out{run}")));
}

#[test]
fn a_copy_that_is_killed_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    survives("--copy", &|run| place.path().join(format!("out{run}")));
}

#[cfg(target_os = "linux")]
#[test]
fn a_move_between_file_systems_that_is_killed_loses_nothing() {
    let place = super::sort::elsewhere();
    survives("--move", &|run| place.path().join(format!("out{run}")));
}
