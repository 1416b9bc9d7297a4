//! Where a picture is odd, over the picture.

use std::path::Path;

use super::colors::{Rgb, mixed, of_number};
use super::{Values, legend, nearest_gray};
use crate::error::{Result, same_size};
use crate::image::change::thumbnail;
use crate::image::{Area, Gray, Planes, Samples, ScoreRegion};
use crate::io::write_png;

/// A map of a picture's pixels.
#[derive(Debug, Clone, Copy)]
pub struct OddPlaces<'a> {
    /// The number of each pixel, row by row; larger is odder.
    pub values: &'a [f32],
    /// From which number on a place is odd.
    pub limit: f64,
    /// The odd regions.
    pub regions: &'a [ScoreRegion],
}

/// The frame around an odd region.
const FRAME: Rgb = [213, 94, 0];

/// How much of a colour lies over the picture at most.
const COVER: f64 = 0.65;

/// Writes a picture with colours over what is unlike good pictures, frames around odd regions, and a legend below. The colours
/// set in where a place is half as odd, between the map's middle and its limit, as one that is odd.
///
/// Width and height, and pictures of 16 bits: see [`super::write_overlay`].
///
/// # Errors
/// [`crate::Error::Size`] where there is not one number a pixel; [`crate::Error::Io`] where the file cannot be written.
pub fn write_odd_places(path: &Path, picture: &Gray, places: &OddPlaces<'_>) -> Result<()> {
    let (width, height) = (picture.width(), picture.height());
    same_size("pixels of a map", width * height, places.values.len())?;
    let colors = Colors::of(places);
    let name = match places.limit.is_finite() {
        true => format!("anomaly (odd above {})", legend::short(places.limit)),
        false => "anomaly".to_owned(),
    };
    let ends = Some((colors.begin, colors.end));
    let shown = Values::Numbers { name, of: Vec::new(), ends };
    let legend = legend::draw(&shown, width).image;
    let legend_width = legend.width() as usize;
    let gray = nearest_gray(picture);
    // Seen from afar, a frame of one pixel is none.
    let thick = (width.max(height) / 500).clamp(1, 16);
    let bounds = places.regions.iter().map(|region| region.bounds);
    let frames = Frames::around(bounds, thick, (width, height));
    write_png(path, legend_width.max(width), height + legend.height() as usize, |y, row| {
        if height <= y {
            let start = 3 * (y - height) * legend_width;
            let pixels = &legend.as_raw()[start..][..3 * legend_width];
            row[..pixels.len()].copy_from_slice(pixels);
            return;
        }
        let pixels = &mut row.as_chunks_mut::<3>().0[..width];
        let values = &places.values[y * width..][..width];
        for (x, (pixel, &value)) in pixels.iter_mut().zip(values).enumerate() {
            *pixel = colors.over(gray(picture.value(x, y)), value);
        }
        frames.draw(y, pixels);
    })
}

