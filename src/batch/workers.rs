//! Many files at once: the only place that knows rayon.
//!
//! Results come out in the order of the inputs through a window of bounded size: workers run ahead of
//! the slowest picture by at most that window, so memory grows neither with the number of pictures nor
//! with their order.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::batch::Interrupt;
use crate::error::{Error, Problem, Result};

/// Results that may wait for a slower one, for each worker.
const WINDOW_PER_JOB: usize = 16;

/// More threads than this cost more than they bring on any machine.
const MAX_JOBS: usize = 1024;

/// A number of workers.
#[derive(Debug)]
pub struct Workers {
    pool: ThreadPool,
    interrupt: Interrupt,
}

impl Workers {
    /// Starts workers, one for each core where `jobs` is 0, at most 1,024. They stop between two pieces
    /// of work once the interrupt is requested.
    ///
    /// # Errors
    /// [`Error::Setting`] where the system gives no threads.
    pub fn new(jobs: usize, interrupt: Interrupt) -> Result<Self> {
        let built = ThreadPoolBuilder::new().num_threads(jobs.min(MAX_JOBS)).build();
        let pool = built.map_err(|e| {
            let expected = "a number of threads that the system gives";
            Error::setting("jobs", Problem::new(expected, e.to_string(), "give less"))
        })?;
        Ok(Self { pool, interrupt })
    }

    /// How many there are.
    pub fn jobs(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// The request to stop that they listen to.
    pub fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// Does `work` on every item and hands each result to `take`, on the calling thread and in the order
    /// of the items.
    ///
    /// # Errors
    /// [`Error::Interrupted`] once the interrupt is requested; the first error that `take` returns. Each worker
    /// finishes what it is working on, and its result is dropped; nothing else is begun.
    ///
    /// ```
    /// use textura::batch::Interrupt;
    /// use textura::batch::Workers;
    /// let workers = Workers::new(2, Interrupt::default())?;
    /// let mut squares = Vec::new();
    /// workers.in_order(0..5, |n| n * n, |square| { squares.push(square); Ok(()) })?;
    /// assert_eq!(squares, [0, 1, 4, 9, 16]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn in_order<I, T>(
        &self,
        items: impl IntoIterator<Item = I>,
        work: impl Fn(I) -> T + Sync,
        mut take: impl FnMut(T) -> Result<()>,
    ) -> Result<()>
    where
        I: Send,
        T: Send,
    {
        let window = WINDOW_PER_JOB * self.jobs();
        let mut items = items.into_iter();
        let work = &work;
        let over = AtomicBool::new(false);
        let is_over = || over.load(Ordering::Relaxed) || self.interrupt.is_requested();
        let is_over = &is_over;
        self.pool.in_place_scope_fifo(|scope| {
            // However the loop below ends, work that waits for a thread is not begun.
            let _ending = Ending(&over);
            let (sender, receiver) = mpsc::channel();
            // Results that have not been taken yet, from the next one on; `None` is still being worked on.
            let mut waiting: VecDeque<Option<T>> = VecDeque::new();
            let mut n_taken = 0;
            loop {
                self.interrupt.check()?;
                while waiting.len() < window
                    && let Some(item) = items.next()
                {
                    let sender = sender.clone();
                    let at = n_taken + waiting.len();
                    waiting.push_back(None);
                    scope.spawn_fifo(move |_| {
                        let work = || (!is_over()).then(|| work(item));
                        let outcome = catch_unwind(AssertUnwindSafe(work));
                        // Nobody listens any more after an error; the result is not needed then.
                        let _ = sender.send((at, outcome));
                    });
                }
                if waiting.is_empty() {
                    return Ok(());
                }
                // `sender` is alive, so there is always something to wait for.
                let Ok((at, outcome)) = receiver.recv() else { return Ok(()) };
                match outcome {
                    Ok(Some(result)) => waiting[at - n_taken] = Some(result),
                    // It came to nothing since an interrupt was requested.
                    Ok(None) => return Err(Error::Interrupted),
                    Err(panic) => resume_unwind(panic),
                }
                while let Some(Some(result)) = waiting.front_mut().map(Option::take) {
                    waiting.pop_front();
                    n_taken += 1;
                    take(result)?;
                }
            }
        })
    }
}

/// Says that it is over when it is dropped.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
