//! The house rules that a test can hold: who may import whom, and what stays out of which room.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every room and its floor: a room may use rooms on its own floor and below.
const FLOORS: &[(&str, usize)] = &[
    ("error", 0),
    ("random", 0),
    ("interrupt", 0),
    ("progress", 0),
    ("flag", 1),
    ("schema", 1),
    ("raster", 1),
    ("texture", 2),
    ("nn", 2),
    ("scale", 2),
    ("descriptor", 3),
    ("dataset", 3),
    ("evaluation", 3),
    ("classifier", 3),
    ("discriminant", 3),
    ("doctor", 3),
    ("model", 4),
    ("io", 4),
    ("change", 4),
    ("sorting", 4),
    ("cache", 4),
    ("recording", 4),
    ("pipeline", 5),
    ("extraction", 5),
    ("training", 5),
    ("scan", 5),
    ("bench", 5),
    ("export", 5),
    ("maps", 6),
    ("report", 6),
    ("explain", 6),
    ("lib", 7),
    ("cli", 7),
    ("main", 7),
    ("examples", 7),
];

/// Outside crates and the lowest floor that may use them.
const CRATES: &[(&str, usize)] = &[
    ("thiserror", 0),
    ("rand_pcg", 0),
    ("strsim", 0),
    ("serde", 1),
    ("ndarray", 1),
    ("imageproc", 1),
    ("pulp", 2),
    ("blake3", 3),
    ("image", 4),
    ("zune_jpeg", 4),
    ("jpeg_decoder", 4),
    ("hayro_jpeg2000", 4),
    ("jxl_oxide", 4),
    ("zstd", 4),
    ("png", 4),
    ("tiff", 4),
    ("serde_json", 4),
    ("csv", 4),
    ("parquet", 4),
    ("base64", 3),
    ("walkdir", 4),
    ("tempfile", 4),
    ("same_file", 4),
    ("rusqlite", 4),
    ("etcetera", 4),
    ("unicode_normalization", 4),
    ("rayon", 5),
    ("regex", 4),
    ("prost", 5),
    ("unifont", 6),
    ("colorous", 6),
    ("askama", 6),
    ("plotters", 6),
    ("sha2", 6),
    ("anyhow", 7),
    ("clap", 7),
    ("clap_complete", 7),
    ("clap_mangen", 7),
    ("toml", 7),
    ("indicatif", 7),
    ("ctrlc", 7),
    ("textura", 7),
];

/// Every source file with its room and its code, tests and comments left out.
fn sources() -> Vec<(PathBuf, String, String)> {
    fn visit(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, files);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    visit(&root, &mut files);
    files.sort();
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(&root).unwrap();
        let room =
            inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = lines.collect::<Vec<_>>().join("\n");
        (path, room, code)
    };
    files.into_iter().filter(|path| !path.ends_with("tests.rs")).map(read).collect()
}

fn floors() -> BTreeMap<&'static str, usize> {
    FLOORS.iter().copied().collect()
}

/// The words that follow `prefix` in some code.
fn followers<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    code.split(prefix).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn every_room_has_a_floor_and_uses_nothing_above_it() {
    let floors = floors();
    let mut n_uses = 0;
    for (path, room, code) in sources() {
        let floor = *floors.get(room.as_str()).unwrap_or_else(|| panic!("{room} has no floor"));
        for used in followers(&code, "crate::") {
            // `crate::Error` and `crate::Result` are re-exports of the lowest floor.
            let Some(&other) = floors.get(used) else {
                assert!(["Error", "Result"].contains(&used), "{path:?} uses crate::{used}");
                continue;
            };
            assert!(other <= floor, "{path:?} on floor {floor} uses {used} on floor {other}");
            n_uses += 1;
        }
    }
    assert!(n_uses > 100, "only {n_uses} uses were seen");
}

