//! Many windows of one picture.

use std::borrow::Cow;

use super::Descriptor;
use crate::flag::Flags;
use crate::raster::{Area, Channels, Gray, Planes};
use crate::texture::{Engine, Family, Slide, View};

/// What the windows of a picture give.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowFeatures {
    /// The descriptor's numbers, window after window. All finite.
    pub values: Vec<f64>,
    /// What was odd for the families in some window.
    pub flags: Flags,
}

impl Descriptor {
    /// Turns windows that lie inside a picture into numbers: those that each window cut out would give, bit for
    /// bit. With the fast engine families share what windows have in common, where they can (GLCM at the
    /// quantisation `fixed`, LBP); windows row by row and from left to right then cost least. The others
    /// measure every window by itself.
    ///
    /// ```
    /// use textura::descriptor::{Descriptor, DescriptorOptions};
    /// use textura::raster::{Area, Gray, Planes, Samples};
    /// use textura::texture::Engine;
    /// let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no preset")?)?;
    /// let gray = Gray::new(12, 8, Samples::Eight((0..96).collect()))?;
    /// let windows = [0, 2, 4].map(|x| Area { x, y: 0, width: 8, height: 8 });
    /// let shared = descriptor.extract_windows(&Planes::from_gray(gray.clone()), &windows, Engine::Fast);
    /// let alone = descriptor.extract(&gray.crop(windows[2]), Engine::Fast);
    /// assert_eq!(shared.values[2 * 90..], alone.values);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn extract_windows(
        &self,
        planes: &Planes,
        windows: &[Area],
        engine: Engine,
    ) -> WindowFeatures {
        let pictures: Vec<Cow<'_, Gray>> = match self.options.channels {
            Channels::Gray => vec![Cow::Borrowed(planes.gray())],
            Channels::Rgb => planes.rgb().map(Cow::Borrowed).into(),
            Channels::Opponent => planes.opponent().map(Cow::Owned).into(),
        };
        let mut planes: Vec<Plane<'_>> =
            pictures.iter().map(|picture| Plane::new(self, picture, engine)).collect();
        let mut values = Vec::with_capacity(windows.len() * self.schema.len());
        let mut flags = Flags::default();
        for &window in windows {
            for plane in &mut planes {
                flags.join(plane.measure(window, &mut values));
            }
        }
        WindowFeatures { values, flags }
    }
}

/// The families on one plane of a picture.
struct Plane<'a> {
    view: View<'a>,
    families: Vec<Way<'a>>,
}

/// A family and, where it shares work, what it has counted so far.
struct Way<'a> {
    family: &'a dyn Family,
    slide: Option<Box<dyn Slide + 'a>>,
}

impl<'a> Plane<'a> {
    fn new(descriptor: &'a Descriptor, picture: &'a Gray, engine: Engine) -> Self {
        let view = View { picture, mask: None, range: descriptor.options.values, engine };
        let way = |family: &'a dyn Family| {
            let slide = match engine {
                Engine::Fast => family.slide(view),
                Engine::Reference => None,
            };
            Way { family, slide }
        };
        Self { view, families: descriptor.families.iter().map(|family| way(&**family)).collect() }
    }

    fn measure(&mut self, window: Area, values: &mut Vec<f64>) -> Flags {
        let mut flags = Flags::default();
        let mut part = None;
        for Way { family, slide } in &mut self.families {
            flags.join(match slide {
                Some(slide) => slide.measure(window, values),
                None => {
                    let picture = part.get_or_insert_with(|| self.view.picture.crop(window));
                    family.extract(View { picture, ..self.view }, values)
                }
            });
        }
        flags
    }
}
