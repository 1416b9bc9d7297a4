//! What back-propagation claims: of a network, of a layer alone, of functions and losses.

use ndarray::Array2;

use super::comparison::{Block, Claim, Sample};
use crate::error::Result;
use crate::nn::layer::{Memory, Mode};
use crate::nn::loss::{Loss, Targets, softmax};
use crate::nn::pass::Passed;
use crate::nn::{Activation, Layer, Network, ParameterMut, Task};
use crate::random::Random;

/// The loss of a network in training mode, by its input and its parameters.
pub fn of_network<'a>(
    network: &'a Network,
    task: Task<'a>,
    loss: Loss,
    class_weights: &'a [f64],
    random: &Random,
) -> Result<Claim<'a>> {
    let mut pass = network.forward_training(task.x.clone(), &mut random.clone())?;
    let by_logits = loss.of(pass.logits(), task.targets, class_weights)?.gradient;
    let gradients = network.backward(&mut pass, &by_logits)?;
    let mut point: Vec<f64> = task.x.iter().copied().collect();
    point.extend(network.parameters().iter().flat_map(|parameter| parameter.values));
    let mut blocks = vec![block("input", task.x)];
    add_blocks(network.layers(), "", &mut blocks);
    let random = random.clone();
    let function = move |point: &[f64]| {
        let (x, parameters) = split(task.x, point);
        let mut network = network.clone();
        put(network.parameters_mut(), parameters);
        let pass = network.forward_training(x, &mut random.clone())?;
        let value = loss.of(pass.logits(), task.targets, class_weights)?.loss;
        let mut sides = Vec::new();
        pass.each(network.layers(), &mut |layer, seen| add_sides(layer, seen.input, &mut sides));
        Ok(Sample { value, sides })
    };
    let by_input = &pass.by_values()[0];
    let derivatives = by_input.iter().chain(gradients.values()).copied().collect();
    Ok(Claim { blocks, point, derivatives, function: Box::new(function) })
}

/// The sum of a layer's outputs times fixed random numbers, by its input and its parameters.
pub fn of_layer<'a>(
    layer: &'a Layer,
    x: &'a Array2<f64>,
    is_training: bool,
    random: &mut Random,
) -> Claim<'a> {
    let run = move |layer: &Layer, x: &Array2<f64>, mut random: Random| {
        let mut mode = if is_training { Mode::Training(&mut random) } else { Mode::Classifying };
        let mut output = Array2::zeros((x.nrows(), layer.n_outputs().unwrap_or(x.ncols())));
        let mut memory = Memory::default();
        layer.forward(x, &mut output, &mut memory, &mut mode);
        (output, memory)
    };
    let dropping = random.clone();
    let (output, mut memory) = run(layer, x, dropping.clone());
    let upstream = upstream(&output, random);
    let mut own = Vec::new();
    layer.parameters(&mut own);
    let mut point: Vec<f64> = x.iter().copied().collect();
    point.extend(own.iter().flat_map(|parameter| parameter.values));
    let mut by_parameters = vec![0.0; point.len() - x.len()];
    let mut by_input = Array2::zeros(x.dim());
    let passed = Passed { input: x, output: &output, by_output: &upstream };
    layer.backward(passed, &mut memory, &mut by_parameters, (&mut by_input, true));
    let mut blocks = vec![block("input", x)];
    add_blocks(std::slice::from_ref(layer), "", &mut blocks);
    let function = move |point: &[f64]| {
        let (x, parameters) = split(x, point);
        let mut layer = layer.clone();
        let mut own = Vec::new();
        layer.each_parameter_mut(&mut |parameter| own.push(parameter));
        put(own, parameters);
        let (output, memory) = run(&layer, &x, dropping.clone());
        let mut sides = Vec::new();
        match (&layer, &memory.inner) {
            (Layer::Residual(block), Some(pass)) => {
                let layers = block.inner().layers();
                pass.each(layers, &mut |layer, seen| add_sides(layer, seen.input, &mut sides));
            }
            _ => add_sides(&layer, &x, &mut sides),
        }
        Ok(Sample { value: (output * &upstream).sum(), sides })
    };
    let derivatives = by_input.into_iter().chain(by_parameters).collect();
    Claim { blocks, point, derivatives, function: Box::new(function) }
}

