use super::IbsiGlcmOptions;
use crate::image::{Gray, Samples};
use crate::texture::{FamilyOptions, Input};

#[test]
fn the_mean_over_four_directions_and_all_together() {
    // 0 9
    // 9 0    right, down: two pairs each, of unlike pixels; the diagonals: one each, of like pixels.
    let gray = Gray::new(2, 2, Samples::Eight(vec![0, 9, 9, 0])).unwrap();
    let options = IbsiGlcmOptions { levels: Some(2), ..Default::default() };
    let family = FamilyOptions::IbsiGlcm(options).check().unwrap();
    let mut numbers = Vec::new();
    family.extract(Input::whole(&gray), &mut numbers);
    let columns = &family.blocks()[0].columns;
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    assert_eq!(numbers[at("cm_contrast_d1_2d_avg")], 0.5); // 1, 1, 0, 0
    assert_eq!(numbers[at("cm_contrast_d1_2d_s_mrg")], 4.0 / 6.0);
}
