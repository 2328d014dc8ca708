//! Alumni programmes, one per company, and every version that their policies had.
//!
//! - A version is written once, in the transaction that puts it in force, and never changed.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{CompanyId, PolicyVersion, Programme};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::codec::{decode_json, decode_number, encode_json, encode_number, instant};
use super::database::{Reads, Transaction};
use super::entity::{policy_version, programme};
use super::error::DbError;

/// The company's programme.
pub async fn find(db: &impl Reads, company_id: CompanyId) -> Result<Option<Programme>, DbError> {
    let Some(row) = programme::Entity::find_by_id(company_id.0)
        .one(db.connection())
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(Programme {
        company_id,
        policy: decode_json("programme.policy", row.policy)?,
        version: decode_number("programme.version", row.version)?,
    }))
}

/// Adds a programme, from the command line. [`DbError::UniqueViolation`] when the company has one.
pub async fn insert(tx: &Transaction, programme: &Programme, at: DateTime<Utc>) -> Result<(), DbError> {
    let first = PolicyVersion {
        policy: programme.policy.clone(),
        version: programme.version,
        changed_by: None,
        note: None,
        changed_at: at,
    };
    let row = programme::Model {
        company_id: programme.company_id.0,
        policy: encode_json("programme.policy", &programme.policy)?,
        updated_at: instant(at),
        version: encode_number("programme.version", programme.version)?,
    };
    programme::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    insert_version(tx, programme.company_id, &first).await
}

/// Puts the next version of the policy in force. Returns `false`, and writes nothing, unless the version before it is in
/// force: somebody else changed it, or the company has no programme.
pub async fn put_in_force(
    tx: &Transaction,
    company_id: CompanyId,
    next: &PolicyVersion,
) -> Result<bool, DbError> {
    let version: i64 = encode_number("programme.version", next.version)?;
    let changes = programme::ActiveModel {
        policy: Set(encode_json("programme.policy", &next.policy)?),
        updated_at: Set(instant(next.changed_at)),
        version: Set(version),
        ..Default::default()
    };
    let updated = programme::Entity::update_many()
        .set(changes)
        .filter(programme::Column::CompanyId.eq(company_id.0))
        .filter(programme::Column::Version.eq(version - 1))
        .exec(tx.inner())
        .await?;
    if updated.rows_affected == 0 {
        return Ok(false);
    }
    insert_version(tx, company_id, next).await?;
    Ok(true)
}

async fn insert_version(
    tx: &Transaction,
    company_id: CompanyId,
    version: &PolicyVersion,
) -> Result<(), DbError> {
    let row = policy_version::Model {
        company_id: company_id.0,
        version: encode_number("policy_version.version", version.version)?,
        policy: encode_json("policy_version.policy", &version.policy)?,
        changed_by: version.changed_by.clone(),
        note: version.note.clone(),
        changed_at: instant(version.changed_at),
    };
    policy_version::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// At most `limit` versions of the company's policy below `before`, latest first.
pub async fn list_versions(
    db: &impl Reads,
    company_id: CompanyId,
    before: Option<u64>,
    limit: u64,
) -> Result<Vec<PolicyVersion>, DbError> {
    let mut rows = policy_version::Entity::find()
        .filter(policy_version::Column::CompanyId.eq(company_id.0))
        .order_by_desc(policy_version::Column::Version)
        .limit(limit);
    if let Some(before) = before {
        let before: i64 = encode_number("policy_version.version", before)?;
        rows = rows.filter(policy_version::Column::Version.lt(before));
    }
    let rows = rows.all(db.connection()).await?;
    rows.into_iter().map(to_version).collect()
}

fn to_version(row: policy_version::Model) -> Result<PolicyVersion, DbError> {
    Ok(PolicyVersion {
        policy: decode_json("policy_version.policy", row.policy)?,
        version: decode_number("policy_version.version", row.version)?,
        changed_by: row.changed_by,
        note: row.note,
        changed_at: row.changed_at,
    })
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::{Company, Policy};

    use super::*;
    use crate::db::companies;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both};

    #[tokio::test]
    async fn companies_and_their_policies_are_read_back_as_written() {
        on_both(async |db| {
            insert_companies(&db).await;
            let policy = Policy {
                return_window_months: Some(72),
                ..Policy::default()
            };
            let second = PolicyVersion {
                policy: policy.clone(),
                version: 2,
                changed_by: Some("admin@aoba".to_owned()),
                note: Some("六年に".to_owned()),
                changed_at: instant(now()),
            };
            let tx = db.begin_for(AOBA).await.unwrap();
            assert!(!put_in_force(&tx, AOBA, &second).await.unwrap());
            let programme = Programme::new(AOBA, Policy::default());
            insert(&tx, &programme, now()).await.unwrap();
            assert_eq!(find(&tx, AOBA).await.unwrap(), Some(programme));
            assert!(put_in_force(&tx, AOBA, &second).await.unwrap());
            assert!(!put_in_force(&tx, AOBA, &second).await.unwrap(), "it is in force");
            let mut aoba = companies::find_by_slug(&tx, "aoba").await.unwrap().unwrap();
            aoba.is_demonstration = true;
            assert!(companies::update(&tx, &aoba).await.unwrap());
            tx.commit().await.unwrap();

            assert_eq!(
                find(&db, AOBA).await.unwrap(),
                Some(Programme {
                    version: 2,
                    ..Programme::new(AOBA, policy)
                })
            );
            let first = PolicyVersion {
                policy: Policy::default(),
                version: 1,
                changed_by: None,
                note: None,
                changed_at: instant(now()),
            };
            let versions = list_versions(&db, AOBA, None, 10).await.unwrap();
            assert_eq!(versions, [second, first.clone()]);
            assert_eq!(list_versions(&db, AOBA, Some(2), 10).await.unwrap(), [first]);
            assert!(list_versions(&db, MIDORI, None, 10).await.unwrap().is_empty());
            assert_eq!(find(&db, MIDORI).await.unwrap(), None);
            assert_eq!(companies::find(&db, AOBA).await.unwrap().as_ref(), Some(&aoba));
            let slugs = companies::list(&db)
                .await
                .unwrap()
                .into_iter()
                .map(|company| company.slug);
            assert_eq!(slugs.collect::<Vec<_>>(), ["aoba", "midori"]);

            let tx = db.begin().await.unwrap();
            let again = Company {
                id: okaeri_engine::domain::CompanyId(uuid::Uuid::nil()),
                ..aoba
            };
            assert!(
                companies::insert(&tx, &again, now())
                    .await
                    .unwrap_err()
                    .is_unique_violation()
            );
        })
        .await;
    }
}
