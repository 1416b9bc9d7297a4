//! What looks at the pictures beside the person.

use crate::model::Model;
use crate::model::inspection::Inspector;
use crate::texture::descriptor::Descriptor;

/// What looks at the pictures beside the person.
#[derive(Debug)]
pub enum Eyes {
    /// Features alone.
    Descriptor(Descriptor),
    /// A model of classes.
    Model(Box<Model>),
    /// A model of good pictures.
    Inspector(Box<Inspector>),
}

impl Eyes {
    pub fn descriptor(&self) -> &Descriptor {
        match self {
            Self::Descriptor(descriptor) => descriptor,
            Self::Model(model) => &model.descriptor,
            Self::Inspector(inspector) => &inspector.descriptor,
        }
    }
}

/// The classes of a review by a model of good pictures.
pub const GOOD: &str = "good";
pub const DEFECT: &str = "defect";
