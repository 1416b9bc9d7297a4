//! An explanation for a terminal of 100 columns.

use std::fmt::Write as _;

use super::{Explanation, FeatureAttribution};

/// Columns of a name; a longer one is cut.
const NAME: usize = 34;

/// Columns of a class in a sentence.
pub(super) const CLASS: usize = 20;

/// Columns of the longest bar.
const BAR: usize = 30;

/// Classes that are shown; the others are counted.
const MAX_CLASSES: usize = 10;

impl Explanation {
    /// The explanation in words and bars, at most 100 columns wide unless names are long.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.verdict(&mut text);
        self.families_as_text(&mut text);
        self.features_as_text(&mut text);
        self.nearest_as_text(&mut text);
        text
    }

    /// What the model says and how sure it is. Writing to a string cannot fail.
    fn verdict(&self, text: &mut String) {
        let _ = writeln!(text, "{}\n{}", printable(&self.path), self.verdict_line());
        let _ = writeln!(text, "{}", self.familiarity_line());
        if !self.flags.is_empty() {
            let _ = writeln!(text, "odd about the picture: {}", self.flags);
        }
        text.push_str("\nProbabilities\n");
        for (at, class) in self.classes.iter().enumerate() {
            if at < MAX_CLASSES || class.class == self.class {
                let bar = bar(class.probability, 1.0);
                let _ = writeln!(
                    text,
                    "  {}  {:>8}  {bar}",
                    padded(&class.class),
                    percent(class.probability)
                );
            }
        }
        if MAX_CLASSES < self.classes.len() {
            let rest: f64 = self.classes[MAX_CLASSES..].iter().map(|c| c.probability).sum();
            let n = self.classes.len() - MAX_CLASSES;
            let _ = writeln!(text, "  {n} more classes, together {}", percent(rest));
        }
    }

    fn families_as_text(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "\nWhat spoke for `{}` (+) and against it (-), by family of features",
            shortened(&self.class, CLASS)
        );
        let most = self.families.iter().map(|family| family.push.abs()).fold(0.0, f64::max);
        for family in &self.families {
            let _ = writeln!(
                text,
                "  {}  {:>+8.3}  {:BAR$}  without it {:>8}",
                padded(&family.family),
                family.push,
                bar(family.push.abs(), most),
                percent(family.probability_without)
            );
        }
        let _ = writeln!(
            text,
            "  The numbers say how far the log-odds of the class, now {:.3}, fall when the features are put at\n  \
             {}. They do not add up, since features share what they know.\n  \
             Log-odds of 0 are even chances, 2.2 are 90 %, 4.6 are 99 %, 9.2 are 99.99 %; minus means against.",
            self.log_odds,
            if self.baseline == "zero" { "zero" } else { "the mean of the training pictures" }
        );
    }

    fn features_as_text(&self, text: &mut String) {
        for (heading, features) in
            [("for", &self.features_for), ("against", &self.features_against)]
        {
            let class = shortened(&self.class, CLASS);
            let _ = writeln!(
                text,
                "\n{:46}{:>8} {:>9} {:>11} {:>13} {:>9}",
                format!("Strongest features {heading} `{class}`"),
                "push",
                "without",
                "here",
                self.baseline,
                "in class"
            );
            if features.is_empty() {
                text.push_str("  none\n");
            }
            for feature in features {
                feature_as_text(feature, text);
            }
        }
        let Some(check) = &self.check else { return };
        let n = check.features.len();
        let _ = writeln!(
            text,
            "\nDoes it matter? Without the {n} strongest together the class has {}\n\
             (log-odds {:.3} instead of {:.3}). {n} features drawn at random leave it\n\
             log-odds of {:.3} on average; {} of {} draws mattered less.",
            percent(check.probability_without),
            check.log_odds_without,
            self.log_odds,
            check.log_odds_at_random,
            check.draws_that_matter_less,
            check.draws
        );
    }

    fn nearest_as_text(&self, text: &mut String) {
        text.push_str("\nNearest training pictures (1 is the usual distance between neighbours of the class)\n");
        for near in &self.nearest {
            let place = match (&near.path, &near.content) {
                (Some(path), _) => printable(path),
                (None, Some(content)) => format!("content {content}"),
                (None, None) => "not named by this older model".into(),
            };
            let same = if near.is_same { "  (this very picture)" } else { "" };
            let _ =
                writeln!(text, "  {}  {:8.3}  {place}{same}", padded(&near.class), near.distance);
        }
    }

    /// One line: the class, its probability and what it is ahead of.
    pub(super) fn verdict_line(&self) -> String {
        let best = shortened(self.classes.first().map_or("", |class| &class.class), CLASS);
        let (verdict, why) = match self.status {
            "rejected" => ("rejected; most probable ", ", but too unfamiliar"),
            _ => ("", ""),
        };
        let (probability, margin) = (percent(self.probability), percent(self.margin));
        format!("{verdict}`{best}` {probability}{why}, {margin} ahead of the second")
    }

    /// One line: how familiar it is and what that means.
    pub(super) fn familiarity_line(&self) -> String {
        format!(
            "familiarity {:.4}: {} of good pictures look at least as strange; below {} is rejected",
            self.familiarity,
            share(self.familiarity),
            self.reject_at
        )
    }
}

fn feature_as_text(feature: &FeatureAttribution, text: &mut String) {
    let _ = writeln!(
        text,
        "  {:42}  {:>+8.3} {:>9} {:>11} {:>13} {:>9}",
        feature.feature,
        feature.push,
        percent(feature.probability_without),
        number(feature.value),
        number(feature.training_mean),
        number(feature.typical)
    );
    if !feature.meaning.is_empty() {
        let _ = writeln!(text, "    {}", feature.meaning);
    }
}

/// A share in words of counting.
fn share(share: f64) -> String {
    if share < 0.001 { "less than 1 in 1000".into() } else { format!("{:.1} %", 100.0 * share) }
}

/// A probability, which of a softmax is never quite 0 or 1.
pub(super) fn percent(p: f64) -> String {
    if 0.99995 <= p {
        ">99.99 %".into()
    } else if p < 0.00005 {
        "<0.01 %".into()
    } else {
        format!("{:.2} %", 100.0 * p)
    }
}

/// A value in four significant digits.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".into()
    } else if !(1e-4..1e6).contains(&size) {
        format!("{value:.3e}")
    } else {
        let decimals = (3 - size.log10().floor() as i32).max(0) as usize;
        format!("{value:.decimals$}")
    }
}

fn bar(value: f64, most: f64) -> String {
    let length = if 0.0 < most { (BAR as f64 * value / most).round() as usize } else { 0 };
    "#".repeat(length.min(BAR))
}

/// A name as wide as a column.
fn padded(name: &str) -> String {
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
