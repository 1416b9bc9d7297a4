//! What cannot be used is refused with the right status, and nothing is lost.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::support::{Folder, fixtures};

#[test]
fn data_that_cannot_be_used_ends_with_status_4() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("empty")).unwrap();
    folder.copy(fixtures("broken/empty.png"), "broken/x.png");
    for command in [
        ["score", "empty"],
        ["cv", "empty"],
        ["cv", "missing"],
        ["bench", "empty"],
        ["bench", "missing"],
        ["bench", "broken"],
    ] {
        let run = folder.run(command).expect(4);
        assert!(run.err().contains("expected"), "{}", run.err());
    }
    folder.run(["train", "empty", "--model", "m.json"]).expect(4);
    folder.copy_class("brick", 3, "one/brick");
    let run = folder.run(["train", "one", "--model", "m.json"]).expect(4);
    assert!(run.err().contains("at least two classes, found only `brick`"), "{}", run.err());
    std::fs::create_dir_all(folder.path("one/void")).unwrap();
    let run = folder.run(["train", "one", "--model", "m.json"]).expect(4);
    assert!(run.err().contains("`void`"), "{}", run.err());
    // A class of which nothing can be read.
    folder.copy(fixtures("broken/empty.png"), "one/void/x.png");
    let run = folder.run(["train", "one", "--model", "m.json"]).expect(4);
    assert!(run.err().contains("`void`"), "{}", run.err());
    // Pictures without any class.
    folder.copy_class("brick", 3, "flat");
    folder.run(["train", "flat", "--model", "m.json"]).expect(4);
    assert!(!folder.path("m.json").exists());
}

#[test]
fn classes_that_do_not_match_the_model_end_with_status_4() {
    let folder = Folder::new();
    folder.small_model();
    folder.copy_class("grain", 2, "other/grain");
    folder.copy_class("brick", 2, "other/brick");
    let run = folder.run(["evaluate", "model.json", "other"]).expect(4);
    assert!(run.err().contains("`grain`"), "{}", run.err());
    // A model that remembers no pictures would forget the class that is not shown to it.
    folder.run(["train", "two", "--model", "m.json", "--replay", "0", "--epochs", "2"]).expect(0);
    let run = folder.run(["retrain", "m.json", "other", "-o", "n.json"]).expect(4);
    assert!(run.err().contains("none of dots"), "{}", run.err());
    assert!(!folder.path("n.json").exists());
}

#[test]
fn models_that_cannot_be_used_end_with_status_5() {
    let folder = Folder::new();
    let model = folder.small_model();
    let text = std::fs::read_to_string(&model).unwrap();
    let cases = [
        ("cut short", text[..text.len() / 2].to_owned()),
        ("checksum", text.replacen("\"temperature\":", "\"temperature\":1", 1)),
        ("newer textura", text.replacen("\"version\":4", "\"version\":9", 1)),
        ("no JSON", "hello".into()),
        ("another kind", "{}".into()),
    ];
    for (word, broken) in cases {
        assert_ne!(broken, text, "{word}: nothing was changed");
        std::fs::write(folder.path("bad.json"), broken).unwrap();
        for command in [
            vec!["classify", "bad.json", "two"],
            vec!["evaluate", "bad.json", "two"],
            vec!["inspect", "bad.json"],
            vec!["retrain", "bad.json", "two", "-o", "n.json"],
        ] {
            let run = folder.run(&command).expect(5);
            assert!(run.err().contains(word), "{command:?}: {}", run.err());
            assert!(run.err().contains("bad.json"));
        }
    }
    folder.run(["classify", "none.json", "two"]).expect(1);
    #[cfg(unix)]
    assert!(folder.run(["inspect", "/dev/zero"]).expect(5).err().contains("no regular file"));
}

