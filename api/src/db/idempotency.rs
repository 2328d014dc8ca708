//! Answers of mutations that carried an idempotency key: whoever repeats the request gets the first answer.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::CompanyId;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::codec::{conflict_ignored, instant, n_inserted};
use super::database::{Reads, Transaction};
use super::entity::idempotency_key;
use super::error::DbError;

/// The answer that a key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// Which mutation it answered; the same key with another one is a mistake of the caller's.
    pub mutation: String,
    /// The answer as JSON text, byte for byte.
    pub response: String,
    /// When it was given.
    pub created_at: DateTime<Utc>,
}

/// The answer that the subject's key stands for.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    subject: &str,
    key: &str,
) -> Result<Option<StoredResponse>, DbError> {
    let id = (company_id.0, subject.to_owned(), key.to_owned());
    let row = idempotency_key::Entity::find_by_id(id)
        .one(db.connection())
        .await?;
    Ok(row.map(|row| StoredResponse {
        mutation: row.mutation,
        response: row.response,
        created_at: row.created_at,
    }))
}

/// Keeps an answer. Returns `false`, and keeps the first, when the key stands for one.
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    subject: &str,
    key: &str,
    response: &StoredResponse,
) -> Result<bool, DbError> {
    let row = idempotency_key::Model {
        company_id: company_id.0,
        subject: subject.to_owned(),
        key: key.to_owned(),
        mutation: response.mutation.clone(),
        response: response.response.clone(),
        created_at: instant(response.created_at),
    };
    let inserted = idempotency_key::Entity::insert(row.into_active_model())
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    Ok(n_inserted(&inserted) == 1)
}

/// Deletes the answers of all companies that were given before `at`. Returns how many.
pub async fn delete_before(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = idempotency_key::Column::CreatedAt.lt(instant(at));
    let deleted = idempotency_key::Entity::delete_many()
        .filter(old)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both};

    #[tokio::test]
    async fn the_first_answer_stands_for_one_subject_of_one_company() {
        on_both(async |db| {
            insert_companies(&db).await;
            let first = StoredResponse {
                mutation: "createOpportunity".to_owned(),
                response: "{\"b\": 1, \"a\":2}".to_owned(),
                created_at: instant(now()),
            };
            let second = StoredResponse {
                response: "{}".to_owned(),
                ..first.clone()
            };
            let tx = db.begin().await.unwrap();
            assert!(insert(&tx, AOBA, "recruiter", "k1", &first).await.unwrap());
            assert!(!insert(&tx, AOBA, "recruiter", "k1", &second).await.unwrap());
            tx.commit().await.unwrap();

            assert_eq!(find(&db, AOBA, "recruiter", "k1").await.unwrap(), Some(first));
            assert_eq!(find(&db, AOBA, "recruiter", "k2").await.unwrap(), None);
            assert_eq!(find(&db, AOBA, "another", "k1").await.unwrap(), None);
            assert_eq!(find(&db, MIDORI, "recruiter", "k1").await.unwrap(), None);
        })
        .await;
    }
}
