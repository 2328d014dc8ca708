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

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::Company;

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
            let tx = db.begin_for(AOBA).await.unwrap();
            let programme = Programme {
                company_id: AOBA,
                policy: Policy::default(),
            };
            assert!(!update_policy(&tx, AOBA, &policy, now()).await.unwrap());
            insert(&tx, &programme, now()).await.unwrap();
            assert_eq!(find(&tx, AOBA).await.unwrap(), Some(programme));
            assert!(update_policy(&tx, AOBA, &policy, now()).await.unwrap());
            let mut aoba = companies::find_by_slug(&tx, "aoba").await.unwrap().unwrap();
            aoba.is_demonstration = true;
            assert!(companies::update(&tx, &aoba).await.unwrap());
            tx.commit().await.unwrap();

            assert_eq!(
                find(&db, AOBA).await.unwrap(),
                Some(Programme {
                    company_id: AOBA,
                    policy
                })
            );
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
