use super::*;

#[test]
fn parts_cover_the_picture_once_and_are_about_square() {
    let mut n_seen = 0;
    for (size, expected) in [
        ((600, 400), (6, 4)),
        ((100, 301), (2, 6)),
        ((64, 64), (6, 6)),
        ((20, 20), (2, 2)),
        ((1000, 9), (6, 1)),
        ((15, 15), (1, 1)),
        ((1, 1), (1, 1)),
    ] {
        let (width, height) = size;
        assert_eq!(shape(width, height), expected, "{size:?}");
        let mut covered = Array2::<u8>::zeros((height, width));
        for Area { x, y, width, height } in areas(size, expected) {
            covered.slice_mut(ndarray::s![y..y + height, x..x + width]).mapv_inplace(|n| n + 1);
        }
        assert!(covered.iter().all(|&n| n == 1), "{size:?}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 7);
}
