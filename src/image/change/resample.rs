//! Weighted means of neighbouring pixels: other sizes and blur.

use crate::error::Result;
use crate::image::{Gray, Samples};

/// The pixels that one pixel of the result is a mean of, along one axis; the weights sum to 1.
struct Taps {
    first: usize,
    weights: Vec<f64>,
}

/// Width and height times a factor, at least 1.
pub(super) fn scaled_size(plane: &Gray, factor: f64) -> (usize, usize) {
    let scaled = |n: usize| ((n as f64 * factor).round() as usize).max(1);
    (scaled(plane.width()), scaled(plane.height()))
}

/// Another size by a triangle filter. Where the result is smaller, the triangle is as many times wider,
/// so that no detail turns into a pattern that was not there.
pub(super) fn scale(plane: &Gray, width: usize, height: usize) -> Result<Gray> {
    let along = |n_in: usize, n_out: usize| {
        let radius = f64::max(n_in as f64 / n_out as f64, 1.0);
        taps(n_in, n_out, radius, |distance| 1.0 - distance / radius)
    };
    weigh(plane, &along(plane.width(), width), &along(plane.height(), height))
}

// imageproc 0.27 takes 40 ns a pixel at a standard deviation of 2, 95 here (512x512 pixels, AMD EPYC, one of two busy cores),
// but it cuts off at two standard deviations, replicates the border and rounds to the depth between the two passes.
/// A Gaussian, cut off at four standard deviations.
pub(super) fn blur(plane: &Gray, sigma: f64) -> Result<Gray> {
    let along = |n: usize| {
        let weight = |distance: f64| (-0.5 * (distance / sigma).powi(2)).exp();
        taps(n, n, (4.0 * sigma).ceil(), weight)
    };
    weigh(plane, &along(plane.width()), &along(plane.height()))
}

/// Another size, each pixel that of the old picture in which its middle lies.
pub(super) fn nearest(labels: &Gray, width: usize, height: usize) -> Result<Gray> {
    let source = |at: usize, n_in: usize, n_out: usize| (2 * at + 1) * n_in / (2 * n_out);
    let values = (0..width * height).map(|at| {
        let x = source(at % width, labels.width(), width);
        labels.value(x, source(at / width, labels.height(), height))
    });
    Gray::new(width, height, Samples::of(labels.bits(), values))
}

/// The taps of every pixel of the result. Beyond an edge there is nothing: the rest weighs more.
fn taps(n_in: usize, n_out: usize, radius: f64, weight: impl Fn(f64) -> f64) -> Vec<Taps> {
    let ratio = n_in as f64 / n_out as f64;
    let of = |at: usize| {
        let center = (at as f64 + 0.5) * ratio - 0.5;
        let first = (center - radius).ceil().max(0.0) as usize;
        let last = ((center + radius).floor() as usize).min(n_in - 1);
        let weights: Vec<f64> =
            (first..=last).map(|near| weight((near as f64 - center).abs())).collect();
        let sum: f64 = weights.iter().sum();
        Taps { first, weights: weights.into_iter().map(|w| w / sum).collect() }
    };
    (0..n_out).map(of).collect()
}

/// Down the columns first, then along the rows: one row of fractions is kept at a time.
fn weigh(plane: &Gray, across: &[Taps], down: &[Taps]) -> Result<Gray> {
    let width = plane.width();
    let mut row = vec![0.0; width];
    let mut values = Vec::with_capacity(across.len() * down.len());
    for taps in down {
        row.fill(0.0);
        for (y, weight) in (taps.first..).zip(&taps.weights) {
            for (x, sum) in row.iter_mut().enumerate() {
                *sum += weight * f64::from(plane.value(x, y));
            }
        }
        for taps in across {
            let near = &row[taps.first..taps.first + taps.weights.len()];
            let mean: f64 = near.iter().zip(&taps.weights).map(|(v, w)| v * w).sum();
            // A mean of values that the depth can hold is one, too.
            values.push(mean.round() as u16);
        }
    }
    Gray::new(across.len(), down.len(), Samples::of(plane.bits(), values.into_iter()))
}
