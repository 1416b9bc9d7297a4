use super::reference::median;
use super::{Mrelbp, MrelbpOptions};
use crate::image::flag::Flag;
use crate::image::{Gray, Samples};
use crate::texture::{Family, Input};

#[test]
fn the_median_of_a_window_by_hand() {
    // 1 1 9
    // 1 7 9   in the middle 1 1 1 1 7 9 9 9 9; at the corner above on the left 1 eight times and 7
    // 1 9 9   below in the middle 1 1 1 7 9 9 9 9 9
    assert_eq!(median(&[1, 1, 9, 1, 7, 9, 1, 9, 9], 3, 3), [1, 1, 9, 1, 7, 9, 1, 9, 9]);
}

#[test]
fn scales_that_do_not_fit_are_empty_and_flagged() {
    let mrelbp = Mrelbp::new(&MrelbpOptions {}).unwrap();
    // Rings of radius 2 and 4 fit into nine rows, larger ones do not.
    for (height, n_full, is_small) in [(4, 0, true), (9, 2, true), (17, 4, false)] {
        let picture = Gray::new(30, height, Samples::Eight(vec![3; 30 * height])).unwrap();
        let mut numbers = Vec::new();
        let flags = mrelbp.extract(Input::whole(&picture), &mut numbers);
        let sums: Vec<f64> = numbers.chunks(200).map(|scale| scale.iter().sum()).collect();
        assert_eq!(sums[..n_full], [1.0; 4][..n_full], "{height}");
        assert_eq!(sums[n_full..], [0.0; 4][n_full..], "{height}");
        assert_eq!(flags.has(Flag::TooSmall), is_small, "{height}");
    }
    let names: Vec<String> = mrelbp.blocks().into_iter().flat_map(|block| block.columns).collect();
    assert_eq!((names.len(), &*names[0], &*names[799]), (800, "mrelbp_r2_0", "mrelbp_r8_199"));
    assert_eq!(mrelbp.reach(), 12);
}
