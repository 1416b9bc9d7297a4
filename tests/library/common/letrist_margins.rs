//! LETRIST in 64-bit floats, pixel by pixel, with how far each pixel lies from what would put it into another bin.

use textura::image::Gray;

/// The part of what is compared below which a pixel may fall to either side.
pub const MARGIN: f64 = 1e-4;

/// The counts of the pixels that lie clear of every threshold, and how many codes (three a pixel) lie within [`MARGIN`] of one.
pub struct Clear {
    pub counts: Vec<u64>,
    pub near: usize,
}

/// For scales that rise.
pub fn clear_counts(picture: &Gray, sigmas: [f64; 3]) -> Clear {
    let plane = Plane {
        width: picture.width(),
        height: picture.height(),
        values: picture.values().map(f64::from).collect(),
    };
    let scales = sigmas.map(|sigma| codes(&plane, sigma));
    let mut clear = Clear { counts: vec![0; 413], near: 0 };
    let [first, second, third] = &scales;
    for ((a, b), c) in first.iter().zip(second).zip(third) {
        let mut count = |bin: usize, is_clear: bool| {
            clear.counts[bin] += u64::from(is_clear);
            clear.near += usize::from(!is_clear);
        };
        count(a.beside(b), a.is_clear() && b.is_clear());
        count(144 + b.beside(c), b.is_clear() && c.is_clear());
        let is_clear = [a, b, c].iter().all(|code| code.is_clear_ratio);
        count(288 + 25 * a.ratio + 5 * b.ratio + c.ratio, is_clear);
    }
    clear
}

struct Plane {
    width: usize,
    height: usize,
    values: Vec<f64>,
}

struct Code {
    shape: usize,
    ratio: usize,
    is_steep: usize,
    is_bent: usize,
    is_clear_shape: bool,
    is_clear_strength: bool,
    is_clear_ratio: bool,
}

impl Code {
    fn is_clear(&self) -> bool {
        self.is_clear_shape && self.is_clear_strength
    }

    fn beside(&self, next: &Self) -> usize {
        let strengths = 8 * self.is_steep + 4 * next.is_steep + 2 * self.is_bent + next.is_bent;
        3 * self.shape + next.shape + 9 * strengths
    }
}

fn codes(plane: &Plane, sigma: f64) -> Vec<Code> {
    let Plane { width, height, .. } = *plane;
    let responses: Vec<[f64; 3]> =
        (0..width * height).map(|at| response(plane, sigma, at % width, at / width)).collect();
    let mean = |k: usize| responses.iter().map(|r| r[k]).sum::<f64>() / responses.len() as f64;
    let (steep, bent) = (2.0 * mean(0), 2.0 * mean(1));
    // Rounding is in parts of what the picture's strengths are, not of a difference that is small by chance.
    let floor = mean(0).max(mean(1));
    let is_clear = |a: f64, b: f64| {
        MARGIN * a.abs().max(b.abs()).max(floor) < (a - b).abs() || (a == 0.0 && b == 0.0)
    };
    let tan = |degrees: f64| degrees.to_radians().tan();
    let code = |&[g, d, hollow]: &[f64; 3]| {
        let shape = (0.5 - (-hollow).atan2(d) / std::f64::consts::PI) * 3.0;
        let ratio = if d == 0.0 { 0.0 } else { d.atan2(g) / std::f64::consts::FRAC_PI_2 * 5.0 };
        let edges = [18.0, 36.0, 54.0, 72.0];
        Code {
            shape: (shape as usize).min(2),
            ratio: (ratio as usize).min(4),
            is_steep: usize::from(steep < g),
            is_bent: usize::from(bent < d),
            is_clear_shape: is_clear(d * tan(30.0), hollow) && is_clear(d * tan(30.0), -hollow),
            is_clear_strength: is_clear(g, steep) && is_clear(d, bent),
            is_clear_ratio: edges.iter().all(|&edge| is_clear(g * tan(edge), d)),
        }
    };
    responses.iter().map(code).collect()
}

/// `g`, `d` and `Ixx + Iyy` of a pixel, from the definition's double sums.
fn response(plane: &Plane, sigma: f64, x: usize, y: usize) -> [f64; 3] {
    let radius = (3.0 * sigma).ceil() as isize;
    let bell = |k: isize| (-((k * k) as f64) / (2.0 * sigma * sigma)).exp();
    let sum: f64 = (-radius..=radius).map(bell).sum();
    let smooth = |k: isize| bell(k) / sum;
    let steps = |k: isize| k as f64 / sigma;
    let first = |k: isize| steps(k) * smooth(k);
    let second = |k: isize| (steps(k) * steps(k) - 1.0) * smooth(k);
    let value = |dx: isize, dy: isize| {
        let x = x.saturating_add_signed(dx).min(plane.width - 1);
        let y = y.saturating_add_signed(dy).min(plane.height - 1);
        plane.values[y * plane.width + x]
    };
    let here = value(0, 0);
    let [mut ix, mut iy, mut ixx, mut iyy, mut ixy] = [0.0; 5];
    for dy in -radius..=radius {
        for dx in -radius..=radius {
            let step = value(dx, dy) - here;
            ix += first(dx) * smooth(dy) * step;
            iy += first(dy) * smooth(dx) * step;
            // The second derivative is of sums less twice what is between.
            ixx += second(dx) * smooth(dy) * (value(dx, dy) - value(0, dy));
            iyy += second(dy) * smooth(dx) * (value(dx, dy) - value(dx, 0));
            ixy += first(dx) * first(dy) * step;
        }
    }
    [ix.hypot(iy), (ixx - iyy).hypot(2.0 * ixy), ixx + iyy]
}
