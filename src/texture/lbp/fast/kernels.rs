//! The innermost loops, over blocks of centres.

use super::value::Value;
use super::{BLOCK, STRIP, Sides};

/// Which centres of a block something holds for, the first one's bit the lowest.
pub(super) type Bits = u32;

/// What instruction sets may do in their own way. All slices are whole numbers of blocks.
pub(super) trait Kernels<V: Value>: Copy {
    /// What lies between two columns.
    #[inline(always)]
    fn between(self, near: &[V], far: &[V], weight: V::Weight, out: &mut [V]) {
        for ((out, &near), &far) in out.iter_mut().zip(near).zip(far) {
            *out = V::between(near, far, weight);
        }
    }

    /// On which sides of their centres pixels lie: negative where below.
    #[inline(always)]
    fn compare(self, pixels: &[V], centres: &[V], sides: &mut [i8]) {
        for ((side, pixel), centre) in sides.iter_mut().zip(pixels).zip(centres) {
            *side = if pixel < centre { -1 } else { i8::MAX };
        }
    }

    /// On which sides of their centres samples between two rows lie, see [`Value::side`], and which of each block
    /// rounding could decide.
    #[inline(always)]
    fn sides(
        self,
        near: &[V],
        far: &[V],
        weight: V::Weight,
        references: &[V],
        sides: &mut [i8],
        undecided: &mut [Bits],
    ) {
        let rows = near.iter().zip(far).zip(references);
        for (side, ((&near, &far), &reference)) in sides.iter_mut().zip(rows) {
            *side = V::between(near, far, weight).side(reference);
        }
        // Over the whole row, since compilers make no vectors of loops as short as a block.
        let mut marks = [0u8; STRIP];
        let marks = &mut marks[..sides.len()];
        for (mark, side) in marks.iter_mut().zip(sides) {
            *mark = u8::from((0..=V::UNDECIDED).contains(side));
        }
        for (bits, marks) in undecided.iter_mut().zip(marks.as_chunks().0) {
            *bits = bits_of(marks);
        }
    }

    /// Which of a block of centres equal all four pixels around their samples.
    #[inline(always)]
    fn ties(self, centres: &[V::Pixel; BLOCK], corners: [&[V::Pixel; BLOCK]; 4]) -> Bits {
        let mut marks = [1; BLOCK];
        for corner in corners {
            for x in 0..BLOCK {
                marks[x] &= u8::from(corner[x] == centres[x]);
            }
        }
        bits_of(&marks)
    }

    /// The riu2 bins of as many centres as `bins` takes, by the sides of all samples.
    #[inline(always)]
    fn bins(self, sides: &[Sides], bins: &mut [u8]) {
        let p = sides.len();
        let length = bins.len();
        let (mut ones, mut changes) = ([0u8; STRIP], [0u8; STRIP]);
        let (ones, changes) = (&mut ones[..length], &mut changes[..length]);
        let mut before = &sides[p - 1];
        for sides in sides {
            let counts = ones.iter_mut().zip(changes.iter_mut());
            for ((ones, changes), (&side, &before)) in counts.zip(sides.iter().zip(before)) {
                *ones += u8::from(side >= 0);
                *changes += u8::from((side ^ before) < 0);
            }
            before = sides;
        }
        for (bin, (&ones, &changes)) in bins.iter_mut().zip(ones.iter().zip(&*changes)) {
            *bin = if changes <= 2 { ones } else { p as u8 + 1 };
        }
    }
}

/// Marks of one or none as bits.
#[inline(always)]
fn bits_of(marks: &[u8; BLOCK]) -> Bits {
    let mut bits = 0;
    for (at, eight) in marks.as_chunks::<8>().0.iter().enumerate() {
        // The product gathers the lowest bits of eight bytes in its highest byte.
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= (gathered as Bits) << (8 * at);
    }
    bits
}

/// The plain loops.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl<V: Value> Kernels<V> for Plain {}
