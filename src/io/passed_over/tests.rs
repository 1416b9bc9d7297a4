use std::path::Path;

use super::PassedOver;

#[test]
fn files_are_counted_by_ending_with_the_first_of_each() {
    let mut passed = PassedOver::default();
    assert_eq!((passed.files(), passed.sentences()), (0, vec![]));
    for name in ["a/b.NEF", "a/c.nef", "notes.txt", "x", "no ending. really", "two.words here"] {
        passed.add(Path::new(name));
    }
    let mut more = PassedOver::default();
    more.add(Path::new("d.nef"));
    more.add_place(Path::new("d/_old"), "it is old", 2);
    passed.join(more);
    assert_eq!(passed.files(), 9);
    let sentences = passed.sentences();
    assert_eq!(sentences.len(), 2);
    assert_eq!(sentences[0], "d/_old: passed over with 2 files, since it is old");
    assert_eq!(
        sentences[1],
        "passed over 7 files that are no pictures by their ending: 3 without an ending (for instance x), 3 .nef \
         (for instance a/b.NEF), 1 .txt (for instance notes.txt); convert .nef to PNG or TIFF to have them read; \
         pictures without an ending are read once they have theirs"
    );
    let json = serde_json::to_value(&passed).unwrap();
    assert_eq!(json["files"], 9);
    assert_eq!(json["by_ending"][1]["ending"], "nef");
    assert_eq!(json["places"][0]["files"], 2);
}

#[test]
fn a_sentence_names_the_commonest_endings_alone() {
    let mut passed = PassedOver::default();
    for k in 0..1000 {
        passed.add(Path::new(&format!("x.e{k:04}")));
    }
    let sentence = passed.sentences().remove(0);
    assert!(sentence.ends_with(", 994 with other endings"), "{sentence}");
    assert!(sentence.len() < 400, "{sentence}");
    // Numbers count files of one kind.
    let mut passed = PassedOver::default();
    (0..1000).for_each(|k| passed.add(Path::new(&format!("slice.{k:04}"))));
    assert_eq!(passed.in_short(), "1000 files without an ending");
}
