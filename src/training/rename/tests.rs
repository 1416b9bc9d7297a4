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
