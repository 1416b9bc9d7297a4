use std::fs;
use std::path::Path;

use super::{FOLDER, NumbersFrom, check_names, list_numbered};
use crate::io::Part;

/// A folder that goes with its content, with empty files of these names in it.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"").unwrap();
    }
    folder
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn read(
    root: &Path,
    part: Part,
    asked: &[&str],
    table: Option<&Path>,
) -> crate::Result<super::Numbered> {
    list_numbered(root, part, NumbersFrom { names: &names(asked), table })
}

#[test]
fn columns_of_a_manifest_by_row_with_parts_and_rows_that_are_skipped() {
    let folder = folder(&["a.png", "b.png", "c.png", "d.png"]);
    let table = folder.path().join("list.csv");
    let rows = "path,Ra_um,moisture,split,skip\na.png,1.5,3,train,\nb.png,2,\"4,5\",test,\n\
                c.png,n/a,9,train,yes\nd.png,4,6,train,\n";
    fs::write(&table, rows).unwrap();
    let numbered = read(&table, Part::Train, &["moisture", "Ra_um"], None).unwrap();
    assert_eq!(numbered.names, ["moisture", "Ra_um"]);
    assert_eq!(numbered.values, [[3.0, 1.5], [6.0, 4.0]]);
    assert!(numbered.listing.entries[1].path.ends_with("d.png"));
    let test = read(&table, Part::Test, &["moisture"], None).unwrap();
    assert_eq!(test.values, [[4.5]]);
}

#[test]
fn bad_cells_are_named_by_row_and_missing_columns_by_name() {
    let folder = folder(&["a.png"]);
    let table = folder.path().join("list.csv");
    fs::write(&table, "path,y\na.png,1\na.png,\na.png,soft\na.png,inf\na.png,2\n").unwrap();
    let error = read(&table, Part::Train, &["y"], None).unwrap_err().to_string();
    for part in
        ["`y` in every row", "nothing in line 3", "`soft`", "in line 4", "`inf`", "in line 5"]
    {
        assert!(error.contains(part), "{part}: {error}");
    }
    let error = read(&table, Part::Train, &["Y_um"], None).unwrap_err().to_string();
    assert!(error.contains("a column `Y_um`") && error.contains("the columns path, y"), "{error}");
}

#[test]
fn folders_named_by_numbers_and_only_those() {
    let folder = folder(&["1.5/a.png", "10/b.png", "10/c.png"]);
    let numbered = read(folder.path(), Part::Train, &[FOLDER], None).unwrap();
    assert_eq!(numbered.values, [[1.5], [10.0], [10.0]]);
    fs::create_dir(folder.path().join("soft")).unwrap();
    fs::write(folder.path().join("soft/d.png"), b"").unwrap();
    let error = read(folder.path(), Part::Train, &[FOLDER], None).unwrap_err().to_string();
    assert!(error.contains("the folder `soft`"), "{error}");
    let error = read(folder.path(), Part::Train, &["Ra_um"], None).unwrap_err().to_string();
    assert!(error.contains("`Ra_um`") && error.contains("--targets FILE"), "{error}");
}

#[test]
fn a_table_beside_the_pictures_by_path_never_of_another_part() {
    let folder = folder(&["s/train/x/a.png", "s/train/x/b.png", "s/test/x/c.png"]);
    let table = folder.path().join("numbers.csv");
    let rows = "path,who,y\ns/train/x/a.png,ann,1\ntest/x/c.png,bob,3\nelsewhere.png,eve,4\n";
    fs::write(&table, rows).unwrap();
    let source = folder.path().join("s");
    let train = read(&source, Part::Train, &[], Some(&table)).unwrap();
    assert_eq!((train.names, train.values), (names(&["y"]), vec![vec![1.0]]));
    assert!(train.listing.warnings.iter().any(|w| w.contains("no numbers for 1 pictures")));
    let test = read(&source, Part::Test, &["y"], Some(&table)).unwrap();
    assert_eq!(test.values, [[3.0]]);
    fs::write(&table, "path,y\ns/train/x/a.png,1\ns/train/x/a.png,2\n").unwrap();
    let error = read(&source, Part::Train, &[], Some(&table)).unwrap_err().to_string();
    assert!(error.contains("lines 2 and 3"), "{error}");
}

#[test]
fn names_of_columns_that_tables_have_are_refused() {
    let features = ["glcm_contrast"];
    assert!(check_names(&names(&["Ra_um", "moisture"]), &features).is_ok());
    for taken in
        [&["status"][..], &["Familiarity"], &["glcm_contrast"], &["y", "y_low"], &["y", "y"]]
    {
        let error = check_names(&names(taken), &features).unwrap_err().to_string();
        assert!(error.contains(&format!("`{}`", taken[0])), "{error}");
    }
}
