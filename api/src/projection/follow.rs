//! Following the change log: what changed is read again from the database, analysed, and put in place at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use okaeri_engine::domain::{Alumnus, AlumnusId, Ineligible, Opportunity, OpportunityId, Policy, Standing};
use okaeri_engine::features::{AnalyzedProfile, analysis};
use okaeri_engine::text::Analyzer;

use super::company::{CompanyProjection, OpportunityEntry, run_blocking};
use super::open::analyze;
use crate::db::change_log::{self, Change};
use crate::db::{Database, alumni, companies, opportunities, programmes, rejections, standings};
use crate::usecase::Fault;

/// Changes read from the log at a time: enough that an import is followed in few steps, and few enough that the
/// profiles of one step fit in some megabytes.
pub(super) const CHANGES_PER_STEP: u64 = 2_000;

/// Applies every change that was committed before the call.
pub(super) async fn catch_up(
    db: &Database,
    analyzer: &Analyzer,
    projection: &CompanyProjection,
) -> Result<(), Fault> {
    let newest = change_log::newest_position(db, projection.company_id).await?;
    if projection.position() >= newest {
        return Ok(());
    }
    let _one_at_a_time = projection.following.lock().await;
    while projection.position() < newest {
        let changes =
            change_log::list_after(db, projection.company_id, projection.position(), CHANGES_PER_STEP)
                .await?;
        let Some(reached) = changes.last().map(|change| change.position) else {
            break;
        };
        let touched = Touched::by(changes.into_iter().map(|entry| entry.change));
        let fresh = read(db, projection, touched).await?;
        let ready = run_analysis(analyzer, fresh).await?;
        apply(projection, ready, reached);
        projection.announce(reached);
    }
    Ok(())
}

/// What a stretch of the log touches, each thing once.
#[derive(Default)]
pub(super) struct Touched {
    pub(super) profiles: HashSet<AlumnusId>,
    standings: HashSet<AlumnusId>,
    pub(super) removed: HashSet<AlumnusId>,
    pub(super) opportunities: HashSet<OpportunityId>,
    rejections: HashSet<OpportunityId>,
    is_programme_touched: bool,
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
                Change::ProgrammeChanged => touched.is_programme_touched = true,
                // Nothing that is kept here; subscriptions read the log for themselves.
                Change::InteractionRecorded { .. } | Change::InvitationChanged { .. } => {}
            }
        }
        touched
    }
}

/// What the database says now about what was touched.
struct Fresh {
    alumni: Vec<Alumnus>,
    standings: HashMap<AlumnusId, Standing>,
    gone: Vec<AlumnusId>,
    opportunities: Vec<Opportunity>,
    gone_opportunities: Vec<OpportunityId>,
    rejections: HashMap<OpportunityId, HashMap<AlumnusId, Ineligible>>,
    programme: Option<(okaeri_engine::domain::Company, Policy)>,
}

async fn read(db: &Database, projection: &CompanyProjection, touched: Touched) -> Result<Fresh, Fault> {
    let company_id = projection.company_id;
    let profile_ids: Vec<AlumnusId> = touched.profiles.iter().copied().collect();
    let standing_ids: Vec<AlumnusId> = touched.standings.union(&touched.removed).copied().collect();
    let opportunity_ids: Vec<OpportunityId> = touched.opportunities.iter().copied().collect();

    let alumni = alumni::load(db, company_id, &profile_ids).await?;
    let standings: HashMap<_, _> = standings::load(db, company_id, &standing_ids)
        .await?
        .into_iter()
        .collect();
    let gone = standing_ids
        .into_iter()
        .filter(|id| !standings.contains_key(id))
        .collect();
    let opportunities = opportunities::load(db, company_id, &opportunity_ids).await?;
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
            .map(|rejection| (rejection.alumnus_id, Ineligible::Rejected))
            .collect();
        rejected.insert(opportunity_id, people);
    }
    let programme = if touched.is_programme_touched {
        let company = companies::find(db, company_id).await?;
        let policy = programmes::find(db, company_id)
            .await?
            .map(|programme| programme.policy);
        company.zip(policy)
    } else {
        None
    };
    Ok(Fresh {
        alumni,
        standings,
        gone,
        opportunities,
        gone_opportunities,
        rejections: rejected,
        programme,
    })
}

struct Ready {
    profiles: Vec<(AlumnusId, Arc<AnalyzedProfile>)>,
    opportunities: Vec<OpportunityEntry>,
    rest: Fresh,
}

async fn run_analysis(analyzer: &Analyzer, mut fresh: Fresh) -> Result<Ready, Fault> {
    let analyzer = analyzer.clone();
    run_blocking(move || {
        let alumni = std::mem::take(&mut fresh.alumni);
        let profiles = alumni
            .into_iter()
            .map(|alumnus| {
                (
                    alumnus.id,
                    Arc::new(analysis::profile(&analyzer, &alumnus.profile)),
                )
            })
            .collect();
        let opportunities = std::mem::take(&mut fresh.opportunities);
        let opportunities = opportunities
            .into_iter()
            .map(|opportunity| analyze(&analyzer, opportunity))
            .collect();
        Ready {
            profiles,
            opportunities,
            rest: fresh,
        }
    })
    .await
}

/// Puts everything in place under one lock, so that no ranking sees half of it.
fn apply(projection: &CompanyProjection, ready: Ready, reached: u64) {
    let Ready {
        profiles,
        opportunities,
        rest,
    } = ready;
    let mut state = projection.state_mut();
    state.n_people_changed += (profiles.len() + rest.gone.len()) as u64;
    for (alumnus_id, analyzed) in profiles {
        state.ahead_of_index.insert(alumnus_id, reached);
        state.pool.upsert_profile(alumnus_id, analyzed);
    }
    for (alumnus_id, standing) in rest.standings {
        state.pool.set_standing(alumnus_id, standing);
    }
    for alumnus_id in rest.gone {
        state.pool.remove(alumnus_id);
        state.ahead_of_index.remove(&alumnus_id);
    }
    for entry in opportunities {
        state.opportunities.insert(entry.opportunity.id, entry);
    }
    for opportunity_id in rest.gone_opportunities {
        state.opportunities.remove(&opportunity_id);
    }
    state.rejections.extend(rest.rejections);
    if let Some((company, policy)) = rest.programme {
        state.company = company;
        state.policy = policy;
    }
    state.position = reached;
}
