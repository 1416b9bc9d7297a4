//! The family: which matrices, which statistics of them, and their names.

use std::borrow::Cow;

use super::features::{FAST, HARALICK};
use super::slide::GlcmSlide;
use super::{Aggregate, Counts, FEATURES, GlcmOptions, Group, IBSI, Measured, Offset, Selection};
use crate::error::{Error, Problem, Result};
use crate::image::flag::{Flag, Flags};
use crate::image::{Quantize, Quantizer};
use crate::texture::schema::Block;
use crate::texture::{Engine, Family, Feature, Slide, Topic, View};

/// The family with its settings checked.
#[derive(Debug, Clone)]
pub struct Glcm {
    quantizer: Quantizer,
    groups: Vec<OffsetGroup>,
    is_symmetric: bool,
    aggregate: Vec<Aggregate>,
    features: Vec<Feature<Measured>>,
}

/// Offsets that are brought together.
#[derive(Debug, Clone)]
struct OffsetGroup {
    /// `d1`, or `offsets`.
    name: String,
    offsets: Vec<Offset>,
    /// What [`Aggregate::Each`] calls each of them.
    names: Vec<String>,
}

impl OffsetGroup {
    fn at_distance(distance: usize) -> Self {
        let offsets = Offset::directions(distance).to_vec();
        let name = format!("d{distance}");
        let names = [0, 45, 90, 135].map(|angle| format!("{name}_{angle}deg")).to_vec();
        Self { name, offsets, names }
    }

    fn listed(offsets: &[(i32, i32)]) -> Self {
        Self {
            name: "offsets".into(),
            offsets: offsets
                .iter()
                .map(|&(dx, dy)| Offset { dx: dx as isize, dy: dy as isize })
                .collect(),
            names: offsets.iter().map(|(dx, dy)| format!("x{dx}y{dy}")).collect(),
        }
    }
}

