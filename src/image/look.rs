//! Several looks at one picture, and which of them are used. Every look stands in one table, with what makes it and
//! what it is for; nothing else has to know of a new one.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One way to look at a picture before it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Look {
    /// As it is.
    AsItIs,
    /// At 0.8 times its size, as if from further away.
    Smaller,
    /// At 1.25 times its size, as if from nearer.
    Larger,
    /// In another even light and with little noise. Models before version 4 learned from it.
    Worse,
    /// At 0.4 times its size.
    MuchSmaller,
    /// At 0.64 times its size.
    SmallerStill,
    /// At 1.6 times its size.
    LargerStill,
    /// At twice its size.
    MuchLarger,
    /// In another light that falls unevenly, with little noise.
    Light,
    /// Out of focus.
    Unfocused,
    /// With much noise and stored as JPEG.
    Noisy,
}

/// What makes a look of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Making {
    /// Nothing: the picture as it is.
    Nothing,
    /// Width and height times a factor.
    Size(f64),
    /// Brightness and contrast each times 1/1.3 to 1.3.
    EvenLight,
    /// The same, and a gradient of up to a half across the picture.
    Light,
    /// A Gaussian of 1 to 3 pixels.
    Blur,
    /// Noise of 5 to 30 levels of 256, and JPEG of a quality of 15 to 80.
    NoiseAndCompression,
}

/// What looks are for: those for one thing are learned from together or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Purpose {
    /// The picture itself.
    Picture,
    /// Noise and lossy compression.
    Noise,
    /// Light that differs, evenly or not.
    Light,
    /// Focus.
    Focus,
    /// Distances up to a quarter from that of the picture: averaged when predicting, too.
    Distance,
    /// Distances up to half and double.
    FarDistance,
    /// That of models before version 4.
    Former,
}

/// All looks: the picture as it is first, then in the order in which their features stand.
const LOOKS: [(Look, &str, Making, Purpose); 11] = [
    (Look::AsItIs, "as-it-is", Making::Nothing, Purpose::Picture),
    (Look::Smaller, "smaller", Making::Size(0.8), Purpose::Distance),
    (Look::Larger, "larger", Making::Size(1.25), Purpose::Distance),
    (Look::Worse, "worse", Making::EvenLight, Purpose::Former),
    (Look::MuchSmaller, "size-0.4", Making::Size(0.4), Purpose::FarDistance),
    (Look::SmallerStill, "size-0.64", Making::Size(0.64), Purpose::FarDistance),
    (Look::LargerStill, "size-1.6", Making::Size(1.6), Purpose::FarDistance),
    (Look::MuchLarger, "size-2", Making::Size(2.0), Purpose::FarDistance),
    (Look::Light, "light", Making::Light, Purpose::Light),
    (Look::Unfocused, "unfocused", Making::Blur, Purpose::Focus),
    (Look::Noisy, "noisy", Making::NoiseAndCompression, Purpose::Noise),
];

impl Look {
    /// Its name in tables and model files.
    pub fn name(self) -> &'static str {
        LOOKS[self as usize].1
    }

    /// What makes it.
    pub fn making(self) -> Making {
        LOOKS[self as usize].2
    }

    /// What it is for.
    pub fn purpose(self) -> Purpose {
        LOOKS[self as usize].3
    }
}

impl Purpose {
    /// What may be left out, in the order in which it is tried: what costs least in likeness first.
    pub const OPTIONAL: [Self; 5] =
        [Self::Noise, Self::Light, Self::Focus, Self::Distance, Self::FarDistance];

    /// As it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Picture => "the picture",
            Self::Noise => "noise",
            Self::Light => "light",
            Self::Focus => "focus",
            Self::Distance => "distance",
            Self::FarDistance => "far distance",
            Self::Former => "worse",
        }
    }
}

