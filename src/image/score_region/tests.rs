use ndarray::{Array2, array};

use super::regions_above;
use crate::image::{Area, connected_runs};
use crate::random::Random;

fn area(x: usize, y: usize, width: usize, height: usize) -> Area {
    Area { x, y, width, height }
}

/// Twice the area that a polygon encloses, positive for one that is clockwise on a screen.
fn doubled(outline: &[[usize; 2]]) -> i64 {
    let next = outline.iter().cycle().skip(1);
    let terms = outline.iter().zip(next);
    terms.map(|(a, b)| a[0] as i64 * b[1] as i64 - b[0] as i64 * a[1] as i64).sum()
}

#[test]
fn nothing_above_the_threshold_is_no_region() {
    assert!(regions_above(Array2::zeros((3, 4)).view(), 0.0).is_empty());
    assert!(regions_above(Array2::zeros((0, 0)).view(), -1.0).is_empty());
    assert!(regions_above(array![[f32::NAN, 1.0]].view(), 1.0).is_empty());
}

#[test]
fn the_whole_picture_is_one_region_with_four_corners() {
    let found = regions_above(Array2::from_elem((3, 4), -1.0).view(), f32::NEG_INFINITY);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].bounds, found[0].area, found[0].score), (area(0, 0, 4, 3), 12, -1.0));
    assert_eq!(found[0].outline, [[0, 0], [4, 0], [4, 3], [0, 3]]);
}

#[test]
fn one_pixel_is_a_square() {
    let mut map = Array2::zeros((3, 3));
    map[[1, 2]] = f32::INFINITY;
    let found = regions_above(map.view(), 0.5);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].bounds, found[0].area), (area(2, 1, 1, 1), 1));
    assert_eq!(found[0].score, f32::INFINITY);
    assert_eq!(found[0].outline, [[2, 1], [3, 1], [3, 2], [2, 2]]);
}

#[test]
fn a_ring_and_what_it_holds_are_two() {
    let mut map = Array2::from_elem((5, 5), 2.0);
    map.slice_mut(ndarray::s![1..4, 1..4]).fill(0.0);
    map[[2, 2]] = 3.0;
    let found = regions_above(map.view(), 1.0);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].bounds, found[0].area, found[0].score), (area(2, 2, 1, 1), 1, 3.0));
    assert_eq!(found[0].outline, [[2, 2], [3, 2], [3, 3], [2, 3]]);
    // The outer border alone: the hole is no part of the outline.
    assert_eq!((found[1].bounds, found[1].area, found[1].score), (area(0, 0, 5, 5), 16, 2.0));
    assert_eq!(found[1].outline, [[0, 0], [5, 0], [5, 5], [0, 5]]);
}

/// . . #
/// . # .
/// # . .
#[test]
fn a_line_to_the_lower_left_hangs_together() {
    let map = array![[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
    let found = regions_above(map.view(), 0.5);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].bounds, found[0].area), (area(0, 0, 3, 3), 3));
    let outline = [
        [2, 0],
        [3, 0],
        [3, 1],
        [2, 1],
        [2, 2],
        [1, 2],
        [1, 3],
        [0, 3],
        [0, 2],
        [1, 2],
        [1, 1],
        [2, 1],
    ];
    assert_eq!(found[0].outline, outline);
}

#[test]
fn regions_are_sorted_by_score_then_row_then_column() {
    let map = array![[0.0, 0.0, 5.0, 0.0, 5.0], [0.0; 5], [5.0, 0.0, 7.0, 0.0, 6.0]];
    let places: Vec<_> = regions_above(map.view(), 1.0)
        .iter()
        .map(|region| (region.score, region.bounds.y, region.bounds.x))
        .collect();
    let expected = [(7.0, 2, 2), (6.0, 2, 4), (5.0, 0, 2), (5.0, 0, 4), (5.0, 2, 0)];
    assert_eq!(places, expected);
}

/// Invariant: an outline encloses the region's pixels and its holes, which are what cannot be reached from outside by sides.
#[test]
fn outlines_enclose_regions_and_their_holes() {
    let mut random = Random::new(4, 0);
    let (mut n_regions, mut n_holes) = (0, 0);
    for case in 0..200 {
        let (height, width) = (1 + random.below(16), 1 + random.below(16));
        let share = [0.2, 0.4, 0.6, 0.8][case % 4];
        let map = Array2::from_shape_simple_fn((height, width), || random.unit() as f32);
        let threshold = 1.0 - share as f32;
        let found = regions_above(map.view(), threshold);
        let flags: Vec<bool> = map.iter().map(|&score| score > threshold).collect();
        let runs = connected_runs(width, &flags);
        assert_eq!(found.iter().map(|region| region.area).sum::<usize>(), {
            flags.iter().filter(|&&flag| flag).count()
        });
        for (n, region) in found.iter().enumerate() {
            // The region by the run at its first corner.
            let [x, y] = region.outline[0];
            let own = runs.iter().find(|run| (run.y, run.x) == (y, x)).unwrap().region;
            let is_own = |x: usize, y: usize| {
                runs.iter().any(|r| r.region == own && r.y == y && r.x <= x && x < r.end)
            };
            let filled = (width + 2) * (height + 2) - outside(width, height, &is_own);
            assert_eq!(doubled(&region.outline), 2 * filled as i64, "{case} {n}: {map:?}");
            n_holes += usize::from(filled > region.area);
            n_regions += 1;
            let highest = runs
                .iter()
                .filter(|run| run.region == own)
                .flat_map(|run| (run.x..run.end).map(|x| map[[run.y, x]]).collect::<Vec<_>>());
            assert_eq!(highest.reduce(f32::max), Some(region.score));
            let (xs, ys) =
                (region.outline.iter().map(|c| c[0]), region.outline.iter().map(|c| c[1]));
            let b = region.bounds;
            assert_eq!((xs.clone().min(), xs.max()), (Some(b.x), Some(b.x + b.width)));
            assert_eq!((ys.clone().min(), ys.max()), (Some(b.y), Some(b.y + b.height)));
            // Sides take turns: every corner is a turn.
            let sides = region.outline.iter().zip(region.outline.iter().cycle().skip(1));
            let is_level: Vec<bool> = sides.map(|(a, b)| a[1] == b[1]).collect();
            assert!(is_level.iter().enumerate().all(|(at, &level)| level == (at % 2 == 0)));
        }
    }
    assert!(n_regions > 500 && n_holes > 50, "{n_regions} {n_holes}");
}

/// Pixels that are reached from outside by sides, of a picture with a frame of one more pixel on every side.
fn outside(width: usize, height: usize, is_own: &dyn Fn(usize, usize) -> bool) -> usize {
    let (across, down) = (width + 2, height + 2);
    let mut is_known = vec![false; across * down];
    is_known[0] = true;
    let mut open = vec![(0, 0)];
    let mut n = 0;
    while let Some((x, y)) = open.pop() {
        n += 1;
        let around = [
            (x + 1, y),
            (x, y + 1),
            (usize::wrapping_sub(x, 1), y),
            (x, usize::wrapping_sub(y, 1)),
        ];
        for (x, y) in around.into_iter().filter(|&(x, y)| x < across && y < down) {
            let is_inside = 0 < x && x <= width && 0 < y && y <= height && is_own(x - 1, y - 1);
            if !is_inside && !is_known[y * across + x] {
                is_known[y * across + x] = true;
                open.push((x, y));
            }
        }
    }
    n
}
