//! A programme's rules: read by whoever they concern, changed by administrators, in force with the next answer.
//!
//! - Every change is a version of its own that stays readable: who, when, why.
//! - What a person is told about coming back is decided by the state that rankings are decided by.

use std::collections::HashMap;

use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::own_eligibility::{self, GroupUse};
use okaeri_engine::domain::policy::Problem;
use okaeri_engine::domain::visibility::may_read_evaluation;
use okaeri_engine::domain::{
    AlumnusId, CompanyId, OpportunityKind, OwnEligibility, Policy, PolicyVersion, Programme, Standing, Viewer,
};

use super::validate::{Checks, TEXT_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Transaction, alumni, programmes};

/// The viewer's company's programme; the default rules where there is none yet.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn find(app: &App, viewer: &Viewer) -> Result<Programme, Fault> {
    let programme = programmes::find(&app.db, viewer.company_id).await?;
    Ok(programme.unwrap_or_else(|| Programme::new(viewer.company_id, Policy::default())))
}

/// At most `limit` versions of the rules below `before`, latest first.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn list_versions(
    app: &App,
    viewer: &Viewer,
    before: Option<u64>,
    limit: u64,
) -> Result<Vec<PolicyVersion>, Fault> {
    Ok(programmes::list_versions(&app.db, viewer.company_id, before, limit).await?)
}

/// What an administrator sets.
#[derive(Clone, Debug)]
pub struct NewPolicy {
    /// All of the rules.
    pub policy: Policy,
    /// The version that was read.
    pub expected_version: u64,
    /// Why they change.
    pub note: Option<String>,
}

/// Puts other rules in force. Rules that are as they were change nothing.
pub async fn update(app: &App, viewer: &Viewer, new: NewPolicy) -> Result<Programme, Failure> {
    let mut checks = Checks::default();
    checks.optional("note", new.note.as_deref(), TEXT_LENGTH_MAX);
    checks.rejections.extend(rejections(&new.policy, "policy"));
    checks.finish()?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let Some(earlier) = programmes::find(&tx, viewer.company_id).await? else {
        return Err(Rejection::not_found("", "programme", "プログラム").into());
    };
    if earlier.version != new.expected_version {
        return Err(conflict(earlier.version, new.expected_version).into());
    }
    if earlier.policy == new.policy {
        return Ok(earlier);
    }
    let next = PolicyVersion {
        policy: new.policy,
        version: earlier.version + 1,
        changed_by: Some(viewer.subject.clone()),
        note: new.note,
        changed_at: now,
    };
    let expected_version = new.expected_version;
    if !put_in_force(&tx, viewer.company_id, &next).await? {
        return Err(conflict(earlier.version, expected_version).into());
    }
    tx.commit().await?;
    Ok(Programme {
        company_id: viewer.company_id,
        policy: next.policy,
        version: next.version,
    })
}

/// Writes the next version and what follows from it, in the transaction: a programme that keeps no evaluations has none.
/// Returns `false`, with nothing written, unless the version before it is in force.
///
/// # Errors
///
/// When the database cannot be written.
pub async fn put_in_force(
    tx: &Transaction,
    company_id: CompanyId,
    next: &PolicyVersion,
) -> Result<bool, Fault> {
    if !programmes::put_in_force(tx, company_id, next).await? {
        return Ok(false);
    }
    if !next.policy.keeps_evaluations {
        alumni::delete_evaluations(tx, company_id).await?;
    }
    change_log::append(tx, company_id, Change::ProgrammeChanged, next.changed_at).await?;
    Ok(true)
}

/// Everything that is wrong with a policy, blaming fields below `at`, by their names in the schema.
#[must_use]
pub fn rejections(policy: &Policy, at: &str) -> Vec<Rejection> {
    let rejection = |problem: Problem| {
        let field = format!("{at}.{}", camel_case(&problem.field));
        let english = format!("{} {}", camel_case(&problem.field), problem.wrong.english());
        Rejection::new(code(&problem), &field, english, problem.wrong.japanese())
    };
    policy.problems().into_iter().map(rejection).collect()
}

