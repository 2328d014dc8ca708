//! One company's projection.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    AlumnusId, Company, CompanyId, HiringManagers, Ineligible, Opportunity, OpportunityId, Policy,
};
use okaeri_engine::features::analysis::WantedThing;
use okaeri_engine::features::{AnalyzedOpportunity, wish};
use okaeri_engine::index::CompanyIndex;
use okaeri_engine::interrupt::{Interrupt, Interrupted, uninterrupted};
use okaeri_engine::parallel;
use okaeri_engine::ranking::learn::CompanyWeights;
use okaeri_engine::ranking::{Calibration, Calibrations, Model, Pool};
use okaeri_engine::text::{Analyzer, UserWord};
use tokio::sync::watch;

use crate::db::coordination::Plan;
use crate::fault::Fault;
use crate::telemetry::Here;

/// One company's projection: the index on disk and the state in memory.
pub struct CompanyProjection {
    /// Whose.
    pub company_id: CompanyId,
    /// The text index.
    pub index: Arc<CompanyIndex>,
    chain: Chain,
    /// The company has other words by now: all text here is analysed with those of before.
    has_outdated_words: AtomicBool,
    /// One follower at a time.
    pub(super) following: tokio::sync::Mutex<()>,
    state: RwLock<State>,
    /// One reader and applier of decisions at a time.
    pub(super) deciding: tokio::sync::Mutex<()>,
    /// One writer of the index at a time.
    pub(super) indexing: tokio::sync::Mutex<()>,
    calibrations: Mutex<KnownCalibrations>,
    /// One computation of missing calibrations at a time.
    pub(crate) calibrating: Arc<tokio::sync::Mutex<()>>,
    position: AtomicU64,
    /// What the index was last seen to include.
    indexed_position: AtomicU64,
    /// Bytes that it was last found to take in memory.
    measured_bytes: AtomicU64,
    /// Outlives the projection where another takes its place, so that nobody's subscription ends with it.
    positions: watch::Sender<u64>,
}

/// The analysis of a company's texts, and the words of its own that it knows.
#[derive(Clone)]
pub(super) struct Chain {
    pub(super) analyzer: Analyzer,
    pub(super) words: Arc<[UserWord]>,
}

/// What decides who is shown, and what ranking reads.
pub struct State {
    /// The company.
    pub company: Company,
    /// Its programme's policy.
    pub policy: Policy,
    /// Everybody, with standings.
    pub pool: Pool,
    /// Every opportunity in the order of identifiers, which is the order of creation.
    pub opportunities: BTreeMap<OpportunityId, OpportunityEntry>,
    /// Who hires in which units: exclusions of people hold there.
    pub managers: HiringManagers,
    /// Candidates whom a recruiter rejected, with a reason, by opportunity.
    pub rejections: HashMap<OpportunityId, HashMap<AlumnusId, Ineligible>>,
    /// What coordinates the lists; `None` while the programme does not.
    pub plan: Option<Arc<Plan>>,
    /// What recruiters' decisions taught; read only where the programme learns from them.
    pub weights: Option<CompanyWeights>,
    /// The position of the change log up to which everything is applied.
    pub position: u64,
    /// The position up to which everything that decides is applied; at least [`Self::position`].
    pub decided_position: u64,
    /// Counts the people who changed, so that what was computed from everybody knows its age.
    pub n_people_changed: u64,
}

impl State {
    /// The model by which the company's candidates are ranked.
    ///
    /// - `common`: what all companies begin with
    #[must_use]
    pub fn candidate_model(&self, common: &Arc<Model>) -> Arc<Model> {
        match &self.weights {
            Some(weights) if self.policy.learns_from_decisions => Arc::new(weights.apply(common)),
            Some(_) | None => Arc::clone(common),
        }
    }

    /// How many people nobody may see anything of for whom they exclude, because that cannot be read.
    #[must_use]
    pub fn n_unreadable_exclusions(&self) -> usize {
        let standings = self.pool.standings();
        standings
            .filter(|(_, standing)| standing.exclusions().is_unreadable())
            .count()
    }
}

/// An opportunity with its analysed text.
#[derive(Clone)]
pub struct OpportunityEntry {
    /// The opportunity.
    pub opportunity: Arc<Opportunity>,
    /// Its analysed text.
    pub analyzed: Arc<AnalyzedOpportunity>,
}

