//! Thousands of damaged files among good ones.

use std::collections::{BTreeMap, BTreeSet};

use textura::random::Random;

use super::support::{Folder, Run, read_table, seeds};
use crate::sweep::one_in;

/// Damaged copies of each format's seeds; a sample has a tenth of them.
const FLIPPED: usize = 2100;

const FORMATS: [(&str, &[&str]); 9] = [
    ("bmp", &["bmp"]),
    ("gif", &["gif"]),
    ("jpeg", &["jpg"]),
    ("jpeg2000", &["jp2", "j2k"]),
    ("jpegxl", &["jxl"]),
    ("pnm", &["pgm", "ppm", "pnm"]),
    ("png", &["png"]),
    ("tiff", &["tif"]),
    ("webp", &["webp"]),
];

/// What every command is told: a job may take 32 MiB for a picture.
const LIMITS: [&str; 4] = ["--max-pixels", "262144", "--max-memory", "33554432"];

/// Two jobs of 32 MiB, and the program with its rows.
const MAX_MEMORY: u64 = 2 * (32 << 20) + (128 << 20);

/// Writes the corpus and gives the number of files.
fn write_corpus(folder: &Folder) -> usize {
    let seeds = seeds();
    let mut n_files = 0;
    let mut write = |name: String, bytes: &[u8]| {
        folder.write(format!("corpus/{name}"), bytes);
        n_files += 1;
    };
    let mut n_cuts = 0;
    for (name, bytes) in &seeds {
        write(format!("good/{name}"), bytes);
        let (stem, ending) = name.rsplit_once('.').unwrap();
        for percent in (0..100).step_by(5) {
            let cut = &bytes[..bytes.len() * percent / 100];
            write(format!("cut/{stem}_{percent:02}.{ending}"), cut);
            n_cuts += 1;
        }
        let wrong = if ending == "png" { "jpg" } else { "png" };
        write(format!("renamed/{stem}_{ending}.{wrong}"), bytes);
    }
    assert_eq!(n_cuts, 70 * 20);
    for (at, (format, endings)) in FORMATS.into_iter().enumerate() {
        let own: Vec<_> = seeds
            .iter()
            .filter(|(name, _)| endings.iter().any(|ending| name.ends_with(&format!(".{ending}"))))
            .collect();
        assert!(4 <= own.len(), "{format} has {} seeds", own.len());
        let mut random = Random::new(2026, 100 + at as u64);
        for k in (0..FLIPPED).step_by(one_in(10)) {
            let (name, bytes) = own[k % own.len()];
            write(format!("flipped/{format}/{k:04}_{name}"), &damaged(bytes, &mut random));
        }
    }
    n_files
}

/// Some bits flipped; now and then anywhere else than in the header, whole bytes, or a piece lost or doubled.
fn damaged(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    let reach = if random.below(2) == 0 { bytes.len().min(64) } else { bytes.len() };
    for _ in 0..=random.below(6) {
        let at = random.below(reach);
        match random.below(8) {
            0 => damaged[at] = 0xff,
            1 => damaged[at] = 0,
            _ => damaged[at] ^= 1 << random.below(8),
        }
    }
    if random.below(8) == 0 {
        let from = random.below(damaged.len());
        let to = (from + random.below(40)).min(damaged.len());
        let piece: Vec<u8> = damaged.drain(from..to).collect();
        if random.below(2) == 0 {
            damaged.splice(from..from, piece.iter().chain(&piece).copied().collect::<Vec<_>>());
        }
    }
    damaged
}

/// Every input has one row, and good pictures the numbers that they have alone.
fn check(
    what: &str,
    rows: &[BTreeMap<String, String>],
    alone: &[BTreeMap<String, String>],
    n: usize,
) {
    assert_eq!(rows.len(), n, "{what}");
    let paths: BTreeMap<&str, _> = rows.iter().map(|row| (row["path"].as_str(), row)).collect();
    assert_eq!(paths.len(), n, "{what}: some paths have two rows");
    let mut n_good = 0;
    for good in alone {
        assert_eq!(paths[good["path"].as_str()], good, "{what}");
        n_good += usize::from(good["status"] != "error");
    }
    assert_eq!((alone.len(), n_good), (70, 67), "{what}");
    for row in rows {
        // A model may reject what it can read.
        let is_ok = row["status"] != "error";
        assert_eq!(is_ok, row["error"].is_empty(), "{what}: {row:?}");
        let is_cut = row["path"].starts_with("corpus/cut/");
        // What is lost may be no more than a trailer, or pictures behind the first.
        let keeps_its_picture = ["_95", "animated", "pages"].map(|word| row["path"].contains(word));
        let is_fine = !is_cut || !is_ok || keeps_its_picture.contains(&true);
        assert!(is_fine, "{what}: {} is ok", row["path"]);
    }
    let n_failed = rows.iter().filter(|row| row["status"] == "error").count();
    println!("{what}: {n} inputs, {n_failed} refused");
    assert!(n / 4 < n_failed && n_failed < n, "{what}: {n_failed} of {n} failed");
}

fn watched(folder: &Folder, args: &[&str], status: i32) -> Run {
    let run = folder.run(args.iter().chain(&LIMITS)).expect(status).within(MAX_MEMORY);
    println!("{}: {:.1?}, {} MiB", args[0], run.time, run.peak >> 20);
    run
}

#[test]
fn hostile_files_have_their_rows_and_harm_nothing() {
    let folder = Folder::new();
    let n_files = write_corpus(&folder);
    assert!(if one_in(10) == 1 { 20_000 } else { 3_000 } <= n_files, "{n_files}");
    let fast = ["score", "corpus", "--descriptor", "fast"];
    let alone = ["score", "corpus/good", "--descriptor", "fast"];
    let rows = watched(&folder, &fast, 3).table();
    check("score", &rows, &watched(&folder, &alone, 3).table(), n_files);

    // A model of our own, of what is cheap to measure.
    let textures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/textures/");
    for class in ["brick", "dots"] {
        for k in 0..8 {
            let name = format!("{class}/{class}_{k:02}.png");
            folder
                .write(format!("two/{name}"), &std::fs::read(format!("{textures}{name}")).unwrap());
        }
    }
    let train = ["train", "two", "--model", "m.json", "--descriptor", "fast", "--epochs", "5"];
    folder.run(train).expect(0);
    let rows = watched(&folder, &["classify", "m.json", "corpus"], 3).table();
    let alone = watched(&folder, &["classify", "m.json", "corpus/good"], 3).table();
    check("classify", &rows, &alone, n_files);

    let run = folder.run(["scan", "corpus", "-o", "scan.csv"].iter().chain(&LIMITS));
    println!("scan: {:.1?}, {} MiB", run.time, run.peak >> 20);
    assert!(matches!(run.status, Some(3 | 4)), "{:?}: {}", run.status, run.err);
    let rows = read_table(std::fs::File::open(folder.path("scan.csv")).unwrap());
    run.within(MAX_MEMORY);
    let paths: BTreeSet<&str> = rows.iter().map(|row| row["path"].as_str()).collect();
    assert_eq!((rows.len(), paths.len()), (n_files, n_files));
}
