//! What form the picture of a TIFF has, and whether that can be read.

use ::tiff::tags::Tag;

use super::tags::Tags;
use crate::error::Problem;
use crate::io::decode::Limits;

/// Strips and tiles that are JPEGs.
pub(in crate::io::decode) const JPEG: u64 = 7;

/// Strips and tiles that are WebP pictures.
const WEBP: u64 = 50_001;

/// Strips and tiles in Zstandard.
pub(super) const ZSTANDARD: u64 = 50_000;

/// The methods of compression that can be undone.
const COMPRESSIONS: [u64; 9] = [1, 4, 5, JPEG, 8, 32_773, 32_946, ZSTANDARD, WEBP];

/// Others, by the names that people know.
const OTHER_COMPRESSIONS: [(u64, &str); 17] = [
    (2, "CCITT run-length compression"),
    (3, "CCITT Group 3 fax compression"),
    (6, "old-style JPEG compression"),
    (9, "JBIG compression"),
    (10, "JBIG compression"),
    (32_766, "NeXT compression"),
    (32_809, "ThunderScan compression"),
    (33_003, "JPEG 2000 compression"),
    (33_004, "JPEG 2000 compression"),
    (33_005, "JPEG 2000 compression"),
    (34_661, "JBIG compression"),
    (34_676, "SGI LogLuv compression"),
    (34_712, "JPEG 2000 compression"),
    (34_887, "LERC compression"),
    (34_925, "LZMA compression"),
    (50_002, "JPEG XL compression"),
    (52_546, "JPEG XL compression"),
];

/// What a sample's bits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unsigned,
    Signed,
    Float,
}

/// What a pixel's samples mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The largest value is black.
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
}

impl Meaning {
    /// Of a pixel, those that have no such meaning not counted.
    fn n_samples(self) -> u16 {
        match self {
            Self::WhiteIsZero | Self::BlackIsZero | Self::Palette => 1,
            Self::Rgb | Self::YCbCr => 3,
            Self::Cmyk => 4,
        }
    }
}

/// The form of a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub width: u32,
    pub height: u32,
    /// Of a sample.
    pub bits: u8,
    /// Of a pixel.
    pub n_samples: u16,
    pub kind: Kind,
    pub meaning: Meaning,
    /// Whether each sample has a plane of its own.
    pub is_planar: bool,
    /// The sample that says how opaque a pixel is.
    pub alpha: Option<usize>,
    /// Whether the bits of a byte stand the other way round.
    pub is_reversed: bool,
    pub orientation: Option<u8>,
    /// Whether samples become grey values by a range.
    pub is_wide: bool,
    /// Whether values stay as they are stored, as those of masks and labels do.
    pub keeps_values: bool,
}

/// A reason that names the form.
pub(super) fn refused(found: impl Into<String>) -> Problem {
    Problem::new(
        "a TIFF of 1 to 16 bits a sample, in a form and compression that can be read",
        found,
        "convert it, for instance by `magick FILE FILE.png` or `gdal_translate FILE FILE.tif`",
    )
}

fn refuse_if(is_refused: bool, found: impl FnOnce() -> String) -> Result<(), Problem> {
    if is_refused { Err(refused(found())) } else { Ok(()) }
}