#[test]
fn a_failure_leaves_old_files_as_they_were_and_nothing_behind() {
    let folder = Folder::new();
    folder.small_model();
    std::fs::write(folder.path("t.csv"), "old").unwrap();
    folder.run(["score", "missing", "two", "-o", "t.csv", "--descriptor", "nothing"]).expect(2);
    folder.run(["train", "two/brick", "--model", "t.csv"]).expect(4);
    assert_eq!(std::fs::read_to_string(folder.path("t.csv")).unwrap(), "old");
    folder.run(["score", "two", "-o", "no/folder/t.csv"]).expect(1);
    let names: Vec<_> =
        std::fs::read_dir(folder.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn retrain_refuses_to_write_a_worse_model_unless_forced() {
    let folder = Folder::new();
    folder.small_model();
    // Pictures whose content keeps them back go where they belong, the others into the wrong class: so
    // the new model learns the opposite of what it is judged by.
    for (class, other) in [("brick", "dots"), ("dots", "brick")] {
        for k in 0..20 {
            let name = format!("{class}_{k:02}.png");
            let picture = fixtures("textures").join(class).join(&name);
            let hash = blake3::hash(&std::fs::read(&picture).unwrap());
            let is_held_out = hash.as_bytes()[0] < 128;
            let folder_name = if is_held_out { class } else { other };
            folder.copy(picture, format!("turned/{folder_name}/{name}"));
        }
    }
    let wild = ["retrain", "model.json", "turned", "-o", "new.json", "--holdout", "0.5"];
    let run = folder.run(wild);
    let forced: Vec<&str> = wild.into_iter().chain(["--force"]).collect();
    assert!(run.out().contains("McNemar"), "{}{}", run.out(), run.err());
    run.expect(6);
    assert!(!folder.path("new.json").exists());
    folder.run(forced).expect(0);
    assert!(folder.path("new.json").exists());
}

#[test]
fn missing_files_among_others_are_rows() {
    let folder = Folder::new();
    folder.copy_class("brick", 1, "b");
    let rows = folder.run(["score", "gone.png", "b", "alsogone"]).expect(3).table();
    let statuses: Vec<&str> = rows.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(statuses, ["error", "ok", "error"]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
        .args(["score".as_ref(), fixtures("textures").as_os_str()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut header = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut header).unwrap();
    assert!(header.starts_with("path,"));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stderr, b"");
}

#[test]
fn pictures_beyond_the_limits_are_refused_before_they_are_decoded() {
    let folder = Folder::new();
    folder.copy_class("brick", 1, "b");
    let rows = folder.run(["score", "b", "--max-pixels", "4095"]).expect(3).table();
    assert!(rows[0]["error"].contains("--max-pixels"), "{rows:?}");
    let rows = folder.run(["score", "b", "--max-memory", "5000"]).expect(3).table();
    assert!(rows[0]["error"].contains("--max-memory"), "{rows:?}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_status_130_and_leaves_the_old_file() {
    let folder = Folder::new();
    std::fs::write(folder.path("t.csv"), "old").unwrap();
    for k in 0..400 {
        folder.copy(fixtures("textures/brick/brick_00.png"), format!("many/{k}.png"));
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
        .args(["score", "many", "-o", "t.csv", "--engine", "reference", "--progress", "json"])
        .current_dir(folder.path(""))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first line of progress says that the work has begun.
    let mut line = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut line).unwrap();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    while stderr.read_line(&mut line).unwrap() != 0 {}
    assert_eq!(child.wait().unwrap().code(), Some(130), "{line}");
    assert_eq!(std::fs::read_to_string(folder.path("t.csv")).unwrap(), "old");
    let n_files = std::fs::read_dir(folder.path("")).unwrap().count();
    assert_eq!(n_files, 2, "a temporary file was left behind");
}

#[cfg(unix)]
#[test]
fn an_interrupted_training_leaves_the_old_model_and_what_was_learned_so_far() {
    for signal in ["-INT", "-TERM"] {
        let folder = Folder::new();
        std::fs::write(folder.path("m.json"), "old").unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
            .args([
                "train",
                fixtures("textures").to_str().unwrap(),
                "-o",
                "m.json",
                "--cache",
                "none",
            ])
            .args(["--descriptor", "fast", "--hidden", "8", "--augment", "none"])
            .args(["--epochs", "4000", "--patience", "0", "--progress", "json"])
            .current_dir(folder.path(""))
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("epochs") {
            line.clear();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "ended before it learned");
        }
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        while stderr.read_line(&mut line).unwrap() != 0 {}
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{line}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("then it was stopped"), "{text}");
        assert!(text.contains("wrote m.interrupted.json"), "{text}");
        assert_eq!(std::fs::read_to_string(folder.path("m.json")).unwrap(), "old");
        let n_files = std::fs::read_dir(folder.path("")).unwrap().count();
        assert_eq!(n_files, 2, "a temporary file was left behind");
        let brick = fixtures("textures/brick");
        folder.run(["classify", "m.interrupted.json", brick.to_str().unwrap()]).expect(0);
    }
}
