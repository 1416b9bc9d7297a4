//! Pictures of x, each half as large as the one before.

use std::array;
use std::sync::OnceLock;

use crate::image::{Intensity, mirrored};

/// One picture of the pyramid.
pub(super) struct Level {
    pub width: usize,
    pub height: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

impl Level {
    /// `x = 50 ln((I + 16) / 255)`.
    pub fn of(picture: &Intensity) -> Self {
        static LOGARITHMS: OnceLock<Vec<f32>> = OnceLock::new();
        let logarithms = LOGARITHMS.get_or_init(|| {
            let level = |parts: u16| f64::from(parts) / f64::from(Intensity::PARTS);
            let log = |parts| (50.0 * ((level(parts) + 16.0) / 255.0).ln()) as f32;
            (0..=Intensity::MAX).map(log).collect()
        });
        let values = picture.values().iter().map(|&v| logarithms[usize::from(v)]).collect();
        Self { width: picture.width(), height: picture.height(), values }
    }

    pub fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }
}

/// Every second pixel of every second row, after smoothing by 1 4 6 4 1 along both axes.
pub(super) fn half(level: &Level) -> Level {
    let (width, height) = (level.width.div_ceil(2), level.height.div_ceil(2));
    let mut values = Vec::with_capacity(width * height);
    let mut line = vec![0.0f32; level.width + 4];
    for y in 0..height {
        let rows: [&[f32]; 5] =
            array::from_fn(|k| level.row(mirrored((2 * y + k) as isize - 2, level.height)));
        let n = level.width;
        for (x, out) in line[2..2 + n].iter_mut().enumerate() {
            let ends = rows[0][x] + rows[4][x];
            *out = (ends + 4.0 * (rows[1][x] + rows[3][x]) + 6.0 * rows[2][x]) / 16.0;
        }
        for beyond in 1..=2 {
            line[2 - beyond] = line[2 + mirrored(-(beyond as isize), n)];
            line[1 + n + beyond] = line[2 + mirrored((n - 1 + beyond) as isize, n)];
        }
        values.extend((0..width).map(|x| {
            let at = &line[2 * x..][..5];
            (at[0] + at[4] + 4.0 * (at[1] + at[3]) + 6.0 * at[2]) / 16.0
        }));
    }
    Level { width, height, values }
}
