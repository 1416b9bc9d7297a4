//! Text as other programs save it: UTF-8 with or without a mark before it, or UTF-16 in either order of its bytes.

use std::io::{BufRead as _, Cursor, Error, ErrorKind, Read};

/// Bytes asked of the reader at a time, until it is known that they can be handed on as they come.
const CHUNK: usize = 1 << 13;

/// How the bytes spell letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// UTF-8, or bytes that are none: whoever reads them decides what that means.
    Original,
    /// UTF-16, the low byte of each unit first.
    Utf16Low,
    /// UTF-16, the high byte first.
    Utf16High,
}

/// Hands on a text in UTF-8, without a mark. Bytes that are neither UTF-8 nor UTF-16 pass as they are.
#[derive(Debug)]
pub(in crate::io) struct Text<R> {
    reader: R,
    /// Unknown until the first bytes were seen.
    form: Option<Form>,
    /// Read and not decoded yet: the start, half a unit, or half a pair of units.
    waiting: Vec<u8>,
    /// What may be handed on.
    ready: Cursor<Vec<u8>>,
    line: u64,
}

impl<R: Read> Text<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, form: None, waiting: Vec::new(), ready: Cursor::default(), line: 1 }
    }

    /// Reads more and decodes what can be; says whether there was more.
    fn advance(&mut self) -> std::io::Result<bool> {
        let mut chunk = [0; CHUNK];
        let n = self.reader.read(&mut chunk)?;
        self.waiting.extend_from_slice(&chunk[..n]);
        self.ready = Cursor::default();
        if self.form.is_none()
            && let Some((form, mark)) = form_of(&self.waiting, n == 0)
        {
            self.form = Some(form);
            self.waiting.drain(..mark);
        }
        match self.form {
            None => {}
            Some(Form::Original) => self.ready.get_mut().append(&mut self.waiting),
            Some(form) => self.decode(form, n == 0)?,
        }
        Ok(n != 0)
    }

    /// Decodes the whole letters among the waiting bytes, which are UTF-16.
    fn decode(&mut self, form: Form, is_end: bool) -> std::io::Result<()> {
        let (pairs, half) = self.waiting.as_chunks::<2>();
        let unit = |&pair: &[u8; 2]| match form {
            Form::Utf16High => u16::from_be_bytes(pair),
            _ => u16::from_le_bytes(pair),
        };
        let mut units: Vec<u16> = pairs.iter().map(unit).collect();
        // The first half of a pair waits for the second.
        let is_half_pair = units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit));
        let n_kept = half.len() + 2 * usize::from(is_half_pair);
        let refused = |line: u64| {
            let what = format!("line {line}: UTF-16 in which half a letter is missing");
            Error::new(ErrorKind::InvalidData, what)
        };
        units.truncate(units.len() - usize::from(is_half_pair));
        let mut letter_bytes = [0; 4];
        for letter in char::decode_utf16(units) {
            let letter = letter.map_err(|_| refused(self.line))?;
            self.line += u64::from(letter == '\n');
            let letter = letter.encode_utf8(&mut letter_bytes);
            self.ready.get_mut().extend_from_slice(letter.as_bytes());
        }
        if is_end && n_kept != 0 {
            return Err(refused(self.line));
        }
        self.waiting.drain(..self.waiting.len() - n_kept);
        Ok(())
    }
}

/// How bytes spell letters and how long the mark is, once their start or their end shows it. Without a mark, a zero
/// beside the first letter tells UTF-16: no other text has one.
fn form_of(start: &[u8], is_end: bool) -> Option<(Form, usize)> {
    match start {
        [0xff, 0xfe, ..] => Some((Form::Utf16Low, 2)),
        [0xfe, 0xff, ..] => Some((Form::Utf16High, 2)),
        [0xef, 0xbb, 0xbf, ..] => Some((Form::Original, 3)),
        [] | [0xef] | [0xef, 0xbb] | [0xff] | [0xfe] if !is_end => None,
        // Whoever types a list waits for the answer to each line.
        [b'\n'] => Some((Form::Original, 0)),
        [_] if !is_end => None,
        [1..=u8::MAX, 0, ..] => Some((Form::Utf16Low, 0)),
        [0, 1..=u8::MAX, ..] => Some((Form::Utf16High, 0)),
        _ => Some((Form::Original, 0)),
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if !self.ready.fill_buf()?.is_empty() {
                return self.ready.read(room);
            }
            if self.form == Some(Form::Original) || room.is_empty() {
                return self.reader.read(room);
            }
            if !self.advance()? && self.ready.get_ref().is_empty() {
                return Ok(0);
            }
        }
    }
}
