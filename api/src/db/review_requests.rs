//! Requests to be looked at without the ranking: one per person and opportunity.

use okaeri_engine::domain::review::{ReviewAnswer, ReviewOutcome, ReviewRequest, ReviewState};
use okaeri_engine::domain::{AlumnusId, CompanyId, OpportunityId, ReviewRequestId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::codec::{conflict_ignored, decode, instant};
use super::database::{Reads, Transaction};
use super::entity::review_request;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<review_request::Entity> {
    review_request::Entity::find().filter(review_request::Column::CompanyId.eq(company_id.0))
}

async fn all(db: &impl Reads, rows: Select<review_request::Entity>) -> Result<Vec<ReviewRequest>, DbError> {
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// The request with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: ReviewRequestId,
) -> Result<Option<ReviewRequest>, DbError> {
    let rows = of_company(company_id).filter(review_request::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The person's request for this opportunity.
pub async fn find_for(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
) -> Result<Option<ReviewRequest>, DbError> {
    let rows = of_company(company_id)
        .filter(review_request::Column::AlumnusId.eq(alumnus_id.0))
        .filter(review_request::Column::OpportunityId.eq(opportunity_id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The opportunity's requests, earliest first.
pub async fn list_for_opportunity(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<Vec<ReviewRequest>, DbError> {
    let rows = of_company(company_id)
        .filter(review_request::Column::OpportunityId.eq(opportunity_id.0))
        .order_by_asc(review_request::Column::Id);
    all(db, rows).await
}

/// The person's requests, latest first.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<ReviewRequest>, DbError> {
    let rows = of_company(company_id)
        .filter(review_request::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_desc(review_request::Column::Id);
    all(db, rows).await
}

/// Adds a request, unless the person has made it before. Returns the one that stands.
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    request: &ReviewRequest,
) -> Result<ReviewRequest, DbError> {
    let row = review_request::Model {
        id: request.id.0,
        company_id: company_id.0,
        alumnus_id: request.alumnus_id.0,
        opportunity_id: request.opportunity_id.0,
        requested_at: instant(request.requested_at),
        answered_at: None,
        answered_by: None,
        outcome: None,
        reason: None,
    };
    review_request::Entity::insert(row.into_active_model())
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    let standing = find_for(tx, company_id, request.alumnus_id, request.opportunity_id).await?;
    standing.ok_or_else(|| DbError::Fault("a written request is missing".to_owned()))
}

/// Writes an answer. Returns `false`, and writes nothing, when there is one: the first stands.
pub async fn update_answer(
    tx: &Transaction,
    company_id: CompanyId,
    id: ReviewRequestId,
    answer: &ReviewAnswer,
) -> Result<bool, DbError> {
    let changes = review_request::ActiveModel {
        answered_at: Set(Some(instant(answer.at))),
        answered_by: Set(Some(answer.by.clone())),
        outcome: Set(Some(answer.outcome.code().to_owned())),
        reason: Set(Some(answer.reason.clone())),
        ..Default::default()
    };
    let updated = review_request::Entity::update_many()
        .set(changes)
        .filter(review_request::Column::CompanyId.eq(company_id.0))
        .filter(review_request::Column::Id.eq(id.0))
        .filter(review_request::Column::AnsweredAt.is_null())
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

fn to_domain(row: review_request::Model) -> Result<ReviewRequest, DbError> {
    let state = match (row.answered_at, row.answered_by, row.outcome, row.reason) {
        (None, None, None, None) => ReviewState::Waiting,
        (Some(at), Some(by), Some(outcome), Some(reason)) => ReviewState::Answered(ReviewAnswer {
            at,
            by,
            outcome: decode("review_request.outcome", &outcome, ReviewOutcome::from_code)?,
            reason,
        }),
        _ => return Err(DbError::corrupt("review_request.answered_at")),
    };
    Ok(ReviewRequest {
        id: ReviewRequestId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        opportunity_id: OpportunityId(row.opportunity_id),
        requested_at: row.requested_at,
        state,
    })
}
