//! Work on many of the same kind, on all processors. What comes out does not depend on how many there are.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

/// Splits `0..len` into stretches of about `min` and more, and works on them at once; the results are in the order of the
/// stretches. Where the system has no thread to give, the caller's own does its work.
///
/// # Panics
///
/// Where `work` does.
pub fn over<T: Send>(len: usize, min: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let n_wanted = n_processors().min(len / min.max(1)).max(1);
    let n_each = len.div_ceil(n_wanted).max(1);
    let stretch = |idx: usize| (idx * n_each).min(len)..((idx + 1) * n_each).min(len);
    let n_stretches = len.div_ceil(n_each).max(1);
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = (1..n_stretches)
            .map(|idx| {
                let stretch = stretch(idx);
                let begun = thread::Builder::new().spawn_scoped(scope, {
                    let stretch = stretch.clone();
                    move || work(stretch)
                });
                (stretch, begun)
            })
            .collect();
        let mut results = vec![work(stretch(0))];
        for (stretch, begun) in others {
            results.push(match begun {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_) => work(stretch),
            });
        }
        results
    })
}

/// Works on each of many, at least `min` to a thread; the results are in their order.
///
/// # Panics
///
/// Where `work` does.
pub fn map<T: Sync, R: Send>(all: &[T], min: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let parts = over(all.len(), min, |stretch| {
        all[stretch].iter().map(&work).collect::<Vec<R>>()
    });
    parts.into_iter().flatten().collect()
}

fn n_processors() -> usize {
    static N: OnceLock<usize> = OnceLock::new();
    *N.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stretch_is_worked_on_once_and_in_order() {
        for (len, min) in [(0, 1), (1, 1), (5, 2), (1_000, 1), (1_000, 10_000)] {
            let all: Vec<usize> = (0..len).collect();
            let stretches = over(len, min, |stretch| stretch.collect::<Vec<usize>>());
            assert_eq!(stretches.concat(), all, "{len} by {min}");
            assert_eq!(map(&all, min, |n| *n), all, "{len} by {min}");
        }
    }
}
