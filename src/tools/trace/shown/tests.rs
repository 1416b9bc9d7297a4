//! Text fits a terminal, and the formulas in it give the numbers.

use std::path::Path;

use super::{Traced, wrapped};
use crate::nn::trace::Variation;
use crate::tools::trace::Given;

#[test]
fn text_has_every_field_and_fits_80_columns() {
    let subject = Given::example().unwrap().subject(Path::new("a.json"), 0).unwrap();
    for variations in [vec![], vec![Variation::LateDeltas], vec![Variation::BatchSoftmax]] {
        let traced = Traced::new(&subject, Vec::new(), &variations).unwrap();
        let text = traced.to_text();
        for field in &traced.fields {
            assert!(text.contains(&format!("\n  {}", field.name)), "{}", field.name);
        }
        assert!(!text.contains('{'), "{text}");
        for line in text.lines().skip(5) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn the_example_is_the_one_of_the_pages() {
    let subject = Given::example().unwrap().subject(Path::new("a.json"), 0).unwrap();
    let traced = Traced::new(&subject, Vec::new(), &[]).unwrap();
    let text = traced.to_text();
    // The first row has the logits 1, 2, 0 of docs/learning/from-sigmoid-to-softmax.md.
    assert!(text.contains("1          2          0"), "{text}");
    assert!(text.contains("0.24473    0.66524    0.09003"), "{text}");
}

#[test]
fn words_are_wrapped() {
    assert_eq!(wrapped("a bb ccc", 4), ["a bb", "ccc"]);
}
