//! The personal feed: every opportunity that the person may see, ranked for them, with reasons.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    AlumnusId, Ineligible, InteractionKind, Opportunity, OpportunityId, OpportunityKind, Purpose,
    ServedListId, StandingWish, Viewer, calendar::japan_date, may_be_ranked,
};
use okaeri_engine::features::{AnalyzedOpportunity, wish};
use okaeri_engine::interrupt::{Interrupt, Interrupted, uninterrupted};
use okaeri_engine::ranking::learn::Answer;
use okaeri_engine::ranking::own::CHOICES_MAX;
use okaeri_engine::ranking::{self, FeedRanking, FeedRequest, Model, OwnChoices, Side};

use super::Fault;
use super::audit::inputs::{Inputs, Sparse};
use super::learning::{self, Learnt};
use super::served::{self, ENTRIES_MAX, Entry, Items, Pair, Recorded, ScoredWith, Served, Subject};
use crate::admission::Execution;
use crate::app::App;
use crate::db::served_lists::ServedListKind;
use crate::db::{interactions, wishes};
use crate::projection::{CompanyProjection, State};
use crate::telemetry::{self, step};

/// What the person's own answers keep out of their feed.
#[derive(Clone, Debug, Default)]
pub struct OwnAnswers {
    /// Declined, or snoozed until a later day.
    pub hidden: HashMap<OpportunityId, Ineligible>,
    /// Saved, or with interest expressed; latest first.
    pub kept: Vec<OpportunityId>,
    /// Declined for what they are, and not for the time alone; latest first.
    pub declined: Vec<OpportunityId>,
    /// What was learnt from the person's answers.
    pub learnt: Learnt,
    /// What the person would like to be asked for.
    pub wishes: Vec<StandingWish>,
}

/// A feed for its person.
pub struct Feed {
    /// As it was recorded.
    pub recorded: Recorded,
    /// 0-based places of what may still be shown, ascending.
    pub places: Vec<u32>,
    alumnus_id: AlumnusId,
    projection: Arc<CompanyProjection>,
}

impl Feed {
    /// What stands at `place`.
    #[must_use]
    pub fn opportunity(&self, place: u32) -> Option<Arc<Opportunity>> {
        let entry = self.recorded.list.entries.get(place as usize)?;
        let state = self.projection.state();
        state
            .opportunities
            .get(&OpportunityId(entry.key))
            .map(|entry| Arc::clone(&entry.opportunity))
    }

    /// Why it stands at `place`.
    #[must_use]
    pub fn pair(&self, place: u32) -> Option<Pair> {
        let entry = self.recorded.list.entries.get(place as usize)?;
        let state = self.projection.state();
        let opportunity_id = OpportunityId(entry.key);
        let plan = state.plan.as_ref();
        Some(Pair {
            opportunity: Arc::clone(&state.opportunities.get(&opportunity_id)?.analyzed),
            alumnus_id: self.alumnus_id,
            profile: state.pool.kept(self.alumnus_id)?.clone(),
            base: self.recorded.list.base,
            contributions: entry.contributions(),
            side: Side::Feed,
            reader: None,
            as_of: self.recorded.as_of,
            contention: plan.and_then(|plan| plan.multipliers.contention(opportunity_id)),
            projection: Arc::clone(&self.projection),
        })
    }
}

