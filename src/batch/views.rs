//! Other views of a picture.

use crate::image::Planes;
use crate::image::View;
use crate::image::change::Change;
use crate::texture::descriptor::Descriptor;

/// What makes a view of a picture that a descriptor is to measure; nothing for the picture as it is.
pub(super) fn change(view: View, planes: &Planes, descriptor: &Descriptor) -> Option<Change> {
    Change::view(view, descriptor.options().values.span_of(planes))
}
