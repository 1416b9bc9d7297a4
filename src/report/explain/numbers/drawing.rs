//! The explanation of a number as one SVG picture that needs no other file.

use std::path::{Path, PathBuf};

use super::text::signed;
use super::{FeaturePart, NumberExplanation, PartsMap};
use crate::error::Result;
use crate::io::Limits;
use crate::report::explain::drawing::{
    BAR_LENGTH, Bar, Drawing, Image, LINE, MAX_FEATURES, PICTURES, PLAIN, color,
};
use crate::report::explain::pictures::SIDE;
use crate::report::explain::text::{CLASS, largest, number, printable, shortened};

/// Numbers that are drawn with their intervals.
const MAX_NUMBERS: usize = 12;

/// The longer side of the picture with its parts.
const MAP: usize = 260;

/// How dense the colour of the strongest part is, so that the picture is seen below it.
const DENSEST: f64 = 0.6;

/// Behind an interval lies the range of the numbers learned from; on it the value.
const TRACK: &str = "#dddddd";
const VALUE: &str = "#222222";

impl NumberExplanation {
    /// The explanation as an SVG picture: the picture itself, the numbers with their intervals, what families and features do,
    /// the parts of the picture, and the nearest pictures learned from. `picture` is the file that was explained; `found` are
    /// those of [`NumberExplanation::nearest`] in their order, where they are known.
    ///
    /// # Errors
    /// [`crate::Error::Picture`] or [`crate::Error::Io`] where the explained picture cannot be read any more.
    pub fn to_svg(
        &self,
        picture: &Path,
        found: &[Option<PathBuf>],
        limits: Limits,
    ) -> Result<String> {
        let mut drawing = Drawing::about(&self.path);
        drawing.images.push(Image::of(picture, (20, 20), (SIDE, SIDE), limits)?);
        let explained = self.numbers.iter().find(|one| one.name == self.target);
        let verdict = explained.map_or(String::new(), |one| self.number_line(one));
        let of_mean = format!("the mean picture learned from: {}", number(&self.value_of_mean));
        let status = match self.status {
            "rejected" => "rejected: nothing like it was learned, so the number is worth little",
            _ => "",
        };
        let lines = [
            ("bold", shortened(&self.path, 90)),
            ("bold", verdict),
            ("normal", self.familiarity_line()),
            ("normal", of_mean),
            ("bold", status.to_owned()),
        ];
        for (line, (weight, text)) in lines.into_iter().enumerate() {
            drawing.write(160, 40 + LINE * line, weight, text, "");
        }
        drawing.height = 170;
        self.draw_numbers(&mut drawing);
        self.draw_families(&mut drawing);
        let drawn =
            self.directions().map(|(word, all)| (word, &all[..all.len().min(MAX_FEATURES)]));
        let most = largest(drawn.iter().flat_map(|(_, features)| *features).map(|f| f.push));
        for (word, features) in drawn {
            drawing.heading(format!(
                "Strongest features that {word} it, each put at the mean by itself (here / mean)"
            ));
            features.iter().for_each(|feature| draw_feature(&mut drawing, feature, most));
        }
        if let Some(map) = &self.map {
            drawing.heading(
                "Where: a part is green where the answer falls when it is left out, red where it rises"
                    .into(),
            );
            draw_map(&mut drawing, map, (picture, limits))?;
        }
        self.draw_nearest(&mut drawing, found, limits);
        drawing.height += 20;
        drawing.to_svg(picture)
    }

    /// Every number as a mark on its interval, over the range learned from.
    fn draw_numbers(&self, drawing: &mut Drawing) {
        drawing.heading(format!(
            "Numbers, with intervals of {:.0} % (blue) and the range of those learned from (grey)",
            100.0 * self.interval
        ));
        for one in self.numbers.iter().take(MAX_NUMBERS) {
            let [least, most] = one.range;
            let (start, end) = (least.min(one.low), most.max(one.high));
            let width = if start < end { end - start } else { 1.0 };
            let at = |value: f64| BAR_LENGTH * ((value - start) / width).clamp(0.0, 1.0);
            drawing.span((at(least), at(most)), TRACK, "1.0");
            drawing.span((at(one.low), at(one.high)), PLAIN, "0.6");
            drawing.span((at(one.value) - 1.5, at(one.value) + 1.5), VALUE, "1.0");
            let (value, low, high) = (number(&one.value), number(&one.low), number(&one.high));
            drawing.words(&one.name, &one.name, format!("{value}  ({low} to {high})"));
        }
        if let Some(n_more) = self.numbers.len().checked_sub(MAX_NUMBERS).filter(|&n| n != 0) {
            drawing.words(&format!("{n_more} more"), "", String::new());
        }
    }

