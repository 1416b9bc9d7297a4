//! Gaussian derivatives along one axis, from sums and differences of pixels that lie symmetrically.

/// A Gaussian of some width, cut off at `ceil(3 sigma)`, and its first and second derivative, multiplied by
/// sigma and by sigma squared.
///
/// Each method works on many pixels at once: `line(k)` gives the pixels k steps further along the axis
/// than those computed, for k from `-radius` to `radius`. The order of operations for a pixel is the same
/// along both axes: what lies symmetrically is joined first, so that mirroring changes nothing, then weighted
/// and added in one fused operation, which rounds once and alike on every processor. Where the line is flat,
/// both derivatives are exactly zero.
#[derive(Debug, Clone)]
pub(super) struct Gaussian {
    pub centre: f32,
    /// Weights at the distances 1 to `radius`.
    pub smooth: Vec<f32>,
    pub first: Vec<f32>,
    pub second: Vec<f32>,
}

/// How many pixels away from a pixel a Gaussian reads.
pub(super) fn radius(sigma: f64) -> usize {
    (3.0 * sigma).ceil() as usize
}

impl Gaussian {
    /// For sigma above 0.
    pub fn new(sigma: f64) -> Self {
        let radius = radius(sigma);
        let bell = |k: usize| (-((k * k) as f64) / (2.0 * sigma * sigma)).exp();
        let sum = 1.0 + 2.0 * (1..=radius).map(bell).sum::<f64>();
        // In multiples of 2^-40, so that the exponential function of every machine gives the same.
        let fine = (1u64 << 40) as f64;
        let tap = |k: usize| (bell(k) / sum * fine).round() / fine;
        let steps = |k: usize| k as f64 / sigma;
        Self {
            centre: tap(0) as f32,
            smooth: (1..=radius).map(|k| tap(k) as f32).collect(),
            first: (1..=radius).map(|k| (steps(k) * tap(k)) as f32).collect(),
            second: (1..=radius).map(|k| ((steps(k) * steps(k) - 1.0) * tap(k)) as f32).collect(),
        }
    }

    /// See [`radius`].
    pub fn radius(&self) -> usize {
        self.smooth.len()
    }

    /// `g(0) f(x) + sum over k >= 1 of g(k) (f(x-k) + f(x+k))`, where the taps g sum to one.
    #[inline(always)]
    pub fn smooth<'a>(&self, line: impl Fn(isize) -> &'a [f32], out: &mut [f32]) {
        for (out, here) in out.iter_mut().zip(line(0)) {
            *out = self.centre * here;
        }
        add(&self.smooth, line, |before, _, after| before + after, out);
    }

    /// `sigma` times `sum over k >= 1 of k / sigma^2 g(k) (f(x+k) - f(x-k))`.
    #[inline(always)]
    pub fn first<'a>(&self, line: impl Fn(isize) -> &'a [f32], out: &mut [f32]) {
        out.fill(0.0);
        add(&self.first, line, |before, _, after| after - before, out);
    }

    /// `sigma^2` times `sum over k >= 1 of (k^2 - sigma^2) / sigma^4 g(k) (f(x+k) + f(x-k) - 2 f(x))`.
    #[inline(always)]
    pub fn second<'a>(&self, line: impl Fn(isize) -> &'a [f32], out: &mut [f32]) {
        out.fill(0.0);
        add(&self.second, line, |before, here, after| before + after - 2.0 * here, out);
    }
}

/// Adds the weighted terms of the pixels before, at and after, from the nearest outwards.
#[inline(always)]
fn add<'a>(
    weights: &[f32],
    line: impl Fn(isize) -> &'a [f32],
    term: impl Fn(f32, f32, f32) -> f32,
    out: &mut [f32],
) {
    for (k, &weight) in (1..).zip(weights) {
        let pixels = line(-k).iter().zip(line(0)).zip(line(k));
        for (out, ((&before, &here), &after)) in out.iter_mut().zip(pixels) {
            *out = weight.mul_add(term(before, here, after), *out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Gaussian;

    #[test]
    fn derivatives_of_a_line_and_of_a_parabola() {
        for sigma in [1.0, 2.3, 6.0] {
            let gaussian = Gaussian::new(sigma);
            let radius = gaussian.radius();
            assert_eq!(radius, (3.0 * sigma).ceil() as usize);
            let at = |f: fn(f32) -> f32| -> [f32; 3] {
                let x0 = radius as f32;
                let pixels: Vec<f32> = (0..=2 * radius).map(|x| f(x as f32 - x0)).collect();
                let line = |k: isize| &pixels[radius.saturating_add_signed(k)..][..1];
                let [mut smooth, mut first, mut second] = [[f32::NAN], [f32::NAN], [f32::NAN]];
                gaussian.smooth(line, &mut smooth);
                gaussian.first(line, &mut first);
                gaussian.second(line, &mut second);
                [smooth[0], first[0], second[0]]
            };
            let [smooth, first, second] = at(|_| 7.0);
            assert!((smooth - 7.0).abs() < 1e-5, "{sigma} {smooth}");
            assert_eq!([first, second], [0.0, 0.0]);
            let [_, first, second] = at(|x| 5.0 + 2.0 * x);
            // The taps are cut off at three sigma, so a slope of 2 is seen a little lower.
            assert!((f64::from(first) / sigma - 2.0).abs() < 0.1, "{sigma} {first}");
            assert_eq!(second, 0.0);
            let [_, first, second] = at(|x| x * x);
            assert_eq!(first, 0.0);
            assert!((f64::from(second) / (sigma * sigma) - 2.0).abs() < 0.5, "{sigma} {second}");
        }
    }
}
