//! The family: which matrices, which statistics of them, and their names.

use std::borrow::Cow;
use std::fmt::Debug;

use super::features::{FAST, HARALICK, Wanted};
use super::slide::GlcmSlide;
use super::{Aggregate, Counts, FEATURES, GlcmOptions, Group, IBSI, Measured, Offset, Selection};
use crate::error::{Error, Problem, Result};
use crate::image::flag::{Flag, Flags};
use crate::image::{Quantize, Quantizer};
use crate::texture::schema::Block;
use crate::texture::{Engine, Family, Feature, Input, Slide, Topic};

/// The family with its settings checked.
#[derive(Debug, Clone)]
pub struct Glcm {
    quantizer: Quantizer,
    groups: Vec<OffsetGroup>,
    /// The groups in [`Family::settings`].
    offset_settings: String,
    is_symmetric: bool,
    aggregate: Vec<Aggregate>,
    features: Vec<Feature<Measured>>,
    wanted: Wanted,
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
        let offset = |&(dx, dy): &(i32, i32)| Offset { dx: dx as isize, dy: dy as isize };
        let names = offsets.iter().map(|(dx, dy)| format!("x{dx}y{dy}")).collect();
        Self { name: "offsets".into(), offsets: offsets.iter().map(offset).collect(), names }
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
        let (groups, offset_settings) = match &options.offsets {
            None => {
                let distances = &options.distances;
                let is_usable = distances.iter().all(|d| (1..=65_535).contains(d));
                let expected = "one or more different whole numbers from 1 to 65,535";
                require("distances", is_usable, distances, expected, "[1, 2, 4]")?;
                let groups = distances.iter().map(|&d| OffsetGroup::at_distance(d)).collect();
                (groups, format!("distances={distances:?}"))
            }
            Some(offsets) => {
                let is_usable =
                    offsets.iter().all(|(x, y)| x.unsigned_abs().max(y.unsigned_abs()) <= 65_535);
                let expected = "one or more different pairs of whole numbers up to 65,535";
                require("offsets", is_usable, offsets, expected, "[[1, 0], [0, 1]]")?;
                let group = OffsetGroup::listed(offsets);
                let words = format!("offsets={:?}", [(&group.name, &group.names)]);
                (vec![group], words)
            }
        };
        let expected = "one or more of mean, range, each, merged, each once";
        require("aggregate", true, &options.aggregate, expected, "[\"mean\", \"range\"]")?;
        let features = select(&options.statistics)?;
        Ok(Self {
            quantizer,
            groups,
            offset_settings,
            is_symmetric: options.symmetric,
            aggregate: options.aggregate.clone(),
            wanted: Wanted::of(&features),
            features,
        })
    }

    /// The documentation of the family.
    pub(in crate::texture) fn topic() -> Topic {
        let (key, title) = ("glcm", "Grey level co-occurrence (GLCM)");
        let terms = FEATURES.map(|feature| feature.term).to_vec();
        Topic { key, title, about: ABOUT, terms }
    }

    /// The offsets of all groups, in order.
    pub(super) fn offsets(&self) -> impl Iterator<Item = Offset> {
        self.groups.iter().flat_map(|group| group.offsets.iter().copied())
    }

    /// Appends the numbers from the counts of all offsets, in order, which are taken one by one: at
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
        Measured::of(counts, self.is_symmetric, self.wanted, engine)
    }
}

impl Family for Glcm {
    /// For each distance and statistic the `mean` and the `range` (largest minus smallest) over the
    /// four directions, as `glcm_d1_mean_contrast`, `glcm_d1_range_contrast`, ...; or the aggregates chosen.
    fn blocks(&self) -> Vec<Block> {
        let prefix = if self.is_symmetric { "glcm" } else { "glcm_directed" };
        let mut columns = Vec::new();
        for group in &self.groups {
            let one = |how| vec![format!("{}_{how}", group.name)];
            for feature in &self.features {
                for aggregate in &self.aggregate {
                    let of_what = match aggregate {
                        Aggregate::Mean => one("mean"),
                        Aggregate::Range => one("range"),
                        Aggregate::Merged => one("merged"),
                        Aggregate::Each => group.names.clone(),
                    };
                    let column = |what| format!("{prefix}_{what}_{}", feature.term.name);
                    columns.extend(of_what.iter().map(column));
                }
            }
        }
        vec![Block::statistics(columns)]
    }

    /// The statistics and the aggregates stand in the names of the columns.
    fn settings(&self) -> String {
        let quantize = self.quantizer.settings();
        let (levels, quantize) = quantize.split_once(' ').unwrap_or_default();
        format!("glcm {levels} {} {quantize}", self.offset_settings)
    }

    /// An offset at which the picture has no pair contributes the values of an empty matrix (see
    /// [`super::Statistics`]) and the flag `too_small`.
    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        let levels = input.levels(self.quantizer);
        let count = |offset| Cow::Owned(Counts::count(&levels, offset, input.engine));
        self.append(self.offsets().map(count), input.engine, numbers)
    }

    /// Where levels do not depend on the window, and the matrices of all offsets are small enough to be held
    /// at once.
    fn slide<'a>(&'a self, input: Input<'a>) -> Option<Box<dyn Slide + 'a>> {
        let is_shared = self.quantizer.rule() == Quantize::Fixed
            && self.quantizer.n_levels() <= MAX_SLIDING_LEVELS;
        is_shared.then(|| Box::new(GlcmSlide::new(self, input.levels(self.quantizer))) as _)
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.quantizer)
    }
}

/// A matrix of so many levels takes half a megabyte.
const MAX_SLIDING_LEVELS: usize = 256;

fn select(selection: &Selection) -> Result<Vec<Feature<Measured>>> {
    let names = match selection {
        Selection::Group(Group::Fast) => return Ok(FEATURES[..FAST].to_vec()),
        Selection::Group(Group::Ibsi) => return Ok(FEATURES[..IBSI].to_vec()),
        Selection::Group(Group::All) => return Ok(FEATURES.to_vec()),
        Selection::Group(Group::Haralick) => &HARALICK.map(str::to_owned).to_vec(),
        Selection::Names(names) => names,
    };
    let expected = "one or more different names, or one of fast, ibsi, haralick, all";
    require("statistics", true, names, expected, "see docs/features.md")?;
    let find = |name: &String| {
        let found = FEATURES.iter().find(|feature| feature.term.name == name).copied();
        found.ok_or_else(|| {
            let known = FEATURES.map(|feature| feature.term.name).join(", ");
            let expected = format!("names among {known}");
            refusal("statistics", &expected, format!("`{name}`"), "see docs/features.md")
        })
    };
    names.iter().map(find).collect()
}

/// Refuses a list that is empty, has something twice, or is not usable for another reason.
fn require<T: PartialEq + Debug>(
    name: &str,
    is_usable: bool,
    items: &[T],
    expected: &str,
    advice: &str,
) -> Result<()> {
    let are_distinct = items.iter().enumerate().all(|(at, item)| !items[..at].contains(item));
    if is_usable && are_distinct && !items.is_empty() {
        return Ok(());
    }
    Err(refusal(name, expected, format!("{items:?}"), advice))
}

fn refusal(name: &str, expected: &str, found: String, advice: &str) -> Error {
    Error::setting(format!("glcm {name}"), Problem::new(expected, found, advice))
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