/// Ranks the viewer's feed, or continues a recorded one. `None` when `resumed` names no feed of this viewer.
///
/// # Errors
///
/// [`Fault::Interrupted`] when the execution ends before the ranking does; then no feed is recorded. What the database says.
pub async fn list(
    app: &App,
    execution: &Execution,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    kinds: Option<Vec<OpportunityKind>>,
    resumed: Option<ServedListId>,
) -> Result<Option<Feed>, Fault> {
    let projection = app.projections.barrier(viewer.company_id).await?;
    let now = app.clock.now();
    let answers = own_answers(app, viewer, alumnus_id, now).await?;
    let subject = Subject {
        kind: ServedListKind::Feed,
        items: Items::Opportunities,
        subject_id: Some(alumnus_id.0),
        criteria: kinds
            .as_ref()
            .map_or_else(|| "all".to_owned(), |kinds| format!("{kinds:?}")),
    };
    let recorded = match resumed {
        Some(list_id) => match served::find(app, viewer, &subject, list_id).await? {
            Some(recorded) => recorded,
            None => return Ok(None),
        },
        None => {
            let calibrated = app.computing.calibrate(execution, &projection, &app.model, now);
            telemetry::in_step(step!("calibrate"), calibrated).await?;
            let learnt_version = answers.learnt.version;
            let (projection, model, answers) =
                (Arc::clone(&projection), Arc::clone(&app.model), answers.clone());
            let computed = app.computing.run(execution, move |interrupt| {
                let state = projection.state();
                let asked = Asked {
                    alumnus_id,
                    answers: &answers,
                    kinds: kinds.as_deref(),
                    now,
                };
                let ranking = rank_unless(interrupt, &projection, &state, &model, &asked)?;
                let scored_with = ScoredWith {
                    model: Some(Arc::clone(&model)),
                    learnt_version,
                    plan_id: state.plan.as_ref().map(|plan| plan.head.id),
                    policy: Some(state.policy.clone()),
                    index_version: projection.index.version(),
                    n_ranked: ranking.items.len(),
                };
                Ok((ranking, scored_with, state.position))
            });
            let (ranking, scored_with, position) = telemetry::in_step(step!("rank"), computed).await?;
            // What nobody is shown any more is not recorded as shown.
            execution.interrupt.check()?;
            served::record(
                app,
                viewer,
                &subject,
                to_served(ranking),
                scored_with,
                (position, now),
            )
            .await?
        }
    };
    let places = still_shown(&projection.state(), alumnus_id, &answers, &recorded.list, now);
    Ok(Some(Feed {
        recorded,
        places,
        alumnus_id,
        projection,
    }))
}

/// What the person's own answers say about the feed on the day of `now`.
pub async fn own_answers(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    now: DateTime<Utc>,
) -> Result<OwnAnswers, Fault> {
    let today = japan_date(now);
    let mut answers = OwnAnswers {
        learnt: learning::find(&app.db, viewer, alumnus_id).await?,
        wishes: wishes::load_for_alumni(&app.db, viewer.company_id, &[alumnus_id]).await?,
        ..OwnAnswers::default()
    };
    for interaction in interactions::list_latest_for_alumnus(&app.db, viewer.company_id, alumnus_id).await? {
        let opportunity_id = interaction.opportunity_id;
        match Answer::of(interaction.kind) {
            Answer::Taken => answers.kept.push(opportunity_id),
            Answer::Declined => answers.declined.push(opportunity_id),
            Answer::NotNow => {}
        }
        match interaction.kind {
            InteractionKind::Declined { .. } => {
                answers.hidden.insert(opportunity_id, Ineligible::Declined);
            }
            InteractionKind::Snoozed { until } if today < until => {
                answers.hidden.insert(opportunity_id, Ineligible::Snoozed);
            }
            InteractionKind::Snoozed { .. } | InteractionKind::Interested | InteractionKind::Saved => {}
        }
    }
    Ok(answers)
}

/// Whose feed, and of what.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Whose.
    pub alumnus_id: AlumnusId,
    /// What the person's own answers say about it.
    pub answers: &'a OwnAnswers,
    /// Only these kinds; `None`: all.
    pub kinds: Option<&'a [OpportunityKind]>,
    /// The instant of the question.
    pub now: DateTime<Utc>,
}

/// Ranks what the person may see, coordinated where the programme asks for it; empty without a consent to the feed.
#[must_use]
pub fn rank(projection: &CompanyProjection, state: &State, model: &Model, asked: &Asked<'_>) -> FeedRanking {
    uninterrupted(|never| rank_unless(never, projection, state, model, asked))
}

