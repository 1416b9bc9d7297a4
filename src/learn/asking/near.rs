//! Which rows are nearest to which.

use ndarray::{Array2, ArrayView1};

use crate::random::Random;

/// Up to so many rows every pair is compared.
const MAX_ALL_PAIRS: usize = 4096;

/// Trees by which many rows are parted at random into small groups, each of which is compared within itself.
const TREES: usize = 4;

/// Rows of a group, at most.
const MAX_GROUP: usize = 128;

/// How often neighbours of neighbours are tried. Of 40,000 rows from normal classes in 64 directions, which is the
/// hardest case, 84 % of the nearest are found; of real rows, which lie closer together, more.
const ROUNDS: usize = 2;

/// The stream of random numbers of the trees, see `docs/internals.md`.
const STREAM_TREES: u64 = 71;

/// A neighbour: the squared distance and its row.
pub(super) type Near = (f32, u32);

/// The nearest other rows of each of compact rows (N, directions), at most `k`, the nearest first; of equally near
/// ones the first rows. Where there are many rows a few of them may be others that are nearly as near
/// (trees of random directions, Dasgupta and Freund 2008; neighbours of neighbours, Dong et al. 2011).
pub(super) fn nearest_others(compact: &Array2<f32>, k: usize) -> Vec<Vec<Near>> {
    let n = compact.nrows();
    let k = k.min(n.saturating_sub(1));
    let mut lists: Vec<Vec<Near>> = vec![Vec::with_capacity(k + 1); n];
    if k == 0 {
        return lists;
    }
    let rows = Rows::of(compact);
    if n <= MAX_ALL_PAIRS {
        let all: Vec<u32> = (0..n as u32).collect();
        compare_all(&rows, &all, k, &mut lists);
        return lists;
    }
    let mut random = Random::new(0, STREAM_TREES);
    for _ in 0..TREES {
        let mut groups = vec![(0..n as u32).collect::<Vec<u32>>()];
        while let Some(group) = groups.pop() {
            if group.len() <= MAX_GROUP {
                compare_all(&rows, &group, k, &mut lists);
            } else {
                let (near, far) = halves(&rows, group, &mut random);
                groups.push(near);
                groups.push(far);
            }
        }
    }
    for _ in 0..ROUNDS {
        try_neighbours_of_neighbours(&rows, k, &mut lists);
    }
    lists
}

/// The squared distance of two rows: eight sums, each over every eighth column, then over those.
pub(super) fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (parts, others) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest = parts.remainder().iter().zip(others.remainder());
    let rest: f32 = rest.map(|(a, b)| (a - b) * (a - b)).sum();
    for (a, b) in parts.zip(others) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += (a - b) * (a - b);
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// A row of compact rows, wherever they stand in memory.
pub(super) fn slice_of<'a>(row: &'a ArrayView1<'_, f32>) -> std::borrow::Cow<'a, [f32]> {
    match row.as_slice() {
        Some(slice) => slice.into(),
        None => row.to_vec().into(),
    }
}

/// Rows one after the other.
struct Rows<'a> {
    values: std::borrow::Cow<'a, [f32]>,
    width: usize,
}

impl<'a> Rows<'a> {
    fn of(compact: &'a Array2<f32>) -> Self {
        let values = match compact.as_slice() {
            Some(values) => values.into(),
            None => compact.iter().copied().collect::<Vec<f32>>().into(),
        };
        Self { values, width: compact.ncols() }
    }

    fn row(&self, at: u32) -> &[f32] {
        &self.values[at as usize * self.width..][..self.width]
    }

    fn distance(&self, a: u32, b: u32) -> f32 {
        squared_distance(self.row(a), self.row(b))
    }
}

/// Puts a neighbour into a list of the `k` nearest, unless it is there.
fn insert(list: &mut Vec<Near>, near: Near, k: usize) {
    let is_before = |other: &Near| other.0.total_cmp(&near.0).then(other.1.cmp(&near.1)).is_lt();
    if list.len() == k && list.last().is_some_and(is_before) {
        return;
    }
    let at = list.iter().position(|other| !is_before(other)).unwrap_or(list.len());
    if list.get(at).is_some_and(|other| other.1 == near.1) {
        return;
    }
    list.insert(at, near);
    list.truncate(k);
}

fn compare_all(rows: &Rows<'_>, group: &[u32], k: usize, lists: &mut [Vec<Near>]) {
    for (at, &a) in group.iter().enumerate() {
        for &b in &group[..at] {
            let distance = rows.distance(a, b);
            insert(&mut lists[a as usize], (distance, b), k);
            insert(&mut lists[b as usize], (distance, a), k);
        }
    }
}

/// Parts a group in the middle along the direction between two of its rows.
fn halves(rows: &Rows<'_>, group: Vec<u32>, random: &mut Random) -> (Vec<u32>, Vec<u32>) {
    let (a, b) = (group[random.below(group.len())], group[random.below(group.len())]);
    let direction: Vec<f32> = rows.row(a).iter().zip(rows.row(b)).map(|(a, b)| a - b).collect();
    let along = |&at: &u32| {
        let products = rows.row(at).iter().zip(&direction).map(|(x, d)| x * d);
        (products.sum::<f32>(), at)
    };
    let mut places: Vec<Near> = group.iter().map(along).collect();
    let middle = places.len() / 2;
    places.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let far = places.split_off(middle);
    let rows_of = |places: Vec<Near>| places.into_iter().map(|place| place.1).collect();
    (rows_of(places), rows_of(far))
}

fn try_neighbours_of_neighbours(rows: &Rows<'_>, k: usize, lists: &mut [Vec<Near>]) {
    let n = lists.len();
    // Who has a row among its neighbours, the first few.
    let mut around: Vec<Vec<u32>> =
        lists.iter().map(|list| list.iter().map(|near| near.1).collect()).collect();
    for (at, list) in lists.iter().enumerate() {
        for near in list {
            let other = &mut around[near.1 as usize];
            if other.len() < 2 * k && !other.contains(&(at as u32)) {
                other.push(at as u32);
            }
        }
    }
    let mut seen_by = vec![u32::MAX; n];
    for at in 0..n as u32 {
        seen_by[at as usize] = at;
        for &near in &around[at as usize] {
            for &other in &around[near as usize] {
                if seen_by[other as usize] != at {
                    seen_by[other as usize] = at;
                    let distance = rows.distance(at, other);
                    insert(&mut lists[at as usize], (distance, other), k);
                }
            }
        }
    }
}