/// Calibrations with the age of what they were computed from.
#[derive(Default)]
struct KnownCalibrations {
    n_people_changed: u64,
    of: HashMap<OpportunityId, Arc<AnalyzedOpportunity>>,
    calibrations: Calibrations,
}

/// What an analysed opportunity takes in memory, in bytes, as docs/PERFORMANCE.md has it.
const OPPORTUNITY_BYTES: u64 = 10_000;

/// The share of people, one in so many, who may change before the calibrations of scores are computed anew: means
/// over everybody move by less than what tells two opportunities apart.
const CALIBRATION_TOLERANCE: u64 = 20;

impl CompanyProjection {
    /// Joins what was opened.
    pub(super) fn new(
        company_id: CompanyId,
        index: CompanyIndex,
        chain: Chain,
        state: State,
        positions: watch::Sender<u64>,
    ) -> Self {
        Self {
            company_id,
            index: Arc::new(index),
            chain,
            has_outdated_words: AtomicBool::new(false),
            following: tokio::sync::Mutex::new(()),
            deciding: tokio::sync::Mutex::new(()),
            indexing: tokio::sync::Mutex::new(()),
            position: AtomicU64::new(state.position),
            indexed_position: AtomicU64::new(state.position),
            measured_bytes: AtomicU64::new(0),
            state: RwLock::new(state),
            calibrations: Mutex::default(),
            calibrating: Arc::default(),
            positions,
        }
    }

    /// The one chain of analysis for indexing and querying.
    pub(super) fn analyzer(&self) -> &Analyzer {
        &self.chain.analyzer
    }

    /// What a text names, by the company's chain of analysis.
    #[must_use]
    pub fn things_named_in(&self, text: &str) -> Vec<WantedThing> {
        wish::analyze(&self.chain.analyzer, text)
    }

    /// The company's own words that the chain knows, by surface.
    pub(super) fn words(&self) -> &[UserWord] {
        &self.chain.words
    }

    /// Notes that the company has other words.
    pub(super) fn outdate_words(&self) {
        self.has_outdated_words.store(true, Ordering::Release);
    }

    /// Whether another projection, with the company's words of now, should take this one's place.
    pub(super) fn has_outdated_words(&self) -> bool {
        self.has_outdated_words.load(Ordering::Acquire)
    }

