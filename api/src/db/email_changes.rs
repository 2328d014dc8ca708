//! Changes of a person's address: asked for, and confirmed by a link to the new address.
//!
//! - The addresses lie here so that the queue of mail holds none, and only as long as that mail may have to be sent.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, EmailChangeId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::codec::instant;
use super::database::{Reads, Transaction};
use super::entity::email_change;
use super::error::DbError;

/// A change of address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    /// The identifier.
    pub id: EmailChangeId,
    /// Whose.
    pub alumnus_id: AlumnusId,
    /// The address that the record carried; `None`: none.
    pub old_email: Option<String>,
    /// The new one.
    pub new_email: String,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it was made; `None`: not yet.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Adds a change.
pub async fn insert(tx: &Transaction, company_id: CompanyId, change: &EmailChange) -> Result<(), DbError> {
    let row = email_change::Model {
        id: change.id.0,
        company_id: company_id.0,
        alumnus_id: change.alumnus_id.0,
        old_email: change.old_email.clone(),
        new_email: change.new_email.clone(),
        requested_at: instant(change.requested_at),
        confirmed_at: change.confirmed_at.map(instant),
    };
    email_change::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// The change with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: EmailChangeId,
) -> Result<Option<EmailChange>, DbError> {
    let row = email_change::Entity::find_by_id(id.0)
        .filter(email_change::Column::CompanyId.eq(company_id.0))
        .one(db.connection())
        .await?;
    Ok(row.map(|row| EmailChange {
        id: EmailChangeId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        old_email: row.old_email,
        new_email: row.new_email,
        requested_at: row.requested_at,
        confirmed_at: row.confirmed_at,
    }))
}

/// Records that it was made. Returns `false`, and writes nothing, when it was before.
pub async fn confirm(
    tx: &Transaction,
    company_id: CompanyId,
    id: EmailChangeId,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changes = email_change::ActiveModel {
        confirmed_at: Set(Some(instant(at))),
        ..Default::default()
    };
    let updated = email_change::Entity::update_many()
        .set(changes)
        .filter(email_change::Column::CompanyId.eq(company_id.0))
        .filter(email_change::Column::Id.eq(id.0))
        .filter(email_change::Column::ConfirmedAt.is_null())
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Deletes the changes of all companies that were asked for before `at`. Returns how many.
pub async fn delete_before(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = email_change::Column::RequestedAt.lt(instant(at));
    let deleted = email_change::Entity::delete_many()
        .filter(old)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};

    #[tokio::test]
    async fn a_change_is_made_once_and_forgotten_after_a_while() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let change = EmailChange {
                id: EmailChangeId(uuid(7)),
                alumnus_id: AlumnusId(uuid(1)),
                old_email: None,
                new_email: "new@example.jp".to_owned(),
                requested_at: instant(now()),
                confirmed_at: None,
            };
            let tx = db.begin_for(AOBA).await.unwrap();
            insert(&tx, AOBA, &change).await.unwrap();
            assert_eq!(find(&tx, AOBA, change.id).await.unwrap(), Some(change.clone()));
            assert_eq!(find(&tx, MIDORI, change.id).await.unwrap(), None);
            assert!(!confirm(&tx, MIDORI, change.id, now()).await.unwrap());
            assert!(confirm(&tx, AOBA, change.id, now()).await.unwrap());
            assert!(!confirm(&tx, AOBA, change.id, now()).await.unwrap());
            assert_eq!(delete_before(&tx, now()).await.unwrap(), 0);
            let later = now() + chrono::TimeDelta::days(1);
            assert_eq!(delete_before(&tx, later).await.unwrap(), 1);
        })
        .await;
    }
}
