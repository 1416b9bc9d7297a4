//! Memory that serves many batches, so that no step of a training has to ask for any.

use ndarray::Array2;

/// Gives a buffer another shape. What is in it afterwards is yet to be written. Memory is asked for only
/// where the buffer was never as large.
pub(super) fn reshape(buffer: &mut Array2<f64>, shape: (usize, usize)) {
    if buffer.dim() != shape {
        let (mut numbers, _) = std::mem::take(buffer).into_raw_vec_and_offset();
        numbers.resize(shape.0 * shape.1, 0.0);
        // There are as many numbers as the shape needs, so this cannot fail.
        *buffer = Array2::from_shape_vec(shape, numbers).unwrap_or_default();
    }
}

/// Copies some rows.
pub(super) fn take_rows(from: &Array2<f64>, rows: &[usize], to: &mut Array2<f64>) {
    reshape(to, (rows.len(), from.ncols()));
    for (mut to, &row) in to.rows_mut().into_iter().zip(rows) {
        to.assign(&from.row(row));
    }
}
