//! One-time sign-in links.
//!
//! - Tokens are never stored, only their digests: who reads the table can sign in as nobody.
//! - The digest finds the company too, because who follows a link has none yet.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::codec::instant;
use super::database::{Reads, Transaction};
use super::entity::sign_in_link;
use super::error::DbError;

/// A link that was sent to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInLink {
    /// Keyed digest of its token, in hexadecimal.
    pub token_digest: String,
    /// At which company.
    pub company_id: CompanyId,
    /// Whom it signs in.
    pub alumnus_id: AlumnusId,
    /// The first instant at which it no longer works.
    pub expires_at: DateTime<Utc>,
}

/// Adds a link.
pub async fn insert(tx: &Transaction, link: &SignInLink, at: DateTime<Utc>) -> Result<(), DbError> {
    let row = sign_in_link::Model {
        token_digest: link.token_digest.clone(),
        company_id: link.company_id.0,
        alumnus_id: link.alumnus_id.0,
        expires_at: instant(link.expires_at),
        used_at: None,
        created_at: instant(at),
    };
    sign_in_link::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// The company of the link with this digest, as long as it works; it goes on to. Who follows it locks that company before
/// [`consume`], as whoever deletes a person's links does: the other way round, the two would wait for each other.
pub async fn find_company(
    db: &impl Reads,
    token_digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<CompanyId>, DbError> {
    let row = sign_in_link::Entity::find_by_id(token_digest)
        .filter(sign_in_link::Column::UsedAt.is_null())
        .filter(sign_in_link::Column::ExpiresAt.gt(instant(now)))
        .one(db.connection())
        .await?;
    Ok(row.map(|row| CompanyId(row.company_id)))
}

/// Uses the link up and returns whom it signs in; `None` when it is unknown, used or expired. Of two at once, one
/// gets the person.
pub async fn consume(
    tx: &Transaction,
    token_digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<(CompanyId, AlumnusId)>, DbError> {
    let now = instant(now);
    let changes = sign_in_link::ActiveModel {
        used_at: Set(Some(now)),
        ..Default::default()
    };
    let updated = sign_in_link::Entity::update_many()
        .set(changes)
        .filter(sign_in_link::Column::TokenDigest.eq(token_digest))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .filter(sign_in_link::Column::ExpiresAt.gt(now))
        .exec(tx.inner())
        .await?;
    if updated.rows_affected == 0 {
        return Ok(None);
    }
    let row = sign_in_link::Entity::find_by_id(token_digest)
        .one(tx.inner())
        .await?;
    Ok(row.map(|row| (CompanyId(row.company_id), AlumnusId(row.alumnus_id))))
}

/// Deletes a person's links, used or not: those that were sent to an address which is no longer theirs sign nobody in.
pub async fn delete_for(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<u64, DbError> {
    let deleted = sign_in_link::Entity::delete_many()
        .filter(sign_in_link::Column::CompanyId.eq(company_id.0))
        .filter(sign_in_link::Column::AlumnusId.eq(alumnus_id.0))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

/// Deletes the links of all companies that expired before `at`. Returns how many.
pub async fn delete_expired(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = sign_in_link::Column::ExpiresAt.lt(instant(at));
    let deleted = sign_in_link::Entity::delete_many()
        .filter(old)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Database;
    use crate::db::testing::{AOBA, insert_all, now, on_both, uuid};

    async fn insert_link(db: &Database) -> SignInLink {
        insert_all(db, &[1], &[]).await;
        let link = SignInLink {
            token_digest: "d1".to_owned(),
            company_id: AOBA,
            alumnus_id: AlumnusId(uuid(1)),
            expires_at: "2026-11-20T04:00:00Z".parse().unwrap(),
        };
        let tx = db.begin().await.unwrap();
        insert(&tx, &link, now()).await.unwrap();
        tx.commit().await.unwrap();
        link
    }

    #[tokio::test]
    async fn of_many_who_follow_a_link_at_once_one_signs_in() {
        on_both(async |db| {
            let link = insert_link(&db).await;
            assert_eq!(find_company(&db, "d1", now()).await.unwrap(), Some(AOBA));
            let follow = async || {
                let tx = db.begin().await.unwrap();
                let person = consume(&tx, "d1", now()).await.unwrap();
                tx.commit().await.unwrap();
                person
            };
            let people = futures_util::future::join_all((0..8).map(|_| follow())).await;
            let signed_in: Vec<_> = people.into_iter().flatten().collect();
            assert_eq!(signed_in, [(link.company_id, link.alumnus_id)]);
            assert_eq!(find_company(&db, "d1", now()).await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn a_link_works_until_it_expires_and_an_unknown_one_never() {
        on_both(async |db| {
            let link = insert_link(&db).await;
            assert_eq!(find_company(&db, "d2", now()).await.unwrap(), None);
            assert_eq!(find_company(&db, "d1", link.expires_at).await.unwrap(), None);
            let tx = db.begin().await.unwrap();
            assert_eq!(consume(&tx, "d2", now()).await.unwrap(), None);
            assert_eq!(consume(&tx, "d1", link.expires_at).await.unwrap(), None);
            let in_time = link.expires_at - chrono::TimeDelta::microseconds(1);
            assert!(consume(&tx, "d1", in_time).await.unwrap().is_some());
            assert_eq!(delete_expired(&tx, now()).await.unwrap(), 0);
            assert_eq!(
                delete_expired(&tx, link.expires_at + chrono::TimeDelta::days(1))
                    .await
                    .unwrap(),
                1
            );
        })
        .await;
    }
}
