//! Labels that are likely wrong.

use super::out_of_fold::OutOfFold;

/// Labels of an answer from which on another one can be doubted.
const MIN_LABELS: usize = 3;

/// A labelled picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Suspect {
    /// Its row.
    pub row: usize,
    /// Its label.
    pub given: Option<usize>,
    /// What is likeliest by the labels of others, other than its label.
    pub likelier: Option<usize>,
    /// The probability of its label less that of the other, by the labels of others: from -1, surely wrong, to 1.
    pub margin: f64,
    /// Whether the label is likely wrong: the other answer is at least as probable as it is on average for pictures that
    /// have it as their label, and more so than the label.
    pub is_likely: bool,
}

/// Labelled pictures in the order in which their labels are likely wrong (Northcutt, Jiang and Chuang 2021), those of
/// answers with fewer than three labels left out.
pub(crate) fn suspects(out_of_fold: &OutOfFold) -> Vec<Suspect> {
    let OutOfFold { labels, probs, .. } = out_of_fold;
    let none = probs.ncols();
    let prob = |at: usize, answer: usize| {
        let row = probs.row(at);
        if answer == none { (1.0 - row.sum()).max(0.0) } else { row[answer] }
    };
    let given = |at: usize| labels[at].class.unwrap_or(none);
    let mut counts = vec![0usize; none + 1];
    let mut sums = vec![0.0; none + 1];
    for at in 0..labels.len() {
        counts[given(at)] += 1;
        sums[given(at)] += prob(at, given(at));
    }
    let of = |at: usize| {
        let own = given(at);
        let others = (0..=none).filter(|&answer| answer != own && 0 < counts[answer]);
        let other = others.max_by(|&a, &b| prob(at, a).total_cmp(&prob(at, b)).then(b.cmp(&a)))?;
        let margin = prob(at, own) - prob(at, other);
        let usual = sums[other] / counts[other] as f64;
        Some(Suspect {
            row: labels[at].row,
            given: labels[at].class,
            likelier: (other < none).then_some(other),
            margin,
            is_likely: margin < 0.0 && usual <= prob(at, other),
        })
    };
    let judged = (0..labels.len()).filter(|&at| MIN_LABELS <= counts[given(at)]);
    let mut suspects: Vec<Suspect> = judged.filter_map(of).collect();
    suspects.sort_by(|a, b| a.margin.total_cmp(&b.margin).then(a.row.cmp(&b.row)));
    suspects
}
