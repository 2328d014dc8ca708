//! Alumni programmes, one per company.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{CompanyId, Policy, Programme};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::codec::{decode_json, encode_json, instant};
use super::database::{Reads, Transaction};
use super::entity::programme;
use super::error::DbError;

/// The company's programme.
pub async fn find(db: &impl Reads, company_id: CompanyId) -> Result<Option<Programme>, DbError> {
    let Some(row) = programme::Entity::find_by_id(company_id.0)
        .one(db.connection())
        .await?
    else {
        return Ok(None);
    };
    let policy = decode_json("programme.policy", row.policy)?;
    Ok(Some(Programme { company_id, policy }))
}

/// Adds a programme. [`DbError::UniqueViolation`] when the company has one.
pub async fn insert(tx: &Transaction, programme: &Programme, at: DateTime<Utc>) -> Result<(), DbError> {
    let row = programme::Model {
        company_id: programme.company_id.0,
        policy: encode_json("programme.policy", &programme.policy)?,
        updated_at: instant(at),
    };
    programme::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Replaces the policy. Returns whether the company has a programme.
pub async fn update_policy(
    tx: &Transaction,
    company_id: CompanyId,
    policy: &Policy,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changes = programme::ActiveModel {
        policy: Set(encode_json("programme.policy", policy)?),
        updated_at: Set(instant(at)),
        ..Default::default()
    };
    let updated = programme::Entity::update_many()
        .set(changes)
        .filter(programme::Column::CompanyId.eq(company_id.0))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}
