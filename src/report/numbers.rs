//! The page of numbers: of learning them, and of pictures whose numbers are known.

use std::collections::BTreeMap;
use std::path::Path;

use ndarray::Array2;

use super::Asked;
use super::maps::short;
use super::page::{Card, Cell, Fact, Figure, Page, Part, Section, percent, pictures};
use super::pictures::Shown;
use super::plots::{Against, scatter};
use super::record::{Failures, asked as asked_section};
use crate::batch::Batch;
use crate::error::{Error, Problem, Result};
use crate::io::{Entry, Recording};
use crate::learn::regression::{Estimate, TargetMeasures};
use crate::model::regression::Regressor;
use crate::model::training::Warnings;

/// Pictures in the gallery of each number.
const MAX_SHOWN: usize = 12;

/// Of more values than these an attribute of the files has none in the table.
const MAX_VALUES: usize = 12;

/// What a model says of a picture.
#[derive(Debug, Clone, Copy)]
pub struct NumberedPicture<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// How it was recorded, where it was read.
    pub recording: Option<&'a Recording>,
    /// One a number.
    pub estimates: &'a [Estimate],
    /// About this share of new pictures lies as far from those learned from.
    pub familiarity: f64,
}

/// Pictures whose numbers are known, and what a model says of them that it did not learn from.
#[derive(Debug)]
pub struct NumbersPage<'a> {
    /// The page's heading.
    pub title: &'static str,
    /// The model.
    pub regressor: &'a Regressor,
    /// How far its numbers lie from the right ones.
    pub measures: &'a [TargetMeasures],
    /// All pictures that could be read.
    pub pictures: Vec<NumberedPicture<'a>>,
    /// Their right numbers (pictures, targets).
    pub values: &'a Array2<f64>,
    /// The level of the intervals.
    pub level: f64,
    /// About the source.
    pub warnings: &'a Warnings,
}

