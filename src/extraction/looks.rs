//! Other looks at a picture.

use crate::change::Change;
use crate::dataset::Look;
use crate::descriptor::Descriptor;
use crate::raster::Planes;

/// What makes a look of a picture that a descriptor is to measure; nothing for the picture as it is.
pub(super) fn change(look: Look, planes: &Planes, descriptor: &Descriptor) -> Option<Change> {
    Change::look(look, descriptor.options().values.span_of(planes))
}
