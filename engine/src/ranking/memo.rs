//! What was computed and holds until a profile changes: who looks at a role looks again, and colleagues look at the same one.
//!
//! - The time of an answer tells nobody who excludes them: sums and features are of a person's texts alone, whoever asks, and
//!   hard rules are asked anew each time; explanations are kept for each reader apart.
//! - An answer with it is, to the bit, the answer there would be without.
//! - Nothing here outlives the profiles it was computed from: whoever changes one forgets all of it
//!   ([`Pool`](super::Pool)).

use std::collections::HashMap;
use std::mem::size_of;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use ndarray::{Array1, Axis, s};

use super::market::Contention;
use super::pool::Slot;
use super::retrieve::greatest;
use super::{ExplainRequest, Language, MatchExplanation, Model, Pool, Reading, SCORED_MAX, Side, today};
use crate::domain::{AlumnusId, Asker, OpportunityId};
use crate::features::{FeatureId, FeatureMatrix, FeatureRow, Query, extract_unless};
use crate::interrupt::{Interrupt, Interrupted};

/// What was computed for one opportunity.
#[derive(Debug, Default)]
pub(super) struct Memo {
    most_said: Mutex<Option<Arc<MostSaid>>>,
    scored: Mutex<Option<Arc<Scored>>>,
}

impl Memo {
    /// Who says most of what is asked for by this model, if that is known.
    pub(super) fn most_said(&self, model: &Model) -> Option<Arc<MostSaid>> {
        let known = lock(&self.most_said).clone();
        known.filter(|known| known.weights == *model.weights())
    }

    pub(super) fn keep_most_said(&self, most_said: MostSaid) {
        *lock(&self.most_said) = Some(Arc::new(most_said));
    }

