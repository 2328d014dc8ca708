//! Roles, speaker slots and contract work.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    CompanyId, HiringManagers, Opportunity, OpportunityId, OpportunityKind, OpportunityStatus, Remote, Terms,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::Upserted;
use super::codec::{
    VALUES_MAX, decode, decode_json, decode_month_opt, decode_number, decode_prefecture, encode_json,
    encode_number, id_lists, instant,
};
use super::database::{Reads, Transaction};
use super::entity::opportunity;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<opportunity::Entity> {
    opportunity::Entity::find().filter(opportunity::Column::CompanyId.eq(company_id.0))
}

/// The opportunity with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: OpportunityId,
) -> Result<Option<Opportunity>, DbError> {
    let rows = of_company(company_id).filter(opportunity::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The opportunity with the company's own number.
pub async fn find_by_external_id(
    db: &impl Reads,
    company_id: CompanyId,
    external_id: &str,
) -> Result<Option<Opportunity>, DbError> {
    let rows = of_company(company_id).filter(opportunity::Column::ExternalId.eq(external_id));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// Which opportunities carry these numbers of the company's.
pub async fn load_ids_by_external_id(
    db: &impl Reads,
    company_id: CompanyId,
    external_ids: &[String],
) -> Result<HashMap<String, OpportunityId>, DbError> {
    let mut found = HashMap::with_capacity(external_ids.len());
    for external_ids in external_ids.chunks(VALUES_MAX) {
        let rows: Vec<(String, Uuid)> = of_company(company_id)
            .select_only()
            .columns([opportunity::Column::ExternalId, opportunity::Column::Id])
            .filter(opportunity::Column::ExternalId.is_in(external_ids))
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows.into_iter().map(|(key, id)| (key, OpportunityId(id))));
    }
    Ok(found)
}

/// The opportunities with these identifiers, by identifier; unknown ones are left out. One statement per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[OpportunityId],
) -> Result<Vec<Opportunity>, DbError> {
    let mut opportunities = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(opportunity::Column::Id.is_in(ids))
            .order_by_asc(opportunity::Column::Id);
        for row in rows.all(db.connection()).await? {
            opportunities.push(to_domain(row)?);
        }
    }
    Ok(opportunities)
}

