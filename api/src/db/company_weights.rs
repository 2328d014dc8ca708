//! What a company's recruiters' decisions taught its ranking: one state per company. It holds no person; lists keep the
//! model that they were ranked by with their record.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::CompanyId;
use okaeri_engine::ranking::learn::CompanyWeights;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::codec::instant;
use super::database::{Reads, Transaction};
use super::entity::company_weights;
use super::error::DbError;

/// The company's state; `None` where nothing was learnt, or another version of the server wrote it in a form of its own.
pub async fn find(db: &impl Reads, company_id: CompanyId) -> Result<Option<CompanyWeights>, DbError> {
    let row = company_weights::Entity::find_by_id(company_id.0)
        .one(db.connection())
        .await?;
    let read = row.and_then(|row| postcard::from_bytes::<CompanyWeights>(&row.state).ok());
    Ok(read.filter(CompanyWeights::is_readable))
}

/// Puts a state in the place of the one before.
pub async fn set(
    tx: &Transaction,
    company_id: CompanyId,
    weights: &CompanyWeights,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let state = postcard::to_stdvec(weights).map_err(|_| DbError::corrupt("company_weights.state"))?;
    let row = company_weights::Model {
        company_id: company_id.0,
        state,
        updated_at: instant(at),
    };
    let in_its_place = OnConflict::column(company_weights::Column::CompanyId)
        .update_columns([company_weights::Column::State, company_weights::Column::UpdatedAt])
        .to_owned();
    company_weights::Entity::insert(row.into_active_model())
        .on_conflict(in_its_place)
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Forgets what was learnt. Returns whether there was anything.
pub async fn delete(tx: &Transaction, company_id: CompanyId) -> Result<bool, DbError> {
    let deleted = company_weights::Entity::delete_by_id(company_id.0)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected > 0)
}
