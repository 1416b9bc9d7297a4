use super::median::median;
use super::{Mrelbp, MrelbpOptions};
use crate::image::flag::Flag;
use crate::image::{Gray, Samples};
use crate::random::Random;
use crate::texture::{Family, View};

/// By sorting each window.
fn sorted_median(values: &[u16], width: usize, window: usize) -> Vec<u16> {
    let height = values.len() / width;
    let half = window / 2;
    let clamp = |at: usize, size: usize| at.saturating_sub(half).min(size - 1);
    let mut medians = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let rows = (y..y + window).map(|y| clamp(y, height));
            let mut seen: Vec<u16> = rows
                .flat_map(|y| (x..x + window).map(move |x| (clamp(x, width), y)))
                .map(|(x, y)| values[y * width + x])
                .collect();
            seen.sort_unstable();
            medians.push(seen[seen.len() / 2]);
        }
    }
    medians
}

#[test]
fn the_sliding_median_is_the_middle_of_the_sorted_window() {
    let mut random = Random::new(5, 0);
    let mut compared = 0;
    for (width, height) in [(1, 1), (1, 9), (9, 1), (2, 3), (13, 17), (40, 6)] {
        for (bits, largest) in [(8, 255), (8, 2), (16, 65_535), (16, 300)] {
            let draw = |_| random.below(largest + 1) as u16;
            let values: Vec<u16> = (0..width * height).map(draw).collect();
            for window in [1, 3, 5, 7, 9] {
                let found = median(&values, width, window, bits);
                assert_eq!(
                    found,
                    sorted_median(&values, width, window),
                    "{width}x{height} {window}"
                );
                compared += found.len();
            }
        }
    }
    assert_eq!(compared, 4 * 5 * (1 + 9 + 9 + 6 + 13 * 17 + 40 * 6));
}

#[test]
fn scales_that_do_not_fit_are_empty_and_flagged() {
    let mrelbp = Mrelbp::new(&MrelbpOptions {}).unwrap();
    // Rings of radius 2 and 4 fit into nine rows, larger ones do not.
    for (height, n_full, is_small) in [(4, 0, true), (9, 2, true), (17, 4, false)] {
        let picture = Gray::new(30, height, Samples::Eight(vec![3; 30 * height])).unwrap();
        let mut numbers = Vec::new();
        let flags = mrelbp.extract(View::whole(&picture), &mut numbers);
        let sums: Vec<f64> = numbers.chunks(200).map(|scale| scale.iter().sum()).collect();
        assert_eq!(sums[..n_full], [1.0; 4][..n_full], "{height}");
        assert_eq!(sums[n_full..], [0.0; 4][n_full..], "{height}");
        assert_eq!(flags.has(Flag::TooSmall), is_small, "{height}");
    }
    let names: Vec<String> = mrelbp.blocks().into_iter().flat_map(|block| block.columns).collect();
    assert_eq!((names.len(), &*names[0], &*names[799]), (800, "mrelbp_r2_0", "mrelbp_r8_199"));
    assert_eq!(mrelbp.reach(), 12);
}
