//! What was odd about a picture but could be handled.

use std::fmt;

/// One oddity. Its name stands in the column `flags` of every table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
#[non_exhaustive]
pub enum Flag {
    /// Every pixel has the same grey value, so there is no texture to measure.
    Flat = 1,
    /// The picture uses less than a sixteenth of its nominal range although it is not flat,
    /// as 12-bit data in a 16-bit file does: give `--bits` or `--range`.
    FewLevels = 1 << 1,
    /// The picture is narrower or lower than some offset or ring, so that some features have no
    /// pixels to look at and take their documented value for that case.
    TooSmall = 1 << 2,
    /// Some grey values lie outside the stated range and were moved to its nearest end.
    Clipped = 1 << 3,
    /// The file's content is another format than its name's ending says.
    WrongEnding = 1 << 4,
    /// The file asks to be turned or mirrored, and was.
    Oriented = 1 << 5,
    /// Some pixels are transparent, which was ignored: their colours count as they are stored.
    AlphaIgnored = 1 << 6,
    /// The file has several pages or frames, of which the first was taken and nobody asked for it.
    PagesIgnored = 1 << 8,
    /// The picture has more bands than grey or three colours and transparency; the first were taken.
    BandsIgnored = 1 << 9,
    /// No pixel lies inside the mask, so every feature takes its documented value for that case.
    EmptyMask = 1 << 7,
}

impl Flag {
    /// Every flag, in the order in which they are written.
    pub const ALL: [Self; 10] = [
        Self::Flat,
        Self::FewLevels,
        Self::TooSmall,
        Self::Clipped,
        Self::WrongEnding,
        Self::Oriented,
        Self::AlphaIgnored,
        Self::EmptyMask,
        Self::PagesIgnored,
        Self::BandsIgnored,
    ];

    /// The name that tables use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::FewLevels => "few_levels",
            Self::TooSmall => "too_small",
            Self::Clipped => "clipped",
            Self::WrongEnding => "wrong_ending",
            Self::Oriented => "oriented",
            Self::AlphaIgnored => "alpha_ignored",
            Self::EmptyMask => "empty_mask",
            Self::PagesIgnored => "pages_ignored",
            Self::BandsIgnored => "bands_ignored",
        }
    }
}

/// A set of flags.
///
/// ```
/// use textura::image::flag::{Flag, Flags};
/// let mut flags = Flags::default();
/// flags.set(Flag::TooSmall);
/// flags.set(Flag::Flat);
/// assert_eq!(flags.to_string(), "flat;too_small");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// Adds a flag.
    pub fn set(&mut self, flag: Flag) {
        self.0 |= flag as u16;
    }

    /// Adds a flag where a condition holds.
    pub fn set_if(&mut self, flag: Flag, condition: bool) {
        if condition {
            self.set(flag);
        }
    }

    /// Takes a flag out.
    pub fn clear(&mut self, flag: Flag) {
        self.0 &= !(flag as u16);
    }

    /// Adds all flags of another set.
    pub fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether a flag is in the set.
    pub fn has(self, flag: Flag) -> bool {
        self.0 & flag as u16 != 0
    }

    /// As a number, to be kept.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    /// From a number that was kept.
    pub(crate) fn of_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Whether no flag is set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for flag in Flag::ALL.into_iter().filter(|&flag| self.has(flag)) {
            write!(f, "{separator}{}", flag.name())?;
            separator = ";";
        }
        Ok(())
    }
}
