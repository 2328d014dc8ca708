//! What was decided about people who may be ranked or not, kept for whoever asks the same next: most opportunities of a
//! company ask for the same thing of everybody.
//!
//! - Kept for people whose standing is [plain](crate::domain::Standing::is_plain) alone. Whoever excludes anything or was
//!   asked to speak is decided about each time, which takes some microseconds with a long list of exclusions
//!   (`scripts/timing-safety`).
//! - A change of a person's standing forgets what was decided about them; another policy or another day asks anew.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::pool::Slot;
use crate::domain::{Ineligible, Screen, ScreenKey};

/// Most questions whose answers are kept, at a byte for each person: three kinds of opportunities on behalf of some
/// companies of a group. The one that was asked least recently goes first.
const COLUMNS_MAX: usize = 16;

/// Not decided yet, or not to be kept.
const UNKNOWN: u8 = u8::MAX;
/// May be ranked.
const ADMITTED: u8 = u8::MAX - 1;
/// Nobody who is ranked for anything: there is no profile, or no standing.
const ABSENT: u8 = u8::MAX - 2;

/// What is known about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Unknown,
    /// Has no profile or no standing.
    Absent,
    /// What [`Screen::judge`] says.
    Decided(Result<(), Ineligible>),
}

/// What one question found out, by slot.
#[derive(Debug, Default)]
pub(super) struct Column(Vec<AtomicU8>);

impl Column {
    fn unknown(n_slots: usize) -> Self {
        Self((0..n_slots).map(|_| AtomicU8::new(UNKNOWN)).collect())
    }

    /// What is known about whoever has a slot.
    pub(super) fn get(&self, slot: Slot) -> Verdict {
        // Each byte stands for itself: nothing else is read because of it.
        match self.0[slot as usize].load(Ordering::Relaxed) {
            UNKNOWN => Verdict::Unknown,
            ABSENT => Verdict::Absent,
            ADMITTED => Verdict::Decided(Ok(())),
            rule => Verdict::Decided(Err(Ineligible::ALL[usize::from(rule)])),
        }
    }

    /// Keeps what was decided about whoever has a slot: nobody, or somebody whose standing is plain.
    pub(super) fn keep(&self, slot: Slot, verdict: Verdict) {
        let byte = match verdict {
            Verdict::Unknown => UNKNOWN,
            Verdict::Absent => ABSENT,
            Verdict::Decided(Ok(())) => ADMITTED,
            Verdict::Decided(Err(rule)) => rule as u8,
        };
        self.0[slot as usize].store(byte, Ordering::Relaxed);
    }
}

/// What was found out by the questions that were asked last, most recent first.
#[derive(Debug, Default)]
pub(super) struct Verdicts(Mutex<Vec<(ScreenKey, Arc<Column>)>>);

impl Verdicts {
    /// What is known of the answers to a question; `None` for one that is not asked again.
    pub(super) fn of(&self, screen: &Screen<'_>, n_slots: usize) -> Option<Arc<Column>> {
        let mut known = self.known();
        if let Some(at) = known.iter().position(|(key, _)| key.is_of(screen)) {
            known[..=at].rotate_right(1);
        } else {
            let key = ScreenKey::of(screen)?;
            known.truncate(COLUMNS_MAX - 1);
            known.insert(0, (key, Arc::new(Column::unknown(n_slots))));
        }
        known.first().map(|(_, column)| Arc::clone(column))
    }

    /// Forgets what was decided about whoever has a slot, which may be a new one.
    pub(super) fn forget(&mut self, slot: Slot) {
        let known = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        known.retain_mut(|(_, column)| {
            // Whoever asks borrows the pool, so that nobody else holds a column now.
            let Some(Column(verdicts)) = Arc::get_mut(column) else {
                return false;
            };
            let n_slots = verdicts.len().max(slot as usize + 1);
            verdicts.resize_with(n_slots, || AtomicU8::new(UNKNOWN));
            *verdicts[slot as usize].get_mut() = UNKNOWN;
            true
        });
    }

    fn known(&self) -> MutexGuard<'_, Vec<(ScreenKey, Arc<Column>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Verdicts {
    /// A copy finds out for itself.
    fn clone(&self) -> Self {
        Self::default()
    }
}
