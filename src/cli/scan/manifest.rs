//! The table of `scan --output`, which other commands read as a manifest.

use crate::io::{Cell, Column, path_to_text};
use crate::tools::scan::{Scan, Scanned, Seen};
use anyhow::Result;

use super::Output;

pub fn columns() -> Vec<Column> {
    let mut columns: Vec<Column> =
        ["path", "label", "group", "mask", "split", "skip", "why"].map(Column::text).into();
    columns.extend(["width", "height"].map(Column::count));
    columns.push(Column::text("format"));
    columns.push(Column::count("bits"));
    columns.push(Column::text("color"));
    columns.extend(["orientation", "levels"].map(Column::count));
    columns.push(Column::text("flags"));
    columns
}

pub fn write(scan: &Scan, mut output: Output) -> Result<()> {
    for picture in &scan.pictures {
        output.write(&row(picture))?;
    }
    output.finish()
}

fn row(picture: &Scanned) -> Vec<Cell> {
    let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
    let mut cells = vec![
        Cell::Text(path_to_text(&picture.path)),
        text(picture.label.clone()),
        text(picture.group.clone()),
        text(picture.mask.as_deref().map(path_to_text)),
        text(picture.part.map(|part| part.name().to_owned())),
        text(picture.skip.is_some().then(|| "yes".to_owned())),
        text(picture.skip.clone()),
    ];
    match &picture.seen {
        Ok(seen) => cells.extend(seen_cells(seen)),
        Err(_) => cells.resize(columns().len(), Cell::Empty),
    }
    cells
}

fn seen_cells(seen: &Seen) -> [Cell; 8] {
    let encoding = seen.encoding;
    [
        Cell::Count(seen.width),
        Cell::Count(seen.height),
        Cell::Text(encoding.format.name().to_owned()),
        Cell::Count(usize::from(encoding.bits)),
        Cell::Text(if encoding.has_color { "colour" } else { "grey" }.to_owned()),
        Cell::Count(usize::from(encoding.orientation.to_exif())),
        Cell::Count(seen.levels),
        Cell::Text(seen.flags.to_string()),
    ]
}