    /// The state to read. Held for the length of one ranking, never across an await.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state to read, unless somebody changes it just now or is about to: for whoever can do without, on a thread that
    /// others need.
    pub fn try_state(&self) -> Option<RwLockReadGuard<'_, State>> {
        match self.state.try_read() {
            Ok(state) => Some(state),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The state to change; followers only.
    pub(super) fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position up to which everything is applied.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    /// Notes what the index was seen to include.
    pub(super) fn note_indexed(&self, position: u64) {
        // Not the greater of both: an index that was built anew may include less.
        self.indexed_position.store(position, Ordering::Release);
    }

    /// Whether the index includes everything that is applied here.
    pub(super) fn is_indexed(&self) -> bool {
        self.indexed_position.load(Ordering::Acquire) >= self.position()
    }

    /// Estimates anew what it takes in memory; where somebody changes the state just now, the next time does.
    pub(super) fn measure(&self) {
        let Ok(state) = self.state.try_read() else { return };
        let bytes = state.pool.memory_bytes() + state.opportunities.len() as u64 * OPPORTUNITY_BYTES;
        self.measured_bytes.store(bytes, Ordering::Release);
    }

    /// Bytes that it was last found to take in memory; the index is mapped from its files and counts for nothing.
    pub(super) fn measured_bytes(&self) -> u64 {
        self.measured_bytes.load(Ordering::Acquire)
    }

    /// Tells of positions as they are applied.
    pub(super) fn positions(&self) -> &watch::Sender<u64> {
        &self.positions
    }

    pub(super) fn announce(&self, position: u64) {
        self.position.store(position, Ordering::Release);
        self.positions.send_if_modified(|announced| {
            let is_later = position > *announced;
            *announced = position.max(*announced);
            is_later
        });
    }

    /// The calibrations of these opportunities' scores, so that a feed can compare them. Those of opportunities that
    /// changed, and all once enough people changed, are computed anew.
    pub fn calibrations(
        &self,
        state: &State,
        model: &Model,
        opportunities: &[Arc<AnalyzedOpportunity>],
        now: DateTime<Utc>,
    ) -> Calibrations {
        uninterrupted(|never| self.calibrations_unless(never, state, model, opportunities, now))
    }

    /// As [`Self::calibrations`], unless it is interrupted. What was computed until then is kept for whoever asks next.
    ///
    /// # Errors
    ///
    /// [`Interrupted`].
    pub fn calibrations_unless(
        &self,
        interrupt: &Interrupt,
        state: &State,
        model: &Model,
        opportunities: &[Arc<AnalyzedOpportunity>],
        now: DateTime<Utc>,
    ) -> Result<Calibrations, Interrupted> {
        for opportunity in opportunities {
            if self.known(state).has(opportunity) {
                continue;
            }
            // Outside the lock: computing takes a while, and twice gives the same.
            let calibration = Calibration::compute_unless(interrupt, opportunity, now, &state.pool, model)?;
            self.known(state).keep(opportunity, calibration);
        }
        Ok(self.known(state).calibrations.clone())
    }

    /// The opportunities that feeds show at `now` whose calibration is missing.
    pub fn uncalibrated(&self, now: DateTime<Utc>) -> Vec<OpportunityId> {
        let state = self.state();
        let known = self.known(&state);
        let is_demonstration = state.company.is_demonstration;
        let missing = state.opportunities.values().filter(|entry| {
            !known.has(&entry.analyzed) && entry.opportunity.is_shown_to_alumni(now, is_demonstration)
        });
        missing.map(|entry| entry.opportunity.id).collect()
    }

    /// Computes the calibrations that feeds lack, on all processors: some ten milliseconds each in a company of 100,000. The
    /// state is locked for one opportunity at a time, so that changes are not held up.
    pub(crate) fn calibrate(&self, model: &Model, now: DateTime<Utc>) {
        parallel::map(&self.uncalibrated(now), 1, |id| {
            let state = self.state();
            if let Some(entry) = state.opportunities.get(id) {
                let calibration = Calibration::compute(&entry.analyzed, now, &state.pool, model);
                self.known(&state).keep(&entry.analyzed, calibration);
            }
        });
    }

    /// Forgets the calibration of an opportunity that is gone.
    pub(super) fn forget_calibration(&self, id: OpportunityId) {
        let mut known = self.calibrations.lock().unwrap_or_else(PoisonError::into_inner);
        known.of.remove(&id);
        known.calibrations.remove(id);
    }

    /// What is known of the people of `state`; locked for a look alone, and always after the state.
    fn known(&self, state: &State) -> MutexGuard<'_, KnownCalibrations> {
        let mut known = self.calibrations.lock().unwrap_or_else(PoisonError::into_inner);
        known.forget_outdated(state);
        known
    }
}

impl KnownCalibrations {
    /// Forgets all once enough people changed.
    fn forget_outdated(&mut self, state: &State) {
        let n_changed = state.n_people_changed.saturating_sub(self.n_people_changed);
        if n_changed * CALIBRATION_TOLERANCE > state.pool.len() as u64 {
            *self = Self {
                n_people_changed: state.n_people_changed,
                ..Self::default()
            };
        }
    }

    /// Whether there is one of this text of the opportunity.
    fn has(&self, opportunity: &Arc<AnalyzedOpportunity>) -> bool {
        let of = self.of.get(&opportunity.opportunity.id);
        of.is_some_and(|of| Arc::ptr_eq(of, opportunity))
    }

    fn keep(&mut self, opportunity: &Arc<AnalyzedOpportunity>, calibration: Calibration) {
        let id = opportunity.opportunity.id;
        self.calibrations.insert(id, calibration);
        self.of.insert(id, Arc::clone(opportunity));
    }
}

/// Runs blocking work off the async threads; a panic in it becomes a fault.
pub async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let here = Here::current();
    tokio::task::spawn_blocking(move || here.in_scope(work))
        .await
        .map_err(|error| Fault::Broken(format!("blocking work failed: {error}")))
}