/// A part of a picture, made small, with the same colours over it and one frame: a place of a small picture has the
/// highest number of the pixels that it stands for, so that a small defect is still seen.
///
/// The part lies inside the picture, the frame inside the part. The longer side is at most `side` pixels.
///
/// # Errors
/// [`crate::Error::Size`] where there is not one number a pixel.
pub(crate) fn small_odd_places(
    picture: &Planes,
    places: &OddPlaces<'_>,
    part: Area,
    framed: Area,
    side: usize,
) -> Result<Planes> {
    let full_width = picture.gray().width();
    same_size("pixels of a map", picture.gray().area(), places.values.len())?;
    let colors = Colors::of(places);
    let small = thumbnail(&Planes::from_gray(picture.gray().crop(part)), side)?;
    let small = small.gray();
    let (width, height) = (small.width(), small.height());
    let across = |x: usize| part.x + x * part.width / width;
    let down = |y: usize| part.y + y * part.height / height;
    let columns: Vec<_> = (0..width).map(|x| across(x)..across(x + 1).max(across(x) + 1)).collect();
    let scaled = |at: usize, start: usize, n: usize, full: usize| (at - start) * n / full;
    let (left, top) = (
        scaled(framed.x, part.x, width, part.width),
        scaled(framed.y, part.y, height, part.height),
    );
    let right = scaled(framed.x + framed.width, part.x, width, part.width).max(left + 1);
    let bottom = scaled(framed.y + framed.height, part.y, height, part.height).max(top + 1);
    let framed = Area { x: left, y: top, width: right - left, height: bottom - top };
    let thick = (width.max(height) / 120).clamp(1, 4);
    let frames = Frames::around([framed], thick, (width, height));
    let mut planes = [Vec::new(), Vec::new(), Vec::new()];
    for y in 0..height {
        let rows = down(y)..down(y + 1).max(down(y) + 1);
        let mut pixels: Vec<Rgb> = (columns.iter().enumerate())
            .map(|(x, columns)| {
                let values = rows.clone().flat_map(|row| {
                    &places.values[row * full_width + columns.start..row * full_width + columns.end]
                });
                let highest = values.copied().fold(f32::NEG_INFINITY, f32::max);
                colors.over(small.value(x, y) as u8, highest)
            })
            .collect();
        frames.draw(y, &mut pixels);
        for (channel, plane) in planes.iter_mut().enumerate() {
            plane.extend(pixels.iter().map(|pixel| pixel[channel]));
        }
    }
    let plane = |values| Gray::new(width, height, Samples::Eight(values));
    let [red, green, blue] = planes;
    Planes::new(small.clone(), [plane(red)?, plane(green)?, plane(blue)?])
}

/// Which colour a number has, and how much of it lies over the picture.
struct Colors {
    /// Where the scale begins: the middle one of the map's numbers, or the limit, where all of the picture is odd.
    begin: f64,
    limit: f64,
    /// Where the scale ends.
    end: f64,
}

impl Colors {
    fn of(places: &OddPlaces<'_>) -> Self {
        let middle = median(places.values);
        let highest = places.values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let highest = if highest.is_finite() { f64::from(highest) } else { middle };
        let limit = if places.limit.is_finite() { places.limit } else { highest };
        Self { begin: middle.min(limit), limit, end: highest.max(limit).max(middle) }
    }

    /// The colour of a number over a grey pixel.
    fn over(&self, gray: u8, value: f32) -> Rgb {
        let above = f64::from(value) - self.begin;
        let share = |to: f64| match self.begin < to {
            true => above / (to - self.begin),
            false => f64::from(u8::from(0.0 < above)),
        };
        let cover = COVER * (2.0 * share(self.limit) - 1.0).clamp(0.0, 1.0);
        if cover == 0.0 {
            return [gray; 3];
        }
        mixed([gray; 3], of_number(share(self.end)), cover)
    }
}

/// Frames, drawn row by row.
struct Frames {
    /// With the frames themselves.
    areas: Vec<Area>,
    thick: usize,
}

impl Frames {
    /// Around rectangles inside a picture of that size, on whose edge a frame lies inside.
    fn around(
        bounds: impl IntoIterator<Item = Area>,
        thick: usize,
        (width, height): (usize, usize),
    ) -> Self {
        let areas = bounds.into_iter().map(|area| area.grown(thick, width, height)).collect();
        Self { areas, thick }
    }

    /// Draws what crosses a row.
    fn draw(&self, y: usize, row: &mut [Rgb]) {
        for area in &self.areas {
            let (right, bottom) = (area.x + area.width, area.y + area.height);
            if !(area.y..bottom).contains(&y) {
                continue;
            }
            if y < area.y + self.thick || bottom <= y + self.thick {
                row[area.x..right].fill(FRAME);
            } else {
                let thick = self.thick.min(area.width);
                row[area.x..area.x + thick].fill(FRAME);
                row[right - thick..right].fill(FRAME);
            }
        }
    }
}

/// The middle one of the numbers; of an even count the upper of two.
fn median(numbers: &[f32]) -> f64 {
    let mut sorted = numbers.to_vec();
    let middle = sorted.len() / 2;
    if sorted.is_empty() {
        return 0.0;
    }
    f64::from(*sorted.select_nth_unstable_by(middle, f32::total_cmp).1)
}

#[cfg(test)]
mod tests;
