//! What a shell and a terminal get: completions, manual pages, colours, and the name that was meant.

use std::process::Command;

use super::support::Folder;

#[test]
fn every_shell_gets_its_completions() {
    let folder = Folder::new();
    let shells = ["bash", "zsh", "fish", "powershell", "elvish"];
    for shell in shells {
        let script = folder.run(["completions", shell]).expect(0).out();
        for word in ["textura", "classify", "reject-at"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        // The others complete names of flags, but no values.
        let knows_values = ["bash", "zsh", "fish"].contains(&shell);
        assert_eq!(script.contains("leaky-relu"), knows_values, "{shell}");
    }
    folder.run(["completions", "cmd"]).expect(2);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new();
    folder.run(["man", "--output", "man1"]).expect(0);
    let mut n_pages = 0;
    for entry in std::fs::read_dir(folder.path("man1")).unwrap() {
        let page = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(page.contains(".SH SYNOPSIS") && page.contains("Examples:"), "{page}");
        n_pages += 1;
    }
    assert!(14 <= n_pages, "{n_pages}");
    let train = std::fs::read_to_string(folder.path("man1/textura-train.1")).unwrap();
    assert_eq!(folder.run(["man", "train"]).expect(0).out(), train);
    assert!(train.contains("holdout"));
    assert!(folder.run(["man"]).expect(0).out().contains("textura\\-train"));
    assert!(folder.run(["man", "trian"]).expect(2).err().contains("did you mean `train`?"));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let run = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_textura"));
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        let output = command.arg("scroe").envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap().contains('\x1b')
    };
    assert!(!run(&[]), "no terminal, no colours");
    assert!(run(&[("CLICOLOR_FORCE", "1")]));
    assert!(!run(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!run(&[("CLICOLOR", "0")]));
}

#[test]
fn wrong_names_are_answered_with_the_right_ones() {
    let folder = Folder::new();
    folder.small_model();
    std::fs::write(folder.path("d.json"), "{\"families\":[{\"glmc\":{}}]}").unwrap();
    std::fs::write(folder.path("list.csv"), "path,label\ntwo/brick/brick_00.png,brik\n").unwrap();
    let cases: [(&str, i32, &str); 9] = [
        ("scroe two", 2, "'score'"),
        ("score two --descripter fast", 2, "'--descriptor'"),
        ("score two --descriptor fsat", 2, "did you mean `fast`?"),
        ("score two --descriptor d.json", 5, "did you mean `glcm`?"),
        ("train two --model m.json --activation rleu", 2, "'relu'"),
        ("evaluate model.json two --fail-under acuracy=0.9", 2, "did you mean `accuracy`?"),
        ("evaluate model.json two --fail-under accuracy=high", 2, "try accuracy=0.9"),
        ("evaluate model.json two --corrupt nosie:5", 2, "did you mean `noise`?"),
        ("evaluate model.json list.csv", 4, "did you mean `brick`?"),
    ];
    let mut n_seen = 0;
    for (line, status, answer) in cases {
        let run = folder.run(line.split_whitespace()).expect(status);
        assert!(run.err().contains(answer), "{line}: {}", run.err());
        n_seen += 1;
    }
    assert_eq!(n_seen, 9);
}
