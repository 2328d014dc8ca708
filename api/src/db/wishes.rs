//! What people would like to be asked for, and which opportunity they were told of for it.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, OpportunityId, OpportunityKind, StandingWish, WishId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codec::{conflict_ignored, decode, decode_month_opt, id_lists, instant, n_inserted};
use super::database::{Reads, Transaction};
use super::entity::{standing_wish, wish_notice};
use super::error::DbError;
use super::jobs::NewJob;

/// The kind of the jobs that look for whose wish an opportunity is.
pub const SEARCH_KIND: &str = "wish_search";

/// An opportunity that is new or has changed: whose wish is it?
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct WishSearch {
    /// At which company.
    pub company_id: CompanyId,
    /// Which.
    pub opportunity_id: OpportunityId,
}

/// The job that looks, to be run at once.
#[must_use]
pub fn search_job(
    company_id: CompanyId,
    opportunity_id: OpportunityId,
    id: Uuid,
    now: DateTime<Utc>,
) -> NewJob {
    let search = WishSearch {
        company_id,
        opportunity_id,
    };
    NewJob {
        id,
        kind: SEARCH_KIND.to_owned(),
        payload: serde_json::to_value(search).unwrap_or_default(),
        run_at: now,
    }
}

fn of_company(company_id: CompanyId) -> Select<standing_wish::Entity> {
    standing_wish::Entity::find().filter(standing_wish::Column::CompanyId.eq(company_id.0))
}

