//! One-time links that prove an address: to claim a record, and to change one's address.
//!
//! - Tokens are never stored, only their digests: who reads the table can follow no link.
//! - The digest finds the company too, because who follows a link has none yet.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{ClaimId, CompanyId, EmailChangeId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::codec::instant;
use super::database::{Database, Reads, Transaction};
use super::entity::one_time_link;
use super::error::DbError;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSubject {
    /// To go on with a claim.
    Claim(ClaimId),
    /// To confirm a new address.
    EmailChange(EmailChangeId),
}

/// A link that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeLink {
    /// Digest of its token, in hexadecimal.
    pub token_digest: String,
    /// At which company.
    pub company_id: CompanyId,
    /// For what.
    pub subject: LinkSubject,
    /// The first instant at which it no longer works.
    pub expires_at: DateTime<Utc>,
}

/// Adds a link.
pub async fn insert(tx: &Transaction, link: &OneTimeLink, at: DateTime<Utc>) -> Result<(), DbError> {
    let (claim_id, email_change_id) = match link.subject {
        LinkSubject::Claim(id) => (Some(id.0), None),
        LinkSubject::EmailChange(id) => (None, Some(id.0)),
    };
    let row = one_time_link::Model {
        token_digest: link.token_digest.clone(),
        company_id: link.company_id.0,
        claim_id,
        email_change_id,
        expires_at: instant(link.expires_at),
        used_at: None,
        created_at: instant(at),
    };
    one_time_link::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// The link with this digest, as long as it works; it goes on to.
pub async fn find(
    db: &impl Reads,
    token_digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<(CompanyId, LinkSubject)>, DbError> {
    let row = one_time_link::Entity::find_by_id(token_digest)
        .filter(one_time_link::Column::UsedAt.is_null())
        .filter(one_time_link::Column::ExpiresAt.gt(instant(now)))
        .one(db.connection())
        .await?;
    row.map(to_subject).transpose()
}

/// Begins a transaction that follows a link: the link is used up in it, after the other writers of its company have
/// ended. `None` when it is unknown, used or expired.
///
/// # Errors
///
/// As [`Database::begin_for`].
pub async fn begin_following(
    db: &Database,
    token_digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Transaction, CompanyId, LinkSubject)>, DbError> {
    // The company before the link, as everybody else does: whoever took them the other way round could wait for ever.
    let Some((company_id, _)) = find(db, token_digest, now).await? else {
        return Ok(None);
    };
    let tx = db.begin_for(company_id).await?;
    let followed = consume(&tx, token_digest, now).await?;
    Ok(followed.map(|(company_id, subject)| (tx, company_id, subject)))
}

/// Uses the link up and returns what it is for; `None` when it is unknown, used or expired. Of two at once, one gets it.
async fn consume(
    tx: &Transaction,
    token_digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<(CompanyId, LinkSubject)>, DbError> {
    let now = instant(now);
    let changes = one_time_link::ActiveModel {
        used_at: Set(Some(now)),
        ..Default::default()
    };
    let updated = one_time_link::Entity::update_many()
        .set(changes)
        .filter(one_time_link::Column::TokenDigest.eq(token_digest))
        .filter(one_time_link::Column::UsedAt.is_null())
        .filter(one_time_link::Column::ExpiresAt.gt(now))
        .exec(tx.inner())
        .await?;
    if updated.rows_affected == 0 {
        return Ok(None);
    }
    let row = one_time_link::Entity::find_by_id(token_digest)
        .one(tx.inner())
        .await?;
    row.map(to_subject).transpose()
}

/// Deletes the links of all companies that expired before `at`. Returns how many.
pub async fn delete_expired(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = one_time_link::Column::ExpiresAt.lt(instant(at));
    let deleted = one_time_link::Entity::delete_many()
        .filter(old)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

fn to_subject(row: one_time_link::Model) -> Result<(CompanyId, LinkSubject), DbError> {
    let subject = match (row.claim_id, row.email_change_id) {
        (Some(id), None) => LinkSubject::Claim(ClaimId(id)),
        (None, Some(id)) => LinkSubject::EmailChange(EmailChangeId(id)),
        (Some(_), Some(_)) | (None, None) => return Err(DbError::corrupt("one_time_link.claim_id")),
    };
    Ok((CompanyId(row.company_id), subject))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, insert_claim, insert_companies, now, on_both};

    #[tokio::test]
    async fn of_many_who_follow_a_link_at_once_one_gets_what_it_is_for_until_it_expires() {
        on_both(async |db| {
            insert_companies(&db).await;
            let link = OneTimeLink {
                token_digest: "d1".to_owned(),
                company_id: AOBA,
                subject: LinkSubject::Claim(insert_claim(&db, AOBA, 1).await.id),
                expires_at: "2026-11-20T04:00:00Z".parse().unwrap(),
            };
            let tx = db.begin().await.unwrap();
            insert(&tx, &link, now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(find(&db, "d1", now()).await.unwrap(), Some((AOBA, link.subject)));
            assert_eq!(find(&db, "d1", link.expires_at).await.unwrap(), None);
            assert_eq!(find(&db, "d2", now()).await.unwrap(), None);

            let follow = async || {
                let tx = db.begin().await.unwrap();
                let subject = consume(&tx, "d1", now()).await.unwrap();
                tx.commit().await.unwrap();
                subject
            };
            let subjects = futures_util::future::join_all((0..8).map(|_| follow())).await;
            let got: Vec<_> = subjects.into_iter().flatten().collect();
            assert_eq!(got, [(AOBA, link.subject)]);
            assert_eq!(find(&db, "d1", now()).await.unwrap(), None);

            let tx = db.begin().await.unwrap();
            assert_eq!(delete_expired(&tx, now()).await.unwrap(), 0);
            let later = link.expires_at + chrono::TimeDelta::days(1);
            assert_eq!(delete_expired(&tx, later).await.unwrap(), 1);
        })
        .await;
    }
}
