//! What is said of an attribute that tells classes.

use super::evidence::Evidence;

/// Classes that are named with their counts.
const MAX_CLASSES: usize = 6;

/// Values that are named of each.
const MAX_VALUES: usize = 3;

/// One sentence.
pub(super) fn sentence(evidence: &Evidence<'_>, classes: &[String], noun: &str) -> String {
    let Evidence { attribute, table, told, is_of_one } = evidence;
    let name = attribute.name();
    let counts =
        |class: usize| format!("`{}` {}", classes[class], counts(evidence, table.row(class)));
    if *is_of_one {
        let class = told.class;
        let others = (0..classes.len()).filter(|&other| other != class);
        let mut sums = vec![0; attribute.values.len()];
        for other in others {
            sums.iter_mut().zip(table.row(other)).for_each(|(sum, n)| *sum += n);
        }
        let n_told = 100.0 * (1.0 + told.most) / 2.0;
        let rest = self::counts(evidence, &sums);
        return format!(
            "{name} tells `{}` from the other classes, {n_told:.0} % right by itself: {}; the others {rest}",
            classes[class],
            counts(class)
        );
    }
    let n = table.n;
    let largest = table.classes.iter().max().copied().unwrap_or(0);
    let filled: Vec<usize> =
        (0..classes.len()).filter(|&class| table.classes[class] != 0).collect();
    let shown: Vec<String> = filled.iter().take(MAX_CLASSES).map(|&class| counts(class)).collect();
    let more = match filled.len().saturating_sub(MAX_CLASSES) {
        0 => String::new(),
        more => format!("; and {more} more classes"),
    };
    format!(
        "{name} coincides with the class: it alone tells {:.0} of {n} {noun} right, where the largest class is {largest}: {}{more}",
        table.n_right(),
        shown.join("; ")
    )
}

/// What the files of a class are, the commonest first.
fn counts(evidence: &Evidence<'_>, row: &[usize]) -> String {
    let mut counts: Vec<(usize, usize)> =
        row.iter().copied().enumerate().filter(|(_, n)| *n != 0).collect();
    counts.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    let n_more: usize = counts.iter().skip(MAX_VALUES).map(|(_, n)| n).sum();
    let name = |&(value, n): &(usize, usize)| format!("{n} {}", evidence.attribute.values[value]);
    let mut shown: Vec<String> = counts.iter().take(MAX_VALUES).map(name).collect();
    if n_more != 0 {
        shown.push(format!("{n_more} others"));
    }
    if shown.is_empty() { "none".into() } else { shown.join(", ") }
}
