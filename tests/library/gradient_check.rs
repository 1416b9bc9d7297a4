//! Back-propagation against central differences: everything alone and networks put together at random,
//! for several seeds, and the check of one's own network. That the comparison can fail is tested beside
//! its code.

use ndarray::Array2;
use textura::nn::gradient_check::{Row, TOLERANCE, check_network, suite};
use textura::nn::loss::{Loss, Targets};
use textura::nn::{ActivationKind, Architecture, Task};
use textura::random::Random;

const N_SEEDS: u64 = 8;
/// Rows of functions, softmax, losses, layers alone, networks as `train` builds them, and any networks.
const N_ROWS: usize = 5 + 2 + 14 + 15 + 2 * 6 + 18;

fn rows(seed: u64) -> Vec<Row> {
    suite(&mut Random::new(seed, 4)).expect("a suite that fits itself")
}

#[test]
fn every_row_is_right_for_every_seed() {
    let (mut n_compared, mut n_at_kinks) = (0, 0);
    for seed in 0..N_SEEDS {
        let rows = rows(seed);
        assert_eq!(rows.len(), N_ROWS);
        for Row { what, comparison, .. } in &rows {
            assert!(comparison.worst < TOLERANCE, "seed {seed}, {what}: {comparison:?}");
            assert!(comparison.is_right(), "seed {seed}, {what}: {comparison:?}");
            let n = comparison.n_compared + comparison.n_at_kinks;
            // Seven rows of four inputs; the smallest network, 2-3-2, has 29 on six rows.
            assert!(n >= 28, "seed {seed}, {what}: only {n}");
            n_compared += comparison.n_compared;
            n_at_kinks += comparison.n_at_kinks;
        }
    }
    assert!(n_compared >= N_SEEDS as usize * 4000, "only {n_compared} derivatives were compared");
    // A step across a kink is rare, since shorter ones are tried.
    assert!(n_at_kinks * 200 < n_compared, "{n_at_kinks} derivatives were left out");
}

/// What stands alone has the sizes that were written down for it, in every seed.
#[test]
fn what_stands_alone_is_compared_in_every_entry() {
    for seed in 0..N_SEEDS {
        let rows = rows(seed);
        let counts: Vec<usize> = rows[..36]
            .iter()
            .map(|row| row.comparison.n_compared + row.comparison.n_at_kinks)
            .collect();
        assert_eq!(counts[..7], [50, 50, 50, 50, 50, 40, 40], "functions and softmax");
        assert_eq!(counts[7..21], [36; 14], "losses of 9 rows and 4 classes");
        // Seven rows of four inputs, and the parameters: dense, six units, batch norm and dropout in both
        // modes, three residual blocks.
        let n = 7 * 4;
        let long = (15 + 6 + 3) + (12 + 6) + 16;
        let parameters = [15, 20, 0, 0, 0, 0, 0, 4, 8, 8, 0, 0, 15 + 16, long, long];
        assert_eq!(counts[21..], parameters.map(|parameters| n + parameters));
    }
}

/// Random networks are only worth something where everything turns up in them.
#[test]
fn random_networks_hold_every_kind_of_layer_and_loss() {
    let names: Vec<String> = (0..N_SEEDS)
        .flat_map(|seed| rows(seed).split_off(N_ROWS - 18))
        .map(|row| row.what)
        .collect();
    assert_eq!(names.len(), 18 * N_SEEDS as usize);
    for word in [
        " relu",
        "leakyrelu",
        "prelu",
        "sigmoid",
        "tanh",
        "identity",
        "norm",
        "dropout",
        "[",
        ", cross-entropy",
        ", weighted cross-entropy",
        ", smoothed cross-entropy",
        ", weighted smoothed cross-entropy",
        ", squared error",
        ", weighted squared error",
        ", binary cross-entropy",
        ", weighted binary cross-entropy",
        ", half squared error of numbers",
        ", weighted half squared error of numbers",
    ] {
        assert!(names.iter().any(|name| name.contains(word)), "no network with `{word}`");
    }
    // A block within a block: a second bracket opens before the first one closes.
    let is_nested = |name: &&String| {
        let mut depth = 0usize;
        name.chars().any(|c| {
            depth = match c {
                '[' => depth + 1,
                ']' => depth - 1,
                _ => depth,
            };
            1 < depth
        })
    };
    assert!(names.iter().filter(is_nested).count() > 5);
}

/// Every parameter and input entry of plain networks of no to three hidden layers, with every unit, with
/// and without class weights.
#[test]
fn ones_own_network_is_compared_in_every_number() {
    let (mut n_networks, mut n_compared, mut n_at_kinks) = (0, 0, 0);
    let sizes: [&[usize]; 4] = [&[], &[5], &[6, 4], &[5, 4, 3]];
    for hidden in sizes {
        for unit in ActivationKind::ALL {
            for class_weights in [[1.0, 1.0, 1.0], [0.2, 1.0, 3.5], [0.0, 2.0, 1.0]] {
                let random = &mut Random::new(n_networks, 0);
                let network = Architecture::plain(4, hidden, 3).with_activation(unit).build(random);
                let network = network.expect("sizes above zero");
                let x = Array2::from_shape_simple_fn((7, 4), || random.normal());
                let labels: Vec<usize> = (0..7).map(|_| random.below(3)).collect();
                let task = Task { x: &x, targets: Targets::Labels(&labels) };
                let loss = Loss::CrossEntropy { smoothing: 0.0 };
                let found = check_network(&network, task, loss, &class_weights, random);
                let found = found.expect("sizes that fit");
                assert!(found.is_right(), "{hidden:?} {unit:?} {class_weights:?}: {found:?}");
                let n = 7 * 4 + network.n_parameters();
                assert_eq!(found.n_compared + found.n_at_kinks, n);
                n_networks += 1;
                n_compared += found.n_compared;
                n_at_kinks += found.n_at_kinks;
            }
        }
    }
    assert_eq!(n_networks, 4 * 6 * 3);
    // The input, and the parameters of 4-3, 4-5-3, 4-6-4-3 and 4-5-4-3-3; PReLUs have a slope a unit.
    let parameters = 15 + (25 + 18) + (30 + 28 + 15) + (25 + 24 + 15 + 12);
    let slopes = 5 + (6 + 4) + (5 + 4 + 3);
    assert_eq!(n_compared + n_at_kinks, 3 * (6 * (4 * 28 + parameters) + slopes));
    assert!(n_at_kinks * 200 < n_compared, "{n_at_kinks} derivatives were left out");
}