async fn all(db: &impl Reads, rows: Select<standing_wish::Entity>) -> Result<Vec<StandingWish>, DbError> {
    let rows = rows.order_by_asc(standing_wish::Column::Id);
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// The wish with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: WishId,
) -> Result<Option<StandingWish>, DbError> {
    let rows = of_company(company_id).filter(standing_wish::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The person's wish for this kind.
pub async fn find_for(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    kind: OpportunityKind,
) -> Result<Option<StandingWish>, DbError> {
    let rows = of_company(company_id)
        .filter(standing_wish::Column::AlumnusId.eq(alumnus_id.0))
        .filter(standing_wish::Column::Kind.eq(kind.code()));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The wishes of these people, by identifier; one statement per 10,000.
pub async fn load_for_alumni(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<Vec<StandingWish>, DbError> {
    let mut wishes = Vec::new();
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id).filter(standing_wish::Column::AlumnusId.is_in(ids));
        wishes.extend(all(db, rows).await?);
    }
    Ok(wishes)
}

/// Everybody's wishes for this kind, or for every kind, by identifier.
pub async fn list(
    db: &impl Reads,
    company_id: CompanyId,
    kind: Option<OpportunityKind>,
) -> Result<Vec<StandingWish>, DbError> {
    let rows = match kind {
        Some(kind) => of_company(company_id).filter(standing_wish::Column::Kind.eq(kind.code())),
        None => of_company(company_id),
    };
    all(db, rows).await
}

/// Whether anybody wishes for anything: most companies have offers long before they have wishes.
pub async fn are_there_any(db: &impl Reads, company_id: CompanyId) -> Result<bool, DbError> {
    let id: Option<Uuid> = of_company(company_id)
        .select_only()
        .column(standing_wish::Column::Id)
        .limit(1)
        .into_tuple()
        .one(db.connection())
        .await?;
    Ok(id.is_some())
}

/// Writes a person's wish for its kind, in the place of an earlier one: a wish that is said anew is a new one, which may
/// find what the earlier one found.
pub async fn replace(tx: &Transaction, company_id: CompanyId, wish: &StandingWish) -> Result<(), DbError> {
    delete(tx, company_id, wish.alumnus_id, wish.kind).await?;
    standing_wish::Entity::insert(to_row(company_id, wish).into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Removes a person's wish for this kind. Returns whether there was one.
pub async fn delete(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    kind: OpportunityKind,
) -> Result<bool, DbError> {
    let deleted = standing_wish::Entity::delete_many()
        .filter(standing_wish::Column::CompanyId.eq(company_id.0))
        .filter(standing_wish::Column::AlumnusId.eq(alumnus_id.0))
        .filter(standing_wish::Column::Kind.eq(kind.code()))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected > 0)
}

/// Notes that a wish found an opportunity. Returns `false` when it had found it before.
pub async fn note_found(
    tx: &Transaction,
    company_id: CompanyId,
    wish_id: WishId,
    opportunity_id: OpportunityId,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = wish_notice::ActiveModel {
        company_id: Set(company_id.0),
        wish_id: Set(wish_id.0),
        opportunity_id: Set(opportunity_id.0),
        at: Set(instant(at)),
    };
    let inserted = wish_notice::Entity::insert(row)
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    Ok(n_inserted(&inserted) == 1)
}

fn to_row(company_id: CompanyId, wish: &StandingWish) -> standing_wish::Model {
    standing_wish::Model {
        id: wish.id.0,
        company_id: company_id.0,
        alumnus_id: wish.alumnus_id.0,
        kind: wish.kind.code().to_owned(),
        words: wish.words.clone(),
        unit: wish.unit.clone(),
        conditions: wish.conditions.clone(),
        starts_on: wish.from.map(|month| month.to_string()),
        valid_until: wish.valid_until,
        is_shown_to_recruiters: wish.is_shown_to_recruiters,
        stated_at: instant(wish.stated_at),
    }
}

fn to_domain(row: standing_wish::Model) -> Result<StandingWish, DbError> {
    Ok(StandingWish {
        id: WishId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        kind: decode("standing_wish.kind", &row.kind, OpportunityKind::from_code)?,
        words: row.words,
        unit: row.unit,
        conditions: row.conditions,
        from: decode_month_opt("standing_wish.starts_on", row.starts_on.as_ref())?,
        valid_until: row.valid_until,
        is_shown_to_recruiters: row.is_shown_to_recruiters,
        stated_at: row.stated_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};

    #[tokio::test]
    async fn a_wish_said_anew_takes_the_place_of_the_earlier_one_and_finds_each_opportunity_once() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1]).await;
            let wish = StandingWish {
                id: WishId(uuid(1)),
                alumnus_id: AlumnusId(uuid(1)),
                kind: OpportunityKind::Role,
                words: "物流企画".to_owned(),
                unit: Some("物流部".to_owned()),
                conditions: Some("週3日".to_owned()),
                from: "2027-04".parse().ok(),
                valid_until: "2027-12-31".parse().ok(),
                is_shown_to_recruiters: true,
                stated_at: instant(now()),
            };
            let anew = StandingWish {
                id: WishId(uuid(2)),
                unit: None,
                ..wish.clone()
            };
            let opportunity_id = OpportunityId(uuid(1));
            let tx = db.begin_for(AOBA).await.unwrap();
            replace(&tx, AOBA, &wish).await.unwrap();
            for is_new in [true, false] {
                let noted = note_found(&tx, AOBA, wish.id, opportunity_id, now())
                    .await
                    .unwrap();
                assert_eq!(noted, is_new);
            }
            replace(&tx, AOBA, &anew).await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(find(&db, AOBA, wish.id).await.unwrap(), None);
            assert_eq!(list(&db, AOBA, None).await.unwrap(), std::slice::from_ref(&anew));
            assert_eq!(
                list(&db, AOBA, Some(OpportunityKind::SpeakerSlot)).await.unwrap(),
                []
            );
            assert_eq!(list(&db, MIDORI, None).await.unwrap(), []);
            assert_eq!(
                load_for_alumni(&db, AOBA, &[wish.alumnus_id]).await.unwrap(),
                [anew]
            );

            let tx = db.begin_for(AOBA).await.unwrap();
            assert!(!delete(&tx, MIDORI, wish.alumnus_id, wish.kind).await.unwrap());
            assert!(delete(&tx, AOBA, wish.alumnus_id, wish.kind).await.unwrap());
            assert!(!delete(&tx, AOBA, wish.alumnus_id, wish.kind).await.unwrap());
            tx.commit().await.unwrap();
        })
        .await;
    }
}
