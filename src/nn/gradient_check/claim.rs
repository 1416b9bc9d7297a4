//! What back-propagation claims: of a network, of a layer alone, of functions and losses.

use ndarray::Array2;

use super::comparison::{Block, Claim, Sample};
use crate::error::Result;
use crate::nn::loss::{Loss, LossValue, Targets, softmax};
use crate::nn::{Activation, Layer, Network, Task};
use crate::random::Random;

/// The loss of a network in training mode, by its input and its parameters.
pub fn of_network<'a>(
    network: &Network,
    task: Task<'a>,
    loss: Loss,
    class_weights: &'a [f64],
    random: &Random,
) -> Result<Claim<'a>> {
    let value = move |logits: &Array2<f64>| loss.of(logits, task.targets, class_weights);
    of_outputs(network.clone(), task.x, Some(random.clone()), value)
}

/// The sum of a layer's outputs times fixed random numbers, by its input and its parameters.
pub fn of_layer<'a>(
    layer: &Layer,
    x: &'a Array2<f64>,
    is_training: bool,
    random: &mut Random,
) -> Result<Claim<'a>> {
    let network = Network::joined(vec![layer.clone()], x.ncols())?;
    let dropping = is_training.then(|| random.clone());
    let gradient = upstream((x.nrows(), network.n_outputs()), random);
    let value = move |y: &Array2<f64>| {
        Ok(LossValue { loss: (y * &gradient).sum(), gradient: gradient.clone() })
    };
    of_outputs(network, x, dropping, value)
}

/// A function of single numbers at some of them: the sum of its values times fixed random numbers.
pub fn of_activation<'a>(
    activation: Activation,
    x: &'a Array2<f64>,
    random: &mut Random,
) -> Result<Claim<'a>> {
    let network = Network::joined(vec![Layer::Activation(activation)], x.ncols())?;
    let gradient = upstream(x.dim(), random);
    let value = move |y: &Array2<f64>| {
        let loss = y.iter().zip(&gradient).map(|(y, up)| up * y).sum();
        Ok(LossValue { loss, gradient: gradient.clone() })
    };
    of_outputs(network, x, None, value)
}

/// The sum of probabilities times fixed random numbers by the logits. `backward` takes probabilities and
/// the gradient by them to the one by the logits.
pub fn of_softmax<'a>(
    logits: &'a Array2<f64>,
    backward: impl Fn(&Array2<f64>, &Array2<f64>) -> Array2<f64> + 'a,
    random: &mut Random,
) -> Result<Claim<'a>> {
    let upstream = upstream(logits.dim(), random);
    let value = move |logits: &Array2<f64>| {
        let probs = softmax(logits);
        let gradient = backward(&probs, &upstream);
        Ok(LossValue { loss: (probs * &upstream).sum(), gradient })
    };
    of_outputs(Network::joined(Vec::new(), logits.ncols())?, logits, None, value)
}

/// A loss by the logits.
pub fn of_loss<'a>(
    loss: Loss,
    logits: &'a Array2<f64>,
    targets: Targets<'a>,
    class_weights: &'a [f64],
) -> Result<Claim<'a>> {
    let value = move |logits: &Array2<f64>| loss.of(logits, targets, class_weights);
    of_outputs(Network::joined(Vec::new(), logits.ncols())?, logits, None, value)
}

/// A function of the outputs of a network, by its input and its parameters. `value` gives the function and
/// its gradient by the outputs; the network is in training mode where a generator chooses what is dropped.
fn of_outputs<'a>(
    network: Network,
    x: &'a Array2<f64>,
    dropping: Option<Random>,
    value: impl Fn(&Array2<f64>) -> Result<LossValue> + 'a,
) -> Result<Claim<'a>> {
    let forward = move |network: &Network, x: Array2<f64>| match &dropping {
        Some(random) => network.forward_training(x, &mut random.clone()),
        None => network.forward(x),
    };
    let mut pass = forward(&network, x.clone())?;
    let by_outputs = value(pass.logits())?.gradient;
    let gradients = network.backward(&mut pass, &by_outputs)?;
    let derivatives = pass.by_values()[0].iter().chain(gradients.values()).copied().collect();
    let mut point: Vec<f64> = x.iter().copied().collect();
    point.extend(network.parameters().iter().flat_map(|parameter| parameter.values));
    let mut blocks = vec![Block { name: "input".to_owned(), columns: x.ncols(), len: x.len() }];
    add_blocks(network.layers(), "", &mut blocks);
    let function = move |point: &[f64]| {
        let (mut network, mut x) = (network.clone(), x.clone());
        let parameters = network.parameters_mut().into_iter().flat_map(|own| own.values);
        x.iter_mut().chain(parameters).zip(point).for_each(|(to, from)| *to = *from);
        let pass = forward(&network, x)?;
        let mut sides = Vec::new();
        pass.each(network.layers(), &mut |layer, seen| add_sides(layer, seen.input, &mut sides));
        Ok(Sample { value: value(pass.logits())?.loss, sides })
    };
    Ok(Claim { blocks, point, derivatives, function: Box::new(function) })
}

/// A gradient as it might come from later layers: none of its entries near 0.
pub fn upstream(shape: (usize, usize), random: &mut Random) -> Array2<f64> {
    Array2::from_shape_simple_fn(shape, || {
        let size = 0.5 + random.unit();
        if random.below(2) == 0 { size } else { -size }
    })
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
