//! The definition: one histogram of pairs for each placement of the edges.

use super::WIDTH;
use crate::image::Levels;

/// In bits; `None` where no two pixels inside are neighbours.
pub(super) fn mean_entropy(levels: &Levels) -> Option<f64> {
    // Of each pixel two pairs, in both orders.
    let mut pairs = Vec::with_capacity(4 * levels.values.len());
    for y in 0..levels.height {
        for x in 0..levels.width {
            let value = levels.get(Some(x), Some(y));
            for neighbour in [levels.get(Some(x + 1), Some(y)), levels.get(Some(x), Some(y + 1))] {
                if let Some((a, b)) = value.zip(neighbour) {
                    pairs.extend([(a, b), (b, a)]);
                }
            }
        }
    }
    if pairs.is_empty() {
        return None;
    }

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
