//! Following the change log: what changed is read again from the database and put in place.
//!
//! Two speeds. What decides (standings, opportunities, rejections, the programme) is read and applied before every
//! answer, however much waits. Texts need analysis, and of a large import they follow in the background.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use okaeri_engine::domain::{
    AlumnusId, Company, CompanyId, HiringManagers, Ineligible, Opportunity, OpportunityId, Policy, Profile,
    Standing,
};
use okaeri_engine::features::{AnalyzedProfile, analysis};
use okaeri_engine::parallel;
use okaeri_engine::ranking::learn::CompanyWeights;
use okaeri_engine::text::Analyzer;

use super::company::{CompanyProjection, OpportunityEntry, run_blocking};
use super::open::analyze_all;
use crate::db::change_log::{self, Change};
use crate::db::coordination::Plan;
use crate::db::{
    Database, alumni, companies, company_weights, company_words, coordination, opportunities, programmes,
    rejections, standings,
};
use crate::fault::Fault;

/// Changes read from the log at a time: enough that an import is followed in few steps, and few enough that the
/// profiles of one step fit in some megabytes.
pub(super) const CHANGES_PER_STEP: u64 = 2_000;
/// Fewest profiles that are worth starting a thread for: some milliseconds of analysis.
pub(super) const PROFILES_PER_THREAD_MIN: usize = 8;
/// The same for opportunities, whose texts are longer.
pub(super) const OPPORTUNITIES_PER_THREAD_MIN: usize = 4;
/// Changes that an answer waits for with their texts: some hundred milliseconds of analysis.
const CHANGES_WAITED_FOR: u64 = 200;

/// Applies every committed change that can hide or forbid something, and all texts where few changes wait.
pub(super) async fn barrier(db: &Database, projection: &CompanyProjection) -> Result<(), Fault> {
    let newest = change_log::newest_position(db, projection.company_id).await?;
    if projection.position() >= newest {
        return Ok(());
    }
    // Counted, since positions are shared with other companies. A follower at work may have a long way to go: then
    // it is not waited for.
    let position = projection.position();
    let waiting = change_log::list_after(db, projection.company_id, position, CHANGES_WAITED_FOR + 1).await?;
    if waiting.len() as u64 <= CHANGES_WAITED_FOR
        && let Ok(_one_at_a_time) = projection.following.try_lock()
    {
        return advance(db, projection, newest).await;
    }
    decide(db, projection, newest).await
}

/// Applies every change up to the position `newest`, texts included.
pub(super) async fn catch_up_to(
    db: &Database,
    projection: &CompanyProjection,
    newest: u64,
) -> Result<(), Fault> {
    if projection.position() >= newest {
        return Ok(());
    }
    let _one_at_a_time = projection.following.lock().await;
    advance(db, projection, newest).await
}

/// Goes on to `newest`, step by step, with texts. For whoever holds `following`.
pub(super) async fn advance(db: &Database, projection: &CompanyProjection, newest: u64) -> Result<(), Fault> {
    let company_id = projection.company_id;
    while let Some((reached, touched)) = next_step(db, company_id, projection.position(), newest).await? {
        let ids: Vec<AlumnusId> = touched.profiles.iter().copied().collect();
        let people = alumni::load(db, company_id, &ids).await?;
        let text_analyzer = projection.analyzer().clone();
        let profiles = run_blocking(move || {
            let analyzed = |profile: &Profile| Arc::new(analysis::profile(&text_analyzer, profile));
            parallel::map(&people, PROFILES_PER_THREAD_MIN, |alumnus| {
                (alumnus.id, analyzed(&alumnus.profile))
            })
        })
        .await?;
        settle(db, projection, touched, profiles, reached).await?;
    }
    Ok(())
}

/// What the next changes behind `from` touch, up to `target` and as many as are followed at a time, with the position that
/// they reach; `None` where there are none.
pub(super) async fn next_step(
    db: &Database,
    company_id: CompanyId,
    from: u64,
    target: u64,
) -> Result<Option<(u64, Touched)>, Fault> {
    if from >= target {
        return Ok(None);
    }
    let mut changes = change_log::list_after(db, company_id, from, CHANGES_PER_STEP).await?;
    changes.retain(|change| change.position <= target);
    let reached = changes.last().map(|change| change.position);
    let touched = Touched::by(changes.into_iter().map(|entry| entry.change));
    Ok(reached.map(|reached| (reached, touched)))
}

