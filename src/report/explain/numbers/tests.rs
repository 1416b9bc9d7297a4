use super::map::PartsMap;
use super::*;

/// An explanation with names that would break a page or a terminal.
fn hostile() -> NumberExplanation {
    let name = "<script>\"&'\u{1b}[2J";
    let feature = |push: f64| FeaturePart {
        feature: "glcm_d1_contrast".into(),
        meaning: "how much neighbours differ".into(),
        push,
        value_without: 2.5,
        here: 0.5,
        training_mean: 12345.678,
    };
    let family = |push: f64| FamilyPart {
        family: "glcm".into(),
        title: "Co-occurrence".into(),
        n_features: 42,
        push,
        value_without: 2.75,
    };
    let near = |path: Option<&str>, content: Option<&str>| NearNumber {
        distance: 1.5,
        numbers: match content {
            Some(_) => vec![NamedNumber { name: name.into(), value: 3.25 }],
            None => Vec::new(),
        },
        content: content.map(str::to_owned),
        is_same: false,
        path: path.map(str::to_owned),
    };
    let one = |is_beyond: bool| ExplainedNumber {
        name: name.into(),
        value: 3.5,
        low: 3.0,
        high: 4.125,
        range: [1.0, 3.4],
        is_beyond,
    };
    NumberExplanation {
        path: "a<b>.png".into(),
        status: "rejected",
        numbers: vec![one(true); 14],
        interval: 0.9,
        familiarity: 0.0005,
        reject_at: 0.01,
        target: name.into(),
        value: 3.5,
        value_of_mean: 1.5,
        families: vec![family(3.0), family(-1.0)],
        features_up: vec![feature(2.0); 3],
        features_down: vec![feature(-0.5)],
        check: Some(NumberCheck {
            features: vec!["glcm_d1_contrast".into(); 3],
            value_without: 1.25,
            draws: 100,
            draws_that_matter_less: 99,
            change_at_random: 0.0625,
        }),
        map: Some(PartsMap {
            width: 3,
            height: 2,
            push: vec![
                vec![Some(-0.25), Some(1e-9), None],
                vec![Some(0.125), Some(0.0), Some(0.5)],
            ],
        }),
        nearest: vec![near(Some("x/<y>.png"), Some("0123456789abcdef")), near(None, None)],
        flags: "beyond_range".into(),
    }
}

#[test]
fn text_fits_a_terminal_and_says_all() {
    let text = hostile().to_text();
    assert!(!text.contains('\u{1b}'));
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{}: {line}", line.chars().count());
    }
    let mut n_seen = 0;
    for words in [
        "3.500 (interval of 90 %: 3.000 to 4.125); beyond those learned from, 1.000 to 3.400",
        "rejected: nothing like it",
        "less than 1 in 1000",
        "beyond_range",
        "the mean picture learned from           1.500",
        "+3.000  ##############################  without     2.750",
        "-1.000  ##########  ",
        "this picture: the sum                   3.500",
        "Strongest features that raise it",
        "Strongest features that lower it",
        "12346",
        "99 of 100 draws",
        "     -0.2500  +1.000e-9       none",
        "   3.250  x/<y>.png",
        "not named by this older model",
    ] {
        assert!(text.contains(words), "{words}: {text}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 15);
}

#[test]
fn the_drawing_is_well_formed_and_its_parts_lie_over_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("p.pgm");
    std::fs::write(&picture, b"P5 3 2 255 abcdef").unwrap();
    let found = [Some(picture.clone()), Some(folder.path().join("gone.png"))];
    let svg = hostile().to_svg(&picture, &found, Default::default()).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let named = |name: &'static str| {
        document.descendants().filter(move |node| node.tag_name().name() == name)
    };
    assert_eq!((named("script").count(), named("image").count()), (0, 3));
    let map = named("image").nth(1).unwrap();
    let number = |node: roxmltree::Node<'_, '_>, name: &str| {
        node.attribute(name).unwrap().parse::<f64>().unwrap()
    };
    let (width, height) = (number(map, "width"), number(map, "height"));
    let (left, top) = (number(map, "x"), number(map, "y"));
    assert!((width / height - 1.5).abs() < 0.01, "it is 3 wide and 2 high");
    let has_width =
        |node: &roxmltree::Node<'_, '_>| (number(*node, "width") - width / 3.0).abs() < 0.1;
    let parts = named("rect").filter(|node| node.has_attribute("fill-opacity"));
    let parts: Vec<_> = parts.filter(has_width).collect();
    assert_eq!(parts.len(), 5, "one part counts alone");
    assert!((number(parts[0], "x") - left).abs() < 0.1);
    assert!((number(parts[0], "y") - top).abs() < 0.1);
    let end = number(parts[4], "y") + number(parts[4], "height");
    assert!((end - top - height).abs() < 0.2);
    assert_ne!(parts[0].attribute("fill"), parts[4].attribute("fill"));
    assert!(number(parts[0], "fill-opacity") < number(parts[4], "fill-opacity"));
    assert!(hostile().to_svg(&folder.path().join("gone.png"), &[], Default::default()).is_err());
}
