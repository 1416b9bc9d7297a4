//! `classify --sort-into` and `--undo`: pictures into folders of their classes, and back.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Problem;
use crate::image::ContentHash;
use crate::io::{Entry, Source, path_to_text};
use crate::tools::sorting::{
    Action, ERROR, Left, Picture, REJECTED, Report, Sorter, Step, Watch, class_folders,
    rehearse_undo, undo as undo_list,
};
use anyhow::Result;

use super::context::Context;
use super::exit::Status;
use super::output::print;
use super::predicted::Verdict;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Sorting")]
pub struct SortArgs {
    /// Put every picture into a folder of its class in DIR (of numbers that folders are called by: of the nearest), or into
    /// _rejected or _error; nothing is replaced, and the originals stay unless --move is given
    #[arg(long, value_name = "DIR")]
    sort_into: Option<PathBuf>,
    /// Sort by hard links, which take no room; where there can be none (another file system), by symbolic
    /// links, or else copies. This is the default
    #[arg(long, requires = "sort_into", conflicts_with_all = ["copy", "move"])]
    link: bool,
    /// Sort copies, with their time stamps and permissions
    #[arg(long, requires = "sort_into", conflicts_with = "move")]
    copy: bool,
    /// Move the pictures
    #[arg(long = "move", id = "move", requires = "sort_into")]
    is_move: bool,
    /// Where to write the list of what was done, which --undo reads [default: DIR/textura-sorted.csv]
    #[arg(long, value_name = "FILE", requires = "sort_into")]
    list: Option<PathBuf>,
    /// Take back what this list says, and nothing else: move pictures back where their old place is free,
    /// remove links and copies that are unchanged
    #[arg(long, value_name = "LIST", conflicts_with_all = ["model", "sources", "sort_into", "output"])]
    undo: Option<PathBuf>,
    /// Print what --sort-into or --undo would do, one step a line, and change nothing; no table is written
    #[arg(long)]
    pub dry_run: bool,
}

impl SortArgs {
    pub fn is_wanted(&self) -> bool {
        self.sort_into.is_some()
    }

    pub fn check(&self) -> Result<()> {
        if self.dry_run && self.sort_into.is_none() {
            let expected = "--sort-into or --undo with it";
            let problem = Problem::new(expected, "neither", "say what is to be tried");
            return Err(Error::setting("dry-run", problem).into());
        }
        Ok(())
    }

    fn action(&self) -> Action {
        match (self.copy, self.is_move) {
            (true, _) => Action::Copy,
            (_, true) => Action::Move,
            _ => Action::Link,
        }
    }
}

/// Pictures on their way into folders.
pub struct Sorting {
    sorter: Sorter,
    is_dry: bool,
    /// What finishing an earlier run has done.
    resumed: Report,
    classes: Vec<(String, PathBuf)>,
    pictures: Vec<Picture>,
    folder: PathBuf,
}

impl Sorting {
    /// Opens the folder where one is named, with a folder of its own for each class, and finishes what an earlier run had
    /// planned.
    pub fn begin(
        args: &SortArgs,
        classes: &[String],
        sources: &[Source],
        context: &Context,
    ) -> Result<Option<Self>> {
        let Some(folder) = &args.sort_into else { return Ok(None) };
        let (list, action) = (args.list.as_deref(), args.action());
        let mut sorter = if args.dry_run {
            Sorter::open_to_rehearse(folder, list, action)?
        } else {
            Sorter::open(folder, list, action)?
        };
        for source in sources {
            let Source::Path(path) = source else { continue };
            if sorter.holds(path) || (path.is_dir() && sorter.holds(&path.join("any"))) {
                let expected = format!("a folder that {} does not lie in", path_to_text(path));
                let advice = "what is in the folder is sorted already; sort into another one";
                let problem = Problem::new(expected, path_to_text(folder), advice);
                return Err(Error::setting("sort-into", problem).into());
            }
        }
        let debug = |step: &Step| context.debug(&step.to_string());
        let resumed =
            if args.dry_run { Report::default() } else { sorter.resume(watch(context, &debug))? };
        let folders = class_folders(classes);
        Ok(Some(Self {
            sorter,
            is_dry: args.dry_run,
            resumed,
            classes: classes.iter().cloned().zip(folders).collect(),
            pictures: Vec::new(),
            folder: folder.clone(),
        }))
    }

