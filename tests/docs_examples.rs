//! Every example that is shown works: the `sh` blocks of all pages and the examples of every command's help.
//!
//! A page's blocks run in its order, in one folder that has what examples name: the project's `fixtures/` and
//! `models/`, `surfaces/` (a labelled folder), `new/` (unknown pictures) and `model.json` (a model of
//! `surfaces/`). Every block must end with status 0. A block that cannot run there has the comment
//! `<!-- not run: reason -->` in the line above it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A folder with all that examples name.
struct Sandbox(tempfile::TempDir);

impl Sandbox {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&project().join("fixtures"), &folder.path().join("fixtures"));
        copy(&project().join("models"), &folder.path().join("models"));
        let textures = project().join("fixtures/textures");
        for class in ["brick", "dots", "weave"] {
            let to = folder.path().join("surfaces").join(class);
            std::fs::create_dir_all(&to).unwrap();
            std::fs::create_dir_all(folder.path().join("new")).unwrap();
            for k in 0..16 {
                let name = format!("{class}_{k:02}.png");
                let from = textures.join(class).join(&name);
                let to = match (k, class) {
                    (0..12, _) => to.join(name),
                    (_, "dots") => folder.path().join(format!("new/part_{:02}.png", k - 11)),
                    _ => folder.path().join("new").join(name),
                };
                std::fs::copy(from, to).unwrap();
            }
        }
        let sandbox = Self(folder);
        sandbox.run(
            "textura -q train surfaces --model model.json --hidden 8 --augment none",
            "the model of the examples",
        );
        sandbox
    }

    /// Runs lines of a shell with the built command first in the search path.
    fn run(&self, script: &str, place: &str) {
        let built = Path::new(env!("CARGO_BIN_EXE_textura")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let places = std::iter::once(built.to_path_buf()).chain(std::env::split_paths(&path));
        let output = Command::new("sh")
            .args(["-eu", "-c", script])
            .current_dir(self.0.path())
            .env("PATH", std::env::join_paths(places).unwrap())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{place}: {}\n{script}\n{errors}", output.status);
        assert!(!errors.contains("panicked"), "{place}\n{script}\n{errors}");
    }
}

/// A block of shell in a page.
struct Block {
    line: usize,
    script: String,
    is_run: bool,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut last = "";
    for (number, line) in (1..).zip(text.lines()) {
        match &mut open {
            Some(_) if line.trim() == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.script += line;
                block.script.push('\n');
            }
            None if ["```sh", "```console", "```bash", "```shell"].contains(&line.trim()) => {
                assert_eq!(line.trim(), "```sh", "line {number}: call it sh");
                let is_run = !(last.starts_with("<!-- not run: ") && last.ends_with(" -->"));
                open = Some(Block { line: number, script: String::new(), is_run });
            }
            None => {}
        }
        last = line;
    }
    assert!(open.is_none(), "a block has no end");
    blocks
}

/// What a block does, whatever the language of its comments.
fn commands(blocks: &[Block]) -> String {
    let run = blocks.iter().filter(|block| block.is_run);
    let lines = run.flat_map(|block| block.script.lines());
    lines.map(|line| line.split(" # ").next().unwrap().trim_end().to_owned() + "\n").collect()
}

/// All pages: those at the top and those below docs/.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for folder in ["", "docs", "docs/learning"] {
        for entry in std::fs::read_dir(project().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

#[test]
fn the_examples_of_all_pages_run() {
    let (mut n_pages, mut n_run, mut n_left_out) = (0, 0, 0);
    let mut known = BTreeSet::new();
    for page in pages() {
        let blocks = blocks(&std::fs::read_to_string(&page).unwrap());
        n_pages += 1;
        n_left_out += blocks.iter().filter(|block| !block.is_run).count();
        n_run += blocks.iter().filter(|block| block.is_run).count();
        // A translation has the commands of its original.
        let commands = commands(&blocks);
        if commands.is_empty() || !known.insert(commands) {
            continue;
        }
        let sandbox = Sandbox::new();
        for block in blocks.iter().filter(|block| block.is_run) {
            sandbox.run(&block.script, &format!("{}:{}", page.display(), block.line));
        }
    }
    println!("{n_pages} pages, {n_run} blocks run, {n_left_out} left out");
    assert!(10 < n_pages && 10 < n_run, "{n_pages} pages, {n_run} blocks");
    // Each of them has its reason; a new one is worth a look here.
    assert!(n_left_out <= 14, "{n_left_out} blocks are not run");
}

fn help(command: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_textura")).args(command).output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The lines below a heading, up to an empty one.
fn below<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| !line.is_empty()).map(str::trim).collect()
}

#[test]
fn the_examples_of_every_help_run_and_every_line_is_short() {
    let general = help(&["--help"]);
    let mut names: Vec<&str> = below(&general, "Commands:")
        .into_iter()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help" && general.contains(&format!("\n  {name} ")))
        .collect();
    names.push("");
    let sandbox = Sandbox::new();
    let mut n_run = 0;
    for name in &names {
        let command: Vec<&str> = [*name].into_iter().filter(|name| !name.is_empty()).collect();
        for flag in ["-h", "--help"] {
            let text = help(&[&command[..], &[flag]].concat());
            for line in text.lines() {
                assert!(line.chars().count() <= 100, "{name} {flag}: {line}");
            }
            let examples = below(&text, "Examples:");
            assert!((2..=4).contains(&examples.len()), "{name} {flag}: {examples:?}");
            assert!(examples[0].contains(&format!("textura {name}")), "{name}: {examples:?}");
            if flag == "-h" {
                continue;
            }
            for example in examples {
                sandbox.run(example, &format!("textura {name} --help"));
                n_run += 1;
            }
        }
    }
    assert!(13 < names.len() && 30 < n_run, "{names:?}, {n_run} examples");
}

#[test]
fn blocks_are_found_and_reasons_heard() {
    let page =
        "a\n```sh\nls # all\n```\n<!-- not run: slow -->\n```sh\nsleep 9\n```\n```text\nno\n```\n";
    let found = blocks(page);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].script.as_str(), found[0].line, found[0].is_run), ("ls # all\n", 2, true));
    assert!(!found[1].is_run);
    assert_eq!(commands(&found), "ls\n");
}
