use super::super::entry::{Entry, Listing};
use super::{ClassNames, GivenClasses, key_of, likeness_of, shown, trimmed};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn names_that_no_eye_can_tell_apart_have_one_key() {
    let alike = [
        ("Gr\u{fc}n", "Gru\u{308}n"),
        ("brick", "brick "),
        ("brick", "\u{a0}brick\u{202f}"),
        ("brick", "\u{feff}brick\u{200b}"),
        ("\u{212b}", "\u{c5}"),
        ("\u{1e69}", "s\u{307}\u{323}"),
        ("\u{d55c}", "\u{1112}\u{1161}\u{11ab}"),
    ];
    for (a, b) in alike {
        assert_eq!(key_of(a), key_of(b), "{a:?} {b:?}");
    }
    let twins = [
        ("Brick", "brick"),
        ("\u{c9}t\u{e9}", "e\u{301}te\u{301}"),
        ("red brick", "Red\u{a0}brick"),
        ("ΟΔΟΣ", "οδος"),
    ];
    for (a, b) in twins {
        assert_ne!(key_of(a), key_of(b), "{a:?} {b:?}");
        assert_eq!(likeness_of(a), likeness_of(b), "{a:?} {b:?}");
    }
    let others =
        [("m\u{b2}", "m2"), ("brick1", "brick 1"), ("grun", "gr\u{fc}n"), ("a", "\u{430}")];
    for (a, b) in others {
        assert_ne!(likeness_of(a), likeness_of(b), "{a:?} {b:?}");
    }
    assert_eq!((trimmed(" \u{a0}"), trimmed("\ta b ")), (" \u{a0}", "a b"));
}

#[test]
fn an_eye_can_tell_shown_names_apart() {
    assert_eq!(shown("Brick 1"), "`Brick 1`");
    assert_eq!(shown("Gru\u{308}n"), "`Gru\u{308}n` (Gru\\u{308}n)");
    assert_eq!(shown("a\u{a0}b"), "`a\u{a0}b` (a\\u{a0}b)");
}

#[test]
fn the_first_spelling_stays_but_for_known_ones() {
    let known = names(&["Gr\u{fc}n", "weave"]);
    let mut met = ClassNames::of(GivenClasses::of_model(&known));
    assert_eq!(met.take("Gru\u{308}n"), "Gr\u{fc}n");
    assert_eq!(met.take(" new "), "new");
    assert_eq!(met.take("new"), "new");
    assert_eq!((met.twins.len(), met.spellings.len()), (0, 1));
    assert_eq!(met.take("Weave"), "Weave");
    assert_eq!(met.twins[0].to_string(), "`weave` of the model and `Weave`");
    // Classes of an old model that look alike are known each for itself.
    let alike = names(&["Brick", "brick"]);
    let mut met = ClassNames::of(GivenClasses::of_model(&alike));
    assert_eq!((met.take("brick").to_owned(), met.take("Brick")), ("brick".into(), "Brick"));
    assert_eq!(met.twins, []);
}

#[test]
fn a_listing_has_one_spelling_for_a_class_and_sorts_them_by_number() {
    let label = |label: &str| Entry::new("x.png".into(), Some(label.into()));
    let mut listing = Listing {
        entries: ["p_10", "p_2 ", "p_2", "p_10"].map(label).into(),
        classes: names(&["p_10", "p_2", "p_2 ", "p_1"]),
        ..Listing::default()
    };
    let met = listing.unify(GivenClasses::default());
    assert_eq!(listing.classes, ["p_1", "p_2", "p_10"]);
    let labels: Vec<_> =
        listing.entries.iter().filter_map(|entry| entry.label.as_deref()).collect();
    assert_eq!(labels, ["p_10", "p_2", "p_2", "p_10"]);
    assert_eq!((met.spellings.len(), met.twins.len()), (1, 0));
    let twins = Listing { classes: names(&["A", "a"]), ..Listing::default() };
    let error = twins.unified(GivenClasses::default(), "here").unwrap_err().to_string();
    assert!(error.contains("`A` and `a`"), "{error}");
}
