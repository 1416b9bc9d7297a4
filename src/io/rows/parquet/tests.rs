use std::io::Cursor;

use super::check::check;
use super::thrift::{self, Value};
use crate::io::{Cell, Column, Format, TableWriter};

fn written(n_rows: usize) -> Vec<u8> {
    let columns = vec![Column::text("path"), Column::number("x"), Column::count("n")];
    let mut table = TableWriter::new(Vec::new(), Format::Parquet, columns).unwrap();
    for at in 0..n_rows {
        let path = Cell::Text(format!("{at}.png"));
        table.write(&[path, Cell::Number(at as f64), Cell::Count(at)]).unwrap();
    }
    table.finish().unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    check(&mut Cursor::new(bytes)).map_or_else(|problem| problem.found, |()| "accepted".into())
}

#[test]
fn every_bit_of_a_sealed_file_counts() {
    let bytes = written(20);
    assert_eq!(refusal(&bytes), "accepted");
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        assert_ne!(refusal(&damaged), "accepted", "byte {at}");
    }
    let n = bytes.len();
    assert!(n > 500, "{n}");
}

#[test]
fn an_empty_table_is_one_too() {
    assert_eq!(refusal(&written(0)), "accepted");
}

/// A footer that says whatever it is told to, in the smallest file that can hold it.
fn with_footer(footer: &[u8]) -> Vec<u8> {
    let length = (footer.len() as u32).to_le_bytes();
    [b"PAR1", footer, &length, b"PAR1"].concat()
}

/// A field of a message: how far its number is from the one before, its kind and its content.
fn field(step: u8, kind: u8, content: &[u8]) -> Vec<u8> {
    [&[step << 4 | kind], content].concat()
}

/// An element of a schema with so many children.
fn group(n_children: u8) -> Vec<u8> {
    [field(4, 8, &[1, b'a']), field(1, 5, &[n_children * 2]), vec![0]].concat()
}

fn schema(elements: &[Vec<u8>]) -> Vec<u8> {
    let n = elements.len() as u8;
    let list = [&[0xfc, n], elements.concat().as_slice()].concat();
    let empty = field(1, 9, &[0x0c]);
    [field(1, 5, &[2]), field(1, 9, &list), field(1, 6, &[0]), empty, vec![0]].concat()
}

#[test]
fn a_schema_that_is_no_tree_or_a_deep_one_is_refused() {
    let of = |elements: &[Vec<u8>]| refusal(&with_footer(&schema(elements)));
    assert_eq!(of(&[group(1), group(0)]), "accepted");
    assert!(of(&[group(60), group(0)]).contains("more columns than there are"));
    assert!(of(&[group(0), group(0)]).contains("two roots"));
    assert!(of(&[group(2), group(1), group(0)]).contains("without its end"));
    let deep: Vec<_> = std::iter::repeat_n(group(1), 60).chain([group(0)]).collect();
    assert!(of(&deep).contains("nested"));
}

#[test]
fn lists_longer_than_their_message_and_deep_messages_are_none() {
    // A list of 2^32 messages in a few bytes.
    let long = field(1, 9, &[0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]);
    assert_eq!(thrift::message(&long), None);
    let deep = [[0x1c; 5000].as_slice(), &[0; 5001]].concat();
    assert_eq!(thrift::message(&deep), None);
    let flat = [field(1, 5, &[3]), field(2, 1, &[]), field(1, 8, &[2, b'h', b'i']), vec![0, 9]];
    let fields =
        vec![(1, Value::Integer(-2)), (3, Value::Integer(1)), (4, Value::Text(b"hi".to_vec()))];
    let flat = flat.concat();
    assert_eq!(thrift::message(&flat), Some((Value::Message(fields), flat.len() - 1)));
    for end in 0..flat.len() - 1 {
        assert_eq!(thrift::message(&flat[..end]), None, "cut at {end}");
    }
}
