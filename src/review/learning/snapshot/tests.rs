use super::mixed;
use crate::learn::asking::Label;

fn labels(rows: impl Iterator<Item = usize>) -> Vec<Label> {
    // 60 of the first class, 30 of the second, 10 of none.
    let class = |row: usize| match row % 10 {
        0..6 => Some(0),
        6..9 => Some(1),
        _ => None,
    };
    rows.map(|row| Label { row, class: class(row) }).collect()
}

fn rows(labels: &[Label]) -> Vec<usize> {
    labels.iter().map(|label| label.row).collect()
}

#[test]
fn the_order_of_labelling_does_not_matter_and_each_beginning_has_its_share() {
    let mut by_class = labels(0..100);
    by_class.sort_by_key(|label| (label.class, label.row));
    let first = mixed(&by_class);
    assert_eq!(rows(&first), rows(&mixed(&labels((0..100).rev()))));
    for n in [10, 20, 50, 100] {
        let of = |class| first[..n].iter().filter(|label| label.class == class).count();
        let expected = [6 * n / 10, 3 * n / 10, n / 10];
        for (found, expected) in [of(Some(0)), of(Some(1)), of(None)].into_iter().zip(expected) {
            assert!(found.abs_diff(expected) <= 1, "{n}: {found} {expected}");
        }
    }
    let mut all = rows(&first);
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    assert!(mixed(&[]).is_empty());
}
