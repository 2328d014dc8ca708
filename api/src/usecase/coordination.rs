//! Coordinating a programme's lists: the setting, and planning both sides' lists together in the background.
//!
//! - Off unless an administrator turns it on; while it is off nothing is planned and every list is what it was without.
//! - A plan changes no list by itself. Whoever ranks multiplies by it, and what that moves is a contribution.
//! - What is planned shows in everybody's lists, so whoever excludes anybody is planned with by nobody: like somebody who
//!   is newer than the plan, they keep their scores.
//! - Planning reads scores and seats alone. Whoever may not be ranked any more has no score and drops out of the next
//!   plan; lists leave them out at once, by the same rules as always.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use okaeri_engine::domain::{Alpha, Asker, CompanyId, CoordinationSetting, OpportunityId, Viewer};
use okaeri_engine::ranking::market::{Coordination, Multipliers, Wish, coordinate_lists};
use okaeri_engine::ranking::{self, Model, feed};

use super::candidates::rank;
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::coordination::{self, Plan, PlanHead, VersionedSetting};
use crate::projection::{CompanyProjection, run_blocking};

/// Least time between two plans of a company, so that an import or a busy hour is planned a few times and not for each
/// of its changes: long against planning, which takes a second for 2,000 alumni and 60 opportunities.
const REPLAN_AFTER: TimeDelta = TimeDelta::seconds(30);
/// Greatest age of a plan: deadlines and days pass without an entry in the change log.
const REPLAN_ANYWAY_AFTER: TimeDelta = TimeDelta::hours(1);
/// Changes looked at for one that matters to a plan; behind more than that the plan's age decides.
const CHANGES_LOOKED_AT: u64 = 2_000;
/// Candidates of an opportunity that are planned with: four times as many as a recruiter looks at, since coordination
/// brings others up.
const CANDIDATES_MIN: usize = 200;
/// Candidates for each seat that are planned with, alike.
const CANDIDATES_PER_SEAT: usize = 4;
/// Opportunities that are planned together, newest first: more than any programme has had open. Others keep their scores.
const OPPORTUNITIES_MAX: usize = 1_000;
/// Candidacies that are planned with, some 10 MB; with more opportunities each has fewer candidates.
const WISHES_MAX: usize = 200_000;

/// The viewer's company's setting, and when its plan was made.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn find(app: &App, viewer: &Viewer) -> Result<(VersionedSetting, Option<PlanHead>), Fault> {
    let setting = coordination::find(&app.db, viewer.company_id).await?;
    let head = coordination::find_plan_head(&app.db, viewer.company_id).await?;
    Ok((setting, head))
}

/// What an administrator sets.
#[derive(Clone, Copy, Debug)]
pub struct NewSetting {
    /// Whether to coordinate.
    pub is_enabled: bool,
    /// The slider, from 0 to 1; `None`: as it is.
    pub alpha: Option<f64>,
    /// The version that was read.
    pub expected_version: u64,
}

/// Sets whether and how the programme coordinates its lists. Every server sees it before its next answer: turned off,
/// the plan is gone; turned on, lists are coordinated once there is a plan.
pub async fn set(app: &App, viewer: &Viewer, new: NewSetting) -> Result<(), Failure> {
    let now = app.clock.now();
    let company_id = viewer.company_id;
    let tx = app.db.begin_for(company_id).await?;
    let earlier = coordination::find(&tx, company_id).await?;
    if earlier.version != new.expected_version {
        return Err(conflict(earlier.version, new.expected_version).into());
    }
    let alpha = match new.alpha {
        Some(alpha) => Alpha::new(alpha).ok_or_else(|| out_of_range(alpha))?,
        None => earlier.setting.alpha,
    };
    let setting = CoordinationSetting {
        is_enabled: new.is_enabled,
        alpha,
    };
    if setting == earlier.setting {
        return Ok(());
    }
    let next = VersionedSetting {
        setting,
        version: earlier.version + 1,
    };
    if !coordination::set(&tx, company_id, next, now).await? {
        return Err(conflict(earlier.version, new.expected_version).into());
    }
    if !setting.is_enabled {
        coordination::delete_plan(&tx, company_id).await?;
    }
    change_log::append(&tx, company_id, Change::ProgrammeChanged, now).await?;
    tx.commit().await?;
    Ok(())
}

