//! The shares of the bins of histograms, as features.

use crate::image::flag::{Flag, Flags};

/// Appends the share of each bin in its histogram, which sum to one. Of a histogram without any entry they are 0, with
/// the flag `too_small`.
pub(super) fn append_shares<'c>(
    histograms: impl IntoIterator<Item = &'c [u64]>,
    numbers: &mut Vec<f64>,
) -> Flags {
    let mut flags = Flags::default();
    for counts in histograms {
        let total: u64 = counts.iter().sum();
        numbers.extend(counts.iter().map(|&count| count as f64 / total.max(1) as f64));
        flags.set_if(Flag::TooSmall, total == 0);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::append_shares;
    use crate::image::flag::Flag;

    #[test]
    fn each_histogram_sums_to_one_or_is_flagged() {
        let mut numbers = vec![7.0];
        let flags = append_shares([&[1, 3][..], &[5]], &mut numbers);
        assert_eq!((numbers, flags.is_empty()), (vec![7.0, 0.25, 0.75, 1.0], true));
        let mut numbers = Vec::new();
        assert!(append_shares([&[1][..], &[0, 0]], &mut numbers).has(Flag::TooSmall));
        assert_eq!(numbers, [1.0, 0.0, 0.0]);
    }
}
