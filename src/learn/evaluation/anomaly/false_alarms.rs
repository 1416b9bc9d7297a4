//! How often a good picture is called odd.

use crate::learn::evaluation::accuracy_interval;

/// The share of good pictures that were called odd, the false positive rate: `called / good`. Odd pictures do not count.
///
/// One entry a picture in both lists; surplus entries of the longer are ignored. Range: 0 to 1. `None` without a good picture.
///
/// ```
/// use textura::learn::evaluation::anomaly::false_alarm_rate;
/// let called = [true, false, false, false, true];
/// assert_eq!(false_alarm_rate(&called, &[false, false, false, false, true]), Some(0.25));
/// assert_eq!(false_alarm_rate(&called, &[true; 5]), None);
/// ```
pub fn false_alarm_rate(are_called: &[bool], are_odd: &[bool]) -> Option<f64> {
    let good = are_called.iter().zip(are_odd).filter(|&(_, &is_odd)| !is_odd);
    let (n_called, n_good) =
        good.fold((0, 0), |(called, n), (&is_called, _)| (called + usize::from(is_called), n + 1));
    (0 < n_good).then(|| n_called as f64 / n_good as f64)
}

/// The interval at 95 % around [`false_alarm_rate`], by [`accuracy_interval`]: Wilson's (1927), for as many pictures as
/// those of the units are worth. `units` says which unit (a group, or a picture and its copies) each picture belongs to.
///
/// Both ends lie from 0 to 1; without a good picture they are 0 and 1. Surplus entries of longer lists are ignored.
///
/// ```
/// use textura::learn::evaluation::anomaly::false_alarm_interval;
/// use textura::learn::evaluation::wilson_interval;
/// let called = [true, false, false, false, true];
/// let are_odd = [false, false, false, false, true];
/// assert_eq!(false_alarm_interval(&called, &are_odd, &[0, 1, 2, 3, 4]), wilson_interval(1, 4));
/// ```
pub fn false_alarm_interval(are_called: &[bool], are_odd: &[bool], units: &[usize]) -> [f64; 2] {
    let pictures = are_called.iter().zip(are_odd).zip(units);
    let good = pictures.filter(|&((_, &is_odd), _)| !is_odd);
    let (called, units): (Vec<bool>, Vec<usize>) =
        good.map(|((&is_called, _), &unit)| (is_called, unit)).unzip();
    accuracy_interval(&called, &units)
}
