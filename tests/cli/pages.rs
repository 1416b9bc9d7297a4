//! Every example that is shown works: the `sh` blocks of all pages and the examples of every command's help.
//!
//! A page's blocks run in its order, in one folder that has what examples name: the project's `fixtures/` and
//! `models/`, `surfaces/` (a labelled folder), `new/` (unknown pictures) and `model.json` (a model of
//! `surfaces/`). Every block must end with status 0. A block that cannot run there has the comment
//! `<!-- not run: reason -->` in the line above it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

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
    /// The model is learned once for all of them.
    fn new() -> Self {
        static MODEL: OnceLock<Vec<u8>> = OnceLock::new();
        let sandbox = Self::without_model();
        let model = MODEL.get_or_init(|| {
            let sandbox = Self::without_model();
            let train = "textura -q train surfaces --model model.json --hidden 8 --augment none";
            sandbox.run(train, "the model of the examples");
            std::fs::read(sandbox.0.path().join("model.json")).unwrap()
        });
        std::fs::write(sandbox.0.path().join("model.json"), model).unwrap();
        sandbox
    }

    fn without_model() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&project().join("fixtures"), &folder.path().join("fixtures"));
        copy(&project().join("models"), &folder.path().join("models"));
        let textures = project().join("fixtures/textures");
        std::fs::create_dir_all(folder.path().join("new")).unwrap();
        for class in ["brick", "dots", "weave"] {
            let to = folder.path().join("surfaces").join(class);
            std::fs::create_dir_all(&to).unwrap();
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
        Self(folder)
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
            .env("TEXTURA_CACHE", self.0.path().join("cache"))
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{place}: {}\n{script}\n{errors}", output.status);
        assert!(!errors.contains("panicked"), "{place}\n{script}\n{errors}");
    }
}

impl Sandbox {
    /// Runs a line that serves a page: it prints the address, and ends when it is interrupted.
    fn run_until_served(&self, line: &str) {
        let words: Vec<&str> = line.strip_prefix("textura ").unwrap().split(' ').collect();
        let mut child = Command::new(env!("CARGO_BIN_EXE_textura"))
            .args(words)
            .current_dir(self.0.path())
            .env("TEXTURA_CACHE", self.0.path().join("cache"))
            // Nobody looks.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let id = child.id().to_string();
        let is_asked = Command::new("kill").args(["-INT", &id]).status().unwrap().success();
        assert!(is_asked && address.starts_with("http://127.0.0.1:"), "{line}: {address:?}");
        assert_eq!(child.wait().unwrap().code(), Some(130), "{line}");
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
fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    for folder in ["", "docs/", "docs/learning/"] {
        for entry in std::fs::read_dir(project().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                pages.push(format!("{folder}{name}"));
            }
        }
    }
    pages.sort();
    pages
}

fn blocks_of(page: &str) -> Vec<Block> {
    blocks(&std::fs::read_to_string(project().join(page)).unwrap())
}

/// Runs the blocks of a page and gives how many there are.
fn run_page(page: &str) -> usize {
    let blocks: Vec<Block> = blocks_of(page).into_iter().filter(|block| block.is_run).collect();
    let sandbox = Sandbox::new();
    for block in &blocks {
        sandbox.run(&block.script, &format!("{page}:{}", block.line));
    }
    blocks.len()
}

/// A test for each page with blocks that run, and the list of these pages. A translation is not run: it has the commands of
/// its original.
macro_rules! pages_that_run {
    ($($name:ident: $page:literal),+ $(,)?) => {
        const PAGES_THAT_RUN: &[&str] = &[$($page),+];

        mod run {
            $(#[test]
            fn $name() {
                assert_ne!(super::run_page($page), 0);
            })+
        }
    };
}

pages_that_run! {
    readme: "README.md",
    cache: "docs/cache.md",
    commands: "docs/commands.md",
    config: "docs/config.md",
    descriptors: "docs/descriptors.md",
    evaluation: "docs/evaluation.md",
    explain: "docs/explain.md",
    export: "docs/export.md",
    inspection: "docs/inspection.md",
    from_texture_to_a_number: "docs/learning/from-texture-to-a-number.md",
    one_update: "docs/learning/one-update.md",
    vanishing_gradients: "docs/learning/vanishing-gradients.md",
    maps: "docs/maps.md",
    numbers: "docs/numbers.md",
    retraining: "docs/retraining.md",
    review: "docs/review.md",
    scan: "docs/scan.md",
    sorting: "docs/sorting.md",
    sources: "docs/sources.md",
    trace: "docs/trace.md",
}

#[test]
fn every_page_with_examples_is_run() {
    let (mut n_left_out, mut n_run, mut n_translated, mut listed) = (0, 0, 0, Vec::new());
    for page in pages() {
        let blocks = blocks_of(&page);
        let n = blocks.iter().filter(|block| block.is_run).count();
        n_left_out += blocks.len() - n;
        n_run += n;
        if let Some(original) = page.strip_suffix(".zh.md") {
            let original = blocks_of(&format!("{original}.md"));
            assert_eq!(commands(&blocks), commands(&original), "{page}");
            n_translated += 1;
        } else if n != 0 {
            listed.push(page);
        }
    }
    assert_eq!(listed, PAGES_THAT_RUN);
    assert!(10 < n_run && 3 < n_translated, "{n_run} blocks, {n_translated} translations");
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
                match *name {
                    "review" => sandbox.run_until_served(example),
                    _ => sandbox.run(example, &format!("textura {name} --help")),
                }
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
