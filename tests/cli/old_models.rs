//! Regression: models of earlier versions say what they said when they were written.

use std::path::Path;
use std::process::Command;

use super::support::fixtures;

/// Vector instructions of another width sum in another order, and logarithms are not the same everywhere.
const ROUNDING: f64 = 1e-9;

#[test]
fn models_of_versions_2_and_3_predict_what_they_did() {
    let mut n_numbers = 0;
    for version in [2, 3] {
        let file = |ending: &str| fixtures("models").join(format!("version_{version}.{ending}"));
        let output = Command::new(env!("CARGO_BIN_EXE_textura"))
            .arg("classify")
            .arg(file("json"))
            .args(["fixtures/golden", "fixtures/edge", "-q"])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .env("TEXTURA_CACHE", "none")
            .output()
            .unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        let expected = std::fs::read_to_string(file("csv")).unwrap();
        assert_eq!(found.lines().count(), expected.lines().count());
        for (found, expected) in found.lines().zip(expected.lines()) {
            let (found, expected) = (found.split(','), expected.split(','));
            assert_eq!(found.clone().count(), expected.clone().count());
            for (found, expected) in found.zip(expected) {
                match (found.parse::<f64>(), expected.parse::<f64>()) {
                    (Ok(a), Ok(b)) => {
                        assert!((a - b).abs() <= ROUNDING * b.abs().max(1e-3), "{a} {b}");
                        n_numbers += 1;
                    }
                    _ => assert_eq!(found, expected),
                }
            }
        }
    }
    // Four numbers of each of 26 pictures, and one for each class: eight of version 2, five of version 3.
    assert_eq!(n_numbers, 26 * (4 + 8 + 4 + 5));
}