impl NumbersPage<'_> {
    /// The page in HTML.
    ///
    /// # Errors
    /// [`Error::Interrupted`]. A picture that can no longer be read says so on the page.
    pub fn to_html(&self, asked: &Asked, batch: Batch<'_>) -> Result<String> {
        let shown = self.shown(batch)?;
        let failures = Failures::of(&self.warnings.failures);
        let mut measures = vec![self.measured()];
        measures.extend(self.by_attribute());
        let mut plots = Vec::new();
        let mut worst = Vec::new();
        for at in 0..self.measures.len() {
            plots.push(Part::Figures(self.figures(at)?));
            worst.push(self.gallery(at, &shown));
        }
        let text = "Every point is a picture that was not learned from.";
        let sections = vec![
            Section::new("measures", "Measures", "", measures),
            Section::new("plots", "Number by number", text, plots),
            Section::new("pictures", "Pictures to look at", "", worst),
            model_section(self.regressor, self.level)?,
            asked_section(asked, &self.warnings.sentences, &failures),
        ];
        let names = self.regressor.names().join(", ");
        let lead = format!(
            "A model of {names} against {} whose numbers are known.",
            pictures(self.pictures.len())
        );
        Page { title: self.title.into(), lead, facts: self.facts(), sections }.to_html()
    }

    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        if let [only] = self.measures {
            facts.push(Fact::new("Mean absolute error", short(only.mae), only.name.clone()));
            facts.extend(only.r2.map(|r2| Fact::new("R2", format!("{r2:.3}"), "")));
            let note = format!("intervals of {}", percent(self.level));
            facts.push(Fact::new("Coverage", percent(only.coverage), note));
        }
        facts.push(Fact::new("Pictures", self.pictures.len(), "read"));
        facts.push(Fact::new("Failed", self.warnings.failures.len(), "could not be used"));
        facts
    }

    /// Every measure of every number, with its interval.
    fn measured(&self) -> Part {
        let mut rows = Vec::new();
        for measured in self.measures {
            let all = [
                ("mean absolute error", Some(measured.mae), measured.mae_interval),
                ("root mean square error", Some(measured.rmse), measured.rmse_interval),
                ("R2", measured.r2, measured.r2_interval),
                ("rank correlation", measured.rank_correlation, measured.rank_correlation_interval),
                ("coverage", Some(measured.coverage), Some(measured.coverage_interval)),
                ("mean width", Some(measured.width), None),
            ];
            rows.extend(all.into_iter().filter_map(|(what, value, interval)| {
                let between = |[low, high]: [f64; 2]| format!("{} to {}", short(low), short(high));
                Some(vec![
                    Cell::Text(measured.name.clone()),
                    Cell::Text(what.to_owned()),
                    Cell::Number(short(value?)),
                    Cell::Number(interval.map_or(String::new(), between)),
                ])
            }));
        }
        let text = format!(
            "Intervals of measures are of 95 %, by drawing pictures anew, all of a group together. Coverage and width are of \
             intervals of {}.",
            percent(self.level)
        );
        Part::table("How good it is", text, &["number", "measure", "value", "lies in"], rows)
    }

    /// The errors of a number: what is said less what is right.
    fn errors(&self, target: usize) -> impl Iterator<Item = f64> {
        let known = self.pictures.iter().zip(self.values.column(target));
        known.map(move |(picture, right)| picture.estimates[target].value - right)
    }

    fn figures(&self, target: usize) -> Result<Vec<Figure>> {
        let name = &self.measures[target].name;
        let known = || self.pictures.iter().zip(self.values.column(target));
        let said: Vec<_> = known()
            .map(|(picture, &right)| {
                let Estimate { value, low, high, .. } = picture.estimates[target];
                (right, value, Some([low, high]))
            })
            .collect();
        let left: Vec<_> =
            known().zip(self.errors(target)).map(|((_, &right), e)| (right, e, None)).collect();
        let (right, predicted) = (format!("{name}, right"), format!("{name}, predicted"));
        let text = "On the dashed line, both are equal; the upright lines are the intervals.";
        let of_errors = "Predicted less right. Errors that rise or fall along the line are those of a model that has seen too \
                         few pictures at the ends.";
        Ok(vec![
            scatter(
                "Predicted against right",
                (&right, &predicted),
                text.into(),
                &said,
                Against::Equal,
            )?,
            scatter("Errors", (&right, "error"), of_errors.into(), &left, Against::Zero)?,
        ])
    }

    /// The errors for each value of each attribute of the files that has several.
    fn by_attribute(&self) -> Option<Part> {
        let mut rows = Vec::new();
        for (attribute, value_of) in ATTRIBUTES {
            let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (at, picture) in self.pictures.iter().enumerate() {
                if let Some(value) = picture.recording.and_then(value_of) {
                    places.entry(value).or_default().push(at);
                }
            }
            if !(2..=MAX_VALUES).contains(&places.len()) {
                continue;
            }
            for (target, measured) in self.measures.iter().enumerate() {
                let errors: Vec<f64> = self.errors(target).collect();
                for (value, places) in &places {
                    let mean = |of: fn(f64) -> f64| {
                        places.iter().map(|&at| of(errors[at])).sum::<f64>() / places.len() as f64
                    };
                    rows.push(vec![
                        Cell::Text(attribute.to_owned()),
                        Cell::Text(value.clone()),
                        Cell::Text(measured.name.clone()),
                        Cell::Number(places.len().to_string()),
                        Cell::Number(short(mean(|e| e))),
                        Cell::Number(short(mean(f64::abs))),
                    ]);
                }
            }
        }
        let text = "Where the mean error differs from value to value, the way of taking pictures tells the number, or hides it.";
        let columns = ["attribute", "value", "number", "pictures", "mean error", "mean size"];
        (!rows.is_empty()).then(|| Part::table("Errors by the files", text, &columns, rows))
    }

    /// The places of the pictures with the largest errors of a number.
    fn worst(&self, target: usize) -> Vec<usize> {
        let errors: Vec<f64> = self.errors(target).map(f64::abs).collect();
        let mut order: Vec<usize> = (0..errors.len()).collect();
        order.sort_by(|&a, &b| errors[b].total_cmp(&errors[a]));
        order.truncate(MAX_SHOWN);
        order
    }

    fn shown(&self, batch: Batch<'_>) -> Result<Shown> {
        let all = (0..self.measures.len()).flat_map(|target| self.worst(target));
        let entry = |at: usize| Entry::new(self.pictures[at].path.to_path_buf(), None);
        let wanted = all.map(|at| (at, entry(at))).collect();
        let of = (&self.regressor.descriptor, self.regressor.scaler());
        Shown::read(wanted, of, None, batch)
    }

    fn gallery(&self, target: usize, shown: &Shown) -> Part {
        let card = |at: usize| -> Option<Card> {
            let picture = &self.pictures[at];
            let Estimate { value, low, high, .. } = picture.estimates[target];
            let right = short(self.values[[at, target]]);
            let verdict = format!("{}, right {right}", short(value));
            let line = format!(
                "{} to {}, familiarity {:.4}",
                short(low),
                short(high),
                picture.familiarity
            );
            shown.card(at, verdict, line)
        };
        let cards = self.worst(target).into_iter().filter_map(card).collect();
        let title = format!("{}: the largest errors", self.measures[target].name);
        let text = "Is the number of the list wrong, or is the picture unlike the others?";
        Part::gallery(&title, text, cards)
    }
}

