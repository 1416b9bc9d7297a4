//! Damaged tables, as manifests and as tables of scores.

use std::collections::BTreeMap;
use std::path::Path;

use textura::Error;
use textura::batch::{Extractor, check_precomputed};
use textura::io::{Cell, Column, Format, Source, TableWriter, list, path_from_text};
use textura::random::Random;
use textura::texture::descriptor::{Descriptor, DescriptorOptions};

use super::damage::{Kind, damaged};
use super::plain::{self, Row};
use super::within_memory;
use crate::common::seeds::{Table, tables, unsealed};

/// Files of each table with each kind of damage.
const N_EACH: usize = 56;

/// What a row comes to.
#[derive(Debug, PartialEq)]
struct Answer {
    path: String,
    label: Option<String>,
    part: Option<String>,
    group: Option<String>,
    mask: Option<String>,
    page: Option<usize>,
    failed: bool,
    /// In the descriptor's order; `None` where the picture has to be read.
    numbers: Option<Vec<u64>>,
}

struct Reader {
    descriptor: Descriptor,
    folder: tempfile::TempDir,
}

impl Reader {
    fn new() -> Self {
        let options = DescriptorOptions::preset("fast").unwrap();
        Self { descriptor: Descriptor::new(options).unwrap(), folder: tempfile::tempdir().unwrap() }
    }

    /// What the commands read: the rows, once they are known to have what the descriptor measures.
    fn read(&self, name: &str, bytes: &[u8]) -> textura::Result<Vec<Answer>> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let listing = list(&[Source::Path(path)], &mut std::io::empty())?;
        check_precomputed(&listing.entries, &Extractor::new(&self.descriptor))?;
        let text = |path: &Path| path.display().to_string();
        let answers = listing.entries.iter().map(|entry| Answer {
            path: text(&entry.path),
            label: entry.label.clone(),
            part: entry.part.map(|part| part.name().to_owned()),
            group: entry.group.clone(),
            mask: entry.mask.as_deref().map(text),
            page: entry.page,
            failed: entry.problem.is_some(),
            numbers: entry.precomputed.as_ref().and_then(|measured| {
                let values = measured.of(self.descriptor.schema().names())?;
                Some(values.into_iter().map(f64::to_bits).collect())
            }),
        });
        Ok(answers.collect())
    }

    /// What rows plainly say.
    fn plainly(&self, rows: Vec<Row>) -> Vec<Answer> {
        let says_no =
            |text: &str| ["no", "false", "0"].contains(&text.trim().to_lowercase().as_str());
        let text = |row: &Row, name: &str| row.get(name).map(|text| text.trim().to_owned());
        let path = |text: String| path_from_text(&text).display().to_string();
        let is_kept = |row: &Row| row.get("skip").is_none_or(|skip| says_no(skip));
        let answer = |row: Row| Answer {
            path: path(row["path"].clone()),
            label: text(&row, "label"),
            part: text(&row, "split").map(|part| match part.trim() {
                "valid" | "validation" => "val".into(),
                part => part.into(),
            }),
            group: text(&row, "group"),
            mask: row.get("mask").cloned().map(path),
            page: text(&row, "page").map(|page| page.trim().parse().unwrap()),
            failed: text(&row, "status").as_deref() == Some("error"),
            numbers: self
                .descriptor
                .schema()
                .names()
                .map(|name| row.get(name)?.trim().parse().ok().filter(|n: &f64| n.is_finite()))
                .map(|number| number.map(f64::to_bits))
                .collect(),
        };
        rows.into_iter().filter(is_kept).map(answer).collect()
    }
}

fn name_of(table: &Table) -> &'static str {
    match table.format {
        Format::Csv => "t.csv",
        Format::JsonLines => "t.jsonl",
        Format::Parquet => "t.parquet",
    }
}

#[test]
fn two_thousand_damaged_tables_are_refused_or_read_as_they_stand() {
    let reader = Reader::new();
    let mut random = Random::new(13, 0);
    let mut n_seen = 0;
    // Refused, the same answers, and another table that plainly says what was read.
    let mut counts: BTreeMap<(String, Kind), [usize; 3]> = BTreeMap::new();
    for table in tables() {
        let name = name_of(&table);
        let whole = reader.read(name, &table.bytes).unwrap();
        assert_eq!(whole.len(), 4);
        assert_eq!(whole.iter().all(|row| row.numbers.is_some()), table.has_scores);
        for kind in Kind::ALL {
            for at in 0..N_EACH {
                let is_text = table.format != Format::Parquet;
                let file = damaged(&table.bytes, kind, is_text, &mut random);
                let what = format!("{name} scores {} {kind:?} {at}", table.has_scores);
                n_seen += 1;
                let count = counts.entry((name.into(), kind)).or_default();
                match within_memory(&what, file.len(), || reader.read(name, &file)) {
                    Err(Error::Model { .. } | Error::Data { .. }) => count[0] += 1,
                    Err(other) => panic!("{what}: {other:?}"),
                    Ok(found) if found == whole => count[1] += 1,
                    Ok(found) => {
                        let rows = match table.format {
                            Format::Csv => plain::csv(&file),
                            Format::JsonLines => plain::json_lines(&file),
                            Format::Parquet => None,
                        };
                        let rows = rows.unwrap_or_else(|| panic!("{what}: read, but no table"));
                        assert_eq!(found, reader.plainly(rows), "{what}");
                        count[2] += 1;
                    }
                }
            }
        }
    }
    for ((name, kind), [refused, same, other]) in &counts {
        println!("{name} {kind:?}: {refused} refused, {same} the same, {other} another table");
    }
    assert_eq!(n_seen, 6 * 6 * N_EACH);
    let unnoticed = counts.iter().filter(|((name, _), _)| name == "t.parquet").map(|(_, n)| n[2]);
    assert_eq!(unnoticed.sum::<usize>(), 0, "a Parquet file that textura wrote has a seal");
}

