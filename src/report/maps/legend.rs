//! What stands below a map: which colour means what.

use image::RgbImage;
use imageproc::drawing::draw_filled_rect_mut;
use imageproc::rect::Rect;

use super::Values;
use super::colors::{BLACK, GRAY, Rgb, of_class, of_number};
use super::letters::{HEIGHT as LINE, Letter, letter};

/// A small white picture in colours.
pub(super) struct Canvas {
    pub image: RgbImage,
    /// Pixels a dot of a letter.
    scale: usize,
}

impl Canvas {
    fn new(width: usize, height: usize, scale: usize) -> Self {
        let image = RgbImage::from_pixel(width as u32, height as u32, image::Rgb([255; 3]));
        Self { image, scale }
    }

    /// Fills a rectangle that has pixels, as far as it lies in the picture.
    fn fill(&mut self, x: usize, y: usize, width: usize, height: usize, color: Rgb) {
        let area = Rect::at(x as i32, y as i32).of_size(width as u32, height as u32);
        draw_filled_rect_mut(&mut self.image, area, image::Rgb(color));
    }

    fn text(&mut self, mut x: usize, y: usize, text: &str) {
        for letter in letters(text) {
            let width = letter.width();
            for (column, row) in (0..LINE).flat_map(|row| (0..width).map(move |c| (c, row))) {
                if letter.is_black(column, row) {
                    let (x, y) = (x + column * self.scale, y + row * self.scale);
                    self.fill(x, y, self.scale, self.scale, BLACK);
                }
            }
            x += width * self.scale;
        }
    }

    /// A square of a colour with a frame, as high as a line.
    fn swatch(&mut self, x: usize, y: usize, color: Rgb) {
        let (side, frame) = (LINE * self.scale - 2 * self.scale, self.scale);
        self.fill(x, y + frame, side, side, BLACK);
        self.fill(x + frame, y + 2 * frame, side - 2 * frame, side - 2 * frame, color);
    }
}

fn letters(text: &str) -> impl Iterator<Item = Letter<'static>> {
    text.chars().filter_map(|c| letter(c).or_else(|| letter('\u{fffd}')))
}

fn width_of(text: &str) -> usize {
    letters(text).map(Letter::width).sum()
}

/// The legend of a map of a picture as wide as `width`, or wider where it needs more room.
pub(super) fn draw(values: &Values, width: usize) -> Canvas {
    // Large pictures are seen from afar.
    let scale = (width / 640).clamp(1, 16);
    match values {
        Values::Classes { .. } => classes(values, width, scale),
        Values::Numbers { name, .. } => numbers(name, values.ends(), width, scale),
    }
}

fn classes(values: &Values, width: usize, scale: usize) -> Canvas {
    let (line, gap) = (LINE * scale, 6 * scale);
    let entries = values.shares().into_iter().map(|(number, name, share)| {
        (number.map_or(GRAY, of_class), format!("{name} {:.1} %", 100.0 * share))
    });
    let entries: Vec<(Rgb, String)> = entries.collect();
    let width_of_entry = |text: &str| line + gap + width_of(text) * scale + 2 * gap;
    let widest = entries.iter().map(|(_, text)| width_of_entry(text)).max().unwrap_or(0);
    let width = width.max(widest + gap);
    let (mut x, mut y) = (gap, gap);
    let mut placed = Vec::new();
    for (color, text) in entries {
        let own = width_of_entry(&text);
        if width < x + own && gap < x {
            (x, y) = (gap, y + line + gap);
        }
        placed.push((x, y, color, text));
        x += own;
    }
    let mut canvas = Canvas::new(width, y + line + gap, scale);
    for (x, y, color, text) in placed {
        canvas.swatch(x, y, color);
        canvas.text(x + line + gap, y, &text);
    }
    canvas
}

fn numbers(name: &str, (low, high): (f64, f64), width: usize, scale: usize) -> Canvas {
    let (line, gap) = (LINE * scale, 6 * scale);
    let (low, high) = (short(low), short(high));
    let ends = (width_of(&low) + width_of(&high)) * scale + 4 * gap;
    let least = (ends + 128 * scale).max(width_of(name) * scale + 2 * gap);
    let width = width.max(least);
    let mut canvas = Canvas::new(width, 2 * line + 3 * gap, scale);
    canvas.text(gap, gap, name);
    let y = line + 2 * gap;
    canvas.text(gap, y, &low);
    let left = 2 * gap + width_of(&low) * scale;
    let bar = width - ends;
    for x in 0..bar {
        canvas.fill(left + x, y, 1, line, of_number(x as f64 / (bar - 1).max(1) as f64));
    }
    canvas.text(left + bar + gap, y, &high);
    canvas
}

/// A number in five digits.
pub fn short(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e6).contains(&size) {
        let whole = if size < 1.0 { 0 } else { size.log10() as usize + 1 };
        let text = format!("{value:.*}", 5usize.saturating_sub(whole));
        let is_fraction = text.contains('.');
        if is_fraction { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        format!("{value:.4e}")
    }
}
