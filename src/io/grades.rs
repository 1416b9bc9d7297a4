//! Grades of classes: CSV files with the columns `class` and `grade`.

use std::path::Path;

use super::class_names::{Twins, key_of, shown};
use crate::error::{Error, Problem, Result};
use crate::evaluation::Grades;

/// Reads the grade of every class. The lines may stand in any order, and further columns are ignored.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read; [`Error::Model`] where it is no such table, has a grade that
/// is no number, names a class that there is not or twice, or leaves one out.
pub fn read_grades(path: &Path, classes: &[String]) -> Result<Grades> {
    let text = std::fs::read(path).map_err(|e| Error::io("read", path, e))?;
    grades(&text, classes).map_err(|problem| Error::model(path, problem))
}

fn grades(text: &[u8], classes: &[String]) -> std::result::Result<Grades, Problem> {
    let unreadable = |e: csv::Error| {
        let expected = "a CSV file in UTF-8 with a header line";
        Problem::new(expected, format!("one that cannot be read ({e})"), "save it again as CSV")
    };
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| header.iter().position(|field| field.trim() == name);
    let (Some(class_column), Some(grade_column)) = (column("class"), column("grade")) else {
        let found = format!("the columns {}", header.iter().collect::<Vec<_>>().join(", "));
        let advice = "name the two columns in the first line";
        return Err(Problem::new("a CSV file with the columns `class` and `grade`", found, advice));
    };
    let mut grades = vec![None; classes.len()];
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |column: usize| record.get(column).unwrap_or_default();
        let (class, grade) = (field(class_column), field(grade_column));
        let same = classes.iter().position(|known| known == class);
        let alike = || classes.iter().position(|known| key_of(known) == key_of(class));
        let Some(at) = same.or_else(alike) else {
            let expected = format!("one of the classes {}", classes.join(", "));
            let found = format!("{} in line {line}", shown(class));
            let advice = match Twins::among(classes, class) {
                Some(twins) => format!("write it as the class is written: {twins}"),
                None => "remove the line or correct the name".to_owned(),
            };
            return Err(Problem::new(expected, found, advice));
        };
        let Some(value) = Grades::parse(grade) else {
            let expected = format!("a number from -1e100 to 1e100 as the grade of `{class}`");
            let found = format!("`{grade}` in line {line}");
            return Err(Problem::new(expected, found, "write the grade as a number, such as 2.5"));
        };
        if grades[at].replace(value).is_some() {
            let found = format!("`{class}` a second time in line {line}");
            return Err(Problem::new("every class once", found, "remove one of the lines"));
        }
    }
    if let Some(at) = grades.iter().position(Option::is_none) {
        let found = format!("none for `{}`", classes[at]);
        let advice = "add a line for this class";
        return Err(Problem::new("a grade for every class", found, advice));
    }
    let grades = grades.into_iter().flatten().collect();
    Grades::new(grades).map_err(|e| Problem::new("grades", e.reason(), "write them as numbers"))
}

#[cfg(test)]
mod tests;
