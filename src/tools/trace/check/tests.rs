//! Every mistake, in every form, is named from its numbers; right programs pass in every convention.

use std::path::Path;

use super::{Verdict, check};
use crate::nn::trace::{Coding, Field, Mistake, Order, Phase, Variation};
use crate::tools::trace::{Array, Given};

fn example() -> Given {
    Given::example().unwrap()
}

fn given(fields: &[Field], is_meant: impl Fn(&Field) -> bool) -> Given {
    let mut given = Given::default();
    for field in fields.iter().filter(|field| is_meant(field)) {
        let array = Array { shape: field.shape.clone(), values: field.values.clone() };
        given.fields.insert(field.name.clone(), array);
    }
    given
}

fn traced(base: &Given, variations: &[Variation]) -> Vec<Field> {
    base.subject(Path::new("a.json"), 0).unwrap().update.trace(variations).unwrap()
}

fn checked(base: &Given, file: &Given) -> Verdict {
    check(base, file, Path::new("my.json"), 0).unwrap()
}

fn is_computed(field: &Field) -> bool {
    field.phase != Phase::Given
}

fn names(verdict: &Verdict, mistake: Mistake) -> bool {
    verdict.first_wrong.is_some() && verdict.gives_all && verdict.mistakes.contains(&vec![mistake])
}

#[test]
fn a_right_program_passes_whatever_it_writes_down() {
    let fields = traced(&example(), &[]);
    let verdict = checked(&example(), &given(&fields, |_| true));
    assert_eq!((verdict.first_wrong, verdict.conventions.len()), (None, 0));
    assert!(verdict.n_numbers > 200, "{}", verdict.n_numbers);
    for field in fields.iter().filter(|field| is_computed(field)) {
        let verdict = checked(&example(), &given(&fields, |f| f.name == field.name));
        assert_eq!((verdict.first_wrong, verdict.n_fields), (None, 1), "{}", field.name);
    }
}

#[test]
fn every_form_of_every_mistake_is_named() {
    let mut n_named = 0;
    for variation in Variation::all(4, 3) {
        let fields = traced(&example(), std::slice::from_ref(&variation));
        let is_few = |field: &Field| {
            let few = ["probabilities", "loss", "output_deltas", "hidden_deltas"];
            few.contains(&field.name.as_str()) || field.name.ends_with("_after")
        };
        let with_givens = |field: &Field| is_computed(field) || field.name.ends_with("_before");
        for file in [given(&fields, is_few), given(&fields, with_givens)] {
            if matches!(&variation, Variation::WrongOrder(Order::Rows(order)) if order[1] == 3 && order[3] == 1 && order[0] == 0)
            {
                continue; // Two rows of one class changed places.
            }
            let verdict = checked(&example(), &file);
            let mistake = variation.mistake();
            assert!(
                names(&verdict, mistake),
                "{variation:?}: {:?} {:?}",
                verdict.mistakes,
                verdict.first_wrong
            );
            n_named += 1;
        }
    }
    assert!(n_named > 90, "{n_named}");
}

#[test]
fn two_mistakes_with_the_same_numbers_are_both_named() {
    let fields = traced(&example(), &[Variation::JacobianTwice]);
    let verdict = checked(&example(), &given(&fields, |f| f.name == "output_deltas"));
    assert!(names(&verdict, Mistake::JacobianTwice) && names(&verdict, Mistake::SquaredError));
    let wrong = verdict.first_wrong.unwrap();
    assert_eq!((wrong.name.as_str(), wrong.place), ("output_deltas", Some((0, 0))));
}

#[test]
fn two_mistakes_at_once_are_named_together() {
    let both = [Variation::Diagonal { of_entropy: false }, Variation::LateDeltas];
    let verdict = checked(&example(), &given(&traced(&example(), &both), is_computed));
    assert!(verdict.gives_all);
    assert_eq!(verdict.mistakes, [vec![Mistake::Diagonal, Mistake::LateDeltas]]);
}

#[test]
fn an_unknown_mistake_still_has_its_first_wrong_number() {
    let mut file = given(&traced(&example(), &[]), is_computed);
    file.fields.get_mut("hidden_deltas").unwrap().values[3] *= 1.5;
    let verdict = checked(&example(), &file);
    assert_eq!(verdict.mistakes, Vec::<Vec<Mistake>>::new());
    let wrong = verdict.first_wrong.unwrap();
    assert_eq!((wrong.name.as_str(), wrong.place), ("hidden_deltas", Some((1, 1))));
}

