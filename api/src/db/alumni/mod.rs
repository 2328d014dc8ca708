//! Former employees' records.
//!
//! - A person's reason for leaving is written and given back to that person only: [`find_private`] is the one
//!   function that reads it, and nothing that ranking sees is made from it.
//! - However many people are loaded, the number of statements stays the same.

mod children;
mod rows;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;

use super::codec::{VALUES_MAX, decode, id_lists};
use okaeri_engine::domain::{Alumnus, AlumnusId, AlumnusStatus, CompanyId, Employment, PersonName};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::database::Reads;
use super::entity::alumnus;
use super::error::DbError;

pub use write::{
    Upserted, delete_evaluations, erase, set_interests, update_email, update_profile, update_status, upsert,
    upsert_all,
};

/// What a record holds beside what others may see: for the policy, and for the person's own export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Private {
    /// The number that the person had as an employee; a way to claim the record.
    pub employee_number: Option<String>,
    /// Why the person left, as a code. Never read by anything that ranks.
    pub leave_reason: Option<String>,
    /// How the person was employed and left, which a programme's rules may ask for.
    pub employment: Employment,
    /// An evaluation from the time at the company, kept only where the programme keeps them. Never read by anything that
    /// ranks.
    pub evaluation: Option<String>,
}

/// A record as it is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What others may see.
    pub alumnus: Alumnus,
    /// What they may not.
    pub private: Private,
}

/// What tells whose a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The record.
    pub id: AlumnusId,
    /// How far it has come.
    pub status: AlumnusStatus,
    /// The name.
    pub name: PersonName,
    /// In lower case.
    pub email: Option<String>,
    /// The number that the person had as an employee.
    pub employee_number: Option<String>,
}

/// The record with this identifier.
pub async fn find(db: &impl Reads, company_id: CompanyId, id: AlumnusId) -> Result<Option<Alumnus>, DbError> {
    Ok(load(db, company_id, &[id]).await?.pop())
}

/// The record with the company's own number.
pub async fn find_by_external_id(
    db: &impl Reads,
    company_id: CompanyId,
    external_id: &str,
) -> Result<Option<Alumnus>, DbError> {
    let ids = load_ids_by_external_id(db, company_id, &[external_id.to_owned()]).await?;
    match ids.into_values().next() {
        Some(id) => find(db, company_id, id).await,
        None => Ok(None),
    }
}

/// How far the record with this identifier has come.
pub async fn find_status(
    db: &impl Reads,
    company_id: CompanyId,
    id: AlumnusId,
) -> Result<Option<AlumnusStatus>, DbError> {
    let by_id = alumnus::Column::Id.eq(id.0);
    Ok(find_status_by(db, company_id, by_id)
        .await?
        .map(|(_, status)| status))
}

/// The identifier of the record with the company's own number, and how far it has come.
pub async fn find_status_by_external_id(
    db: &impl Reads,
    company_id: CompanyId,
    external_id: &str,
) -> Result<Option<(AlumnusId, AlumnusStatus)>, DbError> {
    find_status_by(db, company_id, alumnus::Column::ExternalId.eq(external_id)).await
}

async fn find_status_by(
    db: &impl Reads,
    company_id: CompanyId,
    key: Expr,
) -> Result<Option<(AlumnusId, AlumnusStatus)>, DbError> {
    let row: Option<(Uuid, String)> = alumnus::Entity::find()
        .select_only()
        .columns([alumnus::Column::Id, alumnus::Column::Status])
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .filter(key)
        .into_tuple()
        .one(db.connection())
        .await?;
    row.map(|(id, status)| {
        let status = decode("alumnus.status", &status, AlumnusStatus::from_code)?;
        Ok((AlumnusId(id), status))
    })
    .transpose()
}

/// The record with this e-mail address, in lower case.
pub async fn find_by_email(
    db: &impl Reads,
    company_id: CompanyId,
    email: &str,
) -> Result<Option<Alumnus>, DbError> {
    let ids = load_ids_by_email(db, company_id, &[email.to_owned()]).await?;
    match ids.into_values().next() {
        Some(id) => find(db, company_id, id).await,
        None => Ok(None),
    }
}

/// The records with these identifiers, by identifier; unknown ones are left out. One statement per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<Vec<Alumnus>, DbError> {
    rows::load(db.connection(), company_id, ids).await
}

