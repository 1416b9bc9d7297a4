//! A graph under construction: every step names its result.

use ndarray::Array1;

use super::proto::{
    Attribute, BOOL, DOUBLE, Dimension, Graph, INT, INTS, Node, Shape, Tensor, TensorType, Type,
    ValueInfo,
};
use crate::nn::{Activation, Layer};

/// The name of a value.
pub(super) type Name = String;

#[derive(Default)]
pub(super) struct Builder {
    graph: Graph,
}

impl Builder {
    /// The graph, between these inputs and outputs.
    pub(super) fn finish(self, input: Vec<ValueInfo>, output: Vec<ValueInfo>) -> Graph {
        Graph { name: "textura".into(), input, output, ..self.graph }
    }

    /// One operator; its result has its name.
    fn node(&mut self, operator: &str, inputs: &[&str], attribute: Vec<Attribute>) -> Name {
        let name = format!("{}_{}", operator.to_lowercase(), self.graph.node.len());
        self.named_node(name, operator, inputs, attribute)
    }

    fn named_node(
        &mut self,
        name: Name,
        operator: &str,
        inputs: &[&str],
        attribute: Vec<Attribute>,
    ) -> Name {
        self.graph.node.push(Node {
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![name.clone()],
            name: name.clone(),
            op_type: operator.to_owned(),
            attribute,
        });
        name
    }

    /// An operator without attributes.
    pub(super) fn apply(&mut self, operator: &str, inputs: &[&str]) -> Name {
        self.node(operator, inputs, Vec::new())
    }

    /// Columns side by side.
    pub(super) fn joined(&mut self, inputs: &[&str]) -> Name {
        self.node("Concat", inputs, vec![integer("axis", -1)])
    }

    /// An operator along one axis.
    pub(super) fn softmax(&mut self, input: &str) -> Name {
        self.node("Softmax", &[input], vec![integer("axis", -1)])
    }

    /// (N, views, n) to (N, n).
    pub(super) fn mean_of_views(&mut self, input: &str) -> Name {
        let axes =
            Attribute { name: "axes".into(), ints: vec![1], kind: INTS, ..Attribute::default() };
        self.node("ReduceMean", &[input], vec![axes, integer("keepdims", 0)])
    }

    /// The same numbers in another type, under a given name where there is one.
    pub(super) fn cast(&mut self, input: &str, to: i32, name: Option<&str>) -> Name {
        let to = vec![integer("to", to.into())];
        match name {
            Some(name) => self.named_node(name.to_owned(), "Cast", &[input], to),
            None => self.node("Cast", &[input], to),
        }
    }

    fn constant(&mut self, what: &str, dims: &[usize], data_type: i32, raw_data: Vec<u8>) -> Name {
        let name = format!("{what}_{}", self.graph.initializer.len());
        let dims = dims.iter().map(|&dim| dim as i64).collect();
        self.graph.initializer.push(Tensor { dims, data_type, name: name.clone(), raw_data });
        name
    }

    /// Numbers that stay.
    pub(super) fn numbers<'a>(
        &mut self,
        what: &str,
        dims: &[usize],
        values: impl IntoIterator<Item = &'a f64>,
    ) -> Name {
        let bytes = values.into_iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(what, dims, DOUBLE, bytes)
    }

    /// Yes and no that stay.
    pub(super) fn truths(&mut self, what: &str, values: &[bool]) -> Name {
        let bytes = values.iter().map(|&value| value.into()).collect();
        self.constant(what, &[values.len()], BOOL, bytes)
    }

    /// One number that stays.
    pub(super) fn number(&mut self, what: &str, value: f64) -> Name {
        self.numbers(what, &[], [&value])
    }

    /// An operator of a value and one number for each of its columns.
    pub(super) fn by_column(
        &mut self,
        operator: &str,
        input: &str,
        what: &str,
        values: &Array1<f64>,
    ) -> Name {
        let values = self.numbers(what, &[values.len()], values);
        self.apply(operator, &[input, &values])
    }

    /// Layers in a row, as they are when classifying.
    pub(super) fn layers(&mut self, layers: &[Layer], input: Name) -> Name {
        layers.iter().fold(input, |x, layer| self.layer(layer, x))
    }

    fn layer(&mut self, layer: &Layer, x: Name) -> Name {
        match layer {
            Layer::Dense(dense) => {
                let (fan_in, fan_out) = dense.weights().dim();
                let weights = self.numbers("weights", &[fan_in, fan_out], dense.weights());
                let product = self.apply("MatMul", &[&x, &weights]);
                self.by_column("Add", &product, "bias", dense.bias())
            }
            Layer::Activation(Activation::Relu) => self.apply("Relu", &[&x]),
            Layer::Activation(Activation::LeakyRelu) => {
                let leak = self.number("leak", Activation::LEAK);
                self.bent(&x, &leak)
            }
            Layer::Activation(Activation::Sigmoid) => self.apply("Sigmoid", &[&x]),
            Layer::Activation(Activation::Tanh) => self.apply("Tanh", &[&x]),
            Layer::Activation(Activation::Identity) | Layer::Dropout(_) => x,
            Layer::Prelu(prelu) => {
                let slopes = self.numbers("slopes", &[prelu.slopes().len()], prelu.slopes());
                self.bent(&x, &slopes)
            }
            Layer::BatchNorm(norm) => {
                let centred = self.by_column("Sub", &x, "running_mean", norm.running_mean());
                let deviation = norm.running_variance().mapv(|v| (v + norm.epsilon()).sqrt());
                let factors = norm.gamma() / &deviation;
                let scaled = self.by_column("Mul", &centred, "gamma", &factors);
                self.by_column("Add", &scaled, "beta", norm.beta())
            }
            Layer::Residual(block) => {
                let through = self.layers(block.inner().layers(), x.clone());
                self.apply("Add", &[&x, &through])
            }
        }
    }

    /// `max(x, 0) + slope min(x, 0)`: the operators LeakyRelu and PRelu know no doubles in onnxruntime.
    fn bent(&mut self, x: &str, slope: &str) -> Name {
        let zero = self.number("zero", 0.0);
        let above = self.apply("Max", &[x, &zero]);
        let below = self.apply("Min", &[x, &zero]);
        let below = self.apply("Mul", &[&below, slope]);
        self.apply("Add", &[&above, &below])
    }
}

fn integer(name: &str, value: i64) -> Attribute {
    Attribute { name: name.into(), i: Some(value), kind: INT, ..Attribute::default() }
}

/// How many there are along an axis.
pub(super) enum Extent {
    Open(&'static str),
    Fixed(usize),
}

/// An input or output of the graph.
pub(super) fn value(name: &str, about: &str, element: i32, extents: &[Extent]) -> ValueInfo {
    let dim = extents.iter().map(|extent| match extent {
        Extent::Open(name) => Dimension { value: None, name: Some((*name).to_owned()) },
        Extent::Fixed(n) => Dimension { value: Some(*n as i64), name: None },
    });
    let shape = Some(Shape { dim: dim.collect() });
    let kind = Some(Type { tensor: Some(TensorType { element, shape }) });
    ValueInfo { name: name.to_owned(), kind, doc_string: about.to_owned() }
}
