//! `n log2 n` of counts, which entropies are made of.

use std::sync::OnceLock;

/// How many counts are small: most are, and a logarithm takes longer than looking up.
const N: usize = 4096;

/// A table of the values for small counts.
#[derive(Clone, Copy)]
pub(super) struct NLog2N(&'static [f64; N]);

impl NLog2N {
    /// The table, made by whoever needs it first.
    pub fn new() -> Self {
        static SMALL: OnceLock<Box<[f64; N]>> = OnceLock::new();
        Self(SMALL.get_or_init(|| {
            let mut table = Box::new([0.0; N]);
            (0..).zip(table.iter_mut()).for_each(|(n, value)| *value = compute(f64::from(n)));
            table
        }))
    }

    /// `n log2 n`, 0 for 0.
    #[inline(always)]
    pub fn of(self, n: u64) -> f64 {
        self.0.get(n as usize).copied().unwrap_or_else(|| compute(n as f64))
    }

    /// Whether [`NLog2N::of_small`] knows it.
    pub fn is_small(n: u64) -> bool {
        n < N as u64
    }

    /// The same of a small count, without a test for whether it is.
    #[inline(always)]
    pub fn of_small(self, n: u64) -> f64 {
        self.0[n as usize % N]
    }
}

fn compute(n: f64) -> f64 {
    if n == 0.0 { 0.0 } else { n * n.log2() }
}

#[cfg(test)]
mod tests {
    use super::NLog2N;

    #[test]
    fn small_and_large_counts_have_the_same_formula() {
        let table = NLog2N::new();
        assert_eq!([0, 1, 2, 4, 8].map(|n| table.of(n)), [0.0, 0.0, 2.0, 8.0, 24.0]);
        assert_eq!(table.of(4096), 4096.0 * 12.0);
        assert_eq!(table.of(1 << 40), 40.0 * (1u64 << 40) as f64);
    }
}
