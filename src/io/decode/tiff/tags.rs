//! The tags of the first page of a TIFF, and where each stands in the file.
//!
//! The decoder refuses whole files for the sake of one tag and says it in its own words; what is read here names the
//! form of a picture, and tells which tags to hide from the decoder.

use super::form::tag;

/// One entry of a directory.
#[derive(Debug, Clone, Copy)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the entry begins.
    at: usize,
}

/// How a picture is cut into strips or tiles.
pub(in crate::io) struct Chunks {
    pub are_tiles: bool,
    /// Columns of one.
    pub columns: u64,
    /// Its rows, of strips at most those of the picture.
    pub rows: u64,
    /// The tag that says where they begin.
    pub offsets: u16,
    /// The tag that says how many bytes they have.
    pub sizes: u16,
}

/// The directory of the first page.
pub(in crate::io) struct Tags<'a> {
    bytes: &'a [u8],
    is_little: bool,
    is_big: bool,
    entries: Vec<Entry>,
    /// Where the directory of the next page begins; 0 after the last.
    next: u64,
    /// Where this one begins.
    first: u64,
}

/// More entries than any picture has; a damaged count is not followed further.
const MAX_ENTRIES: u64 = 4096;

impl<'a> Tags<'a> {
    /// The directory that begins at a place, or at the one that the head of the file names; nothing where it does not lie
    /// in the file.
    pub fn at(bytes: &'a [u8], place: Option<u64>) -> Option<Self> {
        let is_little = bytes.starts_with(b"II");
        let is_big = super::is_big_tiff(bytes);
        let mut tags = Self { bytes, is_little, is_big, entries: Vec::new(), next: 0, first: 0 };
        let named = if is_big { tags.number(8, 8)? } else { tags.number(4, 4)? };
        tags.first = place.unwrap_or(named);
        let first = usize::try_from(tags.first).ok()?;
        let (wide, size) = if is_big { (8, 20) } else { (2, 12) };
        let n = tags.number(first, wide)?.min(MAX_ENTRIES) as usize;
        for nth in 0..n {
            let at = first.checked_add(wide)?.checked_add(nth * size)?;
            let (tag, kind) = (tags.number(at, 2)? as u16, tags.number(at + 2, 2)? as u16);
            let count = tags.number(at + 4, if is_big { 8 } else { 4 })?;
            tags.entries.push(Entry { tag, kind, count, at });
        }
        let end = first.checked_add(wide)?.checked_add(n * size)?;
        tags.next = tags.number(end, if is_big { 8 } else { 4 }).unwrap_or(0);
        Some(tags)
    }

    /// What the head of the file has to say so that this directory is the first.
    pub fn head(&self) -> (usize, Vec<u8>) {
        let wide = if self.is_big { 8 } else { 4 };
        (wide, self.ordered(self.first, wide))
    }

    /// Whether another directory follows.
    pub fn has_next(&self) -> bool {
        self.next != 0
    }

    /// The number of some bytes at a place.
    fn number(&self, at: usize, n_bytes: usize) -> Option<u64> {
        let field = self.bytes.get(at..at.checked_add(n_bytes)?)?;
        let add = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
        Some(match self.is_little {
            true => field.iter().rev().fold(0, add),
            false => field.iter().fold(0, add),
        })
    }

    fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// All whole numbers of a tag, none where it is missing, of another kind, or not in the file.
    pub fn all(&self, tag: u16) -> Vec<u64> {
        let values = || {
            let entry = self.entry(tag)?;
            let (start, size) = self.values_of(entry)?;
            let numbers =
                (0..entry.count as usize).map(|nth| self.number(start + nth * size, size));
            numbers.collect::<Option<Vec<u64>>>()
        };
        values().unwrap_or_default()
    }

    /// Where the whole numbers of an entry stand, and the bytes of one; nothing where they are not in the file.
    fn values_of(&self, entry: &Entry) -> Option<(usize, usize)> {
        let size = match entry.kind {
            1 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 13 => 4,
            16..=18 => 8,
            _ => return None,
        };
        let n_bytes = usize::try_from(entry.count).ok()?.checked_mul(size)?;
        let (field, inline) = if self.is_big { (entry.at + 12, 8) } else { (entry.at + 8, 4) };
        let start = match n_bytes <= inline {
            true => field,
            false => usize::try_from(self.number(field, inline)?).ok()?,
        };
        self.bytes.get(start..start.checked_add(n_bytes)?)?;
        Some((start, size))
    }

