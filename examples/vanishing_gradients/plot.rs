//! The picture of the gradients by layer.

use plotters::prelude::*;

use super::experiment::{Kind, Measured};

/// Where it stands in the project.
pub const PLACE: &str = "docs/learning/vanishing-gradients.svg";

const SIZE: (u32, u32) = (960, 560);
/// Where the names of the lines begin.
const NAMES_AT: i32 = 700;
const FONT: &str = "sans-serif";

/// Colours that differ for colour-blind eyes, too (Okabe and Ito 2008).
const COLOURS: [RGBColor; 6] = [
    RGBColor(213, 94, 0),
    RGBColor(230, 159, 0),
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
];

struct Line<'a> {
    name: String,
    norms: &'a [f64],
    style: ShapeStyle,
    is_plain: bool,
}

/// Draws one line a network, the plain one in black; those beside the remedies are left to the table.
///
/// # Errors
/// Where the drawing fails.
pub fn svg(measured: &[Measured]) -> Result<String, Box<dyn std::error::Error>> {
    let lines = lines(measured);
    let n_layers = lines.iter().map(|line| line.norms.len()).max().unwrap_or(1);
    let all = lines.iter().flat_map(|line| line.norms);
    let lowest = all.clone().copied().fold(f64::INFINITY, f64::min);
    let highest = all.copied().fold(0.0, f64::max);
    let decade = |value: f64| 10f64.powf(value);
    let range = decade(lowest.log10().floor())..decade(highest.log10().ceil());

    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        // White, so that it can be read on a dark page.
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&root)
            .caption("Gradient by layer, before the first step", (FONT, 22))
            .margin(14)
            .margin_right(SIZE.0 as i32 - NAMES_AT + 24)
            .x_label_area_size(56)
            .y_label_area_size(86)
            .build_cartesian_2d(0.8..n_layers as f64 + 0.2, range.log_scale())?;
        chart
            .configure_mesh()
            .x_labels(n_layers)
            .x_max_light_lines(1)
            .x_label_formatter(&|x| format!("{x:.0}"))
            .y_label_formatter(&|y| format!("{y}"))
            .x_desc("layer, from the input (1) to the output")
            .y_desc("norm of the gradient by the weights")
            .label_style((FONT, 17))
            .axis_desc_style((FONT, 18))
            .light_line_style(RGBColor(240, 240, 240))
            .bold_line_style(RGBColor(205, 205, 205))
            .draw()?;
        // The plain line last, so that it lies on top.
        for line in lines.iter().rev() {
            let points = (1..).zip(line.norms).map(|(layer, &norm)| (f64::from(layer), norm));
            chart.draw_series(LineSeries::new(points.clone(), line.style))?;
            let radius = if line.is_plain { 5 } else { 4 };
            let dot = |at| Circle::new(at, radius, line.style.filled());
            chart.draw_series(points.map(dot))?;
        }
        for (at, line) in (0..).zip(&lines) {
            let y = 80 + 34 * at;
            root.draw(&PathElement::new(vec![(NAMES_AT, y), (NAMES_AT + 34, y)], line.style))?;
            let name = Text::new(line.name.clone(), (NAMES_AT + 44, y - 9), (FONT, 18));
            root.draw(&name)?;
        }
        root.present()?;
    }
    Ok(text)
}

fn lines(measured: &[Measured]) -> Vec<Line<'_>> {
    let mut colours = COLOURS.iter().cycle();
    let mut lines: Vec<Line<'_>> = Vec::new();
    for one in measured.iter().filter(|one| one.trial.kind != Kind::Beside) {
        // A rule for the steps does not change the gradient before the first one.
        if let Some(same) = lines.iter_mut().find(|line| line.norms == one.gradient_norms) {
            same.name += &format!(", and {}", one.trial.name);
            continue;
        }
        let is_plain = one.trial.kind == Kind::Plain;
        let style = match colours.next() {
            Some(colour) if !is_plain => colour.stroke_width(2),
            _ => BLACK.stroke_width(5),
        };
        let (name, norms) = (one.trial.name.to_owned(), one.gradient_norms.as_slice());
        lines.push(Line { name, norms, style, is_plain });
    }
    lines
}