#[test]
fn damaged_parquet_of_other_programs_never_panics_nor_takes_more_memory() {
    let reader = Reader::new();
    let mut random = Random::new(14, 0);
    let (mut n_refused, mut n_seen) = (0, 0);
    for table in tables().iter().filter(|table| table.format == Format::Parquet) {
        let whole = unsealed(&table.bytes);
        assert_eq!(reader.read("t.parquet", &whole).unwrap().len(), 4);
        for kind in Kind::ALL {
            for at in 0..N_EACH {
                let file = damaged(&whole, kind, false, &mut random);
                let what = format!("{kind:?} {at}");
                match within_memory(&what, file.len(), || reader.read("t.parquet", &file)) {
                    Err(Error::Model { .. } | Error::Data { .. }) => n_refused += 1,
                    Err(other) => panic!("{what}: {other:?}"),
                    Ok(rows) => assert!(rows.len() <= 8, "{what}: {} rows", rows.len()),
                }
                n_seen += 1;
            }
        }
    }
    println!("{n_refused} of {n_seen} refused");
    assert_eq!(n_seen, 2 * 6 * N_EACH);
    assert!(n_seen / 2 < n_refused);
}

/// Found by fuzzing: the reader of Parquet panics on pages whose content is not of the encoding they state.
#[test]
fn pages_that_lie_about_their_encoding_are_refused() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !textura::io::is_decoding() {
            usual(info);
        }
    }));
    let reader = Reader::new();
    let columns = vec![Column::text("path"), Column::number("x"), Column::count("n")];
    let mut table = TableWriter::new(Vec::new(), Format::Parquet, columns).unwrap();
    for at in 0..4 {
        let path = Cell::Text(format!("{at}.png"));
        table.write(&[path, Cell::Number(0.5 + at as f64), Cell::Count(at)]).unwrap();
    }
    let whole = unsealed(&table.finish().unwrap());
    let (mut n_given_up, mut n_seen) = (0, 0);
    // Each byte in turn becomes the number of each encoding, as Thrift writes it.
    for at in 0..whole.len() {
        for encoding in [0, 2, 3, 4, 5, 6, 7, 8, 9] {
            let mut file = whole.clone();
            file[at] = encoding * 2;
            let what = format!("byte {at} encoding {encoding}");
            match within_memory(&what, file.len(), || reader.read("t.parquet", &file)) {
                Err(error @ (Error::Model { .. } | Error::Data { .. })) => {
                    n_given_up += usize::from(error.to_string().contains("gave up"));
                }
                Err(other) => panic!("{what}: {other:?}"),
                Ok(rows) => assert!(rows.len() <= 8, "{what}: {} rows", rows.len()),
            }
            n_seen += 1;
        }
    }
    println!("{n_given_up} of {n_seen} made the decoder give up");
    assert_eq!(n_seen, 9 * whole.len());
    assert!(0 < n_given_up, "the decoder got better: this test can go");
}

#[test]
fn what_would_mislead_is_refused_with_the_reason() {
    let reader = Reader::new();
    let csv = String::from_utf8(tables().remove(0).bytes).unwrap();
    let row = csv.lines().nth(1).unwrap().to_owned();
    let number = row.split(',').nth(8).unwrap();
    let path = "path\n";
    let cases: [(&str, &str, String); 14] = [
        ("t.csv", "a number in the column", csv.replacen(&format!(",{number},"), ",NaN,", 1)),
        ("t.csv", "a number in the column", csv.replacen(&format!(",{number},"), ",,", 1)),
        ("t.csv", "a number in the column", csv.replacen(&format!(",{number},"), ",1e400,", 1)),
        ("t.csv", "no end", csv.trim_end().to_owned()),
        ("t.csv", "columns of different names", csv.replacen("height", "width", 1)),
        ("t.csv", "does not end", format!("{path}\"a.png\nb.png\n")),
        ("t.csv", "behind the quote", format!("{path}\"a\"x\n")),
        ("t.csv", "within a field", format!("{path}a\"x\n")),
        ("t.csv", "the number of a page", "path,page\na.tif,-1\n".into()),
        ("t.csv", "numbers in every row", "path,status,texture_score,x\na,ok,,\n".into()),
        ("t.jsonl", "a second time", "{\"path\":\"a\",\"path\":\"b\"}\n".into()),
        ("t.jsonl", "out of range", "{\"path\":\"a\",\"x\":1e400}\n".into()),
        ("t.jsonl", "one JSON object", "{\"path\":NaN}\n".into()),
        ("t.jsonl", "most of them empty", sparse(3000)),
    ];
    for (name, reason, text) in cases {
        let error = reader.read(name, text.as_bytes()).unwrap_err();
        assert!(matches!(error, Error::Model { .. }), "{reason}: {error:?}");
        assert!(error.to_string().contains(reason), "{reason}: {error}");
    }
    // By hand, a list may end without the end of its last line, and names may be missing.
    assert_eq!(reader.read("t.csv", b"path,,\na.png,x,y").unwrap().len(), 1);
    // Some programs begin UTF-8 with a mark.
    let marked = reader.read("t.csv", "\u{feff}\"path\"\n\"a.png\"\n".as_bytes()).unwrap();
    assert_eq!(marked[0].path, "a.png");
}

/// Rows of which each has a column of its own.
fn sparse(n: usize) -> String {
    (0..n).map(|at| format!("{{\"path\":\"a\",\"c{at}\":1}}\n")).collect()
}
