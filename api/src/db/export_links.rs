//! One-time links to a person's export.
//!
//! - Tokens are never stored, only their digests.
//! - The digest finds the company too, because who follows a link says nothing else.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::codec::instant;
use super::database::Transaction;
use super::entity::export_link;
use super::error::DbError;

/// A link that a person asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportLink {
    /// Digest of its token, in hexadecimal.
    pub token_digest: String,
    /// At which company.
    pub company_id: CompanyId,
    /// Whose export it gives.
    pub alumnus_id: AlumnusId,
    /// The first instant at which it no longer works.
    pub expires_at: DateTime<Utc>,
}

/// Adds a link.
pub async fn insert(tx: &Transaction, link: &ExportLink, at: DateTime<Utc>) -> Result<(), DbError> {
    let row = export_link::Model {
        token_digest: link.token_digest.clone(),
        company_id: link.company_id.0,
        alumnus_id: link.alumnus_id.0,
        expires_at: instant(link.expires_at),
        used_at: None,
        created_at: instant(at),
    };
    export_link::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Uses the link up and returns whose export it gives; `None` when it is unknown, used or expired. Of two at once, one
/// gets the export.
pub async fn consume(
    tx: &Transaction,
    token_digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<(CompanyId, AlumnusId)>, DbError> {
    let now = instant(now);
    let changes = export_link::ActiveModel {
        used_at: Set(Some(now)),
        ..Default::default()
    };
    let updated = export_link::Entity::update_many()
        .set(changes)
        .filter(export_link::Column::TokenDigest.eq(token_digest))
        .filter(export_link::Column::UsedAt.is_null())
        .filter(export_link::Column::ExpiresAt.gt(now))
        .exec(tx.inner())
        .await?;
    if updated.rows_affected == 0 {
        return Ok(None);
    }
    let row = export_link::Entity::find_by_id(token_digest)
        .one(tx.inner())
        .await?;
    Ok(row.map(|row| (CompanyId(row.company_id), AlumnusId(row.alumnus_id))))
}

/// Deletes the person's links. Returns how many.
pub async fn delete_for(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<u64, DbError> {
    let deleted = export_link::Entity::delete_many()
        .filter(export_link::Column::CompanyId.eq(company_id.0))
        .filter(export_link::Column::AlumnusId.eq(alumnus_id.0))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

/// Deletes the links of all companies that expired before `at`. Returns how many.
pub async fn delete_expired(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = export_link::Column::ExpiresAt.lt(instant(at));
    let deleted = export_link::Entity::delete_many()
        .filter(old)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}
