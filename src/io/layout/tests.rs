use std::path::{Path, PathBuf};

use super::super::class_names::GivenClasses;
use super::super::{Part, Source, list, list_labelled, list_labelled_by, list_whole};
use super::Layout;

/// A folder with files of one byte each: names of files decide all that is tested here.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }
    folder
}

fn classes(root: &Path, part: Part) -> Result<Vec<String>, String> {
    list_labelled(root, part).map(|listing| listing.classes).map_err(|e| e.to_string())
}

#[test]
fn parts_have_several_names_in_any_case() {
    let mut n_tried = 0;
    for (train, val, test) in [
        ("train", "val", "test"),
        ("Train", "Valid", "Test"),
        ("TRAINING", "VALIDATION", "TESTING"),
        ("trn", "val", "tst"),
    ] {
        let files: Vec<String> = [train, val, test]
            .iter()
            .flat_map(|part| ["a/1.png", "b/2.png"].map(|file| format!("{part}/{file}")))
            .collect();
        let folder = folder(&files.iter().map(String::as_str).collect::<Vec<_>>());
        for part in Part::ALL {
            let listing = list_labelled(folder.path(), part).unwrap();
            assert_eq!((listing.part, listing.entries.len()), (Some(part), 2), "{train} {part:?}");
            assert_eq!(listing.warnings, [""; 0]);
            n_tried += 1;
        }
    }
    assert_eq!(n_tried, 12);
}

#[test]
fn two_folders_for_one_part_are_refused_and_what_is_no_part_is_counted() {
    let two = folder(&["train/a/1.png", "Training/a/2.png", "test/a/3.png"]);
    let error = classes(two.path(), Part::Train).unwrap_err();
    assert!(error.contains("`Training` and `train`"), "{error}");
    // A folder without folders of classes is no part.
    let one = folder(&[
        "train/a/1.png",
        "train/b/1.png",
        "Training/2.png",
        "raw/3.png",
        "raw/4.txt",
        "5.png",
    ]);
    let listing = list_labelled(one.path(), Part::Train).unwrap();
    assert_eq!((listing.entries.len(), listing.passed_over.files()), (2, 4));
    let said = listing.warnings.join("\n");
    assert!(
        said.contains("Training: passed over with 1 file, since it has no folders of classes"),
        "{said}"
    );
    assert!(
        said.contains("raw: passed over with 2 files, since it is neither train, val nor test"),
        "{said}"
    );
    assert!(said.contains("passed over 1 picture that lies in no class folder"), "{said}");
}

#[test]
fn what_an_archive_was_unpacked_into_is_gone_through() {
    let cases: [(&[&str], &str); 4] = [
        (&["lot/a/1.png", "lot/b/1.png"], "lot"),
        (&["lot/lot/a/1.png", "lot/lot/b/1.png", "README.txt", "__MACOSX/lot/._1.png"], "lot/lot"),
        (&["lot/train/a/1.png", "lot/train/b/1.png", "LICENSE"], "lot"),
        (&["x/y/z/Training/a/1.png", "x/y/z/Training/b/1.png"], "x/y/z"),
    ];
    for (files, inner) in cases {
        let folder = folder(files);
        let listing = list_labelled(folder.path(), Part::Train).unwrap();
        assert_eq!(listing.classes, ["a", "b"], "{files:?}");
        let gone_through = format!("gone through to {}", folder.path().join(inner).display());
        assert!(listing.warnings[0].contains(&gone_through), "{:?}", listing.warnings);
        let n_others = files.iter().filter(|file| ["README.txt", "LICENSE"].contains(file)).count();
        assert_eq!(listing.passed_over.files(), n_others);
        // Once is enough.
        assert_eq!(list_labelled(folder.path(), Part::Val).unwrap().warnings, [""; 0]);
    }
    // A class folder is none, nor is one beside pictures, nor one that a model knows.
    let one_class = folder(&["brick/1.png", "brick/2.png"]);
    assert_eq!(classes(one_class.path(), Part::Train).unwrap(), ["brick"]);
    let beside = folder(&["0.png", "brick/cam1/1.png", "brick/cam2/2.png"]);
    assert_eq!(classes(beside.path(), Part::Train).unwrap(), ["brick"]);
    let by_camera = folder(&["brick/cam1/1.png", "brick/cam2/2.png"]);
    let known = ["brick".to_owned()];
    let layout = Layout::default().knowing(GivenClasses::of_model(&known));
    let listing = list_labelled_by(by_camera.path(), Part::Test, layout).unwrap();
    assert_eq!((listing.classes, listing.warnings.len()), (vec!["brick".to_owned()], 0));
    let nothing = folder(&["lot/a/notes.txt", "lot/b/photo.heic"]);
    let error = classes(nothing.path(), Part::Train).unwrap_err();
    assert!(error.contains("none, but 1 .heic file, 1 .txt file"), "{error}");
    assert!(error.contains("convert .heic to PNG"), "{error}");
}

