//! Who may go on, who may wait for it and for how long, and who is told at once that there is too much to do.
//!
//! - Nothing grows: what is beyond the places and the queue is refused, and so is whoever has waited long enough.
//! - A place comes back when it is dropped: by a return, a panic, a future that nobody polls any more.
//! - First come, first served; nobody is preferred.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use okaeri_engine::interrupt::Interrupt;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

/// So many places, and a queue in front of them.
#[derive(Debug)]
pub struct Admission {
    places: Arc<Semaphore>,
    n_places: usize,
    queue: Arc<Semaphore>,
    queue_max: usize,
    patience: Duration,
    n_refused: AtomicU64,
}

/// Somebody's place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

/// There is no place, and none came free in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too much to do at once; try again in a few seconds")]
pub struct Overloaded;

/// How much there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Places that are taken.
    pub n_executing: usize,
    /// How many wait for one.
    pub n_waiting: usize,
    /// How many were refused since the start.
    pub n_refused: u64,
}

impl Admission {
    /// Nobody is there yet.
    ///
    /// - `n_places`: how many go on at once, at least one
    /// - `queue_max`: how many wait at most
    /// - `patience`: for how long each of them waits at most
    #[must_use]
    pub fn new(n_places: usize, queue_max: usize, patience: Duration) -> Self {
        let n_places = n_places.clamp(1, Semaphore::MAX_PERMITS);
        let queue_max = queue_max.min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(n_places)),
            n_places,
            queue: Arc::new(Semaphore::new(queue_max)),
            queue_max,
            patience,
            n_refused: AtomicU64::new(0),
        }
    }

    /// A place: at once, or after waiting for it.
    ///
    /// # Errors
    ///
    /// [`Overloaded`], which is counted: at once where the queue is full, and otherwise after the time for waiting.
    pub async fn enter(&self) -> Result<Place, Overloaded> {
        let entered = self.try_enter().await;
        if entered.is_err() {
            self.n_refused.fetch_add(1, Ordering::Relaxed);
        }
        entered
    }

    /// A place, however often it has to be asked for; for what is not lost by being late. Whoever asks like this stands in
    /// no queue between two attempts.
    ///
    /// - `pause`: the time between them
    pub async fn enter_some_time(&self, pause: Duration) -> Place {
        loop {
            if let Ok(place) = self.try_enter().await {
                return place;
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn try_enter(&self) -> Result<Place, Overloaded> {
        // Who waits already comes first: a place that comes free is theirs and not seen here.
        if let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(Place { _permit: permit });
        }
        let _in_queue = self.queue.try_acquire().map_err(|_| Overloaded)?;
        let waited = tokio::time::timeout(self.patience, Arc::clone(&self.places).acquire_owned()).await;
        match waited {
            Ok(Ok(permit)) => Ok(Place { _permit: permit }),
            // Nobody closes the semaphore.
            Ok(Err(_)) | Err(_) => Err(Overloaded),
        }
    }

    /// How much there is to do now.
    #[must_use]
    pub fn load(&self) -> Load {
        Load {
            n_executing: self.n_places - self.places.available_permits(),
            n_waiting: self.queue_max - self.queue.available_permits(),
            n_refused: self.n_refused.load(Ordering::Relaxed),
        }
    }

    /// Whole seconds after which it is worth trying again, at least one: by then, everybody who waits now has had their
    /// turn or was refused.
    #[must_use]
    pub fn retry_after_s(&self) -> u64 {
        u64::try_from(self.patience.as_millis().div_ceil(1_000))
            .unwrap_or(u64::MAX)
            .max(1)
    }
}

/// One execution of an operation, or of a live view's answer to a change: what ends it early, and what it holds.
#[derive(Debug)]
pub struct Execution {
    /// Raised when nobody waits for the answer any more; its deadline is the execution's.
    pub interrupt: Interrupt,
    /// Among the operations that compute, once it does: one for all the fields that do.
    seat: OnceCell<Result<Place, Overloaded>>,
}

impl Execution {
    /// One that has computed nothing yet.
    #[must_use]
    pub fn new(interrupt: Interrupt) -> Self {
        Self {
            interrupt,
            seat: OnceCell::new(),
        }
    }

    /// Makes sure of a seat, which is kept until the execution is dropped. Who was refused once stays so: the answer has an
    /// error anyway.
    ///
    /// # Errors
    ///
    /// [`Overloaded`].
    pub async fn take_seat(&self, seats: &Admission) -> Result<(), Overloaded> {
        let seat = self.seat.get_or_init(|| seats.enter()).await;
        seat.as_ref().map(|_| ()).map_err(|overloaded| *overloaded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than any test.
    const FOR_EVER: Duration = Duration::from_secs(3_600);

    fn load(n_executing: usize, n_waiting: usize, n_refused: u64) -> Load {
        Load {
            n_executing,
            n_waiting,
            n_refused,
        }
    }

    /// Lets others run until so many wait.
    async fn until_waiting(admission: &Admission, n: usize) {
        while admission.load().n_waiting != n {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn places_fill_then_the_queue_and_then_everybody_is_refused_at_once() {
        let admission = Arc::new(Admission::new(2, 1, FOR_EVER));
        let first = admission.enter().await.unwrap();
        let second = admission.enter().await.unwrap();
        let waiter = Arc::clone(&admission);
        let waiting = tokio::spawn(async move { waiter.enter().await });
        until_waiting(&admission, 1).await;
        assert_eq!(admission.enter().await.unwrap_err(), Overloaded);
        assert_eq!(admission.load(), load(2, 1, 1));

        drop(first);
        let third = waiting.await.unwrap().unwrap();
        assert_eq!(admission.load(), load(2, 0, 1));
        drop((second, third));
        assert_eq!(admission.load(), load(0, 0, 1));
    }

    #[tokio::test]
    async fn whoever_has_waited_long_enough_is_refused() {
        let admission = Admission::new(1, 1, Duration::from_millis(1));
        let _place = admission.enter().await.unwrap();
        assert_eq!(admission.enter().await.unwrap_err(), Overloaded);
        assert_eq!(admission.load(), load(1, 0, 1));
    }

    #[tokio::test]
    async fn a_place_comes_back_after_a_panic_and_after_a_future_that_was_dropped() {
        let admission = Arc::new(Admission::new(1, 1, FOR_EVER));
        let holder = Arc::clone(&admission);
        let panicked = tokio::spawn(async move {
            let _place = holder.enter().await.unwrap();
            assert!(std::hint::black_box(false), "the panic's own words");
        });
        assert!(panicked.await.unwrap_err().is_panic());
        assert_eq!(admission.load(), load(0, 0, 0));

        let holder = Arc::clone(&admission);
        let held = tokio::spawn(async move {
            let _place = holder.enter().await.unwrap();
            std::future::pending::<()>().await;
        });
        while admission.load().n_executing == 0 {
            tokio::task::yield_now().await;
        }
        let waiter = Arc::clone(&admission);
        let waiting = tokio::spawn(async move { waiter.enter().await });
        until_waiting(&admission, 1).await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(admission.load(), load(1, 0, 0));
        held.abort();
        assert!(held.await.unwrap_err().is_cancelled());
        assert_eq!(admission.load(), load(0, 0, 0));
        assert!(admission.enter().await.is_ok());
    }

    #[tokio::test]
    async fn what_may_be_late_gets_a_place_in_the_end_and_counts_as_no_refusal() {
        let admission = Arc::new(Admission::new(1, 0, FOR_EVER));
        let place = admission.enter().await.unwrap();
        let late = Arc::clone(&admission);
        let entered = tokio::spawn(async move { late.enter_some_time(Duration::from_millis(1)).await });
        tokio::task::yield_now().await;
        drop(place);
        entered.await.unwrap();
        assert_eq!(admission.load(), load(0, 0, 0));
    }

    #[tokio::test]
    async fn an_execution_has_one_seat_for_all_it_computes_and_leaves_it_when_it_ends() {
        let seats = Admission::new(1, 0, FOR_EVER);
        let one = Execution::new(Interrupt::new());
        assert_eq!(one.take_seat(&seats).await, Ok(()));
        assert_eq!(one.take_seat(&seats).await, Ok(()));
        let other = Execution::new(Interrupt::new());
        assert_eq!(other.take_seat(&seats).await, Err(Overloaded));
        assert_eq!(other.take_seat(&seats).await, Err(Overloaded));
        assert_eq!(seats.load(), load(1, 0, 1));
        drop(one);
        assert_eq!(Execution::new(Interrupt::new()).take_seat(&seats).await, Ok(()));
    }

    #[test]
    fn it_is_worth_trying_again_after_whole_seconds() {
        let after = |ms| Admission::new(1, 1, Duration::from_millis(ms)).retry_after_s();
        assert_eq!([after(0), after(1), after(1_000), after(1_001)], [1, 1, 1, 2]);
    }
}
