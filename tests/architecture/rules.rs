//! What stays out of which module, and what every file holds to.

use std::path::Path;

use super::source::{Source, sources};

/// Outside crates and the modules that may use them; the others any module may use.
const CRATES: [(&str, &[&str]); 23] = [
    ("rayon", &["batch"]),
    ("image", &["io", "facade", "report"]),
    ("zune_jpeg", &["io"]),
    ("jpeg_decoder", &["io"]),
    ("hayro_jpeg2000", &["io"]),
    ("jxl_oxide", &["io"]),
    ("png", &["io"]),
    ("tiff", &["io"]),
    ("zstd", &["io"]),
    ("csv", &["io", "tools"]),
    ("parquet", &["io"]),
    ("walkdir", &["io"]),
    ("prost", &["tools"]),
    ("askama", &["report"]),
    ("imageproc", &["report"]),
    ("plotters", &["report"]),
    ("oxhttp", &["review"]),
    ("unifont", &[]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("toml", &["cli"]),
    ("indicatif", &["cli"]),
    ("ctrlc", &["cli"]),
];

fn module_of(source: &Source) -> &str {
    source.modules.first().map_or("the crate's root", String::as_str)
}

#[test]
fn outside_crates_are_used_where_they_belong() {
    let mut n_uses = 0;
    for source in sources() {
        for (name, allowed) in CRATES {
            let is_used = [" ", "(", "<", "&", "[", "\n"]
                .iter()
                .any(|before| source.code.contains(&format!("{before}{name}::")));
            if is_used {
                let module = module_of(&source);
                assert!(allowed.contains(&module), "{:?} uses {name}", source.path);
                n_uses += 1;
            }
        }
    }
    assert!(n_uses > 40, "only {n_uses} uses were seen");
}

#[test]
fn texture_and_network_do_not_know_each_other_nor_files_threads_clocks() {
    let mut n_files = 0;
    for source in sources() {
        let (path, room, code) = (&source.path, module_of(&source), &source.code);
        let stranger = match room {
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
fn only_the_workers_know_rayon_and_only_one_folder_and_three_files_know_the_codecs() {
    for Source { path, code, .. } in sources() {
        let is_workers = path.ends_with("batch/workers.rs");
        assert!(is_workers || !code.contains("rayon"), "{path:?} knows rayon");
        let is_decode = path.parent().is_some_and(|folder| {
            folder.ends_with("io/decode") || folder.ends_with("io/decode/tiff")
        });
        for decoder in ["zune_jpeg", "jpeg_decoder", "hayro_jpeg2000", "jxl_oxide", "tiff::decoder"]
        {
            assert!(is_decode || !code.contains(decoder), "{path:?} knows a decoder");
        }
        // Those of the facade and of legends are types of pictures, not codecs.
        let known = ["io/jpeg.rs", "facade/picture.rs", "report/maps/legend.rs"];
        let is_encode = known.iter().any(|known| path.ends_with(known));
        assert!(is_decode || is_encode || !code.contains(" image::"), "{path:?} knows a codec");
        let is_map = path.ends_with("io/png.rs") || path.ends_with("io/tiff.rs");
        let knows = code.contains("png::Encoder") || code.contains("tiff::encoder");
        assert!(is_map || !knows, "{path:?} knows an encoder of maps");
    }
}

#[test]
fn nothing_below_the_command_line_prints_or_panics() {
    let mut n_files = 0;
    for source in sources() {
        let (path, room, code) = (&source.path, module_of(&source), &source.code);
        if ["cli", "the crate's root"].contains(&room) {
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
    for Source { path, .. } in sources() {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 400, "{path:?} has {lines} lines: part it");
    }
}

#[test]
fn nothing_is_unsafe_and_nothing_allows_it() {
    let mut n_files = 0;
    for Source { path, code, .. } in sources() {
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

#[test]
fn the_wheel_shares_what_the_command_builds() {
    let packages = |manifest: &str| -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(manifest);
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().skip_while(|line| *line != "[profile.release.package]").skip(1);
        lines.take_while(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let of_command = packages("Cargo.toml");
    assert!(10 < of_command.len(), "{of_command:?}");
    assert_eq!(packages("python/Cargo.toml"), of_command);
}
