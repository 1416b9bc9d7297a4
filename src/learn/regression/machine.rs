//! Radial units, one for each picture learned from, and a linear output whose weights are known in closed form.

use ndarray::{Array1, Array2, Axis, s};

use super::kernel::{Kernel, Products};
use crate::learn::discriminant::Cholesky;

/// A network with one hidden layer (Broomhead and Lowe 1988): unit i answers `k(x, c_i)` for its centre, a picture that was
/// learned from, and the output is `f(x) = constant + sum_i w_i k(x, c_i)`, with the weights that make
///
/// `sum_i (y_i - f(c_i))^2 + noise * w' K w`
///
/// smallest, where errors of pictures that are trusted less count less:
/// `w = (K + noise T^-1)^-1 (y - constant)`, T being the diagonal of how far each is trusted, 1 for all if nothing is said (kernel ridge regression; Saunders et al. 1998). It is also the mean of
/// a Gaussian process with that kernel and an unknown constant, whose variance says how far a picture lies from all that
/// are known (Rasmussen and Williams 2006, section 2.7).
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    pub kernel: Kernel,
    pub noise: f64,
    /// One a centre.
    pub weights: Array1<f64>,
    pub constant: f64,
    /// How far each centre's value is trusted, above 0 to 1.
    pub trust: Vec<f64>,
    factor: Cholesky,
    /// What the inverse makes of a one for each centre.
    ones: Array1<f64>,
}

/// What a machine says of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said {
    pub value: f64,
    /// Of a new picture there, its own noise included, in units of the kernel.
    pub variance: f64,
}

/// What is said of each centre by a machine without the centres of its unit.
#[derive(Debug, Clone)]
pub(crate) struct OutOfFold {
    /// The right value less that.
    pub errors: Vec<f64>,
    pub variances: Vec<f64>,
}

impl OutOfFold {
    /// The same of the first rows.
    pub fn first(mut self, n: usize) -> Self {
        self.errors.truncate(n);
        self.variances.truncate(n);
        self
    }

    pub fn mean_square(&self) -> f64 {
        self.errors.iter().map(|e| e * e).sum::<f64>() / self.errors.len().max(1) as f64
    }

    pub fn mean_size(&self) -> f64 {
        self.errors.iter().map(|e| e.abs()).sum::<f64>() / self.errors.len().max(1) as f64
    }
}

impl Machine {
    /// Learns values of the centres; also gives what is said of each by the others. `None` where the kernel has no inverse.
    pub fn fit(
        products: &Products,
        (kernel, noise): (Kernel, f64),
        values: &[f64],
        units: &[usize],
    ) -> Option<(Self, OutOfFold)> {
        let trust = vec![1.0; values.len()];
        Self::fit_trusting(products, (kernel, noise), values, units, trust)
    }

    /// The same by Huber's loss, so that a few wrong values do not decide (Huber 1964): a value that is further than delta from what
    /// the other units say is trusted by delta over that distance, and all is learned again, until trust changes no more. Delta is
    /// 1.345 times the spread of the errors by their median, so that normal errors lose 5 % of what they tell.
    pub fn fit_robustly(
        products: &Products,
        found: (Kernel, f64),
        values: &[f64],
        units: &[usize],
    ) -> Option<(Self, OutOfFold)> {
        let mut fitted = Self::fit(products, found, values, units)?;
        for _ in 0..MOST_ROUNDS {
            let delta = DELTA * spread_by_median(&fitted.1.errors);
            let trust: Vec<f64> = fitted.1.errors.iter().map(|e| trusted(e.abs(), delta)).collect();
            let changes = trust.iter().zip(&fitted.0.trust).map(|(new, old)| (new - old).abs());
            if changes.fold(0.0, f64::max) < LEAST_CHANGE {
                break;
            }
            fitted = Self::fit_trusting(products, found, values, units, trust)?;
        }
        Some(fitted)
    }

    fn fit_trusting(
        products: &Products,
        (kernel, noise): (Kernel, f64),
        values: &[f64],
        units: &[usize],
        trust: Vec<f64>,
    ) -> Option<(Self, OutOfFold)> {
        let factor = factor(products, &kernel, noise, &trust)?;
        let n = values.len();
        let inverse = factor.solve(Array2::eye(n));
        let ones = inverse.sum_axis(Axis(1));
        let sum = ones.sum();
        let values = Array1::from(values.to_vec());
        let constant = ones.dot(&values) / sum;
        let weights = inverse.dot(&(&values - constant));
        let out_of_fold = out_of_fold(&inverse, &ones, &weights, units)?;
        Some((Self { kernel, noise, weights, constant, trust, factor, ones }, out_of_fold))
    }

