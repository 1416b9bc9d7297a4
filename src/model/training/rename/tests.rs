use super::Renaming;
use crate::error::Error;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn renamed(pairs: &[(&str, &str)]) -> Result<Renaming, Error> {
    let pairs: Vec<_> = pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect();
    Renaming::new(&names(&["a", "b", "c"]), &pairs)
}

#[test]
fn names_change_in_their_places() {
    let renaming = renamed(&[("b", "x")]).unwrap();
    assert_eq!(
        (renaming.classes.clone(), renaming.new_of.clone()),
        (names(&["a", "x", "c"]), vec![0, 1, 2])
    );
    assert!(!renaming.merges());
    // Two change places.
    assert_eq!(renamed(&[("a", "b"), ("b", "a")]).unwrap().classes, names(&["b", "a", "c"]));
    assert_eq!(renamed(&[]).unwrap().new_of, [0, 1, 2]);
}

#[test]
fn a_name_that_is_taken_makes_one_class() {
    let renaming = renamed(&[("c", "a")]).unwrap();
    assert_eq!(
        (renaming.classes.clone(), renaming.new_of.clone()),
        (names(&["a", "b"]), vec![0, 1, 0])
    );
    assert!(renaming.merges());
    assert!(renamed(&[("a", "x"), ("b", "x")]).unwrap().merges());
}

#[test]
fn what_cannot_be_renamed_is_refused() {
    for pairs in [
        [("d", "x")].as_slice(),
        &[("a", "")],
        &[("a", "x"), ("a", "y")],
        &[("a", "x"), ("b", "x"), ("c", "x")],
    ] {
        assert!(matches!(renamed(pairs), Err(Error::Setting { .. })), "{pairs:?}");
    }
}

#[test]
fn names_that_look_alike_are_one_class_or_refused() {
    let model = names(&["Gr\u{fc}n", "b", "c"]);
    let renamed = |old: &str, new: &str| Renaming::new(&model, &[(old.into(), new.into())]);
    // The model's spelling stays, whichever way round.
    let merged = renamed("b", "Gru\u{308}n ").unwrap();
    assert_eq!((merged.classes, merged.new_of), (names(&["Gr\u{fc}n", "c"]), vec![0, 0, 1]));
    assert_eq!(renamed("Gru\u{308}n", "x").unwrap().classes, names(&["x", "b", "c"]));
    let error = renamed("b", "C").unwrap_err();
    assert!(
        matches!(error, Error::Data { .. }) && error.to_string().contains("`c` and `C`"),
        "{error}"
    );
    // A class may change its own case, and an old model's twins may become one.
    assert_eq!(renamed("b", "B").unwrap().classes, names(&["Gr\u{fc}n", "B", "c"]));
    let twins = names(&["Brick", "brick", "weave"]);
    let mended = Renaming::new(&twins, &[("Brick".into(), "brick".into())]).unwrap();
    assert_eq!((mended.classes, mended.new_of), (names(&["brick", "weave"]), vec![0, 0, 1]));
    assert_eq!(Renaming::new(&twins, &[]).unwrap().classes, twins);
}
