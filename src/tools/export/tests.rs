use prost::Message as _;

use super::{Precision, proto, rounded, to_onnx};
use crate::model::tests::small_model;

fn decoded(precision: Precision) -> proto::Model {
    let file = to_onnx(&small_model(), precision).unwrap();
    proto::Model::decode(file.as_slice()).unwrap()
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    for precision in [Precision::Single, Precision::Double] {
        let file = to_onnx(&small_model(), precision).unwrap();
        assert_eq!(file, to_onnx(&small_model(), precision).unwrap());
        assert!(1000 < file.len());
    }
}

#[test]
fn every_value_is_made_once_and_before_it_is_used() {
    let graph = decoded(Precision::Single).graph.unwrap();
    let mut known: Vec<String> = graph.input.iter().map(|input| input.name.clone()).collect();
    known.extend(graph.initializer.iter().map(|tensor| tensor.name.clone()));
    for node in &graph.node {
        for input in &node.input {
            assert!(known.contains(input), "{} uses {input}", node.name);
        }
        known.extend(node.output.iter().cloned());
    }
    assert!(graph.output.iter().all(|output| known.contains(&output.name)));
    let n = known.len();
    known.sort();
    known.dedup();
    assert_eq!(known.len(), n);
    assert!(20 < graph.node.len());
}

#[test]
fn precision_decides_the_type_of_inputs_and_outputs() {
    for (precision, element) in
        [(Precision::Single, proto::FLOAT), (Precision::Double, proto::DOUBLE)]
    {
        let graph = decoded(precision).graph.unwrap();
        let values: Vec<_> = graph.input.iter().chain(&graph.output).collect();
        assert_eq!(values.len(), 3);
        for value in values {
            let tensor = value.kind.clone().unwrap().tensor.unwrap();
            assert_eq!(tensor.element, element, "{}", value.name);
        }
    }
}

#[test]
fn columns_that_32_bits_move_are_named() {
    let mut model = small_model();
    assert!(rounded(&model.classifier.scaler, model.descriptor.schema()).is_empty());
    let mut scaler = serde_json::to_value(&model.classifier.scaler).unwrap();
    // 1e6 / 2^24 is 0.06; of a spread of 100 that is 6e-4, of 10 000 it is 6e-6.
    for (at, divisor) in [(2, 1e2), (3, 1e4), (4, 1.0)] {
        scaler["mean"][at] = 1e6.into();
        scaler["divisor"][at] = divisor.into();
        // The last one never varied.
        scaler["constant"][at] = (at == 4).into();
    }
    model.classifier.scaler = serde_json::from_value(scaler).unwrap();
    let third = model.descriptor.schema().names().nth(2).unwrap();
    assert_eq!(rounded(&model.classifier.scaler, model.descriptor.schema()), [third]);
}
