use super::read_grades;
use crate::error::{Error, Result};
use crate::learn::evaluation::Grades;

fn classes() -> Vec<String> {
    ["new", "worn", "lost, or gone"].map(str::to_owned).into()
}

fn grades(text: &[u8]) -> Result<Grades> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grades.csv");
    std::fs::write(&path, text).unwrap();
    read_grades(&path, &classes())
}

#[test]
fn lines_may_stand_in_any_order_beside_other_columns() {
    let text = "note,grade,class\nx, 2.5 ,worn\n,-1,\"lost, or gone\"\n,10,new\n";
    assert_eq!(grades(text.as_bytes()).unwrap().values(), [10.0, 2.5, -1.0]);
    let of_an_office =
        "\u{feff}sep=;\r\nClass;Grade;\r\n worn ; 2,5;\r\nlost, or gone;-1;\r\nnew;10;\r\n;;\r\n";
    assert_eq!(grades(of_an_office.as_bytes()).unwrap().values(), [10.0, 2.5, -1.0]);
}

#[test]
fn what_is_wrong_with_a_table_is_said_with_its_place() {
    let mut n_refused = 0;
    for (text, words) in [
        ("name,grade\nnew,1\n", ["columns `class` and `grade`", "name, grade"]),
        ("class,grade\nnew,1\nworn,2\n", ["a grade for every class", "none for `lost, or gone`"]),
        ("class,grade\nnew,1\nrusty,2\n", ["one of the classes new, worn", "`rusty` in line 3"]),
        ("class,grade\nnew,good\n", ["grade of `new`", "`good` in line 2"]),
        ("class,grade\nnew,nan\n", ["grade of `new`", "`nan` in line 2"]),
        ("class,grade\nnew,1\nnew,1\n", ["every class once", "`new` a second time in line 3"]),
        ("class,grade\nnew\n", ["as many fields in every line", "1 in line 2"]),
        ("", ["a grade for every class", "none for `new`"]),
    ] {
        let Err(Error::Model { problem, .. }) = grades(text.as_bytes()) else { panic!("{text}") };
        assert!(problem.expected.contains(words[0]), "{text}: {problem}");
        assert!(problem.found.contains(words[1]), "{text}: {problem}");
        n_refused += 1;
    }
    assert_eq!(n_refused, 8);
    assert!(matches!(read_grades("/no/such/file".as_ref(), &classes()), Err(Error::Io { .. })));
}
