use super::check_regions;
use crate::image::{Area, Region};
use crate::io::Limits;

#[test]
fn scattered_regions_and_too_many_numbers_are_refused() {
    let whole = Area { x: 0, y: 0, width: 100, height: 100 };
    let region = |label| Region { label, bounds: whole, n_pixels: 2 };
    let limits = Limits { max_pixels: 20_000, max_memory: 16 * 800, ..Limits::default() };
    let check = |n: u16, columns, limits| {
        check_regions(&(1..=n).map(region).collect::<Vec<_>>(), columns, limits)
    };
    check(2, 50, limits).unwrap();
    let problem = check(3, 50, limits).unwrap_err().to_string();
    assert!(problem.contains("--max-pixels"), "{problem}");
    let problem = check(2, 51, limits).unwrap_err().to_string();
    assert!(problem.contains("--max-memory"), "{problem}");
    // One region is no more than its picture.
    check(1, 50, Limits { max_pixels: 1, ..limits }).unwrap();
}
