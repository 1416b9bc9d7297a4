//! The topics, one table each.

use std::ffi::OsStr;
use std::io::Write;

use super::arguments::{Arguments, Topic};
use super::command::{Call, Outcome, Textura};
use super::figures::{COLUMNS, Figures};
use super::folder::Folder;
use super::table::{Table, percent};
use super::unknown;

const CORRUPTIONS: [&str; 11] = [
    "noise:5",
    "noise:20",
    "jpeg:50",
    "jpeg:20",
    "brightness:1.2",
    "contrast:0.7",
    "gradient:0.4",
    "blur:1",
    "blur:2",
    "scale:0.5",
    "scale:2",
];

/// The loss is large beside the deviation between draws, so few draws do.
const MAX_CORRUPTED_REPEATS: u32 = 3;

/// All that the topics need.
struct Bench<'a> {
    textura: Textura,
    arguments: &'a Arguments,
    folders: Vec<Folder>,
}

/// Measures everything that was asked for.
///
/// # Errors
/// Where a folder cannot be used, a call fails, or the report cannot be written.
pub fn report(arguments: &Arguments, output: &mut dyn Write) -> Outcome<()> {
    let folders = arguments.folders.iter().map(Folder::new).collect::<Outcome<Vec<_>>>()?;
    let bench = Bench { textura: Textura::new(arguments)?, arguments, folders };
    for topic in &arguments.topics {
        match topic {
            Topic::Accuracy => bench.accuracy(output)?,
            Topic::Few => bench.few(output)?,
            Topic::Groups => bench.groups(output)?,
            Topic::Corruptions => bench.corruptions(output)?,
            Topic::Unknown => bench.unknown(output)?,
            Topic::Time => bench.time(output)?,
            Topic::Ablations => bench.ablations(output)?,
        }
    }
    Ok(())
}

/// The first columns of a table, then those of the figures.
fn with_figures<'a>(first: &[&'a str]) -> Vec<&'a str> {
    [first, &COLUMNS].concat()
}

