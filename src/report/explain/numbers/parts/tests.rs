use super::*;

/// The first two players only count together; each other one counts by itself, and the last two hinder each other.
fn worth(set: &[bool]) -> f64 {
    let n = set.len();
    let alone: f64 = (2..n).filter(|&at| set[at]).map(|at| at as f64).sum();
    let together = if set[0] && set[1] { 6.0 } else { 0.0 };
    let hindered = if set[n - 1] && set[n - 2] { -1.0 } else { 0.0 };
    0.25 + alone + together + hindered
}

fn worths(sets: &[Vec<bool>]) -> Result<Vec<f64>> {
    Ok(sets.iter().map(|set| worth(set)).collect())
}

#[test]
fn players_share_what_they_add_together_and_all_adds_up() {
    let mut n_seen = 0;
    for (n, allowed) in [(5, 1e-12), (8, 1e-12), (9, 1e-9), (14, 1e-9)] {
        let values = shapley(n, 7, worths).unwrap();
        let expected = |at: usize| match at {
            0 | 1 => 3.0,
            at if n - 2 <= at => at as f64 - 0.5,
            at => at as f64,
        };
        // An order and the same backwards share what two players add together evenly.
        for (at, value) in values.iter().enumerate() {
            assert!((value - expected(at)).abs() < allowed, "{n} {at}: {value}");
        }
        let whole = worth(&vec![true; n]) - worth(&vec![false; n]);
        assert!((values.iter().sum::<f64>() - whole).abs() < 1e-9);
        n_seen += 1;
    }
    assert_eq!(n_seen, 4);
}

#[test]
fn drawn_orders_depend_on_the_seed_but_their_sum_does_not() {
    let curved = |sets: &[Vec<bool>]| -> Result<Vec<f64>> {
        let size = |set: &Vec<bool>| {
            (0..set.len()).filter(|&at| set[at]).map(|at| at as f64 + 1.0).sum::<f64>()
        };
        Ok(sets.iter().map(|set| (size(set) / 10.0).exp()).collect())
    };
    let [first, second, again] = [1, 2, 1].map(|seed| shapley(10, seed, curved).unwrap());
    assert_eq!(first, again);
    assert_ne!(first, second);
    let whole = 5.5f64.exp() - 1.0;
    for values in [first, second] {
        assert!((values.iter().sum::<f64>() - whole).abs() < 1e-9 * whole);
    }
}
