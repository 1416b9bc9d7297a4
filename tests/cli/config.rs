//! `--config`: flags from a file.

use super::support::{Folder, Run, columns};

fn write(folder: &Folder, text: &str) {
    std::fs::write(folder.path("run.toml"), text).unwrap();
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.copy_class("brick", 8, "two/brick");
    folder.copy_class("dots", 8, "two/dots");
    folder
}

/// The settings that `inspect` shows of model.json.
fn settings(folder: &Folder) -> String {
    folder.run(["inspect", "model.json"]).expect(0).out()
}

#[test]
fn a_file_gives_the_same_bytes_as_the_flags() {
    let folder = folder();
    write(
        &folder,
        "seed = 3\njobs = 2\nprogress = \"never\"\n[train]\nsource = \"two\"\nmodel = \"model.json\"\n\
         descriptor = \"fast\"\nhidden = [8, 4]\nactivation = \"tanh\"\naugment = \"none\"\nepochs = 20\n\
         rate = 0.002\nholdout = 0\n[score]\nregions = false\n",
    );
    folder.run(["train", "--config", "run.toml"]).expect(0);
    let by_file = std::fs::read(folder.path("model.json")).unwrap();
    let flags = "train two --model model.json --descriptor fast --hidden 8,4 --activation tanh --augment none \
                 --epochs 20 --rate 0.002 --holdout 0 --seed 3";
    folder.run(flags.split_whitespace()).expect(0);
    assert_eq!(by_file, std::fs::read(folder.path("model.json")).unwrap());
    assert!(settings(&folder).contains("seed 3, "), "{}", settings(&folder));
}

#[test]
fn what_is_typed_wins_wherever_it_stands() {
    let folder = folder();
    write(
        &folder,
        "seed = 3\nverbose = true\n[score]\nsource = \"nowhere\"\nbits = 12\ndescriptor = \"ibsi\"\n\
         output = \"file.csv\"\n[train]\nseed = 5\nmodel = \"model.json\"\nhidden = \"none\"\naugment = \"none\"\n",
    );
    // A typed source takes the place of the file's, --range excludes its bits, -q its verbose.
    let line =
        "--config run.toml -q score two/brick --range 0,255 --descriptor=fast --output typed.csv";
    folder.run(line.split_whitespace()).expect(0);
    let table = std::fs::read_to_string(folder.path("typed.csv")).unwrap();
    assert_eq!(columns(&table).len(), 97);
    assert!(!folder.path("file.csv").exists());
    // A flag for every command is more special below a command.
    folder.run(["train", "two", "--config=run.toml"]).expect(0);
    assert!(settings(&folder).contains("seed 5, "), "{}", settings(&folder));
    folder.run(["--seed", "9", "train", "two", "--config=run.toml"]).expect(0);
    assert!(settings(&folder).contains("seed 9, "), "{}", settings(&folder));
}

#[test]
fn a_flag_that_may_be_repeated_takes_a_list() {
    let folder = folder();
    folder.small_model();
    let limits = |list: &str| write(&folder, &format!("[evaluate]\nfail-under = {list}\n"));
    let run = |more: &[&str]| -> Run {
        let line = ["evaluate", "model.json", "two", "--config", "run.toml"];
        folder.run(line.iter().chain(more))
    };
    limits("[\"accuracy=0.1\", \"macro_f1=1.5\"]");
    assert!(run(&[]).expect(6).err().contains("macro_f1 is"));
    // All typed ones take the place of all in the file.
    run(&["--fail-under", "accuracy=0.1"]).expect(0);
}

#[test]
fn mistakes_name_the_file_and_what_was_meant() {
    let folder = folder();
    let cases = [
        ("[train]\nhiden = 8\n", "did you mean `hidden`?"),
        ("[train]\nweight_decay = 1\n", "did you mean `weight-decay`?"),
        ("[tarin]\nhidden = 8\n", "did you mean `train`?"),
        ("job = 2\n", "did you mean `jobs`?"),
        ("hidden = 8\n", "a flag of textura"),
        ("config = \"other.toml\"\n", "a flag of textura"),
        ("quiet = 1\n", "expected true or false, found integer `quiet`"),
        ("jobs = true\n", "found boolean `jobs`"),
        ("jobs = \n", "TOML"),
        ("[score]\nbits = \"many\"\n", "some flags came from run.toml"),
        ("[score]\nbits = 12\nrange = [0, 9]\n", "cannot be used with"),
    ];
    let mut n_seen = 0;
    for (text, message) in cases {
        write(&folder, text);
        let run = folder.run(["score", "two", "--config", "run.toml"]).expect(2);
        assert!(run.err().contains(message), "{text}: {}", run.err());
        assert!(run.err().contains("run.toml"), "{text}: {}", run.err());
        assert!(run.out().is_empty());
        n_seen += 1;
    }
    assert_eq!(n_seen, 11);
    let run = folder.run(["score", "two", "--config", "missing.toml"]).expect(2);
    assert!(run.err().contains("missing.toml, which is no file"), "{}", run.err());
}

#[test]
fn help_and_version_are_given_whatever_the_file_says() {
    let folder = folder();
    write(&folder, "jobs = \n");
    assert!(
        folder.run(["score", "--help", "--config", "run.toml"]).expect(0).out().contains("Usage")
    );
    assert!(folder.run(["--version"]).expect(0).out().starts_with("textura "));
}
