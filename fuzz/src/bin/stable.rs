//! Fuzzing without coverage, for every toolchain: changes seeds by a seeded generator and runs a target on them.
//!
//! `stable TARGET SECONDS [SEED [FOLDER]]` prints how many inputs were run. An input on which the target panics is
//! written into the folder, by default `artifacts/TARGET`, and the run ends with status 1. The input at work is kept
//! in `FOLDER/running`, so that it is there after an abort, too. `stable TARGET FILE...` runs single inputs again.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use textura::random::Random;
use textura_fuzz::seeds;
use textura_fuzz::targets::{self, Target};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let named = args.first().and_then(|name| targets::ALL.into_iter().find(|(n, _)| n == name));
    let Some((target, second)) = named.zip(args.get(1)) else {
        eprintln!("stable {{decode|model|table|engines}} {{SECONDS [SEED [FOLDER]]|FILE...}}");
        return ExitCode::from(2);
    };
    let Ok(seconds) = second.parse() else { return again(target, &args[1..]) };
    let seed = args.get(2).and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let folder = args.get(3).map_or_else(|| Path::new("artifacts").join(target.0), PathBuf::from);
    fuzz(target, Duration::from_secs(seconds), seed, &folder)
}

fn again((_, run): Target, files: &[String]) -> ExitCode {
    for file in files {
        run(&std::fs::read(file).expect("a file"));
    }
    println!("{} inputs, no find", files.len());
    ExitCode::SUCCESS
}

fn fuzz((name, run): Target, time: Duration, seed: u64, folder: &Path) -> ExitCode {
    std::fs::create_dir_all(folder).expect("a folder for what is found");
    let running = folder.join("running");
    let seeds = seeds::of(name);
    let mut random = Random::new(seed, 0);
    let start = Instant::now();
    let (mut n_runs, mut n_found, mut is_first) = (0u64, 0, seeds.iter());
    while start.elapsed() < time {
        let input = match is_first.next() {
            Some(seed) => seed.clone(),
            None => mutated(&seeds, &mut random),
        };
        // An abort leaves no time to write; every input before it does.
        std::fs::write(&running, &input).expect("a folder for what is found");
        n_runs += 1;
        if catch_unwind(|| run(&input)).is_err() {
            let digest = blake3::hash(&input).to_hex();
            std::fs::write(folder.join(format!("crash-{}", &digest[..16])), &input)
                .expect("a folder for what is found");
            n_found += 1;
        }
    }
    std::fs::remove_file(running).expect("what was written");
    let seconds = start.elapsed().as_secs_f64();
    println!("{name}: {n_runs} executions in {seconds:.0} s, seed {seed}, {n_found} finds");
    if n_found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Values at which counts and sizes break.
const EDGES: [u64; 10] =
    [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX];

/// Words at which parsers of text break.
const WORDS: [&[u8]; 14] = [
    b"NaN",
    b"1e400",
    b"-1",
    b"null",
    b"\"",
    b",",
    b"\n",
    b"[[[[",
    b"{}",
    b"18446744073709551615",
    b"inf",
    b"\xff",
    b"\\x",
    b"\0",
];

fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..1 + random.below(4) {
        let n = bytes.len();
        let at = random.below(n + 1);
        let length = random.below(n - at + 1).min(1 << random.below(12));
        match random.below(9) {
            0 if at < n => bytes[at] ^= 1 << random.below(8),
            1 if at < n => bytes[at] = random.below(256) as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..at + length)),
            4 => {
                let chunk = bytes[at..at + length].to_vec();
                let to = random.below(n + 1);
                bytes.splice(to..to, chunk);
            }
            5 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                let chunk = other[from..].iter().take(length).copied();
                bytes.splice(at..at + length, chunk.collect::<Vec<u8>>());
            }
            6 => {
                let word = WORDS[random.below(WORDS.len())];
                bytes.splice(at..at + length.min(word.len()), word.iter().copied());
            }
            _ => {
                let width = [1, 2, 4, 8][random.below(4)];
                let edge = EDGES[random.below(EDGES.len())].to_le_bytes();
                if at + width <= n {
                    bytes[at..at + width].copy_from_slice(&edge[..width]);
                }
            }
        }
    }
    bytes
}
