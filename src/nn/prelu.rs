//! The ReLU that learns what to leave of negative numbers.

use ndarray::{Array1, Array2, Axis, Zip};

/// `y = x` for x > 0, else `a x`, with one learned slope `a` a unit.
///
/// Gradients, for the gradient `d` (N, units) of the loss by y: by x `d` where x > 0, else `a d`; by a the
/// column sums of `d x` over the rows with x <= 0. At x = 0 the value is 0 and the left-hand slope `a` is
/// taken. He 2015, equations 1, 8 and 9 ("channel-wise"); slopes start at 1/4, as there, and weight decay
/// leaves them alone.
///
/// ```
/// use ndarray::array;
/// use textura::nn::{Layer, Network, Dense, Prelu};
/// let unit = Dense::new(array![[1.0]], array![0.0])?;
/// let network = Network::new(vec![Layer::Dense(unit), Layer::Prelu(Prelu::new(array![0.5]))])?;
/// assert_eq!(network.logits(&array![[-4.0], [3.0]])?, array![[-2.0], [3.0]]);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Prelu {
    pub(super) slopes: Array1<f64>,
}

impl Prelu {
    /// Where slopes start.
    pub const START: f64 = 0.25;

    /// Wraps one slope a unit.
    pub fn new(slopes: Array1<f64>) -> Self {
        Self { slopes }
    }

    /// Fresh slopes for so many units.
    pub fn fresh(width: usize) -> Self {
        Self::new(Array1::from_elem(width, Self::START))
    }

    /// One a unit.
    pub fn slopes(&self) -> &Array1<f64> {
        &self.slopes
    }

    pub(super) fn forward(&self, mut x: Array2<f64>) -> Array2<f64> {
        Zip::from(x.rows_mut()).for_each(|mut row| {
            row.zip_mut_with(&self.slopes, |x, &slope| *x = if 0.0 < *x { *x } else { slope * *x });
        });
        x
    }

    /// The gradient by the input; adds the one by the slopes to `by_slopes`.
    pub(super) fn backward(
        &self,
        input: &Array2<f64>,
        mut gradient: Array2<f64>,
        by_slopes: &mut [f64],
    ) -> Array2<f64> {
        for (mut d, x) in gradient.axis_iter_mut(Axis(0)).zip(input.axis_iter(Axis(0))) {
            let entries = d.iter_mut().zip(x).zip(&self.slopes).zip(&mut *by_slopes);
            for (((d, &x), slope), by_slope) in entries {
                if x <= 0.0 {
                    *by_slope += *d * x;
                    *d *= slope;
                }
            }
        }
        gradient
    }
}
