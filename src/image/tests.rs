use super::{Gray, Levels, Orientation, Samples, ValueRange, luma};
use crate::image::flag::Flag;

fn eight(width: usize, height: usize, values: &[u8]) -> Gray {
    Gray::new(width, height, Samples::Eight(values.to_vec())).unwrap()
}

fn sixteen(values: &[u16]) -> Gray {
    Gray::new(values.len(), 1, Samples::Sixteen(values.to_vec())).unwrap()
}

#[test]
fn sizes_that_do_not_fit_are_named_both() {
    let error = Gray::new(3, 2, Samples::Eight(vec![0; 5])).unwrap_err().to_string();
    assert!(error.contains("expected 6, found 5"), "{error}");
    assert!(Gray::new(0, 2, Samples::Eight(vec![])).is_err());
    assert!(Gray::new(usize::MAX, 2, Samples::Eight(vec![])).is_err());
}

#[test]
fn gray_colours_stay_what_they_are() {
    for value in [0, 1, 127, 255, 4095, 65_535] {
        assert_eq!(luma(value, value, value), value);
    }
    assert_eq!(luma(0, 255, 0), 150); // 149.685
    assert_eq!(luma(0, 0, 255), 29); // 29.07
}

/// A 3x2 picture `a b c / d e f`, each way up, worked out by hand from the EXIF definition: the tag
/// names the side of the upright picture at which the stored row 0 and column 0 lie.
#[test]
fn every_orientation_is_set_upright() {
    let upright = eight(3, 2, b"abcdef");
    let stored: [(u8, usize, usize, &[u8]); 8] = [
        (1, 3, 2, b"abcdef"),
        (2, 3, 2, b"cbafed"),
        (3, 3, 2, b"fedcba"),
        (4, 3, 2, b"defabc"),
        (5, 2, 3, b"adbecf"),
        (6, 2, 3, b"cfbead"),
        (7, 2, 3, b"fcebda"),
        (8, 2, 3, b"daebfc"),
    ];
    for (tag, width, height, values) in stored {
        let orientation = Orientation::from_exif(tag).unwrap();
        assert_eq!(orientation.apply(eight(width, height, values)), upright, "tag {tag}");
    }
    assert_eq!(Orientation::from_exif(0), None);
    assert_eq!(Orientation::from_exif(9), None);
}

#[test]
fn fixed_levels_follow_the_formula_for_every_value_and_depth() {
    let all: Vec<u16> = (0..=u16::MAX).collect();
    let picture = sixteen(&all);
    for n_levels in [2usize, 3, 32, 255, 256] {
        let levels = Levels::fixed(&picture, n_levels, ValueRange::Nominal);
        for (value, &level) in all.iter().zip(&levels.values) {
            assert_eq!(usize::from(level), usize::from(*value) * n_levels / 65_536);
        }
    }
    let twelve = Levels::fixed(&picture, 32, ValueRange::Bits(12));
    assert_eq!((twelve.values[4095], twelve.values[4096], twelve.values[127]), (31, 31, 0));
    assert_eq!(twelve.values[128], 1);
}

#[test]
fn a_range_includes_both_ends_and_moves_the_rest_inside() {
    let picture = eight(5, 1, &[0, 10, 11, 13, 200]);
    let levels = Levels::fixed(&picture, 4, ValueRange::Between(10, 13));
    assert_eq!(levels.values, [0, 0, 1, 3, 3]);
    assert!(ValueRange::Between(10, 13).flags(&picture, None).has(Flag::Clipped));
    assert!(!ValueRange::Between(0, 200).flags(&picture, None).has(Flag::Clipped));
}

#[test]
fn bits_leave_eight_bit_pictures_alone() {
    let picture = eight(2, 1, &[0, 255]);
    let nominal = Levels::fixed(&picture, 32, ValueRange::Nominal);
    assert_eq!(Levels::fixed(&picture, 32, ValueRange::Bits(12)), nominal);
}

#[test]
fn flags_name_flat_narrow_and_clipped_pictures() {
    let twelve = sixteen(&[0, 4095]);
    assert_eq!(ValueRange::Nominal.flags(&twelve, None).to_string(), "few_levels");
    assert_eq!(ValueRange::Bits(12).flags(&twelve, None).to_string(), "");
    assert_eq!(ValueRange::Bits(11).flags(&twelve, None).to_string(), "clipped");
    assert_eq!(ValueRange::Nominal.flags(&sixteen(&[7, 7]), None).to_string(), "flat");
    assert_eq!(ValueRange::Nominal.flags(&eight(2, 1, &[100, 116]), None).to_string(), "");
    assert_eq!(
        ValueRange::Nominal.flags(&eight(2, 1, &[100, 115]), None).to_string(),
        "few_levels"
    );
}

#[test]
fn impossible_ranges_are_refused() {
    for range in [ValueRange::Bits(7), ValueRange::Bits(17), ValueRange::Between(5, 5)] {
        assert!(range.check().is_err(), "{range:?}");
    }
    assert!(ValueRange::Between(5, 6).check().is_ok());
}
