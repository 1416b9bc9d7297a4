use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{WINDOW_PER_JOB, Workers};
use crate::batch::Interrupt;
use crate::error::{Error, Problem};

#[test]
fn results_come_in_order_however_long_each_takes() {
    let workers = Workers::new(2, Interrupt::default()).unwrap();
    let mut taken = Vec::new();
    let work = |n: u64| {
        std::thread::sleep(Duration::from_micros(n * 7919 % 500));
        n
    };
    workers
        .in_order(0..500, work, |n| {
            taken.push(n);
            Ok(())
        })
        .unwrap();
    assert_eq!(taken, (0..500).collect::<Vec<_>>());
}

#[test]
fn workers_run_ahead_by_no_more_than_the_window() {
    let workers = Workers::new(2, Interrupt::default()).unwrap();
    let started = AtomicUsize::new(0);
    let mut taken = 0;
    workers
        .in_order(
            0..300,
            |_| started.fetch_add(1, Ordering::SeqCst),
            |_| {
                taken += 1;
                let ahead = started.load(Ordering::SeqCst) - taken;
                assert!(ahead <= 2 * WINDOW_PER_JOB, "{ahead} ahead");
                Ok(())
            },
        )
        .unwrap();
    assert_eq!(taken, 300);
}

#[test]
fn an_error_of_the_taker_ends_the_run() {
    let workers = Workers::new(2, Interrupt::default()).unwrap();
    let error = workers.in_order(
        0..1000,
        |n| n,
        |n| if n < 10 { Ok(()) } else { Err(Error::data("ten", Problem::new("a", "b", "c"))) },
    );
    assert_eq!(error.unwrap_err().to_string(), "ten: expected a, found b; c");
}

#[test]
fn an_interrupt_ends_the_run() {
    let interrupt = Interrupt::default();
    let workers = Workers::new(2, interrupt.clone()).unwrap();
    let mut taken = 0;
    let result = workers.in_order(
        0..,
        |n: u32| n,
        |_| {
            taken += 1;
            if taken == 5 {
                interrupt.request();
            }
            Ok(())
        },
    );
    assert!(matches!(result, Err(Error::Interrupted)));
}

#[test]
#[should_panic(expected = "work failed")]
fn a_panic_of_the_work_reaches_the_caller() {
    let workers = Workers::new(1, Interrupt::default()).unwrap();
    let _ = workers.in_order(0..10, |n| assert!(n != 3, "work failed"), |()| Ok(()));
}

/// How many pieces of work were begun until a run ended, of which the first is asked to end it.
fn n_begun(jobs: usize, interrupt: &Interrupt, by_interrupt: bool) -> usize {
    let workers = Workers::new(jobs, interrupt.clone()).unwrap();
    let begun = AtomicUsize::new(0);
    let work = |_: usize| {
        let at = begun.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        if by_interrupt && at == 0 {
            interrupt.request();
        }
    };
    let full = || Err(Error::data("disk", Problem::new("room", "none", "make room")));
    let outcome = workers.in_order(0..100, work, |()| if by_interrupt { Ok(()) } else { full() });
    assert_eq!(matches!(outcome, Err(Error::Interrupted)), by_interrupt);
    begun.load(Ordering::SeqCst)
}

#[test]
fn nothing_is_begun_once_the_run_is_to_end() {
    for jobs in [1, 2] {
        for by_interrupt in [true, false] {
            let n_begun = n_begun(jobs, &Interrupt::default(), by_interrupt);
            // What each worker had in hand, and what it took while the end became known.
            assert!(n_begun <= 3 * jobs, "{jobs} {by_interrupt}: {n_begun}");
        }
    }
}
