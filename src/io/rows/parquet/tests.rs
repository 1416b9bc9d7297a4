use std::io::Cursor;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical};
use parquet::data_type::{
    ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::super::read_rows;
use super::check::check;
use super::thrift::{self, Value};
use crate::io::{Cell, Column, Format, TableWriter};
use crate::sweep::one_in;

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

/// A table `path`, `x`, `n`, `b` of ten rows.
fn encoded(text: Encoding, number: Encoding, count: Encoding) -> Vec<u8> {
    let field = |name: &str, kind, length| {
        let column = Type::primitive_type_builder(name, kind).with_length(length);
        Arc::new(column.with_repetition(Repetition::OPTIONAL).build().unwrap())
    };
    let fields = vec![
        field("path", Physical::BYTE_ARRAY, -1),
        field("x", Physical::DOUBLE, -1),
        field("n", Physical::INT64, -1),
        field("b", Physical::FIXED_LEN_BYTE_ARRAY, 3),
    ];
    let schema = Type::group_type_builder("table").with_fields(fields).build().unwrap();
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_compression(Compression::UNCOMPRESSED)
        .set_column_encoding("path".into(), text)
        .set_column_encoding("x".into(), number)
        .set_column_encoding("n".into(), count)
        .set_column_encoding("b".into(), number)
        .build();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let present = [1i16; 10];
    let texts: Vec<ByteArray> = (0..10).map(|at| format!("{at}.png").as_bytes().into()).collect();
    let numbers: Vec<f64> = (0..10).map(f64::from).collect();
    let counts: Vec<i64> = (0..10).collect();
    let bytes: Vec<FixedLenByteArray> =
        (0..10u8).map(|at| ByteArray::from(vec![at; 3]).into()).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts, Some(&present), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&numbers, Some(&present), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&counts, Some(&present), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<FixedLenByteArrayType>().write_batch(&bytes, Some(&present), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn no_flipped_bit_of_any_encoding_makes_the_reader_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    let mut n_seen = 0;
    for (text, number, count) in [
        (Encoding::PLAIN, Encoding::PLAIN, Encoding::PLAIN),
        (Encoding::DELTA_BYTE_ARRAY, Encoding::BYTE_STREAM_SPLIT, Encoding::DELTA_BINARY_PACKED),
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT),
    ] {
        let whole = encoded(text, number, count);
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let mut n_rows = 0;
            read_rows(&path, &[], &mut |_| {
                n_rows += 1;
                Ok(())
            })
            .map(|()| n_rows)
        };
        assert_eq!(read(&whole).unwrap(), 10);
        // Seven has no factor in common with the bits of a byte, so that a sample flips each of them.
        for at in (0..8 * whole.len()).step_by(one_in(7)) {
            let mut damaged = whole.clone();
            damaged[at / 8] ^= 1 << (at % 8);
            // Whatever it is, it is an answer.
            let _ = read(&damaged);
            n_seen += 1;
        }
    }
    assert!(20_000 / one_in(7) < n_seen, "{n_seen}");
}
