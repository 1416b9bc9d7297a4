//! Local binary patterns for `textura.feature`: samples interpolated in floats in the order of operations in which
//! scikit-image does, so that ties fall as there; patterns become bins by the library's rules.
//!
//! The library's own patterns decide ties in whole numbers and look only at pixels whose ring lies in the picture;
//! [`whole`] makes use of them.

use ndarray::{Array2, ArrayView2};
use numpy::{IntoPyArray, PyArray2, PyReadonlyArray2};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use textura::texture::lbp::{riu2, ror, u2};

use crate::errors::guarded;

mod whole;

/// What becomes of the samples around a pixel.
#[derive(Clone, Copy, PartialEq)]
enum Method {
    Default,
    Ror,
    Uniform,
    NriUniform,
    Var,
}

impl Method {
    /// What becomes of a code of `p` samples; the variance is made of samples, not of codes.
    fn number(self, code: u32, p: usize) -> f64 {
        match self {
            Self::Default | Self::Var => f64::from(code),
            Self::Ror => f64::from(ror(code, p)),
            Self::Uniform => riu2(code, p) as f64,
            Self::NriUniform => u2(code, p) as f64,
        }
    }
}

/// More samples than a code has bits.
const MAX_SAMPLES: usize = 31;

/// One number a pixel, shape (rows, columns): of samples at the offsets in rows and in columns around it, zeros lying
/// beyond the border.
#[pyfunction]
#[pyo3(signature = (image, rows, columns, radius, method))]
pub fn ring_patterns<'py>(
    py: Python<'py>,
    image: PyReadonlyArray2<'py, f64>,
    rows: Vec<f64>,
    columns: Vec<f64>,
    radius: f64,
    method: &str,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let method = match method {
        "default" => Method::Default,
        "ror" => Method::Ror,
        "uniform" => Method::Uniform,
        "nri_uniform" => Method::NriUniform,
        "var" => Method::Var,
        other => return Err(PyValueError::new_err(format!("no method {other:?}"))),
    };
    if MAX_SAMPLES < rows.len() && method != Method::Var {
        let found = rows.len();
        return Err(PyValueError::new_err(format!(
            "expected P of at most {MAX_SAMPLES}, found {found}"
        )));
    }
    let image = image.as_array();
    let patterns = py.detach(|| {
        guarded(|| {
            let whole = whole::patterns(image, &rows, &columns, radius, method);
            Ok(whole.unwrap_or_else(|| patterns(image, &rows, &columns, method)))
        })
    })?;
    Ok(patterns.into_pyarray(py))
}

/// Where the samples of all pixels of one row, or of one column, lie between two rows or columns.
#[derive(Clone, Copy)]
struct Between {
    low: isize,
    high: isize,
    /// How far beyond the lower one.
    share: f64,
}

impl Between {
    fn of(at: usize, offset: f64) -> Self {
        let place = at as f64 + offset;
        let low = place.floor();
        Self { low: low as isize, high: place.ceil() as isize, share: place - low }
    }
}

/// A picture with zeros around it, wide enough for the ring.
struct Padded {
    values: Vec<f64>,
    width: usize,
    margin: usize,
}

impl Padded {
    fn of(image: ArrayView2<'_, f64>, margin: usize) -> Self {
        let (rows, columns) = image.dim();
        let width = columns + 2 * margin;
        let mut values = vec![0.0; width * (rows + 2 * margin)];
        for (y, row) in image.rows().into_iter().enumerate() {
            let start = (y + margin) * width + margin;
            for (value, &pixel) in values[start..start + columns].iter_mut().zip(row) {
                *value = pixel;
            }
        }
        Self { values, width, margin }
    }

    /// A row of the picture, or one of zeros beyond it, with its margins.
    fn row(&self, y: isize) -> &[f64] {
        let y = y.saturating_add_unsigned(self.margin).max(0) as usize;
        &self.values[y * self.width..(y + 1) * self.width]
    }
}

/// Where one sample of every pixel of a row lies: between which columns of the padded picture, and how far beyond
/// the left one.
struct Across {
    left: Vec<usize>,
    right: Vec<usize>,
    share: Vec<f64>,
    /// The first left and the first right column, where the others follow side by side.
    first: Option<(usize, usize)>,
}

impl Across {
    fn new(left: Vec<usize>, right: Vec<usize>, share: Vec<f64>) -> Self {
        let step = |columns: &[usize]| columns.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        let first = left.first().copied().zip(right.first().copied());
        let first = first.filter(|_| step(&left) && step(&right));
        Self { left, right, share, first }
    }

    /// The samples of a row of pixels, between two rows of the padded picture.
    fn sample(&self, above: &[f64], below: &[f64], down: f64, samples: &mut [f64]) {
        let n = samples.len();
        if let Some((left, right)) = self.first {
            // Columns side by side, so that many samples are worked out at once.
            let (top_left, top_right) = (&above[left..left + n], &above[right..right + n]);
            let (bottom_left, bottom_right) = (&below[left..left + n], &below[right..right + n]);
            let share = &self.share[..n];
            for x in 0..n {
                samples[x] = between(
                    [top_left[x], top_right[x], bottom_left[x], bottom_right[x]],
                    share[x],
                    down,
                );
            }
            return;
        }
        for (x, sample) in samples.iter_mut().enumerate() {
            let (left, right) = (self.left[x], self.right[x]);
            let corners = [above[left], above[right], below[left], below[right]];
            *sample = between(corners, self.share[x], down);
        }
    }
}