/// As [`rank`], unless it is interrupted.
///
/// # Errors
///
/// [`Interrupted`].
pub fn rank_unless(
    interrupt: &Interrupt,
    projection: &CompanyProjection,
    state: &State,
    model: &Model,
    asked: &Asked<'_>,
) -> Result<FeedRanking, Interrupted> {
    let Asked {
        alumnus_id,
        answers,
        kinds,
        now,
    } = *asked;
    let has_feed = state
        .pool
        .standing(alumnus_id)
        .is_some_and(|standing| standing.has_consent(Purpose::Feed));
    let is_demonstration = state.company.is_demonstration;
    let shown = state
        .opportunities
        .values()
        .filter(|entry| has_feed && entry.opportunity.is_shown_to_alumni(now, is_demonstration));
    let opportunities: Vec<_> = shown.map(|entry| Arc::clone(&entry.analyzed)).collect();
    let mut choices = choices(state, answers);
    choices.wished = wished(projection, &opportunities, answers, now);
    let request = FeedRequest {
        alumnus_id,
        opportunities: &opportunities,
        policy: &state.policy,
        now,
        hidden: &answers.hidden,
        choices: &choices,
        kinds,
        multipliers: state.plan.as_ref().map(|plan| &plan.multipliers),
    };
    let calibrations = projection.calibrations_unless(interrupt, state, model, &opportunities, now)?;
    ranking::feed_unless(interrupt, &request, &state.pool, model, &calibrations)
}

/// What the person's standing wishes ask for.
fn wished(
    projection: &CompanyProjection,
    opportunities: &[Arc<AnalyzedOpportunity>],
    answers: &OwnAnswers,
    now: DateTime<Utc>,
) -> HashSet<OpportunityId> {
    let today = japan_date(now);
    let mut wished = HashSet::new();
    for wish in answers.wishes.iter().filter(|wish| wish.stands_on(today)) {
        let things = projection.things_named_in(&wish.words);
        let asked_for = opportunities
            .iter()
            .filter(|one| wish.admits(&one.opportunity) && wish::fits(&things, one));
        wished.extend(asked_for.map(|one| one.opportunity.id));
    }
    wished
}

/// The texts of what the person chose; what is gone since says nothing any more.
fn choices(state: &State, answers: &OwnAnswers) -> OwnChoices {
    let texts = |ids: &[OpportunityId]| {
        let found = ids.iter().filter_map(|id| state.opportunities.get(id));
        found
            .take(CHOICES_MAX)
            .map(|entry| Arc::clone(&entry.analyzed))
            .collect()
    };
    OwnChoices {
        kept: texts(&answers.kept),
        declined: texts(&answers.declined),
        preference: answers.learnt.preference.clone(),
        wished: HashSet::new(),
    }
}

fn to_served(ranking: FeedRanking) -> Served {
    let entries = ranking.items.into_iter().take(ENTRIES_MAX).map(|item| Entry {
        key: item.opportunity_id.0,
        contributions: Sparse(item.contributions.iter().map(|value| *value as f32).collect()),
        inputs: Inputs::from(&item.inputs),
    });
    Served {
        base: ranking.base,
        entries: entries.collect(),
        left_out: Vec::new(),
    }
}

fn still_shown(
    state: &State,
    alumnus_id: AlumnusId,
    answers: &OwnAnswers,
    list: &Served,
    now: DateTime<Utc>,
) -> Vec<u32> {
    let Some(standing) = state
        .pool
        .standing(alumnus_id)
        .filter(|standing| standing.has_consent(Purpose::Feed))
    else {
        return Vec::new();
    };
    let today = japan_date(now);
    let is_shown = |opportunity_id: OpportunityId| {
        let Some(entry) = state.opportunities.get(&opportunity_id) else {
            return false;
        };
        entry
            .opportunity
            .is_shown_to_alumni(now, state.company.is_demonstration)
            && !answers.hidden.contains_key(&opportunity_id)
            && may_be_ranked(&state.policy, alumnus_id, standing, &entry.opportunity, today).is_ok()
    };
    (0u32..)
        .zip(&list.entries)
        .filter(|(_, entry)| is_shown(OpportunityId(entry.key)))
        .map(|(place, _)| place)
        .collect()
}
