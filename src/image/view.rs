//! Several views of one picture, and which of them are used. Every view stands in one table, with what makes it and
//! what it is for; nothing else has to know of a new one.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One way to look at a picture before it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum View {
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

/// What makes a view of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Transform {
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

/// What views are for: those for one thing are learned from together or not at all.
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

/// All views: the picture as it is first, then in the order in which their features stand.
const VIEWS: [(View, &str, Transform, Purpose); 11] = [
    (View::AsItIs, "as-it-is", Transform::Nothing, Purpose::Picture),
    (View::Smaller, "smaller", Transform::Size(0.8), Purpose::Distance),
    (View::Larger, "larger", Transform::Size(1.25), Purpose::Distance),
    (View::Worse, "worse", Transform::EvenLight, Purpose::Former),
    (View::MuchSmaller, "size-0.4", Transform::Size(0.4), Purpose::FarDistance),
    (View::SmallerStill, "size-0.64", Transform::Size(0.64), Purpose::FarDistance),
    (View::LargerStill, "size-1.6", Transform::Size(1.6), Purpose::FarDistance),
    (View::MuchLarger, "size-2", Transform::Size(2.0), Purpose::FarDistance),
    (View::Light, "light", Transform::Light, Purpose::Light),
    (View::Unfocused, "unfocused", Transform::Blur, Purpose::Focus),
    (View::Noisy, "noisy", Transform::NoiseAndCompression, Purpose::Noise),
];

impl View {
    /// Its name in tables and model files.
    pub fn name(self) -> &'static str {
        VIEWS[self as usize].1
    }

    /// What makes it.
    pub fn transform(self) -> Transform {
        VIEWS[self as usize].2
    }

    /// What it is for.
    pub fn purpose(self) -> Purpose {
        VIEWS[self as usize].3
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

/// A set of views; the picture as it is always is one of them.
///
/// Which views of every picture are learned from, and which are averaged to predict one, is one such set: see
/// [`Views::averaged`]. All views of a picture belong to its row, so that they are always on one side of a split.
///
/// ```
/// use textura::image::{View, Views, Purpose};
/// let views = Views::ONE.with(Purpose::Distance).with(Purpose::Focus);
/// let names: Vec<&str> = views.iter().map(View::name).collect();
/// assert_eq!(names, ["as-it-is", "smaller", "larger", "unfocused"]);
/// assert_eq!(views.averaged().iter().count(), 3);
/// assert!(views.contains(Views::ONE));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Views(u16);

impl Default for Views {
    fn default() -> Self {
        Self::ONE
    }
}

impl Views {
    /// The picture as it is, and nothing else.
    pub const ONE: Self = Self(1);

    /// All that may be learned from.
    pub fn all() -> Self {
        Purpose::OPTIONAL.into_iter().fold(Self::ONE, Self::with)
    }

    /// All that leave a picture its size, for windows, which share the work of those that overlap.
    pub fn of_one_size() -> Self {
        let is_of_one_size = |view: &View| !matches!(view.transform(), Transform::Size(_));
        Self::all().iter().filter(is_of_one_size).collect()
    }

    /// With the views for a purpose.
    #[must_use]
    pub fn with(self, purpose: Purpose) -> Self {
        let others = VIEWS.iter().filter(|view| view.3 == purpose).map(|view| view.0);
        self.iter().chain(others).collect()
    }

    /// The views of a predicted picture whose predictions are averaged, where these were learned from.
    #[must_use]
    pub fn averaged(self) -> Self {
        let is_averaged =
            |view: &View| matches!(view.purpose(), Purpose::Picture | Purpose::Distance);
        self.iter().filter(is_averaged).collect()
    }

    /// Them, the picture as it is first.
    pub fn iter(self) -> impl Iterator<Item = View> {
        VIEWS.iter().map(|view| view.0).filter(move |&view| self.has(view))
    }

    /// How many.
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether a view is among them.
    pub fn has(self, view: View) -> bool {
        self.0 & 1 << view as u16 != 0
    }

    /// Whether all others are among them.
    pub fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// The purposes, but for the picture itself.
    pub fn purposes(self) -> Vec<Purpose> {
        let mut purposes: Vec<_> = self.iter().skip(1).map(View::purpose).collect();
        purposes.sort_unstable();
        purposes.dedup();
        purposes
    }
}

impl FromIterator<View> for Views {
    /// The picture as it is need not be named.
    fn from_iter<I: IntoIterator<Item = View>>(views: I) -> Self {
        Self(views.into_iter().fold(1, |set, view| set | 1 << view as u16))
    }
}

/// Sets that had a name in models before version 4.
const FORMER: [(&str, &[View]); 3] = [
    ("none", &[]),
    ("worse", &[View::Worse]),
    ("sizes", &[View::Smaller, View::Larger, View::Worse]),
];

impl Serialize for Views {
    /// A name that models before version 4 had for it, or all names in a row.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let former =
            FORMER.iter().find(|(_, views)| views.iter().copied().collect::<Self>() == *self);
        match former {
            Some((name, _)) => serializer.serialize_str(name),
            None => serializer.collect_seq(self.iter().map(View::name)),
        }
    }
}

impl<'de> Deserialize<'de> for Views {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Former(String),
            Names(Vec<String>),
        }
        let unknown = |name: &str| de::Error::custom(format!("unknown view `{name}`"));
        match Form::deserialize(deserializer)? {
            Form::Former(name) => {
                let former = FORMER.iter().find(|former| former.0 == name);
                Ok(former.ok_or_else(|| unknown(&name))?.1.iter().copied().collect())
            }
            Form::Names(names) => {
                let view = |name: &String| {
                    let known = VIEWS.iter().find(|view| view.1 == name);
                    known.map(|view| view.0).ok_or_else(|| unknown(name))
                };
                let views: Vec<View> = names.iter().map(view).collect::<Result<_, _>>()?;
                if views.first() != Some(&View::AsItIs) || !views.is_sorted_by(|a, b| a < b) {
                    return Err(de::Error::custom("views out of order"));
                }
                Ok(views.into_iter().collect())
            }
        }
    }
}

#[cfg(test)]
mod tests;