/// A field in another convention.
fn scale(file: &mut Given, ends: &[&str], factor: f64) {
    for (name, array) in &mut file.fields {
        if ends.iter().any(|end| name.ends_with(end)) {
            array.values.iter_mut().for_each(|value| *value *= factor);
        }
    }
}

const DELTAS: [&str; 4] = ["deltas", "_back", "probability_gradients", "jacobian_product"];

#[test]
fn other_conventions_pass_with_a_word() {
    let fields = traced(&example(), &[]);
    let all = || given(&fields, |_| true);
    let passes = |file: &Given, word: &str| {
        let verdict = checked(&example(), file);
        assert_eq!(verdict.first_wrong, None, "{word}");
        let words = verdict.conventions.join("; ");
        assert!(words.contains(word), "{words}");
    };
    let mut file = all();
    scale(&mut file, &DELTAS, -1.0);
    passes(&file, "gradients p - y: the weights must be updated with -=");
    scale(&mut file, &["_gradient", "_step", "_velocity", "_velocity_before"], -1.0);
    passes(&file, "must be updated with +=");
    let mut file = all();
    scale(&mut file, &["_velocity", "_velocity_before"], -0.1);
    passes(&file, "contains the rate");
    let mut file = all();
    scale(&mut file, &["loss"], 4.0);
    scale(&mut file, &DELTAS, 4.0);
    passes(&file, "a sum over the examples");
    passes(&all().turned(true, false), "(out, in)");
    passes(&all().turned(true, true), "in columns");
    let mut labels = all();
    let numbers = vec![1.0, 2.0, 3.0, 2.0];
    labels.fields.insert("labels".into(), Array { shape: vec![4], values: numbers });
    passes(&labels, "count from 1");

    // Sums throughout: the loss is a sum, and the weights are moved by sums.
    let mut sums = given(&traced(&example(), &[Variation::MissingDivision]), |_| true);
    assert!(names(&checked(&example(), &sums), Mistake::MissingDivision));
    scale(&mut sums, &["loss"], 4.0);
    passes(&sums, "not means");
    sums.fields.remove("loss");
    passes(&sums, "not means");
    assert!(checked(&example(), &sums).notes[0].contains("missing-division"));
}

#[test]
fn a_program_with_its_own_network_is_compared_with_itself() {
    let text = r#"{"inputs": [[0.5, -1, 2], [1, 1, 0]], "labels": [1, 0],
        "w1": [[0.1, -0.2, 0.3, 0.4], [0.5, 0.6, -0.7, 0.8], [-0.9, 1.0, 1.1, 1.2]],
        "w2": [[0.3, -0.3], [0.2, 0.1], [-0.5, 0.4], [0.7, 0.6]], "rate": 0.5, "momentum": 0}"#;
    let own = Given::from_json(text).unwrap();
    let fields = traced(&own, &[]);
    let with = |variations: &[Variation]| {
        let mut file = given(&traced(&own, variations), is_computed);
        file.fields.extend(own.fields.clone());
        file.settings = own.settings.clone();
        checked(&example(), &file)
    };
    assert_eq!(with(&[]).first_wrong, None);
    assert!(names(&with(&[Variation::BatchSoftmax]), Mistake::BatchSoftmax));
    assert!(names(&with(&[Variation::NotOneHot(Coding::Number)]), Mistake::NotOneHot));
    let mut turned = given(&fields, |_| true).turned(true, true);
    turned.settings = own.settings.clone();
    assert_eq!(checked(&example(), &turned).first_wrong, None);
}

#[test]
fn the_first_example_alone_may_be_given() {
    let check = |p: &str| {
        let file = Given::from_json(&format!(
            r#"{{"p": {p}, "output_deltas": [-0.18882, 0.16631, 0.02251]}}"#
        ));
        checked(&example(), &file.unwrap())
    };
    assert_eq!(check("[[0.24473, 0.66524, 0.09003]]").first_wrong, None);
    let wrong = check("[0.24473, 0.66524, 0.08003]").first_wrong.unwrap();
    assert_eq!((wrong.name.as_str(), wrong.place), ("probabilities", Some((0, 2))));
}

