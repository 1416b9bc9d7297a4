//! Co-occurrence as the Image Biomarker Standardisation Initiative aggregates and names it.

use super::glcm::{Counts, FEATURES, IBSI, Measured, Offset, Wanted};
pub use super::level_family::IbsiGlcmOptions;
use super::level_family::{LevelTable, Measurement};
use super::{Feature, Term};

/// IBSI's short names of its 25 statistics, in the order in which they become columns, and ours.
const NAMES: [(&str, &str); IBSI] = [
    ("joint_max", "joint_maximum"),
    ("joint_avg", "joint_average"),
    ("joint_var", "joint_variance"),
    ("joint_entr", "entropy"),
    ("diff_avg", "difference_average"),
    ("diff_var", "difference_variance"),
    ("diff_entr", "difference_entropy"),
    ("sum_avg", "sum_average"),
    ("sum_var", "sum_variance"),
    ("sum_entr", "sum_entropy"),
    ("energy", "asm"),
    ("contrast", "contrast"),
    ("dissimilarity", "dissimilarity"),
    ("inv_diff", "inverse_difference"),
    ("inv_diff_norm", "inverse_difference_normalised"),
    ("inv_diff_mom", "homogeneity"),
    ("inv_diff_mom_norm", "inverse_difference_moment_normalised"),
    ("inv_var", "inverse_variance"),
    ("corr", "correlation"),
    ("auto_corr", "autocorrelation"),
    ("clust_tend", "cluster_tendency"),
    ("clust_shade", "cluster_shade"),
    ("clust_prom", "cluster_prominence"),
    ("info_corr1", "information_correlation_1"),
    ("info_corr2", "information_correlation_2"),
];

fn features() -> Vec<Feature<Measured>> {
    let named = |&(short, name): &(&'static str, &str)| {
        let feature = FEATURES.iter().find(|feature| feature.term.name == name)?;
        Some(Feature { term: Term { name: short, ..feature.term }, ..*feature })
    };
    NAMES.iter().filter_map(named).collect()
}

pub(super) static TABLE: LevelTable<Measured> = LevelTable {
    key: "ibsi_glcm",
    title: "Co-occurrence, IBSI's names",
    about: ABOUT,
    features,
    aggregates: &["2d_avg", "2d_s_mrg"],
    column: |settings, name, aggregate| format!("cm_{name}_d{}_{aggregate}", settings.distance),
    measure: |settings, levels, engine| {
        let counts = Offset::directions(settings.distance)
            .map(|offset| Counts::count(levels, offset, engine));
        let wanted = Wanted { max_correlation: false, ..Wanted::ALL };
        let measure = |counts: &Counts| Measured::of(counts, true, wanted, engine);
        let with_pairs = counts.iter().filter(|counts| !counts.is_empty());
        let mut each: Vec<Measured> = with_pairs.map(measure).collect();
        if each.is_empty() {
            each.push(measure(&counts[0]));
        }
        let is_too_small = counts.iter().any(Counts::is_empty);
        let [mut merged, rest @ ..] = counts;
        rest.iter().for_each(|other| merged.add(other));
        Measurement { aggregates: vec![each, vec![measure(&merged)]], is_too_small }
    },
};

const ABOUT: &str = "\
The first 25 statistics of `glcm` in the two ways of the IBSI manual: `2d_avg` is the mean of the \
statistic over the four directions, `2d_s_mrg` (\"slice-merged\") is that of the counts of all \
directions together. Matrices are symmetric.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\"), `distance` (1).

Columns: `cm_joint_max_d1_2d_avg`, ..., then `cm_joint_max_d1_2d_s_mrg`, ....

Edge cases: directions without a pair are left out of the mean and set the flag `too_small`; where no \
direction has one, every statistic is 0 and the correlation 1.

Source: IBSI reference manual, section 3.6. Settings of the reference values: symmetric, Chebyshev \
distance 1, entropies in bits.";

#[cfg(test)]
mod tests;