fn conflict(found: u64, expected: u64) -> Rejection {
    Rejection::new(
        RejectionCode::VersionConflict,
        "expectedVersion",
        format!("the setting has version {found}, not {expected}: read it again"),
        format!("設定はすでに変更されています（版{found}）。読み直してください"),
    )
}

fn out_of_range(alpha: f64) -> Rejection {
    Rejection::new(
        RejectionCode::OutOfRange,
        "alpha",
        format!("alpha {alpha} is not between 0 and 1"),
        format!("alphaは0から1の間で指定してください（{alpha}）"),
    )
}

/// Plans for a company that coordinates its lists, if anything that matters changed since its last plan, or that is
/// old. A company that is out of memory is not brought in for what changed. Returns whether it did; safe to run on several servers, of which one plan stays.
///
/// # Errors
///
/// When the database or the index cannot be read, or somebody changed the setting into one that cannot be planned by.
pub async fn plan_if_due(app: &App, company_id: CompanyId, setting: VersionedSetting) -> Result<bool, Fault> {
    let now = app.clock.now();
    let head = coordination::find_plan_head(&app.db, company_id).await?;
    let is_due = match due(head, setting.version, now) {
        Due::Now => true,
        Due::Not => false,
        // Nobody looks at the lists of a company that is out of memory. Once somebody does, it is planned for at the next
        // look; until then the hour holds.
        Due::IfChangedAfter(_) if !app.projections.is_in_memory(company_id) => false,
        Due::IfChangedAfter(position) => {
            let changes = change_log::list_after(&app.db, company_id, position, CHANGES_LOOKED_AT).await?;
            changes.iter().any(|entry| matters(entry.change))
        }
    };
    if is_due {
        return Ok(plan_now(app, company_id, setting).await?.is_some());
    }
    Ok(false)
}

/// Whether to plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Now,
    Not,
    IfChangedAfter(u64),
}

fn due(head: Option<PlanHead>, setting_version: u64, now: DateTime<Utc>) -> Due {
    let Some(head) = head.filter(|head| head.setting_version == setting_version) else {
        return Due::Now;
    };
    let age = now - head.planned_at;
    if age >= REPLAN_ANYWAY_AFTER {
        return Due::Now;
    }
    if age < REPLAN_AFTER {
        return Due::Not;
    }
    Due::IfChangedAfter(head.position)
}

/// Whether a change can move a score, a seat, or who may be ranked.
fn matters(change: Change) -> bool {
    match change {
        Change::AlumnusChanged(_)
        | Change::StandingChanged(_)
        | Change::AlumnusRemoved(_)
        | Change::OpportunityChanged(_)
        | Change::RejectionRecorded { .. }
        | Change::ProgrammeChanged => true,
        Change::InteractionRecorded { .. }
        | Change::CandidacyChanged { .. }
        | Change::ShortlistChanged { .. }
        | Change::ConsultationChanged { .. }
        | Change::CoordinationPlanned
        | Change::WeightsChanged => false,
    }
}

/// Plans a company's lists and puts the plan in place of the one before. `None`, with nothing written, when the setting
/// changed meanwhile or another server planned from a later state.
///
/// # Errors
///
/// As [`plan_if_due`].
pub async fn plan_now(
    app: &App,
    company_id: CompanyId,
    setting: VersionedSetting,
) -> Result<Option<PlanHead>, Fault> {
    let projection = app.projections.barrier(company_id).await?;
    let now = app.clock.now();
    let (model, alpha) = (Arc::clone(&app.model), setting.setting.alpha);
    let (candidacies, multipliers) = run_blocking(move || {
        let candidacies = candidacies(&projection, &model, now)?;
        let multipliers = candidacies.coordinate(alpha)?;
        Ok::<_, Fault>((candidacies, multipliers))
    })
    .await??;
    let head = PlanHead {
        id: app.clock.new_id(),
        setting_version: setting.version,
        position: candidacies.position,
        planned_at: now,
    };
    let tx = app.db.begin_for(company_id).await?;
    let is_outdated = coordination::find_plan_head(&tx, company_id)
        .await?
        .is_some_and(|other| other.setting_version == head.setting_version && other.position > head.position);
    if is_outdated || coordination::find(&tx, company_id).await? != setting || !setting.setting.is_enabled {
        return Ok(None);
    }
    coordination::replace_plan(&tx, company_id, &Plan { head, multipliers }).await?;
    change_log::append(&tx, company_id, Change::CoordinationPlanned, now).await?;
    tx.commit().await?;
    let (n_wishes, elapsed_ms) = (
        candidacies.wishes.len(),
        (app.clock.now() - now).num_milliseconds(),
    );
    tracing::info!(
        company.id = %company_id, n_wishes, elapsed_ms,
        "planned the lists of company {company_id} together"
    );
    Ok(Some(head))
}

