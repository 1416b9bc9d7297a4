use super::*;

#[test]
fn each_pixel_belongs_to_the_window_with_the_nearest_middle() {
    // Middles at 2, 4 and 5 pixels; the last window is flush with the edge.
    assert_eq!(nearest(&[0, 2, 3], 4, 7), [0, 0, 0, 1, 1, 2, 2]);
    assert_eq!(nearest(&[0], 4, 4), [0; 4]);
}

#[test]
fn numbers_lie_between_their_ends() {
    let numbers = |of: Vec<f64>, ends| Values::Numbers { name: "n".into(), of, ends };
    assert_eq!(numbers(vec![3.0, -1.0, 2.0], None).ends(), (-1.0, 3.0));
    assert_eq!(numbers(vec![3.0], Some((0.0, 1.0))).ends(), (0.0, 1.0));
    assert_eq!(Values::share(2.0, (1.0, 3.0)), 0.5);
    assert_eq!(Values::share(2.0, (2.0, 2.0)), 0.0);
}

#[test]
fn shares_count_windows_without_a_class_last() {
    let names = vec!["a".to_owned(), "b".to_owned()];
    let values = Values::Classes { names, of: vec![Some(1), None, Some(1), Some(0)] };
    let expected = [(Some(0), "a", 0.25), (Some(1), "b", 0.5), (None, UNFAMILIAR, 0.25)];
    assert_eq!(values.shares(), expected);
}

#[test]
fn the_first_colours_of_classes_all_differ() {
    let mut colors: Vec<Rgb> = (0..MAX_COLORS).map(of_class).collect();
    assert_eq!(of_class(MAX_COLORS), colors[0]);
    colors.sort_unstable();
    colors.dedup();
    assert_eq!(colors.len(), MAX_COLORS);
}

#[test]
fn numbers_are_short() {
    let cases = [(0.0, "0"), (1.5, "1.5"), (123.456_78, "123.46"), (-0.25, "-0.25")];
    for (value, text) in cases {
        assert_eq!(short(value), text);
    }
    assert_eq!(short(20_000.0), "20000");
    assert_eq!(short(1.25e-7), "1.2500e-7");
}

#[test]
fn letters_are_those_of_unifont() {
    let mut n_letters = 0;
    // The plane behind the basic one has none.
    for character in '\0'..='\u{1ffff}' {
        let (ours, theirs) = (letters::letter(character), unifont::get_glyph(character));
        let widths = (ours.map(|own| own.width()), theirs.map(unifont::Glyph::get_width));
        assert_eq!(widths.0, widths.1, "{character:?}");
        let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
        for (column, row) in (0..17).flat_map(|column| (0..17).map(move |row| (column, row))) {
            let dots = (ours.is_black(column, row), theirs.get_pixel(column, row));
            assert_eq!(dots.0, dots.1, "{character:?}: {column}, {row}");
        }
        n_letters += 1;
    }
    assert!(n_letters > 50_000, "only {n_letters} letters were seen");
}

#[test]
fn names_in_any_script_are_drawn_letter_by_letter() {
    // The last character has no letter.
    let name = "Holz 木材 خشب Дерево नमूना e\u{301} 🪵";
    let glyph = |c| unifont::get_glyph(c).or_else(|| unifont::get_glyph('\u{fffd}')).unwrap();
    let values = Values::Classes { names: vec![name.to_owned()], of: vec![Some(0)] };
    for (width, scale) in [(64, 1), (2000, 3)] {
        let legend = legend::draw(&values, width).image;
        // Right of the square with the colour.
        let (begin, top) = (16 * scale + 12 * scale, 6 * scale);
        let mut expected = legend.clone();
        for (x, _, pixel) in expected.enumerate_pixels_mut() {
            if begin <= x {
                pixel.0 = [255; 3];
            }
        }
        let mut left = begin;
        for glyph in format!("{name} 100.0 %").chars().map(glyph) {
            for (x, y) in (0..16 * scale).flat_map(|x| (0..16 * scale).map(move |y| (x, y))) {
                if glyph.get_pixel((x / scale) as usize, (y / scale) as usize) {
                    expected.put_pixel(left + x, top + y, ::image::Rgb([0; 3]));
                }
            }
            left += glyph.get_width() as u32 * scale;
        }
        assert!(legend == expected, "at the width {width}");
    }
}
