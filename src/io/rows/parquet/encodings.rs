//! Mechanics: pages in encodings that other programs write, damaged bit by bit.

use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical};
use parquet::data_type::{
    ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::super::read_rows;

/// A table `path`, `x`, `n`, `b` of ten rows.
fn written(text: Encoding, number: Encoding, count: Encoding) -> Vec<u8> {
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
        let whole = written(text, number, count);
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let mut n_rows = 0;
            read_rows(&path, &mut |_| {
                n_rows += 1;
                Ok(())
            })
            .map(|()| n_rows)
        };
        assert_eq!(read(&whole).unwrap(), 10);
        for at in 0..8 * whole.len() {
            let mut damaged = whole.clone();
            damaged[at / 8] ^= 1 << (at % 8);
            // Whatever it is, it is an answer.
            let _ = read(&damaged);
            n_seen += 1;
        }
    }
    assert!(20_000 < n_seen, "{n_seen}");
}
