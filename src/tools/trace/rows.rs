//! Rows of a small table as inputs and labels.

use std::path::Path;

use super::given::{Array, Given};
use crate::error::{Error, Problem, Result};
use crate::io::{Line, read_rows, sort_names};

/// Adds the rows of a table to what is given: every column but the one of labels is an input. Labels stand under `label`
/// or `class`, else in the last column; classes are sorted by name, numbers in them as numbers. Gives the classes.
///
/// # Errors
/// [`Error::Model`] for a cell that is no number, and for a table without rows or with one column.
pub(crate) fn add_rows(given: &mut Given, path: &Path) -> Result<Vec<String>> {
    let (mut inputs, mut labels, mut n_columns) = (Vec::new(), Vec::new(), 0);
    read_rows(path, &["label"], &mut |line: Line<'_>| {
        let is_label = |name: &String| ["label", "class"].contains(&name.to_lowercase().as_str());
        let label = line.names.iter().find(|name| is_label(name)).or(line.names.last());
        let Some(label) = label else { return Ok(()) };
        let refuse = |name: &str, expected: &str, found: Option<String>| {
            let expected = format!("{expected} under `{name}` in line {}", line.number);
            let found = found.unwrap_or_else(|| "nothing".into());
            let advice = "give a number in every column but the last, which has the class";
            Err(Error::model(path, Problem::new(expected, found, advice)))
        };
        for name in line.names.iter().filter(|name| *name != label) {
            let text = line.text(name);
            match text
                .as_deref()
                .and_then(|text| text.parse::<f64>().ok())
                .filter(|x| x.is_finite())
            {
                Some(number) => inputs.push(number),
                None => return refuse(name, "a number", text),
            }
        }
        match line.text(label) {
            Some(class) => labels.push(class),
            None => return refuse(label, "a class", None),
        }
        n_columns = line.names.len() - 1;
        Ok(())
    })?;
    if labels.is_empty() || n_columns == 0 {
        let found = format!("{} rows of {n_columns} inputs", labels.len());
        let advice = "write a header, then one example a line";
        return Err(Error::model(
            path,
            Problem::new("rows with inputs and a class", found, advice),
        ));
    }
    let mut classes = labels.clone();
    sort_names(&mut classes);
    classes.dedup();
    let class =
        |label: &String| classes.iter().position(|class| class == label).unwrap_or_default();
    let numbers = labels.iter().map(|label| class(label) as f64).collect();
    given.fields.insert("labels".into(), Array { shape: vec![labels.len()], values: numbers });
    let shape = vec![labels.len(), n_columns];
    given.fields.insert("inputs".into(), Array { shape, values: inputs });
    Ok(classes)
}