/// What lies between four pixels, at the top left and right and at the bottom left and right.
fn between(corners: [f64; 4], right: f64, down: f64) -> f64 {
    let [top_left, top_right, bottom_left, bottom_right] = corners;
    let top = (1.0 - right) * top_left + right * top_right;
    let bottom = (1.0 - right) * bottom_left + right * bottom_right;
    (1.0 - down) * top + down * bottom
}

fn patterns(
    image: ArrayView2<'_, f64>,
    row_offsets: &[f64],
    column_offsets: &[f64],
    method: Method,
) -> Array2<f64> {
    let (n_rows, n_columns) = image.dim();
    let p = row_offsets.len();
    if p == 0 {
        let nothing = if method == Method::Var { f64::NAN } else { 0.0 };
        return Array2::from_elem((n_rows, n_columns), nothing);
    }
    let reach = row_offsets.iter().chain(column_offsets).fold(0.0f64, |most, o| most.max(o.abs()));
    // Beyond the picture's own size there are zeros only, however far.
    let margin = (reach.ceil().max(0.0) as usize + 1).min(n_rows.max(n_columns) + 1);
    let padded = Padded::of(image, margin);
    let clamp = |at: isize, n: usize| at.clamp(-(margin as isize), (n + margin) as isize - 1);
    // The places across do not depend on the row.
    let across: Vec<Across> = column_offsets
        .iter()
        .map(|&offset| {
            let places = || (0..n_columns).map(move |x| Between::of(x, offset));
            let index = |at: isize| (clamp(at, n_columns) + margin as isize) as usize;
            let left = places().map(|place| index(place.low)).collect();
            let right = places().map(|place| index(place.high)).collect();
            Across::new(left, right, places().map(|place| place.share).collect())
        })
        .collect();
    let mut out = Array2::zeros((n_rows, n_columns));
    let mut codes = vec![0u32; n_columns];
    let (mut sums, mut squares) = (vec![0.0; n_columns], vec![0.0; n_columns]);
    let mut samples = vec![0.0; n_columns];
    for (y, mut out) in out.rows_mut().into_iter().enumerate() {
        codes.fill(0);
        sums.fill(0.0);
        squares.fill(0.0);
        let centres = &padded.row(y as isize)[margin..margin + n_columns];
        for (k, (&offset, across)) in row_offsets.iter().zip(&across).enumerate() {
            let Between { low, high, share } = Between::of(y, offset);
            let (above, below) = (padded.row(clamp(low, n_rows)), padded.row(clamp(high, n_rows)));
            across.sample(above, below, share, &mut samples);
            if method == Method::Var {
                for ((sum, square), sample) in sums.iter_mut().zip(&mut squares).zip(&samples) {
                    *sum += sample;
                    *square += sample * sample;
                }
            } else {
                for ((code, sample), centre) in codes.iter_mut().zip(&samples).zip(centres) {
                    *code |= u32::from(sample - centre >= 0.0) << k;
                }
            }
        }
        for (x, value) in out.iter_mut().enumerate() {
            *value = match method {
                Method::Var => {
                    let n = p as f64;
                    let variance = (squares[x] - (sums[x] * sums[x]) / n) / n;
                    if variance != 0.0 { variance } else { f64::NAN }
                }
                _ => method.number(codes[x], p),
            };
        }
    }
    out
}

/// The eight blocks around the middle one, clockwise from the top left, in blocks down and to the right.
const AROUND: [(usize, usize); 8] =
    [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)];

/// The pattern of nine blocks of a picture that is given as its integral image: bit 7 - k is set where block k of
/// those around is at least as bright as the middle one.
#[pyfunction]
#[pyo3(signature = (integral, row, column, width, height))]
pub fn multiblock_code(
    integral: PyReadonlyArray2<'_, f32>,
    row: isize,
    column: isize,
    width: isize,
    height: isize,
) -> PyResult<u32> {
    let integral = integral.as_array();
    let (n_rows, n_columns) = integral.dim();
    let is_inside = |first: isize, length: isize, n: usize| {
        let last = length.checked_mul(3).and_then(|all| first.checked_add(all));
        0 <= first && 1 <= length && last.is_some_and(|last| last as usize <= n)
    };
    if !is_inside(row, height, n_rows) || !is_inside(column, width, n_columns) {
        return Err(PyIndexError::new_err(format!(
            "expected nine blocks inside the integral image of {n_rows} x {n_columns}, found blocks of {height} x \
             {width} from row {row} and column {column} on"
        )));
    }
    let (row, column) = (row as usize, column as usize);
    let (width, height) = (width as usize, height as usize);
    let sum = |(down, right): (usize, usize)| {
        let (top, left) = (row + down * height, column + right * width);
        let (bottom, end) = (top + height - 1, left + width - 1);
        let mut sum = integral[(bottom, end)];
        if 0 < top && 0 < left {
            sum += integral[(top - 1, left - 1)];
        }
        if 0 < top {
            sum -= integral[(top - 1, end)];
        }
        if 0 < left {
            sum -= integral[(bottom, left - 1)];
        }
        sum
    };
    let middle = sum((1, 1));
    let bits = (0..).zip(AROUND).map(|(k, block)| u32::from(sum(block) >= middle) << (7 - k));
    Ok(bits.fold(0, |code, bit| code | bit))
}
