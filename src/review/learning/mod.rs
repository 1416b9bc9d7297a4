//! What is learned beside the page, and who waits for it.

mod base;
mod opinion;
mod snapshot;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

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

    /// Ends the thread that learns.
    pub fn end(&self) {
        self.is_ended.store(true, Ordering::Release);
        self.notify();
    }

    /// Does some work that learns; the page hears that it is on, and why it failed.
    pub fn work(&self, work: impl FnOnce() -> Result<()>) {
        self.is_busy.store(true, Ordering::Release);
        let trouble = work().err().map(|error| error.to_string());
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        self.is_busy.store(false, Ordering::Release);
    }

    /// Replaces what was learned last.
    pub fn publish(&self, snapshot: Snapshot, is_new_order: bool) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(snapshot));
        self.version.fetch_add(1, Ordering::AcqRel);
        if is_new_order {
            self.order_version.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Waits for news; whether to go on.
    pub fn wait(&self) -> bool {
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
