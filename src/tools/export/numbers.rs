//! A model of numbers as one ONNX graph.

use ndarray::Array1;

use super::graph::{Builder, Extent, Name, value};
use super::{FORMAT, OPERATORS, Precision, entries, json, proto, scaled};
use crate::error::Result;
use crate::learn::regression::RadialNetwork;
use crate::model::regression::Regressor;
use prost::Message as _;

/// From the features of a picture to its numbers: scaling, radial units or the average of networks trained by
/// back-propagation, the linear output, and the unit that the numbers are in; equal to what [`Regressor::read`] says.
///
/// | value | shape | |
/// | --- | --- | --- |
/// | input `features` | (N, columns) | as extraction computes them, unscaled |
/// | output `values` | (N, targets) | the numbers, in the order of the metadata's `targets` |
///
/// N is open. The metadata have `targets` and `features` (JSON lists of names), `descriptor` (JSON) and `descriptor_digest`. What is
/// said of [`super::to_onnx`] and its precision holds here. Intervals and familiarity are not part of the graph.
///
/// # Errors
/// [`crate::Error::Data`] for a descriptor that cannot be written as JSON, which no loaded model has.
pub fn numbers_to_onnx(regressor: &Regressor, precision: Precision) -> Result<Vec<u8>> {
    let element = precision.element();
    let mut graph = Builder::default();
    let x = graph.cast("features", proto::DOUBLE, None);
    let x = scaled(&mut graph, regressor.scaler(), x, precision);
    let networks = regressor.radial_networks();
    let said: Vec<Name> = match averaged(&mut graph, regressor, &x) {
        Some(outputs) => {
            (0..networks.len()).map(|at| column(&mut graph, &outputs, at, networks.len())).collect()
        }
        None => networks.iter().map(|network| radial(&mut graph, network, &x)).collect(),
    };
    let columns: Vec<Name> = said
        .iter()
        .zip(&networks)
        .map(|(said, network)| restored(&mut graph, network, said))
        .collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let values = graph.joined(&columns);
    graph.cast(&values, element, Some("values"));

    let n_columns = regressor.descriptor.schema().len();
    let shape = |n| [Extent::Open("N"), Extent::Fixed(n)];
    let about = "as textura score --model computes them";
    let inputs = vec![value("features", about, element, &shape(n_columns))];
    let outputs = vec![value("values", "the numbers", element, &shape(networks.len()))];
    let names: Vec<&str> = regressor.descriptor.schema().names().collect();
    let metadata = entries(vec![
        ("targets", json(&regressor.names())?),
        ("features", json(&names)?),
        ("descriptor", json(regressor.descriptor.options())?),
        ("descriptor_digest", regressor.descriptor.digest()),
    ]);
    let file = proto::Model {
        ir_version: FORMAT,
        producer_name: "textura".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: "from the features of a picture to numbers".into(),
        graph: Some(graph.finish(inputs, outputs)),
        opset_import: vec![proto::OperatorSet { domain: String::new(), version: OPERATORS }],
        metadata_props: metadata,
    };
    Ok(file.encode_to_vec())
}

/// What the networks that were trained by back-propagation say on average (N, targets).
fn averaged(graph: &mut Builder, regressor: &Regressor, x: &str) -> Option<Name> {
    let networks = regressor.networks();
    let outputs = networks.iter().map(|network| graph.layers(network.layers(), x.to_owned()));
    let outputs: Vec<Name> = outputs.collect();
    let sum = outputs.into_iter().reduce(|sum, other| graph.apply("Add", &[&sum, &other]))?;
    Some(times(graph, &sum, 1.0 / networks.len() as f64))
}

/// One of some columns (N, 1).
fn column(graph: &mut Builder, columns: &str, at: usize, n_columns: usize) -> Name {
    let mut chosen = vec![0.0; n_columns];
    chosen[at] = 1.0;
    let chosen = graph.numbers("chosen", &[n_columns, 1], &chosen);
    graph.apply("MatMul", &[columns, &chosen])
}

/// One standardised number of every row by radial units (N, 1).
fn radial(graph: &mut Builder, network: &RadialNetwork, x: &str) -> Name {
    let RadialNetwork { centres, column_weights, unit, kernel, weights, .. } = network;
    let (n_centres, n_columns) = centres.dim();
    // |x - c|^2 = |x|^2 + |c|^2 - 2 x . c, for rows and centres whose columns were weighted.
    let x = graph.by_column("Mul", x, "column_weights", column_weights);
    let squares = graph.apply("Mul", &[&x, &x]);
    let ones = graph.numbers("ones", &[n_columns, 1], &vec![1.0; n_columns]);
    let own = graph.apply("MatMul", &[&squares, &ones]);
    let transposed = centres.t().as_standard_layout().into_owned();
    let transposed = graph.numbers("centres", &[n_columns, n_centres], &transposed);
    let products = graph.apply("MatMul", &[&x, &transposed]);
    let lengths: Array1<f64> = centres.rows().into_iter().map(|row| row.dot(&row)).collect();
    let both = graph.by_column("Add", &own, "centre_squares", &lengths);
    let twice = times(graph, &products, 2.0);
    let squared = graph.apply("Sub", &[&both, &twice]);
    let zero = graph.number("zero", 0.0);
    let squared = graph.apply("Max", &[&squared, &zero]);
    let r = times(graph, &squared, 5.0 / unit / (kernel.length * kernel.length));
    let r = graph.apply("Sqrt", &[&r]);
    // (1 + r + r^2 / 3) e^-r, and the straight part.
    let square = graph.apply("Mul", &[&r, &r]);
    let third = times(graph, &square, 1.0 / 3.0);
    let one = graph.number("one", 1.0);
    let bent = graph.apply("Add", &[&r, &one]);
    let bent = graph.apply("Add", &[&bent, &third]);
    let minus = graph.apply("Neg", &[&r]);
    let fall = graph.apply("Exp", &[&minus]);
    let radial = graph.apply("Mul", &[&bent, &fall]);
    let straight = times(graph, &products, kernel.linear / unit);
    let hidden = graph.apply("Add", &[&radial, &straight]);
    let weights = graph.numbers("output_weights", &[n_centres, 1], weights);
    let output = graph.apply("MatMul", &[&hidden, &weights]);
    plus(graph, &output, network.constant)
}

/// Numbers in the unit that they were given in (N, 1).
fn restored(graph: &mut Builder, network: &RadialNetwork, standardised: &str) -> Name {
    let output = times(graph, standardised, network.deviation);
    let output = plus(graph, &output, network.mean);
    if network.is_log { graph.apply("Exp", &[&output]) } else { output }
}

fn times(graph: &mut Builder, x: &str, factor: f64) -> Name {
    let factor = graph.number("factor", factor);
    graph.apply("Mul", &[x, &factor])
}

fn plus(graph: &mut Builder, x: &str, term: f64) -> Name {
    let term = graph.number("term", term);
    graph.apply("Add", &[x, &term])
}