/// All opportunities of the company, of any status, by identifier.
pub async fn list_all(db: &impl Reads, company_id: CompanyId) -> Result<Vec<Opportunity>, DbError> {
    let rows = of_company(company_id).order_by_asc(opportunity::Column::Id);
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// At most `limit` identifiers after `after`, in their order.
pub async fn list_ids(
    db: &impl Reads,
    company_id: CompanyId,
    after: Option<OpportunityId>,
    limit: u64,
) -> Result<Vec<OpportunityId>, DbError> {
    let mut rows = of_company(company_id)
        .select_only()
        .column(opportunity::Column::Id)
        .order_by_asc(opportunity::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        rows = rows.filter(opportunity::Column::Id.gt(after.0));
    }
    let ids: Vec<Uuid> = rows.into_tuple().all(db.connection()).await?;
    Ok(ids.into_iter().map(OpportunityId).collect())
}

/// Who hires in which unit, over all opportunities of the company, of any status. One statement.
pub async fn hiring_managers(db: &impl Reads, company_id: CompanyId) -> Result<HiringManagers, DbError> {
    let pairs: Vec<(String, String)> = of_company(company_id)
        .select_only()
        .columns([
            opportunity::Column::HiringManager,
            opportunity::Column::Department,
        ])
        .distinct()
        .filter(opportunity::Column::HiringManager.is_not_null())
        .filter(opportunity::Column::Department.is_not_null())
        .into_tuple()
        .all(db.connection())
        .await?;
    let pairs = pairs
        .iter()
        .map(|(subject, unit)| (subject.as_str(), unit.as_str()));
    Ok(HiringManagers::collect(pairs))
}

/// Adds an opportunity. [`DbError::UniqueViolation`] when its external identifier is taken.
pub async fn insert(tx: &Transaction, opportunity: &Opportunity, at: DateTime<Utc>) -> Result<(), DbError> {
    let row = opportunity::ActiveModel {
        id: Set(opportunity.id.0),
        company_id: Set(opportunity.company_id.0),
        created_at: Set(instant(opportunity.created_at)),
        updated_at: Set(instant(at)),
        version: Set(1),
        ..columns(opportunity)?
    };
    opportunity::Entity::insert(row)
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Writes all of it but when it was created. Returns whether the company has it.
pub async fn update(tx: &Transaction, opportunity: &Opportunity, at: DateTime<Utc>) -> Result<bool, DbError> {
    let changes = opportunity::ActiveModel {
        updated_at: Set(instant(at)),
        ..columns(opportunity)?
    };
    let updated = opportunity::Entity::update_many()
        .set(changes)
        .col_expr(
            opportunity::Column::Version,
            Expr::col(opportunity::Column::Version).add(1),
        )
        .filter(opportunity::Column::CompanyId.eq(opportunity.company_id.0))
        .filter(opportunity::Column::Id.eq(opportunity.id.0))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Writes a whole opportunity, found again by its external identifier, else by its identifier. One that exists keeps
/// its identifier and the instant of its creation.
pub async fn upsert(
    tx: &Transaction,
    opportunity: &Opportunity,
    at: DateTime<Utc>,
) -> Result<Upserted<OpportunityId>, DbError> {
    let company_id = opportunity.company_id;
    let mut earlier = None;
    if let Some(external_id) = &opportunity.external_id {
        earlier = find_by_external_id(tx, company_id, external_id).await?;
    }
    if earlier.is_none() {
        earlier = find(tx, company_id, opportunity.id).await?;
    }
    let Some(earlier) = earlier else {
        insert(tx, opportunity, at).await?;
        return Ok(Upserted::Inserted(opportunity.id));
    };
    let opportunity = Opportunity {
        id: earlier.id,
        created_at: earlier.created_at,
        closes_at: opportunity.closes_at.map(instant),
        ..opportunity.clone()
    };
    if opportunity == earlier {
        return Ok(Upserted::Unchanged(earlier.id));
    }
    update(tx, &opportunity, at).await?;
    Ok(Upserted::Updated(earlier.id))
}

/// Every column but the keys and the book-keeping.
fn columns(opportunity: &Opportunity) -> Result<opportunity::ActiveModel, DbError> {
    let terms = match &opportunity.terms {
        Terms::Role(terms) => encode_json("opportunity.terms", terms),
        Terms::SpeakerSlot(terms) => encode_json("opportunity.terms", terms),
        Terms::ContractWork(terms) => encode_json("opportunity.terms", terms),
    };
    Ok(opportunity::ActiveModel {
        external_id: Set(opportunity.external_id.clone()),
        kind: Set(opportunity.kind().code().to_owned()),
        title: Set(opportunity.title.clone()),
        description: Set(opportunity.description.clone()),
        department: Set(opportunity.department.clone()),
        group_company: Set(opportunity.group_company.clone()),
        hiring_manager: Set(opportunity.hiring_manager.clone()),
        status: Set(opportunity.status.code().to_owned()),
        required_skills: Set(encode_json(
            "opportunity.required_skills",
            &opportunity.required_skills,
        )?),
        preferred_skills: Set(encode_json(
            "opportunity.preferred_skills",
            &opportunity.preferred_skills,
        )?),
        products: Set(encode_json("opportunity.products", &opportunity.products)?),
        prefecture: Set(opportunity
            .prefecture
            .map(|prefecture| prefecture.name().to_owned())),
        remote: Set(opportunity.remote.code().to_owned()),
        seats: Set(encode_number("opportunity.seats", opportunity.seats)?),
        hours_per_week: Set(opportunity.hours_per_week.map(i32::from)),
        starts_on: Set(opportunity.starts_on.map(|month| month.to_string())),
        ends_on: Set(opportunity.ends_on.map(|month| month.to_string())),
        compensation: Set(opportunity.compensation.clone()),
        closes_at: Set(opportunity.closes_at.map(instant)),
        terms: Set(terms?),
        ..Default::default()
    })
}

fn to_domain(row: opportunity::Model) -> Result<Opportunity, DbError> {
    let terms = match decode("opportunity.kind", &row.kind, OpportunityKind::from_code)? {
        OpportunityKind::Role => Terms::Role(decode_json("opportunity.terms", row.terms)?),
        OpportunityKind::SpeakerSlot => Terms::SpeakerSlot(decode_json("opportunity.terms", row.terms)?),
        OpportunityKind::ContractWork => Terms::ContractWork(decode_json("opportunity.terms", row.terms)?),
    };
    Ok(Opportunity {
        id: OpportunityId(row.id),
        company_id: CompanyId(row.company_id),
        external_id: row.external_id,
        title: row.title,
        description: row.description,
        department: row.department,
        group_company: row.group_company,
        hiring_manager: row.hiring_manager,
        status: decode("opportunity.status", &row.status, OpportunityStatus::from_code)?,
        required_skills: decode_json("opportunity.required_skills", row.required_skills)?,
        preferred_skills: decode_json("opportunity.preferred_skills", row.preferred_skills)?,
        products: decode_json("opportunity.products", row.products)?,
        prefecture: decode_prefecture("opportunity.prefecture", row.prefecture.as_ref())?,
        remote: decode("opportunity.remote", &row.remote, Remote::from_code)?,
        seats: decode_number("opportunity.seats", row.seats)?,
        hours_per_week: row
            .hours_per_week
            .map(|hours| decode_number("opportunity.hours_per_week", hours))
            .transpose()?,
        starts_on: decode_month_opt("opportunity.starts_on", row.starts_on.as_ref())?,
        ends_on: decode_month_opt("opportunity.ends_on", row.ends_on.as_ref())?,
        compensation: row.compensation,
        closes_at: row.closes_at,
        created_at: row.created_at,
        terms,
    })
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::{ContractTerms, SlotTerms};

    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, opportunity, uuid};

    #[tokio::test]
    async fn every_kind_is_read_back_as_it_was_written() {
        on_both(async |db| {
            insert_all(&db, &[], &[1]).await;
            let held_on = "2027-02-18".parse().ok();
            let slot = Opportunity {
                terms: Terms::SpeakerSlot(SlotTerms {
                    held_on,
                    ..SlotTerms::default()
                }),
                external_id: None,
                closes_at: None,
                hours_per_week: None,
                ..opportunity(2)
            };
            let work = Opportunity {
                terms: Terms::ContractWork(ContractTerms {
                    monthly_closing: true,
                    ..ContractTerms::default()
                }),
                external_id: None,
                ..opportunity(3)
            };
            let tx = db.begin().await.unwrap();
            insert(&tx, &slot, now()).await.unwrap();
            insert(&tx, &work, now()).await.unwrap();
            tx.commit().await.unwrap();

            let all = [opportunity(1), slot, work];
            assert_eq!(list_all(&db, AOBA).await.unwrap(), all);
            let ids = all.each_ref().map(|opportunity| opportunity.id);
            assert_eq!(load(&db, AOBA, &ids).await.unwrap(), all);
            assert_eq!(find(&db, AOBA, ids[0]).await.unwrap(), Some(opportunity(1)));
            assert_eq!(
                find_by_external_id(&db, AOBA, "r01").await.unwrap(),
                Some(opportunity(1))
            );
            assert_eq!(list_ids(&db, AOBA, Some(ids[0]), 1).await.unwrap(), [ids[1]]);

            assert!(load(&db, MIDORI, &ids).await.unwrap().is_empty());
            assert!(list_all(&db, MIDORI).await.unwrap().is_empty());
            assert_eq!(find_by_external_id(&db, MIDORI, "r01").await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn importing_an_opportunity_again_changes_nothing_and_a_changed_one_keeps_its_identifier() {
        on_both(async |db| {
            insert_all(&db, &[], &[1]).await;
            let id = OpportunityId(uuid(1));
            let again = Opportunity {
                id: OpportunityId(uuid(101)),
                created_at: now(),
                ..opportunity(1)
            };
            let changed = Opportunity {
                title: "課長".to_owned(),
                ..again.clone()
            };

            let tx = db.begin_for(AOBA).await.unwrap();
            assert_eq!(upsert(&tx, &again, now()).await.unwrap(), Upserted::Unchanged(id));
            assert_eq!(upsert(&tx, &changed, now()).await.unwrap(), Upserted::Updated(id));
            let new = Opportunity {
                external_id: None,
                ..opportunity(2)
            };
            assert_eq!(
                upsert(&tx, &new, now()).await.unwrap(),
                Upserted::Inserted(new.id)
            );
            tx.commit().await.unwrap();

            let expected = Opportunity {
                title: "課長".to_owned(),
                ..opportunity(1)
            };
            assert_eq!(find(&db, AOBA, id).await.unwrap(), Some(expected));
        })
        .await;
    }
}
