//! Plots as SVG. What is drawn in ink takes the colour of the page's text, in light and in dark.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::page::Figure;
use crate::error::{Error, Problem, Result};
use crate::learn::evaluation::ConfidenceBin;

const SIZE: (u32, u32) = (480, 300);
const FONT: &str = "sans-serif";
/// Stands for the colour of the text until the drawing is done.
const INK: RGBColor = RGBColor(1, 2, 3);
const INK_AS_DRAWN: &str = "#010203";
/// Colours that differ for colour-blind eyes, too (Okabe and Ito 2008), readable on white and on black. The
/// style of the page names them for the keys.
const FIRST: RGBColor = RGBColor(0, 114, 178);
const SECOND: RGBColor = RGBColor(213, 94, 0);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'b, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;

/// Draws on a transparent page.
fn drawing(draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String> {
    let mut svg = String::new();
    let drawn = {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        draw(&root).and_then(|()| Ok(root.present()?))
    };
    drawn.map_err(|e| {
        let advice = "leave --report away, and report this";
        Error::data("report", Problem::new("a plot", e.to_string(), advice))
    })?;
    Ok(svg.replace(INK_AS_DRAWN, "currentColor"))
}

/// Where an axis begins and ends, and the words and marks beside it.
type Axis<'a> = (std::ops::Range<f64>, &'a str, &'a dyn Fn(&f64) -> String);

/// Axes with a grid, and what is drawn on them.
fn chart<'a, 'b>(
    root: &'b Area<'a>,
    x: Axis<'_>,
    y: Axis<'_>,
) -> std::result::Result<Chart<'a, 'b>, Box<dyn std::error::Error>> {
    let mut chart = ChartBuilder::on(root)
        .margin(8)
        .margin_right(20)
        .x_label_area_size(48)
        .y_label_area_size(64)
        .build_cartesian_2d(x.0, y.0)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(6)
        .y_labels(6)
        .x_label_formatter(x.2)
        .y_label_formatter(y.2)
        .x_desc(x.1)
        .y_desc(y.1)
        .label_style((FONT, 16).into_font().color(&INK))
        .axis_desc_style((FONT, 17).into_font().color(&INK))
        .axis_style(INK.mix(0.5))
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.15))
        .draw()?;
    Ok(chart)
}

fn plain(value: &f64) -> String {
    // Rounded so that 0.30000000000000004 does not show.
    let rounded = (value * 1e6).round() / 1e6;
    rounded.to_string()
}

fn whole(value: &f64) -> String {
    if (value - value.round()).abs() < 1e-9 { format!("{value:.0}") } else { String::new() }
}

fn percent(value: &f64) -> String {
    format!("{:.0}", 100.0 * value)
}

