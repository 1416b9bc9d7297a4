use std::path::Path;

use super::read_rows;
use crate::error::{Error, Result};
use crate::io::{Cell, Column, Format, TableWriter};

/// The texts under some names, row by row, and where the rows stand.
fn texts(path: &Path, names: &[&str]) -> Result<Vec<(u64, Vec<Option<String>>)>> {
    let mut rows = Vec::new();
    read_rows(path, &mut |line| {
        rows.push((line.number, names.iter().map(|name| line.text(name)).collect()));
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
