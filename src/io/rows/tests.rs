use std::path::Path;

use super::read_rows;
use crate::error::{Error, Result};
use crate::io::{Cell, Column, Format, TableWriter};

/// The texts under some names, row by row, and where the rows stand.
fn texts(path: &Path, names: &[&str]) -> Result<Vec<(u64, Vec<Option<String>>)>> {
    let mut rows = Vec::new();
    read_rows(path, &["path", "file"], &mut |line| {
        rows.push((line.number, names.iter().map(|name| line.text_as_it_is(name)).collect()));
        Ok(())
    })?;
    Ok(rows)
}

fn write(path: &Path, columns: &[Column], rows: impl Iterator<Item = Vec<Cell>>) {
    let file = std::fs::File::create(path).unwrap();
    let mut table = TableWriter::new(file, Format::of(path).unwrap(), columns.to_vec()).unwrap();
    rows.for_each(|row| table.write(&row).unwrap());
    table.finish().unwrap();
}

#[test]
fn every_format_gives_back_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let columns = [Column::text("path"), Column::number("x"), Column::count("n")];
    // So many that Parquet reads in several steps.
    let row = |at: usize| match at % 3 {
        0 => vec![Cell::Empty, Cell::Number(0.1 + at as f64), Cell::Count(at)],
        1 => vec![Cell::Text(format!("ä {at}\n")), Cell::Empty, Cell::Count(0)],
        _ => vec![Cell::Text("\"".into()), Cell::Number(f64::MIN_POSITIVE), Cell::Empty],
    };
    let n = 3000;
    let mut n_formats = 0;
    for name in ["t.csv", "t.jsonl", "t.parquet"] {
        let path = folder.path().join(name);
        write(&path, &columns, (0..n).map(row));
        let found = texts(&path, &["path", "x", "n", "none"]).unwrap();
        assert_eq!(found.len(), n, "{name}");
        for (at, (_, cells)) in found.iter().enumerate() {
            let expected: Vec<Option<String>> = row(at)
                .iter()
                .map(|cell| match cell {
                    Cell::Text(text) => Some(text.clone()),
                    Cell::Number(number) => Some(number.to_string()),
                    Cell::Count(count) => Some(count.to_string()),
                    Cell::Empty => None,
                })
                .chain([None])
                .collect();
            assert_eq!(*cells, expected, "{name} {at}");
        }
        n_formats += 1;
    }
    assert_eq!(n_formats, 3);
}

#[test]
fn many_columns_make_several_groups_of_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.parquet");
    let columns: Vec<Column> = (0..2000).map(|at| Column::number(format!("c{at}"))).collect();
    let row = |at: usize| (0..2000).map(|c| Cell::Number((at * c) as f64)).collect();
    write(&path, &columns, (0..2500).map(row));
    let found = texts(&path, &["c0", "c1", "c1999"]).unwrap();
    assert_eq!(found.len(), 2500);
    for (at, (number, cells)) in found.iter().enumerate() {
        assert_eq!(*number, at as u64 + 1);
        assert_eq!(cells[1], Some(at.to_string()));
        assert_eq!(cells[2], Some((at * 1999).to_string()));
    }
}

#[test]
fn json_lines_may_lack_columns_and_add_some() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.jsonl");
    std::fs::write(&path, "{\"a\":1}\n\n{\"b\":true,\"a\":null}\n{}\n").unwrap();
    let some = |text: &str| Some(text.to_owned());
    let expected =
        vec![(1, vec![some("1"), None]), (3, vec![None, some("true")]), (4, vec![None, None])];
    assert_eq!(texts(&path, &["a", "b"]).unwrap(), expected);
}

#[test]
fn damaged_tables_are_errors_that_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.parquet");
    write(&whole, &[Column::number("x")], (0..100).map(|at| vec![Cell::Number(f64::from(at))]));
    let bytes = std::fs::read(whole).unwrap();
    let mut n_refused = 0;
    let mut refuse = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let error = texts(&path, &["x"]).unwrap_err();
        assert!(matches!(error, Error::Model { .. }), "{name}: {error}");
        assert!(error.to_string().contains(name), "{error}");
        n_refused += 1;
    };
    for n in (0..bytes.len()).step_by(7) {
        refuse("cut.parquet", &bytes[..n]);
    }
    refuse("none.parquet", b"path,label\n");
    for line in ["[1]", "{\"x\":[1]}", "{\"x\":1", "x", "{\"x\":{}}"] {
        refuse("bad.jsonl", format!("{{\"x\":1}}\n{line}\n").as_bytes());
    }
    refuse("bytes.jsonl", b"{\"x\":\"\xff\"}\n");
    refuse("long.csv", b"x\n1,2\n");
    refuse("bytes.csv", b"x\n\xff\n");
    assert_eq!(n_refused, bytes.len().div_ceil(7) + 9);
}

/// The text as a file, in UTF-16 or not, with a mark before it or not.
fn stored(text: &str, form: usize) -> Vec<u8> {
    let low = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let high = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    match form {
        0 => text.into(),
        1 => format!("\u{feff}{text}").into(),
        2 => low(&format!("\u{feff}{text}")),
        3 => high(&format!("\u{feff}{text}")),
        4 => low(text),
        _ => high(text),
    }
}

