use ndarray::{Array2, array};

use super::{Binned, PixelScores};
use crate::image::Mask;
use crate::random::Random;

/// Maps (24, 20) with 24 defective regions of 196 pixels, many of which touch at corners; the first is good.
fn example(score: impl Fn(usize) -> f32) -> Vec<(Array2<f32>, Mask)> {
    let map = |k: usize| {
        let is_defect = |y: usize, x: usize| {
            0 < k
                && (((x + 3 * k) / 5 + y / 4).is_multiple_of(5)
                    || (x * 7 + y * 11 + k).is_multiple_of(29))
        };
        let flags = (0..24 * 20).map(|at| is_defect(at / 20, at % 20)).collect();
        let scores = Array2::from_shape_fn((24, 20), |(y, x)| {
            let raw = (x * x * 31 + y * 57 + x * y * 13 + k * 101) % 97;
            score(raw + 40 * usize::from(is_defect(y, x)))
        });
        (scores, Mask::new(20, 24, flags).unwrap())
    };
    (0..3).map(map).collect()
}

fn pixels(maps: &[(Array2<f32>, Mask)]) -> PixelScores {
    let mut pixels = PixelScores::new();
    for (at, (scores, mask)) in maps.iter().enumerate() {
        pixels.add(scores.view(), Some(mask), at).unwrap();
    }
    pixels
}

/// Oracle: `roc_auc_score` of scikit-learn 1.9.1; numpy 2.4.6 and scipy 1.17.1 (`ndimage.label` with a structure of 3 x 3 ones):
/// per score the cumulated share of good pixels and the mean of the regions' cumulated shares, `numpy.trapezoid` up to the limit
/// with the curve interpolated there.
const AUROC: f64 = 0.831_126_140_166_677_6;
const AUPRO: [(f64, f64); 3] = [
    (0.05, 0.488_365_048_226_669_5),
    (0.3, 0.623_365_504_214_467_6),
    (1.0, 0.818_011_440_485_947_4),
];

#[test]
fn measures_are_those_of_scikit_learn_and_scipy() {
    let mut n_seen = 0;
    // Different scores have bins of their own, so that nothing but rounding of sums is lost.
    for score in [|raw| raw as f32 / 16.0 - 2.0, |raw| raw as f32 / 3.0] {
        let pixels = pixels(&example(score));
        assert_eq!(pixels.n_regions(), 24);
        assert!((pixels.auroc().unwrap().value - AUROC).abs() < 1e-13);
        for (limit, expected) in AUPRO {
            let found = pixels.aupro(limit).unwrap().value;
            assert!((found - expected).abs() < 1e-13, "{limit}: {found} {expected}");
            n_seen += 1;
        }
    }
    assert_eq!(n_seen, 6);
}

/// Scores so close that four share a bin.
#[test]
fn close_scores_are_wrong_by_no_more_than_is_said() {
    let exact = pixels(&example(|raw| raw as f32));
    let close = pixels(&example(|raw| 1.0 + raw as f32 / 65_536.0));
    let moved = |found: Binned, exact: f64| {
        assert!(found.error < 0.05, "{found:?}");
        let distance = (found.value - exact).abs();
        assert!(1e-6 < distance && distance <= found.error, "{found:?} {exact}");
    };
    moved(close.auroc().unwrap(), AUROC);
    // In the example itself equal scores tie, too: 0.6 % of the pairs.
    assert!(exact.auroc().unwrap().error < close.auroc().unwrap().error);
    for (limit, expected) in AUPRO {
        let found = close.aupro(limit).unwrap();
        assert!((found.value - expected).abs() <= found.error, "{limit}: {found:?} {expected}");
        assert!(exact.aupro(limit).unwrap().error < found.error);
    }
}

/// Every threshold for itself, with regions found by spreading until nothing moves.
fn plain_aupro(maps: &[(Array2<f32>, Mask)], limit: f64) -> f64 {
    let mut regions: Vec<Vec<f32>> = Vec::new();
    let mut good: Vec<f32> = Vec::new();
    for (scores, mask) in maps {
        let (height, width) = scores.dim();
        let inside = |y: usize, x: usize| mask.flags()[y * width + x];
        let mut labels = Array2::from_shape_fn((height, width), |(y, x)| y * width + x);
        loop {
            let before = labels.clone();
            for ((y, x), label) in before.indexed_iter().filter(|((y, x), _)| inside(*y, *x)) {
                for (v, u) in (y.saturating_sub(1)..(y + 2).min(height))
                    .flat_map(|v| (x.saturating_sub(1)..(x + 2).min(width)).map(move |u| (v, u)))
                    .filter(|&(v, u)| inside(v, u))
                {
                    labels[[v, u]] = labels[[v, u]].min(*label);
                }
            }
            if labels == before {
                break;
            }
        }
        for first in 0..height * width {
            let own = labels.indexed_iter().filter(|&((y, x), &l)| inside(y, x) && l == first);
            let own: Vec<f32> = own.map(|(at, _)| scores[at]).collect();
            if !own.is_empty() {
                regions.push(own);
            }
        }
        good.extend(scores.indexed_iter().filter(|((y, x), _)| !inside(*y, *x)).map(|(_, s)| s));
    }
    let share = |scores: &[f32], t: f32| {
        scores.iter().filter(|&&score| score >= t).count() as f64 / scores.len() as f64
    };
    let mut thresholds: Vec<f32> = regions.concat();
    thresholds.extend(&good);
    thresholds.sort_by(|a, b| b.total_cmp(a));
    let (mut x, mut y, mut area) = (0.0, 0.0, 0.0);
    for t in thresholds {
        let next_x = share(&good, t);
        let next_y = regions.iter().map(|own| share(own, t)).sum::<f64>() / regions.len() as f64;
        if limit < next_x {
            let at_limit = y + (next_y - y) * (limit - x) / (next_x - x);
            return (area + (limit - x) * (y + at_limit) / 2.0) / limit;
        }
        area += (next_x - x) * (y + next_y) / 2.0;
        (x, y) = (next_x, next_y);
    }
    area / limit
}

