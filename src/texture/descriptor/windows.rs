//! Many windows of one picture.

use super::Descriptor;
use super::stored::{Stored, StoredPlane};
use crate::image::flag::Flags;
use crate::image::{Area, Planes};
use crate::texture::{Engine, Family, Input, Slide};

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
    /// use textura::texture::descriptor::{Descriptor, DescriptorOptions};
    /// use textura::image::{Area, Gray, Planes, Samples};
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
        let stored = Stored::new(planes, self.options.values);
        let stored: Vec<StoredPlane<'_>> = stored.measured(self.options.channels).collect();
        let mut planes: Vec<Vec<Measuring<'_>>> =
            stored.iter().map(|plane| self.measuring(plane, engine)).collect();
        let mut values = Vec::with_capacity(windows.len() * self.schema.len());
        let mut flags = Flags::default();
        for &window in windows {
            for plane in &mut planes {
                flags.join(measure(plane, window, &mut values));
            }
        }
        WindowFeatures { values, flags }
    }

    /// The families on one plane of a picture.
    fn measuring<'a>(&'a self, plane: &'a StoredPlane<'a>, engine: Engine) -> Vec<Measuring<'a>> {
        let range = self.options.values;
        let of = |family: &'a dyn Family| {
            let input = Input { picture: plane.of(family), mask: None, range, engine };
            let slide = if engine == Engine::Fast { family.slide(input) } else { None };
            Measuring { family, input, slide }
        };
        self.measured.iter().map(|family| of(&**family)).collect()
    }
}

/// A family, what it measures and, where windows share work, what it has counted so far.
struct Measuring<'a> {
    family: &'a dyn Family,
    input: Input<'a>,
    slide: Option<Box<dyn Slide + 'a>>,
}

fn measure(plane: &mut [Measuring<'_>], window: Area, values: &mut Vec<f64>) -> Flags {
    let mut flags = Flags::default();
    // The window of the picture as it is stored, and in 8 bits.
    let mut parts = [None, None];
    for Measuring { family, input, slide } in plane {
        flags.join(match slide {
            Some(slide) => slide.measure(window, values),
            None => {
                let part = &mut parts[usize::from(family.is_in_grey_values())];
                let picture = part.get_or_insert_with(|| input.picture.crop(window));
                family.extract(Input { picture, ..*input }, values)
            }
        });
    }
    flags
}
