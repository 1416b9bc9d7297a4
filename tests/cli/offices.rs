//! Lists and tables as spreadsheets, other systems and people write them.

use super::support::{Folder, Run, read_table};

/// Two classes, and their paths and labels.
fn two_classes(folder: &Folder, n: usize) -> Vec<(String, &'static str)> {
    let mut rows = Vec::new();
    for class in ["brick", "dots"] {
        folder.copy_class(class, n, format!("two/{class}"));
        rows.extend((0..n).map(|k| (format!("two/{class}/{class}_{k:02}.png"), class)));
    }
    rows
}

/// A list of two columns.
fn list(rows: &[(String, &str)], head: &str, separator: &str, end: &str) -> String {
    let lines = rows.iter().map(|(path, label)| format!("{path}{separator}{label}{end}"));
    format!("{head}{end}{}", lines.collect::<String>())
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Checks that a scan found two classes of `n` pictures.
fn expect_two(run: Run, n: usize, what: &str) {
    let found = run.json();
    assert_eq!(found["images"], 2 * n, "{what}: {found}");
    assert_eq!(found["errors"], 0, "{what}: {found}");
    let labels = ["brick", "dots"]
        .map(|label| serde_json::json!({ "label": label, "images": n, "split": {} }));
    assert_eq!(found["classes"], serde_json::json!(labels), "{what}");
}

#[test]
fn a_list_is_read_as_spreadsheets_write_it() {
    let folder = Folder::new();
    let rows = two_classes(&folder, 3);
    let slashes = |rows: &[(String, &'static str)]| -> Vec<(String, &'static str)> {
        rows.iter().map(|(path, label)| (path.replace('/', "\\"), *label)).collect()
    };
    let blank: Vec<(String, &str)> = rows
        .iter()
        .enumerate()
        .map(|(k, (path, label))| {
            let ends = [[*label; 2], ["brick ", "dots "]][k % 2];
            (format!(" {path} "), ends[usize::from(*label == "dots")])
        })
        .collect();
    let mut n_seen = 0;
    for (name, bytes, word) in [
        ("a.csv", list(&rows, "path;label", ";", "\r\n").into_bytes(), ""),
        ("a.csv", list(&rows, "sep=;\r\npath;label", ";", "\r\n").into_bytes(), ""),
        (
            "a.csv",
            format!("\u{feff}{};;\r\n", list(&rows, "Path;LABEL;", ";", ";\r\n")).into_bytes(),
            "",
        ),
        ("a.csv", list(&rows, "path\tlabel", "\t", "\n").into_bytes(), ""),
        ("a.tsv", list(&rows, "path\tlabel", "\t", "\n").into_bytes(), ""),
        ("a.tab", list(&rows, "path\tlabel", "\t", "\n").into_bytes(), ""),
        ("a.txt", utf16(&list(&rows, "File Name\tClass", "\t", "\r\n")), "`File Name` for `path`"),
        ("a.csv", utf16(&list(&rows, "path,label", ",", "\r\n")), ""),
        ("a.csv", list(&blank, "path, label", ",", "\n").into_bytes(), ""),
        ("a.csv", list(&slashes(&rows), "path,label", ",", "\r\n").into_bytes(), ""),
        ("a.csv", list(&rows, "image,class", ",", "\n").into_bytes(), "`class` for `label`"),
    ] {
        std::fs::write(folder.path(name), bytes).unwrap();
        let run = folder.run(["scan", name, "--json"]).expect(0);
        assert!(run.json()["warnings"].to_string().contains(word), "{}", run.out());
        expect_two(run, 3, name);
        std::fs::remove_file(folder.path(name)).unwrap();
        n_seen += 1;
    }
    assert_eq!(n_seen, 11);
    // JSON lines take the same names, and a column of just the name goes first.
    let line = |(path, label): &(String, &str)| {
        format!("{{\"Path\":\"{path}\",\"label\":\" {label}\",\"Label\":1}}\n")
    };
    std::fs::write(folder.path("a.jsonl"), rows.iter().map(line).collect::<String>()).unwrap();
    expect_two(folder.run(["scan", "a.jsonl", "--json"]).expect(0), 3, "jsonl");
    // From another folder, the list's own is looked in.
    let beside = list(&rows, "path;label", ";", "\n").replace("two/", "");
    std::fs::write(folder.path("two/b.csv"), beside.replace('/', "\\")).unwrap();
    expect_two(folder.run(["scan", "two/b.csv", "--json"]).expect(0), 3, "beside");
    // A text that is no table is no picture.
    std::fs::write(folder.path("notes.txt"), "a note\n").unwrap();
    let run = folder.run(["score", "notes.txt", "--descriptor", "fast"]).expect(3);
    assert_eq!(run.table()[0]["status"], "error");
}

#[test]
fn a_list_none_of_whose_paths_exists_says_so() {
    let folder = Folder::new();
    let rows = two_classes(&folder, 2);
    folder.run(["score", "two", "--labels", "--descriptor", "fast", "-o", "scores.csv"]).expect(0);
    let model = ["train", "scores.csv", "-m", "m.json", "--descriptor", "fast", "--holdout", "0"];
    folder.run(model).expect(0);
    let moved: Vec<(String, &str)> = rows
        .iter()
        .map(|(path, label)| (format!("C:\\data\\{}", path.replace('/', "\\")), *label))
        .collect();
    std::fs::create_dir(folder.path("lists")).unwrap();
    std::fs::write(folder.path("lists/l.csv"), list(&moved, "path,label", ",", "\r\n")).unwrap();
    let words = [
        "lists/l.csv",
        "4 of which none exists",
        "C:\\data\\two\\brick\\brick_00.png",
        "current folder and in lists",
        "drive C:",
    ];
    let mut n_seen = 0;
    for (args, status) in [
        (&["scan", "lists/l.csv"][..], 4),
        (&["train", "lists/l.csv", "-m", "n.json"], 4),
        (&["cv", "lists/l.csv"], 4),
        (&["evaluate", "m.json", "lists/l.csv"], 4),
        (&["retrain", "m.json", "lists/l.csv", "-o", "n.json"], 4),
        (&["classify", "m.json", "lists/l.csv"], 3),
        (&["score", "lists/l.csv", "--descriptor", "fast"], 3),
    ] {
        let run = folder.run(args.iter().copied()).expect(status);
        for word in words {
            assert!(run.err().contains(word), "{args:?} {word}: {}", run.err());
        }
        n_seen += 1;
    }
    assert_eq!(n_seen, 7);
    // With one that exists, the others are rows; and numbers need no pictures.
    let mut some = moved;
    some[0] = rows[0].clone();
    std::fs::write(folder.path("some.csv"), list(&some, "path,label", ",", "\n")).unwrap();
    let run = folder.run(["score", "some.csv", "--descriptor", "fast"]).expect(3);
    assert!(!run.err().contains("none exists"), "{}", run.err());
    assert_eq!(run.table().iter().filter(|row| row["status"] == "ok").count(), 1);
    std::fs::rename(folder.path("two"), folder.path("away")).unwrap();
    folder.run(model).expect(0);
    let run = folder.run(["classify", "m.json", "scores.csv"]).expect(0);
    assert!(!run.err().contains("none exists"), "{}", run.err());
}

#[test]
fn tables_are_written_with_any_separator_and_read_back() {
    let folder = Folder::new();
    two_classes(&folder, 4);
    let score = |args: &[&str]| {
        let first = ["score", "two", "--labels", "--descriptor", "fast"];
        folder.run(first.iter().chain(args).copied())
    };
    let plain = score(&[]).expect(0).out();
    let train = |table: &str| {
        let args = ["train", table, "-m", "m.json", "--descriptor", "fast", "--holdout", "0"];
        folder.run(args).expect(0);
        std::fs::read(folder.path("m.json")).unwrap()
    };
    std::fs::write(folder.path("plain.csv"), &plain).unwrap();
    let model = train("plain.csv");
    let mut n_seen = 0;
    for (table, flag, separator) in [
        ("s.csv", ";", ';'),
        ("t.csv", "\\t", '\t'),
        ("u.csv", "tab", '\t'),
        ("v.csv", ",", ','),
        ("w.tsv", "", '\t'),
        ("x.tsv", ",", ','),
    ] {
        let flags = ["-o", table, "--delimiter", flag];
        score(&flags[..if flag.is_empty() { 2 } else { 4 }]).expect(0);
        let text = std::fs::read_to_string(folder.path(table)).unwrap();
        assert_eq!(text, plain.replace(',', &separator.to_string()), "{table}");
        assert!(train(table) == model, "{table}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 6);
    assert_eq!(score(&["--delimiter", ";"]).expect(0).out(), plain.replace(',', ";"));
    // As a spreadsheet with commas before decimals saves it.
    let saved: String = plain
        .lines()
        .map(|line| {
            let cell = |cell: &str| match cell.parse::<f64>() {
                Ok(_) => cell.replace('.', ","),
                Err(_) => cell.to_owned(),
            };
            let cells: Vec<String> = line.split(',').map(cell).collect();
            format!("{}\r\n", cells.join(";"))
        })
        .collect();
    std::fs::write(folder.path("y.csv"), utf16(&saved)).unwrap();
    assert!(train("y.csv") == model);
    // One that has both is not guessed at.
    let point = saved.lines().nth(1).unwrap().split(';').nth(5).unwrap();
    std::fs::write(folder.path("z.csv"), saved.replacen(point, &point.replace(',', "."), 1))
        .unwrap();
    let args = ["train", "z.csv", "-m", "n.json", "--descriptor", "fast"];
    assert!(folder.run(args).expect(5).err().contains("same mark before all decimals"));

    for table in ["t.jsonl", "t.parquet"] {
        let run = score(&["-o", table, "--delimiter", ";"]).expect(2);
        assert!(run.err().contains("delimiter: expected"), "{}", run.err());
        assert!(!folder.path(table).exists());
    }
    assert!(score(&["--delimiter", "x"]).expect(2).err().contains("a semicolon"));
    assert_eq!(read_table(plain.as_bytes()).len(), 8);
}

#[test]
fn a_list_on_standard_input_is_read_as_other_systems_write_it() {
    let folder = Folder::new();
    let rows = two_classes(&folder, 2);
    let lines = |write: &dyn Fn(&str) -> String| -> String {
        rows.iter().map(|(path, _)| write(path)).collect()
    };
    let plain = lines(&|path| format!("{path}\n"));
    let mut n_seen = 0;
    for bytes in [
        plain.clone().into_bytes(),
        format!("\u{feff}{plain}\r\n").into_bytes(),
        utf16(&lines(&|path| format!("{path}\r\n"))),
        lines(&|path| format!(" {} \r\n", path.replace('/', "\\"))).into_bytes(),
        lines(&|path| format!("\"{path}\"\n")).into_bytes(),
    ] {
        std::fs::write(folder.path("list"), bytes).unwrap();
        let mut command = folder.command(["score", "-", "--descriptor", "fast"]);
        command.stdin(std::fs::File::open(folder.path("list")).unwrap());
        let output = command.output().unwrap();
        let paths: Vec<String> =
            read_table(output.stdout.as_slice()).iter().map(|row| row["path"].clone()).collect();
        assert_eq!(paths, rows.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0));
        n_seen += 1;
    }
    assert_eq!(n_seen, 5);
}

#[test]
fn grades_are_read_from_the_same_tables() {
    let folder = Folder::new();
    two_classes(&folder, 4);
    folder.run(["score", "two", "--labels", "--descriptor", "fast", "-o", "s.csv"]).expect(0);
    let train = |grades: &str| {
        folder
            .run(["train", "s.csv", "-m", "m.json", "--descriptor", "fast", "--grades", grades])
            .expect(0);
        std::fs::read(folder.path("m.json")).unwrap()
    };
    std::fs::write(folder.path("plain.csv"), "class,grade\nbrick,1.5\ndots,2\n").unwrap();
    std::fs::write(
        folder.path("office.csv"),
        utf16("sep=;\r\nClass;GRADE\r\n dots ;2\r\nbrick;1,5\r\n;\r\n"),
    )
    .unwrap();
    assert!(train("plain.csv") == train("office.csv"));
}
