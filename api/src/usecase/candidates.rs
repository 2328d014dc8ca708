//! The candidates of an opportunity: retrieve, filter, extract, score, explain; recorded before they are shown.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    AlumnusId, Asker, Company, OpportunityId, Policy, Screen, ServedListId, Viewer, calendar::japan_date,
};
use okaeri_engine::ranking::market::Contention;
use okaeri_engine::ranking::{self, Model, RankRequest, Ranking, Side};

use super::Fault;
use super::audit::inputs::{Inputs, Sparse};
use super::served::{self, ENTRIES_MAX, Entry, Items, Pair, Recorded, ScoredWith, Served, Subject};
use crate::admission::Execution;
use crate::app::App;
use crate::db::served_lists::ServedListKind;
use crate::projection::{CompanyProjection, OpportunityEntry, State};
use crate::telemetry::{self, step};

/// A list of candidates for one reader.
pub struct CandidateList {
    /// As it was recorded.
    pub recorded: Recorded,
    /// 0-based places of those who may still be shown, ascending.
    pub places: Vec<u32>,
    /// How many seats there are and how many of those who may still be shown are close to them, by their scores before
    /// coordination and shares of groups. `None` unless the opportunity is open.
    pub contention: Option<Contention>,
    reader: Asker,
    entry: Option<OpportunityEntry>,
    projection: Arc<CompanyProjection>,
}

impl CandidateList {
    /// Who stands at `place`.
    #[must_use]
    pub fn alumnus_id(&self, place: u32) -> Option<AlumnusId> {
        self.recorded
            .list
            .entries
            .get(place as usize)
            .map(|entry| AlumnusId(entry.key))
    }

    /// The position of the change log that the list is filtered by.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.projection.position()
    }

    /// Why they stand at `place`. `None` once the person's or the opportunity's text is gone.
    #[must_use]
    pub fn pair(&self, place: u32) -> Option<Pair> {
        let entry = self.recorded.list.entries.get(place as usize)?;
        let profile = self.projection.state().pool.kept(AlumnusId(entry.key))?.clone();
        Some(Pair {
            opportunity: Arc::clone(&self.entry.as_ref()?.analyzed),
            alumnus_id: AlumnusId(entry.key),
            profile,
            base: self.recorded.list.base,
            contributions: entry.contributions(),
            side: Side::Candidate,
            reader: Some(self.reader.clone()),
            as_of: self.recorded.as_of,
            contention: self.contention,
            projection: Arc::clone(&self.projection),
        })
    }
}

/// Ranks the candidates of an opportunity for a recruiter or an administrator, or continues a recorded list.
///
/// Returns `None` when `resumed` names no list of this viewer and opportunity. Empty unless the opportunity is open.
///
/// # Errors
///
/// [`Fault::Interrupted`] when the execution ends before the ranking does; then no list is recorded. What the database says.
pub async fn list(
    app: &App,
    execution: &Execution,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    resumed: Option<ServedListId>,
) -> Result<Option<CandidateList>, Fault> {
    let projection = app.projections.barrier(viewer.company_id).await?;
    let now = app.clock.now();
    let reader = Asker::of_viewer(viewer);
    let subject = Subject {
        kind: ServedListKind::Candidates,
        items: Items::Alumni,
        subject_id: Some(opportunity_id.0),
        criteria: String::new(),
    };
    let recorded = match resumed {
        Some(list_id) => match served::find(app, viewer, &subject, list_id).await? {
            Some(recorded) => recorded,
            None => return Ok(None),
        },
        None => {
            let ranked = rank_for(app, execution, &projection, opportunity_id, reader.clone(), now).await?;
            served::record(
                app,
                viewer,
                &subject,
                to_served(ranked.ranking),
                ranked.scored_with,
                (ranked.position, now),
            )
            .await?
        }
    };
    let (entry, places) = {
        let state = projection.state();
        let entry = state.opportunities.get(&opportunity_id).cloned();
        (
            entry,
            still_shown(&state, &reader, opportunity_id, &recorded.list, now),
        )
    };
    let contention = entry
        .as_ref()
        .filter(|entry| entry.opportunity.is_open_at(now))
        .map(|entry| count_close(entry.opportunity.seats, &recorded.list, &places));
    Ok(Some(CandidateList {
        recorded,
        places,
        contention,
        reader,
        entry,
        projection,
    }))
}

fn count_close(n_seats: u32, list: &Served, places: &[u32]) -> Contention {
    let shown = places
        .iter()
        .filter_map(|place| list.entries.get(*place as usize));
    let scores = shown.map(|entry| list.base + entry.sum_of_match());
    Contention::count(n_seats, scores.collect())
}

/// A ranking as it is served.
struct Ranked {
    /// `None` unless the opportunity is open.
    ranking: Option<Ranking>,
    /// What with.
    scored_with: ScoredWith,
    /// Which state of the data was ranked.
    position: u64,
}

