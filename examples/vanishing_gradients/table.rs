//! The numbers as a table that is easy to read in a terminal and is Markdown at the same time.

use super::experiment::Measured;

const HEAD: [&str; 8] = [
    "network",
    "what differs",
    "training loss",
    "held-out accuracy",
    "first layer",
    "middle layer",
    "last layer",
    "first / last",
];

/// One row a network; the last four columns are gradient norms before the first step.
pub fn table(measured: &[Measured]) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(measured.iter().map(cells));
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
        .collect();
    let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
    let mut lines: Vec<String> = rows.iter().map(|row| line(row, &widths)).collect();
    lines.insert(1, line(&rule, &widths));
    lines.concat()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, &width)| format!("{cell:width$}"));
    format!("| {} |\n", padded.collect::<Vec<_>>().join(" | "))
}

/// Few digits: the last ones of a long training differ from processor to processor.
fn cells(measured: &Measured) -> [String; HEAD.len()] {
    let norms = &measured.gradient_norms;
    let norm = |at: usize| norms.get(at).copied().unwrap_or(f64::NAN);
    let (first, middle, last) = (norm(0), norm(norms.len() / 2), norm(norms.len().wrapping_sub(1)));
    [
        measured.trial.name.to_owned(),
        measured.trial.change.clone(),
        format!("{:.2}", measured.train_loss),
        format!("{:.1} %, {:.1} x chance", 100.0 * measured.accuracy(), measured.times_chance()),
        two_digits(first),
        two_digits(middle),
        two_digits(last),
        two_digits(first / last),
    ]
}

/// Two significant digits, written out: 0.00054, 0.12, 3.4.
fn two_digits(value: f64) -> String {
    let magnitude = value.abs().log10().floor();
    let decimals = if magnitude.is_finite() { (1.0 - magnitude).max(0.0) as usize } else { 1 };
    format!("{value:.decimals$}")
}
