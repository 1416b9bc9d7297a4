//! Where the numbers of a layer come from and go to, by the names of fields.

use super::places::layer_names;
use crate::nn::{Layer, Network};

/// A dense layer with what belongs to it.
#[derive(Debug, Clone)]
pub(super) struct Link<'a> {
    /// `hidden`, `block_second`, `output`, ...
    pub name: String,
    /// The field that goes in.
    pub input: String,
    /// How many columns that has.
    pub n_inputs: usize,
    /// The function of its units; none for the output and the second layer of a block.
    pub unit: Option<&'a Layer>,
    pub has_norm: bool,
    pub has_dropout: bool,
    /// The layers that take what it gives: of a residual block's input these are its first layer, and, round it, its second
    /// one.
    pub next: Vec<usize>,
    /// Of the second layer of a block: the field that goes round it.
    pub around: Option<String>,
}

impl Link<'_> {
    pub fn field(&self, what: &str) -> String {
        if self.name == "output" && what == "sums" {
            return "logits".to_owned();
        }
        format!("{}_{what}", self.name)
    }

    /// What the units work on.
    pub fn before_unit(&self) -> String {
        self.field(if self.has_norm { "scaled" } else { "sums" })
    }

    /// What the layer hands on.
    pub fn end(&self) -> String {
        match (&self.around, self.has_dropout) {
            (Some(_), _) => self.name.replace("_second", "_total"),
            (None, true) => self.field("dropped"),
            (None, false) if self.unit.is_some() => self.field("outputs"),
            (None, false) => self.field("sums"),
        }
    }
}

/// The dense layers in the order of the forward pass.
pub(super) fn chain(network: &Network) -> Vec<Link<'_>> {
    let mut links: Vec<Link<'_>> = Vec::new();
    let (mut input, mut n_inputs) = ("inputs".to_owned(), network.n_inputs());
    for (layer, (name, inner)) in network.layers().iter().zip(layer_names(network)) {
        match layer {
            Layer::Residual(block) => {
                let start = input.clone();
                for (layer, name) in block.inner().layers().iter().zip(inner) {
                    add(&mut links, layer, &name, &mut input, &mut n_inputs);
                }
                if let Some(second) = links.last_mut() {
                    second.around = Some(start);
                    input = second.end();
                }
            }
            layer => add(&mut links, layer, &name, &mut input, &mut n_inputs),
        }
    }
    let takers: Vec<(String, Option<String>)> =
        links.iter().map(|link| (link.input.clone(), link.around.clone())).collect();
    for link in &mut links {
        let end = link.end();
        let takes = |(at, (input, around)): (usize, &(String, Option<String>))| {
            (*input == end || around.as_ref() == Some(&end)).then_some(at)
        };
        link.next = takers.iter().enumerate().filter_map(takes).collect();
    }
    links
}

fn add<'a>(
    links: &mut Vec<Link<'a>>,
    layer: &'a Layer,
    name: &str,
    input: &mut String,
    n_inputs: &mut usize,
) {
    match (layer, links.last_mut()) {
        (Layer::Dense(dense), _) => {
            links.push(Link {
                name: name.to_owned(),
                input: input.clone(),
                n_inputs: *n_inputs,
                unit: None,
                has_norm: false,
                has_dropout: false,
                next: Vec::new(),
                around: None,
            });
            *n_inputs = dense.bias().len();
        }
        (Layer::BatchNorm(_), Some(link)) => link.has_norm = true,
        (Layer::Dropout(_), Some(link)) => link.has_dropout = true,
        (Layer::Activation(_) | Layer::Prelu(_), Some(link)) => link.unit = Some(layer),
        _ => {}
    }
    if let Some(link) = links.last() {
        *input = link.end();
    }
}
