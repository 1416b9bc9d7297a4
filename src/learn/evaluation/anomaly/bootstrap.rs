//! How sure any measure of odd and good pictures is.

use std::collections::BTreeMap;

use crate::random::Random;

/// Draws.
const DRAWS: usize = 1000;

/// The interval at 95 % around a measure of odd and good pictures, by the bootstrap (Efron 1979, "Bootstrap methods: another
/// look at the jackknife"): whole units (a group, or a picture and its copies) are drawn with replacement, 1,000 times, as many
/// units of good pictures alone, of odd ones alone and of both as there are of each, so that no draw lacks a kind; the ends
/// are the 0.025 and 0.975 quantiles of what the measure says of the draws, linear between neighbours (Hyndman and Fan 1996,
/// definition 7), and the measure of all pictures itself where it lies outside.
///
/// `are_odd` and `units` have one entry a picture; surplus entries of the longer are ignored. `measure` is given the places of
/// pictures, first of all of them, then of those drawn, each as often as it was drawn. `None` where it says nothing of all
/// pictures or of a draw, or where there are fewer than two units. The same input always has the same draws.
///
/// The interval is too narrow for few units, and has no width where each draw has the same measure.
///
/// ```
/// use textura::learn::evaluation::anomaly::bootstrap_interval;
/// let mean = |drawn: &[usize]| Some(drawn.iter().sum::<usize>() as f64 / drawn.len() as f64);
/// let units: Vec<usize> = (0..100).collect();
/// // 49.5, and 1.96 times 28.9 / sqrt(100) on either side.
/// let [low, high] = bootstrap_interval(&[false; 100], &units, mean).unwrap_or_default();
/// assert!((low - 43.8).abs() < 0.7 && (high - 55.2).abs() < 0.7, "{low} {high}");
/// assert_eq!(bootstrap_interval(&[false; 100], &[3; 100], mean), None);
/// ```
pub fn bootstrap_interval(
    are_odd: &[bool],
    units: &[usize],
    mut measure: impl FnMut(&[usize]) -> Option<f64>,
) -> Option<[f64; 2]> {
    let mut by_unit: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, &unit) in units.iter().enumerate().take(are_odd.len()) {
        by_unit.entry(unit).or_default().push(at);
    }
    if by_unit.len() < 2 {
        return None;
    }
    let all: Vec<usize> = (0..are_odd.len().min(units.len())).collect();
    let value = measure(&all)?;
    // Units by the kinds that they have: the draws are of each for itself.
    let mut strata: BTreeMap<[bool; 2], Vec<Vec<usize>>> = BTreeMap::new();
    for unit in by_unit.into_values() {
        let has = |kind: bool| unit.iter().any(|&at| are_odd[at] == kind);
        strata.entry([has(false), has(true)]).or_default().push(unit);
    }
    let mut random = Random::new(0, 0);
    let mut drawn = Vec::with_capacity(all.len());
    let mut values = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        drawn.clear();
        for stratum in strata.values() {
            for _ in 0..stratum.len() {
                drawn.extend_from_slice(&stratum[random.below(stratum.len())]);
            }
        }
        values.push(measure(&drawn)?);
    }
    values.sort_by(f64::total_cmp);
    Some([quantile(&values, 0.025).min(value), quantile(&values, 0.975).max(value)])
}

/// A quantile of at least one sorted value.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests;
