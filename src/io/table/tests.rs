use super::{Cell, Column, Format, TableWriter};

#[test]
fn a_table_refuses_rows_that_would_mislead() {
    for format in [Format::Csv, Format::JsonLines, Format::Parquet] {
        let columns = vec![Column::text("a"), Column::number("b"), Column::count("c")];
        let mut table = TableWriter::new(Vec::new(), format, columns).unwrap();
        for wrong in [
            vec![Cell::Empty],
            vec![Cell::Empty, Cell::Number(f64::NAN), Cell::Empty],
            vec![Cell::Number(1.0), Cell::Empty, Cell::Empty],
            vec![Cell::Empty, Cell::Count(1), Cell::Empty],
            vec![Cell::Empty, Cell::Empty, Cell::Text("1".into())],
        ] {
            assert!(table.write(&wrong).is_err(), "{format:?} {wrong:?}");
        }
        let text = Cell::Text("x,\"y\"\n".into());
        table.write(&[text, Cell::Number(0.1), Cell::Count(3)]).unwrap();
        table.write(&[Cell::Empty, Cell::Empty, Cell::Empty]).unwrap();
        let bytes = table.finish().unwrap();
        match format {
            Format::Csv => assert_eq!(bytes, b"a,b,c\n\"x,\"\"y\"\"\n\",0.1,3\n,,\n"),
            Format::JsonLines => {
                let first = "{\"a\":\"x,\\\"y\\\"\\n\",\"b\":0.1,\"c\":3}\n";
                let second = "{\"a\":null,\"b\":null,\"c\":null}\n";
                assert_eq!(String::from_utf8(bytes).unwrap(), format!("{first}{second}"));
            }
            Format::Parquet => {
                assert_eq!((&bytes[..4], &bytes[bytes.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]))
            }
        }
    }
}

#[test]
fn the_ending_decides_the_format() {
    let of = |name: &str| Format::of(name.as_ref()).ok();
    assert_eq!(of("t.CSV"), Some(Format::Csv));
    assert_eq!(of("t.jsonl"), Some(Format::JsonLines));
    assert_eq!(of("t.parquet"), Some(Format::Parquet));
    assert_eq!(of("t.xlsx"), None);
    assert_eq!(of("t"), None);
}
