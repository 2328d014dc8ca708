//! What was computed and holds until a profile changes: who looks at a role looks again, and colleagues look at the same one.
//!
//! - Adds nothing to what the time of an answer tells of exclusions: sums are of everybody's texts, whoever asks; whom a list
//!   scored and what was explained are kept for each reader apart; and hard rules are asked anew each time.
//! - An answer with it is, to the bit, the answer there would be without.
//! - Nothing here outlives the profiles it was computed from: whoever changes one forgets all of it
//!   ([`Pool`](super::Pool)).

use std::collections::{HashMap, VecDeque};
use std::mem::size_of;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use ndarray::Array1;

use super::market::Contention;
use super::pool::Slot;
use super::retrieve::greatest;
use super::{ExplainRequest, Language, MatchExplanation, Model, Pool, Reading, Side, today};
use crate::domain::{AlumnusId, Asker, OpportunityId};
use crate::features::{FeatureId, FeatureMatrix, FeatureRow, Query, extract_unless};
use crate::interrupt::{Interrupt, Interrupted};

/// What was computed for one opportunity.
#[derive(Debug, Default)]
pub(super) struct Memo {
    most_said: Mutex<Option<Arc<MostSaid>>>,
    /// The last list of each reader; who read last stands last.
    scored: Mutex<VecDeque<(Asker, Arc<Scored>)>>,
}

/// Most readers of one opportunity whose last list is kept, at some 70 kB each: a hiring team.
const READERS_MAX: usize = 8;

impl Memo {
    /// Who says most of what is asked for by this model, if that is known.
    pub(super) fn most_said(&self, model: &Model) -> Option<Arc<MostSaid>> {
        let known = lock(&self.most_said).clone();
        known.filter(|known| known.weights == *model.weights())
    }

    pub(super) fn keep_most_said(&self, most_said: MostSaid) {
        *lock(&self.most_said) = Some(Arc::new(most_said));
    }