/// Puts a step in place whose texts were read: what decides is read after them and applied before anybody else reads it, so
/// that a withdrawal that was applied meanwhile cannot be undone by an older reading.
pub(super) async fn settle(
    db: &Database,
    projection: &CompanyProjection,
    touched: Touched,
    profiles: Vec<(AlumnusId, Arc<AnalyzedProfile>)>,
    reached: u64,
) -> Result<(), Fault> {
    let _one_at_a_time = projection.deciding.lock().await;
    let decisions = read(db, projection, touched).await?;
    let decisions = decisions.analyzed(projection.analyzer()).await?;
    apply(projection, profiles, decisions, Reached::WithTexts(reached));
    projection.announce(reached);
    Ok(())
}

/// Applies what decides, up to `newest`, and leaves texts for later.
async fn decide(db: &Database, projection: &CompanyProjection, newest: u64) -> Result<(), Fault> {
    let _one_at_a_time = projection.deciding.lock().await;
    let mut reached = projection.state().decided_position;
    while reached < newest {
        let changes = change_log::list_after(db, projection.company_id, reached, CHANGES_PER_STEP).await?;
        let Some(last) = changes.last().map(|change| change.position) else {
            break;
        };
        let touched = Touched::by(changes.into_iter().map(|entry| entry.change));
        let decisions = read(db, projection, touched).await?;
        let decisions = decisions.analyzed(projection.analyzer()).await?;
        apply(projection, Vec::new(), decisions, Reached::WithoutTexts(last));
        reached = last;
    }
    Ok(())
}

/// How far a step has come.
#[derive(Clone, Copy)]
enum Reached {
    WithTexts(u64),
    WithoutTexts(u64),
}

/// What a stretch of the log touches, each thing once.
#[derive(Clone, Default)]
pub(super) struct Touched {
    pub(super) profiles: HashSet<AlumnusId>,
    standings: HashSet<AlumnusId>,
    pub(super) removed: HashSet<AlumnusId>,
    pub(super) opportunities: HashSet<OpportunityId>,
    rejections: HashSet<OpportunityId>,
    is_programme_touched: bool,
    is_plan_touched: bool,
    are_weights_touched: bool,
}

impl Touched {
    pub(super) fn by(changes: impl Iterator<Item = Change>) -> Self {
        let mut touched = Self::default();
        for change in changes {
            match change {
                Change::AlumnusChanged(id) => {
                    touched.profiles.insert(id);
                    touched.standings.insert(id);
                }
                Change::StandingChanged(id) => {
                    touched.standings.insert(id);
                }
                Change::AlumnusRemoved(id) => {
                    touched.removed.insert(id);
                }
                Change::OpportunityChanged(id) => {
                    touched.opportunities.insert(id);
                }
                Change::RejectionRecorded { opportunity_id, .. } => {
                    touched.rejections.insert(opportunity_id);
                }
                Change::ProgrammeChanged => {
                    touched.is_programme_touched = true;
                    // Turning coordination off deletes the plan.
                    touched.is_plan_touched = true;
                }
                Change::CoordinationPlanned => touched.is_plan_touched = true,
                Change::WeightsChanged => touched.are_weights_touched = true,
                // A speaker rests from the invitation on.
                Change::CandidacyChanged { alumnus_id, .. } => {
                    touched.standings.insert(alumnus_id);
                }
                // Nothing that is kept here; subscriptions read the log for themselves.
                Change::InteractionRecorded { .. }
                | Change::ShortlistChanged { .. }
                | Change::ConsultationChanged { .. } => {}
            }
        }
        touched
    }
}

/// What the database says now about what was touched and decides.
struct Decisions<O = OpportunityEntry> {
    standings: HashMap<AlumnusId, Standing>,
    gone: Vec<AlumnusId>,
    opportunities: Vec<O>,
    gone_opportunities: Vec<OpportunityId>,
    /// Who hires where, if that may have changed or anybody's standing has.
    managers: Option<HiringManagers>,
    rejections: HashMap<OpportunityId, HashMap<AlumnusId, Ineligible>>,
    programme: Option<(Company, Policy)>,
    plan: Planned,
    /// What recruiters' decisions taught, if that may have changed.
    weights: Option<Option<CompanyWeights>>,
}

/// What the database says now about the plan that coordinates the lists.
enum Planned {
    Untouched,
    Now(Option<Arc<Plan>>),
}

impl Decisions<Opportunity> {
    /// With the opportunities' texts analysed.
    async fn analyzed(mut self, analyzer: &Analyzer) -> Result<Decisions, Fault> {
        let opportunities = std::mem::take(&mut self.opportunities);
        let analyzer = analyzer.clone();
        let entries = run_blocking(move || analyze_all(&analyzer, &opportunities));
        Ok(Decisions {
            opportunities: entries.await?,
            standings: self.standings,
            gone: self.gone,
            gone_opportunities: self.gone_opportunities,
            managers: self.managers,
            rejections: self.rejections,
            programme: self.programme,
            plan: self.plan,
            weights: self.weights,
        })
    }
}

