//! What a Parquet file says of itself, checked before it is believed: a reader makes room for whatever the footer and
//! the heads of pages promise.

use std::io::{Read, Seek, SeekFrom};

use super::thrift::{self, Value};
use crate::error::Problem;
use crate::io::seal;

/// Groups within groups of a schema. Tables are flat, and what is deeper is not read.
const DEEPEST: usize = 16;

/// Bytes that a page may have when it is unpacked, whatever the file's size; writers make pages of one MiB.
const USUAL_PAGE: i64 = 16 << 20;

/// Cells that a table may have, whatever the file's size.
const USUAL_CELLS: i64 = 1 << 20;

/// How much more than the file a page may have bytes, or a table cells: more than any table of numbers shrinks.
const MAX_PACKED: i64 = 64;

/// The most bytes that the head of a page may take.
const LONGEST_HEAD: u64 = 1 << 20;

/// Checks a file's seal, where it has one, and everything that is said of sizes: of the schema, of groups of rows, of
/// columns and of pages.
///
/// # Errors
/// A [`Problem`] for the first thing that cannot be.
pub(super) fn check(file: &mut (impl Read + Seek)) -> Result<(), Problem> {
    let length = file.seek(SeekFrom::End(0)).map_err(|e| unsound(&e.to_string()))?;
    let start = seal::footer_start(file, length)?;
    let is_sealed = seal::check(file, length, start)?;
    let footer = read(file, start, length - seal::TAIL - start)?;
    let Some((footer, _)) = thrift::message(&footer) else {
        return Err(unsound("a footer that cannot be read"));
    };
    let is_without = !is_sealed && says_sealed(&footer);
    require(!is_without, "one without the seal that its footer speaks of")?;
    let n_flat = check_schema(footer.list(2))?;
    let mut n_rows = 0i64;
    for group in footer.list(4) {
        let n = group.integer(3).filter(|n| 0 <= *n).ok_or_else(|| unsound("no count of rows"))?;
        n_rows = n_rows.checked_add(n).ok_or_else(|| unsound("more rows than can be"))?;
        for column in group.list(1) {
            check_column(file, column, n, start, length)?;
        }
    }
    let is_total = footer.integer(3) == Some(n_rows);
    require(is_total, "groups of rows that are not as many as its footer says")?;
    let most = USUAL_CELLS.saturating_add(as_count(length).saturating_mul(MAX_PACKED));
    if most < n_rows.saturating_mul(n_flat) {
        return Err(unsound(&format!("{n_rows} rows in {length} bytes")));
    }
    Ok(())
}

fn unsound(found: &str) -> Problem {
    Problem::new("a Parquet file that is what it says", found, "copy it again or write it again")
}

fn require(is_sound: bool, otherwise: &str) -> Result<(), Problem> {
    if is_sound { Ok(()) } else { Err(unsound(otherwise)) }
}

fn as_count(length: u64) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn read(file: &mut (impl Read + Seek), start: u64, length: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let unread = |e: std::io::Error| unsound(&e.to_string());
    file.seek(SeekFrom::Start(start)).map_err(unread)?;
    file.take(length).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}

/// Whether the metadata have textura's key; its text is not looked at, since nobody else writes it.
fn says_sealed(footer: &Value) -> bool {
    footer
        .list(5)
        .iter()
        .any(|pair| pair.field(1) == Some(&Value::Text(seal::KEY.as_bytes().to_vec())))
}

/// Checks that the elements make one tree, not too deep, and counts the columns right below its root.
fn check_schema(elements: &[Value]) -> Result<i64, Problem> {
    // For each group that is open, how many of its children are still to come.
    let mut open: Vec<usize> = Vec::new();
    let mut n_flat = 0;
    for (at, element) in elements.iter().enumerate() {
        let n_children = usize::try_from(element.integer(5).unwrap_or(0));
        let n_children = n_children.ok().filter(|n| *n < elements.len() - at);
        let n_children =
            n_children.ok_or_else(|| unsound("a group of more columns than there are"))?;
        match open.last_mut() {
            Some(left) => *left -= 1,
            None if at == 0 => {}
            None => return Err(unsound("a schema with two roots")),
        }
        n_flat += i64::from(open.len() == 1 && n_children == 0);
        if n_children != 0 {
            open.push(n_children);
        }
        if DEEPEST < open.len() {
            return Err(unsound(&format!("columns nested more than {DEEPEST} deep")));
        }
        while open.last() == Some(&0) {
            open.pop();
        }
    }
    require(open.is_empty(), "a schema without its end")?;
    Ok(n_flat)
}

/// Checks the pages of a column of a group with so many rows.
fn check_column(
    file: &mut (impl Read + Seek),
    column: &Value,
    n_rows: i64,
    footer_start: u64,
    length: u64,
) -> Result<(), Problem> {
    let meta = column.field(3).ok_or_else(|| unsound("a column without its description"))?;
    let count = |number: i16| {
        let found = meta.integer(number).filter(|n| 0 <= *n);
        found.ok_or_else(|| unsound("a column without its size"))
    };
    let (n_values, unpacked, packed, data) = (count(5)?, count(6)?, count(7)?, count(9)?);
    // The path in the schema: a column right below the root has one value a row.
    let is_short = meta.list(3).len() == 1 && n_values < n_rows;
    require(!is_short, "a column of less values than rows")?;
    let first = meta.integer(11).filter(|&dictionary| 0 < dictionary && dictionary < data);
    let mut at = first.unwrap_or(data) as u64;
    let end = at.checked_add(packed as u64).filter(|end| 4 <= at && *end <= footer_start);
    let end = end.ok_or_else(|| unsound("a column that lies beyond the file"))?;
    let most = USUAL_PAGE.max(as_count(length).saturating_mul(MAX_PACKED));
    let (mut n_left, mut unpacked_left) = (n_values, unpacked);
    while at < end {
        let head = read(file, at, 512.min(end - at))?;
        let (head, n_head) = match thrift::message(&head) {
            Some(found) => found,
            None => thrift::message(&read(file, at, LONGEST_HEAD.min(end - at))?)
                .ok_or_else(|| unsound("a page whose head cannot be read"))?,
        };
        let sizes = head.integer(2).zip(head.integer(3));
        let sizes = sizes.filter(|(unpacked, packed)| 0 <= *unpacked && 0 <= *packed);
        let (unpacked, packed) = sizes.ok_or_else(|| unsound("a page without its size"))?;
        if most < unpacked {
            return Err(unsound(&format!("a page of {unpacked} bytes in a file of {length}")));
        }
        unpacked_left -= unpacked + n_head as i64;
        let values = [5, 7, 8].map(|kind| head.field(kind).and_then(|kind| kind.integer(1)));
        let [data, dictionary, data_v2] = values;
        // An entry of a dictionary takes a byte at least, and mostly four.
        let fits = dictionary.is_none_or(|n| (0..=unpacked).contains(&n));
        require(fits, "a dictionary of more entries than it has bytes")?;
        n_left -= data.or(data_v2).unwrap_or(0);
        at += n_head as u64 + packed as u64;
    }
    let is_all = at == end && n_left == 0 && unpacked_left == 0;
    require(is_all, "a column whose pages do not add up to what is said of it")
}
