//! An explanation as one SVG picture that needs no other file.

use std::path::{Path, PathBuf};

use askama::Template;

use super::pictures::{SIDE, small_copy};
use super::text::{CLASS, largest, number, percent, printable, shortened};
use super::{Explanation, FeatureAttribution};
use crate::error::{Error, Problem, Result};
use crate::io::Limits;

const WIDTH: usize = 900;

/// Where all bars begin, how long the longest one is, and where its words begin.
const BARS_FROM: f64 = 300.0;
pub(super) const BAR_LENGTH: f64 = 330.0;
const BAR_WORDS: usize = 640;

/// From one line to the next.
pub(super) const LINE: usize = 22;

/// Classes that are drawn.
const MAX_CLASSES: usize = 12;

/// Features that are drawn in each direction.
pub(super) const MAX_FEATURES: usize = 8;

/// For the small pictures and what stands below them.
pub(super) const PICTURES: usize = 180;

/// Text and bars are laid out here, and the template only writes them down. It escapes all text.
#[derive(Template)]
#[template(path = "explain/drawing.svg")]
#[derive(Default)]
pub(super) struct Drawing {
    width: usize,
    pub height: usize,
    title: String,
    texts: Vec<Text>,
    bars: Vec<Bar>,
    pub images: Vec<Image>,
    /// Over the pictures.
    pub cells: Vec<Bar>,
}

struct Text {
    x: usize,
    y: usize,
    weight: &'static str,
    text: String,
    /// Shown where the pointer rests.
    hint: String,
}

/// A rectangle of one colour.
pub(super) struct Bar {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    pub color: &'static str,
    pub opacity: String,
}

pub(super) struct Image {
    x: usize,
    y: usize,
    /// Of the rectangle that it fits into.
    width: usize,
    height: usize,
    data: String,
}

impl Image {
    /// A small copy of a file.
    ///
    /// # Errors
    /// As [`small_copy`].
    pub fn of(
        file: &Path,
        (x, y): (usize, usize),
        (width, height): (usize, usize),
        limits: Limits,
    ) -> Result<Self> {
        let data = small_copy(file, width.max(height), limits)?;
        Ok(Self { x, y, width, height, data })
    }
}

pub(super) const PLAIN: &str = "#4a6fa5";
const FOR: &str = "#2e7d4f";
const AGAINST: &str = "#b3472f";

impl Explanation {
    /// The explanation as an SVG picture: the picture itself, the probabilities, the attributions of families and
    /// features, and the nearest training pictures. `picture` is the file that was explained; `found` are those
    /// of [`Explanation::nearest`] in their order, where they are known. One that cannot be read any more is
    /// left blank.
    ///
    /// # Errors
    /// [`Error::Picture`] or [`Error::Io`] where the explained picture cannot be read any more.
    pub fn to_svg(
        &self,
        picture: &Path,
        found: &[Option<PathBuf>],
        limits: Limits,
    ) -> Result<String> {
        let mut drawing = Drawing::about(&self.path);
        drawing.images.push(Image::of(picture, (20, 20), (SIDE, SIDE), limits)?);
        let log_odds =
            format!("log-odds of `{}`: {:.3}", shortened(&self.class, CLASS), self.log_odds);
        let lines = [
            ("bold", shortened(&self.path, 90)),
            ("bold", self.verdict_line()),
            ("normal", self.familiarity_line()),
            ("normal", log_odds),
        ];
        for (line, (weight, text)) in lines.into_iter().enumerate() {
            drawing.write(160, 40 + LINE * line, weight, text, "");
        }
        drawing.height = 170;
        self.draw_probabilities(&mut drawing);
        self.draw_families(&mut drawing);
        let drawn =
            self.directions().map(|(word, all)| (word, &all[..all.len().min(MAX_FEATURES)]));
        let most = largest(drawn.iter().flat_map(|(_, features)| *features).map(|f| f.push));
        for (word, features) in drawn {
            let heading = format!(
                "Strongest features {word} `{}` (change of log-odds; here / {})",
                shortened(&self.class, CLASS),
                self.baseline
            );
            drawing.heading(heading);
            features.iter().for_each(|feature| drawing.feature(feature, most));
        }
        self.draw_nearest(&mut drawing, found, limits);
        drawing.height += 20;
        drawing.to_svg(picture)
    }

