//! Recruiters' rejections: always by a person, with a reason. Read from the candidacies that ended by them.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::candidacy::{Candidacy, CandidacyState, CandidacyStatus};
use okaeri_engine::domain::{AlumnusId, CompanyId, OpportunityId};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};

use super::candidacies;
use super::database::Reads;
use super::entity::candidacy;
use super::error::DbError;

/// A candidate whom a recruiter does not want for an opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Whom.
    pub alumnus_id: AlumnusId,
    /// For which.
    pub opportunity_id: OpportunityId,
    /// Which member of staff: the token's subject.
    pub rejected_by: String,
    /// Why, in the recruiter's words.
    pub reason: String,
    /// When.
    pub rejected_at: DateTime<Utc>,
}

/// The opportunity's rejections, by person.
pub async fn list_for_opportunity(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<Vec<Rejection>, DbError> {
    let of_opportunity = Condition::all().add(candidacy::Column::OpportunityId.eq(opportunity_id.0));
    list(db, company_id, of_opportunity).await
}

/// All rejections of the company, by person.
pub async fn list_all(db: &impl Reads, company_id: CompanyId) -> Result<Vec<Rejection>, DbError> {
    list(db, company_id, Condition::all()).await
}

/// The person's rejections; for the person's own export.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Rejection>, DbError> {
    let of_person = Condition::all().add(candidacy::Column::AlumnusId.eq(alumnus_id.0));
    list(db, company_id, of_person).await
}

async fn list(
    db: &impl Reads,
    company_id: CompanyId,
    condition: Condition,
) -> Result<Vec<Rejection>, DbError> {
    let rows = candidacies::of_company(company_id)
        .filter(candidacy::Column::State.eq(CandidacyStatus::Rejected.code()))
        .filter(condition)
        .order_by_asc(candidacy::Column::AlumnusId)
        .order_by_asc(candidacy::Column::OpportunityId);
    let found = candidacies::all(db, rows).await?;
    Ok(found.into_iter().filter_map(rejection).collect())
}

fn rejection(candidacy: Candidacy) -> Option<Rejection> {
    match candidacy.state {
        CandidacyState::Rejected { by, reason } => Some(Rejection {
            alumnus_id: candidacy.alumnus_id,
            opportunity_id: candidacy.opportunity_id,
            rejected_by: by,
            reason,
            rejected_at: candidacy.changed_at,
        }),
        CandidacyState::Shortlisted
        | CandidacyState::Unlisted
        | CandidacyState::Interested
        | CandidacyState::Invited
        | CandidacyState::Accepted
        | CandidacyState::Declined { .. }
        | CandidacyState::Snoozed { .. }
        | CandidacyState::InvitationWithdrawn
        | CandidacyState::InConversation
        | CandidacyState::Agreed
        | CandidacyState::Concluded { .. }
        | CandidacyState::InterestWithdrawn => None,
    }
}
