//! How sure a share of right labels is.

use std::collections::BTreeMap;

/// The 0.975 quantile of the standard normal distribution.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// Wilson's score interval at 95 % for a share of which `right` of `n` were seen (Wilson 1927):
/// `(p + z^2 / 2n ± z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)`, with p = right / n.
///
/// Both ends lie from 0 to 1; without a single picture they are 0 and 1.
///
/// ```
/// use textura::learn::evaluation::wilson_interval;
/// let [low, high] = wilson_interval(8, 10);
/// assert!((low - 0.4902).abs() < 1e-4 && (high - 0.9433).abs() < 1e-4);
/// assert_eq!(wilson_interval(0, 0), [0.0, 1.0]);
/// ```
pub fn wilson_interval(right: usize, n: usize) -> [f64; 2] {
    if n == 0 {
        return [0.0, 1.0];
    }
    wilson(right as f64 / n as f64, n as f64)
}

/// For a share of a number of pictures, or of what they are worth.
fn wilson(p: f64, n: f64) -> [f64; 2] {
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let end = |value: f64| value / (1.0 + Z * Z / n);
    // At 0 and 1 the interval ends there exactly; rounding must not exclude the share itself.
    [end(middle - half).clamp(0.0, p), end(middle + half).clamp(p, 1.0)]
}

/// The interval at 95 % around the mean of some shares by Student's t: `mean ± t s / sqrt(n)`, where t is
/// the 0.975 quantile for n - 1 degrees of freedom and s the standard deviation (divided by n - 1),
/// clipped to 0 and 1. `None` for fewer than two.
///
/// It describes independent measurements. Splits of one data set share pictures, so that the true
/// uncertainty is larger (Bengio and Grandvalet 2004). Equal shares give an interval without width.
///
/// ```
/// use textura::learn::evaluation::t_interval;
/// // s = 0.01, t for 2 degrees of freedom = 4.3027.
/// let [low, high] = t_interval(&[0.89, 0.90, 0.91]).unwrap_or_default();
/// assert!((low - 0.875159).abs() < 1e-6 && (high - 0.924841).abs() < 1e-6);
/// assert_eq!(t_interval(&[0.9]), None);
/// ```
pub fn t_interval(shares: &[f64]) -> Option<[f64; 2]> {
    let n = shares.len();
    if n < 2 {
        return None;
    }
    let mean = shares.iter().sum::<f64>() / n as f64;
    let squares: f64 = shares.iter().map(|share| (share - mean).powi(2)).sum();
    let deviation = (squares / (n - 1) as f64).sqrt();
    let half = t_quantile(n - 1) * deviation / (n as f64).sqrt();
    Some([(mean - half).clamp(0.0, 1.0), (mean + half).clamp(0.0, 1.0)])
}

/// The 0.975 quantile of Student's t with at least one degree of freedom, by bisection: the chance of
/// -t to t is a finite sum in the angle whose tangent is t / sqrt(df) (Abramowitz and Stegun 1964,
/// 26.7.3 and 26.7.4).
fn t_quantile(df: usize) -> f64 {
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    // Each step halves the angle's error: after 60 there is none left that a float could tell.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if chance_within(middle, df) < 0.95 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (df as f64).sqrt() * low.tan()
}

/// The chance of a value of Student's t, with at least one degree of freedom, of t or more.
pub(super) fn chance_beyond(t: f64, df: usize) -> f64 {
    let within = chance_within((t.abs() / (df as f64).sqrt()).atan(), df);
    if t < 0.0 { (1.0 + within) / 2.0 } else { (1.0 - within) / 2.0 }
}

/// The chance of a value between -t and t, where `angle` is atan(t / sqrt(df)).
fn chance_within(angle: f64, df: usize) -> f64 {
    let (sine, cosine) = angle.sin_cos();
    let is_odd = df % 2 == 1;
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    // cos + 2/3 cos^3 + 2/3 4/5 cos^5 ... up to cos^(df - 2), or 1 + 1/2 cos^2 + 1/2 3/4 cos^4 ...
    let mut power = if is_odd { 1 } else { 0 };
    while power + 2 <= df {
        sum += term;
        term *= cosine * cosine * (power + 1) as f64 / (power + 2) as f64;
        power += 2;
    }
    if is_odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum }
}

/// The interval at 95 % around the accuracy on pictures that belong to units (a group, or a picture and its copies), whose
/// pictures need not be independent: Wilson's interval for as many pictures as would have the variance that the units show,
/// `sum over units of (right - p pictures)^2 U / (U - 1) / n^2` for U units (Cochran 1977, "Sampling techniques", 9A.1),
/// and no more than there are. Where all or none are right, the units are counted.
///
/// `are_right` and `units` have one entry a picture; surplus entries of the longer are ignored.
///
/// ```
/// use textura::learn::evaluation::{accuracy_interval, wilson_interval};
/// let alone = accuracy_interval(&[true, true, true, false], &[0, 1, 2, 3]);
/// assert_eq!(alone, wilson_interval(3, 4));
/// // Ten pictures of each of two rolls, one roll all wrong: worth about two pictures.
/// let right: Vec<bool> = (0..20).map(|at| at < 10).collect();
/// let units: Vec<usize> = (0..20).map(|at| at / 10).collect();
/// let [low, high] = accuracy_interval(&right, &units);
/// assert!(low < 0.15 && 0.85 < high);
/// ```
pub fn accuracy_interval(are_right: &[bool], units: &[usize]) -> [f64; 2] {
    let mut by_unit: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (&is_right, &unit) in are_right.iter().zip(units) {
        let (right, pictures) = by_unit.entry(unit).or_default();
        *right += f64::from(is_right);
        *pictures += 1.0;
    }
    let (right, n) = by_unit.values().fold((0.0, 0.0), |(r, n), unit| (r + unit.0, n + unit.1));
    let n_units = by_unit.len() as f64;
    if n == 0.0 {
        return [0.0, 1.0];
    }
    let p: f64 = right / n;
    let independent = p * (1.0 - p) / n;
    if independent == 0.0 || n_units < 2.0 {
        return wilson(p, n_units);
    }
    let squares: f64 = by_unit.values().map(|(right, n)| (right - p * n).powi(2)).sum();
    let variance = squares * n_units / (n_units - 1.0) / (n * n);
    wilson(p, if n_units == n { n } else { n * (independent / variance).min(1.0) })
}

#[cfg(test)]
mod tests;
