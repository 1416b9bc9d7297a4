use ndarray::array;

use super::attributions::{log_odds, probability, strongest};
use super::meaning::{family_names, meaning_of};
use super::*;
use crate::image::Channels;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};

#[test]
fn log_odds_are_those_of_the_class_against_all_others() {
    let three = 3f64.ln();
    assert!((log_odds(array![three, 0.0].view(), 0) - three).abs() < 1e-12);
    assert!((probability(three) - 0.75).abs() < 1e-12);
    // 2 of 2 + 1 + 1: even.
    assert!(log_odds(array![2f64.ln(), 0.0, 0.0].view(), 0).abs() < 1e-12);
    // Where the probability itself is 1 in 53 bits, the log-odds still tell.
    assert_eq!(log_odds(array![900.0, 0.0].view(), 0), 900.0);
    assert_eq!(log_odds(array![900.0, 0.0].view(), 1), -900.0);
}

#[test]
fn features_are_sorted_by_what_they_pushed_and_those_that_did_nothing_left_out() {
    let attributions = [0.5, 0.0, -0.1, 2.0, -3.0].map(|push| (push, 0.0));
    assert_eq!(strongest(&attributions), (vec![3, 0], vec![4, 2]));
}

#[test]
fn every_feature_has_a_meaning_and_every_family_a_name_of_its_own() {
    let mut n_columns = 0;
    for name in DescriptorOptions::PRESETS {
        let mut options = DescriptorOptions::preset(name).unwrap();
        if name == "default" {
            options.channels = Channels::Rgb;
        }
        let descriptor = Descriptor::new(options).unwrap();
        let names = family_names(&descriptor);
        let mut different: Vec<&String> = names.iter().map(|(name, _)| name).collect();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), names.len(), "{names:?}");
        assert!(names.iter().all(|(name, title)| !name.is_empty() && title != name), "{names:?}");
        for column in (0..descriptor.schema().len()).step_by(7) {
            assert!(!meaning_of(&descriptor, column).is_empty(), "{name} {column}");
            n_columns += 1;
        }
    }
    assert!(n_columns > 500, "{n_columns}");
}

#[test]
fn bins_are_named_by_their_number() {
    let descriptor = Descriptor::new(DescriptorOptions::preset("default").unwrap()).unwrap();
    let names: Vec<&str> = descriptor.schema().names().collect();
    let at = |name: &str| meaning_of(&descriptor, names.iter().position(|n| *n == name).unwrap());
    assert!(at("letrist_s1_2_4_ratio_17").ends_with(": share of code 17"));
    let contrast = names.iter().find(|name| name.contains("contrast")).unwrap();
    assert_eq!(at(contrast), "how much neighbours differ");
    assert_eq!(at("glcm_d1_mean_asm"), "how much a few pairs prevail");
    let families: Vec<String> = family_names(&descriptor).into_iter().map(|f| f.0).collect();
    assert_eq!(families, ["letrist_s0.8_2_5", "letrist_s1_2_4", "glcm"]);
}

/// An explanation with names that would break a page or a terminal.
fn hostile(n_classes: usize) -> Explanation {
    let name = |at: usize| format!("<script>\"&'\u{1b}[2J{at}");
    let feature = |push: f64| FeatureAttribution {
        feature: "glcm_d1_contrast".into(),
        meaning: "how much neighbours differ".into(),
        push,
        probability_without: 0.2,
        value: 0.5,
        training_mean: 0.25,
        typical: 12345.678,
    };
    let family = |push: f64| FamilyAttribution {
        family: "glcm".into(),
        title: "Co-occurrence".into(),
        n_features: 42,
        push,
        probability_without: 0.5,
    };
    let near = |path: Option<&str>| Near {
        class: name(0),
        distance: 1.5,
        content: Some("0123456789abcdef".into()),
        is_same: false,
        path: path.map(str::to_owned),
    };
    Explanation {
        path: "a<b>.png".into(),
        status: "rejected",
        label: None,
        probability: 1.0 - 1e-9,
        margin: 0.9,
        familiarity: 0.001,
        reject_at: 0.01,
        classes: (0..n_classes)
            .map(|at| ClassProbability { class: name(at), probability: 1.0 / n_classes as f64 })
            .collect(),
        class: name(0),
        log_odds: 20.0,
        baseline: "training mean",
        families: vec![family(3.0), family(-1.0)],
        features_for: vec![feature(2.0); 3],
        features_against: vec![feature(-0.5)],
        check: Some(Check {
            features: vec!["glcm_d1_contrast".into(); 3],
            probability_without: 0.4,
            log_odds_without: -0.4,
            draws: 100,
            draws_that_matter_less: 99,
            log_odds_at_random: 19.5,
        }),
        nearest: vec![near(Some("x/<y>.png")), near(None)],
        flags: String::new(),
    }
}

#[test]
fn text_fits_a_terminal_and_says_what_is_left_out() {
    let text = hostile(30).to_text();
    assert!(!text.contains('\u{1b}'));
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{}: {line}", line.chars().count());
    }
    for words in
        [">99.99 %", "rejected", "20 more classes", "12346", "99 of 100 draws", "x/<y>.png"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn names_are_escaped_in_the_drawing() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("p.pgm");
    std::fs::write(&picture, b"P5 2 2 255 abcd").unwrap();
    let found = [Some(picture.clone()), Some(folder.path().join("gone.png"))];
    let svg = hostile(30).to_svg(&picture, &found, Default::default()).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let count = |name: &str| document.descendants().filter(|n| n.has_tag_name(name)).count();
    let tag = |name| ("http://www.w3.org/2000/svg", name);
    let n_images = document.descendants().filter(|n| n.has_tag_name(tag("image"))).count();
    assert_eq!((count("script"), n_images), (0, 2));
    let texts = document.descendants().filter(|n| n.is_text());
    assert!(texts.filter(|n| n.text().unwrap().contains("<script>\"&'")).count() > 10);
    assert!(hostile(2).to_svg(&folder.path().join("gone.png"), &[], Default::default()).is_err());
}