    /// How many numbers a tag has, whether they are in the file or not.
    pub fn count(&self, tag: u16) -> usize {
        self.entry(tag).map_or(0, |entry| usize::try_from(entry.count).unwrap_or(usize::MAX))
    }

    /// The first whole number of a tag.
    pub fn one(&self, tag: u16) -> Option<u64> {
        let entry = self.entry(tag).filter(|entry| entry.count != 0)?;
        let (start, size) = self.values_of(entry)?;
        self.number(start, size)
    }

    /// What the entry of a tag has to be replaced by, and where, so that the tag has one number; nothing where there
    /// is no such tag.
    pub fn set(&self, tag: u16, value: u32) -> Option<(usize, Vec<u8>)> {
        let entry = self.entry(tag)?;
        let wide = if self.is_big { 8 } else { 4 };
        // One number of four bytes, which stands at the front of its field.
        let mut patch =
            [self.ordered(tag.into(), 2), self.ordered(4, 2), self.ordered(1, wide)].concat();
        patch.extend(self.ordered(value.into(), 4));
        Some((entry.at, patch))
    }

    /// The strips or tiles.
    pub fn chunks(&self) -> Chunks {
        let width = self.one(tag::WIDTH).unwrap_or(0);
        let height = self.one(tag::LENGTH).unwrap_or(0);
        match self.one(tag::TILE_WIDTH).zip(self.one(tag::TILE_LENGTH)) {
            Some((columns, rows)) => Chunks {
                are_tiles: true,
                columns,
                rows,
                offsets: tag::TILE_OFFSETS,
                sizes: tag::TILE_BYTE_COUNTS,
            },
            None => Chunks {
                are_tiles: false,
                columns: width,
                rows: self.one(tag::ROWS_PER_STRIP).unwrap_or(height).min(height),
                offsets: tag::STRIP_OFFSETS,
                sizes: tag::STRIP_BYTE_COUNTS,
            },
        }
    }

    /// What replaces the entry of a tag so that it has only some of its numbers.
    pub fn part(&self, tag: u16, from: usize, n: usize) -> Option<(usize, Vec<u8>)> {
        let entry = self.entry(tag)?;
        let (start, size) = self.values_of(entry)?;
        let (from, n_bytes) = (start.checked_add(from.checked_mul(size)?)?, n.checked_mul(size)?);
        let wide = if self.is_big { 8 } else { 4 };
        // A few numbers stand in the entry itself, more where it says.
        let field = match n_bytes <= wide {
            true => self.bytes.get(from..from.checked_add(n_bytes)?)?.to_vec(),
            false => self.ordered(from as u64, wide),
        };
        let head = [self.ordered(tag.into(), 2), self.ordered(entry.kind.into(), 2)].concat();
        Some((entry.at, [head, self.ordered(n as u64, wide), field].concat()))
    }

    /// What replaces the entry of a tag so that it has other numbers, which are put behind the file.
    pub fn set_list(
        &self,
        tag: u16,
        numbers: &[u64],
        file: &mut Vec<u8>,
    ) -> Option<(usize, Vec<u8>)> {
        let entry = self.entry(tag)?;
        let (kind, size) = if self.is_big { (16, 8) } else { (4, 4) };
        let list: Vec<u8> = numbers.iter().flat_map(|&number| self.ordered(number, size)).collect();
        let field = match numbers.len() {
            1 => list,
            _ => {
                let at = self.ordered(file.len() as u64, size);
                file.extend(list);
                at
            }
        };
        let head = [self.ordered(tag.into(), 2), self.ordered(kind, 2)].concat();
        Some((entry.at, [head, self.ordered(numbers.len() as u64, size), field].concat()))
    }

    /// A number in the file's order of bytes.
    fn ordered(&self, number: u64, n_bytes: usize) -> Vec<u8> {
        let mut field = number.to_le_bytes()[..n_bytes].to_vec();
        if !self.is_little {
            field.reverse();
        }
        field
    }

    /// The same for a tag that nobody should see: it gets a number that means nothing.
    pub fn hide(&self, tag: u16) -> Option<(usize, Vec<u8>)> {
        let unknown = 65_534_u16;
        let name = if self.is_little { unknown.to_le_bytes() } else { unknown.to_be_bytes() };
        self.entry(tag).map(|entry| (entry.at, name.to_vec()))
    }
}
