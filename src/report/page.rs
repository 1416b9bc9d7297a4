//! What a page is made of, and how it becomes HTML.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Problem, Result};

const STYLE: &str = include_str!("page.css");

/// A whole page.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    pub title: String,
    /// One sentence or two.
    pub lead: String,
    pub facts: Vec<Fact>,
    pub sections: Vec<Section>,
}

/// A number that stands out.
pub(super) struct Fact {
    pub name: &'static str,
    pub value: String,
    pub note: String,
}

/// A stretch of the page under one heading.
pub(super) struct Section {
    /// For links inside the page.
    pub id: &'static str,
    pub title: &'static str,
    pub text: String,
    pub parts: Vec<Part>,
}

/// Something to look at.
pub(super) enum Part {
    Figures(Vec<Figure>),
    Table(Table),
    Gallery(Gallery),
    /// Pictures with maps over them, which need more room.
    Maps(Gallery),
    Matrix(Matrix),
}

/// A plot.
pub(super) struct Figure {
    /// Our own drawing: the only text that the template does not escape.
    pub svg: String,
    pub title: &'static str,
    pub text: String,
    /// What the colours stand for: the first colour, the second.
    pub keys: Vec<&'static str>,
}

/// Rows under headings.
pub(super) struct Table {
    pub title: &'static str,
    pub text: String,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

/// One cell of a table.
pub(super) enum Cell {
    Text(String),
    Number(String),
    /// A number with a bar for a share from 0 to 1.
    Bar(String, f64),
}

impl Fact {
    pub fn new(name: &'static str, value: impl ToString, note: impl Into<String>) -> Self {
        Self { name, value: value.to_string(), note: note.into() }
    }
}

impl Section {
    pub fn new(id: &'static str, title: &'static str, text: &str, parts: Vec<Part>) -> Self {
        Self { id, title, text: text.to_owned(), parts }
    }
}

impl Part {
    pub fn table(
        title: &'static str,
        text: impl Into<String>,
        columns: &[&'static str],
        rows: Vec<Vec<Cell>>,
    ) -> Self {
        Self::Table(Table { title, text: text.into(), columns: columns.to_vec(), rows })
    }

    pub fn gallery(title: &str, text: &str, cards: Vec<Card>) -> Self {
        Self::Gallery(Gallery { title: title.into(), text: text.into(), cards })
    }

    pub fn maps(title: &str, text: &str, cards: Vec<Card>) -> Self {
        Self::Maps(Gallery { title: title.into(), text: text.into(), cards })
    }
}

impl Table {
    /// Whether a column holds numbers, which stand at its right end.
    fn is_number(&self, column: &usize) -> bool {
        let cell = self.rows.first().and_then(|row| row.get(*column));
        cell.is_some_and(|cell| !matches!(cell, Cell::Text(_)))
    }
}

impl Cell {
    /// The length of the bar, in hundredths.
    fn length(share: &f64) -> String {
        format!("{:.1}", 100.0 * share.clamp(0.0, 1.0))
    }
}

/// Pictures beside each other.
pub(super) struct Gallery {
    pub title: String,
    pub text: String,
    pub cards: Vec<Card>,
}

/// A picture and what is known of it.
#[derive(Debug, Clone)]
pub(super) struct Card {
    /// A data URI, or why there is none.
    pub image: std::result::Result<Image, String>,
    pub name: String,
    /// The most important line.
    pub verdict: String,
    pub lines: Vec<String>,
}

/// A thumbnail.
#[derive(Debug, Clone)]
pub(super) struct Image {
    pub uri: String,
    pub width: usize,
    pub height: usize,
}

/// The confusion matrix.
pub(super) struct Matrix {
    pub text: String,
    pub classes: Vec<String>,
    /// One row a true class.
    pub rows: Vec<Vec<MatrixCell>>,
    pub behind: Vec<Behind>,
}

impl Matrix {
    /// How closely the cells must stand.
    fn density(&self) -> &'static str {
        match self.classes.len() {
            ..=8 => "wide",
            9..=20 => "close",
            21..=34 => "tight",
            _ => "dense",
        }
    }
}

pub(super) struct MatrixCell {
    pub count: usize,
    /// The colour: `right` or `wrong` and a step from 0 to 9.
    pub heat: String,
    /// What a reader hears.
    pub label: String,
    /// The name of the pictures behind it, where some are shown.
    pub behind: Option<String>,
}

/// The pictures behind a cell.
pub(super) struct Behind {
    pub id: String,
    pub gallery: Gallery,
}

impl Page {
    /// The page in HTML.
    ///
    /// # Errors
    /// [`Error::Data`] where the template fails, which it does for no data.
    pub fn to_html(&self) -> Result<String> {
        self.render().map_err(|e| {
            let advice = "leave --report away, and report this";
            Error::data("report", Problem::new("a page", e.to_string(), advice))
        })
    }

    fn style(&self) -> &'static str {
        STYLE
    }

    /// What a browser compares the style with before it obeys it.
    fn style_hash(&self) -> String {
        STANDARD.encode(Sha256::digest(STYLE))
    }
}

/// Bytes of a JPEG as a data URI.
pub(super) fn jpeg_uri(bytes: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes))
}

/// A share in percent, not to be torn apart at the end of a line.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}\u{a0}%", 100.0 * share)
}

/// A count with its noun.
pub(super) fn pictures(n: usize) -> String {
    if n == 1 { "1 picture".to_owned() } else { format!("{n} pictures") }
}
