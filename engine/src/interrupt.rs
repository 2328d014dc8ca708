//! Whether an answer is still wanted: asked between the stages of long work, and within them every few hundred steps.
//!
//! - Changes no answer: work that is not interrupted gives the same bytes whether it could have been or not.
//! - Reads a clock only where it was given a deadline, and only to compare with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Steps of a loop between two questions: some 100 µs of looking at people, against 50 ns for the question.
pub const STEPS_PER_CHECK: usize = 256;

/// What may end work early: whoever asked no longer wants the answer, or its time is up. Clones are one and the same.
#[derive(Clone, Debug)]
pub struct Interrupt {
    /// `None`: nobody can raise it.
    is_raised: Option<Arc<AtomicBool>>,
    deadline: Option<Instant>,
}

/// Why work ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Interrupted {
    /// Nobody wants the answer any more.
    #[error("interrupted: nobody waits for the answer any more")]
    Abandoned,
    /// The deadline has passed.
    #[error("interrupted: the time is up")]
    TimeIsUp,
}

/// Raises an interrupt when it is dropped, however that comes about.
#[derive(Debug)]
pub struct RaisedOnDrop(Interrupt);

impl Interrupt {
    /// Ends nothing.
    pub const NEVER: Self = Self {
        is_raised: None,
        deadline: None,
    };

    /// Ends work once it is raised.
    #[must_use]
    pub fn new() -> Self {
        Self {
            is_raised: Some(Arc::default()),
            deadline: None,
        }
    }

    /// Ends work once it is raised, or at `deadline`.
    #[must_use]
    pub fn at(deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..Self::new()
        }
    }

    /// When the time is up; `None`: never.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Ends the work that asks, in whatever thread. [`Self::NEVER`] stays as it is.
    pub fn raise(&self) {
        if let Some(is_raised) = &self.is_raised {
            is_raised.store(true, Ordering::Relaxed);
        }
    }

    /// Has it raised at the end of a scope: by a return, a panic, or because a future was dropped.
    #[must_use]
    pub fn raised_on_drop(&self) -> RaisedOnDrop {
        RaisedOnDrop(self.clone())
    }

    /// Whether to go on.
    ///
    /// # Errors
    ///
    /// [`Interrupted`] with the reason; being abandoned comes before the time.
    pub fn check(&self) -> Result<(), Interrupted> {
        // Nothing but the flag itself is handed from one thread to another.
        let is_raised = self.is_raised.as_ref();
        if is_raised.is_some_and(|is_raised| is_raised.load(Ordering::Relaxed)) {
            return Err(Interrupted::Abandoned);
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Interrupted::TimeIsUp);
        }
        Ok(())
    }

    /// Whether to go on with the step `idx` of a loop: asked in the first of every [`STEPS_PER_CHECK`].
    ///
    /// # Errors
    ///
    /// Those of [`Self::check`].
    pub fn check_at(&self, idx: usize) -> Result<(), Interrupted> {
        if idx.is_multiple_of(STEPS_PER_CHECK) {
            self.check()
        } else {
            Ok(())
        }
    }
}

impl Default for Interrupt {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for RaisedOnDrop {
    fn drop(&mut self) {
        self.0.raise();
    }
}

/// Does work that may be interrupted where nobody interrupts it.
pub fn uninterrupted<T>(work: impl FnOnce(&Interrupt) -> Result<T, Interrupted>) -> T {
    match work(&Interrupt::NEVER) {
        Ok(answer) => answer,
        Err(reason) => unreachable!("what is never raised and has no deadline ended work: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn work_goes_on_until_the_flag_is_raised_in_any_clone() {
        let interrupt = Interrupt::new();
        assert_eq!(interrupt.check(), Ok(()));
        interrupt.clone().raise();
        assert_eq!(interrupt.check(), Err(Interrupted::Abandoned));
        assert_eq!(interrupt.check_at(0), Err(Interrupted::Abandoned));
        assert_eq!(interrupt.check_at(1), Ok(()));
        assert_eq!(interrupt.check_at(STEPS_PER_CHECK), Err(Interrupted::Abandoned));
    }

    #[test]
    fn a_deadline_that_has_come_is_told_from_one_that_has_not() {
        let now = Instant::now();
        assert_eq!(Interrupt::at(now).check(), Err(Interrupted::TimeIsUp));
        assert_eq!(Interrupt::at(now + Duration::from_secs(3_600)).check(), Ok(()));
    }

    #[test]
    fn the_end_of_a_scope_raises_it_a_panic_too() {
        let interrupt = Interrupt::new();
        let guarded = interrupt.clone();
        let panicked = std::panic::catch_unwind(move || {
            let _guard = guarded.raised_on_drop();
            assert!(std::hint::black_box(false), "the panic's own words");
        });
        assert!(panicked.is_err());
        assert_eq!(interrupt.check(), Err(Interrupted::Abandoned));
    }

    #[test]
    fn nothing_raises_what_never_ends() {
        let never = Interrupt::NEVER;
        never.raise();
        drop(never.raised_on_drop());
        assert_eq!(never.check(), Ok(()));
        assert_eq!(uninterrupted(|interrupt| interrupt.check().map(|()| 7)), 7);
    }
}