impl Form {
    /// # Errors
    /// A [`Problem`] that names a form which cannot be read, or what is missing.
    pub fn of(tags: &Tags<'_>, limits: Limits) -> Result<Self, Problem> {
        let side = |tag, name: &str| {
            let missing = || super::damaged(format!("a TIFF that says no {name}"));
            tags.one(tag).and_then(|side| u32::try_from(side).ok()).ok_or_else(missing)
        };
        let (width, height) = (side(Tag::ImageWidth, "width")?, side(Tag::ImageLength, "height")?);
        let compression = tags.one(Tag::Compression).unwrap_or(1);
        if !COMPRESSIONS.contains(&compression) {
            let known = OTHER_COMPRESSIONS.iter().find(|(number, _)| *number == compression);
            return Err(refused(match known {
                Some((_, name)) => format!("a TIFF in {name}"),
                None => format!("a TIFF in a compression of an unknown kind, {compression}"),
            }));
        }
        let n_samples = tags.one(Tag::SamplesPerPixel).unwrap_or(1);
        let n_samples = u16::try_from(n_samples).ok().filter(|&n| 0 < n);
        let n_samples = n_samples.ok_or_else(|| super::damaged("a TIFF without samples"))?;
        let bits = bits_of(tags)?;
        let kind = kind_of(tags)?;
        let is_jpeg = compression == JPEG || compression == WEBP;
        refuse_if(is_jpeg && bits != 8, || format!("a TIFF with a JPEG of {bits} bits inside"))?;
        let name = match (kind, bits) {
            (Kind::Float, _) => "floating point numbers",
            _ => "integers",
        };
        // Signed integers of few bits have an order of their own, but a range may say more.
        let has_range = limits.spread.is_some();
        let needs_range = kind == Kind::Float || 16 < bits;
        let is_known = !needs_range || matches!((kind, bits), (_, 32 | 64) | (Kind::Float, 16));
        refuse_if(!is_known, || format!("a TIFF of {name} of {bits} bits"))?;
        if needs_range && !has_range {
            return Err(super::without_range(format!("{name} of {bits} bits")));
        }
        let is_signed = kind == Kind::Signed && matches!(bits, 8 | 16);
        let is_wide = needs_range || is_signed && has_range;
        let predictor = tags.one(Tag::Predictor).unwrap_or(1);
        let is_predictable = predictor == 1 || matches!(bits, 8 | 16 | 32 | 64);
        refuse_if(!is_predictable, || format!("a TIFF of {bits} bits a sample with a predictor"))?;
        let meaning = meaning_of(tags)?;
        let n_main = meaning.n_samples();
        if n_samples < n_main {
            return Err(super::damaged(format!(
                "a TIFF of {n_samples} samples a pixel, of which {n_main} are needed"
            )));
        }
        if meaning == Meaning::YCbCr {
            let is_sampled = !is_jpeg && tags.all(Tag::ChromaSubsampling) != [1, 1];
            let sampled = "a TIFF in YCbCr with fewer pixels of colour, not as JPEG";
            refuse_if(is_sampled, || sampled.to_owned())?;
            refuse_if(bits != 8, || format!("a TIFF in YCbCr of {bits} bits"))?;
        }
        let is_odd = is_wide && !matches!(meaning, Meaning::BlackIsZero | Meaning::Rgb);
        let odd = || format!("a TIFF of {name} of {bits} bits that are neither grey nor colour");
        refuse_if(is_odd, odd)?;
        let is_odd = meaning == Meaning::Palette && (8 < bits || kind == Kind::Signed);
        refuse_if(is_odd, || format!("a TIFF with a palette of {bits} bits"))?;
        // The first extra sample: 1 and 2 are alpha. Where colours have a fourth sample that nothing is said of, it
        // is alpha, too.
        let extra = tags.one(Tag::ExtraSamples);
        let is_alpha = match extra {
            Some(kind) => kind == 1 || kind == 2,
            None => meaning == Meaning::Rgb && n_samples == 4,
        };
        let alpha = (is_alpha && n_main < n_samples).then_some(usize::from(n_main));
        let is_reversed =
            tags.one(Tag::FillOrder) == Some(2) && !is_jpeg && compression != ZSTANDARD;
        let orientation = tags.one(Tag::Orientation).and_then(|value| u8::try_from(value).ok());
        let is_planar = tags.one(Tag::PlanarConfiguration) == Some(2) && 1 < n_samples;
        Ok(Self {
            width,
            height,
            bits,
            n_samples,
            kind,
            meaning,
            is_planar,
            alpha,
            is_reversed,
            orientation,
            is_wide,
            keeps_values: limits.keeps_values,
        })
    }

