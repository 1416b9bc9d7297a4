use std::path::PathBuf;

use ndarray::{Array2, array};
use serde_json::{Value, json};

use super::{Model, Record};
use crate::error::Error;
use crate::learn::classifier::{Classifier, Examples, FitSettings, Hidden, Norm};
use crate::learn::dataset::{Dataset, Origin, Sample};
use crate::learn::evaluation::Evaluation;
use crate::nn::{ActivationKind, Unobserved};
use crate::random::Random;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};

/// A small model of two classes, with every kind of layer, trained on noise.
pub(crate) fn small_model() -> Model {
    let descriptor = Descriptor::new(DescriptorOptions::preset("fast").unwrap()).unwrap();
    let mut random = Random::new(0, 0);
    let n_columns = descriptor.schema().len();
    let features = Array2::from_shape_simple_fn((10, n_columns), || random.unit());
    let origins =
        (0..10).map(|row| Origin { label: row % 2, content: [row as u8; 32], group: None });
    let classes = vec!["left".to_owned(), "right".to_owned()];
    let data = Dataset::new(classes.clone(), features, origins.collect()).unwrap();
    // Every kind of layer.
    let settings = FitSettings {
        hidden: Hidden::Layers(vec![3]),
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
        Classifier::fit(examples, descriptor.schema(), &settings, 0, &mut Unobserved).unwrap();
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
    let scores = Evaluation::new(&classes, &[0, 1], &array![[0.9, 0.1], [0.6, 0.4]]).unwrap();
    let sample = Sample::draw(&data, &[[false; 6].as_slice(), &[true; 4]].concat(), 2).unwrap();
    Model {
        descriptor,
        tile: None,
        classes,
        grades: None,
        classifier,
        record,
        scores: Some(scores),
        pictures: None,
        sample,
    }
}

fn saved() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.json");
    small_model().save(&path).unwrap();
    (folder, path)
}

fn refusal(text: &[u8]) -> String {
    match Model::from_json(text) {
        Ok(_) => "accepted".into(),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn the_size_of_the_windows_is_kept_where_there_is_one() {
    let (_folder, path) = saved();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("\"tile\""));
    assert_eq!(Model::load(&path).unwrap().tile, None);
    Model { tile: Some(64), ..small_model() }.save(&path).unwrap();
    assert_eq!(Model::load(&path).unwrap().tile, Some(64));
    let unsound = Model { tile: Some(3), ..small_model() };
    assert!(matches!(unsound.save(&path), Err(Error::Model { .. })));
    assert_eq!(Model::load(&path).unwrap().tile, Some(64), "the good file is still there");
}

#[test]
fn a_model_comes_back_as_it_was() {
    let (_folder, path) = saved();
    let (before, after) = (small_model(), Model::load(&path).unwrap());
    assert_eq!(before.classifier, after.classifier);
    assert_eq!(before.classes, after.classes);
    assert_eq!(before.record, after.record);
    assert_eq!(before.descriptor.digest(), after.descriptor.digest());
    let (before, after) = (before.sample.unwrap(), after.sample.unwrap());
    let rows: Vec<usize> = (0..before.data().len()).collect();
    // Two of each class to learn from, and one that was held out.
    assert_eq!(rows.len(), 6);
    assert_eq!(before.data().features(&rows), after.data().features(&rows));
    assert_eq!(before.data().origins(), after.data().origins());
    assert_eq!(before.held_out(), after.held_out());
    assert_eq!(before.per_class(), after.per_class());
}

#[test]
fn a_file_of_the_version_before_samples_loads_without_one() {
    let mut document: Value =
        serde_json::from_slice(&changed(|model| model["replay"] = json!([]))).unwrap();
    assert!(refusal(document.to_string().as_bytes()).contains("altered"));
    document["version"] = json!(2);
    let model = Model::from_json(document.to_string().as_bytes()).unwrap();
    assert!(model.sample.is_none());
}

#[test]
fn a_model_cut_short_anywhere_is_refused() {
    let (_folder, path) = saved();
    let text = std::fs::read(&path).unwrap();
    let mut n_refused = 0;
    for end in (0..text.len() - 2).step_by(97) {
        assert_ne!(refusal(&text[..end]), "accepted", "cut at {end}");
        n_refused += 1;
    }
    assert!(n_refused > 100, "{n_refused}");
    assert!(refusal(&text[..text.len() / 2]).contains("cut short"));
}

#[test]
fn a_model_altered_anywhere_is_refused_or_means_the_same() {
    let (_folder, path) = saved();
    let text = std::fs::read(&path).unwrap();
    let mut random = Random::new(1, 0);
    for _ in 0..300 {
        let mut altered = text.clone();
        let at = random.below(altered.len());
        altered[at] = b' ' + random.below(95) as u8;
        if let Ok(model) = Model::from_json(&altered) {
            assert_eq!(model.classifier, small_model().classifier, "byte {at}");
        }
    }
}

/// Changes the model inside the file and mends the checksum, so that only the meaning is wrong.
fn changed(change: impl Fn(&mut Value)) -> Vec<u8> {
    let (_folder, path) = saved();
    let mut document: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut document["model"]);
    let text = serde_json::to_vec(&document["model"]).unwrap();
    document["checksum"] = json!(blake3::hash(&text).to_hex().to_string());
    serde_json::to_vec(&document).unwrap()
}

fn with_change(change: impl Fn(&mut Value)) -> String {
    refusal(&changed(change))
}

