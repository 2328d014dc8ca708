//! Writing records, whole or in part.
//!
//! - A record that is imported again as it is changes nothing, so that the change log stays silent.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{Alumnus, AlumnusId, AlumnusStatus, CompanyId, Interest, Profile};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{Private, Record, children, load_ids_by_external_id, rows};
use crate::db::claims;
use crate::db::codec::{instant, rows_max};
use crate::db::database::Transaction;
use crate::db::entity::alumnus;
use crate::db::error::DbError;
use crate::db::exclusions;

/// What became of a record that was written; the identifier is the one that the record has in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserted<Id> {
    /// It is new.
    Inserted(Id),
    /// It replaced another state of itself.
    Updated(Id),
    /// It was there as it is.
    Unchanged(Id),
}

impl<Id: Copy> Upserted<Id> {
    /// The identifier that the record has in the database.
    pub fn id(self) -> Id {
        match self {
            Self::Inserted(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

/// Writes one record; see [`upsert_all`].
pub async fn upsert(
    tx: &Transaction,
    company_id: CompanyId,
    record: &Record,
    at: DateTime<Utc>,
) -> Result<Upserted<AlumnusId>, DbError> {
    let upserted = upsert_all(tx, company_id, std::slice::from_ref(record), at).await?;
    upserted
        .into_iter()
        .next()
        .ok_or_else(|| DbError::Fault("a written record is missing".to_owned()))
}

/// Writes whole records, each found again by its external identifier, else by its identifier.
///
/// - A record that exists keeps its identifier; the result names it.
/// - External identifiers and addresses within one call must differ; one that another record of the company
///   carries is a [`DbError::UniqueViolation`], after which the transaction can only be rolled back.
/// - The result is in the order of `records`.
pub async fn upsert_all(
    tx: &Transaction,
    company_id: CompanyId,
    records: &[Record],
    at: DateTime<Utc>,
) -> Result<Vec<Upserted<AlumnusId>>, DbError> {
    let known = load_known(tx, company_id, records).await?;
    let mut upserted = Vec::with_capacity(records.len());
    let mut new = Vec::new();
    let mut changed = Vec::new();
    for record in records {
        let record = canonical(company_id, record, &known.ids);
        let id = record.alumnus.id;
        match known.records.get(&id) {
            Some(earlier) if *earlier == record => upserted.push(Upserted::Unchanged(id)),
            Some(_) => {
                upserted.push(Upserted::Updated(id));
                changed.push(record);
            }
            None => {
                upserted.push(Upserted::Inserted(id));
                new.push(record);
            }
        }
    }

    let connection = tx.inner();
    for record in &changed {
        update_row(connection, record, at).await?;
    }
    children::delete_children(
        connection,
        company_id,
        changed.iter().map(|record| record.alumnus.id.0),
    )
    .await?;
    insert_rows(connection, &new, at).await?;
    exclusions::insert_empty(tx, company_id, new.iter().map(|record| record.alumnus.id)).await?;
    let written: Vec<&Alumnus> = new.iter().chain(&changed).map(|record| &record.alumnus).collect();
    children::insert_children(connection, &written).await?;
    Ok(upserted)
}

/// Replaces the profile. Returns whether the record exists.
///
/// - `stored`: the profile that is replaced, as read in this transaction; lists that stay are not written again
pub async fn update_profile(
    tx: &Transaction,
    company_id: CompanyId,
    id: AlumnusId,
    stored: &Profile,
    profile: &Profile,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let mut changes = profile_columns(profile)?;
    changes.updated_at = Set(instant(at));
    if !update_columns(tx.inner(), company_id, id, changes).await? {
        return Ok(false);
    }
    children::replace_profile_children(tx.inner(), company_id, id, stored, profile).await?;
    Ok(true)
}

/// Writes how far the record has come. Returns whether it exists.
pub async fn update_status(
    tx: &Transaction,
    company_id: CompanyId,
    id: AlumnusId,
    status: AlumnusStatus,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changes = alumnus::ActiveModel {
        status: Set(status.code().to_owned()),
        updated_at: Set(instant(at)),
        ..Default::default()
    };
    update_columns(tx.inner(), company_id, id, changes).await
}

/// Writes the address, in lower case. Returns whether the record exists. One that another record of the company carries
/// is a [`DbError::UniqueViolation`], after which the transaction can only be rolled back.
pub async fn update_email(
    tx: &Transaction,
    company_id: CompanyId,
    id: AlumnusId,
    email: Option<&str>,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changes = alumnus::ActiveModel {
        email: Set(email.map(str::to_owned)),
        updated_at: Set(instant(at)),
        ..Default::default()
    };
    update_columns(tx.inner(), company_id, id, changes).await
}

/// Replaces what the person opts into. Returns whether the record exists.
pub async fn set_interests(
    tx: &Transaction,
    company_id: CompanyId,
    id: AlumnusId,
    interests: &[Interest],
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changes = alumnus::ActiveModel {
        updated_at: Set(instant(at)),
        ..Default::default()
    };
    if !update_columns(tx.inner(), company_id, id, changes).await? {
        return Ok(false);
    }
    children::delete_interests(tx.inner(), company_id, &[id.0]).await?;
    let mut interests = interests.to_vec();
    interests.sort_unstable();
    interests.dedup();
    children::insert_interests(tx.inner(), &[(company_id, id, &interests)]).await?;
    Ok(true)
}

/// Deletes every evaluation of the company. Returns how many there were.
pub async fn delete_evaluations(tx: &Transaction, company_id: CompanyId) -> Result<u64, DbError> {
    let none = alumnus::ActiveModel {
        evaluation: Set(None),
        ..Default::default()
    };
    let updated = alumnus::Entity::update_many()
        .set(none)
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .filter(alumnus::Column::Evaluation.is_not_null())
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected)
}

/// Deletes the record and all rows about the person, whose foreign keys cascade, and claims by its address. Returns
/// whether it existed.
///
/// What names the person elsewhere goes with [`crate::db::person::delete_mentions`]. Lists that others were served, and
/// the chain of records, are the business of `usecase::audit::erase`, which comes first in the same transaction;
/// without it, the chain no longer holds.
pub async fn erase(tx: &Transaction, company_id: CompanyId, id: AlumnusId) -> Result<bool, DbError> {
    // Claims that came to nothing name no record, and the person all the same.
    let address: Option<Option<String>> = alumnus::Entity::find()
        .select_only()
        .column(alumnus::Column::Email)
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .filter(alumnus::Column::Id.eq(id.0))
        .into_tuple()
        .one(tx.inner())
        .await?;
    if let Some(address) = address.flatten() {
        claims::delete_by_email(tx, company_id, &address).await?;
    }
    // The other tables' foreign keys cascade.
    let deleted = alumnus::Entity::delete_many()
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .filter(alumnus::Column::Id.eq(id.0))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected == 1)
}

/// The records of a company that an import may be about.
struct Known {
    ids: HashMap<String, AlumnusId>,
    records: HashMap<AlumnusId, Record>,
}

async fn load_known(tx: &Transaction, company_id: CompanyId, records: &[Record]) -> Result<Known, DbError> {
    let external_ids: Vec<String> = records
        .iter()
        .filter_map(|record| record.alumnus.external_id.clone())
        .collect();
    let ids = load_ids_by_external_id(tx, company_id, &external_ids).await?;
    let wanted: Vec<AlumnusId> = ids
        .values()
        .copied()
        .chain(records.iter().map(|record| record.alumnus.id))
        .collect();
    let mut privates = rows::load_private(tx.inner(), company_id, &wanted).await?;
    let mut known = HashMap::with_capacity(wanted.len());
    for alumnus in rows::load(tx.inner(), company_id, &wanted).await? {
        let private = privates.remove(&alumnus.id).unwrap_or_default();
        known.insert(alumnus.id, Record { alumnus, private });
    }
    Ok(Known { ids, records: known })
}

/// The record as it will be read back: under the company asked for and the identifier it has, interests in order.
fn canonical(company_id: CompanyId, record: &Record, ids: &HashMap<String, AlumnusId>) -> Record {
    let mut record = record.clone();
    let external_id = record.alumnus.external_id.as_ref();
    if let Some(id) = external_id.and_then(|external_id| ids.get(external_id)) {
        record.alumnus.id = *id;
    }
    record.alumnus.company_id = company_id;
    record.alumnus.interests.sort_unstable();
    record.alumnus.interests.dedup();
    record
}

/// Writes the columns that are set, and counts the version up. Returns whether the record exists.
async fn update_columns(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    id: AlumnusId,
    changes: alumnus::ActiveModel,
) -> Result<bool, DbError> {
    let updated = alumnus::Entity::update_many()
        .set(changes)
        .col_expr(
            alumnus::Column::Version,
            Expr::col(alumnus::Column::Version).add(1),
        )
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .filter(alumnus::Column::Id.eq(id.0))
        .exec(connection)
        .await?;
    Ok(updated.rows_affected == 1)
}

async fn update_row(
    connection: &impl ConnectionTrait,
    record: &Record,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let mut changes = record_columns(record)?;
    changes.updated_at = Set(instant(at));
    update_columns(connection, record.alumnus.company_id, record.alumnus.id, changes).await?;
    Ok(())
}

async fn insert_rows(
    connection: &impl ConnectionTrait,
    records: &[Record],
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    const N_COLUMNS: usize = 20;
    let at = instant(at);
    for records in records.chunks(rows_max(N_COLUMNS)) {
        let mut rows = Vec::with_capacity(records.len());
        for record in records {
            rows.push(alumnus::ActiveModel {
                id: Set(record.alumnus.id.0),
                company_id: Set(record.alumnus.company_id.0),
                created_at: Set(at),
                updated_at: Set(at),
                version: Set(1),
                ..record_columns(record)?
            });
        }
        alumnus::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// Every column but the keys and the book-keeping.
fn record_columns(record: &Record) -> Result<alumnus::ActiveModel, DbError> {
    let Record { alumnus, private } = record;
    let Private {
        employee_number,
        leave_reason,
        employment,
        evaluation,
    } = private;
    Ok(alumnus::ActiveModel {
        external_id: Set(alumnus.external_id.clone()),
        name_kanji: Set(alumnus.name.kanji.clone()),
        name_kana: Set(alumnus.name.kana.clone()),
        email: Set(alumnus.email.clone()),
        status: Set(alumnus.status.code().to_owned()),
        employee_number: Set(employee_number.clone()),
        leave_reason: Set(leave_reason.clone()),
        leaving_kind: Set(employment.leaving_kind.map(|kind| kind.code().to_owned())),
        employment_type: Set(employment.employment_type.map(|one| one.code().to_owned())),
        segment: Set(employment.segment.clone()),
        group_company: Set(employment.group_company.clone()),
        evaluation: Set(evaluation.clone()),
        ..profile_columns(&alumnus.profile)?
    })
}

fn profile_columns(profile: &Profile) -> Result<alumnus::ActiveModel, DbError> {
    let work = profile.work_style;
    Ok(alumnus::ActiveModel {
        headline: Set(profile.headline.clone()),
        summary: Set(profile.summary.clone()),
        prefecture: Set(profile.prefecture.map(|prefecture| prefecture.name().to_owned())),
        work_remote: Set(work.map(|work| work.remote.code().to_owned())),
        work_hours_per_week: Set(work.and_then(|work| work.hours_per_week).map(i32::from)),
        work_available_from: Set(work
            .and_then(|work| work.available_from)
            .map(|month| month.to_string())),
        confirmed_on: Set(profile.confirmed_on),
        ..Default::default()
    })
}