impl Glcm {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::Setting`] for levels outside 2 to 4,096, for distances that are missing, repeated, 0 or
    /// above 65,535, for offsets that are missing, repeated or beyond 65,535, and for statistics and
    /// aggregates that are missing, repeated or unknown.
    pub fn new(options: &GlcmOptions) -> Result<Self> {
        let quantizer = Quantizer::new(options.levels, options.quantize)?;
        let in_range = options.distances.iter().all(|d| (1..=65_535).contains(d));
        if options.offsets.is_none() && (!in_range || !are_distinct(&options.distances)) {
            let expected = "one or more different whole numbers from 1 to 65,535";
            return refuse("distances", expected, format!("{:?}", options.distances), "[1, 2, 4]");
        }
        let groups = match &options.offsets {
            None => options.distances.iter().map(|&d| OffsetGroup::at_distance(d)).collect(),
            Some(offsets) => {
                let in_range =
                    offsets.iter().all(|(x, y)| x.abs_diff(0).max(y.abs_diff(0)) <= 65_535);
                if !in_range || !are_distinct(offsets) {
                    let expected = "one or more different pairs of whole numbers up to 65,535";
                    return refuse("offsets", expected, format!("{offsets:?}"), "[[1, 0], [0, 1]]");
                }
                vec![OffsetGroup::listed(offsets)]
            }
        };
        if !are_distinct(&options.aggregate) {
            let expected = "one or more of mean, range, each, merged, each once";
            let found = format!("{:?}", options.aggregate);
            return refuse("aggregate", expected, found, "[\"mean\", \"range\"]");
        }
        Ok(Self {
            quantizer,
            groups,
            is_symmetric: options.symmetric,
            aggregate: options.aggregate.clone(),
            features: select(&options.statistics)?,
        })
    }

    /// What is to be said about the family.
    pub(in crate::texture) fn topic() -> Topic {
        Topic {
            key: "glcm",
            title: "Grey level co-occurrence (GLCM)",
            about: ABOUT,
            terms: FEATURES.iter().map(|feature| feature.term).collect(),
        }
    }

    /// The offsets of all groups, in order.
    pub(super) fn offsets(&self) -> impl Iterator<Item = Offset> {
        self.groups.iter().flat_map(|group| group.offsets.iter().copied())
    }

    /// Appends the numbers from the counts of all offsets, in order, which are asked for one by one: at
    /// most two matrices are held at a time. An offset without a pair sets the flag `too_small`.
    pub(super) fn append<'c>(
        &self,
        mut counts: impl Iterator<Item = Cow<'c, Counts>>,
        engine: Engine,
        numbers: &mut Vec<f64>,
    ) -> Flags {
        let mut flags = Flags::default();
        for group in &self.groups {
            let of_group = counts.by_ref().take(group.offsets.len());
            let (measured, merged, lacks_pairs) = self.measure_group(of_group, engine);
            flags.set_if(Flag::TooSmall, lacks_pairs);
            for feature in &self.features {
                let values = || measured.iter().map(feature.value);
                for aggregate in &self.aggregate {
                    match aggregate {
                        Aggregate::Mean => {
                            numbers.push(values().sum::<f64>() / measured.len() as f64);
                        }
                        Aggregate::Range => {
                            let low = values().fold(f64::INFINITY, f64::min);
                            numbers.push(values().fold(f64::NEG_INFINITY, f64::max) - low);
                        }
                        Aggregate::Each => numbers.extend(values()),
                        Aggregate::Merged => numbers.extend(merged.as_ref().map(feature.value)),
                    }
                }
            }
        }
        flags
    }

    /// What each offset of a group gives, what all together give where that is wanted, and whether
    /// some offset has no pair.
    fn measure_group<'c>(
        &self,
        counts: impl Iterator<Item = Cow<'c, Counts>>,
        engine: Engine,
    ) -> (Vec<Measured>, Option<Measured>, bool) {
        let mut measured = Vec::new();
        let mut sum: Option<Counts> = None;
        let mut lacks_pairs = false;
        for counts in counts {
            lacks_pairs |= counts.is_empty();
            measured.push(self.measure(&counts, engine));
            if self.aggregate.contains(&Aggregate::Merged) {
                match &mut sum {
                    None => sum = Some(counts.into_owned()),
                    Some(sum) => sum.add(&counts),
                }
            }
        }
        (measured, sum.map(|sum| self.measure(&sum, engine)), lacks_pairs)
    }

    fn measure(&self, counts: &Counts, engine: Engine) -> Measured {
        let wants = self.features.iter().any(|feature| feature.term.name == "max_correlation");
        Measured::of(counts, self.is_symmetric, wants, engine)
    }

    fn prefix(&self) -> &'static str {
        if self.is_symmetric { "glcm" } else { "glcm_directed" }
    }
}

impl Family for Glcm {
    /// For each distance and statistic the `mean` and the `range` (largest minus smallest) over the
    /// four directions, as `glcm_d1_mean_contrast`, `glcm_d1_range_contrast`, ...; or as the aggregates
    /// say.
    fn blocks(&self) -> Vec<Block> {
        let prefix = self.prefix();
        let mut columns = Vec::new();
        for group in &self.groups {
            for feature in &self.features {
                let name = feature.term.name;
                for aggregate in &self.aggregate {
                    let how = match aggregate {
                        Aggregate::Mean => "mean",
                        Aggregate::Range => "range",
                        Aggregate::Merged => "merged",
                        Aggregate::Each => {
                            let each = |offset| format!("{prefix}_{offset}_{name}");
                            columns.extend(group.names.iter().map(each));
                            continue;
                        }
                    };
                    columns.push(format!("{prefix}_{}_{how}_{name}", group.name));
                }
            }
        }
        vec![Block::statistics(columns)]
    }

    fn settings(&self) -> String {
        let quantize = self.quantizer.settings();
        let (levels, quantize) = quantize.split_once(' ').unwrap_or_default();
        let offsets: Vec<_> = self.groups.iter().map(|group| (&group.name, &group.names)).collect();
        let distances: Vec<usize> = self
            .groups
            .iter()
            .filter_map(|group| group.name.strip_prefix('d')?.parse().ok())
            .collect();
        // The names of the columns say the statistics and the aggregates.
        match distances.len() == self.groups.len() {
            true => format!("glcm {levels} distances={distances:?} {quantize}"),
            false => format!("glcm {levels} offsets={offsets:?} {quantize}"),
        }
    }

    /// An offset at which the picture has no pair contributes the values of an empty matrix (see
    /// [`super::Statistics`]) and the flag `too_small`.
    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let levels = view.levels(self.quantizer);
        let count = |offset| Cow::Owned(Counts::count(&levels, offset, view.engine));
        self.append(self.offsets().map(count), view.engine, numbers)
    }

    /// Where levels do not depend on the window, and the matrices of all offsets are small enough to be held
    /// at once.
    fn slide<'a>(&'a self, view: View<'a>) -> Option<Box<dyn Slide + 'a>> {
        let is_shared = self.quantizer.rule() == Quantize::Fixed
            && self.quantizer.n_levels() <= MOST_SLIDING_LEVELS;
        is_shared.then(|| Box::new(GlcmSlide::new(self, view.levels(self.quantizer))) as _)
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.quantizer)
    }
}

/// A matrix of so many levels takes half a megabyte.
const MOST_SLIDING_LEVELS: usize = 256;

fn select(selection: &Selection) -> Result<Vec<Feature<Measured>>> {
    let by_name = |name: &str| FEATURES.iter().find(|feature| feature.term.name == name).copied();
    let names = match selection {
        Selection::Group(Group::Fast) => return Ok(FEATURES[..FAST].to_vec()),
        Selection::Group(Group::Ibsi) => return Ok(FEATURES[..IBSI].to_vec()),
        Selection::Group(Group::All) => return Ok(FEATURES.to_vec()),
        Selection::Group(Group::Haralick) => &HARALICK.map(str::to_owned).to_vec(),
        Selection::Names(names) => names,
    };
    let known = || FEATURES.map(|feature| feature.term.name).join(", ");
    if !are_distinct(names) {
        let expected = "one or more different names, or one of fast, ibsi, haralick, all";
        return refuse("statistics", expected, format!("{names:?}"), "see docs/features.md");
    }
    let find = |name: &String| match by_name(name) {
        Some(feature) => Ok(feature),
        None => {
            let expected = format!("names among {}", known());
            refuse("statistics", &expected, format!("`{name}`"), "see docs/features.md")
        }
    };
    names.iter().map(find).collect()
}

fn are_distinct<T: PartialEq>(items: &[T]) -> bool {
    !items.is_empty() && items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
}

fn refuse<T>(name: &str, expected: &str, found: String, advice: &str) -> Result<T> {
    Err(Error::setting(format!("glcm {name}"), Problem::new(expected, found, advice)))
}

const ABOUT: &str = "\
How often a level stands at a fixed offset from another. Pairs of pixels are counted for each offset; \
the counts, divided once by their number, are the probabilities `p(i,j)`. Levels count from 1 to G in \
the formulas; `p_x` and `p_y` are the sums of rows and columns, `p_-(k)` is the share of pairs with \
`|i-j| = k`, `p_+(k)` that of pairs with `i+j = k`; HX, HY and HXY are the entropies of `p_x`, `p_y` and \
`p` in bits.

Settings: `levels` (32; 2 to 4096, where each worker takes at most 16 G^2 bytes, 256 MiB at 4096), `distances` ([1, 2, 4]; \
each has the four offsets (d, 0), (d, -d), (0, -d), (-d, -d), columns right and rows down), or any \
`offsets` ([[dx, dy], ...]) instead, `symmetric` (true: both orders of every pair), `quantize` \
(\"fixed\"), `statistics` (\"fast\": the first six below; \"ibsi\": the first 25; \"haralick\": his \
fourteen; \"all\"; or a list of names), `aggregate` ([\"mean\", \"range\"], also \"each\" and \"merged\").

Columns: `glcm_d1_mean_contrast` and `glcm_d1_range_contrast` are the mean over the offsets and the \
largest less the smallest; `glcm_d1_45deg_contrast` is that of one offset, `glcm_x2y-1_contrast` with \
`offsets`; `glcm_d1_merged_contrast` is that of the summed counts. Directed matrices have \
`glcm_directed_` instead of `glcm_`. With `offsets` the word `offsets` stands in place of `d1`.

Edge cases: an offset at which no two pixels inside are a pair has every statistic 0 and correlation 1, \
and the flag `too_small`. The column \"edge\" below is for a picture of one level.

Source: Haralick, Shanmugam, Dinstein 1973, \"Textural features for image classification\"; IBSI \
reference manual (Zwanenburg et al. 2016), section 3.6.";
