//! The rows that the rings around one row of centres reach into, interpolated across.
//!
//! A sample is interpolated across, between two columns, and then down, between two rows. What lies
//! between two columns at one distance from the centre serves the samples above and below in every row of
//! centres in turn; so it is computed once for each row of the picture and kept while it is needed.

use super::super::Ring;
use super::super::ring::{Place, UNIT};
use super::BLOCK;
use super::kernels::Kernels;
use super::value::Value;

/// A sample's place made ready. Rows and columns are counted from the first that the ring reaches.
struct Around<W> {
    /// Where its rows are interpolated across; nowhere where it lies in a column of pixels.
    plane: Option<usize>,
    column: usize,
    /// Of the two rows between which it lies the nearer and the farther one. A row of no weight repeats its neighbour,
    /// since it may lie outside the picture.
    near: usize,
    far: usize,
    /// The share of the farther one; none where the sample lies on a pixel, so that nothing is rounded.
    weight: Option<W>,
}

/// The samples number k around a row of centres, from the first centre on: of the two rows between which they lie
/// the nearer and the farther one, and the share of that; none where they lie on pixels of the nearer one.
pub(super) struct Tap<'a, V: Value> {
    pub near: &'a [V],
    pub far: &'a [V],
    pub weight: Option<V::Weight>,
}

/// Rows interpolated between one column and the next.
struct Plane<V: Value> {
    column: usize,
    right: i64,
    weight: V::Weight,
    rows: Kept,
}

/// Where the rows are that are needed at a time, each at its number modulo how many there are.
struct Kept {
    /// Where they begin among all values, and how long each is.
    start: usize,
    length: usize,
    /// How many there are, and the number of the first, counted from the first that the ring reaches.
    n: usize,
    top: usize,
    /// Which of them is the first that is needed.
    first: usize,
}

impl Kept {
    fn new(top: usize, n: usize) -> Self {
        Self { start: 0, length: 0, n, top, first: 0 }
    }

    /// Widens them to take in a row.
    fn need(&mut self, row: usize) {
        let end = (self.top + self.n).max(row + 1);
        self.top = self.top.min(row);
        self.n = end - self.top;
    }

    /// Makes room for rows of a length from `start` on; gives where it ends.
    fn begin(&mut self, start: usize, length: usize) -> usize {
        (self.start, self.length, self.first) = (start, length, 0);
        start + self.n * length
    }

    /// Where a row begins. A division would take longer.
    #[inline(always)]
    fn at(&self, row: usize) -> usize {
        let row = self.first + row - self.top;
        self.start + (if row < self.n { row } else { row - self.n }) * self.length
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.first = if self.first + 1 == self.n { 0 } else { self.first + 1 };
    }
}

/// Rows of a strip of columns, of pixels and between them.
pub(super) struct Rows<V: Value> {
    margin: usize,
    places: Vec<Around<V::Weight>>,
    planes: Vec<Plane<V>>,
    pixels: Kept,
    /// First the pixels, then all planes.
    values: Vec<V>,
    /// Where the nearer and the farther row of every sample begin.
    starts: Vec<[usize; 2]>,
    n_pushed: usize,
}

impl<V: Value> Rows<V> {
    pub fn new(ring: &Ring) -> Self {
        let margin = ring.margin();
        let mut planes: Vec<Plane<V>> = Vec::new();
        let mut places = Vec::with_capacity(ring.p());
        for &Place { column, row, right, down } in ring.places() {
            let column = margin.saturating_add_signed(column);
            let row = margin.saturating_add_signed(row);
            let (near, far, weight) = nearer_first(row, down);
            let plane = (right != 0).then(|| {
                let is_same = |plane: &Plane<V>| (plane.column, plane.right) == (column, right);
                let at = planes.iter().position(is_same).unwrap_or(planes.len());
                if at == planes.len() {
                    let (_, _, weight) = nearer_first(column, right);
                    let (weight, rows) = (V::weight(weight), Kept::new(near, 1));
                    planes.push(Plane { column, right, weight, rows });
                }
                planes[at].rows.need(near);
                planes[at].rows.need(far);
                at
            });
            let weight = (right != 0 || down != 0).then(|| V::weight(weight));
            places.push(Around { plane, column, near, far, weight });
        }
        let (pixels, starts) = (Kept::new(0, 2 * margin + 1), vec![[0; 2]; places.len()]);
        Self { margin, places, planes, pixels, values: Vec::new(), starts, n_pushed: 0 }
    }

