use std::collections::BTreeMap;

use ndarray::array;

use super::alike::nearest_pairs;
use super::classification::Least;
use super::labelled_predictions::margin;
use super::matrix::in_rounds;
use super::page::{Card, Cell, Gallery, Page, Part, Section, Table};
use super::pictures::strongest;
use super::plots::{bars, over_epochs, reliability};
use super::separation::fisher_ratios;
use crate::learn::evaluation::ConfidenceBin;

#[test]
fn fisher_divides_what_lies_between_by_what_lies_within() {
    // Means 1 and 11 around 6: between 4 * 25, within 4 * 1. The second column never varies, the third only
    // between the classes.
    let rows = array![[0.0, 0.1, 1.0], [2.0, 0.1, 1.0], [10.0, 0.1, 2.0], [12.0, 0.1, 2.0]];
    assert_eq!(fisher_ratios(&rows, &[0, 0, 1, 1], 3), [25.0, 0.0, f64::INFINITY]);
}

#[test]
fn pairs_are_in_the_order_of_their_distance_in_units_of_the_spread_within() {
    // Every picture lies 1 from the mean of its class; class 2 has none.
    let rows = array![[-1.0], [1.0], [9.0], [11.0], [3.0], [5.0]];
    let pairs = nearest_pairs(&rows, &[0, 0, 1, 1, 3, 3], 4);
    assert_eq!(pairs, [(4.0, [0, 3]), (6.0, [1, 3]), (10.0, [0, 1])]);
}

#[test]
fn the_smallest_keys_stay_and_of_equal_ones_the_first() {
    let mut least = Least::new(3);
    let mut n_made = 0;
    for (at, key) in [5.0, 1.0, 3.0, 3.0, 9.0, 1.0].into_iter().enumerate() {
        least.offer(key, || {
            n_made += 1;
            at
        });
    }
    assert_eq!(least.items().copied().collect::<Vec<_>>(), [1, 5, 2]);
    assert_eq!(n_made, 5, "what is not kept is not made");
    let mut none = Least::new(0);
    none.offer(1.0, || 1);
    assert_eq!(none.items().count(), 0);
}

#[test]
fn the_margin_is_the_lead_of_the_largest() {
    assert_eq!(margin(array![0.125, 0.625, 0.25].view()), 0.375);
    assert_eq!(margin(array![0.5, 0.5].view()), 0.0);
}

#[test]
fn the_strongest_features_are_the_farthest_from_the_mean() {
    let names = ["a", "b", "c", "d", "e"];
    let lines = strongest(&names, &[0.5, -3.0, 2.0, 3.0, -1.0]);
    assert_eq!(lines, ["b -3.0 sd", "d +3.0 sd", "c +2.0 sd"]);
    assert!(strongest(&names, &[0.0; 5]).is_empty());
}

#[test]
fn pictures_behind_cells_are_bounded_and_mistakes_come_first() {
    // 30 x 30 cells with 20 pictures each.
    let all: Vec<usize> = (0..20).collect();
    let cells: BTreeMap<_, _> = (0..900).map(|at| ((at / 30, at % 30), all.clone())).collect();
    let chosen = in_rounds(&cells);
    assert_eq!(chosen.values().map(Vec::len).sum::<usize>(), 240);
    assert!(chosen.keys().all(|(truth, predicted)| truth != predicted));
    // Where there is room, a cell of mistakes shows 12 and one of right labels 4.
    let few = BTreeMap::from([((0, 0), all.clone()), ((0, 1), all.clone()), ((1, 1), vec![7])]);
    let chosen = in_rounds(&few);
    let counts: Vec<usize> = chosen.values().map(Vec::len).collect();
    assert_eq!(counts, [4, 12, 1]);
    assert_eq!(chosen[&(0, 1)][..3], [0, 1, 2]);
}

#[test]
fn names_stay_text_wherever_they_stand() {
    let name = "\"><script>alert(1)</script>\n'&`";
    let table = Table {
        title: "t",
        text: name.into(),
        columns: vec!["c"],
        rows: vec![vec![Cell::Text(name.into()), Cell::Bar(name.into(), 2.0)]],
    };
    let card = Card {
        image: Err(name.into()),
        name: name.into(),
        verdict: name.into(),
        lines: vec![name.into()],
    };
    let gallery = Gallery { title: name.into(), text: name.into(), cards: vec![card] };
    let parts = vec![Part::Table(table), Part::Gallery(gallery)];
    let section = Section { id: "s", title: "s", text: name.into(), parts };
    let page =
        Page { title: name.into(), lead: name.into(), facts: vec![], sections: vec![section] };
    let html = page.to_html().unwrap();
    assert!(!html.contains("<script") && !html.contains("'&`"), "{html}");
    assert_eq!(html.matches("&#60;script&#62;alert(1)").count(), 13);
    // A share beyond its bounds does not leave its bar.
    assert!(html.contains("width=\"100.0\" height=\"10\""));
    assert!(html.contains("default-src 'none'; img-src data:; style-src 'sha256-"));
}

#[test]
fn plots_can_be_drawn_of_little_and_of_nothing() {
    let lines = |values: &[f64]| vec![("train", values.to_vec()), ("val", values.to_vec())];
    let mut n_plots = 0;
    for values in [&[][..], &[0.0], &[2.5], &[3.0, 1.0, 0.5], &[0.0, 0.0]] {
        for is_share in [false, true] {
            let figure = over_epochs("Loss", "mean loss", is_share, &lines(values)).unwrap();
            assert!(figure.svg.starts_with("<svg ") && !figure.svg.contains("NaN"));
            // Text has the colour of the page, and no style that the page's policy would forbid.
            assert!(figure.svg.contains("currentColor") && !figure.svg.contains("#010203"));
            assert!(figure.svg.contains("mean loss") && figure.svg.contains("epoch"));
            assert!(!figure.svg.contains("style="));
            n_plots += 1;
        }
    }
    for counts in [&[][..], &[[0, 0]], &[[3, 0], [0, 4]]] {
        let figure = bars("Bars", "x", String::new(), ["right", "wrong"], counts).unwrap();
        assert!(figure.svg.contains("pictures") && !figure.svg.contains("NaN"));
        n_plots += 1;
    }
    let mut bins = ConfidenceBin::EMPTY;
    assert!(!reliability(&bins, "0").unwrap().svg.contains("NaN"));
    ConfidenceBin::count(&mut bins, 0.7, true);
    assert!(reliability(&bins, "0.300").unwrap().text.contains("0.300"));
    assert_eq!(n_plots + 2, 15);
}
