//! The statistics by name.

use super::Differences;
use crate::texture::{Feature, Term};

/// IBSI's coarseness of a picture without any difference.
const COARSEST: f64 = 1e6;

/// What is measured of the differences. None is ever NaN or infinite.
///
/// Worked example, the 3x1 picture of [`Differences::of`]: two pixels of level 1 with the sum 1/2, one of
/// level 2 with the sum 1.
///
/// ```
/// use textura::image::{Gray, Levels, Samples, ValueRange};
/// use textura::texture::ngtdm::{Differences, Measured};
/// let gray = Gray::new(3, 1, Samples::Eight(vec![0, 0, 255]))?;
/// let levels = Levels::fixed(&gray, 2, ValueRange::Nominal);
/// let m = Measured::of(&Differences::of(&levels, 1));
/// let close = |a: f64, b: f64| (a - b).abs() < 1e-15;
/// assert!(close(m.coarseness, 1.5)); // p s: 2/3 * 1/2 + 1/3 * 1 = 2/3
/// assert!(close(m.contrast, 2.0 / 9.0 * 0.5)); // 2 * (2/3 * 1/3 * 1^2) / (2 * 1), times 3/2 / 3
/// assert_eq!(m.busyness, 0.0); // 1 * 2/3 = 2 * 1/3: nothing to divide by
/// assert!(close(m.complexity, 4.0 / 9.0)); // 2 * 1 * (1/3 + 1/3) / 1, divided by 3
/// assert!(close(m.strength, 2.0 / 1.5)); // 2 * (2/3 + 1/3) * 1^2
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(missing_docs, reason = "every field is a row of FEATURES")]
pub struct Measured {
    pub coarseness: f64,
    pub contrast: f64,
    pub busyness: f64,
    pub complexity: f64,
    pub strength: f64,
}

impl Measured {
    /// The definitions.
    pub fn of(differences: &Differences) -> Self {
        let rows: Vec<(usize, u64, f64)> = differences.rows().collect();
        let n = rows.iter().map(|&(_, count, _)| count).sum::<u64>() as f64;
        let share = |count: u64| count as f64 / n;
        let ratio = |a: f64, b: f64| if b == 0.0 { 0.0 } else { a / b };
        let sum: f64 = rows.iter().map(|&(_, _, s)| s).sum();
        let weighted: f64 = rows.iter().map(|&(_, count, s)| share(count) * s).sum();
        let (mut contrast, mut balance, mut complexity, mut strength) = (0.0, 0.0, 0.0, 0.0);
        for &(i, count_i, s_i) in &rows {
            for &(j, count_j, s_j) in &rows {
                let (p_i, p_j, step) = (share(count_i), share(count_j), i.abs_diff(j) as f64);
                contrast += p_i * p_j * step * step;
                // In whole numbers up to the division, so that no difference is exactly none.
                balance += (i as u64 * count_i).abs_diff(j as u64 * count_j) as f64 / n;
                complexity += step * (p_i * s_i + p_j * s_j) / (p_i + p_j);
                strength += (p_i + p_j) * step * step;
            }
        }
        let g = rows.len() as f64;
        Self {
            coarseness: if weighted == 0.0 { COARSEST } else { 1.0 / weighted },
            contrast: ratio(contrast, g * (g - 1.0)) * ratio(sum, n),
            busyness: ratio(weighted, balance),
            complexity: ratio(complexity, n),
            strength: ratio(strength, sum),
        }
    }
}

const fn term(
    name: &'static str,
    ibsi: &'static str,
    formula: &'static str,
    range: &'static str,
    meaning: &'static str,
    edge: &'static str,
    pyradiomics: &'static str,
) -> Term {
    Term::new(name, ibsi, formula, range, meaning, edge).pyradiomics(pyradiomics)
}

/// IBSI's five, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Measured>; 5] = [
    Feature { term: term("coarseness", "QCDE", "1 / sum p_i s_i", "above 0",
        "how slowly grey changes from pixel to pixel", "1,000,000", "Coarseness"), value: |m| m.coarseness },
    Feature { term: term("contrast", "65HE", "(sum sum p_i p_j (i-j)^2 / (g (g-1))) (sum s_i / N)", "at least 0",
        "how far levels lie apart and how much neighbours differ", "0", "Contrast"), value: |m| m.contrast },
    Feature { term: term("busyness", "NQ30", "sum p_i s_i / sum sum |i p_i - j p_j|", "at least 0",
        "how quickly grey changes back and forth", "0", "Busyness"), value: |m| m.busyness },
    Feature { term: term("complexity", "HDEZ", "sum sum |i-j| (p_i s_i + p_j s_j) / (p_i + p_j) / N", "at least 0",
        "how many sharp changes between unlike levels there are", "0", "Complexity"), value: |m| m.complexity },
    Feature { term: term("strength", "1X9X", "sum sum (p_i + p_j) (i-j)^2 / sum s_i", "at least 0",
        "how clearly the parts of the pattern stand out", "0", "Strength"), value: |m| m.strength },
];
