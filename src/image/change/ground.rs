//! What changes of a picture start from.

use crate::image::Planes;

/// What the changes of a picture, and of its windows, have to know of the whole of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// Where its random numbers start: every bit is as good as random.
    pub(super) start: u64,
    /// What its values are multiples of: see [`Planes::step`].
    pub(super) step: u16,
}

/// Values hashed at once.
const RUN: usize = 4096;

impl Ground {
    /// Of a picture. One of 8 bits has the same whichever file it comes from: in colour or in grey, in 16 bits (each value
    /// times 257 or 256, or as it is) or in 8.
    pub fn of(planes: &Planes) -> Self {
        let (gray, step) = (planes.gray(), planes.step());
        let mut hasher = blake3::Hasher::new_derive_key("textura: the grey values of a picture");
        for side in [gray.width(), gray.height()] {
            hasher.update(&(side as u64).to_le_bytes());
        }
        let mut bytes = Vec::with_capacity(2 * RUN);
        for value in gray.values() {
            bytes.extend((value / step).to_le_bytes());
            if bytes.len() == 2 * RUN {
                hasher.update(&bytes);
                bytes.clear();
            }
        }
        hasher.update(&bytes);
        let hash = hasher.finalize();
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        Self { start: u64::from_le_bytes([a, b, c, d, e, f, g, h]), step }
    }
}
