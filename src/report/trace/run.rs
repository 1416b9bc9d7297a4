//! One update as it should be or with a mistake, as data for the page.

use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::nn::trace::{Field, Mistake, Phase, Update, Variation};

/// The places of the sliders, and after how many updates each the loss is shown.
pub(super) struct Sliders {
    pub rates: Vec<f64>,
    pub momenta: Vec<f64>,
    /// The momentum of the update itself.
    pub own: f64,
    pub every: usize,
}

/// How many times the loss is shown after the first.
const N_SHOWN: usize = 40;

/// An update with its formulas and its losses.
pub(super) struct Run {
    pub fields: Vec<Field>,
    /// One list a field, with one formula a number.
    formulas: Vec<Vec<String>>,
    /// For every rate and every momentum, one below the other.
    losses: Vec<Vec<f64>>,
    /// Fields for every place of the sliders, where deltas depend on them.
    moved: Vec<Vec<Field>>,
    /// Which fields differ from those without a mistake, and which formulas.
    differs: Vec<[bool; 2]>,
}

impl Run {
    pub fn new(
        update: &Update,
        variations: &[Variation],
        sliders: &Sliders,
        right: Option<&Self>,
    ) -> Result<Self> {
        let fields = update.trace(variations)?;
        let formulas = update.formulas(variations);
        let of = |field: &Field| {
            let columns = field.shape.last().copied().unwrap_or(1).max(1);
            let place = |at: usize| formulas.of(&field.name, at / columns, at % columns);
            (0..field.values.len()).map(place).collect()
        };
        let mut formulas: Vec<Vec<String>> = fields.iter().map(of).collect();
        let names = right.map_or_else(|| names(&fields), |right| names(&right.fields));
        for formula in formulas.iter_mut().flatten() {
            *formula = numbered(formula, &names);
        }
        let (mut losses, mut moved) = (Vec::new(), Vec::new());
        for &rate in &sliders.rates {
            for &momentum in &sliders.momenta {
                let update = update.with(rate, momentum);
                let all = update.losses(variations, N_SHOWN * sliders.every)?;
                losses.push(all.into_iter().step_by(sliders.every).collect());
                if variations.contains(&Variation::LateDeltas) {
                    let mut fields = update.trace(variations)?;
                    fields.retain(|field| Phase::Backward <= field.phase);
                    moved.push(fields);
                }
            }
        }
        let differs = fields.iter().zip(&formulas).map(|(field, formulas)| {
            let Some(right) = right else { return [true; 2] };
            let at = right.fields.iter().position(|own| own.name == field.name);
            let is_other = |at: usize| {
                let pairs = right.fields[at].values.iter().zip(&field.values);
                [pairs.into_iter().any(differ), right.formulas[at] != *formulas]
            };
            at.map_or([true; 2], is_other)
        });
        let differs = differs.collect();
        Ok(Self { fields, formulas, losses, moved, differs })
    }

    /// Fields and formulas that differ from those without a mistake, losses, and where the first difference is.
    pub fn to_json(&self, mistake: Option<Mistake>) -> Value {
        let mut formulas = Map::new();
        let mut fields = Vec::new();
        for ((field, own), [has_values, has_formulas]) in
            self.fields.iter().zip(&self.formulas).zip(&self.differs)
        {
            if *has_values {
                fields.push(as_json(field));
            }
            if *has_formulas {
                formulas.insert(field.name.clone(), json!(own));
            }
        }
        let first = self.fields.iter().zip(&self.differs).find(|(_, differs)| differs[0]);
        json!({
            "mistake": mistake.map(Mistake::name),
            "title": mistake.map(Mistake::title),
            "wrong": mistake.map(Mistake::wrong_line),
            "right": mistake.map(Mistake::right_line),
            "first": first.filter(|_| mistake.is_some()).map(|(field, _)| &field.name),
            "fields": fields,
            "formulas": formulas,
            "losses": self.losses.iter().map(|losses| losses.iter().map(rounded).collect::<Vec<_>>()).collect::<Vec<_>>(),
            "moved": self.moved.iter().map(|fields| fields.iter().map(as_json).collect::<Vec<_>>()).collect::<Vec<_>>(),
        })
    }
}

/// The names of fields, by whose places formulas name them: names are long, and formulas many.
pub(super) fn names(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.name.clone()).collect()
}

/// A formula with the place of a name in the place of the name.
fn numbered(formula: &str, names: &[String]) -> String {
    let mut parts = formula.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('{');
        let place = part
            .split_once(',')
            .and_then(|(name, rest)| Some((names.iter().position(|own| own == name)?, rest)));
        match place {
            Some((at, rest)) => text += &format!("{at},{rest}"),
            None => text += part,
        }
    }
    text
}

/// Whether two numbers differ by more than the rounding of two ways to compute the same.
fn differ((a, b): (&f64, &f64)) -> bool {
    let is_same = (a - b).abs() <= 1e-13 * (1.0 + a.abs());
    !is_same
}

/// A point of a drawing needs no more than five digits.
fn rounded(loss: &f64) -> Value {
    if loss.is_finite() {
        json!(format!("{loss:.4e}").parse::<f64>().unwrap_or(*loss))
    } else {
        Value::Null
    }
}

fn as_json(field: &Field) -> Value {
    json!([field.name, field.phase.name(), field.shape, field.values])
}

/// The columns of units in the drawing: the inputs, and every dense layer with the field that goes in and the size of it.
pub(super) fn layers(update: &Update) -> Value {
    let links = update.links();
    links.into_iter().map(|(name, input, size)| json!([name, input, size])).collect()
}
