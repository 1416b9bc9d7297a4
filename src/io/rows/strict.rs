//! CSV as RFC 4180 has it, with any separator. The parser behind it makes something of every text: a quote that was lost or
//! gained would swallow rows and nobody would hear of it.

use std::io::{BufRead as _, Cursor, Error, ErrorKind, Read};

/// Where in a row the text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before a field, which a quote may open, perhaps behind blanks.
    Start,
    /// In a field without quotes.
    Bare,
    /// In a field in quotes.
    Quoted,
    /// Behind a quote within quotes: the field ends, or a second quote stands for one.
    Quote,
    /// Behind a blank that follows the field in quotes.
    Behind,
}

/// Bytes asked of the reader at a time.
const CHUNK: usize = 1 << 14;

/// Hands on a text and fails where it is no CSV. Rows end in LF, whichever way they ended, so that the parser counts lines
/// as people do. Blanks between a separator and a quote are left out, since the parser
/// would take the quote for a letter; so are those behind a quote that ends a field.
#[derive(Debug)]
pub(super) struct Strict<R> {
    reader: R,
    separator: u8,
    place: Place,
    line: u64,
    /// Blanks before a field, kept until it is known whether a quote follows.
    n_blanks: usize,
    /// What may be handed on.
    ready: Cursor<Vec<u8>>,
    /// Whether a row has just ended in CR, which an LF may belong to.
    is_behind_cr: bool,
    /// Whether the last line is one without its end.
    is_cut: bool,
}

impl<R: Read> Strict<R> {
    /// `line` is the number of the text's first line.
    pub fn new(reader: R, separator: u8, line: u64) -> Self {
        Self {
            reader,
            separator,
            place: Place::Start,
            line,
            n_blanks: 0,
            ready: Cursor::default(),
            is_behind_cr: false,
            is_cut: false,
        }
    }

    /// Whether the last line, of those read so far, lacks its end.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn step(&mut self, byte: u8) -> Result<(), &'static str> {
        use Place::{Bare, Behind, Quote, Quoted, Start};
        if std::mem::take(&mut self.is_behind_cr) && byte == b'\n' {
            return Ok(());
        }
        self.is_cut = !matches!(byte, b'\n' | b'\r');
        let is_end = byte == self.separator || !self.is_cut;
        if self.place == Start && byte == b' ' && !is_end {
            self.n_blanks += 1;
            return Ok(());
        }
        let was = self.place;
        self.place = match (was, byte) {
            (Start, b'"') | (Quote, b'"') => Quoted,
            (Quoted, b'"') => Quote,
            (Quoted, _) => Quoted,
            (Start | Bare | Quote | Behind, _) if is_end => Start,
            (Quote | Behind, b' ') => Behind,
            (Bare, b'"') => return Err("a quote within a field that does not begin with one"),
            (Start | Bare, _) => Bare,
            (Quote | Behind, _) => return Err("text behind the quote that ends a field"),
        };
        if self.place != Quoted || was == Quoted {
            self.give_blanks();
        }
        self.n_blanks = 0;
        if byte == b'\r' && self.place == Start {
            self.is_behind_cr = true;
            self.line += 1;
            self.ready.get_mut().push(b'\n');
        } else if self.place != Behind {
            self.line += u64::from(byte == b'\n');
            self.ready.get_mut().push(byte);
        }
        Ok(())
    }

    fn give_blanks(&mut self) {
        let ready = self.ready.get_mut();
        ready.resize(ready.len() + self.n_blanks, b' ');
    }
}

impl<R: Read> Read for Strict<R> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let invalid = |line: u64, what: &str| {
            Error::new(ErrorKind::InvalidData, format!("line {line}: {what}"))
        };
        while self.ready.fill_buf()?.is_empty() && !room.is_empty() {
            self.ready = Cursor::default();
            let mut chunk = [0; CHUNK];
            let n = self.reader.read(&mut chunk)?;
            for &byte in &chunk[..n] {
                self.step(byte).map_err(|what| invalid(self.line, what))?;
            }
            if n == 0 {
                if self.place == Place::Quoted {
                    return Err(invalid(self.line, "a field whose quote does not end"));
                }
                self.give_blanks();
                self.n_blanks = 0;
                if self.ready.get_ref().is_empty() {
                    return Ok(0);
                }
            }
        }
        self.ready.read(room)
    }
}
