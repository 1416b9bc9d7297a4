//! The thread that learns: after some labels, and as features arrive.

use std::sync::Arc;

use super::learning::{Base, ORDERS, Request, Snapshot};
use super::session::Session;
use crate::error::Result;

/// So many features at least make the first order; then whenever there are twice as many, and when all are there.
const FIRST_FEATURES: usize = 200;

/// Learns whenever there is something new, until [`Learning::end`](super::learning::Learning::end).
pub fn run(session: &Session) {
    let learning = &session.learning;
    let mut base: Option<Arc<Base>> = None;
    while learning.wait() {
        learning.work(|| step(session, &mut base));
    }
}

fn step(session: &Session, base: &mut Option<Arc<Base>>) -> Result<()> {
    let (n_measured, n_failed) = session.pictures.counts();
    let n_known = base.as_ref().map_or(0, |base| base.pictures.len());
    let are_all_there = n_measured + n_failed == session.pictures.len();
    let is_due = n_known < n_measured
        && (are_all_there || n_measured.max(1) / 2 >= n_known.max(FIRST_FEATURES / 2));
    if is_due {
        let measured = session.pictures.measured();
        *base = Base::of(&measured, session.schema())?.map(Arc::new);
        drop(measured);
        if are_all_there {
            session.pictures.forget_rows();
        }
    }
    let Some(base) = base else { return Ok(()) };
    let (labelled, classes) = session.labelled();
    let snapshot = Snapshot::of(Request {
        base,
        labelled,
        classes,
        skipped: &session.skipped(),
        opinions: session.opinions(),
        orders: &ORDERS.map(|(_, order, most)| (order, most)),
        seed: session.seed,
    })?;
    session.learning.publish(snapshot, is_due);
    Ok(())
}
