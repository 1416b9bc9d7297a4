//! Every parser of the library, on anything: a string gives a value or an error that names what is wrong, never a
//! panic; and what is written is read back equal. Mechanics: nothing here says that a number is right.

use std::cell::Cell as Counter;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use textura::Error;
use textura::image::change::Change;
use textura::io::{
    Cell, Column, Format, Part, Source, TableWriter, list, list_labelled, path_from_text,
    path_to_text,
};
use textura::learn::evaluation::Grades;
use textura::model::Model;
use textura::model::grades::read_grades;
use textura::texture::descriptor::{Descriptor, DescriptorOptions};

/// Runs a property on so many drawn cases, the same in every run.
fn check<S: Strategy>(cases: u32, strategy: S, property: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let n_seen = Counter::new(0);
    let outcome = runner.run(&strategy, |value| {
        property(value);
        n_seen.set(n_seen.get() + 1);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert_eq!(n_seen.get(), cases);
}

/// Any text, often with what escapes, separates or means something.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[ -~]{0,6}",
        r#"(\\x[0-9a-fA-F]{2}|\\|,|"|'|\n|\r|\t|=|\+|-|@|:|\.|/|NaN|inf|1e400|-0|null)"#,
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

#[test]
fn paths_are_read_back_from_their_text() {
    check(4096, text(), |text| {
        let path = path_from_text(&text);
        assert_eq!(path_from_text(&path_to_text(&path)), path);
        let path = PathBuf::from(&text);
        assert_eq!(path_from_text(&path_to_text(&path)), path);
    });
}

#[cfg(unix)]
#[test]
fn paths_of_any_bytes_are_read_back_from_their_text() {
    use std::os::unix::ffi::OsStringExt as _;
    check(4096, prop::collection::vec(any::<u8>(), 0..40), |bytes| {
        let path = PathBuf::from(std::ffi::OsString::from_vec(bytes));
        assert_eq!(path_from_text(&path_to_text(&path)), path);
    });
}

/// A row of a manifest: path, label, group and a number.
fn row() -> impl Strategy<Value = (String, Option<String>, Option<String>, Option<f64>)> {
    // A cell of blanks alone is an empty one.
    let filled = text().prop_filter("a text", |text| !text.is_empty());
    let number = any::<f64>().prop_filter("a finite number", |number| number.is_finite());
    let maybe = || prop::option::of(text().prop_filter("a text", |text| !text.trim().is_empty()));
    (filled, maybe(), maybe(), prop::option::of(number))
}

#[test]
fn rows_are_read_back_equal_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let formats = [Format::Csv, Format::JsonLines, Format::Parquet];
    let endings = ["csv", "jsonl", "parquet"];
    let tables = (prop::collection::vec(row(), 1..6), 0usize..3, any::<bool>());
    check(768, tables, |(rows, format, is_safe)| {
        let path = folder.path().join("t").with_extension(endings[format]);
        let columns = [Column::text("path"), Column::text("label"), Column::text("group")];
        let columns = columns.into_iter().chain([Column::number("x")]).collect();
        let file = std::fs::File::create(&path).unwrap();
        let mut table = TableWriter::new(file, formats[format], columns).unwrap();
        if is_safe {
            table = table.spreadsheet_safe();
        }
        let cell = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
        for (path, label, group, number) in &rows {
            let path = Cell::Text(path_to_text(Path::new(path)));
            let number = number.map_or(Cell::Empty, Cell::Number);
            table.write(&[path, cell(label), cell(group), number]).unwrap();
        }
        table.finish().unwrap();
        let listing = list(&[Source::Path(path)], &mut std::io::empty()).unwrap();
        assert_eq!(listing.entries.len(), rows.len());
        for (entry, (path, label, group, number)) in listing.entries.iter().zip(&rows) {
            // A path that leads nowhere as it is written may lead somewhere as offices write it.
            let path = Path::new(path);
            assert!(entry.path == path || (!path.exists() && entry.path.exists()), "{entry:?}");
            let number = number.map(f64::to_bits);
            let measured = entry.precomputed.as_ref().and_then(|m| m.of(["x"].into_iter()));
            assert_eq!(measured.map(|values| values[0].to_bits()), number);
            // A text that a spreadsheet would run has a ' before it, and keeps it.
            if !(is_safe && formats[format] == Format::Csv) {
                // Blanks around a text do not count.
                let [label, group] = [label, group].map(|text| text.as_deref().map(str::trim));
                assert_eq!((entry.label.as_deref(), entry.group.as_deref()), (label, group));
            }
        }
    });
}

#[test]
fn any_bytes_are_a_manifest_or_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let header = prop_oneof![Just("path,label\n"), Just("path\n"), Just("{\"path\":"), Just("")];
    let content = prop_oneof![
        text().prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..60),
        prop::collection::vec(text(), 0..5).prop_map(|lines| lines.join("\n").into_bytes()),
        prop::collection::vec("[a-z\"]{1,3},[a-z]{0,2}", 1..5)
            .prop_map(|lines| lines.join("\n").into_bytes()),
    ];
    let n_read = Counter::new(0);
    check(1536, (header, content, 0usize..3), |(header, content, format)| {
        let path = folder.path().join(["t.csv", "t.jsonl", "t.parquet"][format]);
        std::fs::write(&path, [header.as_bytes(), &content].concat()).unwrap();
        let sound = |outcome: textura::Result<_>| match outcome {
            Ok(()) => n_read.set(n_read.get() + 1),
            Err(Error::Model { path: named, .. }) => assert_eq!(named, path),
            Err(Error::Data { problem, .. }) => assert!(!problem.advice.is_empty()),
            Err(other) => panic!("{other:?}"),
        };
        sound(list(&[Source::Path(path.clone())], &mut std::io::empty()).map(drop));
        sound(list_labelled(&path, Part::Train).map(drop));
        let classes = ["a".to_owned(), "b".to_owned()];
        sound(read_grades(&path, &classes).map(drop));
    });
    assert!(40 < n_read.get(), "{} were manifests", n_read.get());
}