    /// Begins a strip of `columns` centres.
    pub fn begin(&mut self, columns: usize) {
        let length = columns.next_multiple_of(BLOCK);
        // A sample between the last two columns reads one pixel more.
        let mut end = self.pixels.begin(0, length + 2 * self.margin + 1);
        for plane in &mut self.planes {
            end = plane.rows.begin(end, length);
        }
        self.values.resize(end, V::default());
        self.n_pushed = 0;
    }

    /// Takes in the pixels of the next row, those of the strip and the ring's margin on either side, and turns
    /// to the centres whose rings reach no further: gives the row at which those begin, once there is one.
    #[inline(always)]
    pub fn push(&mut self, kernels: impl Kernels<V>, pixels: &[V::Pixel]) -> Option<usize> {
        let last = self.pixels.n - 1;
        if self.n_pushed > last {
            self.pixels.advance();
        }
        let start = self.pixels.at(self.n_pushed.min(last));
        for (value, &pixel) in self.values[start..][..pixels.len()].iter_mut().zip(pixels) {
            *value = V::of(pixel);
        }
        self.n_pushed += 1;
        let y = self.n_pushed.checked_sub(last + 1)?;
        self.interpolate(kernels, y == 0);
        Some(y)
    }

    /// Interpolates across what has come in: all rows at the first centres, afterwards the last one.
    #[inline(always)]
    fn interpolate(&mut self, kernels: impl Kernels<V>, is_first: bool) {
        let end_of_pixels = self.pixels.n * self.pixels.length;
        let (pixels, values) = self.values.split_at_mut(end_of_pixels);
        for Plane { column, right, weight, rows } in &mut self.planes {
            let n_there = if is_first { 0 } else { rows.n - 1 };
            if !is_first {
                rows.advance();
            }
            for row in rows.top + n_there..rows.top + rows.n {
                let start = self.pixels.at(row) + *column;
                let lefts = &pixels[start..][..rows.length];
                let rights = &pixels[start + 1..][..rows.length];
                let out = &mut values[rows.at(row) - end_of_pixels..][..rows.length];
                let (nears, fars) =
                    if 2 * *right <= UNIT { (lefts, rights) } else { (rights, lefts) };
                kernels.between(nears, fars, *weight, out);
            }
        }
        for (place, [near, far]) in self.places.iter().zip(&mut self.starts) {
            let (rows, column) = match place.plane {
                None => (&self.pixels, place.column),
                Some(plane) => (&self.planes[plane].rows, 0),
            };
            *near = rows.at(place.near) + column;
            *far = rows.at(place.far) + column;
        }
    }

    /// The samples around the centres, one tap after the other.
    #[inline(always)]
    pub fn taps(&self) -> impl Iterator<Item = Tap<'_, V>> {
        self.places.iter().zip(&self.starts).map(|(place, &[near, far])| Tap {
            near: &self.values[near..],
            far: &self.values[far..],
            weight: place.weight,
        })
    }

    /// The centres.
    #[inline(always)]
    pub fn centres(&self) -> &[V] {
        &self.values[self.pixels.at(self.margin) + self.margin..]
    }
}

/// Of a pixel and the one after it the nearer and the farther one to a place between them, and the farther one's share,
/// in units. Where the place lies on the pixel, it is both.
fn nearer_first(first: usize, units: i64) -> (usize, usize, i64) {
    if units == 0 {
        (first, first, 0)
    } else if 2 * units <= UNIT {
        (first, first + 1, units)
    } else {
        (first + 1, first, UNIT - units)
    }
}
