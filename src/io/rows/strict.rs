//! CSV as RFC 4180 has it. The parser behind it makes something of every text: a quote that was lost or gained would
//! swallow rows and nobody would hear of it.

use std::io::{Error, ErrorKind, Read};

/// Where in a row the text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a field, which a quote may open.
    Start,
    /// In a field without quotes.
    Bare,
    /// In a field in quotes.
    Quoted,
    /// Behind a quote within quotes: the field ends, or a second quote stands for one.
    Quote,
}

/// Hands on a text and fails where it is no CSV.
#[derive(Debug)]
pub(super) struct Strict<R> {
    reader: R,
    place: Place,
    /// What is left of the mark that some programs begin UTF-8 with; empty once something else was met.
    mark: &'static [u8],
    line: u64,
    /// Whether the last line is one without its end.
    is_cut: bool,
}

impl<R: Read> Strict<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, place: Place::Start, mark: "\u{feff}".as_bytes(), line: 1, is_cut: false }
    }

    /// Whether the last line, of those read so far, lacks its end.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn step(&mut self, byte: u8) -> Result<(), &'static str> {
        use Place::{Bare, Quote, Quoted, Start};
        match self.mark.split_first() {
            Some((first, rest)) if *first == byte => {
                self.mark = rest;
                return Ok(());
            }
            _ => self.mark = &[],
        }
        self.place = match (self.place, byte) {
            (Start, b'"') | (Quote, b'"') => Quoted,
            (Quoted, b'"') => Quote,
            (Quoted, _) => Quoted,
            (Start | Bare | Quote, b',' | b'\n' | b'\r') => Start,
            (Bare, b'"') => return Err("a quote within a field that does not begin with one"),
            (Start | Bare, _) => Bare,
            (Quote, _) => return Err("text behind the quote that ends a field"),
        };
        self.line += u64::from(byte == b'\n');
        self.is_cut = !matches!(byte, b'\n' | b'\r');
        Ok(())
    }
}

impl<R: Read> Read for Strict<R> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let n = self.reader.read(room)?;
        let invalid = |line: u64, what: &str| {
            Error::new(ErrorKind::InvalidData, format!("line {line}: {what}"))
        };
        for &byte in &room[..n] {
            self.step(byte).map_err(|what| invalid(self.line, what))?;
        }
        if n == 0 && !room.is_empty() && self.place == Place::Quoted {
            return Err(invalid(self.line, "a field whose quote does not end"));
        }
        Ok(n)
    }
}