    fn draw_probabilities(&self, drawing: &mut Drawing) {
        drawing.heading("Probabilities".into());
        for class in self.classes.iter().take(MAX_CLASSES) {
            let p = class.probability;
            drawing.bar(&class.class, "", (p, 1.0), PLAIN, percent(&p));
        }
        if let Some((n, rest)) = self.beyond(MAX_CLASSES) {
            let label = format!("{n} more classes");
            drawing.bar(&label, "", (rest, 1.0), PLAIN, percent(&rest));
        }
    }

    fn draw_families(&self, drawing: &mut Drawing) {
        let class = shortened(&self.class, CLASS);
        drawing
            .heading(format!("What spoke for `{class}` (green) and against it (red), by family"));
        let most = largest(self.families.iter().map(|family| family.push));
        for family in &self.families {
            let without = percent(&family.probability_without);
            let value = format!("{:+.3}, without it {without}", family.push);
            let color = color(family.push);
            drawing.bar(&family.family, &family.title, (family.push.abs(), most), color, value);
        }
    }

    fn draw_nearest(&self, drawing: &mut Drawing, found: &[Option<PathBuf>], limits: Limits) {
        drawing.heading("Nearest training pictures (1: usual distance in the class)".into());
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
            let class = format!("{} {:.2}", shortened(&near.class, 16), near.distance);
            drawing.write(x, y + 138, "bold", class, &near.class);
            drawing.write(x, y + 156, "normal", shortened(short, 20), &name);
        }
        drawing.height += PICTURES;
    }
}

impl Drawing {
    /// An empty drawing about a picture, by its name.
    pub fn about(path: &str) -> Self {
        Self { width: WIDTH, title: printable(path), ..Self::default() }
    }

    /// The drawing about a picture.
    ///
    /// # Errors
    /// [`Error::Picture`] where the template fails, which it does for no data.
    pub fn to_svg(&self, picture: &Path) -> Result<String> {
        self.render().map_err(|e| {
            let problem = Problem::new("a picture that can be drawn", e.to_string(), "report it");
            Error::picture(picture, problem)
        })
    }

    pub fn write(&mut self, x: usize, y: usize, weight: &'static str, text: String, hint: &str) {
        self.texts.push(Text { x, y, weight, text, hint: printable(hint) });
    }

    pub fn heading(&mut self, text: String) {
        self.write(20, self.height + 20, "bold", text, "");
        self.height += 32;
    }

    /// A line with a name, a bar for a value of at most `most`, and the value in words.
    pub fn bar(
        &mut self,
        name: &str,
        hint: &str,
        (value, most): (f64, f64),
        color: &'static str,
        words: String,
    ) {
        let length = if 0.0 < most { BAR_LENGTH * value / most } else { 0.0 };
        self.span((0.0, length), color, "1.0");
        self.words(name, hint, words);
    }

    /// A rectangle in the line that is being drawn, from one place right of the names to another.
    pub fn span(&mut self, (from, to): (f64, f64), color: &'static str, opacity: &str) {
        self.bars.push(Bar {
            x: format!("{:.1}", BARS_FROM + from),
            y: (self.height + 2).to_string(),
            width: format!("{:.1}", to - from),
            height: "13".into(),
            color,
            opacity: opacity.into(),
        });
    }

    /// The name and the words of a line, which ends with them.
    pub fn words(&mut self, name: &str, hint: &str, words: String) {
        let y = self.height;
        self.write(20, y + 13, "normal", shortened(name, 38), hint);
        self.write(BAR_WORDS, y + 13, "normal", words, "");
        self.height += LINE;
    }

    fn feature(&mut self, feature: &FeatureAttribution, most: f64) {
        let (here, mean) = (number(&feature.value), number(&feature.training_mean));
        let words = format!("{:+.3}  ({here} / {mean})", feature.push);
        let color = color(feature.push);
        self.bar(&feature.feature, &feature.meaning, (feature.push.abs(), most), color, words);
        self.write(30, self.height + 8, "normal", shortened(&feature.meaning, 110), "");
        self.height += LINE;
    }
}

pub(super) fn color(push: f64) -> &'static str {
    if push < 0.0 { AGAINST } else { FOR }
}
