//! `classify --stream`: one line in, one line out, at once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::support::{Folder, fixtures};

struct Asked {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

fn started(folder: &Folder, more: &[&str]) -> Asked {
    let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
        .args(["classify", "model.json", "-", "--stream"].iter().chain(more))
        .current_dir(folder.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    Asked { child, stdin, stdout: BufReader::new(stdout) }
}

impl Asked {
    /// Writes one path and waits for its answer.
    fn ask(&mut self, path: &str) -> serde_json::Value {
        writeln!(self.stdin, "{path}").unwrap();
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "{line:?}");
        serde_json::from_str(&line).unwrap()
    }

    /// Ends the input and gives the exit status.
    fn end(self) -> Option<i32> {
        let Asked { mut child, stdin, mut stdout } = self;
        drop(stdin);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        child.wait().unwrap().code()
    }
}

#[test]
fn each_path_is_answered_before_the_next_is_asked() {
    let folder = Folder::new();
    folder.small_model();
    let table = folder.run(["classify", "model.json", "two", "--top", "2"]).expect(0);
    let mut asked = started(&folder, &["--top", "2"]);
    let mut n_answers = 0;
    for row in table.table() {
        let answer = asked.ask(&row["path"]);
        let answer = answer.as_object().unwrap();
        // The fields of the table, with the same values.
        assert_eq!(answer.len(), row.len());
        for (column, text) in &row {
            let found = match &answer[column] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                number => number.as_f64().unwrap().to_string(),
            };
            assert_eq!(found, *text, "{column}");
        }
        n_answers += 1;
    }
    assert_eq!(n_answers, 16);
    assert_eq!(asked.end(), Some(0));
}

#[test]
fn bad_pictures_are_answers_and_empty_lines_are_none() {
    let folder = Folder::new();
    folder.small_model();
    folder.copy(fixtures("broken/empty.png"), "empty.png");
    let mut asked = started(&folder, &[]);
    for bad in ["empty.png", "missing.png", "two"] {
        let answer = asked.ask(&format!("\n{bad}"));
        assert_eq!((&answer["path"], &answer["status"]), (&bad.into(), &"error".into()));
        assert!(answer["error"].as_str().unwrap().len() > 10);
    }
    assert_eq!(asked.ask("two/brick/brick_00.png")["status"], "ok");
    assert_eq!(asked.end(), Some(3));
    // The last line may lack its end.
    let mut asked = started(&folder, &[]);
    asked.stdin.write_all(b"two/dots/dots_00.png").unwrap();
    let Asked { child, stdin, mut stdout } = asked;
    drop(stdin);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("\"label\":\"dots\""), "{line}");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
}

#[test]
fn masks_are_found_for_each_picture() {
    let folder = Folder::new();
    folder.small_model();
    folder.copy(fixtures("edge/flat.png"), "masks/other.png");
    let mut asked = started(&folder, &["--mask-dir", "masks"]);
    let answer = asked.ask("two/brick/brick_00.png");
    assert!(answer["error"].as_str().unwrap().contains("mask"), "{answer}");
    assert_eq!(asked.end(), Some(3));
}

#[test]
fn it_takes_only_a_list_on_standard_input() {
    let folder = Folder::new();
    folder.small_model();
    folder.run(["classify", "model.json", "two", "--stream"]).expect(2);
    folder.run(["classify", "model.json", "-", "two", "--stream"]).expect(2);
    folder.run(["classify", "model.json", "-", "--stream", "-o", "t.csv"]).expect(2);
    folder.run(["classify", "model.json", "-", "--stream", "--sort-into", "out"]).expect(2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_and_a_reader_that_goes_away_end_it() {
    let folder = Folder::new();
    folder.small_model();
    let mut asked = started(&folder, &[]);
    // An answer shows that it listens; then it waits for the next path.
    asked.ask("two/brick/brick_00.png");
    let kill = Command::new("kill").args(["-INT", &asked.child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    assert_eq!(asked.child.wait().unwrap().code(), Some(130));

    let mut asked = started(&folder, &[]);
    asked.ask("two/brick/brick_00.png");
    drop(asked.stdout);
    writeln!(asked.stdin, "two/brick/brick_01.png").unwrap();
    let mut err = String::new();
    asked.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(asked.child.wait().unwrap().code(), Some(0), "{err}");
    assert_eq!(err, "");
}
