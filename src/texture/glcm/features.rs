//! The statistics by name.

use super::{Counts, Statistics, max_correlation};
use crate::texture::{Engine, Feature, topic};

/// What is measured of one matrix.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// The sums over the matrix.
    pub statistics: Statistics,
    /// The maximal correlation coefficient, 0 where it is not wanted.
    pub max_correlation: f64,
}

impl Measured {
    /// Of counts as they are, or of both orders of every pair.
    pub(in crate::texture) fn of(
        counts: &Counts,
        is_symmetric: bool,
        wanted: Wanted,
        engine: Engine,
    ) -> Self {
        let statistics = match (is_symmetric, engine) {
            (true, Engine::Fast) => Statistics::of_symmetric_wanted(counts, wanted),
            (true, Engine::Reference) => Statistics::of(&counts.symmetric()),
            (false, _) => Statistics::of(counts),
        };
        let max_correlation = match (wanted.max_correlation, is_symmetric) {
            (false, _) => 0.0,
            (true, true) => max_correlation(&counts.symmetric()),
            (true, false) => max_correlation(counts),
        };
        Self { statistics, max_correlation }
    }
}

/// Which statistics are wanted, so that no time goes into others.
#[derive(Debug, Clone, Copy)]
pub(in crate::texture) struct Wanted {
    /// Those besides the six of the descriptor `fast`.
    pub beyond_fast: bool,
    pub max_correlation: bool,
}

impl Wanted {
    pub const ALL: Self = Self { beyond_fast: true, max_correlation: true };

    pub fn of(features: &[Feature<Measured>]) -> Self {
        let has = |name: &str| features.iter().any(|feature| feature.term.name == name);
        Self {
            beyond_fast: FEATURES[FAST..].iter().any(|feature| has(feature.term.name)),
            max_correlation: has("max_correlation"),
        }
    }
}