async fn read(
    db: &Database,
    projection: &CompanyProjection,
    touched: Touched,
) -> Result<Decisions<Opportunity>, Fault> {
    let company_id = projection.company_id;
    let standing_ids: Vec<AlumnusId> = touched.standings.union(&touched.removed).copied().collect();
    let opportunity_ids: Vec<OpportunityId> = touched.opportunities.iter().copied().collect();

    let standings: HashMap<_, _> = standings::load(db, company_id, &standing_ids)
        .await?
        .into_iter()
        .collect();
    let gone = standing_ids
        .into_iter()
        .filter(|id| !standings.contains_key(id))
        .collect();
    let opportunities = opportunities::load(db, company_id, &opportunity_ids).await?;
    // After the standings, which were compared with those of a moment before.
    let managers = if opportunity_ids.is_empty() && standings.is_empty() {
        None
    } else {
        Some(opportunities::hiring_managers(db, company_id).await?)
    };
    let found: HashSet<OpportunityId> = opportunities.iter().map(|opportunity| opportunity.id).collect();
    let gone_opportunities = opportunity_ids
        .into_iter()
        .filter(|id| !found.contains(id))
        .collect();
    let mut rejected = HashMap::new();
    for opportunity_id in touched.rejections {
        let of_one = rejections::list_for_opportunity(db, company_id, opportunity_id).await?;
        let people = of_one
            .into_iter()
            .map(|rejection| (rejection.alumnus_id, Ineligible::Rejected));
        rejected.insert(opportunity_id, people.collect());
    }
    let programme = if touched.is_programme_touched {
        if company_words::list(db, company_id).await? != projection.words() {
            projection.outdate_words();
        }
        let company = companies::find(db, company_id).await?;
        let policy = programmes::find(db, company_id)
            .await?
            .map(|programme| programme.policy);
        company.zip(policy)
    } else {
        None
    };
    let plan = if touched.is_plan_touched {
        Planned::Now(coordination::find_plan(db, company_id).await?.map(Arc::new))
    } else {
        Planned::Untouched
    };
    let weights = if touched.are_weights_touched {
        Some(company_weights::find(db, company_id).await?)
    } else {
        None
    };
    Ok(Decisions {
        standings,
        gone,
        opportunities,
        gone_opportunities,
        managers,
        rejections: rejected,
        programme,
        plan,
        weights,
    })
}

/// Puts everything in place under one lock, so that no ranking sees half of it.
fn apply(
    projection: &CompanyProjection,
    profiles: Vec<(AlumnusId, Arc<AnalyzedProfile>)>,
    decisions: Decisions,
    reached: Reached,
) {
    let mut state = projection.state_mut();
    state.n_people_changed += (profiles.len() + decisions.gone.len()) as u64;
    for (alumnus_id, analyzed) in profiles {
        // Erased since the text was read: it must not come back.
        if !decisions.standings.contains_key(&alumnus_id) {
            continue;
        }
        state.pool.upsert_profile(alumnus_id, analyzed);
    }
    for (alumnus_id, mut standing) in decisions.standings {
        if let Some(managers) = &decisions.managers {
            standing.follow(managers);
        }
        state.pool.set_standing(alumnus_id, standing);
    }
    for alumnus_id in decisions.gone {
        state.pool.remove(alumnus_id);
    }
    for entry in decisions.opportunities {
        state.opportunities.insert(entry.opportunity.id, entry);
    }
    for opportunity_id in decisions.gone_opportunities {
        state.opportunities.remove(&opportunity_id);
        projection.forget_calibration(opportunity_id);
    }
    if let Some(managers) = decisions.managers.filter(|managers| *managers != state.managers) {
        state.pool.follow(&managers);
        state.managers = managers;
    }
    state.rejections.extend(decisions.rejections);
    if let Some((company, policy)) = decisions.programme {
        state.company = company;
        state.policy = policy;
    }
    if let Some(weights) = decisions.weights {
        state.weights = weights;
    }
    if let Planned::Now(plan) = decisions.plan {
        state.plan = plan;
    }
    match reached {
        Reached::WithTexts(position) => {
            state.position = position;
            state.decided_position = state.decided_position.max(position);
        }
        Reached::WithoutTexts(position) => state.decided_position = state.decided_position.max(position),
    }
}
