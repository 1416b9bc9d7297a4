//! The ReLU that learns what to leave of negative numbers.

use ndarray::{Array1, Array2, Zip};

use super::pass::Passed;

/// `y = x` for x > 0, else `a x`, with one learned slope `a` a unit.
///
/// Gradients, for the gradient `d` (N, units) of the loss by y: by x `d` where x > 0, else `a d`; by a the
/// column sums of `d x` over the rows with x <= 0. At x = 0 the value is 0 and the left-hand slope `a` is
/// taken. He 2015, equations 1, 8 and 9 ("channel-wise"); slopes start at 1/4, as there, and weight decay
/// leaves them alone.
///
/// ```
/// use ndarray::array;
/// use textura::network::{Layer, Network, Dense, Prelu};
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

    pub(super) fn forward(&self, x: &Array2<f64>, output: &mut Array2<f64>) {
        Zip::from(output.rows_mut()).and(x.rows()).for_each(|y, x| {
            Zip::from(y).and(x).and(&self.slopes).for_each(|y, &x, slope| {
                *y = if 0.0 < x { x } else { slope * x };
            });
        });
    }

    /// Writes the gradient by the slopes and the one by the input.
    pub(super) fn backward(
        &self,
        Passed { input, by_output, .. }: Passed<'_>,
        by_slopes: &mut [f64],
        by_input: &mut Array2<f64>,
    ) {
        by_slopes.fill(0.0);
        by_input.assign(by_output);
        for (mut d, x) in by_input.rows_mut().into_iter().zip(input.rows()) {
            let entries = d.iter_mut().zip(x).zip(&self.slopes).zip(&mut *by_slopes);
            for (((d, &x), slope), by_slope) in entries {
                if x <= 0.0 {
                    *by_slope += *d * x;
                    *d *= slope;
                }
            }
        }
    }
}
