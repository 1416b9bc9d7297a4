//! What can be wrong before anything is learned.

use super::nearest::{Agreement, Example, NEAREST};
use super::{Cause, Finding, in_order};
use crate::error::Result;
use crate::learn::classifier::{ClassWeight, FitSettings};
use crate::learn::dataset::Dataset;
use crate::learn::scale::{Scaler, by_column};
use crate::texture::schema::{BlockKind, Schema};

/// Rows times rows times columns that comparing all pairs may cost.
const MAX_WORK: f64 = 2e8;

/// Examines the rows that are to be learned from.
///
/// Named are: the same picture in two classes; more than half of the statistics with one value for all
/// pictures; a class with ten times the pictures of another; and labels that look shuffled, which means
/// that of at most a thousand pictures the five nearest others (by scaled features) have the same label
/// hardly more often than when labels are dealt out at random: by no more than 2.5 standard deviations of
/// that.
///
/// # Errors
/// [`crate::Error::Size`] where the data are not of the schema.
pub fn examine_data(
    data: &Dataset,
    rows: &[usize],
    schema: &Schema,
    settings: &FitSettings,
) -> Result<Vec<Finding>> {
    let features = data.features(rows);
    let scaler = Scaler::fit(&features, schema)?;
    let scaled = scaler.apply(&features)?;
    let most = (MAX_WORK / schema.len().max(1) as f64).sqrt().min(1000.0);
    let contradictions = contradictions(data, rows);
    // Where many pictures contradict each other, that is why labels fit so badly.
    let is_contradictory = rows.len() < 20 * contradictions.len();
    let origins = rows.iter().map(|&row| &data.origins()[row]);
    let examples: Vec<Example<'_>> =
        origins.map(|o| Example { label: o.label, content: &o.content }).collect();
    let shuffled = match is_contradictory {
        true => None,
        false => shuffled(Agreement::of(&scaled, &examples, most as usize)),
    };
    let findings = [
        two_labels(data, rows, &contradictions),
        constant_columns(&scaled, schema),
        shuffled,
        imbalance(data.classes(), &data.class_counts(rows), settings),
    ];
    Ok(in_order(findings.into_iter().flatten().collect()))
}

/// Pairs of rows, among those to be learned from, with the same content under different labels.
fn contradictions(data: &Dataset, rows: &[usize]) -> Vec<(usize, usize)> {
    let mut is_meant = vec![false; data.len()];
    rows.iter().for_each(|&row| is_meant[row] = true);
    data.contradictions().into_iter().filter(|(a, b)| is_meant[*a] && is_meant[*b]).collect()
}

fn two_labels(data: &Dataset, rows: &[usize], pairs: &[(usize, usize)]) -> Option<Finding> {
    let (first, second) = pairs.first()?;
    let class = |row: usize| &data.classes()[data.origins()[row].label];
    let evidence = format!(
        "{} of {} pictures also stand under another label, the first under `{}` and `{}`",
        pairs.len(),
        data.first_rows(rows).len(),
        class(*first),
        class(*second)
    );
    let remedy = "take each out of the class where it does not belong; `train` names the files";
    Some(Finding::new(Cause::TwoLabels, evidence, remedy))
}

fn constant_columns(scaled: &ndarray::Array2<f64>, schema: &Schema) -> Option<Finding> {
    let kinds = by_column(schema, |block| block.kind);
    let statistics = kinds.zip(scaled.columns()).filter(|(kind, _)| *kind == BlockKind::Statistic);
    // Scaling leaves nothing of a column that never varies but what rounding makes of it.
    let constant: Vec<bool> = statistics.map(|(_, c)| c.iter().all(|v| v.abs() < 1e-6)).collect();
    constants(constant.iter().filter(|is_constant| **is_constant).count(), constant.len())
}

pub(super) fn constants(n_constant: usize, n_statistics: usize) -> Option<Finding> {
    (n_statistics < 2 * n_constant).then(|| {
        let evidence = format!(
            "{n_constant} of {n_statistics} statistics have one value for all pictures: they are flat, or \
             copies of each other, or use few grey levels"
        );
        let remedy = "look at the pictures; for deep files give --bits or --range";
        Finding::new(Cause::ConstantColumns, evidence, remedy)
    })
}

fn shuffled(agreement: Agreement) -> Option<Finding> {
    let limit = agreement.limit()?;
    (agreement.found <= limit).then(|| {
        let evidence = format!(
            "of {} pictures, the {NEAREST} that look most like each have its label in {:.1} %; labels \
             dealt out at random have that in {:.1} % (give or take {:.1})",
            agreement.n,
            100.0 * agreement.found,
            100.0 * agreement.by_chance,
            100.0 * agreement.spread
        );
        let remedy = "check that every picture is in the folder of its class, and that --descriptor \
                      measures what tells the classes apart";
        Finding::new(Cause::ShuffledLabels, evidence, remedy)
    })
}

pub(super) fn imbalance(
    classes: &[String],
    counts: &[usize],
    settings: &FitSettings,
) -> Option<Finding> {
    let (most, &large) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let (least, &small) = counts.iter().enumerate().min_by_key(|(_, count)| **count)?;
    (small.max(1).saturating_mul(10) <= large).then(|| {
        let evidence = format!(
            "`{}` has {large} pictures and `{}` {small}, {:.0} times fewer",
            classes[most],
            classes[least],
            large as f64 / small.max(1) as f64
        );
        let remedy = match settings.class_weight {
            ClassWeight::None => "use --class-weight balanced, or add pictures of the small class",
            ClassWeight::Balanced => {
                "add pictures of the small class; its weight is balanced already"
            }
        };
        Finding::new(Cause::Imbalance, evidence, remedy)
    })
}
