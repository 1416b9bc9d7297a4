//! Patterns of whole numbers up to 16 bits by the library, with zeros around the picture. They are the same but where a
//! sample lies within a millionth of a grey value of its centre: elsewhere floats are off by less. Only those samples
//! are worked out in floats.

use ndarray::{Array2, ArrayView2};
use textura::image::{Gray, Samples};
use textura::texture::lbp::{Close, Ring, codes_and_close, riu2_bins_and_close};

use super::{Between, Method, between};

/// One number a pixel; nothing for other numbers, where the library has no such ring, and where so many samples tie that
/// all are sooner worked out in floats, side by side.
pub fn patterns(
    image: ArrayView2<'_, f64>,
    row_offsets: &[f64],
    column_offsets: &[f64],
    radius: f64,
    method: Method,
) -> Option<Array2<f64>> {
    if method == Method::Var {
        return None;
    }
    let (picture, ring) = picture_and_ring(image, row_offsets, column_offsets, radius)?;
    let p = ring.p();
    let (mut numbers, close): (Vec<f64>, _) = if method == Method::Uniform {
        let (bins, close) = riu2_bins_and_close(&picture, &ring)?;
        (bins.into_iter().map(f64::from).collect(), close)
    } else {
        let (codes, close) = codes_and_close(&picture, &ring)?;
        (codes.into_iter().map(|code| method.number(code, p)).collect(), close)
    };
    let (n_rows, n_columns) = image.dim();
    let pixel = |y: isize, x: isize| -> f64 {
        let is_inside = (0..n_rows as isize).contains(&y) && (0..n_columns as isize).contains(&x);
        if is_inside { image[(y as usize, x as usize)] } else { 0.0 }
    };
    for Close { at, code, samples } in close {
        let (y, x) = (at / n_columns, at % n_columns);
        let mut decided = code;
        for k in (0..p).filter(|k| samples >> k & 1 == 1) {
            let (down, right) = (Between::of(y, row_offsets[k]), Between::of(x, column_offsets[k]));
            let corners = [
                pixel(down.low, right.low),
                pixel(down.low, right.high),
                pixel(down.high, right.low),
                pixel(down.high, right.high),
            ];
            let difference = between(corners, right.share, down.share) - image[(y, x)];
            decided = decided & !(1 << k) | u32::from(difference >= 0.0) << k;
        }
        if decided != code {
            numbers[at] = method.number(decided, p);
        }
    }
    Array2::from_shape_vec((n_rows, n_columns), numbers).ok()
}

/// A picture of whole numbers with zeros around it, so that every pixel has its whole ring in it, and the library's ring
/// of those offsets.
fn picture_and_ring(
    image: ArrayView2<'_, f64>,
    row_offsets: &[f64],
    column_offsets: &[f64],
    radius: f64,
) -> Option<(Gray, Ring)> {
    let ring = Ring::new(row_offsets.len(), radius).ok()?;
    let units = |offset: f64| (offset * 1e5).round() as i64;
    let offsets = column_offsets.iter().zip(row_offsets).map(|(&x, &y)| (units(x), units(y)));
    let (n_rows, n_columns) = image.dim();
    let margin = ring.margin();
    if n_rows.min(n_columns) < margin || !ring.offsets().eq(offsets) {
        return None;
    }
    let samples = match padded(image, margin, |value| value as u8) {
        Some(values) => Samples::Eight(values),
        None => Samples::Sixteen(padded(image, margin, |value| value as u16)?),
    };
    let picture = Gray::new(n_columns + 2 * margin, n_rows + 2 * margin, samples).ok()?;
    Some((picture, ring))
}

/// With zeros around them, and narrowed; nothing where that changes a number.
fn padded<T: Copy + Default + Into<f64>>(
    image: ArrayView2<'_, f64>,
    margin: usize,
    narrow: impl Fn(f64) -> T,
) -> Option<Vec<T>> {
    let (rows, columns) = image.dim();
    let width = columns + 2 * margin;
    let mut values = vec![T::default(); width * (rows + 2 * margin)];
    let mut is_whole = true;
    for (y, row) in image.rows().into_iter().enumerate() {
        let start = (y + margin) * width + margin;
        for (value, &pixel) in values[start..start + columns].iter_mut().zip(row) {
            *value = narrow(pixel);
            is_whole &= (*value).into() == pixel;
        }
    }
    is_whole.then_some(values)
}
