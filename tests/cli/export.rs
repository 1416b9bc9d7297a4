//! `export`: the graph, run by a small interpreter, says what `classify` says.

use std::collections::BTreeMap;

use prost::Message;
use textura::image::{Purpose, Views};
use textura::model::Model;

use super::support::{Folder, fixtures, read_table};

/// ONNX's messages, as far as they are read here.
mod onnx {
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Model {
        #[prost(int64, tag = "1")]
        pub ir_version: i64,
        #[prost(message, required, tag = "7")]
        pub graph: Graph,
        #[prost(message, repeated, tag = "8")]
        pub opset_import: Vec<OperatorSet>,
        #[prost(message, repeated, tag = "14")]
        pub metadata_props: Vec<Entry>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct OperatorSet {
        #[prost(int64, tag = "2")]
        pub version: i64,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Entry {
        #[prost(string, tag = "1")]
        pub key: String,
        #[prost(string, tag = "2")]
        pub value: String,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Graph {
        #[prost(message, repeated, tag = "1")]
        pub node: Vec<Node>,
        #[prost(message, repeated, tag = "5")]
        pub initializer: Vec<Tensor>,
        #[prost(message, repeated, tag = "11")]
        pub input: Vec<Value>,
        #[prost(message, repeated, tag = "12")]
        pub output: Vec<Value>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Node {
        #[prost(string, repeated, tag = "1")]
        pub input: Vec<String>,
        #[prost(string, repeated, tag = "2")]
        pub output: Vec<String>,
        #[prost(string, tag = "4")]
        pub op_type: String,
        #[prost(message, repeated, tag = "5")]
        pub attribute: Vec<Attribute>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Attribute {
        #[prost(string, tag = "1")]
        pub name: String,
        #[prost(int64, tag = "3")]
        pub i: i64,
        #[prost(int64, repeated, tag = "8")]
        pub ints: Vec<i64>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Tensor {
        #[prost(int64, repeated, tag = "1")]
        pub dims: Vec<i64>,
        #[prost(int32, tag = "2")]
        pub data_type: i32,
        #[prost(string, tag = "8")]
        pub name: String,
        #[prost(bytes = "vec", tag = "9")]
        pub raw_data: Vec<u8>,
    }
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Value {
        #[prost(string, tag = "1")]
        pub name: String,
    }
}

/// Numbers of any shape, row by row; truths are 1 and 0.
#[derive(Clone, Debug)]
struct Tensor {
    shape: Vec<usize>,
    values: Vec<f64>,
}

impl Tensor {
    fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { shape: self.shape.clone(), values: self.values.iter().map(|&v| f(v)).collect() }
    }

    /// With a tensor whose shape is the end of this one's, repeated.
    fn with(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        assert!(self.shape.ends_with(&other.shape), "{:?} {:?}", self.shape, other.shape);
        let others = other.values.iter().cycle();
        let values = self.values.iter().zip(others).map(|(&a, &b)| f(a, b)).collect();
        Self { shape: self.shape.clone(), values }
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks(*self.shape.last().unwrap())
    }

    fn times(&self, weights: &Self) -> Self {
        let n = weights.shape[1];
        let mut values = Vec::new();
        for row in self.rows() {
            let unit =
                |j: usize| row.iter().enumerate().map(move |(i, x)| x * weights.values[i * n + j]);
            values.extend((0..n).map(|j| unit(j).sum::<f64>()));
        }
        let mut shape = self.shape.clone();
        *shape.last_mut().unwrap() = n;
        Self { shape, values }
    }

    fn softmax(&self) -> Self {
        let soft = |row: &[f64]| {
            let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = row.iter().map(|v| (v - most).exp()).collect();
            let sum: f64 = powers.iter().sum();
            powers.into_iter().map(move |p| p / sum).collect::<Vec<_>>()
        };
        Self { shape: self.shape.clone(), values: self.rows().flat_map(soft).collect() }
    }

    fn mean_of_second_axis(&self) -> Self {
        let [n, views, columns] = self.shape[..] else { panic!("{:?}", self.shape) };
        let at = |row: usize, view: usize, column: usize| {
            self.values[(row * views + view) * columns + column]
        };
        let mean = |row, column| (0..views).map(|l| at(row, l, column)).sum::<f64>() / views as f64;
        let values = (0..n).flat_map(|row| (0..columns).map(move |c| mean(row, c))).collect();
        Self { shape: vec![n, columns], values }
    }
}

/// A parsed file.
struct Exported(onnx::Model);

impl Exported {
    fn read(folder: &Folder, name: &str) -> Self {
        let bytes = std::fs::read(folder.path(name)).unwrap();
        Self(onnx::Model::decode(bytes.as_slice()).unwrap())
    }

    fn metadata(&self, key: &str) -> String {
        let found = self.0.metadata_props.iter().find(|entry| entry.key == key);
        found.unwrap_or_else(|| panic!("no {key}")).value.clone()
    }

    fn names(&self, key: &str) -> Vec<String> {
        serde_json::from_str(&self.metadata(key)).unwrap()
    }

    /// Runs the graph: all its values by name. As onnxruntime does, but in the plainest code.
    fn run(&self, features: Tensor) -> BTreeMap<String, Tensor> {
        let graph = &self.0.graph;
        assert_eq!(graph.input.len(), 1);
        let mut known = BTreeMap::from([(graph.input[0].name.clone(), features)]);
        for tensor in &graph.initializer {
            let shape: Vec<usize> = tensor.dims.iter().map(|&dim| dim as usize).collect();
            let values: Vec<f64> = match tensor.data_type {
                9 => tensor.raw_data.iter().map(|&byte| f64::from(byte)).collect(),
                11 => {
                    let eights = tensor.raw_data.chunks(8);
                    eights.map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect()
                }
                other => panic!("type {other}"),
            };
            assert_eq!(values.len(), shape.iter().product::<usize>(), "{}", tensor.name);
            known.insert(tensor.name.clone(), Tensor { shape, values });
        }
        for node in &graph.node {
            let input = |at: usize| &known[&node.input[at]];
            let attribute = |name: &str| node.attribute.iter().find(|a| a.name == name).unwrap();
            let x = input(0);
            let result = match node.op_type.as_str() {
                "Cast" if attribute("to").i == 1 => x.map(|v| f64::from(v as f32)),
                "Cast" => x.clone(),
                "Where" => {
                    let both = input(1).with(x, |root, is| if is == 1.0 { root } else { f64::NAN });
                    let pairs = both.values.iter().zip(&input(2).values);
                    let values = pairs.map(|(&a, &b)| if a.is_nan() { b } else { a }).collect();
                    Tensor { shape: both.shape.clone(), values }
                }
                "Sqrt" => x.map(f64::sqrt),
                "Relu" => x.map(|v| v.max(0.0)),
                "Sigmoid" => x.map(|v| 1.0 / (1.0 + (-v).exp())),
                "Tanh" => x.map(f64::tanh),
                "Max" => x.with(input(1), f64::max),
                "Min" => x.with(input(1), f64::min),
                "Add" => x.with(input(1), |a, b| a + b),
                "Sub" => x.with(input(1), |a, b| a - b),
                "Mul" => x.with(input(1), |a, b| a * b),
                "Div" => x.with(input(1), |a, b| a / b),
                "MatMul" => x.times(input(1)),
                "Softmax" => {
                    assert_eq!(attribute("axis").i, -1);
                    x.softmax()
                }
                "ReduceMean" => {
                    assert_eq!(
                        (&attribute("axes").ints[..], attribute("keepdims").i),
                        (&[1][..], 0)
                    );
                    x.mean_of_second_axis()
                }
                other => panic!("operator {other}"),
            };
            known.insert(node.output[0].clone(), result);
        }
        for output in &graph.output {
            assert!(known.contains_key(&output.name), "{}", output.name);
        }
        known
    }
}

/// Exports a model, runs the graph on what `score --model` computes, and gives the largest difference to the
/// probabilities of `classify`, with the operators used.
fn compare(folder: &Folder, model: &str, dtype: &str) -> (f64, Vec<String>) {
    folder.run(["export", model, "--onnx", "model.onnx", "--dtype", dtype]).expect(0);
    let exported = Exported::read(folder, "model.onnx");
    assert_eq!((exported.0.ir_version, exported.0.opset_import[0].version), (8, 17));
    let (features, classes) = (exported.names("features"), exported.names("classes"));
    let views = exported.names("looks");

    let scores = folder.run(["score", "two", "--model", model]).expect(0).table();
    let rows =
        scores.iter().flat_map(|row| features.iter().map(|name| row[name].parse::<f64>().unwrap()));
    let rounded = |v: f64| if dtype == "float32" { f64::from(v as f32) } else { v };
    let values: Vec<f64> = rows.map(rounded).collect();
    let n = scores.len() / views.len();
    let named: Vec<&String> = scores.iter().take(views.len()).map(|row| &row["look"]).collect();
    assert_eq!(named, views.iter().collect::<Vec<_>>());
    let shape = if views.len() == 1 {
        vec![n, features.len()]
    } else {
        vec![n, views.len(), features.len()]
    };
    let outputs = exported.run(Tensor { shape, values });
    let probabilities = &outputs["probabilities"];
    assert_eq!(probabilities.shape, [n, classes.len()]);

    let classified = folder.run(["classify", model, "two"]).expect(0).table();
    assert_eq!((classified.len(), n), (16, 16));
    let (mut worst, mut n_unsure): (f64, usize) = (0.0, 0);
    for (probs, row) in probabilities.rows().zip(&classified) {
        for (p, class) in probs.iter().zip(&classes) {
            let truth: f64 = row[&format!("p_{class}")].parse().unwrap();
            worst = worst.max((p - truth).abs());
            n_unsure += usize::from((0.01..0.99).contains(&truth));
        }
    }
    assert!(8 <= n_unsure, "probabilities of 0 and 1 agree whatever the graph does: {n_unsure}");
    // Logits come before the temperature.
    let temperature: f64 = exported.metadata("temperature").parse().unwrap();
    let again = outputs["logits"].map(|v| v / temperature).softmax();
    for (a, b) in again.values.iter().zip(&probabilities.values) {
        assert!((a - b).abs() < 1e-5);
    }
    (worst, exported.0.graph.node.iter().map(|node| node.op_type.clone()).collect())
}

/// Two classes with every fourth picture in the wrong one, so that no model can be sure.
fn wrongly_labelled() -> Folder {
    let folder = Folder::new();
    for (class, other) in [("brick", "dots"), ("dots", "brick")] {
        for k in 0..8 {
            let name = format!("{class}_{k:02}.png");
            let label = if k % 4 == 0 { other } else { class };
            folder
                .copy(fixtures("textures").join(class).join(&name), format!("two/{label}/{name}"));
        }
    }
    folder
}

#[test]
fn the_graph_gives_the_probabilities_of_classify_for_every_kind_of_network() {
    let folder = wrongly_labelled();
    let networks = [
        ("--hidden none", "MatMul"),
        ("--hidden 12,6 --activation relu --dropout 0.3", "Relu"),
        ("--hidden 6 --activation leaky-relu --norm batch", "Min"),
        ("--hidden 6 --activation prelu --residual 2", "Mul"),
        ("--hidden 6 --activation sigmoid", "Sigmoid"),
        ("--hidden 6 --activation tanh --norm batch --residual 1 --dropout 0.1", "Tanh"),
        ("--hidden 6 --activation identity --descriptor fast", "Where"),
    ];
    let mut n_seen = 0;
    for (flags, operator) in networks {
        let train = "train two --model model.json --augment none --epochs 30 --holdout 0 ";
        folder.run((train.to_owned() + flags).split_whitespace()).expect(0);
        for dtype in ["float32", "float64"] {
            let (worst, operators) = compare(&folder, "model.json", dtype);
            let most = if dtype == "float32" { 1e-5 } else { 1e-12 };
            assert!(worst < most, "{flags} {dtype}: {worst}");
            assert!(operators.iter().any(|used| used == operator), "{flags}: {operators:?}");
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 14);
}

#[test]
fn a_model_that_averages_views_takes_them_all_at_once() {
    let folder = wrongly_labelled();
    let train = "train two --model model.json --hidden 8 --epochs 60";
    folder.run(train.split_whitespace()).expect(0);
    let path = folder.path("model.json");
    let mut model = Model::load(&path).unwrap();
    model.classifier.views = Views::ONE.with(Purpose::Distance);
    model.save(&folder.path("sizes.json")).unwrap();
    let run = folder.run(["export", "sizes.json", "--onnx", "model.onnx"]).expect(0);
    assert!(run.out().contains("features       [N, looks, 862]"), "{}", run.out());
    assert!(run.out().contains("as-it-is, smaller, larger"), "{}", run.out());
    let (worst, operators) = compare(&folder, "sizes.json", "float32");
    assert!(worst < 1e-5, "{worst}");
    assert!(operators.contains(&"ReduceMean".to_owned()));
}

#[test]
fn the_metadata_say_what_to_compute_and_what_comes_out() {
    let folder = Folder::new();
    folder.small_model();
    folder.run(["export", "model.json", "--onnx", "a.onnx"]).expect(0);
    folder.run(["export", "model.json", "--onnx", "b.onnx"]).expect(0);
    let bytes = |name: &str| std::fs::read(folder.path(name)).unwrap();
    assert_eq!(bytes("a.onnx"), bytes("b.onnx"));
    let exported = Exported::read(&folder, "a.onnx");
    assert_eq!(exported.names("classes"), ["brick", "dots"]);
    let model = Model::load(&folder.path("model.json")).unwrap();
    assert_eq!(exported.metadata("descriptor_digest"), model.descriptor.digest());
    // The descriptor in it is one that --descriptor reads.
    std::fs::write(folder.path("d.json"), exported.metadata("descriptor")).unwrap();
    let run = folder.run(["score", "two/brick", "--descriptor", "d.json", "--output", "s.csv"]);
    run.expect(0);
    let rows = read_table(std::fs::File::open(folder.path("s.csv")).unwrap());
    assert!(exported.names("features").iter().all(|name| rows[0].contains_key(name)));
}

#[test]
fn features_of_a_model_are_not_chosen_in_another_way_too() {
    let folder = Folder::new();
    folder.small_model();
    for flag in ["--descriptor=fast", "--channels=rgb", "--regions"] {
        folder.run(["score", "two", "--model", "model.json", flag]).expect(2);
    }
    // What cannot be written is said, and what was there stays.
    folder.run(["export", "model.json", "--onnx", "no/such/folder/m.onnx"]).expect(1);
    std::fs::write(folder.path("old.onnx"), "old").unwrap();
    folder.run(["export", "two/brick/brick_00.png", "--onnx", "old.onnx"]).expect(5);
    assert_eq!(std::fs::read_to_string(folder.path("old.onnx")).unwrap(), "old");
}
