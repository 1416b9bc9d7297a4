//! How strongly one direction prevails.

use crate::texture::Input;

/// Directions from 0 to below 180 degrees, the axes among them.
const DIRECTIONS: usize = 16;

/// Slopes below this, as the mean of `|across|` and `|down|` in grey values from 0 to 255, are noise.
const THRESHOLD: i64 = 12;

/// How strongly the slopes of a picture point the same way, 0 to 1, and whether there was any pixel with
/// eight neighbours to take a slope from.
///
/// `across` is the sum of the three pixels to the right less that of the three to the left, `down` the
/// same downwards (Prewitt). The directions of the slopes that reach the threshold fill a histogram `H`
/// of 16 bins, whose middles are the multiples of 180/16 degrees. With `|b - c|` the way round from bin b
/// to bin c, at most 8, the value is `1 - min over c of sum H(b) |b - c|^2 / 21.5`; 21.5 is what the sum
/// is where all directions are equally frequent, so that then the value is 0. It is 0 where no slope
/// reaches the threshold.
pub(super) fn directionality(input: Input<'_>) -> (f64, bool) {
    let (width, height) = (input.picture.width(), input.picture.height());
    // |across| + |down| is twice the mean.
    let threshold = 2 * THRESHOLD * if input.picture.bits() == 16 { 257 } else { 1 };
    let mut histogram = [0u64; DIRECTIONS];
    let mut has_slopes = false;
    for y in 1..height.saturating_sub(1) {
        for x in (1..width.saturating_sub(1)).filter(|&x| input.is_inside(x, y)) {
            has_slopes = true;
            let value =
                |dx: usize, dy: usize| i64::from(input.picture.value(x + dx - 1, y + dy - 1));
            let column = |dx: usize| value(dx, 0) + value(dx, 1) + value(dx, 2);
            let row = |dy: usize| value(0, dy) + value(1, dy) + value(2, dy);
            let (across, down) = (column(2) - column(0), row(2) - row(0));
            if threshold <= across.abs() + down.abs() {
                histogram[direction(across, down)] += 1;
            }
        }
    }
    let total: u64 = histogram.iter().sum();
    let spread_about = |centre: usize| -> u64 {
        let way = |bin: usize| {
            let apart = bin.abs_diff(centre) as u64;
            apart.min(DIRECTIONS as u64 - apart)
        };
        histogram.iter().enumerate().map(|(bin, count)| way(bin) * way(bin) * count).sum()
    };
    match (0..DIRECTIONS).map(spread_about).min() {
        Some(spread) if total != 0 => (1.0 - spread as f64 / total as f64 / 21.5, has_slopes),
        _ => (0.0, has_slopes),
    }
}

/// The bin of a slope's direction. Decided by tangents on an eighth of the circle, so that turned and
/// mirrored slopes fall into turned and mirrored bins; no slope of whole numbers lies on a border.
fn direction(across: i64, down: i64) -> usize {
    /// Of 1, 3, 5 and 7 times 180/32 degrees.
    const TANGENTS: [f64; 4] = [
        0.098_491_403_357_164_25,
        0.303_346_683_607_342_4,
        0.534_511_135_950_791_6,
        0.820_678_790_828_66,
    ];
    let (a, b) = (across.abs(), down.abs());
    let (long, short) = (a.max(b) as f64, a.min(b) as f64);
    let eighth: usize = TANGENTS.iter().map(|tangent| usize::from(long * tangent < short)).sum();
    let quarter = if a < b { DIRECTIONS / 2 - eighth } else { eighth };
    let is_mirrored = across.signum() * down.signum() < 0;
    if is_mirrored { (DIRECTIONS - quarter) % DIRECTIONS } else { quarter }
}

#[cfg(test)]
mod tests {
    use super::{DIRECTIONS, direction};
    use std::f64::consts::PI;

    #[test]
    fn directions_follow_the_angles() {
        let mut n_compared = 0;
        for across in -40i64..=40 {
            for down in -40..=40 {
                if (across, down) == (0, 0) {
                    continue;
                }
                let angle = (down as f64).atan2(across as f64).rem_euclid(PI);
                let expected = (angle / PI * DIRECTIONS as f64).round() as usize % DIRECTIONS;
                assert_eq!(direction(across, down), expected, "{across} {down}");
                n_compared += 1;
            }
        }
        assert_eq!(n_compared, 81 * 81 - 1);
    }
}