    /// Planes, and samples of a pixel in each.
    pub fn planes(&self) -> (u64, u64) {
        let n = u64::from(self.n_samples);
        if self.is_planar { (n, 1) } else { (1, n) }
    }

    /// Bytes of a row of so many pixels in one plane.
    pub fn bytes_of_row(&self, columns: u64) -> u64 {
        columns.saturating_mul(self.planes().1).saturating_mul(self.bits.into()).div_ceil(8)
    }

    /// Whether the decoder gives samples of this depth one by one; others it is asked for bit by bit.
    pub fn is_whole_bytes(&self) -> bool {
        matches!(self.bits, 8 | 16 | 32 | 64)
    }

    /// How many of a pixel's samples are looked at.
    pub fn n_used(&self) -> usize {
        let is_gray = matches!(self.meaning, Meaning::WhiteIsZero | Meaning::BlackIsZero);
        match self.alpha {
            // Bands: the first three are taken for red, green and blue.
            None if is_gray && 3 <= self.n_samples => 3,
            _ => self.meaning.n_samples().into(),
        }
    }

    /// Whether there are samples that nobody looks at.
    pub fn has_more_bands(&self) -> bool {
        self.n_used() + usize::from(self.alpha.is_some()) < usize::from(self.n_samples)
    }
}

fn bits_of(tags: &Tags<'_>) -> Result<u8, Problem> {
    let all = tags.all(Tag::BitsPerSample);
    let first = all.first().copied().unwrap_or(1);
    if all.iter().any(|&bits| bits != first) {
        let list: Vec<String> = all.iter().map(u64::to_string).collect();
        return Err(refused(format!("a TIFF whose samples have {} bits", list.join(", "))));
    }
    u8::try_from(first)
        .ok()
        .filter(|&bits| 0 < bits)
        .ok_or_else(|| super::damaged(format!("a TIFF of {first} bits a sample")))
}

fn kind_of(tags: &Tags<'_>) -> Result<Kind, Problem> {
    let all = tags.all(Tag::SampleFormat);
    let first = all.first().copied().unwrap_or(1);
    if all.iter().any(|&kind| kind != first) {
        return Err(refused("a TIFF whose samples are of several kinds"));
    }
    match first {
        // 4: nothing is said.
        1 | 4 => Ok(Kind::Unsigned),
        2 => Ok(Kind::Signed),
        3 => Ok(Kind::Float),
        5 | 6 => Err(refused("a TIFF of complex numbers")),
        other => Err(refused(format!("a TIFF of samples of an unknown kind, {other}"))),
    }
}

fn meaning_of(tags: &Tags<'_>) -> Result<Meaning, Problem> {
    let name = match tags.one(Tag::PhotometricInterpretation) {
        Some(0) => return Ok(Meaning::WhiteIsZero),
        // 4: a mask, whose inside is 1.
        Some(1 | 4) => return Ok(Meaning::BlackIsZero),
        Some(2) => return Ok(Meaning::Rgb),
        Some(3) => return Ok(Meaning::Palette),
        Some(5) => return Ok(Meaning::Cmyk),
        Some(6) => return Ok(Meaning::YCbCr),
        Some(8..=10) => "a TIFF in CIE L*a*b* colours".to_owned(),
        Some(32_803) => "a raw picture of a camera (a TIFF with a colour filter array)".to_owned(),
        Some(34_892) => "a raw picture of a camera (a TIFF with linear colours)".to_owned(),
        Some(32_844 | 32_845) => "a TIFF in SGI LogLuv colours".to_owned(),
        Some(other) => format!("a TIFF in colours of an unknown kind, {other}"),
        None => "a TIFF that does not say what its samples mean (no photometric tag)".to_owned(),
    };
    Err(refused(name))
}
