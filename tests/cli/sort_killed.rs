//! `classify --sort-into` and `--undo`, killed in the middle: run again, they finish, and nothing is lost.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::sort::files;
use super::support::{Folder, fixtures};
use super::sweep::one_in;

/// The command says every step with -v. With names this long, a pipe that nobody reads on holds at most 64
/// KiB, about 240 steps, so a command with more steps left than that waits in the middle of its work.
const LONG: usize = 230;
const N_PICTURES: usize = 360;
const N_KILLS: usize = 20;

/// Small pictures, two by two of one name, that are not quick to copy.
fn pictures(folder: &Folder) {
    for k in 0..N_PICTURES {
        let mut bytes = b"P5 8 8 255\n".to_vec();
        bytes.extend((0..64).map(|at| ((at * (k + 3)) % 251) as u8));
        bytes.resize(20_000 + k, k as u8);
        let place = folder.path(if k % 2 == 0 { "in/even" } else { "in/odd" });
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join(format!("{:0LONG$}.pgm", k / 2)), bytes).unwrap();
    }
}

/// Starts the command and kills it once it has said that `n` steps are done.
fn kill_after(folder: &Folder, args: &[&str], n: usize) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
        .args(args)
        .args(["-v", "--progress", "never"])
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = BufReader::with_capacity(1, child.stderr.take().unwrap());
    let mut lines = stderr.lines().map(|line| line.unwrap());
    for _ in 0..n {
        let is_step = |line: &String| line.starts_with("textura: ") && line.contains(".pgm");
        assert!(lines.any(|line| is_step(&line)), "{args:?} ended before it was killed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// How many rows of a list have a state.
fn rows(list: &Path, state: &str) -> usize {
    let text = std::fs::read_to_string(list).unwrap();
    text.lines().filter(|line| line.starts_with(state)).count()
}

/// The contents of all pictures that are there as a whole, sorted.
fn contents(roots: &[&Path]) -> Vec<Vec<u8>> {
    let files = roots.iter().flat_map(|root| files(root));
    let whole = files.filter(|(path, _)| path.extension().is_some_and(|ending| ending == "pgm"));
    let mut contents: Vec<Vec<u8>> = whole.map(|(_, bytes)| bytes).collect();
    contents.sort();
    contents
}

fn survives(way: &str, place: &Path) {
    let folder = Folder::new();
    folder.copy(fixtures("../models/demo.json"), "model.json");
    pictures(&folder);
    let source = folder.path("in");
    let before = files(&source);
    let all = contents(&[&source]);
    assert_eq!(all.len(), N_PICTURES);
    let out: PathBuf = place.join("out");
    let list = out.join("textura-sorted.csv");
    let args = ["classify", "model.json", "in", "--sort-into", out.to_str().unwrap(), way];
    let undo = ["classify", "--undo", list.to_str().unwrap()];
    for kill in (0..N_KILLS).step_by(one_in(4)) {
        let n = 1 + 5 * kill;
        kill_after(&folder, &args, n);
        let n_done = rows(&list, "done");
        assert!((n - 1..N_PICTURES).contains(&n_done), "killed after {n_done}");
        // Whatever the moment, every picture is whole somewhere.
        let mut left = contents(&[&source, &out]);
        left.dedup();
        assert!(left == all, "killed after {n}");

        folder.run(args).expect(0);
        assert!(contents(&[&out]) == all, "killed after {n}");
        assert_eq!(files(&out).len(), N_PICTURES + 1, "something else was left");
        assert_eq!(files(&source).len(), if way == "--move" { 0 } else { N_PICTURES });

        kill_after(&folder, &undo, n);
        assert!((n - 1..N_PICTURES).contains(&rows(&list, "undo")));
        let mut left = contents(&[&source, &out]);
        left.dedup();
        assert!(left == all, "undo killed after {n}");
        folder.run(undo).expect(0);
        assert!(files(&source) == before, "undo killed after {n}");
        assert!(!out.exists(), "{:?}", files(&out).keys());
    }
}

#[test]
fn a_move_that_is_killed_loses_nothing() {
    survives("--move", tempfile::tempdir().unwrap().path());
}

#[test]
fn a_copy_that_is_killed_loses_nothing() {
    survives("--copy", tempfile::tempdir().unwrap().path());
}

#[cfg(target_os = "linux")]
#[test]
fn a_move_between_file_systems_that_is_killed_loses_nothing() {
    survives("--move", super::sort::elsewhere().path());
}
