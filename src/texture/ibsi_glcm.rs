//! Co-occurrence as the Image Biomarker Standardisation Initiative aggregates and names it.

use serde::{Deserialize, Serialize};

use super::glcm::{Counts, FEATURES, IBSI, Measured, Offset};
use super::{Family, Feature, Term, Topic, View};
use crate::error::{Error, Problem, Result};
use crate::image::flag::{Flag, Flags};
use crate::image::{Quantize, Quantizer};
use crate::texture::schema::Block;

/// The settings of a descriptor's `ibsi_glcm` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IbsiGlcmOptions {
    /// Grey levels, 2 to 4,096. Default 32, or what bins of a fixed width need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
    /// How grey values become levels. Default `fixed_bin_number`.
    pub quantize: Quantize,
    /// Distance in pixels, 1 to 65,535. Default 1.
    pub distance: usize,
}

impl Default for IbsiGlcmOptions {
    fn default() -> Self {
        Self { levels: None, quantize: Quantize::FixedBinNumber, distance: 1 }
    }
}

/// The family with its settings checked.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::ibsi_glcm::{IbsiGlcm, IbsiGlcmOptions};
/// use textura::texture::{Family, View};
/// // 0 9
/// // 9 0    right, down: one pair each, of unlike pixels; the diagonals: one each, of like pixels.
/// let gray = Gray::new(2, 2, Samples::Eight(vec![0, 9, 9, 0]))?;
/// let family = IbsiGlcm::new(&IbsiGlcmOptions { levels: Some(2), ..Default::default() })?;
/// let mut numbers = Vec::new();
/// family.extract(View::whole(&gray), &mut numbers);
/// let at = |name| family.blocks()[0].columns.iter().position(|column| column == name);
/// let contrast = at("cm_contrast_d1_2d_avg").ok_or("no such column")?;
/// assert_eq!(numbers[contrast], 0.5); // 1, 1, 0, 0
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct IbsiGlcm {
    quantizer: Quantizer,
    distance: usize,
}

impl IbsiGlcm {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::Setting`] for levels outside 2 to 4,096 and a distance outside 1 to 65,535.
    pub fn new(options: &IbsiGlcmOptions) -> Result<Self> {
        if !(1..=65_535).contains(&options.distance) {
            let problem = Problem::new("1 to 65,535", options.distance.to_string(), "1 is usual");
            return Err(Error::setting("ibsi_glcm distance", problem));
        }
        let quantizer = Quantizer::new(options.levels, options.quantize)?;
        Ok(Self { quantizer, distance: options.distance })
    }

    /// What is to be said about the family.
    pub(super) fn topic() -> Topic {
        Topic {
            key: "ibsi_glcm",
            title: "Co-occurrence, IBSI's names",
            about: ABOUT,
            terms: features().map(|feature| feature.term).collect(),
        }
    }
}

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

fn features() -> impl Iterator<Item = Feature<Measured>> {
    NAMES.iter().filter_map(|&(short, name)| {
        let feature = FEATURES.iter().find(|feature| feature.term.name == name)?;
        Some(Feature { term: Term { name: short, ..feature.term }, ..*feature })
    })
}

impl Family for IbsiGlcm {
    /// `cm_joint_max_d1_2d_avg`, ... and the same with `2d_s_mrg`.
    fn blocks(&self) -> Vec<Block> {
        let d = self.distance;
        let columns = ["2d_avg", "2d_s_mrg"].into_iter().flat_map(|how| {
            features().map(move |feature| format!("cm_{}_d{d}_{how}", feature.term.name))
        });
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        format!("ibsi_glcm {} distance={}", self.quantizer.settings(), self.distance)
    }

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let levels = view.levels(self.quantizer);
        let counts = Offset::directions(self.distance)
            .map(|offset| Counts::count(&levels, offset, view.engine));
        let mut flags = Flags::default();
        flags.set_if(Flag::TooSmall, counts.iter().any(Counts::is_empty));
        let measure = |counts: &Counts| Measured::of(counts, true, false, view.engine);
        let mut measured: Vec<Measured> =
            counts.iter().filter(|counts| !counts.is_empty()).map(measure).collect();
        if measured.is_empty() {
            measured.push(measure(&counts[0]));
        }
        let [mut merged, rest @ ..] = counts;
        rest.iter().for_each(|other| merged.add(other));
        let merged = measure(&merged);
        let mean = |feature: Feature<Measured>| {
            measured.iter().map(feature.value).sum::<f64>() / measured.len() as f64
        };
        numbers.extend(features().map(mean));
        numbers.extend(features().map(|feature| (feature.value)(&merged)));
        flags
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.quantizer)
    }
}

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
