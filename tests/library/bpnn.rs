//! The small network of `examples/bpnn.rs`: it gives the library's numbers, its mistakes do the harm that the
//! learning page says, and the page shows what the program prints.

#[path = "../../examples/bpnn.rs"]
#[allow(dead_code)]
mod program;

use std::process::Command;

use crate::common::assert_close;
use ndarray::{Array1, Array2};
use program::{Bpnn, Mistake};
use textura::nn::loss::{Targets, cross_entropy, softmax};
use textura::nn::{Activation, Dense, Layer, Network, Optimizer, OptimizerKind};
use textura::random::Random;

fn rows(shape: (usize, usize), random: &mut Random) -> Vec<Vec<f64>> {
    (0..shape.0).map(|_| (0..shape.1).map(|_| random.symmetric(1.0)).collect()).collect()
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).expect("rows of one length")
}

/// One network of three inputs, five hidden units and four classes, twice.
fn twins(random: &mut Random) -> (Bpnn, Network) {
    let (w1, w2) = (rows((3, 5), random), rows((5, 4), random));
    let (b1, b2) = (rows((1, 5), random).remove(0), rows((1, 4), random).remove(0));
    let dense = |w: &[Vec<f64>], b: &[f64]| {
        Layer::Dense(Dense::new(matrix(w), Array1::from(b.to_vec())).expect("sizes that fit"))
    };
    let sigmoid = Layer::Activation(Activation::Sigmoid);
    let layers = vec![dense(&w1, &b1), sigmoid, dense(&w2, &b2)];
    let network = Network::new(layers).expect("layers that fit");
    (Bpnn::new(w1, b1, w2, b2, Mistake::None), network)
}

#[test]
fn it_gives_the_librarys_numbers_step_by_step() {
    let mut random = Random::new(7, 0);
    let (mut small, mut network) = twins(&mut random);
    let (rate, factor) = (0.3, 0.9);
    let kind = OptimizerKind::Momentum { momentum: factor };
    let mut optimizer = Optimizer::new(kind, 0.0, &network);
    let mut compared = 0;
    for _ in 0..50 {
        let x = rows((6, 3), &mut random);
        let labels: Vec<usize> = (0..6).map(|_| random.below(4)).collect();
        let one_hot: Vec<Vec<f64>> =
            labels.iter().map(|&l| (0..4).map(|k| f64::from(k == l)).collect()).collect();

        let probs = small.forward(&x).concat();
        small.update(&one_hot, rate, factor);

        let mut pass = network.forward(matrix(&x)).expect("columns that fit");
        let expected = softmax(pass.logits());
        let loss = cross_entropy(pass.logits(), Targets::Labels(&labels), &[1.0; 4], 0.0);
        let gradients = network.backward(&mut pass, &loss.expect("one label a row").gradient);
        optimizer.step(&mut network, &gradients.expect("shapes"), rate).expect("gradients");

        let theirs = [small.w1.concat(), small.b1.clone(), small.w2.concat(), small.b2.clone()];
        let parameters = network.parameters();
        let ours = parameters.iter().flat_map(|parameter| parameter.values).chain(&expected);
        for (&ours, theirs) in ours.zip(theirs.concat().into_iter().chain(probs)) {
            // Sums run in another order.
            assert_close(theirs, ours, 1e-12, 1e-14, "a parameter or a probability");
            compared += 1;
        }
    }
    assert_eq!(compared, 50 * ((15 + 5 + 20 + 4) + 6 * 4));
}

#[test]
fn every_mistake_gives_other_numbers() {
    let mistakes = [Mistake::SharedSoftmax, Mistake::BatchAxis, Mistake::ElementwiseJacobian];
    for mistake in mistakes {
        let mut random = Random::new(8, 0);
        let (mut right, _) = twins(&mut random);
        let mut wrong = right.clone();
        wrong.mistake = mistake;
        let x = rows((6, 3), &mut random);
        let y: Vec<Vec<f64>> =
            (0..6).map(|n| (0..4).map(|k| f64::from(k == n % 4)).collect()).collect();
        for net in [&mut right, &mut wrong] {
            net.forward(&x);
            net.update(&y, 0.3, 0.9);
        }
        assert_ne!(right.w1, wrong.w1, "{mistake:?}");
    }
}

#[test]
fn it_stays_short_and_the_pages_show_what_it_prints() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect(name);
    let n_lines = read("examples/bpnn.rs").lines().count();
    assert!(n_lines < 150, "{n_lines} lines");

    // Examples are built with the tests, beside them.
    let tests = std::env::current_exe().expect("this test's own path");
    let beside = tests.parent().and_then(|deps| deps.parent()).expect("target/PROFILE/deps");
    let program = beside.join("examples").join(format!("bpnn{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(&program).output().expect("`cargo build --examples` builds it");
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).expect("text");
    assert_eq!(printed.lines().count(), 5, "{printed}");
    for page in ["from-sigmoid-to-softmax.md", "from-sigmoid-to-softmax.zh.md"] {
        let page = read(&format!("docs/learning/{page}"));
        assert!(page.contains(&printed), "{printed}");
        assert!(page.contains(&n_lines.to_string()));
    }

    // The right network ends far below ln 3 and knows every point, and each mistake does not.
    let last = |line: &str| line.split_whitespace().rev().nth(2).map(str::parse::<f64>);
    let losses: Vec<f64> = printed.lines().skip(1).filter_map(|line| last(line)?.ok()).collect();
    assert_eq!(losses.len(), 4, "{printed}");
    assert!(losses[0] < 0.1 && losses[1..].iter().all(|&loss| 0.6 < loss), "{printed}");

    let wrong = Command::new(&program).arg("softmax").output().expect("the same program");
    assert_eq!(wrong.status.code(), Some(2));
}