/// A set of looks; the picture as it is always is one of them.
///
/// Which looks at every picture are learned from, and which are averaged to predict one, is one such set: see
/// [`Looks::averaged`]. All looks at a picture belong to its row, so that they are always on one side of a split.
///
/// ```
/// use textura::image::{Look, Looks, Purpose};
/// let looks = Looks::ONE.with(Purpose::Distance).with(Purpose::Focus);
/// let names: Vec<&str> = looks.iter().map(Look::name).collect();
/// assert_eq!(names, ["as-it-is", "smaller", "larger", "unfocused"]);
/// assert_eq!(looks.averaged().iter().count(), 3);
/// assert!(looks.contains(Looks::ONE));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks(u16);

impl Default for Looks {
    fn default() -> Self {
        Self::ONE
    }
}

impl Looks {
    /// The picture as it is, and nothing else.
    pub const ONE: Self = Self(1);

    /// All that may be learned from.
    pub fn all() -> Self {
        Purpose::OPTIONAL.into_iter().fold(Self::ONE, Self::with)
    }

    /// All that leave a picture its size, for windows, which share the work of those that overlap.
    pub fn of_one_size() -> Self {
        let is_of_one_size = |look: &Look| !matches!(look.making(), Making::Size(_));
        Self::all().iter().filter(is_of_one_size).collect()
    }

    /// With the looks for a purpose.
    #[must_use]
    pub fn with(self, purpose: Purpose) -> Self {
        let others = LOOKS.iter().filter(|look| look.3 == purpose).map(|look| look.0);
        self.iter().chain(others).collect()
    }

    /// The looks of a predicted picture whose answers are averaged, where these were learned from.
    #[must_use]
    pub fn averaged(self) -> Self {
        let is_averaged =
            |look: &Look| matches!(look.purpose(), Purpose::Picture | Purpose::Distance);
        self.iter().filter(is_averaged).collect()
    }

    /// Them, the picture as it is first.
    pub fn iter(self) -> impl Iterator<Item = Look> {
        LOOKS.iter().map(|look| look.0).filter(move |&look| self.has(look))
    }

    /// How many.
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether a look is among them.
    pub fn has(self, look: Look) -> bool {
        self.0 & 1 << look as u16 != 0
    }

    /// Whether all others are among them.
    pub fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// The purposes, but for the picture itself.
    pub fn purposes(self) -> Vec<Purpose> {
        let mut purposes: Vec<_> = self.iter().skip(1).map(Look::purpose).collect();
        purposes.sort_unstable();
        purposes.dedup();
        purposes
    }
}

impl FromIterator<Look> for Looks {
    /// The picture as it is need not be named.
    fn from_iter<I: IntoIterator<Item = Look>>(looks: I) -> Self {
        Self(looks.into_iter().fold(1, |set, look| set | 1 << look as u16))
    }
}

/// Sets that had a name in models before version 4.
const FORMER: [(&str, &[Look]); 3] = [
    ("none", &[]),
    ("worse", &[Look::Worse]),
    ("sizes", &[Look::Smaller, Look::Larger, Look::Worse]),
];

impl Serialize for Looks {
    /// A name that models before version 4 had for it, or all names in a row.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let former =
            FORMER.iter().find(|(_, looks)| looks.iter().copied().collect::<Self>() == *self);
        match former {
            Some((name, _)) => serializer.serialize_str(name),
            None => serializer.collect_seq(self.iter().map(Look::name)),
        }
    }
}

impl<'de> Deserialize<'de> for Looks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Former(String),
            Names(Vec<String>),
        }
        let unknown = |name: &str| de::Error::custom(format!("unknown look `{name}`"));
        match Form::deserialize(deserializer)? {
            Form::Former(name) => {
                let former = FORMER.iter().find(|former| former.0 == name);
                Ok(former.ok_or_else(|| unknown(&name))?.1.iter().copied().collect())
            }
            Form::Names(names) => {
                let look = |name: &String| {
                    let known = LOOKS.iter().find(|look| look.1 == name);
                    known.map(|look| look.0).ok_or_else(|| unknown(name))
                };
                let looks: Vec<Look> = names.iter().map(look).collect::<Result<_, _>>()?;
                if looks.first() != Some(&Look::AsItIs) || !looks.is_sorted_by(|a, b| a < b) {
                    return Err(de::Error::custom("looks out of order"));
                }
                Ok(looks.into_iter().collect())
            }
        }
    }
}

#[cfg(test)]
mod tests;
