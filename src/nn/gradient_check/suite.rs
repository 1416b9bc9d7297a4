//! Everything there is, compared once.

use ndarray::{Array1, Array2, Axis, array};

use super::claim::{of_activation, of_layer, of_loss, of_softmax};
use super::comparison::Row;
use super::random_networks::{
    of_architecture, of_layers, random_labels, random_ones, random_shares,
};
use crate::error::Result;
use crate::nn::loss::{Loss, Targets, softmax_backward, softmax_jacobian};
use crate::nn::{
    Activation, ActivationKind, BatchNorm, Dense, Dropout, Init, Layer, Prelu, Residual, Spread,
};
use crate::random::Random;

/// How many networks are put together from layers of all kinds.
const N_NETWORKS: usize = 18;

/// Compares every activation, softmax, loss and layer alone, and networks put together at random, with
/// differences, on numbers from a generator.
///
/// The rows are, in order: the five functions of [`Activation`] number by number; softmax by
/// [`crate::nn::loss::softmax_backward`] and by [`crate::nn::loss::softmax_jacobian`]; the losses by the
/// logits, with labels, shares, numbers, smoothing and class weights; every kind of layer by its input and its
/// parameters, batch normalisation and dropout in training and when classifying; for each of the six
/// units a plain network and one with batch normalisation, residual block and dropout, as `train` builds
/// them; and 18 networks of layers in any order. Networks are named by the widths of their dense layers,
/// with residual blocks in brackets.
///
/// # Errors
/// None that a caller could cause.
///
/// ```
/// use textura::nn::gradient_check::suite;
/// use textura::Random;
/// let rows = suite(&mut Random::new(0, 0))?;
/// assert_eq!(rows.len(), 66);
/// assert!(rows.iter().all(|row| row.comparison.is_right()));
/// # Ok::<(), textura::Error>(())
/// ```
pub fn suite(random: &mut Random) -> Result<Vec<Row>> {
    let mut rows = functions(random)?;
    rows.extend(losses(random)?);
    for (what, is_training, layer) in layers(random)? {
        // Inputs of mean 1/2 and not quite unit variance, as no norm would leave them.
        let x = Array2::from_shape_simple_fn((7, N_UNITS), || 0.5 + 1.5 * random.normal());
        rows.push(Row::of(what, of_layer(&layer, &x, is_training, random)?)?);
    }
    for has_all in [false, true] {
        for unit in ActivationKind::ALL {
            rows.push(of_architecture(unit, has_all, random)?);
        }
    }
    for _ in 0..N_NETWORKS {
        rows.push(of_layers(random)?);
    }
    Ok(rows)
}

fn functions(random: &mut Random) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let x = Array2::from_shape_simple_fn((1, 50), || 2.0 * random.normal());
    for activation in [
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Relu,
        Activation::LeakyRelu,
        Activation::Identity,
    ] {
        let what = format!("{activation:?}").to_lowercase() + ", as a function";
        rows.push(Row::of(what, of_activation(activation, &x, random)?)?);
    }
    let logits = Array2::from_shape_simple_fn((8, 5), || 2.0 * random.normal());
    rows.push(Row::of("softmax", of_softmax(&logits, softmax_backward, random)?)?);
    let by_jacobian = of_softmax(&logits, through_jacobians, random)?;
    rows.push(Row::of("softmax, by its Jacobian", by_jacobian)?);
    Ok(rows)
}

/// As [`softmax_backward`], with the whole matrix.
fn through_jacobians(probs: &Array2<f64>, by_probs: &Array2<f64>) -> Array2<f64> {
    let mut by_logits = by_probs.clone();
    for (mut row, probs) in by_logits.axis_iter_mut(Axis(0)).zip(probs.axis_iter(Axis(0))) {
        // Rows of the matrix are probabilities, columns logits.
        let product = row.dot(&softmax_jacobian(probs));
        row.assign(&product);
    }
    by_logits
}

