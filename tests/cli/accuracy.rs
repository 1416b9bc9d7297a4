//! mechanics: `examples/accuracy` gives every flag to its folder, and prints each topic's table.

#[path = "../../examples/accuracy/arguments.rs"]
mod arguments;
#[path = "../../examples/accuracy/command.rs"]
mod command;
#[path = "../../examples/accuracy/figures.rs"]
mod figures;
#[path = "../../examples/accuracy/folder.rs"]
mod folder;
#[path = "../../examples/accuracy/report.rs"]
mod report;
#[path = "../../examples/accuracy/table.rs"]
mod table;
#[path = "../../examples/accuracy/unknown.rs"]
mod unknown;

use std::path::{Path, PathBuf};

use arguments::{Arguments, Topic};
use folder::Folder;

fn parse(words: &str) -> Result<Arguments, String> {
    let words = std::iter::once("accuracy").chain(words.split_whitespace());
    Arguments::parse(words).map_err(|error| error.to_string())
}

#[test]
fn flags_belong_to_the_folder_they_stand_before() {
    let words =
        "--repeats 2 --per-class 3 --few 1,2 a --seed 7 b --group-by s([a-d]) --per-class 9 c -j 1";
    let arguments = parse(words).unwrap();
    let told = |at: usize| {
        let wish = &arguments.folders[at];
        let pattern = wish.group_by.as_ref().map(|pattern| pattern.as_str());
        (wish.path.to_str().unwrap(), wish.per_class, wish.few.clone(), pattern)
    };
    assert_eq!(arguments.folders.len(), 3);
    assert_eq!(told(0), ("a", Some(3), Some(vec![1, 2]), None));
    assert_eq!(told(1), ("b", None, None, None));
    assert_eq!(told(2), ("c", Some(9), None, Some("s([a-d])")));
    assert_eq!((arguments.repeats, arguments.seed, arguments.jobs), (2, 7, Some(1)));
    assert_eq!(arguments.topics.len(), 6);
    assert!(!arguments.topics.contains(&Topic::Ablations));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for (words, complaint) in [
        ("", "required"),
        ("a --per-class 3", "--per-class stands before no folder"),
        ("--group-by x --group-by y a", "--group-by stands twice before a"),
        ("--few 1;2 a", "--few"),
        ("--group-by ( a", "--group-by"),
        ("--repeats 0 a", "--repeats"),
        ("--only weather a", "weather"),
        ("--only ablations a", "needs --descriptor"),
        ("--descriptor fast a", "needs --only ablations"),
    ] {
        let found = parse(words).unwrap_err();
        assert!(found.contains(complaint), "{words}: {found}");
    }
}

/// Copies the first `n` pictures of some fixture classes into a folder.
fn copy(classes: &[&str], pictures: std::ops::Range<usize>, to: &Path) {
    for class in classes {
        std::fs::create_dir_all(to.join(class)).unwrap();
        for k in pictures.clone() {
            let name = format!("{class}_{k:02}.png");
            let textures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/textures");
            std::fs::copy(textures.join(class).join(&name), to.join(class).join(&name)).unwrap();
        }
    }
}

/// What the example prints, with the command under test.
fn printed(words: &[&str], folders: &[PathBuf]) -> Result<String, String> {
    let mut all = vec!["accuracy".into(), "--textura".into(), env!("CARGO_BIN_EXE_textura").into()];
    all.extend(words.iter().map(std::ffi::OsString::from));
    all.extend(folders.iter().map(|folder| folder.clone().into_os_string()));
    let arguments = Arguments::parse(all).unwrap();
    let mut output = Vec::new();
    report::report(&arguments, &mut output).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(output).unwrap())
}

/// The cells of the rows under a heading.
fn rows(report: &str, heading: &str) -> Vec<Vec<String>> {
    let section = report.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| ")).skip(2);
    let cells = |line: &str| {
        let inside = line.trim_start_matches("| ").trim_end_matches(" |");
        inside.split(" | ").map(str::to_owned).collect()
    };
    lines.map(cells).collect()
}

