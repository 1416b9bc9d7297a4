//! One picture measured again and again, each time without one of its parts.

use super::files::Files;
use super::{Batch, Extractor};
use crate::error::Result;
use crate::image::{Area, Mask};
use crate::io::Entry;

impl Batch<'_> {
    /// The features of a picture without each of some rectangles, whose pixels do not count, as if a mask left them out: nothing
    /// is painted over, so no edge comes into the picture. `None` where no pixel would be left.
    ///
    /// # Errors
    /// [`crate::Error::Picture`] or [`crate::Error::Io`] where the picture cannot be used; [`crate::Error::Interrupted`].
    pub(crate) fn extract_without(
        &self,
        entry: &Entry,
        areas: &[Area],
        extractor: &Extractor<'_>,
    ) -> Result<Vec<Option<Vec<f64>>>> {
        let files = Files::read(entry, extractor.limits)?;
        let (picture, labels) = files.decode_to_measure(extractor.needs_color(), extractor)?;
        let gray = picture.planes.gray();
        let (width, height) = (gray.width(), gray.height());
        let inside = match &labels {
            Some(labels) => Mask::nonzero(&labels.values),
            None => Mask::new(width, height, vec![true; width * height])?,
        };
        let measure = |area: Area| -> Result<Option<Vec<f64>>> {
            let mut flags = inside.flags().to_vec();
            for row in flags.chunks_mut(width.max(1)).skip(area.y).take(area.height) {
                row.iter_mut().skip(area.x).take(area.width).for_each(|flag| *flag = false);
            }
            let mask = Mask::new(width, height, flags)?;
            if mask.count() == 0 {
                return Ok(None);
            }
            let (planes, engine) = (&picture.planes, extractor.engine);
            let features = extractor.descriptor.extract_inside(planes, Some(&mask), engine)?;
            Ok(Some(features.values))
        };
        let mut measured = Vec::with_capacity(areas.len());
        self.progress.counted("parts", areas.len(), || {
            self.workers.in_order(areas.iter().copied(), measure, |outcome| {
                self.progress.advance();
                measured.push(outcome?);
                Ok(())
            })
        })?;
        Ok(measured)
    }
}
