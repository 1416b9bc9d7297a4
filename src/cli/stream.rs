//! `classify --stream`: an answer for each path as soon as it is read.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::Error;
use crate::error::Problem;
use crate::io::{Cell, Column, Entry, Format, Masks, Source, TableWriter, list_lines};
use anyhow::Result;

use super::context::Context;
use super::exit::Status;

/// How often it looks for an interrupt while nobody asks anything.
const PATIENCE: Duration = Duration::from_millis(100);

/// Writes one JSON object with these columns for each path, as `answer` has it, with whether the picture failed.
///
/// # Errors
/// [`Error::Setting`] for other sources than standard input; those of `answer`; [`Error::Io`].
pub fn run(
    columns: Vec<Column>,
    (sources, mask_dir): (&[Source], Option<&Path>),
    context: &Context,
    answer: impl Fn(Entry) -> crate::Result<(Vec<Cell>, bool)>,
) -> Result<Status> {
    if sources != [Source::StandardInput] {
        let expected = "- as the only source";
        let advice = "paths come one a line on standard input: textura classify MODEL - --stream";
        let problem = Problem::new(expected, "another one", advice);
        return Err(Error::setting("stream", problem).into());
    }
    let failed = |e| Error::io("write", Path::new("standard output"), e);
    let stdout = std::io::stdout();
    let mut table = TableWriter::new(stdout, Format::JsonLines, columns).map_err(failed)?;
    let lines = lines_of_stdin();
    let (mut n_answers, mut n_failed) = (0, 0);
    let mut masks = mask_dir.map(Masks::new);
    loop {
        context.workers.interrupt().check()?;
        let line = match lines.recv_timeout(PATIENCE) {
            Ok(line) => line.map_err(|e| Error::io("read", Path::new("standard input"), e))?,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        let Some(mut entry) = Entry::from_line(&line) else { continue };
        if let Some(masks) = &mut masks {
            masks.find(&mut entry, sources);
        }
        let (cells, has_failed) = answer(entry)?;
        n_answers += 1;
        n_failed += usize::from(has_failed);
        table.write(&cells).and_then(|()| table.flush()).map_err(failed)?;
    }
    Ok(context.status_of(n_answers, n_failed))
}

/// The lines of standard input, read beside the work: whoever waits for a line hears no interrupt.
fn lines_of_stdin() -> Receiver<std::io::Result<Vec<u8>>> {
    let (sender, receiver) = sync_channel(1);
    std::thread::spawn(move || {
        for line in list_lines(std::io::stdin().lock()) {
            // Nobody listens any more once the work has ended.
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
