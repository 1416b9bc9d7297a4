//! The tags of the first page of a TIFF, and where each stands in the file.
//!
//! The decoder refuses whole files for the sake of one tag and says it in its own words; what is read here names the
//! form of a picture, and tells which tags to hide from the decoder.

use ::tiff::tags::Tag;

/// Bytes that stand in for others of the file: where they begin, and which.
pub(in crate::io) type Patch = (usize, Vec<u8>);

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
    pub offsets: Tag,
    /// The tag that says how many bytes they have.
    pub sizes: Tag,
}

/// The directory of the first page.
pub(in crate::io) struct Tags<'a> {
    bytes: &'a [u8],
    is_little: bool,
    /// Bytes of an offset or a count: 8 in a file that may be larger than 4 GiB, else 4.
    wide: usize,
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
        let wide = if is_big { 8 } else { 4 };
        let mut tags = Self { bytes, is_little, wide, entries: Vec::new(), next: 0, first: 0 };
        // The head names the place right behind its first four or eight bytes.
        let named = tags.number(wide, wide)?;
        tags.first = place.unwrap_or(named);
        let first = usize::try_from(tags.first).ok()?;
        let (of_count, size) = (if is_big { 8 } else { 2 }, 4 + 2 * wide);
        let n = tags.number(first, of_count)?.min(MAX_ENTRIES) as usize;
        for nth in 0..n {
            let at = first.checked_add(of_count)?.checked_add(nth * size)?;
            let (tag, kind) = (tags.number(at, 2)? as u16, tags.number(at + 2, 2)? as u16);
            tags.entries.push(Entry { tag, kind, count: tags.number(at + 4, wide)?, at });
        }
        let end = first.checked_add(of_count)?.checked_add(n * size)?;
        tags.next = tags.number(end, wide).unwrap_or(0);
        Some(tags)
    }

    /// What the head of the file has to say so that this directory is the first.
    pub fn head(&self) -> Patch {
        (self.wide, self.ordered(self.first, self.wide))
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

    fn entry(&self, tag: Tag) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag.to_u16())
    }

    /// All whole numbers of a tag, none where it is missing, of another kind, or not in the file.
    pub fn all(&self, tag: Tag) -> Vec<u64> {
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
        let field = entry.at + 4 + self.wide;
        let start = match n_bytes <= self.wide {
            true => field,
            false => usize::try_from(self.number(field, self.wide)?).ok()?,
        };
        self.bytes.get(start..start.checked_add(n_bytes)?)?;
        Some((start, size))
    }

    /// How many numbers a tag has, whether they are in the file or not.
    pub fn count(&self, tag: Tag) -> usize {
        self.entry(tag).map_or(0, |entry| usize::try_from(entry.count).unwrap_or(usize::MAX))
    }

    /// The first whole number of a tag.
    pub fn one(&self, tag: Tag) -> Option<u64> {
        let entry = self.entry(tag).filter(|entry| entry.count != 0)?;
        let (start, size) = self.values_of(entry)?;
        self.number(start, size)
    }

    /// The strips or tiles.
    pub fn chunks(&self) -> Chunks {
        let width = self.one(Tag::ImageWidth).unwrap_or(0);
        let height = self.one(Tag::ImageLength).unwrap_or(0);
        match self.one(Tag::TileWidth).zip(self.one(Tag::TileLength)) {
            Some((columns, rows)) => Chunks {
                are_tiles: true,
                columns,
                rows,
                offsets: Tag::TileOffsets,
                sizes: Tag::TileByteCounts,
            },
            None => Chunks {
                are_tiles: false,
                columns: width,
                rows: self.one(Tag::RowsPerStrip).unwrap_or(height).min(height),
                offsets: Tag::StripOffsets,
                sizes: Tag::StripByteCounts,
            },
        }
    }

    /// What the entry of a tag has to be replaced by so that it has so many numbers of a kind, which stand in the field or
    /// where it says; nothing where there is no such tag.
    fn entry_with(&self, tag: Tag, kind: u16, count: usize, field: Vec<u8>) -> Option<Patch> {
        let (name, count) = (tag.to_u16().into(), count as u64);
        let head = [self.ordered(name, 2), self.ordered(kind.into(), 2)].concat();
        Some((self.entry(tag)?.at, [head, self.ordered(count, self.wide), field].concat()))
    }

    /// The same for a tag that shall have one number.
    pub fn set(&self, tag: Tag, value: u32) -> Option<Patch> {
        // Of four bytes, which stand at the front of the field.
        self.entry_with(tag, 4, 1, self.ordered(value.into(), 4))
    }

    /// The same for a tag that shall have only some of its numbers.
    pub fn part(&self, tag: Tag, from: usize, n: usize) -> Option<Patch> {
        let entry = self.entry(tag)?;
        let (start, size) = self.values_of(entry)?;
        let (from, n_bytes) = (start.checked_add(from.checked_mul(size)?)?, n.checked_mul(size)?);
        // A few numbers stand in the entry itself, more where it says.
        let field = match n_bytes <= self.wide {
            true => self.bytes.get(from..from.checked_add(n_bytes)?)?.to_vec(),
            false => self.ordered(from as u64, self.wide),
        };
        self.entry_with(tag, entry.kind, n, field)
    }

    /// The same for a tag that shall have other numbers, which are put behind the file.
    pub fn set_list(&self, tag: Tag, numbers: &[u64], file: &mut Vec<u8>) -> Option<Patch> {
        self.entry(tag)?;
        let kind = if self.wide == 8 { 16 } else { 4 };
        let mut field: Vec<u8> = numbers.iter().flat_map(|&n| self.ordered(n, self.wide)).collect();
        if numbers.len() != 1 {
            let at = self.ordered(file.len() as u64, self.wide);
            file.append(&mut std::mem::replace(&mut field, at));
        }
        self.entry_with(tag, kind, numbers.len(), field)
    }

    /// The same for a tag that nobody should see: it gets a number that means nothing.
    pub fn hide(&self, tag: Tag) -> Option<Patch> {
        self.entry(tag).map(|entry| (entry.at, self.ordered(65_534, 2)))
    }

    /// A number in the file's order of bytes.
    fn ordered(&self, number: u64, n_bytes: usize) -> Vec<u8> {
        let mut field = number.to_le_bytes()[..n_bytes].to_vec();
        if !self.is_little {
            field.reverse();
        }
        field
    }
}