#[test]
fn classes_that_may_lie_one_level_down_are_named_with_the_way_to_them() {
    let hint = |files: &[&str]| {
        let folder = folder(files);
        list_labelled(folder.path(), Part::Train).unwrap().one_level_down
    };
    let lots = ["lot1/brick/1.png", "lot1/wood/2.png", "lot2/brick/3.png", "lot2/wood/4.png"];
    assert!(hint(&lots).unwrap().contains("(brick, wood)"));
    // One lot lacks a class, and a picture lies beside them.
    let many =
        [lots.as_slice(), &["lot3/brick/5.png", "lot4/brick/5.png", "lot4/wood/5.png"]].concat();
    assert!(hint(&many).unwrap().contains("--class-level 2"));
    let parts = ["brick/train/1.png", "brick/test/2.png", "wood/train/3.png", "wood/test/4.png"];
    assert!(hint(&parts).unwrap().contains("every class has its own parts (test, train)"));
    let sets =
        ["training_set/a/1.png", "training_set/b/1.png", "test_set/a/2.png", "test_set/b/2.png"];
    assert!(hint(&sets).unwrap().contains("rename them to train, val and test"));
    let silent: [&[&str]; 4] = [
        &["brick/1.png", "wood/1.png"],
        &["brick/a/1.png", "brick/b/2.png", "wood/c/3.png", "wood/d/4.png"],
        &["brick/images/1.png", "wood/images/2.png"],
        &[
            "brick/1.png",
            "brick/a/1.png",
            "brick/b/1.png",
            "wood/1.png",
            "wood/a/1.png",
            "wood/b/1.png",
        ],
    ];
    for files in silent {
        assert_eq!(hint(files), None, "{files:?}");
    }
    let folder = folder(
        &[lots.as_slice(), &["lot1/loose.png", "lot1/_old/x.png", "lot2/notes.txt"]].concat(),
    );
    let listing = list_labelled_by(folder.path(), Part::Train, Layout::at(2)).unwrap();
    assert_eq!((listing.classes.join(" ").as_str(), listing.entries.len()), ("brick wood", 4));
    assert_eq!((listing.one_level_down, listing.passed_over.files()), (None, 3));
}

/// Every file is an input, or is counted, or is hidden or litter, however the source is read.
#[test]
fn all_files_are_inputs_or_counted() {
    let files = [
        "a/1.png",
        "a/2.JPE",
        "a/3.heic",
        "a/sub/4.tiff",
        "a/sub/5",
        "b/6.pam",
        "b/7.txt",
        "8.png",
        "9.md",
        "_old/10.png",
        "_old/11.txt",
    ];
    let litter = [
        "a/Thumbs.db",
        "a/.hidden.png",
        "Desktop.ini",
        "b/@eaDir/6.png/t.jpg",
        "__MACOSX/x.png",
        "b/Icon\r",
    ];
    let n_tried = |root: &Path| {
        let source = Source::Path(root.to_path_buf());
        let all = list(std::slice::from_ref(&source), &mut std::io::empty()).unwrap();
        let whole = list_whole(&source, Layout::default(), &mut std::io::empty()).unwrap().listing;
        [all, whole, list_labelled(root, Part::Train).unwrap()]
            .map(|listing| listing.entries.len() + listing.passed_over.files())
    };
    let all = [files.as_slice(), &litter].concat();
    let plain = folder(&all);
    assert_eq!(n_tried(plain.path()), [files.len(); 3]);
    let split: Vec<String> = all.iter().map(|file| format!("Train/{file}")).collect();
    let mut split: Vec<&str> = split.iter().map(String::as_str).collect();
    split.extend(["other/1.png", "other/2.txt", "readme", "12.png"]);
    let split = folder(&split);
    assert_eq!(n_tried(split.path()), [files.len() + 4; 3]);
}

#[test]
fn files_and_classes_stand_in_the_order_of_their_numbers() {
    let folder = folder(&[
        "p_10/img10.png",
        "p_10/img2.png",
        "p_2/x/1.png",
        "p_2/a.png",
        "p_1/1.png",
        "p_1/01.png",
    ]);
    let names = |paths: Vec<PathBuf>| -> Vec<String> {
        let inside =
            |path: PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        paths.into_iter().map(inside).collect()
    };
    let listing = list_labelled(folder.path(), Part::Train).unwrap();
    assert_eq!(listing.classes, ["p_1", "p_2", "p_10"]);
    let expected =
        ["p_1/01.png", "p_1/1.png", "p_2/a.png", "p_2/x/1.png", "p_10/img2.png", "p_10/img10.png"];
    assert_eq!(names(listing.entries.into_iter().map(|entry| entry.path).collect()), expected);
    let source = Source::Path(folder.path().to_path_buf());
    let all = list(std::slice::from_ref(&source), &mut std::io::empty()).unwrap();
    assert_eq!(names(all.entries.into_iter().map(|entry| entry.path).collect()), expected);
    let places = list_whole(&source, Layout::default(), &mut std::io::empty()).unwrap().places;
    let places: Vec<String> = places.into_iter().map(|(_, class)| class).collect();
    assert_eq!(places, ["p_1", "p_2", "p_10"]);
}