    /// The features of people, each of whom has a profile, in the order of `slots`: of those who were in the reader's last list
    /// of the day as they were then, of the others extracted.
    ///
    /// # Errors
    ///
    /// [`Interrupted`].
    pub(super) fn features(
        &self,
        interrupt: &Interrupt,
        (pool, query): (&Pool, &Query<'_>),
        slots: &[Slot],
        (reader, now): (&Asker, DateTime<Utc>),
    ) -> Result<Arc<FeatureMatrix>, Interrupted> {
        interrupt.check()?;
        let on = today(now);
        let extract = |slots: &[Slot]| extract_unless(interrupt, &pool.subjects(slots), query, now);
        let features = match self.last_list(reader).filter(|last| last.on == on) {
            Some(last) if last.slots == slots => return Ok(Arc::clone(&last.features)),
            Some(last) => last.completed(slots, extract)?,
            None => extract(slots)?,
        };
        let features = Arc::new(features);
        self.keep_list(reader, Scored::new(on, slots.to_vec(), Arc::clone(&features)));
        Ok(features)
    }

    fn last_list(&self, reader: &Asker) -> Option<Arc<Scored>> {
        let scored = lock(&self.scored);
        let found = scored.iter().find(|(whose, _)| whose == reader);
        found.map(|(_, scored)| Arc::clone(scored))
    }

    fn keep_list(&self, reader: &Asker, list: Scored) {
        let mut scored = lock(&self.scored);
        scored.retain(|(whose, _)| whose != reader);
        if scored.len() >= READERS_MAX {
            scored.pop_front();
        }
        scored.push_back((reader.clone(), Arc::new(list)));
    }

    /// About how many bytes of memory it takes.
    pub(super) fn memory_bytes(&self) -> u64 {
        let n_sums = lock(&self.most_said).as_ref().map_or(0, |known| known.sums.len());
        let n_scored: usize = lock(&self.scored).iter().map(|(_, list)| list.slots.len()).sum();
        let of_one = size_of::<FeatureRow>() + size_of::<(Slot, usize)>() + size_of::<Slot>();
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

/// Whom a list scored on a day, and what by.
#[derive(Debug)]
struct Scored {
    /// Features depend on it.
    on: NaiveDate,
    slots: Vec<Slot>,
    /// Which row is whose, ascending by place in the pool.
    rows: Vec<(Slot, usize)>,
    /// A row for each of `slots`.
    features: Arc<FeatureMatrix>,
}

impl Scored {
    fn new(on: NaiveDate, slots: Vec<Slot>, features: Arc<FeatureMatrix>) -> Self {
        let mut rows: Vec<(Slot, usize)> = slots.iter().copied().zip(0..).collect();
        rows.sort_unstable();
        Self {
            on,
            slots,
            rows,
            features,
        }
    }

    /// The features in the order of `slots`; `extract` gives those of the people who are not known.
    fn completed(
        &self,
        slots: &[Slot],
        extract: impl FnOnce(&[Slot]) -> Result<FeatureMatrix, Interrupted>,
    ) -> Result<FeatureMatrix, Interrupted> {
        let mut features = FeatureMatrix::zeros((slots.len(), FeatureId::ALL.len()));
        let (mut missing, mut places) = (Vec::new(), Vec::new());
        for (place, slot) in slots.iter().enumerate() {
            if let Ok(idx) = self.rows.binary_search_by_key(slot, |(slot, _)| *slot) {
                let known = self.features.row(self.rows[idx].1);
                features.row_mut(place).assign(&known);
            } else {
                missing.push(*slot);
                places.push(place);
            }
        }
        let extracted = extract(&missing)?;
        for (place, row) in places.iter().zip(extracted.rows()) {
            features.row_mut(*place).assign(&row);
        }
        Ok(features)
    }
}

/// Explanations as they were given, of any opportunity.
#[derive(Debug, Default)]
pub(super) struct Explanations(Mutex<Given>);

#[derive(Debug, Default)]
struct Given {
    of: HashMap<Explained, Arc<MatchExplanation>>,
    /// What all of it takes.
    bytes: u64,
    /// The latest day that was asked about.
    on: Option<NaiveDate>,
}

impl Explanations {
    /// As it was given, if it was.
    pub(super) fn get(&self, explained: &Explained) -> Option<Arc<MatchExplanation>> {
        lock(&self.0).of.get(explained).cloned()
    }

    /// Keeps what was given, while all of it takes no more than `bytes_max`: beyond, others are forgotten for it, and with a new
    /// day those of the days before.
    pub(super) fn keep(&self, explained: Explained, explanation: Arc<MatchExplanation>, bytes_max: u64) {
        let mut given = lock(&self.0);
        if given.on < Some(explained.on) {
            *given = Given {
                on: Some(explained.on),
                ..Given::default()
            };
        }
        let bytes = bytes_of(&explained, &explanation);
        if let Some(former) = given.of.remove(&explained) {
            given.bytes -= bytes_of(&explained, &former);
        }
        while given.bytes + bytes > bytes_max {
            let Some(any) = given.of.keys().next().cloned() else {
                return;
            };
            if let Some(forgotten) = given.of.remove(&any) {
                given.bytes -= bytes_of(&any, &forgotten);
            }
        }
        given.bytes += bytes;
        given.of.insert(explained, explanation);
    }

    pub(super) fn forget(&self) {
        *lock(&self.0) = Given::default();
    }

    /// About how many bytes of memory they take.
    pub(super) fn memory_bytes(&self) -> u64 {
        lock(&self.0).bytes
    }
}

fn bytes_of(explained: &Explained, explanation: &MatchExplanation) -> u64 {
    let key = size_of::<Explained>() + explained.computation.len() * size_of::<u64>();
    key as u64 + explanation.memory_bytes()
}

/// What an explanation depends on, beside the profiles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Explained {
    opportunity_id: OpportunityId,
    /// Of what it says.
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
