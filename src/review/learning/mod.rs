//! Learning beside the page: after some labels, and as features arrive.

mod base;
mod opinion;
mod snapshot;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

use super::session::Session;
use crate::error::Result;
use crate::learn::asking::{AskOrder, LearningCurve, MoreLabels};
pub use base::Base;
pub use opinion::{Opinion, Opinions};
pub use snapshot::{Request, Snapshot, word};

/// What was learned last, and who is waiting for more.
#[derive(Debug, Default)]
pub struct Learning {
    snapshot: RwLock<Option<Arc<Snapshot>>>,
    /// How often something was learned.
    version: AtomicU64,
    /// How often the order by likeness was made.
    order_version: AtomicU64,
    is_busy: AtomicBool,
    is_ended: AtomicBool,
    /// Whether there is something to learn.
    news: Mutex<bool>,
    wake: Condvar,
    /// Why nothing can be learned, where that is so.
    trouble: Mutex<Option<String>>,
}

/// So many features at least make the first order; then whenever there are twice as many, and when all are there.
const FIRST_FEATURES: usize = 200;

/// The orders in which a model asks, and about how many pictures at most. Those of the first settle most together, and new
/// labels make others of them; the rest are as many as anybody looks through before the next label.
pub const ORDERS: [(&str, AskOrder, usize); 5] = [
    ("mixed", AskOrder::Mixed, 120),
    ("uncertain", AskOrder::Uncertain, 2000),
    ("unlike", AskOrder::Unlike, 2000),
    ("contradicted", AskOrder::Contradicted, 2000),
    ("random", AskOrder::Random, 2000),
];

/// Labels that come within this time are learned together.
const PAUSE: Duration = Duration::from_millis(120);

impl Learning {
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often something was learned, and how often the order by likeness was made.
    pub fn versions(&self) -> (u64, u64) {
        (self.version.load(Ordering::Acquire), self.order_version.load(Ordering::Acquire))
    }

    pub fn is_busy(&self) -> bool {
        self.is_busy.load(Ordering::Acquire)
    }

    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that labels or features have changed.
    pub fn notify(&self) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_one();
    }

    /// Ends [`run`].
    pub fn end(&self) {
        self.is_ended.store(true, Ordering::Release);
        self.notify();
    }

    fn publish(&self, snapshot: Snapshot, is_new_order: bool) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(snapshot));
        self.version.fetch_add(1, Ordering::AcqRel);
        if is_new_order {
            self.order_version.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Waits for news; whether to go on.
    fn wait(&self) -> bool {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        while !*news {
            news = self.wake.wait(news).unwrap_or_else(PoisonError::into_inner);
        }
        drop(news);
        std::thread::sleep(PAUSE);
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = false;
        !self.is_ended.load(Ordering::Acquire)
    }
}

/// Learns whenever there is something new, until [`Learning::end`].
pub fn run(session: &Session) {
    let learning = &session.learning;
    let mut base: Option<Arc<Base>> = None;
    while learning.wait() {
        learning.is_busy.store(true, Ordering::Release);
        let trouble = step(session, &mut base).err().map(|error| error.to_string());
        *learning.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        learning.is_busy.store(false, Ordering::Release);
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

/// Whether more labels help, as one word and in a sentence.
pub fn verdict(curve: &LearningCurve) -> (&'static str, &'static str) {
    match curve.more {
        MoreLabels::TooFew => {
            ("too_few", "There are too few labels yet to say how good the model is.")
        }
        MoreLabels::Help => {
            ("more_help", "More labels still help: the second half of them made the model better.")
        }
        MoreLabels::HelpLittle => (
            "enough",
            "More labels help little: the second half of them changed the accuracy by less than two points.",
        ),
        MoreLabels::Unclear => {
            ("more_help", "More labels may help: it is not clear yet whether the last ones did.")
        }
    }
}
