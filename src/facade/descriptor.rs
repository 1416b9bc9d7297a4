//! Which features are measured, and what one picture gives.

use std::fmt;
#[cfg(feature = "decode")]
use std::path::Path;
use std::sync::Arc;

use super::picture::AsPicture;
#[cfg(feature = "decode")]
use super::picture::entry;
#[cfg(feature = "decode")]
use crate::batch::Extractor;
use crate::error::Result;
#[cfg(feature = "decode")]
use crate::io::{Entry, read_descriptor};
#[cfg(not(feature = "decode"))]
use crate::texture::Engine;
use crate::texture::descriptor as checked;
use crate::texture::schema::Schema;

/// Which families of texture features are measured, with which settings.
///
/// ```
/// let descriptor = textura::Descriptor::fast();
/// let flat = image::GrayImage::from_pixel(16, 16, image::Luma([100]));
/// let features = descriptor.features(&flat)?;
/// assert_eq!(features.values().len(), 90);
/// assert_eq!(features.get("glcm_d1_mean_contrast"), Some(0.0));
/// assert_eq!(features.flags().collect::<Vec<_>>(), ["flat"]);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Clone)]
pub struct Descriptor {
    inner: Arc<checked::Descriptor>,
}

impl Descriptor {
    /// The preset `fast`: statistics of co-occurrence at three distances and local binary patterns on three rings; 90 columns.
    pub fn fast() -> Self {
        Self::preset("fast")
    }

    /// The preset `full`: every family.
    pub fn full() -> Self {
        Self::preset("full")
    }

    fn preset(name: &str) -> Self {
        // A test checks every preset, so that none is ever the empty descriptor.
        let options = checked::DescriptorOptions::preset(name);
        let checked = options.and_then(|options| checked::Descriptor::new(options).ok());
        Self { inner: Arc::new(checked.unwrap_or_default()) }
    }

    /// A preset by its name, or the descriptor in a JSON file: see `docs/descriptors.md`.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for what is neither, [`Error::Io`](crate::Error::Io) and
    /// [`Error::Model`](crate::Error::Model) for a file that cannot be read or is no descriptor.
    #[cfg(feature = "decode")]
    pub fn read(name_or_file: impl AsRef<Path>) -> Result<Self> {
        Self::of(read_descriptor(name_or_file.as_ref())?)
    }

    /// A descriptor in JSON.
    ///
    /// ```
    /// let one = textura::Descriptor::from_json(r#"{"families":[{"glcm":{"levels":16}}]}"#)?;
    /// assert!(one.names().all(|name| name.starts_with("glcm_")));
    /// # Ok::<(), textura::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Model`](crate::Error::Model) for what is no descriptor, [`Error::Setting`](crate::Error::Setting) for
    /// settings that cannot be used.
    pub fn from_json(json: &str) -> Result<Self> {
        Self::of(checked::parse_descriptor(json.as_bytes(), "the descriptor".as_ref())?)
    }

    fn of(options: checked::DescriptorOptions) -> Result<Self> {
        Ok(Self { inner: Arc::new(checked::Descriptor::new(options)?) })
    }

    /// The names of the features, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.inner.schema().names()
    }

    /// 64 hexadecimal digits: two descriptors with one digest give the same numbers.
    pub fn digest(&self) -> String {
        self.inner.digest()
    }

    /// The features of a picture in memory, measured as it is.
    ///
    /// # Errors
    /// [`Error::Picture`](crate::Error::Picture) for a picture that cannot be measured.
    pub fn features(&self, picture: &impl AsPicture) -> Result<Features> {
        #[cfg(feature = "decode")]
        return self.of_entry(&entry(picture, None)?);
        #[cfg(not(feature = "decode"))]
        {
            let planes = picture.planes()?;
            let checked = self.inner.check_range(planes.gray());
            checked.map_err(|problem| crate::Error::picture("the picture".as_ref(), problem))?;
            let measured = self.inner.extract_inside(&planes, None, Engine::Fast)?;
            Ok(Features { descriptor: self.clone(), measured })
        }
    }

    /// The features of the picture in a file.
    ///
    /// # Errors
    /// [`Error::Picture`](crate::Error::Picture) or [`Error::Io`](crate::Error::Io) where it cannot be read.
    #[cfg(feature = "decode")]
    pub fn features_of_file(&self, path: impl AsRef<Path>) -> Result<Features> {
        self.of_entry(&Entry::new(path.as_ref().into(), None))
    }

    #[cfg(feature = "decode")]
    fn of_entry(&self, entry: &Entry) -> Result<Features> {
        let example = Extractor::new(&self.inner).example(entry)?;
        Ok(Features { descriptor: self.clone(), measured: example.features })
    }

    /// Whether another one gives the same numbers.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) || self.digest() == other.digest()
    }

    /// The checked descriptor, for a model of its own.
    #[cfg(feature = "decode")]
    pub(super) fn options(&self) -> checked::DescriptorOptions {
        self.inner.options().clone()
    }
}

impl Default for Descriptor {
    /// The preset `default`, which models learn from.
    fn default() -> Self {
        Self::preset("default")
    }
}

impl fmt::Debug for Descriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Descriptor({} columns, {})", self.inner.schema().len(), self.digest())
    }
}

/// The numbers of one picture. All are finite.
#[derive(Debug, Clone)]
pub struct Features {
    descriptor: Descriptor,
    measured: checked::Features,
}

impl Features {
    /// The numbers, in the order of [`Descriptor::names`].
    pub fn values(&self) -> &[f64] {
        &self.measured.values
    }

    /// What measured them.
    pub(super) fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// The columns.
    pub(super) fn schema(&self) -> &Schema {
        self.descriptor.inner.schema()
    }

    /// One number by its name; `None` for a name that the descriptor does not have.
    pub fn get(&self, name: &str) -> Option<f64> {
        let at = self.descriptor.names().position(|known| known == name)?;
        self.values().get(at).copied()
    }

    /// Names and numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.descriptor.names().zip(self.values().iter().copied())
    }

    /// One number from 0 to 100 that needs no model: see `docs/texture-score.md`.
    pub fn texture_score(&self) -> f64 {
        self.measured.texture_score
    }

    /// What was odd about the picture: the words of the column `flags`.
    pub fn flags(&self) -> impl Iterator<Item = &'static str> {
        let flags = self.measured.flags;
        crate::image::flag::Flag::ALL
            .into_iter()
            .filter(move |&flag| flags.has(flag))
            .map(|f| f.name())
    }
}

impl PartialEq for Features {
    /// Whether the numbers are the same, under the same names.
    fn eq(&self, other: &Self) -> bool {
        self.values() == other.values() && self.descriptor.names().eq(other.descriptor.names())
    }
}
