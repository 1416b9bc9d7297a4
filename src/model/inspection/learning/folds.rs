//! Parts of the pictures that are left out in turn, all of a unit together.

use std::collections::{BTreeMap, BTreeSet};

use crate::random::Random;

/// The fold of each picture.
pub(super) struct Folds {
    of: Vec<usize>,
    n_folds: usize,
}

impl Folds {
    /// So many folds, or as many as there are units, with the same number of units in each.
    pub fn new(units: &[usize], n_folds: usize, random: &mut Random) -> Self {
        let mut order: Vec<usize> =
            units.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let n_folds = n_folds.min(order.len()).max(1);
        random.shuffle(&mut order);
        let fold_of: BTreeMap<usize, usize> =
            order.into_iter().enumerate().map(|(at, unit)| (unit, at % n_folds)).collect();
        Self { of: units.iter().map(|unit| fold_of[unit]).collect(), n_folds }
    }

    pub fn of(&self, picture: usize) -> usize {
        self.of[picture]
    }

    pub fn len(&self) -> usize {
        self.n_folds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_stay_together_and_are_spread_evenly() {
        let units = [0, 1, 0, 2, 1, 3];
        for seed in 0..20 {
            let folds = Folds::new(&units, 3, &mut Random::new(seed, 0));
            assert_eq!(folds.len(), 3);
            assert_eq!((folds.of(0), folds.of(1)), (folds.of(2), folds.of(4)));
            let mut seen: Vec<usize> = (0..6).map(|at| folds.of(at)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen, [0, 1, 2]);
        }
        assert_eq!(Folds::new(&[0, 1], 10, &mut Random::new(0, 0)).len(), 2);
    }
}
