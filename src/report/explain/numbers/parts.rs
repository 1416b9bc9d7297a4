//! How much each family of features changes a number, so that the changes add up.

use crate::error::Result;
use crate::random::Random;

/// The stream of random numbers that draws orders of families.
const STREAM_ORDERS: u64 = 24;

/// Families whose sets are all tried; of more, orders are drawn.
const MOST_EXACT: usize = 8;

/// Orders that are drawn, each of which is also gone through backwards.
const ORDERS: usize = 32;

/// What each of n players adds, averaged over all orders in which they may come in: their Shapley values. They add up to the
/// worth of all less that of none (Shapley 1953; for features against a fixed picture, Sundararajan and Najmi 2020).
///
/// Of up to 8 players all 2^n sets are tried. Of more, 32 orders are drawn and gone through in both directions
/// (Castro, Gómez and Tejada 2009; Mitchell et al. 2022): the values are then estimates, but their sum is exact all the same.
///
/// # Errors
/// Those of `worths`, which gives the worth of each of some sets.
pub(super) fn shapley(
    n: usize,
    seed: u64,
    worths: impl Fn(&[Vec<bool>]) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    if n <= MOST_EXACT { by_all_sets(n, worths) } else { by_orders(n, seed, worths) }
}

fn by_all_sets(n: usize, worths: impl Fn(&[Vec<bool>]) -> Result<Vec<f64>>) -> Result<Vec<f64>> {
    let has = |set: usize, player: usize| set >> player & 1 == 1;
    let sets: Vec<Vec<bool>> =
        (0..1 << n).map(|set| (0..n).map(|player| has(set, player)).collect()).collect();
    let worths = worths(&sets)?;
    // Of the n! orders, |S|! (n - |S| - 1)! have exactly the set S before a player.
    let factorial = |k: usize| (1..=k).map(|i| i as f64).product::<f64>();
    let share = |size: usize| factorial(size) * factorial(n - size - 1) / factorial(n);
    let value = |player: usize| {
        let before = (0..1usize << n).filter(|&set| !has(set, player));
        let added = before.map(|set| {
            let gain = worths[set | 1 << player] - worths[set];
            share(set.count_ones() as usize) * gain
        });
        added.sum()
    };
    Ok((0..n).map(value).collect())
}

fn by_orders(
    n: usize,
    seed: u64,
    worths: impl Fn(&[Vec<bool>]) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    let mut random = Random::new(seed, STREAM_ORDERS);
    let mut orders: Vec<Vec<usize>> = Vec::with_capacity(2 * ORDERS);
    for _ in 0..ORDERS {
        let mut order: Vec<usize> = (0..n).collect();
        random.shuffle(&mut order);
        let backwards = order.iter().rev().copied().collect();
        orders.extend([order, backwards]);
    }
    let mut values = vec![0.0; n];
    for order in &orders {
        let mut set = vec![false; n];
        let mut sets = vec![set.clone()];
        for &player in order {
            set[player] = true;
            sets.push(set.clone());
        }
        let worths = worths(&sets)?;
        for (&player, pair) in order.iter().zip(worths.windows(2)) {
            values[player] += (pair[1] - pair[0]) / orders.len() as f64;
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests;
