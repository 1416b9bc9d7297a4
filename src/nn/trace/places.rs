//! The layers of a network by name, with what went through them.

use ndarray::Array2;

use crate::nn::layer::Memory;
use crate::nn::{Layer, Network, Pass, Role};

/// A layer and what went through it.
pub(super) struct Place<'a> {
    /// `hidden1`, `block`, `output`, ...
    pub name: String,
    pub layer: &'a Layer,
    pub output: &'a Array2<f64>,
    /// The gradient by the output.
    pub by_output: &'a Array2<f64>,
    pub memory: &'a Memory,
}

/// The name of every layer of a network: that of the dense layer to which it belongs. Residual blocks come with the names of
/// the layers inside them.
pub(super) fn layer_names(network: &Network) -> Vec<(String, Vec<String>)> {
    let is_dense = |layer: &&Layer| matches!(layer, Layer::Dense(_));
    let is_block = |layer: &&Layer| matches!(layer, Layer::Residual(_));
    let layers = network.layers();
    let n_hidden = layers.iter().filter(is_dense).count().saturating_sub(1);
    let n_blocks = layers.iter().filter(is_block).count();
    // A number is needed only where there are several.
    let numbered = |word: &str, at: usize, n: usize| {
        if n == 1 { word.to_owned() } else { format!("{word}{at}") }
    };
    let (mut dense, mut blocks, mut current) = (0, 0, "input".to_owned());
    let mut names = Vec::new();
    for layer in layers {
        let mut inner = Vec::new();
        match layer {
            Layer::Dense(_) => {
                dense += 1;
                current = match dense <= n_hidden {
                    true => numbered("hidden", dense, n_hidden),
                    false => "output".to_owned(),
                };
            }
            Layer::Residual(block) => {
                blocks += 1;
                current = numbered("block", blocks, n_blocks);
                let second = block.inner().layers().len().saturating_sub(1);
                let name =
                    |at| if at == second { format!("{current}_second") } else { current.clone() };
                inner = (0..=second).map(name).collect();
            }
            _ => {}
        }
        names.push((current.clone(), inner));
    }
    names
}

/// The name of every parameter, in the order of [`Network::parameters`]: `hidden_weights`, `hidden_biases`, ...
pub(crate) fn names(network: &Network) -> Vec<String> {
    let mut names = Vec::new();
    let mut add = |name: &str, layer: &Layer| {
        let mut parameters = Vec::new();
        layer.parameters(&mut parameters);
        names.extend(parameters.iter().map(|parameter| {
            let what = match parameter.role {
                Role::Weight => "weights",
                Role::Bias => "biases",
                Role::Gamma => "gamma",
                Role::Beta => "beta",
                Role::Slope => "slopes",
            };
            format!("{name}_{what}")
        }));
    };
    for (layer, (name, inner)) in network.layers().iter().zip(layer_names(network)) {
        match layer {
            Layer::Residual(block) => {
                block.inner().layers().iter().zip(&inner).for_each(|(l, name)| add(name, l));
            }
            layer => add(&name, layer),
        }
    }
    names
}

/// The layers in the order of the forward pass; a residual block comes after the layers inside it.
pub(super) fn places<'a>(network: &'a Network, pass: &'a Pass) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    for (at, (name, inner)) in layer_names(network).into_iter().enumerate() {
        let layer = &network.layers()[at];
        if let (Layer::Residual(block), Some(pass)) = (layer, &pass.memories[at].inner) {
            let layers = block.inner().layers().iter().zip(inner).enumerate();
            places.extend(layers.map(|(at, (layer, name))| place(name, layer, pass, at)));
        }
        places.push(place(name, layer, pass, at));
    }
    places
}

fn place<'a>(name: String, layer: &'a Layer, pass: &'a Pass, at: usize) -> Place<'a> {
    let (output, by_output) = (&pass.values[at + 1], &pass.by_values[at + 1]);
    Place { name, layer, output, by_output, memory: &pass.memories[at] }
}
