//! Everything back to where it was.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::list::{List, Row, State};
use super::transfer::{Transfer, is_same_file, is_taken};
use super::{Action, Left, Step, Watch, is_hopeless};
use crate::error::{Error, Result};
use crate::io::hash_of;

/// What was undone.
#[derive(Debug, Default)]
pub struct Undone {
    /// How many files were moved back or removed.
    pub n_undone: usize,
    /// The files that were left as they are, and why.
    pub left: Vec<Left>,
}

/// What is to be done about a row.
enum Way {
    MoveBack,
    Remove,
    Nothing,
    Leave(String),
}

impl Way {
    fn step(&self, row: &Row) -> Option<Step> {
        let from = row.target.clone();
        match self {
            Self::MoveBack => Some(Step { what: "move", from, to: Some(row.source.clone()) }),
            Self::Remove => Some(Step { what: "remove", from, to: None }),
            Self::Nothing | Self::Leave(_) => None,
        }
    }
}

/// Undoes what a list says: moves pictures back where their old place is free, removes links and copies
/// that are unchanged and whose original is there, then the folders that became empty, and then the list,
/// if nothing was left. Where it was killed, it can be run again.
///
/// # Errors
/// [`Error::Io`] where the list cannot be used or a disk is full, [`Error::Model`] where it is no list,
/// [`Error::Interrupted`].
pub fn undo(list: &Path, watch: Watch<'_>) -> Result<Undone> {
    let mut list = List::open(list, false)?;
    let mut undone = Undone::default();
    let open: Vec<usize> =
        (0..list.rows.len()).rev().filter(|&at| list.rows[at].state.is_live()).collect();
    let outcome = watch.progress.counted("pictures put back", open.len(), || {
        open.into_iter().try_for_each(|at| {
            watch.interrupt.check()?;
            undo_one(&mut list, at, watch, &mut undone)?;
            watch.progress.advance();
            Ok(())
        })
    });
    outcome.and(list.sync())?;
    remove_empty_folders(list, undone.left.is_empty())?;
    Ok(undone)
}

/// What [`undo`] would do; nothing is changed.
///
/// # Errors
/// [`Error::Io`] and [`Error::Model`] as there.
pub fn rehearse_undo(list: &Path) -> Result<(Vec<Step>, Vec<Left>)> {
    let list = List::read(list)?;
    let (mut steps, mut left) = (Vec::new(), Vec::new());
    for row in list.rows.iter().rev().filter(|row| row.state.is_live()) {
        let way = way_back(row);
        steps.extend(way.step(row));
        if let Way::Leave(reason) = way {
            left.push(Left { path: row.target.clone(), reason });
        }
    }
    Ok((steps, left))
}

fn undo_one(list: &mut List, at: usize, watch: Watch<'_>, undone: &mut Undone) -> Result<()> {
    let row = list.rows[at].clone();
    if row.state != State::Done {
        let transfer = Transfer { list: &list.path };
        // What cannot be removed shows in a folder that stays.
        let _ = [&row.target, &row.source].map(|path| transfer.remove_part(path));
    }
    let way = way_back(&row);
    let done = match &way {
        Way::Nothing => return list.mark(at, State::Undone),
        Way::Leave(reason) => {
            undone.left.push(Left { path: row.target, reason: reason.clone() });
            // An undo that was killed had only wanted to.
            let state = if row.state == State::Back { State::Done } else { row.state };
            return list.mark(at, state);
        }
        Way::MoveBack => {
            list.mark(at, State::Back)?;
            let transfer = Transfer { list: &list.path };
            let made = row.source.parent().map_or(Ok(()), fs::create_dir_all);
            made.and_then(|()| transfer.move_file(&row.target, &row.source, &row.content))
        }
        Way::Remove => {
            list.mark(at, State::Back)?;
            fs::remove_file(&row.target)
        }
    };
    match done {
        Ok(()) => {
            undone.n_undone += 1;
            way.step(&row).iter().for_each(watch.on_step);
            list.mark(at, State::Undone)
        }
        Err(e) if is_hopeless(&e) => Err(Error::io("undo", &row.target, e)),
        Err(e) => {
            undone.left.push(Left { path: row.target, reason: e.to_string() });
            list.mark(at, State::Done)
        }
    }
}

fn way_back(row: &Row) -> Way {
    examine(row).unwrap_or_else(|e| Way::Leave(format!("it cannot be read: {e}")))
}

fn examine(row: &Row) -> std::io::Result<Way> {
    let is_planned = row.state == State::Plan;
    let leave = |reason: &str| Ok(Way::Leave(reason.to_owned()));
    let is_ours = |path: &Path| Ok::<_, std::io::Error>(hash_of(path)? == row.content);
    let (has_source, has_target) = (is_taken(&row.source)?, is_taken(&row.target)?);
    // Where nothing tells whether it was done, a file of another content is somebody else's.
    let changed = || {
        if is_planned {
            Ok(Way::Nothing)
        } else {
            leave("it was changed, or replaced by another file")
        }
    };
    if !has_target {
        let may_be_undone = match row.action {
            Action::Move => has_source,
            Action::Link | Action::Copy => row.state != State::Done,
        };
        let reason = "it is no longer there: it was moved or removed";
        return if may_be_undone { Ok(Way::Nothing) } else { leave(reason) };
    }
    if row.action == Action::Move {
        if !is_ours(&row.target)? {
            return changed();
        }
        return match has_source {
            false => Ok(Way::MoveBack),
            // A move between file systems had come half of its way.
            true if is_ours(&row.source)? && !is_same_place(row) => Ok(Way::Remove),
            true => leave("another file is where it was"),
        };
    }
    if !row.source.is_file() {
        return leave("the original is gone, so this may be the last one");
    }
    let original = fs::canonicalize(&row.source)?;
    if let Ok(to) = fs::read_link(&row.target) {
        return if to == original { Ok(Way::Remove) } else { changed() };
    }
    if is_same_place(row) {
        return leave("the original's path leads to this file, so it is the only one");
    }
    if is_same_file(&original, &row.target) || is_ours(&row.target)? {
        return Ok(Way::Remove);
    }
    changed()
}

/// Whether both paths lead to one name of one file.
fn is_same_place(row: &Row) -> bool {
    match (fs::canonicalize(&row.source), fs::canonicalize(&row.target)) {
        (Ok(source), Ok(target)) => source == target,
        _ => false,
    }
}

fn remove_empty_folders(list: List, is_all: bool) -> Result<()> {
    let folders: BTreeSet<PathBuf> =
        list.rows.iter().filter_map(|row| row.target.parent()).map(Into::into).collect();
    // A folder that is not empty stays.
    for folder in &folders {
        let _ = fs::remove_dir(folder);
    }
    if is_all {
        fs::remove_file(&list.path).map_err(|e| Error::io("remove", &list.path, e))?;
        for folder in folders.iter().filter_map(|folder| folder.parent()) {
            let _ = fs::remove_dir(folder);
        }
    }
    Ok(())
}
