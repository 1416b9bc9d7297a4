//! What fuzzing starts from: the fixtures, and a model and tables made of nothing but a seed.

use std::path::{Path, PathBuf};

use ndarray::Array2;
use textura::classifier::{Classifier, Examples, FitSettings, Hidden, Norm};
use textura::dataset::{Dataset, Origin, Sample};
use textura::descriptor::{Descriptor, DescriptorOptions};
use textura::io::{Cell, Column, Format, TableWriter};
use textura::model::{Model, Record};
use textura::nn::{Unit, Unobserved};
use textura::random::Random;

/// The project's folder.
fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above")
}

/// The seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "decode" => pictures(),
        "model" => vec![small_model()],
        "table" => tables(),
        _ => engines(),
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the fixtures").flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Every picture of `fixtures/` but for most of the textures, which differ in little.
fn pictures() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    files(&project().join("fixtures"), &mut found);
    found.sort();
    let is_text = |path: &Path| path.extension().is_none_or(|e| e == "json" || e == "md");
    let is_first = |path: &Path| {
        !path.to_string_lossy().contains("textures") || path.to_string_lossy().contains("_00")
    };
    let chosen = found.iter().filter(|path| !is_text(path) && is_first(path));
    let read = |path: &PathBuf| std::fs::read(path).expect("a fixture");
    chosen.map(read).filter(|bytes| bytes.len() <= 1 << 16).collect()
}

/// A model of two classes with every kind of layer, trained on noise.
fn small_model() -> Vec<u8> {
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
        activation: Unit::Prelu,
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
        kept_back: vec![0, 0],
        watched: vec![0, 0],
        unreadable: 0,
        data_digest: data.digest(),
        epochs: history.epochs.len(),
        train_loss: history.epochs[1].train_loss,
        tried: Vec::new(),
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
        sample,
    };
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join("model.json");
    model.save(&path).expect("a model that can be written");
    std::fs::read(path).expect("what was written")
}

/// A manifest and a table of scores in each format, behind the byte that names it.
fn tables() -> Vec<Vec<u8>> {
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
    let mut seeds = Vec::new();
    for (first, format) in (0..).zip(formats) {
        for columns in [&scores, &manifest] {
            let mut table =
                TableWriter::new(vec![first], format, columns.clone()).expect("memory to write to");
            for row in 0..4 {
                let cells: Vec<Cell> = columns.iter().map(|column| cell(column, row)).collect();
                table.write(&cells).expect("memory to write to");
            }
            seeds.push(table.finish().expect("memory to write to"));
        }
    }
    seeds
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

fn engines() -> Vec<Vec<u8>> {
    let mut random = Random::new(3, 0);
    (0..16u8)
        .flat_map(|kind| (0..6u8).map(move |low| kind << 4 | low))
        .map(|settings| {
            let size = [random.below(70) as u8, 0, random.below(40) as u8, 0, settings];
            let rest = (0..2000).map(|_| random.below(256) as u8);
            size.into_iter().chain(rest).collect()
        })
        .collect()
}