#[test]
fn outside_crates_are_used_from_their_floor_on() {
    let (floors, mut n_uses) = (floors(), 0);
    for (path, room, code) in sources() {
        for (name, lowest) in CRATES {
            let is_used = [" ", "(", "<", "&", "[", "\n"]
                .iter()
                .any(|before| code.contains(&format!("{before}{name}::")));
            if is_used {
                assert!(*lowest <= floors[room.as_str()], "{path:?} uses {name}");
                n_uses += 1;
            }
        }
    }
    assert!(n_uses > 40, "only {n_uses} uses were seen");
}

#[test]
fn texture_and_network_do_not_know_each_other_nor_files_threads_clocks() {
    let mut n_files = 0;
    for (path, room, code) in sources() {
        let stranger = match room.as_str() {
            "texture" => "crate::nn",
            "nn" => "crate::texture",
            _ => continue,
        };
        for word in
            [stranger, "std::fs", "std::thread", "std::time", "std::env", "rayon", "crate::io"]
        {
            assert!(!code.contains(word), "{path:?} contains {word}");
        }
        n_files += 1;
    }
    assert!(n_files > 15, "only {n_files} files were seen");
}

#[test]
fn only_the_pipeline_knows_rayon_and_only_its_folder_and_three_files_know_the_codecs() {
    for (path, _, code) in sources() {
        let is_pipeline = path.ends_with("pipeline.rs");
        assert!(is_pipeline || !code.contains("rayon"), "{path:?} knows rayon");
        let is_decode = path.parent().is_some_and(|folder| {
            folder.ends_with("io/decode") || folder.ends_with("io/decode/tiff")
        });
        for decoder in ["zune_jpeg", "jpeg_decoder", "hayro_jpeg2000", "jxl_oxide", "tiff::decoder"]
        {
            assert!(is_decode || !code.contains(decoder), "{path:?} knows a decoder");
        }
        let is_encode = path.ends_with("io/jpeg.rs");
        assert!(is_decode || is_encode || !code.contains(" image::"), "{path:?} knows a codec");
        let is_map = path.ends_with("io/png.rs") || path.ends_with("io/tiff.rs");
        let knows = code.contains("png::Encoder") || code.contains("tiff::encoder");
        assert!(is_map || !knows, "{path:?} knows an encoder of maps");
    }
}

#[test]
fn nothing_below_the_command_line_prints_or_panics() {
    let mut n_files = 0;
    for (path, room, code) in sources() {
        if ["cli", "main"].contains(&room.as_str()) {
            continue;
        }
        for word in [
            "println!",
            "eprintln!",
            "print!(",
            "dbg!",
            "todo!",
            "unimplemented!",
            "unreachable!",
            "panic!(",
        ] {
            assert!(!code.contains(word), "{path:?} contains {word}");
        }
        for word in [".unwrap()", ".expect("] {
            assert!(!code.contains(word), "{path:?} contains {word}");
        }
        n_files += 1;
    }
    assert!(n_files > 40, "only {n_files} files were seen");
}

#[test]
fn no_file_grows_beyond_one_idea() {
    for (path, _, _) in sources() {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 400, "{path:?} has {lines} lines: part it");
    }
}

#[test]
fn nothing_is_unsafe_and_nothing_allows_it() {
    let mut n_files = 0;
    for (path, _, code) in sources() {
        for word in ["unsafe {", "unsafe fn", "unsafe impl", "unsafe_code"] {
            assert!(!code.contains(word), "{path:?} contains {word}");
        }
        n_files += 1;
    }
    assert!(n_files > 100, "only {n_files} files were seen");
}

#[test]
fn every_script_builds_what_the_lock_file_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.join("scripts"), root.join(".ci")];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let mut n_commands = 0;
    for path in files.map(|entry| entry.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let words = ["build", "test", "run", "clippy", "doc", "check", "bench", "install"];
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            if words.iter().any(|word| line.contains(&format!("cargo {word} "))) {
                assert!(line.contains("--locked"), "{path:?}: {line}");
                n_commands += 1;
            }
        }
    }
    assert!(n_commands > 9, "only {n_commands} commands were seen");
}
