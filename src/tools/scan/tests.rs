use super::copies::{Sets, find};
use super::sketch::Sketch;
use crate::batch::{Batch, Interrupt, Workers};
use crate::image::{Gray, Samples};
use crate::random::Random;

fn noise(seed: u64) -> Gray {
    let mut random = Random::new(seed, 0);
    let values = (0..32 * 32).map(|_| random.below(256) as u8).collect();
    Gray::new(32, 32, Samples::Eight(values)).unwrap()
}

#[test]
fn sets_are_joined_and_keep_their_smallest_number_first() {
    let mut sets = Sets::new(6);
    for (a, b) in [(4, 5), (1, 3), (3, 5)] {
        sets.join(a, b);
    }
    assert_eq!(sets.first_of(5), 1);
    assert_eq!(sets.sets(), [vec![1, 3, 4, 5]]);
    assert!(Sets::new(3).sets().is_empty());
}

/// Every picture is compared with every other one, across the borders of blocks and runs.
#[test]
fn copies_are_found_wherever_they_stand() {
    let n = 700usize;
    let copies = [(0, 699), (63, 64), (255, 256), (100, 512)];
    let seed = |at: usize| copies.iter().find(|(_, b)| *b == at).map_or(at, |(a, _)| *a);
    let pictures: Vec<_> = (0..n)
        .map(|at| {
            let mut content = [0; 32];
            content[..8].copy_from_slice(&(at as u64).to_le_bytes());
            // One that cannot be read, and one whose content is that of another.
            match at {
                7 => None,
                8 => Some((pictures_content(9), None)),
                9 => Some((pictures_content(9), Sketch::of(&noise(9)))),
                _ => Some((content, Sketch::of(&noise(seed(at) as u64)))),
            }
        })
        .collect();
    for jobs in [1, 3] {
        let workers = Workers::new(jobs, Interrupt::default()).unwrap();
        let found = find(&pictures, Batch::new(&workers)).unwrap().sets();
        let expected = vec![vec![0, 699], vec![8, 9], vec![63, 64], vec![100, 512], vec![255, 256]];
        assert_eq!(found, expected);
    }
}

fn pictures_content(n: u8) -> [u8; 32] {
    [n; 32]
}

#[test]
fn comparing_stops_when_asked_to() {
    let interrupt = Interrupt::default();
    let workers = Workers::new(2, interrupt.clone()).unwrap();
    interrupt.request();
    let pictures = [Some(([0; 32], Sketch::of(&noise(0)))), Some(([1; 32], Sketch::of(&noise(1))))];
    assert!(find(&pictures, Batch::new(&workers)).is_err());
}
