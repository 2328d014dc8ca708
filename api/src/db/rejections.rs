//! Recruiters' rejections: always by a person, with a reason.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, OpportunityId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::codec::{conflict_ignored, instant, n_inserted};
use super::database::{Reads, Transaction};
use super::entity::rejection;
use super::error::DbError;

/// A candidate whom a recruiter does not want for an opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Whom.
    pub alumnus_id: AlumnusId,
    /// For which.
    pub opportunity_id: OpportunityId,
    /// Which member of staff: the token's subject.
    pub rejected_by: String,
    /// Why, in the recruiter's words.
    pub reason: String,
    /// When.
    pub rejected_at: DateTime<Utc>,
}

/// Adds a rejection. Returns `false`, and changes nothing, when there is one: the first reason stands.
pub async fn insert(tx: &Transaction, company_id: CompanyId, rejection: &Rejection) -> Result<bool, DbError> {
    let row = rejection::Model {
        company_id: company_id.0,
        opportunity_id: rejection.opportunity_id.0,
        alumnus_id: rejection.alumnus_id.0,
        rejected_by: rejection.rejected_by.clone(),
        reason: rejection.reason.clone(),
        rejected_at: instant(rejection.rejected_at),
    };
    let inserted = rejection::Entity::insert(row.into_active_model())
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    Ok(n_inserted(&inserted) == 1)
}

/// The opportunity's rejections, by person.
pub async fn list_for_opportunity(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<Vec<Rejection>, DbError> {
    let of_opportunity = Condition::all().add(rejection::Column::OpportunityId.eq(opportunity_id.0));
    list(db, company_id, of_opportunity).await
}

/// All rejections of the company, by person.
pub async fn list_all(db: &impl Reads, company_id: CompanyId) -> Result<Vec<Rejection>, DbError> {
    list(db, company_id, Condition::all()).await
}

/// The person's rejections; for the person's own export.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Rejection>, DbError> {
    let of_person = Condition::all().add(rejection::Column::AlumnusId.eq(alumnus_id.0));
    list(db, company_id, of_person).await
}

async fn list(
    db: &impl Reads,
    company_id: CompanyId,
    condition: Condition,
) -> Result<Vec<Rejection>, DbError> {
    let rows = rejection::Entity::find()
        .filter(rejection::Column::CompanyId.eq(company_id.0))
        .filter(condition)
        .order_by_asc(rejection::Column::AlumnusId)
        .order_by_asc(rejection::Column::OpportunityId)
        .all(db.connection())
        .await?;
    let to_domain = |row: rejection::Model| Rejection {
        alumnus_id: AlumnusId(row.alumnus_id),
        opportunity_id: OpportunityId(row.opportunity_id),
        rejected_by: row.rejected_by,
        reason: row.reason,
        rejected_at: row.rejected_at,
    };
    Ok(rows.into_iter().map(to_domain).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};

    #[tokio::test]
    async fn the_first_reason_stands() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1]).await;
            let first = Rejection {
                alumnus_id: AlumnusId(uuid(1)),
                opportunity_id: OpportunityId(uuid(1)),
                rejected_by: "recruiter@aoba".to_owned(),
                reason: "経験が足りない".to_owned(),
                rejected_at: instant(now()),
            };
            let second = Rejection {
                reason: "別の理由".to_owned(),
                ..first.clone()
            };
            let tx = db.begin_for(AOBA).await.unwrap();
            assert!(insert(&tx, AOBA, &first).await.unwrap());
            assert!(!insert(&tx, AOBA, &second).await.unwrap());
            tx.commit().await.unwrap();

            let of_opportunity = list_for_opportunity(&db, AOBA, first.opportunity_id)
                .await
                .unwrap();
            assert_eq!(of_opportunity, std::slice::from_ref(&first));
            assert_eq!(
                list_for_alumnus(&db, AOBA, first.alumnus_id).await.unwrap(),
                std::slice::from_ref(&first)
            );
            assert_eq!(list_all(&db, AOBA).await.unwrap(), [first]);
            assert!(list_all(&db, MIDORI).await.unwrap().is_empty());
        })
        .await;
    }
}
