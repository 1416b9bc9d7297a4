//! The explanation of a number for a terminal of 100 columns.

use askama::Template;

use super::{ExplainedNumber, FeaturePart, NearNumber, NumberExplanation};
use crate::report::explain::text::{
    BAR, CLASS, bar, familiarity_line, largest, number, padded, place, printable, shortened,
};

/// What the template writes, at most 100 columns wide unless names are long.
#[derive(Template)]
#[template(path = "explain/numbers/explanation.txt")]
struct Text<'a> {
    it: &'a NumberExplanation,
    /// The number that is explained.
    target: String,
    /// The largest push of a family.
    most: f64,
}

impl NumberExplanation {
    /// The explanation in words and bars, at most 100 columns wide unless names are long.
    pub fn to_text(&self) -> String {
        let most = largest(self.families.iter().map(|family| family.push));
        let text = Text { it: self, target: shortened(&self.target, CLASS), most };
        // Writing to a string cannot fail.
        text.render().unwrap_or_default()
    }

    /// The strongest features that raise the number and those that lower it.
    pub(super) fn directions(&self) -> [(&'static str, &[FeaturePart]); 2] {
        [("raise", &self.features_up), ("lower", &self.features_down)]
    }

    /// One line: a number and where it lies with what chance.
    pub(super) fn number_line(&self, one: &ExplainedNumber) -> String {
        let ExplainedNumber { name, value, low, high, range, is_beyond } = one;
        let mut line = format!(
            "{} {} (interval of {:.0} %: {} to {})",
            shortened(name, CLASS),
            number(value),
            100.0 * self.interval,
            number(low),
            number(high)
        );
        if *is_beyond {
            let [least, most] = range;
            line += &format!("; beyond those learned from, {} to {}", number(least), number(most));
        }
        line
    }

    /// One line: how familiar the picture is, and whether it is rejected.
    pub(super) fn familiarity_line(&self) -> String {
        familiarity_line(self.familiarity, self.reject_at)
    }
}

impl NearNumber {
    pub(super) fn place(&self) -> String {
        place(self.path.as_ref(), self.content.as_ref())
    }

    /// Its right value of a number, where the model knows it.
    pub(super) fn value_of(&self, name: &str) -> String {
        let known = self.numbers.iter().find(|known| known.name == name);
        known.map_or(String::new(), |known| number(&known.value))
    }
}

/// A change with its sign.
pub(super) fn signed(value: &f64) -> String {
    format!("{}{}", if *value < 0.0 { "-" } else { "+" }, number(&value.abs()))
}

/// What a part of the picture does.
fn part(push: &Option<f64>) -> String {
    push.as_ref().map_or("none".into(), signed)
}