#[test]
fn tables_of_offices_say_what_plain_ones_say() {
    let folder = tempfile::tempdir().unwrap();
    let expected = [
        ("a b.png", "fine; or, not"),
        ("\u{1f9f1}/c.png", "x"),
        ("d.png", "of \"two\"\nlines"),
        ("e.png", "y"),
    ];
    let mut n_seen = 0;
    for separator in [",", ";", "\t"] {
        for end in ["\n", "\r\n"] {
            for head in ["path|label", "Path|LABEL", "path | label|", "\"path\"| \"label\"||"] {
                for first in ["", "sep=|\n", "\"SEP=|\"\n"] {
                    let text = format!(
                        "{first}{head}\na b.png| \"fine; or, not\" \n\u{1f9f1}/c.png|x\nd.png|\"of \"\"two\"\"\nlines\"\n\n||\ne.png|y||\n|\n"
                    );
                    let text = text.replace('|', separator).replace('\n', end);
                    for form in 0..6 {
                        let path = folder.path().join("t.csv");
                        std::fs::write(&path, stored(&text, form)).unwrap();
                        let rows = texts(&path, &["path", "label"])
                            .unwrap_or_else(|e| panic!("{text:?} {e}"));
                        let found: Vec<(String, String)> = rows
                            .into_iter()
                            .map(|(_, mut cells)| {
                                let label = cells.pop().flatten().unwrap();
                                (cells.pop().flatten().unwrap(), label.replace("\r\n", "\n"))
                            })
                            .collect();
                        let expected =
                            expected.map(|(path, label)| (path.to_owned(), label.to_owned()));
                        assert_eq!(found, expected, "{text:?} {form}");
                        n_seen += 1;
                    }
                }
            }
        }
    }
    assert_eq!(n_seen, 3 * 2 * 4 * 3 * 6);
}

#[test]
fn the_header_decides_what_separates() {
    let folder = tempfile::tempdir().unwrap();
    let mut n_seen = 0;
    for (name, text, expected) in [
        ("t.csv", "path,a;b;c;d\n1;2,x\n", "1;2"),
        ("t.csv", "a,b,c;path\nx;1,2\n", "1,2"),
        ("t.csv", "File;x\n1,2;3\n", "1,2"),
        ("t.csv", "path\n1;2\n", "1;2"),
        ("t.tsv", "path\n1,2\n", "1,2"),
        ("t.csv", "sep=|\npath|x\n1,2;3|4\n", "1,2;3"),
        ("t.csv", "sep=;\npath;a,b,c\n1;2\n", "1"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let rows = texts(&path, &["path", "File"]).unwrap();
        let found = rows[0].1.iter().flatten().next();
        assert_eq!(found.map(String::as_str), Some(expected), "{text:?}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 7);
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut n_refused = 0;
    for (bytes, words) in [
        (&b"path;label\na.png;br\xfcck\n"[..], &["another encoding in line 2", "CSV UTF-8"][..]),
        (b"sep=;\npath;label\na;b\na.png;br\xfcck\n", &["another encoding in line 4"]),
        (b"p\xe4th,label\n", &["another encoding in line 1"]),
        (b"sep=x\npath;label\na;b\n", &["sep=x", "a semicolon"]),
        (b"sep=;\npath;label\na;b\na;b;c\n", &["3 in line 4", "in the header (2)"]),
        (b"sep=;\r\npath;label\r\na;b\r\na\r\n", &["1 in line 4"]),
        (b"path;label\ra;\"x\ny\"\ra\r", &["1 in line 4"]),
        (b"sep=;\npath;label\na;\"b\"c\n", &["line 3", "behind the quote"]),
        (b"\xff\xfep\0a\0t\0h\0\n\0\x00\xd8\n\0", &["half a letter"]),
        (b"\xff\xfep\0a\0t\0h\0\n\0a", &["half a letter"]),
        (b"Path,PATH\na,b\n", &["two of the name `path`"]),
    ] {
        let path = folder.path().join("t.csv");
        std::fs::write(&path, bytes).unwrap();
        let error = texts(&path, &["path"]).unwrap_err().to_string();
        for word in words {
            assert!(error.contains(word), "{word}: {error}");
        }
        n_refused += 1;
    }
    assert_eq!(n_refused, 11);
}

#[test]
fn a_list_that_is_typed_is_read_line_by_line() {
    use std::io::Read;
    /// Gives a byte at a time, and never two lines at once.
    struct Slow<'a>(&'a [u8]);
    impl Read for Slow<'_> {
        fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
            let n = self.0.len().min(1);
            room[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }
    for form in 0..6 {
        let bytes = stored("a\n\u{1f9f1}b\r\n\n c", form);
        let lines: Vec<Vec<u8>> =
            crate::io::list_lines(Slow(&bytes)).collect::<std::io::Result<_>>().unwrap();
        assert_eq!(lines, ["a".as_bytes(), "\u{1f9f1}b\r".as_bytes(), b"", b" c"], "{form}");
    }
    // Paths need not be text.
    let lines: Vec<_> =
        crate::io::list_lines(&b"a\xe9.png\n"[..]).map(|line| line.unwrap()).collect();
    assert_eq!(lines, [b"a\xe9.png"]);
}
