//! A three-layer back-propagation network, and three classic mistakes that can be switched on.
//! `docs/learning/from-sigmoid-to-softmax.md` explains it line by line.
#![allow(clippy::needless_range_loop)] // The indices are those of the formulas.

/// Row n of a batch is example n; row i of a layer's weights, (in, out), belongs to its input i.
type Matrix = Vec<Vec<f64>>;

/// What goes wrong in many programs when a sigmoid output becomes a softmax output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// Nothing: softmax over the classes of each row, output delta `(p - y) / N`.
    None,
    /// One activation function serves both layers, so the hidden layer became a softmax, too.
    SharedSoftmax,
    /// The sum inside softmax runs over the rows of the batch, not over the classes of one row.
    BatchAxis,
    /// The sigmoid's line was kept: squared error's `p - y` times the Jacobian's diagonal alone.
    ElementwiseJacobian,
}

/// A network: call [`Bpnn::forward`], then [`Bpnn::update`]. Layer 1 is the hidden one, 2 the output.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Bpnn {
    pub w1: Matrix,   // (inputs, hidden)
    pub b1: Vec<f64>, // (hidden)
    pub w2: Matrix,   // (hidden, outputs)
    pub b2: Vec<f64>, // (outputs)
    pub mistake: Mistake,
    /// Velocities of the weights of both layers; their last rows are those of the biases.
    v: [Matrix; 2],
    /// The last forward pass: inputs, hidden outputs, logits, probabilities.
    pass: [Matrix; 4],
}

impl Bpnn {
    /// Takes given weights and biases.
    pub fn new(w1: Matrix, b1: Vec<f64>, w2: Matrix, b2: Vec<f64>, mistake: Mistake) -> Self {
        let v = [(&w1, &b1), (&w2, &b2)].map(|(w, b)| vec![vec![0.0; b.len()]; w.len() + 1]);
        Self { w1, b1, w2, b2, mistake, v, pass: Default::default() }
    }

    /// Small first weights, -0.3 to 0.3, the same for the same seed; biases 0.
    pub fn small([n_in, n_hidden, n_out]: [usize; 3], seed: usize, mistake: Mistake) -> Self {
        let weight = |n: usize| 0.3 * ((n * n + seed) as f64).sin(); // as good as dice, and repeatable
        let row = |start: usize, width: usize| (start..start + width).map(weight).collect();
        let w1 = (0..n_in).map(|i| row(i * n_hidden, n_hidden)).collect();
        let w2 = (0..n_hidden).map(|j| row(n_in * n_hidden + j * n_out, n_out)).collect();
        Self::new(w1, vec![0.0; n_hidden], w2, vec![0.0; n_out], mistake)
    }

    /// Sends a batch through the network: rows of inputs become rows of probabilities.
    pub fn forward(&mut self, inputs: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut h = dense(inputs, &self.w1, &self.b1);
        match self.mistake {
            Mistake::SharedSoftmax => h = h.iter().map(|row| softmax(row)).collect(), // wrong
            _ => h.iter_mut().flatten().for_each(|a| *a = 1.0 / (1.0 + (-*a).exp())),
        }
        let z = dense(&h, &self.w2, &self.b2);
        let mut p: Matrix = z.iter().map(|row| softmax(row)).collect();
        if self.mistake == Mistake::BatchAxis {
            for k in 0..self.b2.len() {
                let column: Vec<f64> = z.iter().map(|row| row[k]).collect(); // wrong: all examples
                p.iter_mut().zip(softmax(&column)).for_each(|(row, share)| row[k] = share);
            }
        }
        self.pass = [inputs.to_vec(), h, z, p.clone()];
        p
    }

