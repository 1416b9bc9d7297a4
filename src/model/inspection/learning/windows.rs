//! The windows that were kept of good pictures.

use ndarray::{Array2, Axis};

use crate::error::Result;
use crate::learn::anomaly::{MOST_WINDOWS, WindowBank, WindowSpace};
use crate::learn::dataset::stacked;
use crate::model::inspection::sampling::Sampled;
use crate::random::Random;
use crate::texture::descriptor::Descriptor;

/// The sampled windows as points.
pub(super) struct Windows {
    pub space: WindowSpace,
    points: Array2<f64>,
    /// The picture of each.
    pictures: Vec<usize>,
    /// In random order.
    order: Vec<usize>,
}

impl Windows {
    pub fn of(sampled: &[Sampled], descriptor: &Descriptor, random: &mut Random) -> Result<Self> {
        let parts = sampled.iter().map(|picture| picture.windows.view());
        let rows = stacked(parts)?;
        let pictures: Vec<usize> = sampled
            .iter()
            .enumerate()
            .flat_map(|(at, picture)| std::iter::repeat_n(at, picture.windows.nrows()))
            .collect();
        let mut order: Vec<usize> = (0..pictures.len()).collect();
        random.shuffle(&mut order);
        let some = &order[..order.len().min(MOST_WINDOWS)];
        let space = WindowSpace::of(&rows.select(Axis(0), some), descriptor.schema())?;
        let points = space.points(rows)?;
        Ok(Self { space, points, pictures, order })
    }

    /// Of the pictures that are meant.
    pub fn bank(&self, is_meant: impl Fn(usize) -> bool) -> WindowBank {
        let meant = self.order.iter().copied().filter(|&window| is_meant(self.pictures[window]));
        let chosen: Vec<usize> = meant.take(MOST_WINDOWS).collect();
        WindowBank::new(self.points.select(Axis(0), &chosen))
    }
}
