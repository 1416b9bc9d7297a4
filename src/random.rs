//! Seeded random numbers whose values never change from one release to the next.
//!
//! The bits come from PCG (O'Neill 2014, "XSL RR 128/64"), whose sequence is fixed by its definition.
//! The few distributions stand here, so that no dependency's release can move a result.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng as _;

/// A generator: the same seed and stream give the same numbers on every machine.
#[derive(Debug, Clone)]
pub struct Random {
    bits: Pcg64,
}

impl Random {
    /// Starts stream number `stream` of `seed`. Different streams of a seed are independent, so each
    /// use (initial weights, order of batches, splits) takes its own and cannot disturb another.
    ///
    /// ```
    /// let mut a = textura::Random::new(7, 0);
    /// let mut b = textura::Random::new(7, 0);
    /// assert_eq!(a.below(1000), b.below(1000));
    /// ```
    pub fn new(seed: u64, stream: u64) -> Self {
        let high = scramble(seed);
        let low = scramble(high ^ stream);
        Self { bits: Pcg64::new(u128::from(high) << 64 | u128::from(low), u128::from(stream)) }
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    pub fn unit(&mut self) -> f64 {
        (self.bits.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in [-limit, limit).
    pub fn symmetric(&mut self, limit: f64) -> f64 {
        (2.0 * self.unit() - 1.0) * limit
    }

    /// A whole number in 0..n, without bias; 0 where `n` is 0.
    ///
    /// Multiplies a 64-bit draw by n and takes the high half, drawing again in the biased sliver
    /// (Lemire 2019, algorithm 5).
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n == 0 {
            return 0;
        }
        let threshold = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.bits.next_u64()) * u128::from(n);
            if product as u64 >= threshold {
                return (product >> 64) as usize;
            }
        }
    }

    /// Standard normal, by Marsaglia's polar method (1964): mean 0, variance 1.
    pub fn normal(&mut self) -> f64 {
        loop {
            let u = self.symmetric(1.0);
            let v = self.symmetric(1.0);
            let s = u * u + v * v;
            if 0.0 < s && s < 1.0 {
                return u * (-2.0 * s.ln() / s).sqrt();
            }
        }
    }

    /// Puts the items in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Spreads neighbouring seeds over all 64 bits (Steele 2014, the SplitMix64 finaliser).
fn scramble(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests;
