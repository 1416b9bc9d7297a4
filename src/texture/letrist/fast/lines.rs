//! Blocks of neighbouring columns, and those that lie symmetrically around one.

use pulp::Simd;

/// Two vectors: enough sums side by side that none has to wait for the addition before it.
pub(super) type Block<S> = [<S as Simd>::f64s; 2];

/// Columns of a block.
#[inline(always)]
pub(super) fn columns_of_block<S: Simd>() -> usize {
    2 * S::F64_LANES
}

#[inline(always)]
pub(super) fn load<S: Simd>(cells: &[f64], at: usize) -> Block<S> {
    let (vectors, _) = S::as_simd_f64s(&cells[at..at + columns_of_block::<S>()]);
    [vectors[0], vectors[1]]
}

#[inline(always)]
pub(super) fn store<S: Simd>(cells: &mut [f64], at: usize, block: Block<S>) {
    let (vectors, _) = S::as_mut_simd_f64s(&mut cells[at..at + columns_of_block::<S>()]);
    vectors[0] = block[0];
    vectors[1] = block[1];
}

/// The blocks along an axis, of N pictures at once.
pub(super) trait Line<const N: usize> {
    type Pairs: Pairs<N>;

    /// The block in the middle.
    fn here<S: Simd>(&self) -> [Block<S>; N];

    /// The blocks before and after it that lie farther away than `from`, up to `to`.
    fn pairs<S: Simd>(&self, from: usize, to: usize) -> Self::Pairs;
}

/// Pairs of blocks, the nearest first.
pub(super) trait Pairs<const N: usize> {
    /// The next before and after. Nothing where there are no more.
    fn next<S: Simd>(&mut self) -> Option<[[Block<S>; N]; 2]>;
}

/// Along a row, from a place in it.
pub(super) struct Across<'a> {
    pub cells: &'a [f64],
    pub at: usize,
}

/// The next pair ends the one slice and begins the other.
pub(super) struct AcrossPairs<'a> {
    before: &'a [f64],
    after: &'a [f64],
}

impl<'a> Line<1> for Across<'a> {
    type Pairs = AcrossPairs<'a>;

    #[inline(always)]
    fn here<S: Simd>(&self) -> [Block<S>; 1] {
        [load::<S>(self.cells, self.at)]
    }

    #[inline(always)]
    fn pairs<S: Simd>(&self, from: usize, to: usize) -> Self::Pairs {
        let Self { cells, at } = *self;
        let more = columns_of_block::<S>() - 1;
        AcrossPairs {
            before: &cells[at - to..at - from + more],
            after: &cells[at + from + 1..at + to + 1 + more],
        }
    }
}

impl Pairs<1> for AcrossPairs<'_> {
    #[inline(always)]
    fn next<S: Simd>(&mut self) -> Option<[[Block<S>; 1]; 2]> {
        let n = columns_of_block::<S>();
        let (_, last) = self.before.split_at_checked(self.before.len().checked_sub(n)?)?;
        let (first, _) = self.after.split_at_checked(n)?;
        self.before = &self.before[..self.before.len() - 1];
        self.after = &self.after[1..];
        Some([[load::<S>(last, 0)], [load::<S>(first, 0)]])
    }
}

impl<'a> Line<2> for [Across<'a>; 2] {
    type Pairs = [AcrossPairs<'a>; 2];

    #[inline(always)]
    fn here<S: Simd>(&self) -> [Block<S>; 2] {
        [self[0].here::<S>()[0], self[1].here::<S>()[0]]
    }

    #[inline(always)]
    fn pairs<S: Simd>(&self, from: usize, to: usize) -> Self::Pairs {
        [self[0].pairs::<S>(from, to), self[1].pairs::<S>(from, to)]
    }
}

impl Pairs<2> for [AcrossPairs<'_>; 2] {
    #[inline(always)]
    fn next<S: Simd>(&mut self) -> Option<[[Block<S>; 2]; 2]> {
        let [[before], [after]] = self[0].next::<S>()?;
        let [[other_before], [other_after]] = self[1].next::<S>()?;
        Some([[before, other_before], [after, other_after]])
    }
}

/// Along a column of N pictures, from the middle one of some rows. A row holds the pictures' blocks in turn.
pub(super) struct Down<'a, const N: usize> {
    pub rows: &'a [&'a [f64]],
    /// Where in a row the first picture's block stands.
    pub at: usize,
}

/// The next pair ends the one list of rows and begins the other.
pub(super) struct DownPairs<'a, const N: usize> {
    before: &'a [&'a [f64]],
    after: &'a [&'a [f64]],
    at: usize,
}

impl<'a, const N: usize> Line<N> for Down<'a, N> {
    type Pairs = DownPairs<'a, N>;

    #[inline(always)]
    fn here<S: Simd>(&self) -> [Block<S>; N] {
        load_each::<S, N>(self.rows[self.rows.len() / 2], self.at)
    }

    #[inline(always)]
    fn pairs<S: Simd>(&self, from: usize, to: usize) -> Self::Pairs {
        let middle = self.rows.len() / 2;
        DownPairs {
            before: &self.rows[middle - to..middle - from],
            after: &self.rows[middle + from + 1..middle + to + 1],
            at: self.at,
        }
    }
}

impl<const N: usize> Pairs<N> for DownPairs<'_, N> {
    #[inline(always)]
    fn next<S: Simd>(&mut self) -> Option<[[Block<S>; N]; 2]> {
        let (&last, before) = self.before.split_last()?;
        let (&first, after) = self.after.split_first()?;
        (self.before, self.after) = (before, after);
        Some([load_each::<S, N>(last, self.at), load_each::<S, N>(first, self.at)])
    }
}

/// Blocks that stand side by side: one check of the bounds for all.
#[inline(always)]
fn load_each<S: Simd, const N: usize>(cells: &[f64], at: usize) -> [Block<S>; N] {
    let n = columns_of_block::<S>();
    let (vectors, _) = S::as_simd_f64s(&cells[at..at + N * n]);
    let mut blocks = [[vectors[0]; 2]; N];
    for (k, block) in blocks.iter_mut().enumerate() {
        *block = [vectors[2 * k], vectors[2 * k + 1]];
    }
    blocks
}