/// Every statistic: first the six of the descriptor `fast`, then the rest of IBSI's 25, Haralick's
/// fourteenth, and three more of scikit-image.
///
/// In the formulas `p` is `p(i,j)`, levels count from 1 to G, `p_x` and `p_y` are the sums of rows and
/// columns, `p_-(k)` is the share of pairs with `|i-j| = k` and `p_+(k)` of those with `i+j = k`.
#[rustfmt::skip]
pub const FEATURES: [Feature<Measured>; 29] = topic::features![
    |m| m.statistics.contrast => "contrast", "ACUI", "sum (i-j)^2 p", "0 to (G-1)^2",
        "how much neighbours differ", "0", scikit_image = "contrast", mahotas = "haralick 2", matlab = "Contrast", pyradiomics = "Contrast";
    |m| m.statistics.dissimilarity => "dissimilarity", "8S9J", "sum |i-j| p", "0 to G-1",
        "the same, less for outliers", "0", scikit_image = "dissimilarity", pyradiomics = "DifferenceAverage";
    |m| m.statistics.homogeneity => "homogeneity", "WF0Z", "sum p / (1 + (i-j)^2), inverse difference moment", "0 to 1",
        "how alike neighbours are", "1 (no pair: 0)", scikit_image = "homogeneity", mahotas = "haralick 5", pyradiomics = "Idm";
    |m| m.statistics.asm => "asm", "8ZQL", "sum p^2, angular second moment", "above 0 to 1",
        "how much a few pairs prevail", "1 (no pair: 0)", scikit_image = "ASM", mahotas = "haralick 1", matlab = "Energy", pyradiomics = "JointEnergy";
    |m| m.statistics.correlation => "correlation", "NI2N", "sum (i-mu_x)(j-mu_y) p / (sigma_x sigma_y)", "-1 to 1",
        "how well a level foretells its neighbour's on a straight line", "1", scikit_image = "correlation", mahotas = "haralick 3", matlab = "Correlation (NaN where flat)", pyradiomics = "Correlation";
    |m| m.statistics.entropy => "entropy", "TU9B", "-sum p log2 p", "0 to 2 log2 G",
        "how many different pairs there are, in bits", "0", scikit_image = "entropy (ln)", mahotas = "haralick 9", pyradiomics = "JointEntropy";
    |m| m.statistics.joint_maximum => "joint_maximum", "GYBY", "max p", "0 to 1",
        "how common the commonest pair is", "1 (no pair: 0)", pyradiomics = "MaximumProbability";
    |m| m.statistics.joint_average => "joint_average", "60VM", "sum i p", "1 to G",
        "the mean level", "the level (no pair: 0)", pyradiomics = "JointAverage";
    |m| m.statistics.variance => "joint_variance", "UR99", "sum (i-mu_x)^2 p", "0 to (G-1)^2/4",
        "how far levels lie from the mean, Haralick's sum of squares", "0", scikit_image = "variance", mahotas = "haralick 4", pyradiomics = "SumSquares";
    |m| m.statistics.dissimilarity => "difference_average", "TF7R", "sum k p_-(k)", "0 to G-1",
        "equal to the dissimilarity", "0", scikit_image = "dissimilarity", pyradiomics = "DifferenceAverage";
    |m| m.statistics.difference_variance => "difference_variance", "D3YU", "sum (k-mu)^2 p_-(k), mu the difference average", "0 to (G-1)^2/4",
        "how unequal the differences are", "0", mahotas = "haralick 10 with use_x_minus_y_variance=True (by default another quantity)", pyradiomics = "DifferenceVariance";
    |m| m.statistics.difference_entropy => "difference_entropy", "NTRS", "-sum p_-(k) log2 p_-(k)", "0 to log2 G",
        "how many different differences there are, in bits", "0", mahotas = "haralick 11", pyradiomics = "DifferenceEntropy";
    |m| m.statistics.sum_average => "sum_average", "ZGXS", "sum k p_+(k)", "2 to 2 G",
        "twice the mean level", "twice the level (no pair: 0)", mahotas = "haralick 6 (levels from 0: smaller by 2)", pyradiomics = "SumAverage";
    |m| m.statistics.cluster_tendency => "sum_variance", "OEEB", "sum (k-mu)^2 p_+(k), mu the sum average", "0 to (G-1)^2",
        "how much pairs differ in brightness; equal to the cluster tendency", "0", mahotas = "haralick 7", pyradiomics = "ClusterTendency";
    |m| m.statistics.sum_entropy => "sum_entropy", "P6QZ", "-sum p_+(k) log2 p_+(k)", "0 to log2(2 G - 1)",
        "how many different brightnesses pairs have, in bits", "0", mahotas = "haralick 8", pyradiomics = "SumEntropy";
    |m| m.statistics.inverse_difference => "inverse_difference", "IB1Z", "sum p / (1 + |i-j|)", "0 to 1",
        "how alike neighbours are, less strict than the homogeneity", "1 (no pair: 0)", matlab = "Homogeneity", pyradiomics = "Id";
    |m| m.statistics.inverse_difference_normalised => "inverse_difference_normalised", "NDRX", "sum p / (1 + |i-j|/G)", "1/2 to 1",
        "the same as a share of the number of levels", "1 (no pair: 0)", pyradiomics = "Idn";
    |m| m.statistics.inverse_difference_moment_normalised => "inverse_difference_moment_normalised", "1QCO", "sum p / (1 + (i-j)^2/G^2)", "1/2 to 1",
        "the homogeneity as a share of the number of levels", "1 (no pair: 0)", pyradiomics = "Idmn";
    |m| m.statistics.inverse_variance => "inverse_variance", "E8JP", "sum over i != j of p / (i-j)^2", "0 to 1",
        "how common small steps are", "0", pyradiomics = "InverseVariance";
    |m| m.statistics.autocorrelation => "autocorrelation", "QWB0", "sum i j p", "1 to G^2",
        "how bright pairs are together", "the level squared (no pair: 0)", pyradiomics = "Autocorrelation";
    |m| m.statistics.cluster_tendency => "cluster_tendency", "DG8W", "sum (i+j-mu_x-mu_y)^2 p", "0 to (G-1)^2",
        "how strongly pairs gather in bright and dark groups", "0", pyradiomics = "ClusterTendency";
    |m| m.statistics.cluster_shade => "cluster_shade", "7NFM", "sum (i+j-mu_x-mu_y)^3 p", "below or above 0",
        "above 0 where a few pairs are much brighter than the rest", "0", pyradiomics = "ClusterShade";
    |m| m.statistics.cluster_prominence => "cluster_prominence", "AE86", "sum (i+j-mu_x-mu_y)^4 p", "at least 0",
        "how far the brightest and darkest pairs stand out", "0", pyradiomics = "ClusterProminence";
    |m| m.statistics.information_correlation_1 => "information_correlation_1", "R8DG", "(HXY - HXY1) / max(HX, HY), HXY1 = -sum p log2(p_x p_y)", "-1 to 0",
        "how much a level tells about its neighbour's; 0: nothing", "0", mahotas = "haralick 12", pyradiomics = "Imc1";
    |m| m.statistics.information_correlation_2 => "information_correlation_2", "JN9H", "sqrt(1 - exp(-2 (HXY2 - HXY))), HXY2 = -sum p_x p_y log2(p_x p_y)", "0 to 1",
        "the same, between 0 and 1", "0", mahotas = "haralick 13", pyradiomics = "Imc2";
    |m| m.max_correlation => "max_correlation", "", "the second largest singular value of p / sqrt(p_x p_y), Haralick's f14", "0 to 1",
        "the same on any curve instead of a straight line", "1", mahotas = "haralick 14 (compute_14th_feature)", pyradiomics = "MCC";
    |m| m.statistics.energy => "energy", "", "sqrt(sum p^2)", "0 to 1",
        "the root of asm", "1 (no pair: 0)", scikit_image = "energy";
    |m| m.statistics.mean => "mean", "", "sum (i-1) p", "0 to G-1",
        "the mean level, counted from 0", "the level (no pair: 0)", scikit_image = "mean";
    |m| m.statistics.std => "std", "", "sqrt(joint_variance)", "0 to (G-1)/2",
        "how far levels lie from the mean", "0", scikit_image = "std";
];

/// The six of the descriptor `fast`.
pub(super) const FAST: usize = 6;
/// IBSI's 25.
pub(in crate::texture) const IBSI: usize = 25;

/// Haralick's fourteen, in his order.
#[rustfmt::skip]
pub(super) const HARALICK: [&str; 14] = [
    "asm", "contrast", "correlation", "joint_variance", "homogeneity", "sum_average", "sum_variance",
    "sum_entropy", "entropy", "difference_variance", "difference_entropy", "information_correlation_1",
    "information_correlation_2", "max_correlation",
];
