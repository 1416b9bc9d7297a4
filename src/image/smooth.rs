//! Maps of numbers, smoothed.

/// The index of a value that may lie beyond an end, mirrored there, the last value itself not repeated.
pub(crate) fn mirrored(at: isize, n: usize) -> usize {
    let last = n as isize - 1;
    if last == 0 {
        return 0;
    }
    // Further than once around only where there are a few values.
    let turn = at.rem_euclid(2 * last);
    turn.min(2 * last - turn) as usize
}

/// Smooths a map (rows, columns), row by row, by a Gaussian that is cut off at four standard deviations; beyond its edges
/// it goes on mirrored.
pub(crate) fn smooth(map: &mut [f32], (n_rows, n_columns): (usize, usize), sigma: f64) {
    let radius = (4.0 * sigma).ceil() as usize;
    let bell = |k: usize| (-((k * k) as f64) / (2.0 * sigma * sigma)).exp();
    let sum = bell(0) + 2.0 * (1..=radius).map(bell).sum::<f64>();
    let weights: Vec<f32> = (0..=radius).map(|k| (bell(k) / sum) as f32).collect();
    let mut padded = vec![0.0; n_columns + 2 * radius];
    for row in map.chunks_exact_mut(n_columns) {
        for (at, value) in (-(radius as isize)..).zip(&mut padded) {
            *value = row[mirrored(at, n_columns)];
        }
        let line = |k: isize| &padded[radius.wrapping_add_signed(k)..][..n_columns];
        weigh(&weights, line, row);
    }
    let across = map.to_vec();
    for (y, row) in map.chunks_exact_mut(n_columns).enumerate() {
        let line = |k: isize| &across[mirrored(y as isize + k, n_rows) * n_columns..][..n_columns];
        weigh(&weights, line, row);
    }
}

/// The weighted sums of what lies symmetrically on both sides; `line(k)` has the values k steps further.
fn weigh<'a>(weights: &[f32], line: impl Fn(isize) -> &'a [f32], out: &mut [f32]) {
    for (out, here) in out.iter_mut().zip(line(0)) {
        *out = weights[0] * here;
    }
    for (k, weight) in (1..).zip(&weights[1..]) {
        for ((out, before), after) in out.iter_mut().zip(line(-k)).zip(line(k)) {
            *out += weight * (before + after);
        }
    }
}

/// Where a place lies between the middles of `n` values: the one before, the one after, and how far it is on the way; beyond the
/// first and the last middle it is there.
pub(crate) fn between(place: f32, n: usize) -> (usize, usize, f32) {
    let place = place.clamp(0.0, (n - 1) as f32);
    let before = place as usize;
    (before, (before + 1).min(n - 1), place - before as f32)
}

/// The values of a map, row by row, at places between its middles, linear in both directions: for each of `rows` one at each of
/// `columns`, as [`between`] has them.
pub(crate) fn interpolated(
    map: &[f32],
    n_columns: usize,
    rows: impl Iterator<Item = (usize, usize, f32)>,
    columns: &[(usize, usize, f32)],
) -> Vec<f32> {
    let line = |row: usize| &map[row * n_columns..][..n_columns];
    let of_row = |(above, below, down): (usize, usize, f32)| {
        let (above, below) = (line(above), line(below));
        columns.iter().map(move |&(left, right, across)| {
            let upper = above[left] + across * (above[right] - above[left]);
            let lower = below[left] + across * (below[right] - below[left]);
            upper + down * (lower - upper)
        })
    };
    rows.flat_map(of_row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beyond_an_end_is_mirrored() {
        let at: Vec<usize> = (-4..7).map(|at| mirrored(at, 3)).collect();
        assert_eq!(at, [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]);
        assert_eq!((mirrored(-9, 1), mirrored(5, 1)), (0, 0));
    }

    #[test]
    fn a_flat_map_stays_and_a_peak_becomes_a_bell() {
        let mut flat = vec![3.0; 20];
        smooth(&mut flat, (4, 5), 2.0);
        assert!(flat.iter().all(|value| (value - 3.0).abs() < 1e-5), "{flat:?}");
        let mut peak = vec![0.0; 31 * 31];
        peak[15 * 31 + 15] = 1.0;
        smooth(&mut peak, (31, 31), 1.5);
        // The density of a normal distribution in two dimensions.
        let density = |d2: f32| (-d2 / 4.5).exp() / (std::f32::consts::TAU * 2.25);
        for (at, d2) in [(15 * 31 + 15, 0.0), (15 * 31 + 17, 4.0), (13 * 31 + 14, 5.0)] {
            assert!((peak[at] - density(d2)).abs() < 1e-4, "{d2}: {}", peak[at]);
        }
        assert!((peak.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        let mut one = vec![7.0];
        smooth(&mut one, (1, 1), 3.0);
        assert!((one[0] - 7.0).abs() < 1e-5);
    }

    #[test]
    fn between_middles_values_are_linear() {
        assert_eq!(between(1.25, 4), (1, 2, 0.25));
        assert_eq!((between(-3.0, 4), between(9.0, 4)), ((0, 1, 0.0), (3, 3, 0.0)));
        let map = [0.0, 4.0, 8.0, 12.0]; // two rows
        let columns = [between(0.5, 2), between(1.0, 2)];
        assert_eq!(interpolated(&map, 2, [between(0.25, 2)].into_iter(), &columns), [4.0, 6.0]);
    }
}
