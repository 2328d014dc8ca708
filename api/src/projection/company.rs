//! One company's projection.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use okaeri_engine::domain::{AlumnusId, Company, CompanyId, Ineligible, Opportunity, OpportunityId, Policy};
use okaeri_engine::features::AnalyzedOpportunity;
use okaeri_engine::index::CompanyIndex;
use okaeri_engine::ranking::{Calibration, Pool};
use tokio::sync::watch;

use crate::usecase::Fault;

/// One company's projection: the index on disk and the state in memory.
pub struct CompanyProjection {
    /// Whose.
    pub company_id: CompanyId,
    /// The text index.
    pub index: Arc<CompanyIndex>,
    /// One follower at a time.
    pub(super) following: tokio::sync::Mutex<()>,
    state: RwLock<State>,
    calibrations: Mutex<Calibrations>,
    positions: watch::Sender<u64>,
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
    /// Candidates whom a recruiter rejected, with a reason, by opportunity.
    pub rejections: HashMap<OpportunityId, HashMap<AlumnusId, Ineligible>>,
    /// The position of the change log up to which everything is applied.
    pub position: u64,
    /// People whose text changed after the index's last commit: the index may not propose them yet.
    pub uncommitted: HashSet<AlumnusId>,
    /// Counts changes to people and opportunities, so that what was computed from them knows its age.
    pub generation: u64,
}

/// An opportunity with its analysed text.
#[derive(Clone)]
pub struct OpportunityEntry {
    /// The opportunity.
    pub opportunity: Arc<Opportunity>,
    /// Its analysed text.
    pub analyzed: Arc<AnalyzedOpportunity>,
}

#[derive(Default)]
struct Calibrations {
    generation: u64,
    by_opportunity: HashMap<OpportunityId, Calibration>,
}

impl CompanyProjection {
    /// Joins what was opened.
    pub(super) fn new(company_id: CompanyId, index: CompanyIndex, state: State) -> Self {
        let positions = watch::Sender::new(state.position);
        Self {
            company_id,
            index: Arc::new(index),
            following: tokio::sync::Mutex::new(()),
            state: RwLock::new(state),
            calibrations: Mutex::default(),
            positions,
        }
    }

    /// The state to read. Held for the length of one ranking, never across an await.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state to change; followers only.
    pub(super) fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position up to which everything is applied.
    pub fn position(&self) -> u64 {
        *self.positions.borrow()
    }

    /// Tells of positions as they are applied.
    pub(super) fn positions(&self) -> watch::Receiver<u64> {
        self.positions.subscribe()
    }

    pub(super) fn announce(&self, position: u64) {
        self.positions.send_replace(position);
    }

    /// The calibration of an opportunity's scores, computed by `compute` unless known for this generation.
    pub fn calibration(
        &self,
        state: &State,
        opportunity_id: OpportunityId,
        compute: impl FnOnce() -> Calibration,
    ) -> Calibration {
        {
            let mut known = self.calibrations.lock().unwrap_or_else(PoisonError::into_inner);
            if known.generation != state.generation {
                *known = Calibrations { generation: state.generation, ..Calibrations::default() };
            }
            if let Some(calibration) = known.by_opportunity.get(&opportunity_id) {
                return *calibration;
            }
        }
        // Computed outside the lock: two requests may compute the same, which is cheaper than waiting.
        let calibration = compute();
        let mut known = self.calibrations.lock().unwrap_or_else(PoisonError::into_inner);
        if known.generation == state.generation {
            known.by_opportunity.insert(opportunity_id, calibration);
        }
        calibration
    }

    /// Makes the index durable up to what is applied. Does nothing when another process writes this index: then
    /// that process commits.
    pub async fn commit(self: &Arc<Self>) -> Result<(), Fault> {
        let _one_at_a_time = self.following.lock().await;
        let position = self.state().position;
        if self.index.position() >= position || !self.index.is_writable() {
            return Ok(());
        }
        let projection = Arc::clone(self);
        run_blocking(move || projection.index.commit(position).map_err(Fault::from)).await??;
        self.state_mut().uncommitted.clear();
        Ok(())
    }
}

/// Runs blocking work off the async threads; a panic in it becomes a fault.
pub async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Broken(format!("blocking work failed: {error}")))
}
