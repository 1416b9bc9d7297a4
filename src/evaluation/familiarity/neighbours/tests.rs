use ndarray::array;

use super::Familiarity;
use crate::error::Error;

/// Two classes on a line, whose neighbours are 1 and 4 apart.
fn line() -> Familiarity {
    let rows = array![[0.0], [1.0], [2.0], [20.0], [24.0], [28.0]];
    Familiarity::fit(&rows, &[0, 0, 0, 1, 1, 1], 2, &vec![None; 6]).unwrap()
}

#[test]
fn neighbours_come_in_order_with_distances_in_units_of_their_class() {
    let labels = [0, 0, 0, 1, 1, 1];
    let contents = [1u8, 2, 3, 4, 5, 6].map(|n| [n; 32]);
    let named = line().with_contents(&labels, &contents).unwrap();
    let near = named.neighbours(array![2.5].view(), 4);
    let found: Vec<_> =
        near.iter().map(|n| (n.class, n.distance, n.content.clone().unwrap())).collect();
    let expected = [(0, 0.5, "03"), (0, 1.5, "02"), (0, 2.5, "01"), (1, 17.5 / 4.0, "04")];
    assert_eq!(found.len(), expected.len());
    for ((class, distance, content), (c, d, digits)) in found.iter().zip(expected) {
        assert_eq!((*class, content), (c, &digits.repeat(8)));
        assert!((distance - d).abs() < 1e-6, "{distance} {d}");
    }
}

#[test]
fn contents_are_optional_and_checked() {
    let unnamed = line();
    assert!(unnamed.is_sound(1, 2));
    assert!(unnamed.neighbours(array![0.0].view(), 9).iter().all(|near| near.content.is_none()));
    assert_eq!(unnamed.neighbours(array![0.0].view(), 9).len(), 6);
    let labels = [0, 0, 0, 1, 1, 1];
    assert!(matches!(line().with_contents(&labels, &[[0; 32]; 5]), Err(Error::Size { .. })));
    assert!(matches!(line().with_contents(&[0; 6], &[[0; 32]; 6]), Err(Error::Size { .. })));
    let named = line().with_contents(&labels, &[[0xab; 32]; 6]).unwrap();
    assert!(named.is_sound(1, 2));
    for wrong in ["ab", "ABABABABABABABAB", "../../etc/passwd"] {
        let mut other = named.clone();
        other.contents[1][2] = wrong.into();
        assert!(!other.is_sound(1, 2), "{wrong}");
    }
    let mut fewer = named;
    fewer.contents.pop();
    assert!(!fewer.is_sound(1, 2));
}
