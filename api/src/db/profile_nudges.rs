//! When people were last asked to confirm their profile.

use chrono::{DateTime, NaiveDate, Utc};
use okaeri_engine::domain::{AlumnusId, AlumnusStatus, CompanyId, Purpose};
use sea_orm::sea_query::{OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::codec::instant;
use super::database::{Reads, Transaction};
use super::entity::{alumnus, consent, profile_nudge};
use super::error::DbError;

/// At most `limit` members with an address and the consent to the feed who have not confirmed their profile since the day
/// `confirmed_before` and were not asked since the instant `nudged_before`, by identifier.
pub async fn list_due(
    db: &impl Reads,
    company_id: CompanyId,
    confirmed_before: NaiveDate,
    nudged_before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<AlumnusId>, DbError> {
    let members = [AlumnusStatus::Unclaimed, AlumnusStatus::Active].map(AlumnusStatus::code);
    let ids: Vec<Uuid> = alumnus::Entity::find()
        .select_only()
        .column(alumnus::Column::Id)
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .filter(alumnus::Column::Status.is_in(members))
        .filter(alumnus::Column::Email.is_not_null())
        .filter(
            Condition::any()
                .add(alumnus::Column::ConfirmedOn.is_null())
                .add(alumnus::Column::ConfirmedOn.lt(confirmed_before)),
        )
        .filter(alumnus::Column::Id.in_subquery(consenting(company_id)))
        .filter(alumnus::Column::Id.not_in_subquery(nudged(company_id, nudged_before)))
        .order_by_asc(alumnus::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(ids.into_iter().map(AlumnusId).collect())
}

/// Remembers that the person was asked.
pub async fn set(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    use profile_nudge::Column;
    let row = profile_nudge::Model {
        company_id: company_id.0,
        alumnus_id: alumnus_id.0,
        nudged_at: instant(at),
    };
    let replace = OnConflict::columns([Column::CompanyId, Column::AlumnusId])
        .update_column(Column::NudgedAt)
        .to_owned();
    profile_nudge::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

fn consenting(company_id: CompanyId) -> SelectStatement {
    Query::select()
        .column(consent::Column::AlumnusId)
        .from(consent::Entity)
        .and_where(consent::Column::CompanyId.eq(company_id.0))
        .and_where(consent::Column::Purpose.eq(Purpose::Feed.code()))
        .and_where(consent::Column::WithdrawnAt.is_null())
        .take()
}

fn nudged(company_id: CompanyId, before: DateTime<Utc>) -> SelectStatement {
    Query::select()
        .column(profile_nudge::Column::AlumnusId)
        .from(profile_nudge::Entity)
        .and_where(profile_nudge::Column::CompanyId.eq(company_id.0))
        .and_where(profile_nudge::Column::NudgedAt.gte(instant(before)))
        .take()
}
