//! How well a number tells known pictures from unknown ones, whatever limit is chosen.

/// The area under the receiver operating characteristic, by the statistic of Mann and Whitney (1947): the
/// share of all pairs of a known and an unknown picture in which the known one has the larger number; a
/// tie counts half. 1 parts them without a mistake, 0.5 is chance, below 0.5 the unknown ones have the
/// larger numbers.
///
/// `None` where either side is empty or a number is not a number.
///
/// ```
/// use textura::learn::evaluation::area_under_roc;
/// // Of the four pairs, 0.9 wins both, 0.4 loses to 0.6 and ties with 0.4: 2.5 of 4.
/// assert_eq!(area_under_roc(&[0.9, 0.4], &[0.6, 0.4]), Some(0.625));
/// assert_eq!(area_under_roc(&[0.9], &[]), None);
/// ```
pub fn area_under_roc(known: &[f64], unknown: &[f64]) -> Option<f64> {
    if known.is_empty()
        || unknown.is_empty()
        || [known, unknown].concat().iter().any(|v| v.is_nan())
    {
        return None;
    }
    let mut unknown = unknown.to_vec();
    unknown.sort_by(f64::total_cmp);
    // Twice the number of wins, so that ties stay whole numbers and the sum is exact.
    let doubled: u128 = known
        .iter()
        .map(|value| {
            let below = unknown.partition_point(|other| other < value);
            let not_above = unknown.partition_point(|other| other <= value);
            (below + not_above) as u128
        })
        .sum();
    Some(doubled as f64 / (2.0 * known.len() as f64 * unknown.len() as f64))
}
