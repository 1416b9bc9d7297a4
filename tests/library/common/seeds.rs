//! A model and tables made of nothing but a seed: what damage and fuzzing start from.

use ndarray::Array2;
use textura::io::{Cell, Column, Format, TableWriter};
use textura::learn::classifier::{Classifier, Examples, FitSettings, Hidden, Norm};
use textura::learn::dataset::{Dataset, Origin, Sample};
use textura::model::{Model, Record};
use textura::nn::{ActivationKind, Unobserved};
use textura::random::Random;
use textura::texture::descriptor::{Descriptor, DescriptorOptions};

/// A model of two classes with every kind of layer, trained on noise.
pub fn small_model() -> Vec<u8> {
    let options = DescriptorOptions::preset("fast").expect("a preset");
    let descriptor = Descriptor::new(options).expect("settings that can be");
    let mut random = Random::new(0, 0);
    let n_columns = descriptor.schema().len();
    let features = Array2::from_shape_simple_fn((10, n_columns), || random.unit());
    let origins =
        (0..10).map(|row| Origin { label: row % 2, content: [row as u8; 32], group: None });
    let classes = vec!["left".to_owned(), "right".to_owned()];
    let data = Dataset::new(classes.clone(), features, origins.collect()).expect("a data set");
    let settings = FitSettings {
        hidden: Hidden::Layers(vec![2]),
        activation: ActivationKind::Prelu,
        norm: Norm::Batch,
        residual: 1,
        dropout: 0.25,
        epochs: 2,
        ..FitSettings::default()
    };
    let rows: Vec<usize> = (0..10).collect();
    let examples = Examples::new(&data, &rows);
    let (classifier, history) =
        Classifier::fit(examples, descriptor.schema(), &settings, 0, &mut Unobserved)
            .expect("settings that can be");
    let record = Record {
        version: "0.0.0".into(),
        settings,
        seed: 0,
        holdout: 0.0,
        group_by: None,
        learned: vec![5, 5],
        held_out: vec![0, 0],
        watched: vec![0, 0],
        unreadable: 0,
        data_digest: data.digest(),
        epochs: history.epochs.len(),
        train_loss: history.epochs[1].train_loss,
        in_closed_form: false,
        learned_accuracy: None,
        out_of_fold_accuracy: None,
        trials: Vec::new(),
        retrained_from: None,
    };
    let sample = Sample::draw(&data, &[false; 10], 1).expect("a mark an example");
    let model = Model {
        descriptor,
        tile: Some(16),
        classes,
        grades: None,
        classifier,
        record,
        scores: None,
        pictures: None,
        sample,
    };
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join("model.json");
    model.save(&path).expect("a model that can be written");
    std::fs::read(path).expect("what was written")
}

/// A table and what it is.
pub struct Table {
    pub format: Format,
    /// Whether it has the numbers of pictures; otherwise it is a manifest.
    pub has_scores: bool,
    pub bytes: Vec<u8>,
}

/// A manifest and a table of scores in each format.
pub fn tables() -> Vec<Table> {
    let descriptor = Descriptor::new(DescriptorOptions::preset("fast").expect("a preset"));
    let descriptor = descriptor.expect("settings that can be");
    let mut scores: Vec<Column> = ["path", "status", "error"].map(Column::text).into();
    scores.extend(["width", "height"].map(Column::count));
    scores.push(Column::number("texture_score"));
    scores.extend(descriptor.schema().names().map(Column::number));
    scores.extend(["flags", "label"].map(Column::text));
    let names = ["path", "label", "group", "mask", "split", "skip", "page"];
    let manifest: Vec<Column> = names.map(Column::text).into();
    let formats = [Format::Csv, Format::JsonLines, Format::Parquet];
    let mut tables = Vec::new();
    for format in formats {
        for (has_scores, columns) in [(true, &scores), (false, &manifest)] {
            let mut table =
                TableWriter::new(Vec::new(), format, columns.clone()).expect("memory to write to");
            for row in 0..4 {
                let cells: Vec<Cell> = columns.iter().map(|column| cell(column, row)).collect();
                table.write(&cells).expect("memory to write to");
            }
            let bytes = table.finish().expect("memory to write to");
            tables.push(Table { format, has_scores, bytes });
        }
    }
    tables
}

/// A Parquet file as other programs write it: without the seal and without the word of one.
pub fn unsealed(bytes: &[u8]) -> Vec<u8> {
    let n = bytes.len();
    let footer = u32::from_le_bytes(bytes[n - 8..n - 4].try_into().expect("4 bytes")) as usize;
    let start = n - 8 - footer;
    let mut file = [&bytes[..start - 48], &bytes[start..]].concat();
    let key = b"textura.seal";
    let at = file.windows(key.len()).rposition(|window| window == key).expect("the key");
    file[at..at + key.len()].copy_from_slice(b"foreign.seal");
    file
}

fn cell(column: &Column, row: usize) -> Cell {
    match column.name.as_str() {
        "path" => Cell::Text(format!("a/{row}.png")),
        "status" => Cell::Text("ok".into()),
        "label" => Cell::Text(["left", "right"][row % 2].into()),
        "split" => Cell::Text(["train", "test"][row / 2].into()),
        "page" => Cell::Text("1".into()),
        "group" => Cell::Text("g".into()),
        "width" | "height" => Cell::Count(8),
        "error" | "flags" | "skip" | "mask" => Cell::Empty,
        _ => Cell::Number(0.25 * row as f64 + 0.1),
    }
}