#[test]
fn an_order_of_many_rows_is_read_from_the_numbers() {
    let mut own = example();
    let (n, d) = (30, 2);
    let inputs = (0..n * d).map(|at| ((at * at) as f64).sin()).collect();
    own.fields.insert("inputs".into(), Array { shape: vec![n, d], values: inputs });
    let labels = (0..n).map(|row| (row * row % 7 % 3) as f64).collect();
    own.fields.insert("labels".into(), Array { shape: vec![n], values: labels });
    let order: Vec<usize> = (0..n).map(|row| (row * 7 + 3) % n).collect();
    let fields = traced(&own, &[Variation::WrongOrder(Order::Rows(order))]);
    let mut file = given(&fields, |field| is_computed(field) || field.name == "inputs");
    file.fields.insert("labels".into(), own.get("labels").unwrap().clone());
    assert!(names(&checked(&example(), &file), Mistake::WrongOrder));
}

#[test]
fn a_single_output_with_softmax_is_named() {
    let text = r#"{"inputs": [[1, 0], [0, 1]], "targets": [[1], [0]], "w1": [[0.1, 0.2], [0.3, 0.4]],
        "w2": [[0.5], [-0.5]], "probabilities": [[1], [1]], "loss": 0}"#;
    let file = Given::from_json(text).unwrap();
    assert!(names(&checked(&example(), &file), Mistake::SingleOutput));
    // Without its weights the network is the example's, with three outputs.
    let file = Given::from_json(r#"{"p": [[1], [1], [1], [1]]}"#).unwrap();
    let verdict = checked(&example(), &file);
    assert_eq!(verdict.mistakes, [vec![Mistake::SingleOutput]]);
    assert_eq!(verdict.first_wrong.unwrap().sizes, [(4, 3), (4, 1)]);
}

#[test]
fn class_numbers_as_targets_are_named() {
    for labels in ["[0, 1, 2, 1]", "[[1], [2], [3], [2]]"] {
        let file = Given::from_json(&format!(r#"{{"targets": {labels}}}"#)).unwrap();
        assert!(names(&checked(&example(), &file), Mistake::NotOneHot), "{labels}");
    }
}

#[test]
fn numbers_may_be_rounded_or_of_32_bits() {
    let fields = traced(&example(), &[]);
    for round in [|x: f64| f64::from(x as f32), |x: f64| (x * 1e4).round() / 1e4] {
        let mut file = given(&fields, is_computed);
        file.fields.values_mut().flat_map(|array| &mut array.values).for_each(|x| *x = round(*x));
        assert_eq!(checked(&example(), &file).first_wrong, None);
    }
}

#[test]
fn a_file_without_a_number_to_compare_is_refused() {
    let file = Given::from_json(r#"{"output_dletas": [1, 2]}"#).unwrap();
    let error = check(&example(), &file, Path::new("my.json"), 0).unwrap_err().to_string();
    assert!(
        error.contains("my.json") && error.contains("did you mean `output_deltas`?"),
        "{error}"
    );
}

#[test]
fn a_network_of_its_own_is_told_what_was_taken_for_it() {
    let json = r#"{"hidden": [3], "activation": "tanh", "rate": 0.3, "momentum": 0.8}"#;
    let mut net = Given::from_json(json).unwrap();
    for name in ["inputs", "labels"] {
        net.fields.insert(name.into(), example().get(name).unwrap().clone());
    }
    let fields = traced(&net, &[Variation::LateDeltas]);
    let is_written = |field: &Field| {
        let few = ["inputs", "probabilities", "loss", "output_deltas", "hidden_deltas"];
        let is_parameter = field.name.ends_with("_weights") || field.name.ends_with("_biases");
        few.contains(&field.name.as_str()) || field.phase == Phase::Given && is_parameter
    };
    let mut file = given(&fields, is_written);
    file.fields.insert("labels".into(), example().get("labels").unwrap().clone());
    // Neither the activation, which is found, nor the rate, which is named.
    let verdict = checked(&example(), &file);
    assert_eq!(verdict.first_wrong.as_ref().unwrap().name, "hidden_deltas");
    assert!(verdict.mistakes.is_empty());
    let notes = verdict.notes.join("; ");
    assert!(notes.contains("tanh fits") && notes.contains("rate (0.1 was taken)"), "{notes}");
    file.settings.insert("rate".into(), 0.3.into());
    let verdict = checked(&example(), &file);
    assert!(names(&verdict, Mistake::LateDeltas), "{verdict:?}");
    // Two settings that look alike are told apart; words are taken in any case.
    let of = |json: &str| Given::from_json(json).unwrap_err().to_string();
    assert!(of(r#"{"activaton": "tanh"}"#).contains("did you mean `activation`?"));
    assert_eq!(
        Given::from_json(r#"{"activation": "Tanh"}"#).unwrap().settings["activation"],
        "tanh"
    );
}