/// Which records carry these numbers of the company's.
pub async fn load_ids_by_external_id(
    db: &impl Reads,
    company_id: CompanyId,
    external_ids: &[String],
) -> Result<HashMap<String, AlumnusId>, DbError> {
    load_ids_by(db, company_id, alumnus::Column::ExternalId, external_ids).await
}

/// Which records carry these e-mail addresses.
pub async fn load_ids_by_email(
    db: &impl Reads,
    company_id: CompanyId,
    emails: &[String],
) -> Result<HashMap<String, AlumnusId>, DbError> {
    load_ids_by(db, company_id, alumnus::Column::Email, emails).await
}

async fn load_ids_by(
    db: &impl Reads,
    company_id: CompanyId,
    column: alumnus::Column,
    keys: &[String],
) -> Result<HashMap<String, AlumnusId>, DbError> {
    let mut found = HashMap::with_capacity(keys.len());
    for keys in keys.chunks(VALUES_MAX) {
        let rows: Vec<(String, Uuid)> = alumnus::Entity::find()
            .select_only()
            .column(column)
            .column(alumnus::Column::Id)
            .filter(alumnus::Column::CompanyId.eq(company_id.0))
            .filter(column.is_in(keys))
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows.into_iter().map(|(key, id)| (key, AlumnusId(id))));
    }
    Ok(found)
}

/// What tells whose the company's records are, by identifier. One statement.
pub async fn list_accounts(db: &impl Reads, company_id: CompanyId) -> Result<Vec<Account>, DbError> {
    type Row = (
        Uuid,
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
    );
    let rows: Vec<Row> = alumnus::Entity::find()
        .select_only()
        .columns([
            alumnus::Column::Id,
            alumnus::Column::Status,
            alumnus::Column::NameKanji,
            alumnus::Column::NameKana,
            alumnus::Column::Email,
            alumnus::Column::EmployeeNumber,
        ])
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .order_by_asc(alumnus::Column::Id)
        .into_tuple()
        .all(db.connection())
        .await?;
    let to_account = |(id, status, kanji, kana, email, employee_number): Row| {
        Ok(Account {
            id: AlumnusId(id),
            status: decode("alumnus.status", &status, AlumnusStatus::from_code)?,
            name: PersonName { kanji, kana },
            email,
            employee_number,
        })
    };
    rows.into_iter().map(to_account).collect()
}

/// At most `limit` identifiers after `after`, in their order.
pub async fn list_ids(
    db: &impl Reads,
    company_id: CompanyId,
    after: Option<AlumnusId>,
    limit: u64,
) -> Result<Vec<AlumnusId>, DbError> {
    let mut ids = alumnus::Entity::find()
        .select_only()
        .column(alumnus::Column::Id)
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .order_by_asc(alumnus::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        ids = ids.filter(alumnus::Column::Id.gt(after.0));
    }
    let ids: Vec<Uuid> = ids.into_tuple().all(db.connection()).await?;
    Ok(ids.into_iter().map(AlumnusId).collect())
}

/// How many records the company has, of any status.
pub async fn count(db: &impl Reads, company_id: CompanyId) -> Result<u64, DbError> {
    let rows = alumnus::Entity::find().filter(alumnus::Column::CompanyId.eq(company_id.0));
    Ok(rows.count(db.connection()).await?)
}

/// What the record holds beside what others may see. For the policy and the person's own export, and nothing else.
pub async fn find_private(
    db: &impl Reads,
    company_id: CompanyId,
    id: AlumnusId,
) -> Result<Option<Private>, DbError> {
    Ok(rows::load_private(db.connection(), company_id, &[id])
        .await?
        .remove(&id))
}

/// The evaluations of these people, by identifier; people without one are left out. One statement per 10,000.
pub async fn load_evaluations(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<HashMap<AlumnusId, String>, DbError> {
    let mut found = HashMap::new();
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows: Vec<(Uuid, String)> = alumnus::Entity::find()
            .select_only()
            .columns([alumnus::Column::Id, alumnus::Column::Evaluation])
            .filter(alumnus::Column::CompanyId.eq(company_id.0))
            .filter(alumnus::Column::Id.is_in(ids))
            .filter(alumnus::Column::Evaluation.is_not_null())
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows.into_iter().map(|(id, text)| (AlumnusId(id), text)));
    }
    Ok(found)
}
