//! `classify --stream`: an answer for each path as soon as it is read.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::Error;
use crate::error::Problem;
use crate::io::{Entry, Format, Masks, Source, TableWriter, list_lines};
use anyhow::Result;

use super::context::Context;
use super::exit::Status;
use super::predicted::{Rows, Verdict};

/// How often it looks for an interrupt while nobody asks anything.
const PATIENCE: Duration = Duration::from_millis(100);

pub fn run(
    rows: &Rows<'_>,
    sources: &[Source],
    mask_dir: Option<&Path>,
    context: &Context,
) -> Result<Status> {
    if sources != [Source::StandardInput] {
        let expected = "- as the only source";
        let advice = "paths come one a line on standard input: textura classify MODEL - --stream";
        let problem = Problem::new(expected, "another one", advice);
        return Err(Error::setting("stream", problem).into());
    }
    let failed = |e| Error::io("write", Path::new("standard output"), e);
    let stdout = std::io::stdout();
    let mut table = TableWriter::new(stdout, Format::JsonLines, rows.columns()).map_err(failed)?;
    let lines = lines_of_stdin();
    let (mut n_answers, mut n_failed) = (0, 0);
    let mut masks = mask_dir.map(Masks::new);
    let extractor = rows.extractor(context.batch());
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
        let problem = entry.problem.take().map(|problem| Err(*problem));
        let outcome = problem.unwrap_or_else(|| extractor.example(&entry));
        let (cells, verdict) = rows.answer(&entry, outcome, None)?;
        n_answers += 1;
        n_failed += usize::from(matches!(verdict, Verdict::Error(_)));
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
