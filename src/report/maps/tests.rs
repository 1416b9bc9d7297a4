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
