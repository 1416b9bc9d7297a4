use ndarray::array;

use super::Familiarity;
use crate::learn::evaluation::Seen;
use crate::learn::evaluation::familiarity::fit::tests::of_rows;

const LABELS: [usize; 6] = [0, 0, 0, 1, 1, 1];

/// Two classes on a line, whose neighbours are 1 and 4 apart.
fn line() -> Familiarity {
    let rows = array![[0.0], [1.0], [2.0], [20.0], [24.0], [28.0]];
    of_rows(&rows, &LABELS, &[0, 1, 2, 3, 4, 5], None)
}

#[test]
fn neighbours_come_in_order_with_distances_in_units_of_their_class() {
    let near = line().neighbours(array![2.5].view(), 4);
    let found: Vec<_> =
        near.iter().map(|n| (n.class, n.distance, n.content.clone().unwrap())).collect();
    let expected = [(0, 0.5, "02"), (0, 1.5, "01"), (0, 2.5, "00"), (1, 17.5 / 4.0, "03")];
    assert_eq!(found.len(), expected.len());
    for ((class, distance, content), (c, d, digits)) in found.iter().zip(expected) {
        assert_eq!((*class, content), (c, &digits.repeat(8)));
        assert!((distance - d).abs() < 1e-6, "{distance} {d}");
    }
}

#[test]
fn a_picture_is_as_near_as_its_nearest_view() {
    let rows = array![[0.0], [10.0], [20.0]];
    let other_view = array![[6.0], [19.0], [33.0]];
    let seen = Seen {
        labels: &[0, 0, 0],
        units: &[0, 1, 2],
        contents: &[[1; 32], [2; 32], [3; 32]],
        pictures: None,
        references: &[0, 1, 2],
        views: &[rows.clone(), other_view],
        out_of_fold: &[0, 1, 2],
        rows: &rows,
        logits: None,
    };
    let known = Familiarity::fit(seen, 1).unwrap();
    let near = known.neighbours(array![18.5].view(), 9);
    let names: Vec<_> = near.iter().map(|n| n.content.clone().unwrap()).collect();
    assert_eq!(names, ["02".repeat(8), "03".repeat(8), "01".repeat(8)]);
    assert!((near[1].distance / near[0].distance - 3.0).abs() < 1e-6);
    // What is typical is as the pictures are, not as other views show them.
    assert!((known.middle_of(0, 1)[0] - 10.0).abs() < 1e-5);
}

#[test]
fn contents_are_optional_and_checked() {
    let mut unnamed = line();
    unnamed.contents.clear();
    assert!(unnamed.is_sound(1, 2));
    assert!(unnamed.neighbours(array![0.0].view(), 9).iter().all(|near| near.content.is_none()));
    assert_eq!(unnamed.neighbours(array![0.0].view(), 9).len(), 6);
    let named = line();
    assert!(named.is_sound(1, 2));
    for wrong in ["ab", "ABABABABABABABAB", "../../etc/passwd"] {
        let mut other = named.clone();
        other.contents[1][2] = wrong.into();
        assert!(!other.is_sound(1, 2), "{wrong}");
    }
    let mut fewer = named.clone();
    fewer.contents.pop();
    assert!(!fewer.is_sound(1, 2));
    let mut uneven = named;
    uneven.contents[0].pop();
    assert!(!uneven.is_sound(1, 2));
}
