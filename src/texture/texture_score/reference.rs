//! The definition: one histogram of pairs for each placement of the edges.

use super::WIDTH;
use crate::image::Levels;

/// In bits; `None` where no two pixels inside are neighbours.
pub(super) fn mean_entropy(levels: &Levels) -> Option<f64> {
    let mut pairs = Vec::new();
    for y in 0..levels.height {
        for x in 0..levels.width {
            let value = levels.get(Some(x), Some(y));
            pairs.extend(value.zip(levels.get(Some(x + 1), Some(y))));
            pairs.extend(value.zip(levels.get(Some(x), Some(y + 1))));
        }
    }
    if pairs.is_empty() {
        return None;
    }
    let turned: Vec<_> = pairs.iter().map(|&(a, b)| (b, a)).collect();
    pairs.extend(turned);

    let mut sum = 0.0;
    for shift_a in 0..WIDTH {
        for shift_b in 0..WIDTH {
            let mut counts = [[0u32; 17]; 17];
            for &(a, b) in &pairs {
                counts[(a + shift_a) / WIDTH][(b + shift_b) / WIDTH] += 1;
            }
            let shares = counts.iter().flatten().map(|&c| f64::from(c) / pairs.len() as f64);
            sum += shares.filter(|&p| p > 0.0).map(|p| -p * p.log2()).sum::<f64>();
        }
    }
    Some(sum / (WIDTH * WIDTH) as f64)
}
