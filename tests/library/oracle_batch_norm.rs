//! Batch normalisation against golden values in f64 (numpy 2.4.6 and jax 0.10.2): forward, backward, and
//! the running means as PyTorch keeps them. Keras' own (0.99, biased variance) are not built here.
//! Tolerance 1e-9 relative.

use crate::common::compare;
use crate::common::golden::{fixture, list, matrix, number, numbers};
use ndarray::Array2;
use textura::nn::{BatchNorm, Dense, Layer, Network};
use textura::random::Random;

#[test]
fn both_ways_and_the_running_means() {
    let data = fixture("nn_batchnorm.json")["data"].clone();
    let mut compared = 0;
    for case in list(&data) {
        let (x, upstream) = (matrix(&case["x"]), matrix(&case["upstream"]));
        let width = x.ncols();
        let norm = BatchNorm::new(
            numbers(&case["gamma"]).into(),
            numbers(&case["beta"]).into(),
            vec![0.0; width].into(),
            vec![1.0; width].into(),
            number(&case["eps"]),
        );
        // A network needs a dense layer: one that changes nothing.
        let same = Dense::new(Array2::eye(width), vec![0.0; width].into()).expect("sizes that fit");
        let layers = vec![Layer::Dense(same), Layer::BatchNorm(norm.expect("sizes that fit"))];
        let mut network = Network::new(layers).expect("layers that fit");

        let mut random = Random::new(0, 0);
        let mut pass = network.forward_training(x.clone(), &mut random).expect("columns that fit");
        compared += compare(pass.logits(), &case["y_train"], 1e-9, "y");
        let gradients = network.backward(&mut pass, &upstream).expect("shapes that fit");
        compared += compare(&pass.by_values()[0], &case["dx"], 1e-9, "by x");
        let [_, _, gamma, beta] = &network.parameters()[..] else { panic!("four parameters") };
        compared +=
            compare(&gradients.values()[gamma.range.clone()], &case["dgamma"], 1e-9, "gamma");
        compared += compare(&gradients.values()[beta.range.clone()], &case["dbeta"], 1e-9, "beta");

        network.update_running_statistics(&pass);
        let Layer::BatchNorm(norm) = &network.layers()[1] else { panic!("a batch normalisation") };
        let golden = &case["running_update"]["pytorch_momentum_0.1"];
        compared += compare(norm.running_mean(), &golden["mean"], 1e-9, "running mean");
        let golden = &golden["var_unbiased_batch"];
        compared += compare(norm.running_variance(), golden, 1e-9, "running variance");
        let logits = network.logits(&x).expect("columns that fit");
        let golden = &case["y_eval_with_pytorch_running"];
        compared += compare(&logits, golden, 1e-9, "y with running means");
    }
    // Three tables and four rows of numbers for batches of (6, 3), (2, 2) and (9, 4).
    assert_eq!(compared, 3 * (18 + 4 + 36) + 4 * (3 + 2 + 4));
}
