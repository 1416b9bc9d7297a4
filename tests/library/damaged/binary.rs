//! A sample of the damage through the command: its exit status, and what it prints.

use std::path::Path;
use std::process::{Command, Output};

use textura::io::Format;
use textura::random::Random;

use super::damage::{Kind, damaged};
use crate::common::seeds;

fn textura(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_textura"));
    command.args(args).current_dir(folder).env("TEXTURA_CACHE", "none").output().unwrap()
}

/// Fails unless a run was refused with one line on stderr, or printed what it prints without damage.
fn check(what: &str, output: &Output, whole: &Output) -> bool {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains("panicked"), "{what}: {told}");
    match output.status.code() {
        Some(4 | 5) => {
            assert!(told.starts_with("textura: ") && told.contains("expected"), "{what}: {told}");
            assert!(output.stdout.is_empty(), "{what}: printed all the same");
            true
        }
        status => {
            assert_eq!(status, whole.status.code(), "{what}: {told}");
            assert_eq!(output.stdout, whole.stdout, "{what}");
            false
        }
    }
}

#[test]
fn the_command_refuses_what_the_library_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let model = seeds::small_model();
    std::fs::write(folder.path().join("model.json"), &model).unwrap();
    let mut random = Random::new(15, 0);
    let (mut n_refused, mut n_seen) = (0, 0);
    let whole = textura(folder.path(), &["inspect", "model.json"]);
    assert_eq!(whole.status.code(), Some(0), "{whole:?}");
    for kind in Kind::ALL {
        for at in 0..6 {
            let file = damaged(&model, kind, true, &mut random);
            std::fs::write(folder.path().join("damaged.json"), file).unwrap();
            let output = textura(folder.path(), &["inspect", "damaged.json"]);
            n_refused += usize::from(check(&format!("model {kind:?} {at}"), &output, &whole));
            n_seen += 1;
        }
    }
    // Parquet has a seal, so that here, too, nothing but the whole table may give an answer.
    for table in seeds::tables().iter().filter(|table| table.format == Format::Parquet) {
        std::fs::write(folder.path().join("whole.parquet"), &table.bytes).unwrap();
        let args = ["score", "--descriptor", "fast"];
        let whole = textura(folder.path(), &[&args[..], &["whole.parquet"]].concat());
        for kind in Kind::ALL {
            for at in 0..3 {
                let file = damaged(&table.bytes, kind, false, &mut random);
                std::fs::write(folder.path().join("damaged.parquet"), file).unwrap();
                let output = textura(folder.path(), &[&args[..], &["damaged.parquet"]].concat());
                let what = format!("table {} {kind:?} {at}", table.has_scores);
                n_refused += usize::from(check(&what, &output, &whole));
                n_seen += 1;
            }
        }
    }
    println!("{n_refused} of {n_seen} refused");
    assert_eq!(n_seen, 36 + 36);
    assert!(60 < n_refused);
}
