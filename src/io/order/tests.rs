use std::cmp::Ordering;

use super::by_number;

/// Every pair of a sorted list compares as their places do, which also shows that the order is total.
#[test]
fn runs_of_digits_count_as_numbers() {
    let huge = "9".repeat(40);
    let huger = format!("1{}", "0".repeat(40));
    let sorted = [
        "",
        "-1",
        "0",
        "00",
        "01",
        "1",
        "1a",
        "2",
        "2.5",
        "2.10",
        "10",
        "100",
        &huge,
        &huger,
        "a",
        "a1b2",
        "a1b10",
        "a02",
        "a2",
        "a2b",
        "a10",
        "b",
        "img01",
        "img1",
        "img2.png",
        "img10.png",
        "ü2",
        "ü10",
    ];
    let mut n_pairs = 0;
    for (i, a) in sorted.iter().enumerate() {
        for (j, b) in sorted.iter().enumerate() {
            assert_eq!(by_number(a, b), i.cmp(&j), "{a} and {b}");
            n_pairs += 1;
        }
    }
    assert_eq!(n_pairs, 28 * 28);
    assert_eq!(by_number("x7", "x7"), Ordering::Equal);
}
