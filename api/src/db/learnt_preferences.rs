//! What was learnt from each person's answers to their own feed.
//!
//! - A version is written once and never changed, so that a served list can name the one it was scored with; the next
//!   only marks it as superseded.
//! - Deleted with the person, and with their consent to the feed.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::codec::{decode_number, encode_number, instant};
use super::database::{Reads, Transaction};
use super::entity::learnt_preference;
use super::error::DbError;

/// A version of what was learnt from one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearntPreference {
    /// Whose.
    pub alumnus_id: AlumnusId,
    /// Counts from 1.
    pub version: u64,
    /// In the caller's encoding.
    pub state: Vec<u8>,
    /// When it was learnt.
    pub created_at: DateTime<Utc>,
}

/// Adds a version, which takes the place of the one before.
///
/// In a transaction begun with [`super::Database::begin_for`] it cannot race; in another, the loser of a race gets
/// [`DbError::UniqueViolation`].
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    learnt: &LearntPreference,
) -> Result<(), DbError> {
    let created_at = instant(learnt.created_at);
    let changes = learnt_preference::ActiveModel {
        superseded_at: Set(Some(created_at)),
        ..Default::default()
    };
    learnt_preference::Entity::update_many()
        .set(changes)
        .filter(learnt_preference::Column::CompanyId.eq(company_id.0))
        .filter(learnt_preference::Column::AlumnusId.eq(learnt.alumnus_id.0))
        .filter(learnt_preference::Column::SupersededAt.is_null())
        .exec(tx.inner())
        .await?;
    let row = learnt_preference::Model {
        company_id: company_id.0,
        alumnus_id: learnt.alumnus_id.0,
        version: encode_number("learnt_preference.version", learnt.version)?,
        state: learnt.state.clone(),
        created_at,
        superseded_at: None,
    };
    learnt_preference::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// What is known of the person now.
pub async fn find_latest(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<LearntPreference>, DbError> {
    let rows = learnt_preference::Entity::find()
        .filter(learnt_preference::Column::CompanyId.eq(company_id.0))
        .filter(learnt_preference::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_desc(learnt_preference::Column::Version);
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// One version, for replaying a list that was scored with it.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    version: u64,
) -> Result<Option<LearntPreference>, DbError> {
    let version: i64 = encode_number("learnt_preference.version", version)?;
    let rows = learnt_preference::Entity::find()
        .filter(learnt_preference::Column::CompanyId.eq(company_id.0))
        .filter(learnt_preference::Column::AlumnusId.eq(alumnus_id.0))
        .filter(learnt_preference::Column::Version.eq(version));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// Deletes all that was learnt from the person. Returns how many versions.
pub async fn delete(tx: &Transaction, company_id: CompanyId, alumnus_id: AlumnusId) -> Result<u64, DbError> {
    let deleted = learnt_preference::Entity::delete_many()
        .filter(learnt_preference::Column::CompanyId.eq(company_id.0))
        .filter(learnt_preference::Column::AlumnusId.eq(alumnus_id.0))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

/// Deletes the versions of all companies that were superseded before `at`. Returns how many.
pub async fn delete_superseded_before(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let deleted = learnt_preference::Entity::delete_many()
        .filter(learnt_preference::Column::SupersededAt.lt(instant(at)))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

fn to_domain(row: learnt_preference::Model) -> Result<LearntPreference, DbError> {
    Ok(LearntPreference {
        alumnus_id: AlumnusId(row.alumnus_id),
        version: decode_number("learnt_preference.version", row.version)?,
        state: row.state,
        created_at: row.created_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::alumni;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};

    fn learnt(version: u64) -> LearntPreference {
        LearntPreference {
            alumnus_id: AlumnusId(uuid(1)),
            version,
            state: vec![0, 255, version as u8],
            created_at: instant(now()) + chrono::TimeDelta::days(version as i64),
        }
    }

    #[tokio::test]
    async fn the_latest_version_counts_and_earlier_ones_stay_until_they_are_old() {
        on_both(async |db| {
            insert_all(&db, &[1, 2], &[]).await;
            let id = AlumnusId(uuid(1));
            assert_eq!(find_latest(&db, AOBA, id).await.unwrap(), None);
            let tx = db.begin_for(AOBA).await.unwrap();
            for version in 1..=3 {
                insert(&tx, AOBA, &learnt(version)).await.unwrap();
            }
            tx.commit().await.unwrap();

            assert_eq!(find_latest(&db, AOBA, id).await.unwrap(), Some(learnt(3)));
            assert_eq!(find(&db, AOBA, id, 1).await.unwrap(), Some(learnt(1)));
            assert_eq!(find_latest(&db, MIDORI, id).await.unwrap(), None);
            assert_eq!(find_latest(&db, AOBA, AlumnusId(uuid(2))).await.unwrap(), None);

            let tx = db.begin().await.unwrap();
            let at = learnt(3).created_at;
            assert_eq!(delete_superseded_before(&tx, at).await.unwrap(), 1);
            let much_later = at + chrono::TimeDelta::days(1_000);
            assert_eq!(delete_superseded_before(&tx, much_later).await.unwrap(), 1);
            tx.commit().await.unwrap();
            assert_eq!(find(&db, AOBA, id, 1).await.unwrap(), None);
            assert_eq!(find_latest(&db, AOBA, id).await.unwrap(), Some(learnt(3)));
        })
        .await;
    }

    #[tokio::test]
    async fn nothing_that_was_learnt_outlasts_the_person() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let id = AlumnusId(uuid(1));
            let tx = db.begin_for(AOBA).await.unwrap();
            insert(&tx, AOBA, &learnt(1)).await.unwrap();
            assert_eq!(delete(&tx, MIDORI, id).await.unwrap(), 0);
            assert_eq!(delete(&tx, AOBA, id).await.unwrap(), 1);
            insert(&tx, AOBA, &learnt(1)).await.unwrap();
            alumni::erase(&tx, AOBA, id).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(find_latest(&db, AOBA, id).await.unwrap(), None);
        })
        .await;
    }
}
