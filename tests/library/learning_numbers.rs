//! Every number of the page "from a class to a number", in both languages, as the library computes it.

use ndarray::{Array2, array};
use textura::network::{Activation, Loss, Targets, half_squared, softmax};

/// Both pages.
fn pages() -> [String; 2] {
    ["from-a-class-to-a-number.md", "from-a-class-to-a-number.zh.md"].map(|name| {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/learning").join(name);
        std::fs::read_to_string(path).unwrap()
    })
}

/// How the pages write a number: five decimals at the most.
fn written(value: f64) -> String {
    let text = format!("{value:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn assert_written(values: impl IntoIterator<Item = f64>) -> usize {
    let pages = pages();
    let mut n = 0;
    for value in values {
        let text = written(value);
        assert!(pages.iter().all(|page| page.contains(&text)), "{text} of {value}");
        n += 1;
    }
    n
}

#[test]
fn outputs_loss_deltas_and_one_step() {
    let hidden = array![[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
    let right = array![[2.0], [1.0], [4.0]];
    let (weights, bias) = (array![[1.0], [0.5]], 0.5);
    let outputs = hidden.dot(&weights) + bias;
    assert_eq!(outputs, array![[1.5], [1.0], [2.0]]);
    let of =
        |outputs: &Array2<f64>| half_squared(outputs, Targets::Values(&right), &[1.0]).unwrap();
    let value = of(&outputs);
    let sigmoids = outputs.mapv(|z| Activation::Sigmoid.value(z));
    let mut n =
        assert_written(sigmoids.iter().copied().filter(|s| (s * 1e5).round() % 10.0 != 0.0));
    assert_eq!(format!("{:.5}", sigmoids[[2, 0]]), "0.88080");
    assert_eq!(softmax(&outputs), Array2::<f64>::ones((3, 1)));
    n += assert_written([value.loss]);
    n += assert_written(value.gradient.iter().copied());
    let by_weights = hidden.t().dot(&value.gradient);
    let by_bias = value.gradient.sum();
    n += assert_written([by_weights[[0, 0]], by_weights[[1, 0]], by_bias]);
    let (weights, bias) = (weights - 0.3 * by_weights, bias - 0.3 * by_bias);
    n += assert_written([weights[[0, 0]], weights[[1, 0]], bias]);
    let outputs = hidden.dot(&weights) + bias;
    n += assert_written(outputs.iter().copied());
    n += assert_written([of(&outputs).loss]);
    assert_eq!(n, 2 + 1 + 3 + 3 + 3 + 3 + 1);
}

#[test]
fn the_best_constants_of_the_losses() {
    let measured = array![[1.0], [1.0], [1.0], [1.0], [11.0]];
    let slope = |loss: Loss, c: f64| {
        let said = Array2::from_elem((5, 1), c);
        loss.of(&said, Targets::Values(&measured), &[1.0]).unwrap().gradient.sum()
    };
    let huber = Loss::Huber { delta: 1.0 };
    assert!(slope(Loss::HalfSquared, 3.0).abs() < 1e-15 && slope(huber, 1.25).abs() < 1e-15);
    // A delta near 0 is the absolute error.
    assert!(slope(Loss::Huber { delta: 1e-9 }, 1.0 + 1e-8) > 0.0);
    assert!(slope(Loss::Huber { delta: 1e-9 }, 1.0 - 1e-8) < 0.0);
    assert!(slope(Loss::HalfSquared, 1.25).abs() > 1.0);
    assert_eq!(assert_written([3.0, 1.25]), 2);
}
