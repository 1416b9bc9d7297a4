//! One picture through the cache.

use crate::error::Result;
use crate::image::View;
use crate::image::flag::Flags;
use crate::io::cache::{Cache, Contents, Keys, Notes, Stamp};
use crate::io::{Entry, Limits, Recording, ending};
use crate::texture::descriptor::Features;

use super::{Example, Extractor, Files};

/// The features of one extractor that a cache has.
pub(super) struct CachedFeatures<'a> {
    pub cache: &'a Cache,
    keys: Keys,
    limits: Limits,
    n_columns: usize,
    /// The views beside the picture as it is.
    others: Vec<View>,
}

/// What is known of a picture before it is decoded.
#[derive(Default)]
pub(super) struct FromCache {
    /// By the picture as it is.
    pub original: Option<Example>,
    /// By every other view, in order.
    pub others: Vec<Option<Vec<f64>>>,
}

impl<'a> CachedFeatures<'a> {
    /// Where there is a cache and the extractor measures whole pictures. Levels are counted in the picture itself, so
    /// whoever wants them reads it.
    pub fn new(cache: Option<&'a Cache>, extractor: &Extractor<'_>) -> Result<Option<Self>> {
        let Some(cache) = cache.filter(|_| !extractor.count_levels && extractor.tile.is_none())
        else {
            return Ok(None);
        };
        let others = extractor.views.iter().filter(|&view| view != View::AsItIs);
        Ok(Some(Self {
            cache,
            keys: cache.keys(
                extractor.descriptor,
                extractor.engine,
                extractor.limits,
                (extractor.flat_field.as_ref().map(|by| by.content()), extractor.change),
            )?,
            limits: extractor.limits,
            n_columns: extractor.descriptor.schema().len(),
            others: others.collect(),
        }))
    }

    /// The numbers of a picture: as known where its files have not changed or their contents are known, and
    /// otherwise by `measure`, which may leave out what is known.
    pub fn example(
        &self,
        entry: &Entry,
        notes: &mut Notes,
        measure: impl FnOnce(&Files<'_>, FromCache) -> Result<Example>,
    ) -> Result<Example> {
        let is_held = entry.in_memory.picture.is_some() || entry.in_memory.mask.is_some();
        if entry.page.is_some() || is_held {
            // A stamp is that of a file, which may hold many, and what is in memory has none.
            return measure(&Files::read(entry, self.limits)?, FromCache::default());
        }
        let stamp = Stamp::of(&entry.path);
        let mask_stamp = entry.mask.as_deref().and_then(Stamp::of);
        let remembered = stamp.as_ref().and_then(|stamp| {
            let mask = match (&entry.mask, &mask_stamp) {
                (None, _) => None,
                (Some(path), Some(stamp)) => Some(self.cache.content(path, stamp, notes)?),
                (Some(_), None) => return None,
            };
            Some(Contents { picture: self.cache.content(&entry.path, stamp, notes)?, mask })
        });
        if let Some(contents) = remembered
            && let Some(example) = self.known(entry, &contents, notes).into_whole()
        {
            self.cache.count(false, false);
            return Ok(example);
        }

        let files = Files::read(entry, self.limits)?;
        // Without it the mask cannot be read, which measuring will tell.
        let Some(contents) = files.contents() else { return measure(&files, FromCache::default()) };
        let known = self.known(entry, &contents, notes);
        let missing: Vec<View> = std::iter::once((View::AsItIs, known.original.is_none()))
            .chain(self.others.iter().zip(&known.others).map(|(&l, values)| (l, values.is_none())))
            .filter_map(|(view, is_missing)| is_missing.then_some(view))
            .collect();
        let example = match known {
            FromCache { original: Some(example), others } if missing.is_empty() => {
                Example { views: others.into_iter().flatten().collect(), ..example }
            }
            known => measure(&files, known)?,
        };
        self.cache.count(true, !missing.is_empty());
        for view in missing {
            let key = self.keys.of_view(&contents, ending(&entry.path), view);
            match self.others.iter().position(|&other| other == view) {
                None => notes.put(key, bytes_of(&example)),
                Some(at) => notes.put(key, bytes_of_values(&example.views[at])),
            }
        }
        if let Some(stamp) = &stamp {
            notes.put_content(&entry.path, stamp, &contents.picture);
        }
        if let (Some(path), Some(stamp), Some(content)) = (&entry.mask, &mask_stamp, &contents.mask)
        {
            notes.put_content(path, stamp, content);
        }
        Ok(example)
    }

    fn known(&self, entry: &Entry, contents: &Contents, notes: &mut Notes) -> FromCache {
        let mut bytes =
            |view| self.cache.get(&self.keys.of_view(contents, ending(&entry.path), view), notes);
        let original = bytes(View::AsItIs).and_then(|bytes| example_of(&bytes, contents));
        let fits = |values: &Vec<f64>| values.len() == self.n_columns;
        let others = self.others.iter().map(|&view| values_of(&bytes(view)?).filter(fits));
        let others = others.collect();
        FromCache { original: original.filter(|example| fits(&example.features.values)), others }
    }
}

impl FromCache {
    /// The whole example, where nothing is missing.
    fn into_whole(self) -> Option<Example> {
        let views = self.others.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Example { views, ..self.original? })
    }
}

/// Numbers that stand before the features of the picture as it is.
const N_ABOUT: usize = 7;

/// What is kept of the picture as it is. Every number is eight bytes, the lowest first.
fn bytes_of(example: &Example) -> Vec<u8> {
    // Only a picture is kept, and of each it is known.
    let about: [u64; N_ABOUT] = [
        example.width as u64,
        example.height as u64,
        example.bits.into(),
        example.brightest.into(),
        example.features.flags.bits().into(),
        example.features.texture_score.to_bits(),
        example.recording.map_or(0, Recording::to_number),
    ];
    let about = about.iter().flat_map(|number| number.to_le_bytes());
    about.chain(bytes_of_values(&example.features.values)).collect()
}

fn example_of(bytes: &[u8], contents: &Contents) -> Option<Example> {
    let (about, values) = bytes.split_at_checked(8 * N_ABOUT)?;
    let about = numbers_of(about)?;
    let [width, height, bits, brightest, flags, texture_score, recording] = about[..] else {
        return None;
    };
    let (width, height) = (width.try_into().ok()?, height.try_into().ok()?);
    let flags = Flags::of_bits(flags.try_into().ok()?);
    let texture_score = f64::from_bits(texture_score);
    Some(Example {
        features: Features { texture_score, values: values_of(values)?, flags },
        width,
        height,
        content: contents.picture,
        recording: Recording::of_number(recording, width, height),
        bits: bits.try_into().ok()?,
        brightest: brightest.try_into().ok()?,
        windows: 1,
        ..Example::default()
    })
}

fn bytes_of_values(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn values_of(bytes: &[u8]) -> Option<Vec<f64>> {
    Some(numbers_of(bytes)?.into_iter().map(f64::from_bits).collect())
}

fn numbers_of(bytes: &[u8]) -> Option<Vec<u64>> {
    let (numbers, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then(|| numbers.iter().map(|&number| u64::from_le_bytes(number)).collect())
}
