//! Where rankings, feeds, searches and explanations are computed: on threads of their own, few at once, so that reading a
//! record does not wait behind them.
//!
//! - A thread that was begun ends soon after its execution: it asks ([`Interrupt`]), and until it has ended it counts.
//! - How many operations compute or wait for it is bounded by their seats ([`Execution::take_seat`]), however many fields of
//!   one do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use okaeri_engine::interrupt::{Interrupt, Interrupted};
use okaeri_engine::ranking::Model;
use tokio::sync::Semaphore;

use crate::admission::{Admission, Execution, Load, Overloaded};
use crate::config::Limits;
use crate::fault::Fault;
use crate::projection::{CompanyProjection, run_blocking};

/// The threads that compute.
#[derive(Debug)]
pub struct Computing {
    threads: Arc<Semaphore>,
    n_threads: usize,
    n_waiting: AtomicUsize,
    seats: Admission,
    /// Companies whose calibrations are computed at once.
    calibrating: Arc<Semaphore>,
}

/// Counts somebody as waiting until it is dropped, also when nobody polls them any more.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn start(n_waiting: &'a AtomicUsize) -> Self {
        n_waiting.fetch_add(1, Ordering::Relaxed);
        Self(n_waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Computing {
    /// As many as the limits say.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let bounds = limits.bounds();
        let n_threads = bounds.computing.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            threads: Arc::new(Semaphore::new(n_threads)),
            n_threads,
            n_waiting: AtomicUsize::new(0),
            // Nobody waits for a seat, who would do so in a place of those who read records.
            seats: Admission::new(bounds.seats, 0, bounds.patience),
            // Each uses all cores that are free; rankings of others go on beside them.
            calibrating: Arc::new(Semaphore::new(n_threads.div_ceil(2))),
        }
    }

    /// Computes for an execution, off the async threads. Waits for a thread no longer than the execution's time.
    ///
    /// # Errors
    ///
    /// - [`Fault::Overloaded`]: too many operations compute or wait for it
    /// - [`Fault::Interrupted`]: the time is up, or nobody waits for the answer
    /// - whatever `work` ends with; a panic in it is a fault
    pub async fn run<T: Send + 'static>(
        &self,
        execution: &Execution,
        work: impl FnOnce(&Interrupt) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        execution.take_seat(&self.seats).await?;
        let interrupt = execution.interrupt.clone();
        let waiting = Waiting::start(&self.n_waiting);
        let acquire = Arc::clone(&self.threads).acquire_owned();
        let acquired = match interrupt.deadline() {
            Some(deadline) => tokio::time::timeout_at(deadline.into(), acquire)
                .await
                .map_err(|_| Interrupted::TimeIsUp)?,
            None => acquire.await,
        };
        // Nobody closes the semaphore.
        let thread = acquired.map_err(|_| Overloaded)?;
        drop(waiting);
        run_blocking(move || {
            let _thread = thread;
            interrupt.check()?;
            work(&interrupt)
        })
        .await?
    }

    /// Has the calibrations computed that a company's feeds lack, and waits no longer than the execution's time. It goes on
    /// after that, so that a later feed finds them; whoever else asks meanwhile waits without a thread.
    ///
    /// - `now`: the instant of the feed
    ///
    /// # Errors
    ///
    /// [`Fault::Overloaded`] as [`Self::run`], [`Fault::Interrupted`] when the time is up; a panic is a fault.
    pub async fn calibrate(
        &self,
        execution: &Execution,
        projection: &Arc<CompanyProjection>,
        model: &Arc<Model>,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        if projection.uncalibrated(now).is_empty() {
            return Ok(());
        }
        execution.take_seat(&self.seats).await?;
        let calibrated = async {
            let one_at_a_time = Arc::clone(&projection.calibrating).lock_owned().await;
            if projection.uncalibrated(now).is_empty() {
                return Ok(());
            }
            let place = Arc::clone(&self.calibrating).acquire_owned().await;
            // Nobody closes the semaphore.
            let place = place.map_err(|_| Overloaded)?;
            let (projection, model) = (Arc::clone(projection), Arc::clone(model));
            // The thread holds both, and not whoever waits for it.
            run_blocking(move || {
                let _held = (one_at_a_time, place);
                projection.calibrate(&model, now);
            })
            .await
        };
        match execution.interrupt.deadline() {
            Some(deadline) => tokio::time::timeout_at(deadline.into(), calibrated)
                .await
                .map_err(|_| Interrupted::TimeIsUp)?,
            None => calibrated.await,
        }
    }

    /// How many threads compute, how much waits for one, and how many operations were refused.
    #[must_use]
    pub fn load(&self) -> Load {
        Load {
            n_executing: self.n_threads - self.threads.available_permits(),
            n_waiting: self.n_waiting.load(Ordering::Relaxed),
            n_refused: self.seats.load().n_refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn computing(executing: usize) -> Arc<Computing> {
        let limits = Limits {
            executing,
            computing: 1,
            ..Limits::default()
        };
        Arc::new(Computing::new(&limits))
    }

    /// Computes until it is told not to.
    fn endless(interrupt: &Interrupt) -> Result<(), Fault> {
        loop {
            interrupt.check()?;
            std::thread::yield_now();
        }
    }

    async fn until(is_so: impl Fn() -> bool) {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_thread_whose_execution_nobody_waits_for_ends_and_is_free_again() {
        let computing = computing(8);
        let (holder, interrupt) = (Arc::clone(&computing), Interrupt::new());
        let execution = Execution::new(interrupt.clone());
        let asked = tokio::spawn(async move {
            let _guard = execution.interrupt.raised_on_drop();
            holder.run(&execution, endless).await
        });
        until(|| computing.load().n_executing == 1).await;
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
        // The thread outlives the future, and ends because it asks.
        until(|| computing.load().n_executing == 0).await;
        let next = Execution::new(Interrupt::new());
        assert!(matches!(computing.run(&next, |_| Ok(7)).await, Ok(7)));
    }

    #[tokio::test]
    async fn whoever_waits_for_a_thread_waits_no_longer_than_their_time() {
        let computing = computing(8);
        let busy = Execution::new(Interrupt::new());
        let _guard = busy.interrupt.raised_on_drop();
        let holder = Arc::clone(&computing);
        let interrupt = busy.interrupt.clone();
        let asked = tokio::spawn(async move { holder.run(&busy, endless).await });
        until(|| computing.load().n_executing == 1).await;
        let late = Execution::new(Interrupt::at(Instant::now() + Duration::from_millis(1)));
        let ended = computing.run(&late, |_| Ok(())).await;
        assert!(
            matches!(ended, Err(Fault::Interrupted(Interrupted::TimeIsUp))),
            "{ended:?}"
        );
        assert_eq!(computing.load().n_waiting, 0);
        interrupt.raise();
        let ended = asked.await.unwrap();
        assert!(
            matches!(ended, Err(Fault::Interrupted(Interrupted::Abandoned))),
            "{ended:?}"
        );
    }

    #[tokio::test]
    async fn beyond_the_seats_an_operation_is_refused_and_a_panic_gives_the_thread_back() {
        let computing = computing(1);
        let seated = Execution::new(Interrupt::new());
        assert!(computing.run(&seated, |_| Ok(())).await.is_ok());
        let other = Execution::new(Interrupt::new());
        let refused = computing.run(&other, |_| Ok(())).await;
        assert!(matches!(refused, Err(Fault::Overloaded(_))), "{refused:?}");
        assert!(refused.unwrap_err().is_unavailable());
        assert_eq!(computing.load().n_refused, 1);

        let panicked = computing
            .run(&seated, |_| -> Result<(), Fault> {
                panic!("the panic's own words")
            })
            .await;
        assert!(matches!(panicked, Err(Fault::Broken(_))), "{panicked:?}");
        assert_eq!(computing.load().n_executing, 0);
        assert!(computing.run(&seated, |_| Ok(())).await.is_ok());
    }
}
