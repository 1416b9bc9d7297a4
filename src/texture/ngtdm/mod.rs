//! Neighbourhood grey tone differences: how far each pixel lies from the mean of its neighbours.
//!
//! Source: Amadasun and King 1989, "Textural features corresponding to textural properties".

use std::collections::BTreeMap;

pub use super::level_family::NgtdmOptions;
use super::level_family::{LevelTable, Measurement};
use super::neighbours::{around, inside};
use super::topic;
use crate::image::Levels;

/// For each level, from 1 on: how many pixels have it and some neighbour, and the sum of their
/// differences `|level - mean of the neighbours|`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Differences {
    by_level: BTreeMap<usize, (u64, f64)>,
}

impl Differences {
    /// Of a picture: neighbours are the pixels inside at most `distance` columns and rows away. Pixels
    /// without any are left out.
    ///
    /// ```
    /// use textura::image::{Gray, Levels, Samples, ValueRange};
    /// use textura::texture::ngtdm::Differences;
    /// // 1 1 2   the neighbours of the pixels have the means 1, 3/2, 1
    /// let gray = Gray::new(3, 1, Samples::Eight(vec![0, 0, 255]))?;
    /// let differences = Differences::of(&Levels::fixed(&gray, 2, ValueRange::Nominal), 1);
    /// let rows: Vec<_> = differences.rows().collect(); // level, pixels, sum
    /// assert_eq!(rows, [(1, 2, 0.0 + 0.5), (2, 1, 1.0)]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn of(levels: &Levels, distance: usize) -> Self {
        let mut differences = Self::default();
        for (x, y, level) in inside(levels) {
            let (mut n_neighbours, mut sum) = (0, 0);
            for (_, neighbour) in around(levels, x, y, distance) {
                n_neighbours += 1;
                sum += neighbour;
            }
            if n_neighbours == 0 {
                continue;
            }
            // In whole numbers up to the division, so that no difference is exactly none.
            let difference = (level * n_neighbours).abs_diff(sum) as f64 / n_neighbours as f64;
            let row = differences.by_level.entry(level + 1).or_default();
            *row = (row.0 + 1, row.1 + difference);
        }
        differences
    }

    /// Adds the pixels of another picture.
    pub fn merge(&mut self, other: &Self) {
        for (&level, &(count, sum)) in &other.by_level {
            let row = self.by_level.entry(level).or_default();
            *row = (row.0 + count, row.1 + sum);
        }
    }

    /// Whether no pixel has a neighbour.
    pub fn is_empty(&self) -> bool {
        self.by_level.is_empty()
    }

    /// Level, number of pixels, sum of differences, for the levels that some pixel has.
    pub fn rows(&self) -> impl Iterator<Item = (usize, u64, f64)> {
        self.by_level.iter().map(|(&level, &(count, sum))| (level, count, sum))
    }
}

/// IBSI's coarseness of a picture without any difference.
const COARSEST: f64 = 1e6;

#[rustfmt::skip]
topic::measured! {
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
    pub struct Measured;

    /// IBSI's five, by its short names.
    pub const FEATURES: 5;
    coarseness => "coarseness", "QCDE", "1 / sum p_i s_i", "above 0",
        "how slowly grey changes from pixel to pixel", "1,000,000", pyradiomics = "Coarseness";
    contrast => "contrast", "65HE", "(sum sum p_i p_j (i-j)^2 / (g (g-1))) (sum s_i / N)", "at least 0",
        "how far levels lie apart and how much neighbours differ", "0", pyradiomics = "Contrast";
    busyness => "busyness", "NQ30", "sum p_i s_i / sum sum |i p_i - j p_j|", "at least 0",
        "how quickly grey changes back and forth", "0", pyradiomics = "Busyness";
    complexity => "complexity", "HDEZ", "sum sum |i-j| (p_i s_i + p_j s_j) / (p_i + p_j) / N", "at least 0",
        "how many sharp changes between unlike levels there are", "0", pyradiomics = "Complexity";
    strength => "strength", "1X9X", "sum sum (p_i + p_j) (i-j)^2 / sum s_i", "at least 0",
        "how clearly the parts of the pattern stand out", "0", pyradiomics = "Strength";
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

pub(super) static TABLE: LevelTable<Measured> = LevelTable {
    key: "ngtdm",
    title: "Neighbourhood grey tone differences",
    about: ABOUT,
    features: || FEATURES.to_vec(),
    aggregates: &["2d"],
    column: |settings, name, aggregate| match settings.distance {
        1 => format!("ngt_{name}_{aggregate}"),
        d => format!("ngt_{name}_d{d}_{aggregate}"),
    },
    measure: |settings, levels, _| {
        let differences = Differences::of(levels, settings.distance);
        Measurement::one(Measured::of(&differences), differences.is_empty())
    },
};

const ABOUT: &str = "\
What eyes notice, as numbers: each pixel is compared with the mean of its neighbours, the pixels inside \
at most `distance` columns and rows away. `N_i` counts the pixels with level `i`, from 1 on, that have \
some neighbour, and `s_i` sums their differences `|i - mean of the neighbours|`; N is the sum of the \
`N_i`, `p_i = N_i / N`, and g is the number of levels with `p_i > 0`. Double sums are over these levels.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\"), `distance` (1; 1 to 64).

Columns: `ngt_coarseness_2d`, ...; at distances other than 1 `ngt_coarseness_d2_2d`, ....

Edge cases: pixels without neighbours are left out. Of a flat picture the coarseness is 1,000,000 and \
the others are 0; so they are without any pixel that has a neighbour, with the flag `too_small`. \
Busyness and strength are 0 where they would be divided by 0.

Source: Amadasun and King 1989; IBSI reference manual, section 3.10.";

#[cfg(test)]
mod tests;
