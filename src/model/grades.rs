//! Grades of classes: tables with the columns `class` and `grade`.

use std::path::Path;

use crate::error::{Error, Problem, Result};
use crate::io::{Line, Twins, key_of, number_in, read_rows, shown};
use crate::learn::evaluation::Grades;

/// The columns of such a table.
const COLUMNS: [&str; 2] = ["class", "grade"];

/// Reads the grade of every class. The lines may stand in any order, and further columns are ignored. The table is CSV, or
/// what its ending says; a grade may have a comma before its decimals.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read; [`Error::Model`] where it is no such table, has a grade that
/// is no number, names a class that there is not or twice, or leaves one out.
pub fn read_grades(path: &Path, classes: &[String]) -> Result<Grades> {
    let refuse = |problem| Error::model(path, problem);
    let mut grades = vec![None; classes.len()];
    read_rows(path, &COLUMNS, &mut |line| add(&line, classes, &mut grades).map_err(refuse))?;
    if let Some(at) = grades.iter().position(Option::is_none) {
        let found = format!("none for `{}`", classes[at]);
        let advice = "add a line for this class";
        return Err(refuse(Problem::new("a grade for every class", found, advice)));
    }
    let grades = grades.into_iter().flatten().collect();
    Grades::new(grades)
        .map_err(|e| refuse(Problem::new("grades", e.reason(), "write them as numbers")))
}

fn add(
    line: &Line<'_>,
    classes: &[String],
    grades: &mut [Option<f64>],
) -> std::result::Result<(), Problem> {
    let number = line.number;
    if !COLUMNS.iter().all(|column| line.names.iter().any(|name| name == column)) {
        let found = format!("the columns {}", line.names.join(", "));
        let advice = "name the two columns in the first line";
        return Err(Problem::new("a table with the columns `class` and `grade`", found, advice));
    }
    let [class, grade] = COLUMNS.map(|column| line.text(column).unwrap_or_default());
    let same = classes.iter().position(|known| *known == class);
    let alike = || classes.iter().position(|known| key_of(known) == key_of(&class));
    let Some(at) = same.or_else(alike) else {
        let expected = format!("one of the classes {}", classes.join(", "));
        let found = format!("{} in line {number}", shown(&class));
        let advice = match Twins::among(classes, &class) {
            Some(twins) => format!("write it as the class is written: {twins}"),
            None => "remove the line or correct the name".to_owned(),
        };
        return Err(Problem::new(expected, found, advice));
    };
    let value = number_in(&grade).and_then(|value| Grades::parse(&value.to_string()));
    let Some(value) = value else {
        let expected = format!("a number from -1e100 to 1e100 as the grade of `{class}`");
        let found = format!("`{grade}` in line {number}");
        return Err(Problem::new(expected, found, "write the grade as a number, such as 2.5"));
    };
    if grades[at].replace(value).is_some() {
        let found = format!("`{class}` a second time in line {number}");
        return Err(Problem::new("every class once", found, "remove one of the lines"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