/// One line, or two, over the epochs.
pub(super) fn over_epochs(
    title: &'static str,
    y_name: &str,
    is_share: bool,
    lines: &[(&'static str, Vec<f64>)],
) -> Result<Figure> {
    let n_epochs = lines.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let all = lines.iter().flat_map(|(_, values)| values).copied();
    let highest = if is_share { 1.0 } else { positive(all.fold(0.0, f64::max) * 1.05) };
    let svg = drawing(|root| {
        // A single epoch needs some width, too.
        let x = if n_epochs < 2 { 0.5..1.5 } else { 1.0..n_epochs as f64 };
        let y_marks: &dyn Fn(&f64) -> String = if is_share { &percent } else { &plain };
        let mut chart = chart(root, (x, "epoch", &whole), (0.0..highest, y_name, y_marks))?;
        for ((_, values), colour) in lines.iter().zip([FIRST, SECOND]) {
            let points = (1..).zip(values).map(|(epoch, &value)| (f64::from(epoch), value));
            if values.len() < 2 {
                chart.draw_series(points.map(|at| Circle::new(at, 4, colour.filled())))?;
            } else {
                chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
            }
        }
        Ok(())
    })?;
    let last = |(name, values): &(&str, Vec<f64>)| {
        let value = values.last().copied().unwrap_or(0.0);
        let value = if is_share { super::page::percent(value) } else { format!("{value:.4}") };
        format!("{name} {value}")
    };
    let ends: Vec<String> = lines.iter().map(last).collect();
    let text = format!("After epoch {n_epochs}: {}.", ends.join(", "));
    Ok(Figure { svg, title, text, keys: lines.iter().map(|(name, _)| *name).collect() })
}

/// Bars from 0 to 1, each of equal width and of two parts: the first kind at the bottom.
pub(super) fn bars(
    title: &'static str,
    x_name: &str,
    text: String,
    keys: [&'static str; 2],
    counts: &[[usize; 2]],
) -> Result<Figure> {
    histogram(title, (0.0..1.0, x_name), text, keys, counts, None)
}

/// Bars along an axis with ends, as [`bars`], and a dashed line at a limit, where there is one.
pub(super) fn histogram(
    title: &'static str,
    (x, x_name): (std::ops::Range<f64>, &str),
    text: String,
    keys: [&'static str; 2],
    counts: &[[usize; 2]],
    limit: Option<f64>,
) -> Result<Figure> {
    let top_of = |[first, second]: &[usize; 2]| first + second;
    let highest = positive(counts.iter().map(top_of).max().unwrap_or(0) as f64 * 1.05);
    let width = (x.end - x.start) / counts.len().max(1) as f64;
    let svg = drawing(|root| {
        let y = (0.0..highest, "pictures", &whole as _);
        let mut chart = chart(root, (x.clone(), x_name, &plain), y)?;
        for (at, count) in counts.iter().enumerate() {
            // A gap between neighbours.
            let place = |share: f64| x.start + (at as f64 + share) * width;
            let (left, right) = (place(0.06), place(0.94));
            let (middle, top) = (count[0] as f64, top_of(count) as f64);
            for (low, high, colour) in [(0.0, middle, FIRST), (middle, top, SECOND)] {
                if low < high {
                    let bar = Rectangle::new([(left, low), (right, high)], colour.filled());
                    chart.draw_series([bar])?;
                }
            }
        }
        if let Some(limit) = limit.filter(|limit| x.contains(limit)) {
            let line = [(limit, 0.0), (limit, highest)];
            chart.draw_series(DashedLineSeries::new(line, 6, 4, INK.stroke_width(2)))?;
        }
        Ok(())
    })?;
    let used = |part: usize| part == 0 || counts.iter().any(|count| count[part] != 0);
    let keys = keys.into_iter().enumerate().filter(|(part, _)| used(*part)).map(|(_, key)| key);
    Ok(Figure { svg, title, text, keys: keys.collect() })
}

/// Which share of odd pictures scores above a threshold (second), against that of good ones (first), over all
/// thresholds; a dot at the one that is used, where there is one.
pub(super) fn roc(points: &[(f64, f64)], used: Option<(f64, f64)>, text: String) -> Result<Figure> {
    let svg = drawing(|root| {
        let x = (0.0..1.0, "good pictures above, %", &percent as _);
        let mut chart = chart(root, x, (0.0..1.0, "odd pictures above, %", &percent))?;
        let diagonal = [(0.0, 0.0), (1.0, 1.0)];
        chart.draw_series(DashedLineSeries::new(diagonal, 6, 4, INK.mix(0.7).stroke_width(1)))?;
        chart.draw_series(LineSeries::new(points.iter().copied(), FIRST.stroke_width(3)))?;
        chart.draw_series(used.map(|at| Circle::new(at, 6, SECOND.filled())))?;
        Ok(())
    })?;
    let keys = std::iter::once("over all thresholds").chain(used.map(|_| "at the limit"));
    Ok(Figure { svg, title: "ROC curve", text, keys: keys.collect() })
}

/// How often the model is right, by how sure it is.
pub(super) fn reliability(bins: &[ConfidenceBin], ece: &str) -> Result<Figure> {
    let svg = drawing(|root| {
        let x = (0.0..1.0, "probability given, %", &percent as _);
        let mut chart = chart(root, x, (0.0..1.0, "right, %", &percent))?;
        let n = bins.len().max(1) as f64;
        for (at, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.n != 0) {
            let share = bin.right as f64 / bin.n as f64;
            let (left, right) = ((at as f64 + 0.06) / n, (at as f64 + 0.94) / n);
            let bar = Rectangle::new([(left, 0.0), (right, share)], FIRST.mix(0.65).filled());
            chart.draw_series([bar])?;
        }
        let diagonal = [(0.0, 0.0), (1.0, 1.0)];
        chart.draw_series(DashedLineSeries::new(diagonal, 6, 4, INK.mix(0.7).stroke_width(1)))?;
        let dots = bins.iter().filter(|bin| bin.n != 0).map(|bin| {
            let n = bin.n as f64;
            Circle::new((bin.confidence / n, bin.right as f64 / n), 4, SECOND.filled())
        });
        chart.draw_series(dots)?;
        Ok(())
    })?;
    let text = format!(
        "On the dashed line, a probability means what it says; below it, the model is too sure. Expected \
         calibration error (ECE): {ece}."
    );
    let keys = vec!["share right", "at the mean probability of the bin"];
    Ok(Figure { svg, title: "Reliability", text, keys })
}

/// What points are held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Against {
    /// The line on which both numbers are equal.
    Equal,
    /// The line at 0.
    Zero,
    /// The lines at two values.
    Ends([f64; 2]),
}

/// Points (x, y), each with a bar from one end to the other where it has one.
pub(super) fn scatter(
    title: &'static str,
    (x_name, y_name): (&str, &str),
    text: String,
    points: &[(f64, f64, Option<[f64; 2]>)],
    against: Against,
) -> Result<Figure> {
    let ends = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (value.min(low), value.max(high))
        });
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        let margin = positive((high - low) * 0.03);
        low - margin..high + margin
    };
    let xs = ends(&mut points.iter().map(|point| point.0));
    let of_bars = points.iter().filter_map(|point| point.2).flatten();
    let ys = ends(&mut points.iter().map(|point| point.1).chain(of_bars));
    let svg = drawing(|root| {
        let mut chart = chart(root, (xs.clone(), x_name, &plain), (ys.clone(), y_name, &plain))?;
        for (x, _, bar) in points {
            if let Some([low, high]) = bar {
                let line = [(*x, *low), (*x, *high)];
                chart.draw_series(LineSeries::new(line, FIRST.mix(0.25).stroke_width(1)))?;
            }
        }
        let across = |y: f64| [(xs.start, y), (xs.end, y)];
        let lines = match against {
            Against::Equal => {
                let (low, high) = (xs.start.max(ys.start), xs.end.min(ys.end));
                vec![[(low, low), (high.max(low), high.max(low))]]
            }
            Against::Zero => vec![across(0.0)],
            Against::Ends(ends) => {
                ends.into_iter().filter(|y| ys.contains(y)).map(across).collect()
            }
        };
        for line in lines {
            chart.draw_series(DashedLineSeries::new(line, 6, 4, INK.mix(0.7).stroke_width(1)))?;
        }
        let dots = points.iter().map(|(x, y, _)| Circle::new((*x, *y), 3, SECOND.filled()));
        chart.draw_series(dots)?;
        Ok(())
    })?;
    Ok(Figure { svg, title, text, keys: Vec::new() })
}

/// The upper end of an axis, where there may be nothing to show.
fn positive(value: f64) -> f64 {
    if 0.0 < value { value } else { 1.0 }
}
