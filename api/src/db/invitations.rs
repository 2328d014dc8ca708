//! Recruiters' approaches, read from the candidacies that they are a part of and share their keys with.

use okaeri_engine::domain::{AlumnusId, Candidacy, CompanyId, Invitation, InvitationId, OpportunityId};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Select};

use super::candidacies;
use super::codec::id_lists;
use super::database::Reads;
use super::entity::candidacy;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<candidacy::Entity> {
    candidacies::of_company(company_id).filter(candidacy::Column::InvitedAt.is_not_null())
}

async fn all(db: &impl Reads, rows: Select<candidacy::Entity>) -> Result<Vec<Invitation>, DbError> {
    let found = candidacies::all(db, rows).await?;
    Ok(found.iter().filter_map(Candidacy::invitation).collect())
}

/// The invitations with these identifiers, by identifier; unknown ones are left out. One statement per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[InvitationId],
) -> Result<Vec<Invitation>, DbError> {
    let mut invitations = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(candidacy::Column::Id.is_in(ids))
            .order_by_asc(candidacy::Column::Id);
        invitations.extend(all(db, rows).await?);
    }
    Ok(invitations)
}

/// The person's invitations, latest first.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Invitation>, DbError> {
    let rows = of_company(company_id)
        .filter(candidacy::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_desc(candidacy::Column::InvitedAt)
        .order_by_desc(candidacy::Column::Id);
    all(db, rows).await
}

/// The opportunity's invitations, latest first.
pub async fn list_for_opportunity(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<Vec<Invitation>, DbError> {
    let rows = of_company(company_id)
        .filter(candidacy::Column::OpportunityId.eq(opportunity_id.0))
        .order_by_desc(candidacy::Column::InvitedAt)
        .order_by_desc(candidacy::Column::Id);
    all(db, rows).await
}

/// The invitations of these people for these opportunities; pairs without one are left out. One statement per 10,000
/// pairs.
pub async fn load_for_pairs(
    db: &impl Reads,
    company_id: CompanyId,
    pairs: &[(AlumnusId, OpportunityId)],
) -> Result<Vec<Invitation>, DbError> {
    let found = candidacies::load_for_pairs(db, company_id, pairs).await?;
    Ok(found.iter().filter_map(Candidacy::invitation).collect())
}