#[test]
fn every_topic_has_its_rows() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("three");
    copy(&["brick", "dots", "weave"], 0..6, &folder);
    let words =
        "--repeats 2 --few 2 --per-class 3 --group-by _0([0-2])|_0[3-9] --descriptor default";
    let only = "accuracy,few,groups,corruptions,unknown,time,ablations";
    let words: Vec<&str> = words.split(' ').chain(["--only", only]).collect();
    let report = printed(&words, &[folder]).unwrap();
    let of = |heading| rows(&report, heading);

    let accuracy = of("Accuracy");
    assert_eq!(accuracy.len(), 1);
    assert_eq!(accuracy[0][..2], ["three", "3 a class"]);
    let share: f64 = accuracy[0][2].parse().unwrap();
    assert!((34.0..=100.0).contains(&share), "{share}");
    let command = accuracy[0].last().unwrap();
    assert!(command.contains("--train-per-class 3 --repeats 2 --json --seed 0"), "{command}");

    assert_eq!(of("Few")[0][1], "2");
    // The same figures, since the same is measured.
    assert_eq!(of("Ablations")[0][3..9], accuracy[0][2..8]);
    assert_eq!(of("Ablations")[0][2], "default");
    // Pictures 0, 1 and 2 are three groups; the others have no brackets and so their own match.
    assert_eq!(of("Groups")[0][1], "6");
    assert!(of("Groups")[0].last().unwrap().contains(r"\|"));

    let corruptions = of("Corruptions");
    assert_eq!(corruptions.len(), 12);
    assert_eq!(corruptions[0][2..5], ["none", &accuracy[0][2], "0.00"]);
    assert!(corruptions.iter().skip(1).all(|row| row.last().unwrap().contains("--corrupt")));

    let unknown = of("Unknown");
    assert_eq!(unknown[0][..2], ["three", "3"]);
    let areas: Vec<f64> = unknown[0][2..4].iter().map(|area| area.parse().unwrap()).collect();
    assert!(0.5 < areas[0] && areas[1] <= areas[0] && areas[0] <= 1.0, "{areas:?}");
    assert_eq!(of("Time")[0][..2], ["three", "18"]);
    // Nothing of the folder that vanishes.
    let command = unknown[0].last().unwrap();
    assert!(
        command.starts_with("`textura train learned.csv --model model.json --holdout 0"),
        "{command}"
    );
}

#[test]
fn a_split_folder_is_measured_by_its_own_split() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("split");
    copy(&["brick", "dots"], 0..6, &folder.join("train"));
    copy(&["brick", "dots"], 6..9, &folder.join("test"));
    let words = ["--only", "accuracy,corruptions,unknown"];
    let report = printed(&words, std::slice::from_ref(&folder)).unwrap();
    let accuracy = rows(&report, "Accuracy");
    assert_eq!(accuracy[0][1], "own split");
    assert_eq!(accuracy[0][3], "-");
    assert!(accuracy[0].last().unwrap().contains(", then `textura evaluate model.json"));
    assert_eq!(rows(&report, "Corruptions").len(), 12);
    // With one of two classes left out, none is left to learn.
    assert!(!report.contains("Unknown"));
    let refused = printed(&["--per-class", "3"], std::slice::from_ref(&folder)).unwrap_err();
    assert!(refused.contains("own split"), "{refused}");
    let listed = Folder::new(&parse(folder.to_str().unwrap()).unwrap().folders[0]).unwrap();
    assert_eq!((listed.n_pictures(), listed.per_class, listed.few), (12, 3, vec![5]));
}

#[test]
fn a_command_that_fails_shows_its_complaint() {
    let place = tempfile::tempdir().unwrap();
    copy(&["brick", "dots"], 0..4, place.path());
    std::fs::write(place.path().join("brick/bad.png"), "no picture").unwrap();
    let error = printed(&["--only", "time"], &[place.path().to_path_buf()]).unwrap_err();
    assert!(error.contains("bad.png") && error.contains("ended with exit status: 3"), "{error}");
    assert!(error.contains("textura train"), "{error}");
}
