//! Candidacies with their history: one per person and opportunity.
//!
//! - A step is stored with its record or not at all; records are added and never changed.
//! - Of two who take the same step at once, one writes: the version says which state a step was taken from.

use std::collections::{BTreeSet, HashSet};

use okaeri_engine::domain::candidacy::{
    Actor, Candidacy, CandidacyState, CandidacyStatus, Letter, OutcomeKind, Step, Transition,
};
use okaeri_engine::domain::{AlumnusId, CandidacyId, CompanyId, DeclineReason, OpportunityId, Role};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::codec::{
    VALUES_MAX, conflict_ignored, decode, decode_number, encode_number, id_lists, instant, n_inserted,
};
use super::database::{Reads, Transaction};
use super::entity::{candidacy, candidacy_transition};
use super::error::DbError;

pub(super) fn of_company(company_id: CompanyId) -> Select<candidacy::Entity> {
    candidacy::Entity::find().filter(candidacy::Column::CompanyId.eq(company_id.0))
}

pub(super) async fn all(db: &impl Reads, rows: Select<candidacy::Entity>) -> Result<Vec<Candidacy>, DbError> {
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// The candidacy with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: CandidacyId,
) -> Result<Option<Candidacy>, DbError> {
    let rows = of_company(company_id).filter(candidacy::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The candidacy of this person for this opportunity.
pub async fn find_for(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
) -> Result<Option<Candidacy>, DbError> {
    let rows = of_company(company_id)
        .filter(candidacy::Column::AlumnusId.eq(alumnus_id.0))
        .filter(candidacy::Column::OpportunityId.eq(opportunity_id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The candidacies with these identifiers, by identifier; unknown ones are left out. One statement per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[CandidacyId],
) -> Result<Vec<Candidacy>, DbError> {
    let mut candidacies = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(candidacy::Column::Id.is_in(ids))
            .order_by_asc(candidacy::Column::Id);
        candidacies.extend(all(db, rows).await?);
    }
    Ok(candidacies)
}

/// The person's candidacies, by identifier, which is the order in which they began.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Candidacy>, DbError> {
    let rows = of_company(company_id)
        .filter(candidacy::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_asc(candidacy::Column::Id);
    all(db, rows).await
}

/// The opportunity's candidacies, by identifier, which is the order in which they began.
pub async fn list_for_opportunity(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<Vec<Candidacy>, DbError> {
    let rows = of_company(company_id)
        .filter(candidacy::Column::OpportunityId.eq(opportunity_id.0))
        .order_by_asc(candidacy::Column::Id);
    all(db, rows).await
}

/// The candidacies of these people for these opportunities, for pages of candidates and feeds; pairs without one are
/// left out. One statement per 10,000 pairs.
pub async fn load_for_pairs(
    db: &impl Reads,
    company_id: CompanyId,
    pairs: &[(AlumnusId, OpportunityId)],
) -> Result<Vec<Candidacy>, DbError> {
    let mut candidacies = Vec::new();
    for pairs in pairs.chunks(VALUES_MAX) {
        let wanted: HashSet<_> = pairs.iter().copied().collect();
        let alumni: BTreeSet<_> = pairs.iter().map(|pair| pair.0.0).collect();
        let opportunities: BTreeSet<_> = pairs.iter().map(|pair| pair.1.0).collect();
        // A page shares its opportunity or its person, so the product of both lists is hardly more than the pairs.
        let mut rows = of_company(company_id);
        for ids in id_lists(alumni.into_iter()) {
            rows = rows.filter(candidacy::Column::AlumnusId.is_in(ids));
        }
        for ids in id_lists(opportunities.into_iter()) {
            rows = rows.filter(candidacy::Column::OpportunityId.is_in(ids));
        }
        let rows = rows.order_by_asc(candidacy::Column::Id);
        let found = all(db, rows).await?.into_iter();
        candidacies.extend(found.filter(|one| wanted.contains(&(one.alumnus_id, one.opportunity_id))));
    }
    Ok(candidacies)
}

/// How many seats of the opportunity are taken: agreed, or come about.
pub async fn count_seats_taken(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<u64, DbError> {
    let taken = holding_seats(company_id).filter(candidacy::Column::OpportunityId.eq(opportunity_id.0));
    Ok(taken.count(db.connection()).await?)
}

/// How many seats of each of these opportunities are taken; those without a taken seat are left out. One statement per
/// 10,000.
pub async fn load_seats_taken(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[OpportunityId],
) -> Result<Vec<(OpportunityId, u64)>, DbError> {
    let mut taken = Vec::new();
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let counted: Vec<(uuid::Uuid, i64)> = holding_seats(company_id)
            .filter(candidacy::Column::OpportunityId.is_in(ids))
            .select_only()
            .column(candidacy::Column::OpportunityId)
            .column_as(candidacy::Column::Id.count(), "n_taken")
            .group_by(candidacy::Column::OpportunityId)
            .into_tuple()
            .all(db.connection())
            .await?;
        for (id, n_taken) in counted {
            taken.push((OpportunityId(id), decode_number("candidacy.id", n_taken)?));
        }
    }
    Ok(taken)
}

fn holding_seats(company_id: CompanyId) -> Select<candidacy::Entity> {
    let outcomes = OutcomeKind::ALL.iter().filter(|outcome| outcome.holds_seat());
    let holds = Condition::any()
        .add(candidacy::Column::State.eq(CandidacyStatus::Agreed.code()))
        .add(candidacy::Column::Outcome.is_in(outcomes.map(|outcome| outcome.code())));
    of_company(company_id).filter(holds)
}

/// The steps of these candidacies, by candidacy, first step first. One statement per 10,000.
pub async fn load_transitions(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[CandidacyId],
) -> Result<Vec<Transition>, DbError> {
    let mut transitions = Vec::new();
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = candidacy_transition::Entity::find()
            .filter(candidacy_transition::Column::CompanyId.eq(company_id.0))
            .filter(candidacy_transition::Column::CandidacyId.is_in(ids))
            .order_by_asc(candidacy_transition::Column::CandidacyId)
            .order_by_asc(candidacy_transition::Column::Version);
        for row in rows.all(db.connection()).await? {
            transitions.push(to_transition(row)?);
        }
    }
    Ok(transitions)
}

/// Stores a step: the state and its record. Returns `false`, and writes nothing, when the candidacy took another step
/// meanwhile, or somebody else began it.
pub async fn save(tx: &Transaction, company_id: CompanyId, step: &Step) -> Result<bool, DbError> {
    let row = to_row(company_id, &step.candidacy)?;
    let is_written = if step.candidacy.version == 1 {
        let inserted = candidacy::Entity::insert(row.into_active_model())
            .on_conflict(conflict_ignored())
            .try_insert()
            .exec_without_returning(tx.inner())
            .await?;
        n_inserted(&inserted) == 1
    } else {
        let former = row.version - 1;
        let (id, mut changes) = (row.id, row.into_active_model().reset_all());
        changes.id = NotSet;
        changes.company_id = NotSet;
        let updated = candidacy::Entity::update_many()
            .set(changes)
            .filter(candidacy::Column::CompanyId.eq(company_id.0))
            .filter(candidacy::Column::Id.eq(id))
            .filter(candidacy::Column::Version.eq(former))
            .exec(tx.inner())
            .await?;
        updated.rows_affected == 1
    };
    if !is_written {
        return Ok(false);
    }
    let transition = &step.transition;
    let record = candidacy_transition::ActiveModel {
        company_id: Set(company_id.0),
        candidacy_id: Set(transition.candidacy_id.0),
        version: Set(encode_number("candidacy_transition.version", transition.version)?),
        from_state: Set(transition.from.map(|from| from.code().to_owned())),
        to_state: Set(transition.to.code().to_owned()),
        actor_role: Set(transition.by.role.code().to_owned()),
        actor: Set(transition.by.subject.clone()),
        at: Set(instant(transition.at)),
        reason: Set(transition.reason.clone()),
    };
    candidacy_transition::Entity::insert(record)
        .exec_without_returning(tx.inner())
        .await?;
    Ok(true)
}

fn to_row(company_id: CompanyId, candidacy: &Candidacy) -> Result<candidacy::Model, DbError> {
    let mut row = candidacy::Model {
        id: candidacy.id.0,
        company_id: company_id.0,
        alumnus_id: candidacy.alumnus_id.0,
        opportunity_id: candidacy.opportunity_id.0,
        state: candidacy.state.status().code().to_owned(),
        interested_at: candidacy.interested_at.map(instant),
        invitation_message: None,
        invited_by: None,
        invited_at: None,
        answered_at: None,
        decline_reason: None,
        snoozed_until: None,
        outcome: None,
        decided_by: None,
        reason: None,
        began_at: instant(candidacy.began_at),
        changed_at: instant(candidacy.changed_at),
        version: encode_number("candidacy.version", candidacy.version)?,
    };
    if let Some(letter) = &candidacy.letter {
        row.invitation_message.clone_from(&letter.message);
        row.invited_by = Some(letter.invited_by.clone());
        row.invited_at = Some(instant(letter.sent_at));
        row.answered_at = letter.answered_at.map(instant);
    }
    match &candidacy.state {
        CandidacyState::Declined { reason } => row.decline_reason = Some(reason.code().to_owned()),
        CandidacyState::Snoozed { until } => row.snoozed_until = Some(*until),
        CandidacyState::Concluded { outcome, reason } => {
            row.outcome = Some(outcome.code().to_owned());
            row.reason.clone_from(reason);
        }
        CandidacyState::Rejected { by, reason } => {
            row.decided_by = Some(by.clone());
            row.reason = Some(reason.clone());
        }
        CandidacyState::Shortlisted
        | CandidacyState::Unlisted
        | CandidacyState::Interested
        | CandidacyState::Invited
        | CandidacyState::Accepted
        | CandidacyState::InvitationWithdrawn
        | CandidacyState::InConversation
        | CandidacyState::Agreed
        | CandidacyState::InterestWithdrawn => {}
    }
    Ok(row)
}

fn to_domain(row: candidacy::Model) -> Result<Candidacy, DbError> {
    let letter = match (row.invited_by, row.invited_at) {
        (Some(invited_by), Some(sent_at)) => Some(Letter {
            message: row.invitation_message,
            invited_by,
            sent_at,
            answered_at: row.answered_at,
        }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(DbError::corrupt("candidacy.invited_at")),
    };
    let corrupt = || DbError::corrupt("candidacy.state");
    let state = match decode("candidacy.state", &row.state, CandidacyStatus::from_code)? {
        CandidacyStatus::Shortlisted => CandidacyState::Shortlisted,
        CandidacyStatus::Unlisted => CandidacyState::Unlisted,
        CandidacyStatus::Interested => CandidacyState::Interested,
        CandidacyStatus::Invited => CandidacyState::Invited,
        CandidacyStatus::Accepted => CandidacyState::Accepted,
        CandidacyStatus::Declined => {
            let code = row.decline_reason.ok_or_else(corrupt)?;
            let reason = decode("candidacy.decline_reason", &code, DeclineReason::from_code)?;
            CandidacyState::Declined { reason }
        }
        CandidacyStatus::Snoozed => CandidacyState::Snoozed {
            until: row.snoozed_until.ok_or_else(corrupt)?,
        },
        CandidacyStatus::InvitationWithdrawn => CandidacyState::InvitationWithdrawn,
        CandidacyStatus::InConversation => CandidacyState::InConversation,
        CandidacyStatus::Agreed => CandidacyState::Agreed,
        CandidacyStatus::Concluded => {
            let code = row.outcome.ok_or_else(corrupt)?;
            CandidacyState::Concluded {
                outcome: decode("candidacy.outcome", &code, OutcomeKind::from_code)?,
                reason: row.reason,
            }
        }
        CandidacyStatus::InterestWithdrawn => CandidacyState::InterestWithdrawn,
        CandidacyStatus::Rejected => CandidacyState::Rejected {
            by: row.decided_by.ok_or_else(corrupt)?,
            reason: row.reason.ok_or_else(corrupt)?,
        },
    };
    Ok(Candidacy {
        id: CandidacyId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        opportunity_id: OpportunityId(row.opportunity_id),
        state,
        interested_at: row.interested_at,
        letter,
        began_at: row.began_at,
        changed_at: row.changed_at,
        version: decode_number("candidacy.version", row.version)?,
    })
}

fn to_transition(row: candidacy_transition::Model) -> Result<Transition, DbError> {
    let status = |code: &str| decode("candidacy_transition.to_state", code, CandidacyStatus::from_code);
    Ok(Transition {
        candidacy_id: CandidacyId(row.candidacy_id),
        version: decode_number("candidacy_transition.version", row.version)?,
        from: row.from_state.as_deref().map(status).transpose()?,
        to: status(&row.to_state)?,
        by: Actor {
            role: decode(
                "candidacy_transition.actor_role",
                &row.actor_role,
                Role::from_code,
            )?,
            subject: row.actor,
        },
        at: row.at,
        reason: row.reason,
    })
}

#[cfg(test)]
#[path = "candidacies_tests.rs"]
mod tests;
