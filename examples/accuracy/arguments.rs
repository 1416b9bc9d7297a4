//! What can be typed: flags for the whole run, and flags that stand before the folder they belong to.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{Error, ErrorKind};
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, ValueEnum};
use regex::Regex;

const HELP: &str = "\
Each FOLDER holds one folder of pictures a class, or is split: FOLDER/train/CLASS and FOLDER/test/CLASS. Of a \
split folder, accuracy, corruptions and unknown learn from train and test on test; few and groups use train \
alone. Every picture must be readable.

--per-class, --few and --group-by stand before the folder they belong to and are forgotten after it:

  scripts/accuracy --repeats 5 --per-class 40 woods --group-by 'sample_([a-d])' cloths steels

Exit status: 0 all good, 1 a command failed (its complaint is shown), 2 usage.";

/// What is to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Topic {
    /// A fixed number of pictures a class to learn from, or the folder's own split
    Accuracy,
    /// The same with few pictures a class
    Few,
    /// Every group left out in turn, for folders with --group-by
    Groups,
    /// Pictures made worse after learning from clean ones
    Corruptions,
    /// Every class left out in turn: how well familiarity tells it from the others
    Unknown,
    /// How long `train` takes
    Time,
    /// Accuracy with other descriptors; only when asked for
    Ablations,
}

impl Topic {
    /// What is measured unless `--only` says something else.
    const USUAL: [Self; 6] =
        [Self::Accuracy, Self::Few, Self::Groups, Self::Corruptions, Self::Unknown, Self::Time];
}

/// Measures how good textura is on folders of pictures: one Markdown table a topic
#[derive(Debug, Parser)]
#[command(name = "accuracy", after_help = HELP, max_term_width = 100)]
struct Typed {
    /// Labelled or split folders, each after the flags that belong to it
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Pictures of each class to learn from, where the folder is not split [default: half of the smallest
    /// class]
    #[arg(long, value_name = "N", help_heading = "For the next folder")]
    per_class: Vec<usize>,
    /// Numbers of pictures for the topic few [default: 5,10, where every class has more]
    #[arg(long, value_name = "N,...", value_parser = numbers, help_heading = "For the next folder")]
    few: Vec<Numbers>,
    /// The part of a path that names its group (the first brackets, or the whole match)
    #[arg(long, value_name = "REGEX", help_heading = "For the next folder")]
    group_by: Vec<Regex>,
    /// How many draws; corruptions take 3 at the most
    #[arg(long, value_name = "R", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    repeats: u32,
    /// Where random numbers start: the same seed gives the same figures
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Which topics [default: all but ablations]
    #[arg(long, value_name = "TOPIC,...", value_enum, value_delimiter = ',')]
    only: Vec<Topic>,
    /// A descriptor for the topic ablations, as `textura cv` takes it: one row each; may be repeated
    #[arg(long, value_name = "FILE")]
    descriptor: Vec<String>,
    /// Pictures that textura works on at once [default: all cores]
    #[arg(short, long, value_name = "N")]
    jobs: Option<u16>,
    /// The command to measure [default: the one built beside this program]
    #[arg(long, value_name = "FILE")]
    textura: Option<PathBuf>,
}

/// Several numbers in one word.
#[derive(Debug, Clone)]
struct Numbers(Vec<usize>);

fn numbers(text: &str) -> Result<Numbers, std::num::ParseIntError> {
    text.split(',').map(|number| number.trim().parse()).collect::<Result<_, _>>().map(Numbers)
}

/// A folder and how it is to be measured.
#[derive(Debug)]
pub struct Wish {
    pub path: PathBuf,
    pub per_class: Option<usize>,
    pub few: Option<Vec<usize>>,
    pub group_by: Option<Regex>,
}

/// All that was typed, checked.
#[derive(Debug)]
pub struct Arguments {
    pub folders: Vec<Wish>,
    pub topics: Vec<Topic>,
    pub repeats: u32,
    pub seed: u64,
    pub descriptors: Vec<String>,
    pub jobs: Option<u16>,
    pub textura: Option<PathBuf>,
}

impl Arguments {
    /// Reads the words of a command line, the first of which is the program.
    ///
    /// # Errors
    /// What clap has to say, also for `--help`.
    pub fn parse(
        words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, Error> {
        let matches = Typed::command().try_get_matches_from(words)?;
        let typed = Typed::from_arg_matches(&matches)?;
        let refuse = |text: &str| Err(Typed::command().error(ErrorKind::ValueValidation, text));
        let topics = if typed.only.is_empty() { Topic::USUAL.to_vec() } else { typed.only.clone() };
        match (topics.contains(&Topic::Ablations), typed.descriptor.is_empty()) {
            (true, true) => return refuse("the topic ablations needs --descriptor FILE"),
            (false, false) => return refuse("--descriptor FILE needs --only ablations"),
            _ => {}
        }
        let folders = match wishes(&typed, &matches) {
            Ok(folders) => folders,
            Err(problem) => return refuse(&problem),
        };
        let Typed { repeats, seed, descriptor, jobs, textura, .. } = typed;
        Ok(Self { folders, topics, repeats, seed, descriptors: descriptor, jobs, textura })
    }
}

/// Gives every flag to the folder that it stands before.
fn wishes(typed: &Typed, matches: &ArgMatches) -> Result<Vec<Wish>, String> {
    let places = |name: &str| matches.indices_of(name).into_iter().flatten().collect::<Vec<_>>();
    let folders = places("folders");
    let owners = |name: &str| -> Result<Vec<usize>, String> {
        let mut owners = Vec::new();
        for place in places(name) {
            let flag = name.replace('_', "-");
            let owner = folders
                .iter()
                .position(|&folder| place < folder)
                .ok_or_else(|| format!("--{flag} stands before no folder"))?;
            if owners.contains(&owner) {
                let folder = typed.folders[owner].display();
                return Err(format!("--{flag} stands twice before {folder}"));
            }
            owners.push(owner);
        }
        Ok(owners)
    };
    let wish =
        |path: &PathBuf| Wish { path: path.clone(), per_class: None, few: None, group_by: None };
    let mut wishes: Vec<Wish> = typed.folders.iter().map(wish).collect();
    for (owner, &n) in owners("per_class")?.into_iter().zip(&typed.per_class) {
        wishes[owner].per_class = Some(n);
    }
    for (owner, Numbers(few)) in owners("few")?.into_iter().zip(&typed.few) {
        wishes[owner].few = Some(few.clone());
    }
    for (owner, pattern) in owners("group_by")?.into_iter().zip(&typed.group_by) {
        wishes[owner].group_by = Some(pattern.clone());
    }
    Ok(wishes)
}
