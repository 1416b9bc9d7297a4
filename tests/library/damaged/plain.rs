//! What a table plainly says, by readers that share no code with the library.

use std::collections::BTreeMap;

use serde_json::Value;

/// A row: texts by the names of the columns, empty and blank ones left out.
pub type Row = BTreeMap<String, String>;

/// Names of columns that may be written in upper or lower case, with blanks or hyphens in them.
const KNOWN: [&str; 20] = [
    "path",
    "label",
    "group",
    "mask",
    "split",
    "skip",
    "status",
    "error",
    "flags",
    "width",
    "height",
    "region",
    "pixels",
    "look",
    "content",
    "page",
    "true_label",
    "predicted_label",
    "why",
    "texture_score",
];

/// The names that are meant by those of a table.
fn meant(names: &[String]) -> Vec<String> {
    let plain = |name: &str| name.trim().to_lowercase().replace([' ', '-'], "_");
    let meant = |name: &String| match KNOWN.iter().find(|known| plain(name) == **known) {
        Some(known) if !names.iter().any(|other| other == known) => (*known).to_owned(),
        _ => name.clone(),
    };
    names.iter().map(meant).collect()
}

/// Rows of CSV with commas, taken apart letter by letter; `None` for what RFC 4180 does not allow, but that blanks may
/// stand around quotes.
pub fn csv(bytes: &[u8]) -> Option<Vec<Row>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records: Vec<Vec<String>> = Vec::new();
    let (mut record, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let mut field = String::new();
        if let Some(quoted) = rest.trim_start_matches(' ').strip_prefix('"') {
            rest = quoted;
            loop {
                let (inside, after) = rest.split_once('"')?;
                field += inside;
                match after.strip_prefix('"') {
                    Some(after) => {
                        field.push('"');
                        rest = after;
                    }
                    None => {
                        rest = after.trim_start_matches(' ');
                        break;
                    }
                }
            }
        } else {
            let end = rest.find([',', '\n', '\r', '"']).unwrap_or(rest.len());
            field += &rest[..end];
            rest = &rest[end..];
        }
        record.push(field);
        let mut letters = rest.chars();
        match letters.next() {
            Some(',') if letters.as_str().is_empty() => {
                record.push(String::new());
                rest = "";
                records.push(std::mem::take(&mut record));
            }
            Some(',') => rest = letters.as_str(),
            Some('\n' | '\r') => {
                rest = letters.as_str();
                let is_blank = record.len() == 1 && record[0].is_empty();
                let record = std::mem::take(&mut record);
                if !is_blank {
                    records.push(record);
                }
            }
            Some(_) => return None,
            None => records.push(std::mem::take(&mut record)),
        }
    }
    let mut records = records.into_iter();
    let names: Vec<String> = records.next()?.iter().map(|name| name.trim().to_owned()).collect();
    let names = meant(&names);
    let is_blank = |cell: &String| cell.trim().is_empty();
    records
        .filter(|record| !record.iter().all(is_blank))
        .map(|record| {
            let n = names.len();
            let row = names.iter().cloned().zip(record.iter().cloned());
            let fits = record.iter().skip(n).all(is_blank)
                && names.iter().skip(record.len()).all(String::is_empty);
            fits.then(|| row.filter(|(_, cell)| !is_blank(cell)).collect())
        })
        .collect()
}

/// Rows of JSON lines.
pub fn json_lines(bytes: &[u8]) -> Option<Vec<Row>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let Value::Object(fields) = serde_json::from_str(line).ok()? else { return None };
            let cell = |value: Value| match value {
                Value::Null => Some(String::new()),
                Value::Bool(yes) => Some(yes.to_string()),
                Value::Number(number) => Some(number.as_f64()?.to_string()),
                Value::String(text) => Some(text),
                Value::Array(_) | Value::Object(_) => None,
            };
            let names: Vec<String> = fields.keys().cloned().collect();
            let fields = meant(&names).into_iter().zip(fields.into_iter().map(|(_, value)| value));
            let row: Option<Row> = fields.map(|(name, value)| Some((name, cell(value)?))).collect();
            Some(row?.into_iter().filter(|(_, cell)| !cell.trim().is_empty()).collect())
        })
        .collect()
}
