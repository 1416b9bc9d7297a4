//! CSV as spreadsheets and people write it: separated by commas, semicolons or tabs, with or without a first line `sep=;`.

use std::io::{BufRead, BufReader, Cursor, Read};

use super::names::{canonical, is_name};
use super::strict::Strict;
use super::text::Text;
use crate::error::Problem;
use crate::io::table::Cell;

/// The separators that are looked for, the usual one first.
const SEPARATORS: [u8; 3] = *b",;\t";

/// The most bytes that a header line may have: a stray quote must not fetch a whole file.
const MAX_HEADER: u64 = 1 << 24;

/// A text from its header on: the header was read to find the separator.
type FromHeader<R> = std::io::Chain<Cursor<Vec<u8>>, BufReader<Text<R>>>;

/// A table of separated values, behind its header.
pub(super) struct Delimited<R: Read> {
    reader: csv::Reader<Strict<FromHeader<R>>>,
    /// Those that are known in the spelling that is known, the others as they are, all without blanks around them.
    pub names: Vec<String>,
    /// Lines before the header.
    n_before: u64,
}

impl<R: Read> Delimited<R> {
    /// Reads the header. The separator is the one that `sep=` names; else the one of comma, semicolon and tab that gives
    /// a column of one of the `wanted` names, of several the one that gives most columns, `usual` before the others.
    ///
    /// # Errors
    /// A [`Problem`] for what is no text in UTF-8 or UTF-16, a quote that is out of place, or two columns of one name.
    pub fn open(reader: R, wanted: &[&str], usual: u8) -> Result<Self, Problem> {
        let mut text = BufReader::new(Text::new(reader));
        let mut header = header_line(&mut text)?;
        let stated = stated_separator(&header)?;
        let n_before = u64::from(stated.is_some());
        if stated.is_some() {
            header = header_line(&mut text)?;
        }
        let separator = stated.unwrap_or_else(|| best_separator(&header, wanted, usual));
        let strict = Strict::new(Cursor::new(header).chain(text), separator, 1 + n_before);
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.delimiter(separator).flexible(true).from_reader(strict);
        let header = reader.headers().map_err(|e| unreadable(&e, n_before))?;
        let names = canonical(header.iter().map(|name| name.trim().to_owned()).collect())?;
        Ok(Self { reader, names, n_before })
    }

    /// The cells of the next row and its line; nothing at the end. Rows of nothing but separators, as spreadsheets write
    /// them below a table, are passed over, and so are cells without a text behind the last column.
    ///
    /// # Errors
    /// A [`Problem`] with the line for what cannot be read, and for a row of another number of cells than the header.
    pub fn next_row(&mut self) -> Result<Option<(Vec<Cell>, u64)>, Problem> {
        let n_before = self.n_before;
        for record in self.reader.records() {
            let record = record.map_err(|e| unreadable(&e, n_before))?;
            if record.iter().all(|text| text.trim().is_empty()) {
                continue;
            }
            let line = n_before + record.position().map_or(0, csv::Position::line);
            let (n, expected) = (record.len(), self.names.len());
            let is_surplus_empty = record.iter().skip(expected).all(|text| text.trim().is_empty());
            let is_lack_unnamed = self.names.iter().skip(n).all(String::is_empty);
            if !is_surplus_empty || !is_lack_unnamed {
                let expected =
                    format!("as many fields in every line as in the header ({expected})");
                let found = format!("{n} in line {line}");
                let advice = "put what holds a separator into quotes, or write the table again if the line was cut";
                return Err(Problem::new(expected, found, advice));
            }
            let cells = record.iter().take(expected).map(|text| Cell::Text(text.to_owned()));
            return Ok(Some((cells.collect(), line)));
        }
        Ok(None)
    }

    /// Whether the last line, of those read so far, lacks its end.
    pub fn is_cut(&self) -> bool {
        self.reader.get_ref().is_cut()
    }
}

fn unreadable(error: &csv::Error, n_before: u64) -> Problem {
    let expected = "a table in UTF-8 or UTF-16 with a header line";
    match error.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => {
            let line = n_before + pos.as_ref().map_or(1, csv::Position::line);
            let found = format!("letters in another encoding in line {line}");
            Problem::new(
                expected,
                found,
                "save it as \"CSV UTF-8\"; Windows calls its own encoding ANSI",
            )
        }
        csv::ErrorKind::Io(cause) => cannot_be_read(cause),
        _ => cannot_be_read(error),
    }
}

fn cannot_be_read(cause: impl std::fmt::Display) -> Problem {
    let expected = "a table in UTF-8 or UTF-16 with a header line";
    Problem::new(expected, format!("one that cannot be read ({cause})"), "save it again as CSV")
}

/// The next line with its end, and with those that a field in quotes goes on over.
fn header_line(text: &mut impl BufRead) -> Result<Vec<u8>, Problem> {
    let mut line = Vec::new();
    let mut limited = text.take(MAX_HEADER);
    let (mut n_quotes, mut is_blank) = (0, true);
    loop {
        let start = line.len();
        let n = limited.read_until(b'\n', &mut line).map_err(cannot_be_read)?;
        n_quotes += line[start..].iter().filter(|&&byte| byte == b'"').count();
        is_blank &= line[start..].trim_ascii().is_empty();
        if is_blank {
            // A line of blanks would be a row of one cell; one of nothing is passed over.
            line.retain(|byte| matches!(byte, b'\n' | b'\r'));
        }
        if n == 0 || n_quotes % 2 == 0 && !is_blank {
            return Ok(line);
        }
    }
}

/// The separator that a line `sep=;` states, as spreadsheets write and read it; nothing where the line is another.
fn stated_separator(line: &[u8]) -> Result<Option<u8>, Problem> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let Some((start, rest)) = line.split_first_chunk::<4>() else { return Ok(None) };
    if !start.eq_ignore_ascii_case(b"sep=") {
        return Ok(None);
    }
    match rest {
        [separator, ..] if SEPARATORS.contains(separator) || *separator == b'|' => {
            Ok(Some(*separator))
        }
        _ => {
            let found = format!("`sep={}`", String::from_utf8_lossy(rest));
            let expected = "a comma, a semicolon, a tab or a | behind `sep=` in the first line";
            Err(Problem::new(expected, found, "write the table with one of them"))
        }
    }
}

fn best_separator(header: &[u8], wanted: &[&str], usual: u8) -> u8 {
    let (mut best, mut best_rank) = (usual, rank(header, usual, wanted));
    for other in SEPARATORS {
        let rank = rank(header, other, wanted);
        // Of equals the first stays.
        if best_rank < rank {
            (best, best_rank) = (other, rank);
        }
    }
    best
}

/// Whether a separator gives a column of a wanted name, and how many columns it gives.
fn rank(header: &[u8], separator: u8, wanted: &[&str]) -> (bool, usize) {
    let mut builder = csv::ReaderBuilder::new();
    let builder = builder.delimiter(separator).has_headers(false);
    let mut names = csv::ByteRecord::new();
    // What is no header by this separator has no columns.
    let _ = builder.from_reader(Strict::new(header, separator, 1)).read_byte_record(&mut names);
    let is_wanted = |name: &[u8]| {
        let text = std::str::from_utf8(name).unwrap_or("").trim();
        wanted.iter().any(|known| is_name(text, known))
    };
    (names.iter().any(is_wanted), names.len())
}