#[test]
fn a_model_whose_parts_do_not_fit_is_refused_with_the_reason() {
    assert_eq!(with_change(|_| {}), "accepted");
    type Change<'a> = &'a dyn Fn(&mut Value);
    let cases: [(&str, Change<'_>); 24] = [
        ("other numbers", &|m| m["descriptor_digest"] = json!("0")),
        ("other numbers", &|m| m["descriptor"]["values"] = json!({"bits": 12})),
        ("different classes", &|m| m["classes"] = json!(["left", "left"])),
        ("expected 3, found 2", &|m| m["classes"] = json!(["a", "b", "c"])),
        ("the temperature", &|m| m["calibration"]["temperature"] = json!(0.0)),
        ("unknown field", &|m| m["more"] = json!(1)),
        ("the scaling", &|m| m["scaling"]["divisor"][0] = json!(-1.0)),
        ("weights of a unit", &|m| m["network"][0]["dense"]["weights"][0] = json!([1.0])),
        ("the familiarity", &|m| m["rejection"]["usual"]["strangeness"] = json!([2.0, 1.0])),
        ("the scores", &|m| m["scores"]["per_class"] = json!([])),
        ("the scores", &|m| m["scores"]["confusion"] = json!([[1]])),
        ("the scores", &|m| m["scores"]["confusion"][0] = json!([u64::MAX, 9])),
        ("the scores", &|m| m["scores"]["classes"] = json!(["right", "left"])),
        ("the scores", &|m| m["scores"]["accuracy"] = json!(-1.0)),
        ("the counts", &|m| m["training"]["learned"] = json!([u64::MAX, 9])),
        ("labels of the sample", &|m| drop(m["replay"]["labels"].as_array_mut().unwrap().pop())),
        ("groups of the sample", &|m| m["replay"]["groups"] = json!([])),
        ("views of the sample", &|m| m["replay"]["features"] = json!(["", ""])),
        ("numbers of the sample", &|m| m["replay"]["features"] = json!(["AACAPw=="])),
        ("the views of the sample", &|m| m["variation"] = json!("worse")),
        ("a label below 2", &|m| m["replay"]["labels"][0] = json!(2)),
        ("a mark beyond", &|m| m["replay"]["kept_back"][0] = json!(99)),
        ("a sample of", &|m| m["replay"]["per_class"] = json!(0)),
        ("missing field `epochs`", &|m| {
            m["training"]["settings"].as_object_mut().unwrap().remove("epochs");
        }),
    ];
    for (reason, change) in cases {
        let refusal = with_change(change);
        assert!(refusal.contains(reason), "{reason}: {refusal}");
    }
}

#[test]
fn other_files_and_newer_models_are_refused_with_the_reason() {
    assert!(refusal(b"").contains("no JSON"));
    assert!(refusal(b"\x89PNG").contains("no JSON"));
    assert!(refusal(b"{}").contains("another kind"));
    let newer = json!({"format": "textura model", "version": 5, "anything": []}).to_string();
    assert!(refusal(newer.as_bytes()).contains("newer textura"));
    let older = json!({"format": "textura model", "version": 1, "anything": []}).to_string();
    assert!(refusal(older.as_bytes()).contains("train again"));
}

#[test]
fn a_model_that_could_not_be_read_again_is_not_written() {
    let (_folder, path) = saved();
    let before = std::fs::read(&path).unwrap();
    let mut broken = small_model();
    broken.classifier.temperature = f64::NAN;
    assert!(matches!(broken.save(&path), Err(Error::Model { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(small_model().save(&path.join("no folder/model.json")).is_err());
}

/// What the first version wrote states no settings that came later.
#[test]
fn an_older_model_loads_with_the_settings_it_was_trained_by() {
    let older = with_change(|model| {
        let settings = model["training"]["settings"].as_object_mut().unwrap();
        for later in [
            "scale",
            "init_spread",
            "init_scale",
            "norm",
            "residual",
            "dropout",
            "loss",
            "label_smoothing",
            "schedule",
            "clip_norm",
        ] {
            settings.remove(later).unwrap();
        }
    });
    assert_eq!(older, "accepted");
}

/// The grades of a model after a change inside its file, or why it was refused.
fn grades_with_change(change: impl Fn(&mut Value)) -> Result<Option<Vec<f64>>, String> {
    let model = Model::from_json(&changed(change));
    let values = |model: Model| model.grades.map(|grades| grades.values().to_vec());
    model.map(values).map_err(|problem| problem.to_string())
}

#[test]
fn grades_are_kept_and_files_from_before_them_have_those_of_their_names() {
    let without = |model: &mut Value| drop(model.as_object_mut().unwrap().remove("grades"));
    assert_eq!(grades_with_change(without), Ok(None));
    assert_eq!(grades_with_change(|m| m["grades"] = json!([3, -0.5])), Ok(Some(vec![3.0, -0.5])));
    let numbered = |model: &mut Value| {
        without(model);
        model["classes"] = json!(["1", "2.5"]);
        model["scores"] = Value::Null;
    };
    assert_eq!(grades_with_change(numbered), Ok(Some(vec![1.0, 2.5])));
    for wrong in [json!([1]), json!([1, 2, 3]), json!([1, 1e200]), json!(["1", "2"])] {
        assert!(grades_with_change(|model| model["grades"] = wrong.clone()).is_err(), "{wrong}");
    }
}
