//! What is nested deeper than any parser's stack is refused, by every command that reads such a file.

use std::process::Command;

use textura::model::Model;

/// The exit status of a command with a file in its folder, and what it says.
fn run(name: &str, content: &str, args: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), content).unwrap();
    std::fs::write(folder.path().join("p.png"), "").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_textura"));
    let output = command.args(args).current_dir(folder.path()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let n = 200_000;
    let deep = format!("{}{}", "[".repeat(n), "]".repeat(n));
    let objects = format!("{}1{}", "{\"a\":".repeat(n), "}".repeat(n));
    assert!(Model::from_json(deep.as_bytes()).is_err());
    assert!(Model::from_json(objects.as_bytes()).is_err());
    let residual = "{\"residual\":[".repeat(60) + &"]}".repeat(60);
    let model = format!(
        "{{\"format\":\"textura model\",\"version\":3,\"checksum\":\"\",\"model\":{{\"network\":[{residual}]}}}}"
    );
    assert!(Model::from_json(model.as_bytes()).is_err());
    let mut n_seen = 0;
    for (name, content, args, expected) in [
        ("m.json", deep.clone(), ["inspect", "m.json"].as_slice(), 5),
        ("m.json", objects.clone(), &["inspect", "m.json"], 5),
        (
            "d.json",
            format!("{{\"families\":{deep}}}"),
            &["score", "p.png", "--descriptor", "d.json"],
            5,
        ),
        ("t.jsonl", format!("{{\"path\":{deep}}}\n"), &["score", "t.jsonl"], 5),
        ("c.toml", format!("jobs = {deep}\n"), &["score", "p.png", "--config", "c.toml"], 2),
        (
            "c.toml",
            format!("[{}]\n", vec!["a"; n].join(".")),
            &["score", "p.png", "--config", "c.toml"],
            2,
        ),
    ] {
        let (status, told) = run(name, &content, args);
        assert_eq!(status, Some(expected), "{name} {args:?}: {}", &told[..told.len().min(400)]);
        assert!(told.contains(name), "{name}: {}", &told[..told.len().min(400)]);
        n_seen += 1;
    }
    assert_eq!(n_seen, 6);
}
