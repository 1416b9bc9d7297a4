//! How far the work is, for whoever wants to show it.

/// Hears about work that takes a while. Called from one thread at a time.
pub trait Progress: Sync {
    /// A stretch of work begins: what is done, and how many times.
    fn begin(&self, what: &'static str, total: usize);
    /// One more is done.
    fn advance(&self);
    /// The stretch is over.
    fn end(&self);
}

impl dyn Progress + '_ {
    /// Does a stretch of work, which is over also where it fails.
    pub fn counted<T>(&self, what: &'static str, total: usize, work: impl FnOnce() -> T) -> T {
        self.begin(what, total);
        let outcome = work();
        self.end();
        outcome
    }
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _what: &'static str, _total: usize) {}
    fn advance(&self) {}
    fn end(&self) {}
}
