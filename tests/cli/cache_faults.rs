//! The cache of features, damaged, shared, killed and out of reach: the answers stay the same.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::cache::{STORE, TRAIN, source, stored, told, uncached};
use super::support::Folder;
use super::sweep::one_in;

#[test]
fn a_damaged_cache_costs_time_and_nothing_else() {
    let (folder, source) = (Folder::new(), source());
    let model = uncached(&folder, TRAIN, &source);
    folder.cached(TRAIN, &source).1.expect(0);
    let files = stored(&folder);
    let sound: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    // Every so manyth file, as if a disk had lost them.
    let each = &|every: usize, harm: &dyn Fn(&Path, &[u8])| {
        for (file, bytes) in files.iter().zip(&sound).step_by(every) {
            harm(file, bytes);
        }
    };
    type Harm<'a> = Box<dyn Fn() + 'a>;
    let mut harms: Vec<(String, Harm<'_>)> = Vec::new();
    for (n, share) in [0, 1, 10, 50, 90, 99].into_iter().enumerate() {
        let cut = move |file: &Path, sound: &[u8]| {
            std::fs::write(file, &sound[..sound.len() * share / 100]).unwrap();
        };
        harms.push((format!("cut to {share} %"), Box::new(move || each(1 + n, &cut))));
    }
    for seed in 0..12u8 {
        let spoil = move |file: &Path, sound: &[u8]| {
            let mut bytes = sound.to_vec();
            let mut noise = blake3::Hasher::new().update(&[seed]).finalize_xof();
            // A small hole, or a large one.
            let width = if seed < 6 { 16.min(bytes.len() / 2) } else { bytes.len() / 5 };
            let mut at = [0; 8];
            noise.fill(&mut at);
            let at = u64::from_le_bytes(at) as usize % (bytes.len() - width);
            noise.fill(&mut bytes[at..at + width]);
            std::fs::write(file, bytes).unwrap();
        };
        let every = 1 + usize::from(seed) % 5;
        harms.push((format!("noise {seed}"), Box::new(move || each(every, &spoil))));
    }
    for (every, text) in [(2, "hello, these are no features at all"), (3, "S")] {
        let write = move |file: &Path, _: &[u8]| std::fs::write(file, text).unwrap();
        harms.push((text.into(), Box::new(move || each(every, &write))));
    }
    harms.push((
        "a folder in the place of a file".into(),
        Box::new(|| {
            each(7, &|file, _| {
                std::fs::remove_file(file).unwrap();
                std::fs::create_dir_all(file.join("x")).unwrap();
            })
        }),
    ));
    harms.push((
        "a file in the place of a folder".into(),
        Box::new(|| {
            let inner = files[0].parent().unwrap();
            std::fs::remove_dir_all(inner).unwrap();
            std::fs::write(inner, "x").unwrap();
        }),
    ));
    harms.push((
        "a file in the place of the store".into(),
        Box::new(|| {
            let store = folder.path(STORE);
            std::fs::remove_dir_all(&store).unwrap();
            std::fs::write(store, "x").unwrap();
        }),
    ));
    assert_eq!(harms.len(), 23);
    let mut n_warned = 0;
    let some = || harms.iter().step_by(one_in(3));
    for (what, harm) in some() {
        harm();
        let mut last = [0; 3];
        for round in 0..3 {
            let (numbers, run) = folder.cached(TRAIN, &source);
            let warnings = run.err().matches("warning: ").count();
            n_warned += usize::from(round == 0 && run.err().contains("damaged"));
            run.expect(0);
            assert!(warnings <= 1, "{what}: {warnings} warnings");
            assert!(folder.read("m.json") == model, "{what}");
            last = numbers;
        }
        assert_eq!(last, [160, 0, 0], "{what}: of no use any more");
    }
    assert_eq!(n_warned, some().count());
}

#[test]
fn a_cache_that_cannot_be_had_is_done_without() {
    let folder = Folder::new();
    folder.copy_class("brick", 8, "s/brick");
    folder.copy_class("dots", 8, "s/dots");
    let model = uncached(&folder, TRAIN, Path::new("s"));
    std::fs::write(folder.path("file"), "mine").unwrap();
    for cache in ["file", "file/below"] {
        let words = format!("{TRAIN} --cache {cache}");
        let run = folder.run(told(&words, Path::new("s"))).expect(0);
        assert_eq!(run.err().matches("without a cache").count(), 1, "{}", run.err());
        assert_eq!(folder.read("m.json"), model);
    }
    assert_eq!(folder.read("file"), b"mine");
}

#[test]
fn processes_at_once_share_a_cache() {
    let (folder, source) = (Folder::new(), source());
    let model = uncached(&folder, TRAIN, &source);
    for round in 0..3 {
        let words = |n: usize| TRAIN.replace("m.json", &format!("{n}.json"));
        let start = |n: usize| {
            let mut command = folder.command(told(&words(n), &source));
            command.args(["--cache", "c"]).stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let children: Vec<_> = (0..4).map(start).collect();
        for (n, child) in children.into_iter().enumerate() {
            let output = child.wait_with_output().unwrap();
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && !err.contains("cache"), "{err}");
            assert!(folder.read(&format!("{n}.json")) == model);
        }
        assert_eq!(folder.cached(TRAIN, &source).0, [160, 0, 0]);
        if round == 1 {
            // The third round has a damaged one.
            stored(&folder)
                .iter()
                .step_by(2)
                .for_each(|f| std::fs::write(f, "no features").unwrap());
            folder.cached(TRAIN, &source).1.expect(0);
        }
    }
}

#[test]
fn a_killed_run_leaves_a_cache_that_can_be_used_and_no_half_file() {
    let folder = Folder::new();
    folder.copy_class("brick", 12, "s/brick");
    folder.copy_class("dots", 12, "s/dots");
    let source = Path::new("s");
    let train = "train SOURCE --model m.json --epochs 8 --hidden none --engine reference";
    folder.run(told(&train.replace("m.json", "old.json"), source)).expect(0);
    let commands = [
        train,
        "retrain old.json SOURCE -o m.json --force --engine reference",
        "classify old.json SOURCE -o m.csv --engine reference",
    ];
    let whole: Vec<[Vec<u8>; 2]> = commands
        .iter()
        .map(|words| {
            folder.run(told(words, source)).expect(0);
            let files = ["m.json", "m.csv"].map(|name| folder.read(name));
            files.iter().zip(["m.json", "m.csv"]).for_each(|(bytes, name)| {
                if !bytes.is_empty() {
                    std::fs::remove_file(folder.path(name)).unwrap();
                }
            });
            files
        })
        .collect();
    let mut n_killed = 0;
    for moment in (0..14).step_by(one_in(4)) {
        for (words, whole) in commands.iter().zip(&whole) {
            // Another limit names the features anew, so that every run has to measure.
            let limit = format!(" --max-pixels {}", 1_000_000 + moment);
            let words = &format!("{words}{limit}");
            let mut child = folder
                .command(told(words, source))
                .args(["--progress", "json"])
                .env("TEXTURA_CACHE", folder.path("c"))
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
            // After so many lines of progress, which come ten a second.
            let _ = lines.by_ref().take(moment).last();
            child.kill().unwrap();
            n_killed += usize::from(child.wait().unwrap().code().is_none());
            for (name, whole) in ["m.json", "m.csv"].into_iter().zip(whole) {
                let found = folder.read(name);
                assert!(found.is_empty() || found == *whole, "half of {name} after {moment}");
            }
            let run =
                folder.command(told(words, source)).env("TEXTURA_CACHE", folder.path("c")).output();
            let run = run.unwrap();
            let err = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(run.status.success() && !err.contains("cache"), "{err}");
            for (name, whole) in ["m.json", "m.csv"].into_iter().zip(whole) {
                assert!(folder.read(name) == *whole, "{name} differs after {moment}");
                let _ = std::fs::remove_file(folder.path(name));
            }
        }
    }
    assert!(n_killed >= 20 / one_in(4), "only {n_killed} runs were killed");
}