    /// The features of people, each of whom has a profile, in the order of `slots`: of those who were scored on this day
    /// as they were, of the others extracted.
    ///
    /// # Errors
    ///
    /// [`Interrupted`].
    pub(super) fn features(
        &self,
        interrupt: &Interrupt,
        (pool, query): (&Pool, &Query<'_>),
        slots: &[Slot],
        now: DateTime<Utc>,
    ) -> Result<Arc<FeatureMatrix>, Interrupted> {
        interrupt.check()?;
        let on = today(now);
        let extract = |slots: &[Slot]| extract_unless(interrupt, &pool.subjects(slots), query, now);
        let Some(known) = lock(&self.scored).clone().filter(|known| known.on == on) else {
            let features = Arc::new(extract(slots)?);
            self.keep_scored(Scored::new(on, slots, Arc::clone(&features)));
            return Ok(features);
        };
        // Also where the same people were scored the last time: that nobody else was would be told by the time.
        let missing = known.missing_of(slots);
        if missing.is_empty() {
            return Ok(Arc::new(known.of(slots)));
        }
        let all = known.with(&missing, &extract(&missing)?);
        let features = Arc::new(all.of(slots));
        self.keep_scored(if all.rows.len() <= SCORED_KEPT_MAX {
            all
        } else {
            Scored::new(on, slots, Arc::clone(&features))
        });
        Ok(features)
    }

    fn keep_scored(&self, scored: Scored) {
        *lock(&self.scored) = Some(Arc::new(scored));
    }

    /// About how many bytes of memory it takes.
    pub(super) fn memory_bytes(&self) -> u64 {
        let n_sums = lock(&self.most_said).as_ref().map_or(0, |known| known.sums.len());
        let n_scored = lock(&self.scored).as_ref().map_or(0, |scored| scored.rows.len());
        let of_one = size_of::<FeatureRow>() + size_of::<(Slot, usize)>();
        (n_sums * size_of::<(f32, Slot)>() + n_scored * of_one) as u64
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who says most of what is asked for, of everybody with a profile.
#[derive(Debug)]
pub(super) struct MostSaid {
    /// By what the sums were weighed.
    weights: Array1<f64>,
    /// With their sums, ascending by place.
    sums: Vec<(f32, Slot)>,
    /// Whoever has a greater sum is among them; `None`: everybody is.
    above: Option<f32>,
}

impl MostSaid {
    /// - `everybody`: the greatest sums among people with a profile, as [`greatest`] chooses
    /// - `is_all`: whether nobody with a profile is missing there
    pub(super) fn new(model: &Model, mut everybody: Vec<(f32, Slot)>, is_all: bool) -> Self {
        let least = everybody
            .iter()
            .map(|(sum, _)| *sum)
            .fold(f32::INFINITY, f32::min);
        everybody.sort_unstable_by_key(|(_, slot)| *slot);
        Self {
            weights: model.weights().clone(),
            sums: everybody,
            above: (!is_all).then_some(least),
        }
    }

    /// The `max` greatest sums among `eligible`, as [`greatest`] chooses; `None` where these may not be among the kept.
    ///
    /// - `eligible`: ascending
    pub(super) fn among(&self, pool: &Pool, eligible: &[Slot], max: usize) -> Option<Vec<(f32, Slot)>> {
        let mut rest = eligible.iter().peekable();
        let mut is_eligible = |slot: Slot| {
            while rest.next_if(|eligible| **eligible < slot).is_some() {}
            rest.peek() == Some(&&slot)
        };
        let found = self.sums.iter().copied().filter(|(_, slot)| is_eligible(*slot));
        let chosen = greatest(pool, found.collect(), max);
        let least = chosen.iter().map(|(sum, _)| *sum).fold(f32::INFINITY, f32::min);
        let are_greatest = |above: f32| chosen.len() >= max && least > above;
        self.above.is_none_or(are_greatest).then_some(chosen)
    }
}

/// The people who were scored on a day, with their features.
#[derive(Debug)]
struct Scored {
    /// Features depend on it.
    on: NaiveDate,
    /// Which row is whose, ascending by place in the pool.
    rows: Vec<(Slot, usize)>,
    features: Arc<FeatureMatrix>,
}

/// Most people whose features are kept: twice as many as the longest list scores, 60 kB each five hundred.
const SCORED_KEPT_MAX: usize = 4 * SCORED_MAX;

impl Scored {
    /// - `features`: a row for each of `slots`
    fn new(on: NaiveDate, slots: &[Slot], features: Arc<FeatureMatrix>) -> Self {
        let mut rows: Vec<(Slot, usize)> = slots.iter().copied().zip(0..).collect();
        rows.sort_unstable();
        Self { on, rows, features }
    }

    fn row_of(&self, slot: Slot) -> Option<usize> {
        let idx = self.rows.binary_search_by_key(&slot, |(slot, _)| *slot).ok()?;
        Some(self.rows[idx].1)
    }

    fn missing_of(&self, slots: &[Slot]) -> Vec<Slot> {
        let slots = slots.iter().copied();
        slots.filter(|slot| self.row_of(*slot).is_none()).collect()
    }

    /// With other people.
    ///
    /// - `features`: a row for each of `slots`
    fn with(&self, slots: &[Slot], features: &FeatureMatrix) -> Self {
        let n_rows = self.features.nrows();
        let mut all = FeatureMatrix::zeros((n_rows + slots.len(), FeatureId::ALL.len()));
        all.slice_mut(s![..n_rows, ..]).assign(&self.features);
        all.slice_mut(s![n_rows.., ..]).assign(features);
        let mut rows = self.rows.clone();
        rows.extend(slots.iter().copied().zip(n_rows..));
        rows.sort_unstable();
        Self {
            on: self.on,
            rows,
            features: Arc::new(all),
        }
    }

    /// The features of people, each of whom was scored, in the order of `slots`.
    fn of(&self, slots: &[Slot]) -> FeatureMatrix {
        let rows: Vec<usize> = slots.iter().filter_map(|slot| self.row_of(*slot)).collect();
        self.features.select(Axis(0), &rows)
    }
}

/// Explanations as they were given, of any opportunity.
#[derive(Debug, Default)]
pub(super) struct Explanations(Mutex<HashMap<Explained, Arc<MatchExplanation>>>);

/// What an explanation takes with what it depends on, in bytes: the mean over the first page of a role of a seeded company,
/// which the example `speed` prints, and some hundred for the contributions.
const EXPLANATION_BYTES: u64 = 7_500;

impl Explanations {
    /// As it was given, if it was.
    pub(super) fn get(&self, explained: &Explained) -> Option<Arc<MatchExplanation>> {
        lock(&self.0).get(explained).cloned()
    }

    /// Keeps what was given, while all of it takes no more than `bytes_max`. Beyond, one is forgotten for each that comes.
    pub(super) fn keep(&self, explained: Explained, explanation: Arc<MatchExplanation>, bytes_max: u64) {
        let mut known = lock(&self.0);
        if (known.len() as u64 + 1) * EXPLANATION_BYTES > bytes_max
            && let Some(any) = known.keys().next().cloned()
        {
            known.remove(&any);
        }
        known.insert(explained, explanation);
    }

    pub(super) fn forget(&self) {
        lock(&self.0).clear();
    }

    /// About how many bytes of memory they take.
    pub(super) fn memory_bytes(&self) -> u64 {
        lock(&self.0).len() as u64 * EXPLANATION_BYTES
    }
}

/// What an explanation depends on, beside the profiles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Explained {
    opportunity_id: OpportunityId,
    /// Of its text.
    fingerprint: u64,
    alumnus_id: AlumnusId,
    reader: Option<Asker>,
    side: Side,
    language: Language,
    on: NaiveDate,
    contention: Option<Contention>,
    /// Bits of the base and of each contribution.
    computation: Vec<u64>,
}

impl Explained {
    pub(super) fn by(reading: Reading<'_>, request: &ExplainRequest<'_>) -> Self {
        let computation = std::iter::once(&request.base).chain(request.contributions);
        Self {
            opportunity_id: request.opportunity.opportunity.id,
            fingerprint: request.opportunity.fingerprint(),
            alumnus_id: reading.alumnus_id,
            reader: reading.reader.cloned(),
            side: request.side,
            language: request.language,
            on: today(request.now),
            contention: request.contention,
            computation: computation.map(|value| value.to_bits()).collect(),
        }
    }
}
