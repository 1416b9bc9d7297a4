//! Label, look, correct: a page on one's own machine that learns from each label.
//!
//! [`Session`](session::Session) holds everything; `server` answers the page; `learning` and `session` work beside it. The
//! labels are safe on the disk before the page hears that they are.

mod eyes;
mod labels;
mod learner;
mod learning;
mod maps;
mod measuring;
mod next;
mod page;
mod pictures;
mod server;
mod session;
mod thumbnails;
mod training;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::batch::Batch;
use crate::error::{Error, Result};
pub use eyes::Eyes;
pub use next::{Found, next};
pub use session::{Begin, good_table};
pub use training::Training;

use session::Session;

/// How often somebody who wants to stop is looked for.
const MOMENT: Duration = Duration::from_millis(100);

/// Serves a page until somebody interrupts. `opened` is told its address first.
///
/// # Errors
/// Those of the labels' files; [`Error::Setting`] for an address that cannot be had; [`Error::Interrupted`] in the end.
pub fn serve(
    begin: Begin,
    address: SocketAddr,
    batch: Batch<'_>,
    opened: impl FnOnce(&str) -> Result<()>,
) -> Result<()> {
    let session = Arc::new(Session::begin(begin)?);
    let url = server::serve(&session, address)?;
    opened(&url)?;
    std::thread::scope(|scope| {
        scope.spawn(|| learner::run(&session));
        scope.spawn(|| {
            // Only an interrupt ends it, which ends the rest, too.
            let _ = session.measure(batch);
        });
        while !batch.workers.interrupt().is_requested() {
            std::thread::sleep(MOMENT);
        }
        session.learning.end();
        session.training.stop();
    });
    Err(Error::Interrupted)
}