/// A function of single numbers at some of them: the sum of its values times fixed random numbers.
pub fn of_activation<'a>(
    activation: Activation,
    x: &'a Array2<f64>,
    random: &mut Random,
) -> Claim<'a> {
    let upstream = upstream(x, random);
    let slope = |(&x, &up): (&f64, &f64)| up * activation.slope(activation.value(x));
    let derivatives = x.iter().zip(&upstream).map(slope).collect();
    let function = move |point: &[f64]| {
        let values = point.iter().zip(&upstream).map(|(&x, up)| up * activation.value(x));
        let sides = if activation.has_kink() { point } else { &[] };
        Ok(Sample { value: values.sum(), sides: sides.iter().map(|x| 0.0 < *x).collect() })
    };
    of_entries(x, derivatives, function)
}

/// The sum of probabilities times fixed random numbers by the logits. `backward` takes probabilities and
/// the gradient by them to the one by the logits.
pub fn of_softmax<'a>(
    logits: &'a Array2<f64>,
    backward: impl Fn(&Array2<f64>, &Array2<f64>) -> Array2<f64>,
    random: &mut Random,
) -> Claim<'a> {
    let upstream = upstream(logits, random);
    let derivatives = backward(&softmax(logits), &upstream).into_iter().collect();
    let function = move |point: &[f64]| {
        let value = (softmax(&split(logits, point).0) * &upstream).sum();
        Ok(Sample { value, sides: Vec::new() })
    };
    of_entries(logits, derivatives, function)
}

/// A loss by the logits.
pub fn of_loss<'a>(
    loss: Loss,
    logits: &'a Array2<f64>,
    targets: Targets<'a>,
    class_weights: &'a [f64],
) -> Result<Claim<'a>> {
    let derivatives = loss.of(logits, targets, class_weights)?.gradient.into_iter().collect();
    let function = move |point: &[f64]| {
        let value = loss.of(&split(logits, point).0, targets, class_weights)?.loss;
        Ok(Sample { value, sides: Vec::new() })
    };
    Ok(of_entries(logits, derivatives, function))
}

/// A function of the entries of a matrix.
fn of_entries<'a>(
    x: &'a Array2<f64>,
    derivatives: Vec<f64>,
    function: impl Fn(&[f64]) -> Result<Sample> + 'a,
) -> Claim<'a> {
    let point = x.iter().copied().collect();
    Claim { blocks: vec![block("input", x)], point, derivatives, function: Box::new(function) }
}

/// A gradient as it might come from later layers: none of its entries near 0.
pub fn upstream(output: &Array2<f64>, random: &mut Random) -> Array2<f64> {
    output.map(|_| {
        let size = 0.5 + random.unit();
        if random.below(2) == 0 { size } else { -size }
    })
}

fn block(name: &str, x: &Array2<f64>) -> Block {
    Block { name: name.to_owned(), columns: x.ncols(), len: x.len() }
}

/// One block for the parameters of each role of each layer, in the order of their gradients.
fn add_blocks(layers: &[Layer], before: &str, blocks: &mut Vec<Block>) {
    for (number, layer) in layers.iter().enumerate() {
        let name = format!("{before}layer {number}");
        if let Layer::Residual(residual) = layer {
            add_blocks(residual.inner().layers(), &format!("{name}, inner "), blocks);
            continue;
        }
        let mut own = Vec::new();
        layer.parameters(&mut own);
        blocks.extend(own.iter().map(|parameter| {
            let role = format!("{:?}", parameter.role).to_lowercase();
            let (columns, len) = (parameter.shape.1, parameter.values.len());
            Block { name: format!("{name}, {role}"), columns, len }
        }));
    }
}

/// The input, in the shape of `like`, and the rest of a point.
fn split<'p>(like: &Array2<f64>, point: &'p [f64]) -> (Array2<f64>, &'p [f64]) {
    let mut x = like.clone();
    x.iter_mut().zip(point).for_each(|(to, from)| *to = *from);
    (x, &point[like.len()..])
}

fn put(parameters: Vec<ParameterMut<'_>>, values: &[f64]) {
    let entries = parameters.into_iter().flat_map(|parameter| parameter.values);
    entries.zip(values).for_each(|(to, from)| *to = *from);
}

fn add_sides(layer: &Layer, input: &Array2<f64>, sides: &mut Vec<bool>) {
    let has_kink = match layer {
        Layer::Activation(activation) => activation.has_kink(),
        Layer::Prelu(_) => true,
        _ => false,
    };
    if has_kink {
        sides.extend(input.iter().map(|x| 0.0 < *x));
    }
}
