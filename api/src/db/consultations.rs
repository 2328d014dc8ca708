//! Consultations: kept apart from candidacies, so that nothing that is read for one betrays the other.

use okaeri_engine::domain::{AlumnusId, CompanyId, Consultation, ConsultationId, OpportunityId};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::codec::{conflict_ignored, id_lists, instant};
use super::database::{Reads, Transaction};
use super::entity::consultation;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<consultation::Entity> {
    consultation::Entity::find().filter(consultation::Column::CompanyId.eq(company_id.0))
}

async fn all(db: &impl Reads, rows: Select<consultation::Entity>) -> Result<Vec<Consultation>, DbError> {
    Ok(rows
        .all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect())
}

/// The consultation with this identifier. The caller still has to decide who may learn of it.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: ConsultationId,
) -> Result<Option<Consultation>, DbError> {
    let rows = of_company(company_id).filter(consultation::Column::Id.eq(id.0));
    Ok(rows.one(db.connection()).await?.map(to_domain))
}

/// The consultations with these identifiers, by identifier; unknown ones are left out. One statement per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[ConsultationId],
) -> Result<Vec<Consultation>, DbError> {
    let mut consultations = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(consultation::Column::Id.is_in(ids))
            .order_by_asc(consultation::Column::Id);
        consultations.extend(all(db, rows).await?);
    }
    Ok(consultations)
}

/// All consultations of the company, by identifier, which is the order in which they began.
pub async fn list_all(db: &impl Reads, company_id: CompanyId) -> Result<Vec<Consultation>, DbError> {
    all(db, of_company(company_id).order_by_asc(consultation::Column::Id)).await
}

/// The person's consultations, by identifier.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Consultation>, DbError> {
    let rows = of_company(company_id)
        .filter(consultation::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_asc(consultation::Column::Id);
    all(db, rows).await
}

/// Adds a consultation, unless the person has one about the opportunity. Returns the one that stands.
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    new: &Consultation,
) -> Result<Consultation, DbError> {
    let row = consultation::Model {
        id: new.id.0,
        company_id: company_id.0,
        alumnus_id: new.alumnus_id.0,
        opportunity_id: new.opportunity_id.0,
        opened_at: instant(new.opened_at),
    };
    consultation::Entity::insert(row.into_active_model())
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    let rows = of_company(company_id)
        .filter(consultation::Column::AlumnusId.eq(new.alumnus_id.0))
        .filter(consultation::Column::OpportunityId.eq(new.opportunity_id.0));
    let standing = rows.one(tx.inner()).await?.map(to_domain);
    standing.ok_or_else(|| DbError::Fault("a written consultation is missing".to_owned()))
}

fn to_domain(row: consultation::Model) -> Consultation {
    Consultation {
        id: ConsultationId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        opportunity_id: OpportunityId(row.opportunity_id),
        opened_at: row.opened_at,
    }
}
