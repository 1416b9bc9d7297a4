//! A model in the forms that other programs read.

mod graph;
mod numbers;
mod proto;

use ndarray::Array1;
use prost::Message as _;

use crate::error::Result;
use crate::image::{View, Views};
use crate::learn::scale::Scaler;
use crate::model::Model;
use crate::texture::schema::Schema;
use graph::{Builder, Extent, Name, value};

pub use numbers::numbers_to_onnx;

/// The type of the numbers that go into a graph and come out of it. Between them it always computes with
/// 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits, seven decimal digits: what most programs expect.
    Single,
    /// 64 bits, the features as they were computed.
    Double,
}

impl Precision {
    /// The type of the numbers at either end of a graph.
    fn element(self) -> i32 {
        match self {
            Self::Single => proto::FLOAT,
            Self::Double => proto::DOUBLE,
        }
    }
}

/// ONNX's operators of this version are used: the newest whose ReduceMean has its axes as an attribute.
const OPERATORS: i64 = 17;
/// The version of the file format that came with them.
const FORMAT: i64 = 8;

/// A model as one ONNX graph: scaling, network, temperature and softmax, equal to
/// [`crate::learn::classifier::Classifier::predict`].
///
/// | value | shape | |
/// | --- | --- | --- |
/// | input `features` | (N, columns), or (N, views, columns) where the model averages over several views | as extraction computes them, unscaled |
/// | output `probabilities` | (N, classes) | each row sums to 1 |
/// | output `logits` | (N, classes) | averaged over the views, before the division by the temperature |
///
/// N and the number of views are open: a single view gives the prediction of the picture as it is. The
/// metadata have `classes`, `features`, `views` (JSON lists of names), `descriptor` (JSON), `descriptor_digest`,
/// `temperature`, and `grades` where there are any. The same model gives the same bytes.
///
/// With [`Precision::Single`] features are rounded to 24 bits before they come in, and what is left of the error
/// is theirs: a feature v moves by at most `|v| / 2^24`. A column that never varied loses nothing.
/// [`rounded`] names those where it matters.
///
/// Familiarity is not part of the graph.
///
/// # Errors
/// [`crate::Error::Data`] for a descriptor that cannot be written as JSON, which no loaded model has.
pub fn to_onnx(model: &Model, precision: Precision) -> Result<Vec<u8>> {
    let element = precision.element();
    let classifier = &model.classifier;
    let views = classifier.views.averaged();
    let mut graph = Builder::default();
    let x = graph.cast("features", proto::DOUBLE, None);
    let x = scaled(&mut graph, &classifier.scaler, x, precision);
    let mut logits = graph.layers(classifier.network.layers(), x);
    if 1 < views.count() {
        logits = graph.mean_of_views(&logits);
    }
    graph.cast(&logits, element, Some("logits"));
    let temperature = graph.number("temperature", classifier.temperature);
    let softer = graph.apply("Div", &[&logits, &temperature]);
    let probs = graph.softmax(&softer);
    graph.cast(&probs, element, Some("probabilities"));

    let (n_columns, n_classes) = (model.descriptor.schema().len(), model.classes.len());
    let mut shape = vec![Extent::Open("N"), Extent::Fixed(n_columns)];
    if 1 < views.count() {
        shape.insert(1, Extent::Open("looks"));
    }
    let by_class = [Extent::Open("N"), Extent::Fixed(n_classes)];
    let inputs = vec![value("features", "as textura score --model computes them", element, &shape)];
    let outputs = vec![
        value("probabilities", "of the classes", element, &by_class),
        value("logits", "before temperature and softmax", element, &by_class),
    ];
    let file = proto::Model {
        ir_version: FORMAT,
        producer_name: "textura".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: "from the features of a picture to the probabilities of classes".into(),
        graph: Some(graph.finish(inputs, outputs)),
        opset_import: vec![proto::OperatorSet { domain: String::new(), version: OPERATORS }],
        metadata_props: metadata(model, views)?,
    };
    Ok(file.encode_to_vec())
}

/// Square roots of histograms, then mean and divisor of every column.
fn scaled(graph: &mut Builder, scaler: &Scaler, mut x: Name, precision: Precision) -> Name {
    if scaler.rooted().contains(&true) {
        let zero = graph.number("zero", 0.0);
        let floored = graph.apply("Max", &[&x, &zero]);
        let roots = graph.apply("Sqrt", &[&floored]);
        let rooted = graph.truths("is_histogram", scaler.rooted());
        x = graph.apply("Where", &[&rooted, &roots, &x]);
    }
    let mean = scaler.mean().iter().enumerate().map(|(column, &mean)| {
        // What always is the mean has to become 0, so the mean is rounded as the feature is.
        if precision == Precision::Single && scaler.is_constant(column) {
            f64::from(mean as f32)
        } else {
            mean
        }
    });
    let mean: Array1<f64> = mean.collect();
    let divisor: Array1<f64> = scaler.divisor().iter().copied().collect();
    let x = graph.by_column("Sub", &x, "mean", &mean);
    graph.by_column("Div", &x, "divisor", &divisor)
}

/// The columns that vary so little beside their mean that 32 bits move them, once scaled, by 1e-4 or more. Where
/// there are any, [`Precision::Double`] is the better choice.
pub fn rounded<'a>(scaler: &Scaler, schema: &'a Schema) -> Vec<&'a str> {
    let is_rounded = |column: usize| {
        let (mean, divisor) = (scaler.mean()[column], scaler.divisor()[column]);
        !scaler.is_constant(column) && 1e-4 <= mean.abs() / f64::from(1 << 24) / divisor
    };
    let names = schema.names().enumerate();
    names.filter(|(column, _)| is_rounded(*column)).map(|(_, name)| name).collect()
}

fn metadata(model: &Model, views: Views) -> Result<Vec<proto::Entry>> {
    let names: Vec<&str> = model.descriptor.schema().names().collect();
    let views: Vec<&str> = views.iter().map(View::name).collect();
    let mut entries = vec![
        ("classes", json(&model.classes)?),
        ("features", json(&names)?),
        ("looks", json(&views)?),
        ("descriptor", json(model.descriptor.options())?),
        ("descriptor_digest", model.descriptor.digest()),
        ("temperature", model.classifier.temperature.to_string()),
    ];
    if let Some(grades) = &model.grades {
        entries.push(("grades", json(grades.values())?));
    }
    Ok(self::entries(entries))
}

fn entries(entries: Vec<(&str, String)>) -> Vec<proto::Entry> {
    let entry = |(key, value): (&str, String)| proto::Entry { key: key.to_owned(), value };
    entries.into_iter().map(entry).collect()
}

fn json(value: &(impl serde::Serialize + ?Sized)) -> Result<String> {
    use crate::error::{Error, Problem};
    serde_json::to_string(value).map_err(|e| {
        let problem = Problem::new("values that JSON can hold", e.to_string(), "train it again");
        Error::data("model", problem)
    })
}

#[cfg(test)]
mod tests;