/// Ranks on a thread of its own, coordinated and with shares of groups where the programme asks for them.
async fn rank_for(
    app: &App,
    execution: &Execution,
    projection: &Arc<CompanyProjection>,
    opportunity_id: OpportunityId,
    reader: Asker,
    now: DateTime<Utc>,
) -> Result<Ranked, Fault> {
    let (projection, common) = (Arc::clone(projection), Arc::clone(&app.model));
    let ranked = app.computing.run(execution, move |interrupt| {
        let state = projection.state();
        let model = state.candidate_model(&common);
        let answer =
            |request: &RankRequest<'_>| ranking::rank_unless(interrupt, request, &state.pool, &model);
        let ranked = ask(&state, opportunity_id, &reader, now, answer);
        let mut ranking: Option<Ranking> = ranked.transpose()?;
        if let (Some(ranking), Some(plan)) = (&mut ranking, &state.plan) {
            ranking.coordinate(&plan.multipliers);
        }
        if let Some(ranking) = &mut ranking {
            hold_shares(&state, opportunity_id, ranking);
        }
        Ok(Ranked {
            scored_with: ScoredWith {
                model: Some(model),
                learnt_version: None,
                plan_id: state.plan.as_ref().map(|plan| plan.head.id),
                policy: Some(state.policy.clone()),
                index_version: projection.index.version(),
                n_ranked: ranking.as_ref().map_or(0, |ranking| ranking.candidates.len()),
            },
            ranking,
            position: state.position,
        })
    });
    let ranked = telemetry::in_step(step!("rank"), ranked).await?;
    // What nobody is shown any more is not recorded as shown.
    execution.interrupt.check()?;
    Ok(ranked)
}

/// Has a ranking hold the shares of groups that the programme asks for, last of all that moves it.
pub fn hold_shares(state: &State, opportunity_id: OpportunityId, ranking: &mut Ranking) {
    let entry = state.opportunities.get(&opportunity_id);
    let shares = entry.and_then(|entry| state.policy.shares_for(entry.opportunity.kind()));
    if let Some(shares) = shares {
        ranking.hold_shares(shares, &state.pool);
    }
}

/// Ranks everybody eligible for an opportunity whose interest holds for `reader`, without coordination and shares of
/// groups; `None` unless it is open.
#[must_use]
pub fn rank(
    state: &State,
    model: &Model,
    opportunity_id: OpportunityId,
    reader: &Asker,
    now: DateTime<Utc>,
) -> Option<Ranking> {
    let answer = |request: &RankRequest<'_>| ranking::rank(request, &state.pool, model);
    ask(state, opportunity_id, reader, now, answer)
}

/// Puts the question that a ranking for an opportunity answers, for whoever has another answer to it, such as an
/// evaluation; `None` unless the opportunity is open.
pub fn ask<T>(
    state: &State,
    opportunity_id: OpportunityId,
    reader: &Asker,
    now: DateTime<Utc>,
    answer: impl FnOnce(&RankRequest<'_>) -> T,
) -> Option<T> {
    let opportunities = &state.opportunities;
    let entry = opportunities
        .get(&opportunity_id)
        .filter(|entry| entry.opportunity.is_open_at(now))?;
    let nobody = HashMap::new();
    let request = RankRequest {
        opportunity: &entry.analyzed,
        policy: &state.policy,
        now,
        withheld: state.rejections.get(&opportunity_id).unwrap_or(&nobody),
        reader,
    };
    Some(answer(&request))
}

fn to_served(ranking: Option<Ranking>) -> Served {
    let Some(ranking) = ranking else {
        return Served {
            base: 0.0,
            entries: Vec::new(),
            left_out: Vec::new(),
        };
    };
    let entries = ranking
        .candidates
        .into_iter()
        .take(ENTRIES_MAX)
        .map(|candidate| Entry {
            key: candidate.alumnus_id.0,
            contributions: Sparse(
                candidate
                    .contributions
                    .iter()
                    .map(|value| *value as f32)
                    .collect(),
            ),
            inputs: Inputs::from(&candidate.inputs),
        });
    Served {
        base: ranking.base,
        entries: entries.collect(),
        left_out: ranking.left_out.into_iter().collect(),
    }
}

/// Places of those who may still be shown: the same hard filters as when the list was ranked.
fn still_shown(
    state: &State,
    reader: &Asker,
    opportunity_id: OpportunityId,
    list: &Served,
    now: DateTime<Utc>,
) -> Vec<u32> {
    let Some(entry) = state
        .opportunities
        .get(&opportunity_id)
        .filter(|entry| entry.opportunity.is_open_at(now))
    else {
        return Vec::new();
    };
    let screen = Screen::new(
        &state.policy,
        &entry.opportunity,
        entry.analyzed.asker(),
        japan_date(now),
    );
    let rejected = state.rejections.get(&opportunity_id);
    let is_shown = |alumnus_id: AlumnusId| {
        let is_rejected = rejected.is_some_and(|rejected| rejected.contains_key(&alumnus_id));
        let standing = state.pool.standing(alumnus_id);
        !is_rejected
            && standing.is_some_and(|standing| screen.judge(alumnus_id, &standing.as_seen_by(reader)).is_ok())
    };
    (0u32..)
        .zip(&list.entries)
        .filter(|(_, entry)| is_shown(AlumnusId(entry.key)))
        .map(|(place, _)| place)
        .collect()
}

/// Company and policy as they are applied now.
#[must_use]
pub fn programme(projection: &CompanyProjection) -> (Company, Policy) {
    let state = projection.state();
    (state.company.clone(), state.policy.clone())
}
