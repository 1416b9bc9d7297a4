//! Damaged model files: with a checksum that tells, and with one that fits the damage.

use std::collections::BTreeMap;

use ndarray::Array2;
use serde_json::{Value, json};
use textura::model::Model;
use textura::random::Random;

use super::damage::{Kind, NUMBERS, a_number, damaged};
use super::within_memory;
use crate::common::seeds;

/// Files with each kind of damage.
const N_EACH: usize = 170;

/// Everything that a model says of two rows of features, and what it says of itself.
#[derive(Debug, PartialEq)]
struct Answers {
    classes: Vec<String>,
    digest: String,
    tile: Option<usize>,
    grades: Option<Vec<f64>>,
    probs: Vec<f64>,
    familiarity: Vec<f64>,
    n_remembered: Option<usize>,
}

fn answers(model: &Model) -> textura::Result<Answers> {
    let n_columns = model.descriptor.schema().len();
    let rows = Array2::from_shape_fn((3, n_columns), |(row, at)| (row * at % 7) as f64 / 7.0);
    let predictions =
        model.classifier.predict(&vec![rows; model.classifier.views.averaged().count()])?;
    Ok(Answers {
        classes: model.classes.clone(),
        digest: model.descriptor.digest(),
        tile: model.tile,
        grades: model.grades.as_ref().map(|grades| grades.values().to_vec()),
        probs: predictions.probs.iter().copied().collect(),
        familiarity: predictions.familiarity,
        n_remembered: model.sample.as_ref().map(|sample| sample.data().len()),
    })
}

#[test]
fn a_thousand_damaged_models_are_refused_or_say_the_same() {
    let whole = seeds::small_model();
    let expected = answers(&Model::from_json(&whole).unwrap()).unwrap();
    let mut random = Random::new(11, 0);
    let mut refused: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut n_seen = 0;
    for kind in Kind::ALL {
        for at in 0..N_EACH {
            let file = damaged(&whole, kind, true, &mut random);
            let what = format!("{kind:?} {at}");
            match within_memory(&what, file.len(), || Model::from_json(&file)) {
                Ok(model) => assert_eq!(answers(&model).unwrap(), expected, "{what}"),
                Err(problem) => {
                    assert!(!problem.advice.is_empty() && !problem.found.is_empty(), "{what}");
                    *refused.entry(kind).or_default() += 1;
                }
            }
            n_seen += 1;
        }
    }
    println!("of {N_EACH} each were refused: {refused:?}");
    assert_eq!(n_seen, 6 * N_EACH);
    assert!(refused.values().all(|&n| N_EACH * 9 / 10 < n), "{refused:?}");
}

/// A file whose checksum is that of its model.
fn sealed(model: &str) -> Vec<u8> {
    let hash = match serde_json::from_str::<Value>(model) {
        Ok(value) => blake3::hash(&serde_json::to_vec(&value).unwrap()),
        Err(_) => blake3::hash(model.as_bytes()),
    };
    let head = format!("{{\"format\":\"textura model\",\"version\":3,\"checksum\":\"{hash}\"");
    format!("{head},\"model\":{model}}}\n").into_bytes()
}

/// Some value inside another.
fn somewhere<'a>(value: &'a mut Value, random: &mut Random) -> &'a mut Value {
    let n = match &*value {
        Value::Array(values) => values.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if n == 0 || random.below(8) == 0 {
        return value;
    }
    let at = random.below(n);
    match value {
        Value::Array(values) => somewhere(&mut values[at], random),
        Value::Object(fields) => somewhere(fields.values_mut().nth(at).unwrap(), random),
        leaf => leaf,
    }
}

/// One change of meaning.
fn change(model: &mut Value, random: &mut Random) {
    let extremes = [
        json!(-1),
        json!(0),
        json!(1e308),
        json!(-1e308),
        json!(1e-320),
        json!(u64::MAX),
        json!(1u64 << 40),
        json!(0.5),
        Value::Null,
        json!([]),
        json!({}),
        json!(""),
        json!("<b>&\"'"),
        json!(true),
    ];
    let choice = random.below(4);
    let extreme = extremes[random.below(extremes.len())].clone();
    match somewhere(model, random) {
        Value::Array(values) if !values.is_empty() && choice != 0 => {
            let (one, other) = (random.below(values.len()), random.below(values.len()));
            match choice {
                1 => drop(values.remove(one)),
                2 => values.insert(one, values[other].clone()),
                _ => values.swap(one, other),
            }
        }
        Value::Object(fields) if !fields.is_empty() && choice != 0 => {
            let name = fields.keys().nth(random.below(fields.len())).unwrap().clone();
            let value = fields.remove(&name).unwrap();
            if choice == 2 {
                fields.insert(format!("{name}_"), value);
            } else if choice == 3 {
                fields.insert(name, extreme);
            }
        }
        leaf => *leaf = extreme,
    }
}

#[test]
fn a_thousand_models_with_a_checksum_that_fits_are_refused_or_sound() {
    let whole: Value = serde_json::from_slice(&seeds::small_model()).unwrap();
    let model = &whole["model"];
    let text = model.to_string();
    assert!(Model::from_json(&sealed(&text)).is_ok(), "without damage it is a model");
    let mut random = Random::new(12, 0);
    let (mut n_refused, mut n_sound, mut n_speechless, mut n_seen) = (0, 0, 0, 0);
    for at in 0..1000 {
        let altered = if at % 2 == 0 {
            let mut altered = model.clone();
            (0..1 + at / 2 % 3).for_each(|_| change(&mut altered, &mut random));
            altered.to_string()
        } else {
            let mut altered = text.clone();
            let number = a_number(altered.as_bytes(), &mut random);
            altered.replace_range(number, NUMBERS[at / 2 % NUMBERS.len()]);
            altered
        };
        let file = sealed(&altered);
        n_seen += 1;
        let what = format!("change {at}");
        let Ok(model) = within_memory(&what, file.len(), || Model::from_json(&file)) else {
            n_refused += 1;
            continue;
        };
        // It is another model, and a checksum that fits says that this is meant. Then it must be a sound one.
        match answers(&model) {
            Ok(answers) => {
                let rows = answers.probs.chunks(answers.classes.len());
                assert!(rows.clone().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-9));
                let all = answers.probs.iter().chain(&answers.familiarity);
                assert!(all.clone().all(|p| (0.0..=1.0).contains(p)), "change {at}");
                n_sound += 1;
            }
            Err(error) => {
                assert!(matches!(error, textura::Error::Data { .. }), "change {at}: {error}");
                n_speechless += 1;
            }
        }
    }
    println!("{n_refused} refused, {n_sound} sound, {n_speechless} answer with an error");
    assert_eq!(n_seen, 1000);
    assert!(300 < n_refused && 0 < n_sound, "{n_refused} refused, {n_sound} sound");
}

#[test]
fn weights_that_overflow_are_an_error_and_no_answer() {
    let mut whole: Value = serde_json::from_slice(&seeds::small_model()).unwrap();
    let mut n_seen = 0;
    for layer in whole["model"]["network"].as_array_mut().unwrap() {
        if let Some(weights) = layer.pointer_mut("/dense/weights") {
            for weight in weights
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .flat_map(|row| row.as_array_mut().unwrap())
            {
                *weight = json!(1e308);
                n_seen += 1;
            }
        }
    }
    assert!(90 < n_seen);
    let model = Model::from_json(&sealed(&whole["model"].to_string())).unwrap();
    let error = answers(&model).unwrap_err().to_string();
    assert!(error.contains("probabilities from 0 to 1"), "{error}");
}