    /// A machine whose weights are known. `None` as for [`Machine::fit`].
    pub fn known(
        products: &Products,
        (kernel, noise): (Kernel, f64),
        (weights, constant): (Vec<f64>, f64),
        trust: Vec<f64>,
    ) -> Option<Self> {
        let factor = factor(products, &kernel, noise, &trust)?;
        let ones = factor.solve(Array2::ones((weights.len(), 1))).remove_axis(Axis(1));
        Some(Self { kernel, noise, weights: weights.into(), constant, trust, factor, ones })
    }

    /// What it says of rows, by their products with the centres.
    pub fn say(&self, products: &Products) -> Vec<Said> {
        let kernel = products.kernel(&self.kernel);
        let values = kernel.dot(&self.weights) + self.constant;
        let by_ones = kernel.dot(&self.ones);
        let known = self.factor.forward(kernel.t().as_standard_layout().into_owned());
        let known = known.map(|v| v * v).sum_axis(Axis(0));
        let own = products.own(&self.kernel);
        let all = values.iter().zip(own).zip(known.iter().zip(&by_ones));
        all.map(|((&value, own), (known, by_ones))| {
            let of_constant = (1.0 - by_ones).powi(2) / self.ones.sum();
            // Rounding may leave less than the noise of the picture itself.
            let variance = (own - known + of_constant).max(0.0) + self.noise;
            Said { value, variance }
        })
        .collect()
    }
}

/// Where Huber's loss begins to be straight, in standard deviations of normal errors.
pub(super) const DELTA: f64 = 1.345;

/// Trust is found again at most so often, or until it changes by less.
const MOST_ROUNDS: usize = 20;
const LEAST_CHANGE: f64 = 1e-3;

fn trusted(error: f64, delta: f64) -> f64 {
    // Where most errors are nothing, the others are still told from them.
    if error <= delta { 1.0 } else { (delta / error).max(1e-6) }
}

/// The standard deviation of normal errors with this median of their sizes.
pub(crate) fn spread_by_median(errors: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    1.4826 * sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
}

fn factor(products: &Products, kernel: &Kernel, noise: f64, trust: &[f64]) -> Option<Cholesky> {
    let mut covariance = products.kernel(kernel);
    covariance.diag_mut().iter_mut().zip(trust).for_each(|(v, trust)| *v += noise / trust);
    Cholesky::of(covariance)
}

/// By the block formula for leaving out (Rasmussen and Williams 2006, equation 5.12, with an unknown constant: Dubrule 1983):
/// for `P = A - a a' / sum a`, where A is the inverse and a its row sums, the errors of a unit G are `P_GG^-1 (P y)_G` and their
/// covariance is `P_GG^-1`.
fn out_of_fold(
    inverse: &Array2<f64>,
    ones: &Array1<f64>,
    weights: &Array1<f64>,
    units: &[usize],
) -> Option<OutOfFold> {
    let (n, sum) = (units.len(), ones.sum());
    let entry = |i: usize, j: usize| inverse[[i, j]] - ones[i] * ones[j] / sum;
    let (mut errors, mut variances) = (vec![0.0; n], vec![0.0; n]);
    for unit in members(units) {
        if let [only] = unit[..] {
            // (P y)_i is the weight of the unit.
            variances[only] = 1.0 / entry(only, only);
            errors[only] = weights[only] * variances[only];
            continue;
        }
        let m = unit.len();
        let own = Array2::from_shape_fn((m, m), |(i, j)| entry(unit[i], unit[j]));
        let mut both = Array2::zeros((m, m + 1));
        both.slice_mut(s![.., ..m]).diag_mut().fill(1.0);
        unit.iter().enumerate().for_each(|(i, &at)| both[[i, m]] = weights[at]);
        let solved = Cholesky::of(own)?.solve(both);
        for (i, &at) in unit.iter().enumerate() {
            variances[at] = solved[[i, i]];
            errors[at] = solved[[i, m]];
        }
    }
    let is_sound = |values: &[f64]| values.iter().all(|v| v.is_finite());
    (is_sound(&errors) && is_sound(&variances)).then_some(OutOfFold { errors, variances })
}

/// The places of each unit's members.
fn members(units: &[usize]) -> Vec<Vec<usize>> {
    let mut members = std::collections::BTreeMap::<usize, Vec<usize>>::new();
    units.iter().enumerate().for_each(|(at, &unit)| members.entry(unit).or_default().push(at));
    members.into_values().collect()
}
