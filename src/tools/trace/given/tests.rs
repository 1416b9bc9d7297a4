//! Files as ten lines of any language write them.

use super::Given;

fn read(name: &str, text: impl AsRef<[u8]>) -> crate::Result<Given> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    Given::read(&path)
}

#[test]
fn json_and_csv_say_the_same() {
    let json =
        r#"{"W1": [[1, 2], [3, 4]], "loss": 0.5, "rate": 0.1, "b1": [5, NaN], "note": null}"#;
    let json = read("my.json", json).unwrap();
    let csv =
        "name,row,column,value\nW1,0,0,1\nW1,0,1,2\nW1,1,0,3\nW1,1,1,4\nloss,,,0.5\nrate,,,0.1\n";
    let csv = read("my.csv", csv).unwrap();
    assert_eq!(json.get("hidden_weights"), csv.get("hidden_weights"));
    assert_eq!(json.get("loss"), csv.get("loss"));
    assert_eq!(json.settings, csv.settings);
    assert!(json.get("hidden_biases").unwrap().values[1].is_nan());
    assert!(!csv.counts_from_one);
}

#[test]
fn rows_may_count_from_one() {
    let csv = read("my.csv", "name,row,column,value\nz,1,1,7\nz,1,2,8\n").unwrap();
    assert!(csv.counts_from_one);
    assert_eq!(csv.get("logits").unwrap().values, [7.0, 8.0]);
}

#[test]
fn what_is_no_such_file_is_refused_by_name() {
    for (name, text, words) in [
        ("a.json", "[1, 2]", "an object of numbers"),
        ("a.json", r#"{"z": [[1, 2], [3]]}"#, "`z`, found a list of 1"),
        ("a.json", r#"{"z": [1, [2]]}"#, "a list of 1 where others have another length"),
        ("a.json", r#"{"z": [[1], 2]}"#, "lists of several depths"),
        ("a.json", r#"{"z": "two"}"#, "a text"),
        ("a.csv", "name,row,column,value\nz,0,0,one\n", "a number as the value in line 2"),
        ("a.csv", "name,row,column,value\nz,0,0,1\nz,1,1,1\n", "2 numbers for 2 rows"),
        ("a.csv", "name,row,column,value\nz,0,0,1\nz,0,0,1\n", "every place once"),
    ] {
        let error = read(name, text).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains(name), "{error}");
    }
}

#[test]
fn marks_are_passed_over_and_other_encodings_named() {
    assert_eq!(
        read("my.json", "\u{feff}{\"loss\": 1}").unwrap().get("loss").unwrap().values,
        [1.0]
    );
    let error = read("my.json", [0xff, 0xfe, b'{', 0]).unwrap_err();
    assert!(matches!(error, crate::Error::Model { .. }), "{error}");
    assert!(error.to_string().contains("save the file as UTF-8"));
}

#[test]
fn no_text_makes_it_panic() {
    let text = include_str!("../example.json");
    let mut random = crate::random::Random::new(0, 0);
    let pieces =
        ["[", "]", "{", "1e308", "-", "null", "\"", ",", "0", "[]", "1e9", "true", "hidden", "NaN"];
    let (mut n_read, mut n_checked) = (0, 0);
    for _ in 0..400 {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..1 + random.below(3) {
            let at = random.below(bytes.len());
            let end = (at + random.below(8)).min(bytes.len());
            bytes.splice(at..end, pieces[random.below(pieces.len())].bytes());
        }
        let Ok(given) = Given::from_json(&String::from_utf8_lossy(&bytes)) else { continue };
        n_read += 1;
        let path = std::path::Path::new("a.json");
        let example = Given::example().unwrap();
        let verdict = crate::tools::trace::check(&example, &given, path, 0);
        n_checked += usize::from(verdict.is_ok());
        if let Ok(subject) = given.subject(path, 0) {
            subject.update.trace(&[]).unwrap();
        }
    }
    // Most of what was read has nothing to compare: the example is what is given.
    assert!(40 < n_read, "{n_read} read, {n_checked} compared");
}
