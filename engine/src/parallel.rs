//! Work on many of the same kind, on all processors. What comes out does not depend on how many there are.

use std::ops::Range;
use std::sync::OnceLock;
use std::thread;

/// Splits `0..len` into stretches of at least `min` and works on them at once; the results are in the order of the
/// stretches.
///
/// # Panics
///
/// Where `work` does.
pub(crate) fn over<T: Send>(len: usize, min: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let n_threads = n_processors().min(len / min.max(1)).max(1);
    let n_each = len.div_ceil(n_threads).max(1);
    let stretch = |idx: usize| (idx * n_each).min(len)..((idx + 1) * n_each).min(len);
    if n_threads == 1 {
        return vec![work(0..len)];
    }
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = (1..n_threads)
            .map(|idx| scope.spawn(move || work(stretch(idx))))
            .collect();
        let mut results = vec![work(stretch(0))];
        for other in others {
            results.push(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        results
    })
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
            let all: Vec<usize> = over(len, min, |stretch| stretch.collect::<Vec<_>>()).concat();
            assert_eq!(all, (0..len).collect::<Vec<_>>(), "{len} by {min}");
        }
    }
}