/// How a model of numbers was made, and what its intervals of a level promise.
///
/// # Errors
/// [`Error::Data`] for a descriptor that cannot be written, which that of a model can.
pub(super) fn model_section(regressor: &Regressor, level: f64) -> Result<Section> {
    let (record, descriptor) = (&regressor.record, &regressor.descriptor);
    let options = serde_json::to_string(descriptor.options()).map_err(|e| {
        Error::data("descriptor", Problem::new("options", e.to_string(), "train again"))
    })?;
    let row = |name: &str, value: String| vec![Cell::Text(name.to_owned()), Cell::Text(value)];
    let mut rows = vec![
        row("textura", record.version.clone()),
        row("seed", record.seed.to_string()),
        row("loss", record.loss.name().to_owned()),
        row("pictures learned from", record.pictures.to_string()),
        row("units (pictures or groups of their own)", record.units.to_string()),
        row("held out", record.held_out.to_string()),
        row("radial units", regressor.n_units_of_network().to_string()),
        row("features", descriptor.schema().len().to_string()),
        row("descriptor", options),
        row("digest of the descriptor", descriptor.digest()),
        row("digest of the pictures and numbers", record.data_digest.clone()),
    ];
    for (name, described, [low, high]) in regressor.described() {
        rows.push(row(&name, format!("from {} to {}; {described}", short(low), short(high))));
    }
    let text = format!(
        "The same pictures, settings and version give the same model. On a promise: {}.",
        regressor.promise(level)
    );
    let origin = Part::table("Origin", "", &["what", "value"], rows);
    Ok(Section::new("model", "How the model was made", &text, vec![origin]))
}

/// An attribute of a file and what it is called, where the file has it.
type Attribute = (&'static str, fn(&Recording) -> Option<String>);

const ATTRIBUTES: [Attribute; 6] = [
    ("format", |r| Some(r.format.name().to_owned())),
    ("depth", |r| Some(format!("{} bits", r.bits))),
    ("colour", |r| Some(if r.has_color { "in colour" } else { "grey" }.to_owned())),
    ("size", |r| Some(format!("{} x {}", r.width, r.height))),
    ("JPEG quality", |r| r.jpeg_quality.map(|quality| quality.to_string())),
    ("EXIF data", |r| r.has_exif.map(|has| if has { "there" } else { "none" }.to_owned())),
];
