//! Codes or bins pixel by pixel, and which pixels have close samples.

use super::super::{Close, Ring};
use super::exact::BARELY_BELOW;
use super::kernels::Kernels;
use super::value::Value;
use super::{BLOCK, STRIP, Sides, Sink};
use crate::image::Gray;

/// What is made of the sides of some centres of a row, from a column on.
pub(super) trait List {
    fn list<V: Value>(
        &mut self,
        kernels: impl Kernels<V>,
        p: usize,
        y: usize,
        left: usize,
        n: usize,
        sides: &Sides,
    );
}

/// Gives codes.
pub(super) struct Codes<F>(pub F);

impl<F: FnMut(usize, usize, &[u32])> List for Codes<F> {
    #[inline(always)]
    fn list<V: Value>(
        &mut self,
        _kernels: impl Kernels<V>,
        p: usize,
        y: usize,
        left: usize,
        n: usize,
        sides: &Sides,
    ) {
        let mut codes = [0u32; STRIP];
        let codes = &mut codes[..n];
        for (k, sides) in sides[..p].iter().enumerate() {
            for (code, &side) in codes.iter_mut().zip(sides) {
                *code |= u32::from(side >= 0) << k;
            }
        }
        (self.0)(y, left, codes);
    }
}

/// Gives riu2 bins.
pub(super) struct Bins<F>(pub F);

impl<F: FnMut(usize, usize, &[u8])> List for Bins<F> {
    #[inline(always)]
    fn list<V: Value>(
        &mut self,
        kernels: impl Kernels<V>,
        p: usize,
        y: usize,
        left: usize,
        n: usize,
        sides: &Sides,
    ) {
        let mut bins = [0u8; STRIP];
        kernels.bins(sides, p, &mut bins[..n.next_multiple_of(BLOCK)]);
        (self.0)(y, left, &bins[..n]);
    }
}

/// Lists, and collects the pixels that have close samples.
pub(super) struct Listed<L> {
    list: L,
    p: usize,
    columns: usize,
    pub close: Vec<Close>,
}

impl<L> Listed<L> {
    pub fn new(picture: &Gray, ring: &Ring, list: L) -> Self {
        let (columns, _) = ring.interior(picture.width(), picture.height());
        Self { list, p: ring.p(), columns, close: Vec::new() }
    }
}

impl<L: List> Sink for Listed<L> {
    #[inline(always)]
    fn take<V: Value>(
        &mut self,
        kernels: impl Kernels<V>,
        y: usize,
        left: usize,
        n: usize,
        sides: &Sides,
        _inside: Option<&[bool]>,
    ) {
        self.list.list(kernels, self.p, y, left, n, sides);
        let sides = &sides[..self.p];
        // What was not decided ties.
        let is_close = |side: i8| (0..=V::UNDECIDED).contains(&side) | (side == BARELY_BELOW);
        let mut marks = [0u8; STRIP];
        let marks = &mut marks[..n.next_multiple_of(BLOCK)];
        for sides in sides {
            for (mark, &side) in marks.iter_mut().zip(sides) {
                *mark |= u8::from(is_close(side));
            }
        }
        for (block, marks) in marks.as_chunks::<BLOCK>().0.iter().enumerate() {
            if marks == &[0; BLOCK] {
                continue;
            }
            let columns = block * BLOCK..n.min((block + 1) * BLOCK);
            for x in columns.filter(|x| marks[x % BLOCK] != 0) {
                let bits = |is_set: &dyn Fn(i8) -> bool| {
                    (0..)
                        .zip(sides)
                        .fold(0, |bits, (k, side)| bits | u32::from(is_set(side[x])) << k)
                };
                let at = y * self.columns + left + x;
                let (code, samples) = (bits(&|side| side >= 0), bits(&is_close));
                self.close.push(Close { at, code, samples });
            }
        }
    }
}
