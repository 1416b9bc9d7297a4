//! Other looks at a picture.

use crate::image::Look;
use crate::image::Planes;
use crate::image::change::Change;
use crate::texture::descriptor::Descriptor;

/// What makes a look of a picture that a descriptor is to measure; nothing for the picture as it is.
pub(super) fn change(look: Look, planes: &Planes, descriptor: &Descriptor) -> Option<Change> {
    Change::look(look, descriptor.options().values.span_of(planes))
}