    /// One step down the mean cross-entropy of the last batch: `v = factor v + gradient; w -= rate v`.
    pub fn update(&mut self, targets: &[Vec<f64>], rate: f64, factor: f64) {
        let [x, h, _, p] = &self.pass;
        let (mut delta1, mut delta2) = (h.clone(), p.clone());
        for n in 0..targets.len() {
            for k in 0..self.b2.len() {
                delta2[n][k] = (p[n][k] - targets[n][k]) / targets.len() as f64;
                if self.mistake == Mistake::ElementwiseJacobian {
                    delta2[n][k] *= p[n][k] * (1.0 - p[n][k]); // wrong: right for a sigmoid only
                }
            }
            for j in 0..self.b1.len() {
                let back: f64 = (0..self.b2.len()).map(|k| self.w2[j][k] * delta2[n][k]).sum();
                delta1[n][j] = back * h[n][j] * (1.0 - h[n][j]); // as ever: here is a sigmoid
            }
        }
        step(&mut self.w2, &mut self.b2, &mut self.v[1], h, &delta2, [rate, factor]);
        step(&mut self.w1, &mut self.b1, &mut self.v[0], x, &delta1, [rate, factor]);
    }
}

/// Moves one layer by its inputs and deltas. A bias is the weight of an input that is always 1.
fn step(w: &mut Matrix, b: &mut [f64], v: &mut Matrix, x: &Matrix, d: &Matrix, how: [f64; 2]) {
    let [rate, factor] = how;
    for i in 0..=w.len() {
        for k in 0..b.len() {
            let gradient: f64 = (0..d.len()).map(|n| d[n][k] * x[n].get(i).unwrap_or(&1.0)).sum();
            v[i][k] = factor * v[i][k] + gradient;
            *(if i < w.len() { &mut w[i][k] } else { &mut b[k] }) -= rate * v[i][k];
        }
    }
}

/// `x w + b`.
fn dense(x: &[Vec<f64>], w: &Matrix, b: &[f64]) -> Matrix {
    let unit = |x: &[f64], k: usize| b[k] + (0..w.len()).map(|i| x[i] * w[i][k]).sum::<f64>();
    x.iter().map(|x| (0..b.len()).map(|k| unit(x, k)).collect()).collect()
}

/// `e^z / sum of e^z` over the classes of one row; less the largest z, so that nothing overflows.
fn softmax(z: &[f64]) -> Vec<f64> {
    let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = z.iter().map(|z| (z - largest).exp()).sum();
    z.iter().map(|z| (z - largest).exp() / sum).collect()
}

/// On which of three rings is a point? Small first weights say 1/3 to all, an error of ln 3 = 1.099.
/// It is flat there: only right and long steps leave it, so that every mistake shows in the table.
pub fn main() -> std::process::ExitCode {
    use Mistake::{BatchAxis, ElementwiseJacobian, SharedSoftmax};
    let words = ["none", "shared-softmax", "batch-axis", "elementwise-jacobian"];
    let all = [Mistake::None, SharedSoftmax, BatchAxis, ElementwiseJacobian];
    let word = std::env::args().nth(1);
    if word.as_ref().is_some_and(|word| !words.contains(&word.as_str())) {
        eprintln!("the mistake must be one of {}, or left out for all", words.join(", "));
        return std::process::ExitCode::from(2);
    }
    let chosen = |name: &str| word.as_ref().is_none_or(|word| word == name);
    let ring = |n: usize| (0.3 + 0.7 * (n % 3) as f64, n as f64 * std::f64::consts::TAU / 90.0);
    let x: Matrix = (0..90).map(ring).map(|(r, a)| vec![r * a.cos(), r * a.sin()]).collect();
    let y: Matrix = (0..90).map(|n| (0..3).map(|k| f64::from(k == n % 3)).collect()).collect();
    println!("mistake           epochs:      0    300   1000   2000   3000  right");
    for (name, mistake) in words.into_iter().zip(all).filter(|(name, _)| chosen(name)) {
        let mut net = Bpnn::small([2, 6, 3], 1, mistake);
        print!("{name:24}");
        for epoch in 0..=3000 {
            net.forward(&x);
            if [0, 300, 1000, 2000, 3000].contains(&epoch) {
                let error = |n: usize| -softmax(&net.pass[2][n])[n % 3].ln(); // a right softmax
                print!("{:7.3}", (0..90).map(error).sum::<f64>() / 90.0);
            }
            net.update(&y, 0.1, 0.9);
        }
        let z = &net.pass[2];
        let right = (0..90).filter(|&n| z[n].iter().all(|&z_k| z_k <= z[n][n % 3])).count();
        println!("{:5.0} %", right as f64 / 0.9);
    }
    std::process::ExitCode::SUCCESS
}
