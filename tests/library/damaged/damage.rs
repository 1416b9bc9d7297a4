//! Damage by a seeded generator: what disks, cables, editors and people do to files.

use textura::random::Random;

/// What is done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    FlippedBits,
    CutShort,
    Doubled,
    Removed,
    Swapped,
    /// A number in text became another, or none; in other files, bytes became extreme counts.
    Number,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::FlippedBits,
        Self::CutShort,
        Self::Doubled,
        Self::Removed,
        Self::Swapped,
        Self::Number,
    ];
}

/// What numbers are replaced by.
pub const NUMBERS: [&str; 14] = [
    "NaN",
    "1e400",
    "-1",
    "-1e308",
    "1e308",
    "18446744073709551615",
    "99999999999",
    "null",
    "",
    "inf",
    "[]",
    "0",
    "1e-320",
    "\"1\"",
];

/// Bytes that read as extreme counts.
const COUNTS: [u64; 6] =
    [0, 0x7f, 0x7fff_ffff, 0xffff_ffff, 0x0fff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff];

/// The file after one damage, which changes it.
pub fn damaged(bytes: &[u8], kind: Kind, is_text: bool, random: &mut Random) -> Vec<u8> {
    loop {
        let mut changed = bytes.to_vec();
        apply(&mut changed, kind, is_text, random);
        if changed != bytes {
            return changed;
        }
    }
}

/// A stretch of a file, short or long.
fn stretch(n: usize, random: &mut Random) -> std::ops::Range<usize> {
    let at = random.below(n);
    let most = [4, 64, 1024, n][random.below(4)];
    at..(at + 1 + random.below(most)).min(n)
}

fn apply(bytes: &mut Vec<u8>, kind: Kind, is_text: bool, random: &mut Random) {
    let n = bytes.len();
    match kind {
        Kind::FlippedBits => {
            for _ in 0..1 + random.below(8) {
                bytes[random.below(n)] ^= 1 << random.below(8);
            }
        }
        Kind::CutShort => bytes.truncate(random.below(n)),
        Kind::Doubled => {
            let stretch = stretch(n, random);
            let copy = bytes[stretch.clone()].to_vec();
            bytes.splice(stretch.end..stretch.end, copy);
        }
        Kind::Removed => drop(bytes.drain(stretch(n, random))),
        Kind::Swapped => {
            let (one, other) = (stretch(n, random), stretch(n, random));
            let (one, other) = if one.start <= other.start { (one, other) } else { (other, one) };
            if one.end <= other.start {
                let parts = [
                    &bytes[..one.start],
                    &bytes[other.clone()],
                    &bytes[one.end..other.start],
                    &bytes[one],
                    &bytes[other.end..],
                ];
                *bytes = parts.concat();
            }
        }
        Kind::Number if is_text => {
            let number = a_number(bytes, random);
            let other = NUMBERS[random.below(NUMBERS.len())];
            bytes.splice(number, other.bytes());
        }
        Kind::Number => {
            let width = [1, 2, 4, 8][random.below(4)];
            let count = COUNTS[random.below(COUNTS.len())].to_le_bytes();
            let at = random.below(n - width);
            bytes[at..at + width].copy_from_slice(&count[..width]);
        }
    }
}

/// Where a number stands in a text.
pub fn a_number(text: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    let is_part = |&byte: &u8| byte.is_ascii_digit() || b"+-.e".contains(&byte);
    let start = random.below(text.len());
    let Some(first) = text[start..].iter().position(u8::is_ascii_digit) else { return 0..0 };
    let first = start + first;
    let before = text[..first].iter().rev().take_while(|byte| is_part(byte)).count();
    let after = text[first..].iter().take_while(|byte| is_part(byte)).count();
    first - before..first + after
}