fn code(problem: &Problem) -> RejectionCode {
    use okaeri_engine::domain::policy::Wrong;
    match problem.wrong {
        Wrong::OutOfRange { .. } | Wrong::MoreThanAll { .. } => RejectionCode::OutOfRange,
        Wrong::Blank | Wrong::Empty | Wrong::Nothing => RejectionCode::Blank,
        Wrong::TooLong { .. } | Wrong::TooMany { .. } => RejectionCode::TooLong,
        Wrong::Control | Wrong::UnknownCompany { .. } => RejectionCode::Invalid,
        Wrong::Repeated { .. } => RejectionCode::Taken,
    }
}

/// A name of the domain as the schema spells it: `quiet_period_days` is quietPeriodDays.
#[must_use]
pub fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_next_upper = false;
    for c in name.chars() {
        match c {
            '_' => is_next_upper = true,
            _ if is_next_upper => {
                camel.extend(c.to_uppercase());
                is_next_upper = false;
            }
            _ => camel.push(c),
        }
    }
    camel
}

fn conflict(found: u64, expected: u64) -> Rejection {
    Rejection::new(
        RejectionCode::VersionConflict,
        "expectedVersion",
        format!("the policy has version {found}, not {expected}: read it again"),
        format!("規則はすでに変更されています（版{found}）。読み直してください"),
    )
}

/// What a person is told about the programme.
#[derive(Clone, Debug)]
pub struct Told {
    /// The rules that were asked.
    pub policy: Policy,
    /// Whether the person may be ranked, for every kind in the schema's order.
    pub eligibility: Vec<OwnEligibility>,
    /// Which companies of the group may use the person's data for what.
    pub group_uses: Vec<GroupUse>,
}

/// Asks the programme's rules about the viewer's own record, in the state that rankings read.
///
/// # Errors
///
/// When the projection cannot be brought up to date.
pub async fn tell(app: &App, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<Option<Told>, Fault> {
    let projection = app.projections.barrier(viewer.company_id).await?;
    let today = japan_date(app.clock.now());
    let state = projection.state();
    let ask = |standing: &Standing| Told {
        policy: state.policy.clone(),
        eligibility: OpportunityKind::ALL
            .iter()
            .map(|kind| OwnEligibility::new(&state.policy, standing, *kind, today))
            .collect(),
        group_uses: own_eligibility::group_uses(&state.policy, standing),
    };
    Ok(state.pool.standing(alumnus_id).map(ask))
}

/// The evaluations of those of these people whose evaluation the viewer may read.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn load_evaluations(
    app: &App,
    viewer: &Viewer,
    ids: &[AlumnusId],
) -> Result<HashMap<AlumnusId, String>, Fault> {
    let readable: Vec<AlumnusId> = ids
        .iter()
        .copied()
        .filter(|id| may_read_evaluation(viewer, *id))
        .collect();
    if readable.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(alumni::load_evaluations(&app.db, viewer.company_id, &readable).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_by_the_schemas_name_of_its_field() {
        let policy = Policy {
            quiet_period_days: 9_999,
            approach_cap: Some(okaeri_engine::domain::ApproachCap {
                max_approaches: 0,
                days: 30,
            }),
            ..Policy::default()
        };
        let told: Vec<(String, RejectionCode)> = rejections(&policy, "policy")
            .into_iter()
            .map(|rejection| (rejection.field.join("."), rejection.code))
            .collect();
        assert_eq!(
            told,
            [
                ("policy.quietPeriodDays".to_owned(), RejectionCode::OutOfRange),
                (
                    "policy.approachCap.maxApproaches".to_owned(),
                    RejectionCode::OutOfRange
                ),
            ]
        );
        assert_eq!(camel_case("feed_new_items_per_week"), "feedNewItemsPerWeek");
    }
}