impl Bench<'_> {
    fn accuracy(&self, output: &mut dyn Write) -> Outcome<()> {
        let about = format!(
            "So many pictures of each class are drawn to learn from, and the others tested on, \
             {} times; or once by the folder's own split, without a deviation. Seed {}.",
            self.arguments.repeats, self.arguments.seed
        );
        let columns = with_figures(&["folder", "protocol"]);
        let mut table = Table::begin(output, "Accuracy", &about, &columns)?;
        for folder in &self.folders {
            let (figures, calls) = self.usual(folder, &[])?;
            let first = vec![folder.name.clone(), self.protocol(folder)];
            table.row([first, figures.cells()].concat(), &calls)?;
        }
        Ok(())
    }

    fn ablations(&self, output: &mut dyn Write) -> Outcome<()> {
        let about =
            format!("As the topic accuracy, with other descriptors. Seed {}.", self.arguments.seed);
        let columns = with_figures(&["folder", "protocol", "descriptor"]);
        let mut table = Table::begin(output, "Ablations", &about, &columns)?;
        for folder in &self.folders {
            for descriptor in &self.arguments.descriptors {
                let (figures, calls) = self.usual(folder, &["--descriptor", descriptor])?;
                let first = vec![folder.name.clone(), self.protocol(folder), descriptor.clone()];
                table.row([first, figures.cells()].concat(), &calls)?;
            }
        }
        Ok(())
    }

    fn few(&self, output: &mut dyn Write) -> Outcome<()> {
        if self.folders.iter().all(|folder| folder.few.is_empty()) {
            return Ok(());
        }
        let about = format!(
            "Few pictures of each class are drawn to learn from, and the others tested on, \
             {} times. A split folder is its train part here. Seed {}.",
            self.arguments.repeats, self.arguments.seed
        );
        let columns = with_figures(&["folder", "pictures a class"]);
        let mut table = Table::begin(output, "Few pictures", &about, &columns)?;
        for folder in &self.folders {
            for &n in &folder.few {
                let call = self.draws(folder, n, self.arguments.repeats, &[])?;
                let first = vec![folder.name.clone(), n.to_string()];
                table.row([first, Figures::read(&call)?.cells()].concat(), &[call])?;
            }
        }
        Ok(())
    }

    fn groups(&self, output: &mut dyn Write) -> Outcome<()> {
        if self.folders.iter().all(|folder| folder.groups.is_none()) {
            return Ok(());
        }
        let about = format!(
            "Every group is tested on once by a fit that has seen none of it. The deviation is \
             between groups. A split folder is its train part here. Seed {}.",
            self.arguments.seed
        );
        let columns = with_figures(&["folder", "groups"]);
        let mut table = Table::begin(output, "Groups left out", &about, &columns)?;
        for folder in &self.folders {
            let Some((pattern, n_groups)) = &folder.groups else { continue };
            let n_groups = n_groups.to_string();
            let flags = ["--folds", &n_groups, "--group-by", pattern.as_str(), "--json"];
            let call = self.call("cv", folder, &flags)?;
            let first = vec![folder.name.clone(), n_groups];
            table.row([first, Figures::read(&call)?.cells()].concat(), &[call])?;
        }
        Ok(())
    }

    fn corruptions(&self, output: &mut dyn Write) -> Outcome<()> {
        let repeats = self.arguments.repeats.min(MAX_CORRUPTED_REPEATS);
        let about = format!(
            "Clean pictures are learned from, worse ones tested on: {repeats} draws, or the \
             folder's own split. Points lost are beside clean pictures with the same draws. \
             Seed {}.",
            self.arguments.seed
        );
        let columns =
            ["folder", "protocol", "corruption", "accuracy %", "points lost", "balanced %"];
        let mut table = Table::begin(output, "Corruptions", &about, &columns)?;
        for folder in &self.folders {
            let mut clean = None;
            for corruption in [None].into_iter().chain(CORRUPTIONS.map(Some)) {
                let worse: Vec<&str> =
                    corruption.iter().flat_map(|&corruption| ["--corrupt", corruption]).collect();
                let calls = match (&folder.test, corruption) {
                    (None, _) => vec![self.draws(folder, folder.per_class, repeats, &worse)?],
                    // The model of the clean row serves the others.
                    (Some(_), None) => vec![self.trained(folder, &[])?, self.judged(folder, &[])?],
                    (Some(_), Some(_)) => vec![self.judged(folder, &worse)?],
                };
                let figures = last_figures(&calls)?;
                let before = *clean.get_or_insert(figures.accuracy);
                table.row(
                    vec![
                        folder.name.clone(),
                        self.protocol(folder),
                        corruption.unwrap_or("none").to_owned(),
                        percent(figures.accuracy),
                        percent(before - figures.accuracy),
                        percent(figures.balanced_accuracy),
                    ],
                    &calls,
                )?;
            }
        }
        Ok(())
    }

    fn unknown(&self, output: &mut dyn Write) -> Outcome<()> {
        let (able, small): (Vec<&Folder>, Vec<&Folder>) =
            self.folders.iter().partition(|folder| unknown::MIN_CLASSES <= folder.train.len());
        for folder in small {
            eprintln!("{}: too few classes to leave one out", folder.name);
        }
        if able.is_empty() {
            return Ok(());
        }
        let about = format!(
            "Every class is left out in turn. A model learns from half of the pictures of every \
             other class, drawn once (of a split folder, from its train part); familiarity is to \
             tell the rest of them from all pictures of the class left out. The area under the \
             ROC curve is the share of pairs in which the known picture is the more familiar one \
             (ties count half). Rejected: familiarity below {}, the mean over the classes left \
             out. Copies of a picture are not kept together. The commands are those of every \
             class, the seconds of all together. Seed {}.",
            unknown::REJECT_BELOW,
            self.arguments.seed
        );
        let columns = [
            "folder",
            "classes",
            "mean area",
            "smallest area",
            "of the class",
            "known rejected %",
            "unknown rejected %",
        ];
        let mut table = Table::begin(output, "Unknown classes", &about, &columns)?;
        for folder in able {
            let found = unknown::measure(&self.textura, folder, self.arguments.seed)?;
            table.row(
                vec![
                    folder.name.clone(),
                    folder.train.len().to_string(),
                    format!("{:.4}", found.mean_area),
                    format!("{:.4}", found.least_area),
                    found.least_class.to_owned(),
                    percent(found.known_rejected),
                    percent(found.unknown_rejected),
                ],
                &found.calls,
            )?;
        }
        Ok(())
    }

    fn time(&self, output: &mut dyn Write) -> Outcome<()> {
        let about = format!(
            "Wall time of one training with default settings, decoding and start included. \
             Seed {}.",
            self.arguments.seed
        );
        let mut table = Table::begin(output, "Time", &about, &["folder", "pictures"])?;
        for folder in &self.folders {
            let model = self.textura.scratch("model.json");
            let flags = ["--model".as_ref(), model.as_os_str()];
            let call = self.call("train", folder, &flags)?;
            table.row(vec![folder.name.clone(), folder.n_pictures().to_string()], &[call])?;
        }
        Ok(())
    }

    fn protocol(&self, folder: &Folder) -> String {
        match folder.test {
            Some(_) => "own split".to_owned(),
            None => format!("{} a class", folder.per_class),
        }
    }

    /// How good textura is on a folder: by its own split, or by draws.
    fn usual(&self, folder: &Folder, flags: &[&str]) -> Outcome<(Figures, Vec<Call>)> {
        let calls = match folder.test {
            Some(_) => vec![self.trained(folder, flags)?, self.judged(folder, &[])?],
            None => {
                vec![self.draws(folder, folder.per_class, self.arguments.repeats, flags)?]
            }
        };
        Ok((last_figures(&calls)?, calls))
    }

    fn draws(&self, folder: &Folder, n: usize, repeats: u32, flags: &[&str]) -> Outcome<Call> {
        let (n, repeats) = (n.to_string(), repeats.to_string());
        let drawn = ["--train-per-class", &n, "--repeats", &repeats];
        self.call("cv", folder, &[&drawn, flags, &["--json"]].concat())
    }

    /// Trains on the whole train part, for [`Self::judged`].
    fn trained(&self, folder: &Folder, flags: &[&str]) -> Outcome<Call> {
        let model = self.textura.scratch("model.json");
        let mut words: Vec<&OsStr> = vec!["--model".as_ref(), model.as_os_str()];
        words.extend(["--holdout", "0"].iter().chain(flags).map(OsStr::new));
        self.call("train", folder, &words)
    }

    /// Measures the model that was trained last on the test part.
    fn judged(&self, folder: &Folder, flags: &[&str]) -> Outcome<Call> {
        let model = self.textura.scratch("model.json");
        let mut words: Vec<&OsStr> =
            vec!["evaluate".as_ref(), model.as_os_str(), folder.path.as_os_str()];
        words.extend(flags.iter().chain(&["--json"]).map(OsStr::new));
        self.textura.run(words)
    }

    fn call<W: AsRef<OsStr>>(&self, name: &str, folder: &Folder, words: &[W]) -> Outcome<Call> {
        let begin = [OsStr::new(name), folder.path.as_os_str()];
        self.textura.run(begin.into_iter().chain(words.iter().map(AsRef::as_ref)))
    }
}

/// The figures that the last of some calls printed.
fn last_figures(calls: &[Call]) -> Outcome<Figures> {
    Figures::read(calls.last().ok_or("no call was made")?)
}