#[test]
fn overlap_is_what_plain_counting_gives() {
    let mut random = Random::new(8, 0);
    let mut n_seen = 0;
    for case in 0..30 {
        let maps: Vec<(Array2<f32>, Mask)> = (0..2)
            .map(|_| {
                let (height, width) = (2 + random.below(8), 2 + random.below(8));
                let share = [0.1, 0.3, 0.5][case % 3];
                let flags: Vec<bool> = (0..height * width).map(|_| random.unit() < share).collect();
                let scores = Array2::from_shape_fn((height, width), |(y, x)| {
                    random.below(12) as f32 - 5.0 + 3.0 * f32::from(u8::from(flags[y * width + x]))
                });
                (scores, Mask::new(width, height, flags).unwrap())
            })
            .collect();
        let found = pixels(&maps);
        for limit in [0.1, 0.3, 1.0] {
            let Some(found) = found.aupro(limit) else { continue };
            let expected = plain_aupro(&maps, limit);
            assert!((found.value - expected).abs() < 1e-12, "{case} {limit}: {found:?} {expected}");
            n_seen += 1;
        }
    }
    assert!(n_seen > 60, "{n_seen}");
}

#[test]
fn a_picture_without_a_mask_is_good_and_sizes_must_agree() {
    let mut pixels = PixelScores::default();
    pixels.add(array![[1.0, 2.0]].view(), None, 0).unwrap();
    assert_eq!((pixels.auroc(), pixels.aupro(0.3), pixels.n_regions()), (None, None, 0));
    let mask = Mask::new(2, 1, vec![true, true]).unwrap();
    let text = pixels.add(array![[1.0], [2.0]].view(), Some(&mask), 1).unwrap_err().to_string();
    assert!(text.contains("rows of a mask of defects"), "{text}");
    assert!(pixels.add(array![[1.0]].view(), Some(&mask), 1).is_err());
    // Whole pictures of a defect: everything above what is good.
    pixels.add(array![[3.0, f32::INFINITY]].view(), Some(&mask), 1).unwrap();
    let all = Some(Binned { value: 1.0, error: 0.0 });
    assert_eq!((pixels.auroc(), pixels.aupro(0.3), pixels.n_regions()), (all, all, 1));
    assert_eq!(pixels.auroc_interval(), Some([1.0, 1.0]));
    // What is not a number is below all.
    pixels.add(array![[f32::NAN, f32::NAN]].view(), Some(&mask), 2).unwrap();
    assert_eq!(pixels.auroc().map(|found| found.value), Some(0.5));
    assert_eq!(PixelScores::new().auroc_interval(), None);
}

/// Pictures that differ: intervals hold the value and the truth, and do not depend on the order of the pictures.
#[test]
fn intervals_hold_the_value_and_narrow_with_more_pictures() {
    let mut random = Random::new(12, 0);
    let mut of = |n: usize| {
        let maps: Vec<(Array2<f32>, Mask)> = (0..n)
            .map(|at| {
                let flags: Vec<bool> = (0..100).map(|p| at % 2 == 0 && p % 10 < 3).collect();
                let light = random.normal();
                let scores = Array2::from_shape_fn((10, 10), |(y, x)| {
                    let defect = if flags[y * 10 + x] { 1.5 } else { 0.0 };
                    (light + random.normal() + defect) as f32
                });
                (scores, Mask::new(10, 10, flags).unwrap())
            })
            .collect();
        let found = pixels(&maps);
        let mut turned = PixelScores::new();
        for (at, (scores, mask)) in maps.iter().enumerate().rev() {
            turned.add(scores.view(), Some(mask), at).unwrap();
        }
        assert_eq!(found.auroc_interval(), turned.auroc_interval());
        let (area, overlap) = (found.auroc().unwrap().value, found.aupro(0.3).unwrap().value);
        let area_ends = found.auroc_interval().unwrap();
        let overlap_ends = found.aupro_interval(0.3).unwrap();
        for (value, [low, high]) in [(area, area_ends), (overlap, overlap_ends)] {
            assert!(0.0 <= low && low < value && value < high && high <= 1.0);
        }
        // Scores of all pixels have a variance of 2: the area is that of 1.5 / sqrt(2) / sqrt(2) = 0.75, 0.7734.
        assert!(area_ends[0] < 0.7734 && 0.7734 < area_ends[1], "{n}: {area_ends:?}");
        area_ends[1] - area_ends[0]
    };
    let (few, many) = (of(16), of(160));
    assert!(many < few / 2.0, "{few} {many}");
}