fn losses(random: &mut Random) -> Result<Vec<Row>> {
    let (n_rows, n_classes) = (9, 4);
    let logits = Array2::from_shape_simple_fn((n_rows, n_classes), || 2.0 * random.normal());
    let labels = random_labels(n_rows, n_classes, random);
    let shares = random_shares(n_rows, n_classes, random);
    let mut ones = random_ones(n_rows, n_classes, random);
    // Whatever was drawn: one row of several ones, and one of none.
    ones.row_mut(0).assign(&array![1.0, 0.0, 1.0, 1.0]);
    ones.row_mut(1).fill(0.0);
    // Where Huber's loss passes from a square to a line, differences are no derivatives: errors lie on either side.
    let values = logits.mapv(|z| {
        let error = [-2.5, -0.4, 0.4, 2.5][random.below(4)];
        z - error
    });
    let values = Targets::Values(&values);
    let labels = Targets::Labels(&labels);
    let [shares, ones] = [&shares, &ones].map(Targets::Shares);
    let (even, uneven) = ([1.0; 4], [0.2, 1.0, 3.5, 0.0]);
    let plain = Loss::CrossEntropy { smoothing: 0.0 };
    let smoothed = Loss::CrossEntropy { smoothing: 0.1 };
    let huber = Loss::Huber { delta: 1.0 };
    let (squared, binary) = (Loss::SquaredError, Loss::BinaryCrossEntropy);
    [
        ("cross-entropy, labels", plain, labels, &even),
        ("cross-entropy, smoothed", smoothed, labels, &even),
        ("cross-entropy, weighted classes", plain, labels, &uneven),
        ("cross-entropy, shares", plain, shares, &even),
        ("cross-entropy, shares, smoothed, weighted", smoothed, shares, &uneven),
        ("squared error, labels", squared, labels, &even),
        ("squared error, shares, weighted", squared, shares, &uneven),
        ("binary cross-entropy, labels", binary, labels, &even),
        ("binary cross-entropy, several or no ones a row", binary, ones, &even),
        ("binary cross-entropy, several or no ones, weighted", binary, ones, &uneven),
        ("half squared error, numbers", Loss::HalfSquared, values, &even),
        ("half squared error, numbers, weighted", Loss::HalfSquared, values, &uneven),
        ("Huber loss, numbers", huber, values, &even),
        ("Huber loss, numbers, weighted", huber, values, &uneven),
    ]
    .into_iter()
    .map(|(what, loss, targets, weights)| Row::of(what, of_loss(loss, &logits, targets, weights)?))
    .collect()
}

/// The inputs of every layer alone.
const N_UNITS: usize = 4;

/// Every kind of layer, named, with whether it is compared in training mode.
fn layers(random: &mut Random) -> Result<Vec<(&'static str, bool, Layer)>> {
    let narrowing = dense(N_UNITS, 3, random)?;
    let square = dense(N_UNITS, N_UNITS, random)?;
    let prelu = Layer::Prelu(Prelu::new(numbers(N_UNITS, 0.25, 0.2, random)));
    let norm = norm(N_UNITS, random)?;
    let dropout = Layer::Dropout(Dropout::new(0.4)?);
    let short =
        vec![dense(N_UNITS, 3, random)?, ActivationKind::Tanh.layer(3), dense(3, N_UNITS, random)?];
    let inner = vec![dense(3, 3, random)?, self::norm(3, random)?, ActivationKind::Relu.layer(3)];
    let long = vec![
        dense(N_UNITS, 3, random)?,
        self::norm(3, random)?,
        Layer::Prelu(Prelu::new(numbers(3, 0.25, 0.2, random))),
        Layer::Residual(Residual::new(inner)?),
        Layer::Dropout(Dropout::new(0.3)?),
        dense(3, N_UNITS, random)?,
    ];
    let short = Layer::Residual(Residual::new(short)?);
    let long = Layer::Residual(Residual::new(long)?);
    Ok(vec![
        ("dense, 4 to 3", true, narrowing),
        ("dense, 4 to 4", true, square),
        ("sigmoid", true, ActivationKind::Sigmoid.layer(N_UNITS)),
        ("tanh", true, ActivationKind::Tanh.layer(N_UNITS)),
        ("relu", true, ActivationKind::Relu.layer(N_UNITS)),
        ("leaky relu", true, ActivationKind::LeakyRelu.layer(N_UNITS)),
        ("identity", true, ActivationKind::Identity.layer(N_UNITS)),
        ("prelu", true, prelu),
        ("batch norm, training", true, norm.clone()),
        ("batch norm, classifying", false, norm),
        ("dropout, training", true, dropout.clone()),
        ("dropout, classifying", false, dropout),
        ("residual of dense, tanh, dense", true, short),
        ("residual of all kinds, training", true, long.clone()),
        ("residual of all kinds, classifying", false, long),
    ])
}

fn dense(fan_in: usize, fan_out: usize, random: &mut Random) -> Result<Layer> {
    let weights = Init::Xavier.weights(fan_in, fan_out, Spread::Normal, random);
    Ok(Layer::Dense(Dense::new(weights, numbers(fan_out, 0.0, 0.5, random))?))
}

/// Factors, shifts and running means that have been learned, as it were.
fn norm(width: usize, random: &mut Random) -> Result<Layer> {
    let gamma = numbers(width, 1.0, 0.5, random);
    let (beta, mean) = (numbers(width, 0.0, 0.5, random), numbers(width, 0.0, 0.5, random));
    let variance = numbers(width, 1.0, 0.5, random);
    Ok(Layer::BatchNorm(BatchNorm::new(gamma, beta, mean, variance, BatchNorm::EPSILON)?))
}

/// Numbers around a middle.
fn numbers(n: usize, middle: f64, most: f64, random: &mut Random) -> Array1<f64> {
    (0..n).map(|_| middle + random.symmetric(most)).collect()
}
