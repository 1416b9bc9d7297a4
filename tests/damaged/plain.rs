//! What a table plainly says, by readers that share no code with the library.

use std::collections::BTreeMap;

use serde_json::Value;

/// A row: texts by the names of the columns, empty ones left out.
pub type Row = BTreeMap<String, String>;

/// Rows of CSV, taken apart letter by letter; `None` for what RFC 4180 does not allow.
pub fn csv(bytes: &[u8]) -> Option<Vec<Row>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut records: Vec<Vec<String>> = Vec::new();
    let (mut record, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let mut field = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
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
                        rest = after;
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
    records
        .map(|record| {
            let row = names.iter().cloned().zip(record.iter().cloned());
            (record.len() == names.len())
                .then(|| row.filter(|(_, cell)| !cell.is_empty()).collect())
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
            let row: Option<Row> =
                fields.into_iter().map(|(name, value)| Some((name, cell(value)?))).collect();
            Some(row?.into_iter().filter(|(_, cell)| !cell.is_empty()).collect())
        })
        .collect()
}