    fn draw_families(&self, drawing: &mut Drawing) {
        let target = shortened(&self.target, CLASS);
        let (from, to) = (number(&self.value_of_mean), number(&self.value));
        drawing.heading(format!(
            "What raised `{target}` (green) and lowered it (red) from {from} to {to}, by family"
        ));
        let most = largest(self.families.iter().map(|family| family.push));
        for family in &self.families {
            let without = number(&family.value_without);
            let value = format!("{}, without it {without}", signed(&family.push));
            let color = color(family.push);
            drawing.bar(&family.family, &family.title, (family.push.abs(), most), color, value);
        }
    }

    fn draw_nearest(&self, drawing: &mut Drawing, found: &[Option<PathBuf>], limits: Limits) {
        drawing.heading("Nearest pictures learned from: right number, distance (1: usual)".into());
        let y = drawing.height;
        for (at, near) in self.nearest.iter().enumerate() {
            let x = 20 + 170 * at;
            let file = found.get(at).and_then(Option::as_ref);
            if let Some(Ok(image)) = file.map(|file| Image::of(file, (x, y), (SIDE, SIDE), limits))
            {
                drawing.images.push(image);
            }
            let name = near.path.as_ref().or(near.content.as_ref());
            let name = name.map(|name| printable(name)).unwrap_or_default();
            let short = name.rsplit('/').next().unwrap_or_default();
            let value = near.value_of(&self.target);
            let line = format!("{value}  ({:.2})", near.distance);
            drawing.write(x, y + 138, "bold", line.trim_start().to_owned(), "");
            drawing.write(x, y + 156, "normal", shortened(short, 20), &name);
        }
        drawing.height += PICTURES;
    }
}

fn draw_feature(drawing: &mut Drawing, feature: &FeaturePart, most: f64) {
    let (here, mean) = (number(&feature.here), number(&feature.training_mean));
    let words = format!("{}  ({here} / {mean})", signed(&feature.push));
    let color = color(feature.push);
    drawing.bar(&feature.feature, &feature.meaning, (feature.push.abs(), most), color, words);
    drawing.write(30, drawing.height + 8, "normal", shortened(&feature.meaning, 110), "");
    drawing.height += LINE;
}

/// The picture, colours over its parts, and the ends of the scale beside it.
///
/// # Errors
/// As [`Image::of`].
fn draw_map(
    drawing: &mut Drawing,
    map: &PartsMap,
    (picture, limits): (&Path, Limits),
) -> Result<()> {
    let most = largest(map.push.iter().flatten().flatten().copied());
    let fitted = |side: usize| (MAP * side / map.width.max(map.height).max(1)).max(1);
    let (width, height) = (fitted(map.width), fitted(map.height));
    let (left, top) = (20, drawing.height);
    drawing.images.push(Image::of(picture, (left, top), (width, height), limits)?);
    let n_rows = map.push.len().max(1) as f64;
    for (y, row) in map.push.iter().enumerate() {
        let n_columns = row.len().max(1) as f64;
        let (width, height) = (width as f64 / n_columns, height as f64 / n_rows);
        for (x, push) in row.iter().enumerate() {
            let Some(push) = push.filter(|_| 0.0 < most) else { continue };
            drawing.cells.push(Bar {
                x: format!("{:.1}", left as f64 + width * x as f64),
                y: format!("{:.1}", top as f64 + height * y as f64),
                width: format!("{width:.1}"),
                height: format!("{height:.1}"),
                color: color(push),
                opacity: format!("{:.3}", DENSEST * push.abs() / most),
            });
        }
    }
    let all = || map.push.iter().flatten().flatten().copied();
    let (high, low) = (all().fold(0.0, f64::max), all().fold(0.0, f64::min));
    let lines = [
        format!("largest fall of the answer: {}", number(&high)),
        format!("largest rise: {}", number(&-low)),
        "A part that is left out does not count; nothing is painted over.".to_owned(),
    ];
    for (line, text) in lines.iter().enumerate() {
        drawing.write(MAP + 40, top + 20 + LINE * line, "normal", text.clone(), "");
    }
    drawing.height += height.max(LINE * lines.len()) + 10;
    Ok(())
}
