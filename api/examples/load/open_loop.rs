//! Requests that are sent when they are due.
//!
//! - The time of an answer counts from when its request was due. A client that waits for an answer before it asks again
//!   would leave out exactly those requests that would have waited (coordinated omission).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::figures::Timed;

/// Requests that wait for an answer at most: each holds a socket, and processes may usually open some thousand files. What
/// is due beyond is not sent and counts as an error.
const IN_FLIGHT_MAX: usize = 2_000;

/// How many requests, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Requests a second, above 0.
    pub(crate) rate: f64,
    /// How long requests are sent that do not count.
    pub(crate) warm_up: Duration,
    /// How long requests are sent that count.
    pub(crate) lasts: Duration,
}

impl Plan {
    /// When the `n`-th request is due, from the beginning on: at even distances.
    fn due(self, n: usize) -> Duration {
        Duration::from_secs_f64(n as f64 / self.rate)
    }

    /// How many requests do not count.
    pub(crate) fn n_warm_up(self) -> usize {
        (self.rate * self.warm_up.as_secs_f64()).round() as usize
    }

    /// How many requests are sent, at least one that counts.
    pub(crate) fn n_requests(self) -> usize {
        self.n_warm_up() + ((self.rate * self.lasts.as_secs_f64()).round() as usize).max(1)
    }
}

/// What became of one request.
struct Sample {
    ended_at: Instant,
    took: Duration,
    outcome: Result<(), String>,
}

/// Sends requests as planned; `send` makes the `n`-th and answers with a code where it went wrong.
pub(crate) async fn run<F, R>(what: &'static str, plan: Plan, send: F) -> Timed
where
    F: Fn(usize) -> R + Send + 'static,
    R: Future<Output = Result<(), String>> + Send + 'static,
{
    let (sender, mut samples) = mpsc::unbounded_channel::<Sample>();
    let runtime = Handle::current();
    let n_in_flight = Arc::new(AtomicUsize::new(0));
    // A thread of its own: the runtime's timers tick in milliseconds, which would count as the server's time.
    let pacer = tokio::task::spawn_blocking(move || {
        let started_at = Instant::now();
        for n in 0..plan.n_requests() {
            let due_at = started_at + plan.due(n);
            std::thread::sleep(due_at.saturating_duration_since(Instant::now()));
            let counts = n >= plan.n_warm_up();
            if n_in_flight.load(Ordering::Relaxed) >= IN_FLIGHT_MAX {
                if counts {
                    let outcome = Err("NOT_SENT".to_owned());
                    let _ = sender.send(Sample::new(due_at, outcome));
                }
                continue;
            }
            n_in_flight.fetch_add(1, Ordering::Relaxed);
            let (sender, n_in_flight) = (sender.clone(), Arc::clone(&n_in_flight));
            let request = send(n);
            runtime.spawn(async move {
                let outcome = request.await;
                n_in_flight.fetch_sub(1, Ordering::Relaxed);
                if counts {
                    let _ = sender.send(Sample::new(due_at, outcome));
                }
            });
        }
        started_at + plan.due(plan.n_warm_up())
    });
    let mut took = Vec::new();
    let mut errors = BTreeMap::new();
    let mut last_at = None;
    // Ends once the pacer and the last request are done.
    while let Some(sample) = samples.recv().await {
        last_at = last_at.max(Some(sample.ended_at));
        match sample.outcome {
            Ok(()) => took.push(sample.took),
            Err(code) => *errors.entry(code).or_default() += 1,
        }
    }
    let first_due_at = pacer.await.expect("the pacer does not panic");
    took.sort_unstable();
    let lasted = last_at.map_or(plan.lasts, |last_at| {
        last_at.saturating_duration_since(first_due_at)
    });
    Timed {
        what,
        rate: plan.rate,
        // At least as long as requests were sent, or quick answers would exceed the rate.
        reached: took.len() as f64 / lasted.max(plan.lasts).as_secs_f64(),
        took,
        errors,
        resident_bytes: None,
    }
}

impl Sample {
    fn new(due_at: Instant, outcome: Result<(), String>) -> Self {
        let ended_at = Instant::now();
        Self {
            ended_at,
            took: ended_at.saturating_duration_since(due_at),
            outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_due_at_even_distances_and_those_of_the_warm_up_do_not_count() {
        let plan = Plan {
            rate: 4.0,
            warm_up: Duration::from_secs(2),
            lasts: Duration::from_secs(3),
        };
        assert_eq!((plan.n_warm_up(), plan.n_requests()), (8, 20));
        assert_eq!(plan.due(6), Duration::from_millis(1_500));
        let slow = Plan { rate: 0.1, ..plan };
        assert_eq!((slow.n_warm_up(), slow.n_requests()), (0, 1));
    }

    #[tokio::test]
    async fn every_request_is_sent_although_none_is_answered_before_the_last() {
        let plan = Plan {
            rate: 10_000.0,
            warm_up: Duration::from_millis(1),
            lasts: Duration::from_millis(3),
        };
        // Each waits for all: a client that waited for answers would wait for ever.
        let all = Arc::new(tokio::sync::Barrier::new(plan.n_requests()));
        let timed = run("all", plan, move |n| {
            let all = Arc::clone(&all);
            async move {
                all.wait().await;
                if n % 2 == 0 { Ok(()) } else { Err("ODD".to_owned()) }
            }
        })
        .await;
        assert_eq!(timed.took.len(), 15);
        assert_eq!(timed.errors, BTreeMap::from([("ODD".to_owned(), 15)]));
    }
}
