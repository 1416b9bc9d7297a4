use clap::Parser as _;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::args::Args;
use super::config;
use crate::sweep::one_in;

/// Runs a property on drawn cases, the same in every run.
fn check<S: Strategy>(cases: u32, strategy: S, property: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(&strategy, |value| {
        property(value);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Whether a flag takes a value; what it does not take is an error of clap and no panic.
fn takes(command: &str, flag: &str, value: &str) -> bool {
    let typed = ["textura", command, "s", "-m", "m", &format!("{flag}={value}")];
    let typed = typed.into_iter().filter(|word| command == "train" || !["-m", "m"].contains(word));
    match Args::try_parse_from(typed) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.exit_code(), 2, "{flag}={value}");
            false
        }
    }
}

/// A value as a person might type it, or anything.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[0-9,.:+-]{0,12}",
        "(none|auto|step|cosine|1e[0-9]{1,3}|NaN|inf)(:[0-9.,]{0,6})?",
        prop::collection::vec(any::<u64>(), 1..4)
            .prop_map(|n| { n.iter().map(u64::to_string).collect::<Vec<_>>().join(",") }),
    ]
}

#[test]
fn flags_take_what_they_know_and_refuse_the_rest() {
    for (flag, value, expected) in [
        ("--range", "0,4095", true),
        ("--range", "0", false),
        // More than 16 bits hold, as files of 32-bit integers and floats have it.
        ("--range", "0,65536", true),
        ("--range", "-1,1.5", true),
        ("--range", "0,x", false),
        ("--range", "0,1,2", false),
        ("--hidden", "128,64", true),
        ("--hidden", "none", true),
        ("--hidden", "8,", false),
        ("--hidden", "-1", false),
    ] {
        assert_eq!(takes("train", flag, value), expected, "{flag}={value}");
    }
    let flags = ["--range", "--hidden", "--schedule", "--clip-norm", "--tile", "--bits", "--jobs"];
    check(2048, (prop::sample::select(flags.to_vec()), value()), |(flag, value)| {
        takes("train", flag, &value);
    });
    check(512, (prop::sample::select(vec!["--range", "--pages"]), value()), |(flag, value)| {
        takes("score", flag, &value);
    });
}

#[test]
fn any_text_is_a_file_of_flags_or_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flags.toml");
    let line = prop_oneof![
        "\\PC{0,20}",
        "(jobs|seed|quiet|hidden|holdout|nonsense) = [-0-9a-z\"\\[\\]{}.,]{0,8}",
        "\\[(train|score|nonsense)\\]",
        "(jobs|seed) = [0-9]{1,20}",
    ];
    let n_read = std::cell::Cell::new(0);
    let n_cases = 1024 / one_in(8) as u32;
    check(n_cases, prop::collection::vec(line, 0..4), |lines| {
        std::fs::write(&file, lines.join("\n")).unwrap();
        let path = file.display().to_string();
        let typed = ["textura", "score", "s", "--config", &path].map(Into::into);
        match config::with_file(typed.to_vec()) {
            Ok((args, _)) => {
                assert!(5 <= args.len());
                n_read.set(n_read.get() + 1);
            }
            Err(error) => {
                let error = error.to_string();
                assert!(error.starts_with("config: expected"), "{error}");
                assert!(error.contains("flags.toml"), "{error}");
            }
        }
    });
    assert!(n_cases / 20 < n_read.get(), "{} were files of flags", n_read.get());
}