/// JSON of any shape, with the words that descriptors know.
fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let word = || {
        prop::sample::select(vec![
            "families",
            "glcm",
            "lbp",
            "clbp",
            "letrist",
            "tamura",
            "levels",
            "p",
            "r",
            "mapping",
            "quantize",
            "distances",
            "offsets",
            "values",
            "bits",
            "channels",
            "flat_field",
            "scales",
            "rgb",
            "u2",
        ])
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3i64..300).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        word().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..5)
                .prop_map(|fields| fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

#[test]
fn any_json_is_a_descriptor_or_an_error() {
    let n_read = Counter::new(0);
    let settings = prop::collection::vec(
        (prop::sample::select(vec!["lbp", "glcm", "clbp", "glrlm", "letrist", "tamura"]), json()),
        0..3,
    );
    check(2048, (settings, json()), |(settings, other)| {
        let families: Vec<_> =
            settings.into_iter().map(|(name, value)| serde_json::json!({ name: value })).collect();
        for document in [serde_json::json!({ "families": families }), other] {
            let Ok(options) = serde_json::from_value::<DescriptorOptions>(document) else {
                continue;
            };
            match Descriptor::new(options) {
                Ok(descriptor) => {
                    let text = serde_json::to_string(descriptor.options()).unwrap();
                    let again: DescriptorOptions = serde_json::from_str(&text).unwrap();
                    assert_eq!(Descriptor::new(again).unwrap().digest(), descriptor.digest());
                    n_read.set(n_read.get() + 1);
                }
                Err(error) => assert!(matches!(error, Error::Setting { .. }), "{error:?}"),
            }
        }
    });
    assert!(20 < n_read.get(), "{} were descriptors", n_read.get());
}

#[test]
fn any_text_is_a_change_a_grade_a_part_or_none() {
    let kind = prop::sample::select(vec!["noise:", "jpeg:", "scale:", "blur:", "contrast:", ""]);
    let value = prop_oneof![text(), any::<f64>().prop_map(|number| number.to_string())];
    let n_read = Counter::new(0);
    check(4096, (kind, value), |(kind, value)| {
        match Change::from_text(&format!("{kind}{value}"), 0) {
            Ok(_) => n_read.set(n_read.get() + 1),
            Err(error) => assert!(matches!(error, Error::Setting { .. }), "{error:?}"),
        }
        assert!(Grades::parse(&value).is_none_or(f64::is_finite));
        assert!(Part::from_name(&value).is_none_or(|part| part.name().len() <= 5));
        assert!(Model::from_json(value.as_bytes()).is_err());
    });
    assert!(50 < n_read.get(), "{} were changes", n_read.get());
}