/// What there is to coordinate.
pub struct Candidacies {
    /// The best candidates of every open opportunity, with the scores of both lists.
    pub wishes: Vec<Wish>,
    /// Seats of the opportunities that have candidates.
    pub seats: BTreeMap<OpportunityId, u32>,
    /// The state of the data that was read, or an earlier one.
    pub position: u64,
}

impl Candidacies {
    /// Plans.
    ///
    /// # Errors
    ///
    /// A score that is no score.
    pub fn coordinate(&self, alpha: Alpha) -> Result<Multipliers, Fault> {
        coordinate_lists(&self.request(alpha))
            .map_err(|error| Fault::Broken(format!("coordination: {error}")))
    }

    /// As the engine takes it.
    #[must_use]
    pub fn request(&self, alpha: Alpha) -> Coordination<'_> {
        Coordination {
            wishes: &self.wishes,
            seats: &self.seats,
            alpha: alpha.get(),
        }
    }
}

/// Ranks every open opportunity without coordination and keeps the best candidates of each. The state is locked for one
/// opportunity at a time, so that changes are not held up.
///
/// # Errors
///
/// When the index cannot be read.
pub fn candidacies(
    projection: &CompanyProjection,
    model: &Model,
    now: DateTime<Utc>,
) -> Result<Candidacies, Fault> {
    let (position, open) = {
        let state = projection.state();
        let open = state.opportunities.iter().rev();
        let open = open.filter(|(_, entry)| entry.opportunity.is_open_at(now));
        let ids: Vec<OpportunityId> = open.map(|(id, _)| *id).take(OPPORTUNITIES_MAX).collect();
        (state.position, ids)
    };
    let share = WISHES_MAX / open.len().max(1);
    let mut all = Candidacies {
        wishes: Vec::new(),
        seats: BTreeMap::new(),
        position,
    };
    for opportunity_id in open {
        let state = projection.state();
        let Some(entry) = state.opportunities.get(&opportunity_id).cloned() else {
            continue;
        };
        let Some(ranking) = rank(&state, model, opportunity_id, &Asker::COMPANY, now) else {
            continue;
        };
        if ranking.candidates.is_empty() {
            continue;
        }
        let calibrations = projection.calibrations(&state, model, std::slice::from_ref(&entry.analyzed), now);
        drop(state);
        let Some(calibration) = calibrations.get(opportunity_id) else {
            continue;
        };
        let n_seats = entry.opportunity.seats.max(1);
        let n_candidates = (n_seats as usize)
            .saturating_mul(CANDIDATES_PER_SEAT)
            .clamp(CANDIDATES_MIN, ranking::SCORED_MAX)
            .min(share);
        let wish = |candidate: &ranking::ScoredCandidate| Wish {
            alumnus_id: candidate.alumnus_id,
            opportunity_id,
            p: feed::wish(candidate.score, calibration).clamp(0.0, 1.0),
            q: candidate.score.clamp(0.0, 1.0),
        };
        all.wishes
            .extend(ranking.candidates.iter().take(n_candidates).map(wish));
        all.seats.insert(opportunity_id, n_seats);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T03:00:00Z".parse().unwrap()
    }

    fn planned(seconds_ago: i64) -> Option<PlanHead> {
        Some(PlanHead {
            id: Uuid::nil(),
            setting_version: 1,
            position: 7,
            planned_at: now() - TimeDelta::seconds(seconds_ago),
        })
    }

    #[test]
    fn a_plan_is_made_at_once_then_after_changes_and_then_by_age() {
        assert_eq!(due(None, 1, now()), Due::Now);
        assert_eq!(due(planned(1), 2, now()), Due::Now);
        assert_eq!(due(planned(29), 1, now()), Due::Not);
        assert_eq!(due(planned(30), 1, now()), Due::IfChangedAfter(7));
        assert_eq!(due(planned(3_599), 1, now()), Due::IfChangedAfter(7));
        assert_eq!(due(planned(3_600), 1, now()), Due::Now);
    }

    #[test]
    fn a_plan_is_no_reason_to_plan() {
        assert!(!matters(Change::CoordinationPlanned));
        assert!(matters(Change::ProgrammeChanged));
    }
}
