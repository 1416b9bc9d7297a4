//! An explanation for a terminal of 100 columns.

use askama::Template;

use super::{Explanation, FeatureAttribution, Near};

/// Columns of a name; a longer one is cut.
const NAME: usize = 34;

/// Columns of a class in a sentence.
pub(super) const CLASS: usize = 20;

/// Columns of the longest bar.
pub(super) const BAR: usize = 30;

/// Classes that are shown; the others are counted.
const MAX_CLASSES: usize = 10;

/// What the template writes, at most 100 columns wide unless names are long.
#[derive(Template)]
#[template(path = "explain/explanation.txt")]
struct Text<'a> {
    it: &'a Explanation,
    /// The class that is explained.
    class: String,
    /// The largest attribution of a family.
    most: f64,
}

impl Explanation {
    /// The explanation in words and bars, at most 100 columns wide unless names are long.
    pub fn to_text(&self) -> String {
        let most = largest(self.families.iter().map(|family| family.push));
        let text = Text { it: self, class: shortened(&self.class, CLASS), most };
        // Writing to a string cannot fail.
        text.render().unwrap_or_default()
    }

    /// How many classes there are but the most probable ones, and how probable they are together.
    pub(super) fn beyond(&self, most: usize) -> Option<(usize, f64)> {
        let others = self.classes.get(most..).filter(|others| !others.is_empty())?;
        Some((others.len(), others.iter().map(|class| class.probability).sum()))
    }

    /// The strongest features for the class and those against it.
    pub(super) fn directions(&self) -> [(&'static str, &[FeatureAttribution]); 2] {
        [("for", &self.features_for), ("against", &self.features_against)]
    }

    /// One line: the class, its probability and what it is ahead of.
    pub(super) fn verdict_line(&self) -> String {
        let best = shortened(self.classes.first().map_or("", |class| &class.class), CLASS);
        let (verdict, why) = match self.status {
            "rejected" => ("rejected; most probable ", ", but too unfamiliar"),
            _ => ("", ""),
        };
        let (probability, margin) = (percent(&self.probability), percent(&self.margin));
        format!("{verdict}`{best}` {probability}{why}, {margin} ahead of the second")
    }

    /// One line: how familiar it is and what that means.
    pub(super) fn familiarity_line(&self) -> String {
        familiarity_line(self.familiarity, self.reject_at)
    }
}

pub(super) fn familiarity_line(familiarity: f64, reject_at: f64) -> String {
    let share = match familiarity {
        rare if rare < 0.001 => "less than 1 in 1000".to_owned(),
        share => format!("{:.1} %", 100.0 * share),
    };
    format!(
        "familiarity {familiarity:.4}: {share} of known pictures are as odd; below {reject_at} is rejected"
    )
}

impl Near {
    /// Where it lies, or how it is named.
    fn place(&self) -> String {
        place(self.path.as_ref(), self.content.as_ref())
    }
}

/// Where a picture lies, or how it is named.
pub(super) fn place(path: Option<&String>, content: Option<&String>) -> String {
    match (path, content) {
        (Some(path), _) => printable(path),
        (None, Some(content)) => format!("content {content}"),
        (None, None) => "not named by this older model".into(),
    }
}

/// The largest of some attributions, whatever its sign.
pub(super) fn largest(attributions: impl Iterator<Item = f64>) -> f64 {
    attributions.map(f64::abs).fold(0.0, f64::max)
}

/// A probability, which of a softmax is never quite 0 or 1.
pub(super) fn percent(p: &f64) -> String {
    if 0.99995 <= *p {
        ">99.99 %".into()
    } else if *p < 0.00005 {
        "<0.01 %".into()
    } else {
        format!("{:.2} %", 100.0 * p)
    }
}

/// A value in four significant digits.
pub(super) fn number(value: &f64) -> String {
    let size = value.abs();
    if *value == 0.0 {
        "0".into()
    } else if !(1e-4..1e6).contains(&size) {
        format!("{value:.3e}")
    } else {
        let decimals = (3 - size.log10().floor() as i32).max(0) as usize;
        format!("{value:.decimals$}")
    }
}

pub(super) fn bar(value: &f64, most: &f64) -> String {
    let length = if 0.0 < *most { (BAR as f64 * value / most).round() as usize } else { 0 };
    "#".repeat(length.min(BAR))
}

/// A name as wide as a column.
pub(super) fn padded(name: &str) -> String {
    format!("{:NAME$}", shortened(name, NAME))
}

/// A name of at most so many characters that can be shown.
pub(super) fn shortened(name: &str, most: usize) -> String {
    let name = printable(name);
    if name.chars().count() <= most {
        return name;
    }
    name.chars().take(most.saturating_sub(3)).chain("...".chars()).collect()
}

/// Control characters would change what a terminal shows, and XML cannot hold them.
pub(super) fn printable(text: &str) -> String {
    let is_bad = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if is_bad(c) { '\u{fffd}' } else { c }).collect()
}