    /// Whether pictures were sorted here before.
    pub fn has_some(&self) -> bool {
        self.sorter.n_listed() != 0
    }

    /// The entries that are not in the folder yet.
    pub fn still_to_do(&self, entries: Vec<Entry>, context: &Context) -> Result<Vec<Entry>> {
        let n_entries = entries.len();
        let (inside, outside): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| self.sorter.holds(&entry.path));
        if !inside.is_empty() {
            let (n, folder) = (inside.len(), path_to_text(&self.folder));
            context.warn(&format!("{folder}: passed over the {n} pictures that are in it already"));
        }
        let is_left = |entry: &Entry| entry.path.exists() || !self.sorter.has_moved(&entry.path);
        let left: Vec<Entry> = outside.into_iter().filter(is_left).collect();
        if left.is_empty() && !self.has_some() {
            let found = format!("{n_entries}, all of them in it");
            let expected = "pictures outside of the folder that is sorted into";
            let problem = Problem::new(expected, found, "name other sources or another folder");
            return Err(Error::data(path_to_text(&self.folder), problem).into());
        }
        Ok(left)
    }

    /// Says where a picture belongs.
    pub fn add(&mut self, path: PathBuf, content: Option<ContentHash>, verdict: &Verdict) {
        let (label, folder) = match verdict {
            Verdict::Class(class) => self.classes[*class].clone(),
            Verdict::Rejected => (String::new(), REJECTED.into()),
            Verdict::Error(_) => (String::new(), ERROR.into()),
        };
        self.pictures.push(Picture { path, folder, label, content });
    }

    /// Sorts.
    pub fn finish(mut self, context: &Context) -> Result<Status> {
        if self.is_dry {
            let (steps, report) = self.sorter.rehearse(&self.pictures);
            print(&told(&steps))?;
            return Ok(status_of(&report.left, context));
        }
        let debug = |step: &Step| context.debug(&step.to_string());
        let mut report = self.sorter.sort(&self.pictures, watch(context, &debug))?;
        report.n_sorted += self.resumed.n_sorted;
        report.left.splice(0..0, std::mem::take(&mut self.resumed.left));
        let folder = path_to_text(&self.folder);
        if report.n_known != 0 {
            let n = report.n_known;
            context.info(&format!("{n} pictures were in {folder} before and stay where they are"));
        }
        let (n, list) = (report.n_sorted, path_to_text(self.sorter.list()));
        context.info(&format!(
            "sorted {n} pictures into {folder}; this takes it back: textura classify --undo '{list}'"
        ));
        Ok(status_of(&report.left, context))
    }
}

/// `classify --undo`.
pub fn undo(args: &SortArgs, context: &Context) -> Result<Status> {
    let list = args.undo.as_deref().unwrap_or(Path::new(""));
    if args.dry_run {
        let (steps, left) = rehearse_undo(list)?;
        print(&told(&steps))?;
        return Ok(status_of(&left, context));
    }
    let debug = |step: &Step| context.debug(&step.to_string());
    let undone = undo_list(list, watch(context, &debug))?;
    let (n, n_left) = (undone.n_undone, undone.left.len());
    context.info(&match n_left {
        0 => format!("put back {n} pictures; nothing is left to undo, so the list is gone, too"),
        _ => format!("put back {n} pictures, left {n_left} as they are; the list keeps them"),
    });
    Ok(status_of(&undone.left, context))
}

fn watch<'a>(context: &'a Context, on_step: &'a dyn Fn(&Step)) -> Watch<'a> {
    Watch { interrupt: context.workers.interrupt(), progress: context.batch().progress, on_step }
}

/// Names what was left as it was, and gives the status to end with.
fn status_of(left: &[Left], context: &Context) -> Status {
    for Left { path, reason } in left {
        context.error(&format!("{}: left as it is: {reason}", path_to_text(path)));
    }
    if left.is_empty() { Status::Good } else { Status::SomeFailed }
}

fn told(steps: &[Step]) -> String {
    steps.iter().map(|step| format!("{step}\n")).collect()
}
