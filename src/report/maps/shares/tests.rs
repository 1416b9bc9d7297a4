use super::small_shares;
use crate::image::{Gray, Grid, Samples};

#[test]
fn yellow_lies_where_the_number_is_large() {
    let picture = Gray::new(8, 4, Samples::Eight(vec![100; 32])).unwrap();
    let grid = Grid::new(8, 4, 4, 4).unwrap();
    let shown = small_shares(&picture, &grid, &[0.0, 1.0], 100).unwrap();
    let [red, _, blue] = shown.rgb();
    assert_eq!((red.width(), red.height()), (8, 4));
    // Cividis goes from (0, 32, 76) or so to (253, 231, 55) or so.
    assert!(red.value(0, 0) + 20 < blue.value(0, 0), "{red:?} {blue:?}");
    assert!(blue.value(7, 3) + 60 < red.value(7, 3));
    let row: Vec<u16> = (0..8).map(|x| red.value(x, 1)).collect();
    assert!(row.is_sorted(), "{row:?}");
    assert!(small_shares(&picture, &grid, &[0.0], 100).is_err());
}
