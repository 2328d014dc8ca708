//! The chain of records, the salts of the people in them, and the documents that they rest on.
//!
//! - A row of the chain is added and never changed or removed; triggers refuse it. What erasure and retention take
//!   away are the bodies ([`super::served_lists`]) and the salts.
//! - Rows of one company are numbered from 1 without a gap: whoever adds one holds [`lock`].
//! - Digests are made and compared elsewhere; here they are bytes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::codec::{conflict_ignored, decode_number, encode_number, id_lists, instant, rows_max};
use super::database::{Database, Reads, Transaction};
use super::entity::{alumnus, audit_chain, audit_document, audit_salt};
use super::error::DbError;

/// A row of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainRow {
    /// Its place, from 1.
    pub sequence: u64,
    /// What it is about: a served list, or an event of its own.
    pub record_id: Uuid,
    /// The code of its kind, as it stands in the row.
    pub kind: String,
    /// What an event says; `None` for a ranking, whose body is the served list.
    pub payload: Option<String>,
    /// The digest of body or payload.
    pub root: Vec<u8>,
    /// The digest of the row and the one before.
    pub hash: Vec<u8>,
    /// When it was added.
    pub at: DateTime<Utc>,
}

/// What names a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainKey {
    /// Its place, from 1.
    pub sequence: u64,
    /// What it is about.
    pub record_id: Uuid,
}

/// What a person's digests are salted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt {
    /// The person's number in the company's lists, from 1.
    pub number: u32,
    /// The salt.
    pub salt: [u8; 32],
}

/// Sets the keys of the chains apart from those of the companies' writers: recording a ranking waits for no import, but for
/// the moment in which it gives a batch's people their salts.
const CHAIN_KEY: i64 = 0x6f6b_6165_7269_0a01;

/// Makes the transaction wait for the others that add to the company's chain; held until it ends.
///
/// A transaction that also locks the company does so first, and one that removes a person locks the chain before it
/// touches the record, so that two cannot wait for each other.
pub async fn lock(tx: &Transaction, company_id: CompanyId) -> Result<(), DbError> {
    let (high, low) = company_id.0.as_u64_pair();
    tx.advisory_lock((high ^ low).cast_signed() ^ CHAIN_KEY).await
}

/// The newest row; `None` for a company without records.
pub async fn find_last(db: &impl Reads, company_id: CompanyId) -> Result<Option<ChainRow>, DbError> {
    let rows = audit_chain::Entity::find()
        .filter(audit_chain::Column::CompanyId.eq(company_id.0))
        .order_by_desc(audit_chain::Column::Sequence)
        .limit(1);
    rows.one(db.connection()).await?.map(to_chain_row).transpose()
}

/// Adds a row; the caller holds [`lock`] and numbers it.
pub async fn insert(tx: &Transaction, company_id: CompanyId, row: &ChainRow) -> Result<(), DbError> {
    let row = audit_chain::Model {
        company_id: company_id.0,
        sequence: encode_number("audit_chain.sequence", row.sequence)?,
        record_id: row.record_id,
        kind: row.kind.clone(),
        payload: row.payload.clone(),
        root: row.root.clone(),
        hash: row.hash.clone(),
        at: instant(row.at),
    };
    audit_chain::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// At most `limit` rows behind `sequence`, in their order.
pub async fn list_after(
    db: &impl Reads,
    company_id: CompanyId,
    sequence: u64,
    limit: u64,
) -> Result<Vec<ChainRow>, DbError> {
    let sequence: i64 = encode_number("audit_chain.sequence", sequence)?;
    let rows = audit_chain::Entity::find()
        .filter(audit_chain::Column::CompanyId.eq(company_id.0))
        .filter(audit_chain::Column::Sequence.gt(sequence))
        .order_by_asc(audit_chain::Column::Sequence)
        .limit(limit)
        .all(db.connection())
        .await?;
    rows.into_iter().map(to_chain_row).collect()
}

/// The rows of these kinds, in their order.
pub async fn list_of_kinds(
    db: &impl Reads,
    company_id: CompanyId,
    kinds: &[&str],
) -> Result<Vec<ChainRow>, DbError> {
    let rows = audit_chain::Entity::find()
        .filter(audit_chain::Column::CompanyId.eq(company_id.0))
        .filter(audit_chain::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(audit_chain::Column::Sequence)
        .all(db.connection())
        .await?;
    rows.into_iter().map(to_chain_row).collect()
}

/// Whether there is a row of this kind behind `sequence`.
pub async fn has_kind_after(
    db: &impl Reads,
    company_id: CompanyId,
    kind: &str,
    sequence: u64,
) -> Result<bool, DbError> {
    let sequence: i64 = encode_number("audit_chain.sequence", sequence)?;
    let found: Option<i64> = audit_chain::Entity::find()
        .select_only()
        .column(audit_chain::Column::Sequence)
        .filter(audit_chain::Column::CompanyId.eq(company_id.0))
        .filter(audit_chain::Column::Sequence.gt(sequence))
        .filter(audit_chain::Column::Kind.eq(kind))
        .limit(1)
        .into_tuple()
        .one(db.connection())
        .await?;
    Ok(found.is_some())
}

/// What names the rows of these kinds (`None`: of all), of `since` or later and before `until`; latest first.
pub async fn list_keys(
    db: &impl Reads,
    company_id: CompanyId,
    kinds: Option<&[&str]>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<Vec<ChainKey>, DbError> {
    use audit_chain::Column;
    let mut rows = audit_chain::Entity::find()
        .select_only()
        .columns([Column::Sequence, Column::RecordId])
        .filter(Column::CompanyId.eq(company_id.0))
        .order_by_desc(Column::Sequence);
    if let Some(kinds) = kinds {
        rows = rows.filter(Column::Kind.is_in(kinds.iter().copied()));
    }
    if let Some(since) = since {
        rows = rows.filter(Column::At.gte(instant(since)));
    }
    if let Some(until) = until {
        rows = rows.filter(Column::At.lt(instant(until)));
    }
    let rows: Vec<(i64, Uuid)> = rows.into_tuple().all(db.connection()).await?;
    let decoded = rows.into_iter().map(|(sequence, record_id)| {
        let sequence = decode_number("audit_chain.sequence", sequence)?;
        Ok(ChainKey { sequence, record_id })
    });
    decoded.collect()
}

/// The rows about these, in no order.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<ChainRow>, DbError> {
    let mut found = Vec::new();
    for ids in id_lists(ids) {
        let rows = audit_chain::Entity::find()
            .filter(audit_chain::Column::CompanyId.eq(company_id.0))
            .filter(audit_chain::Column::RecordId.is_in(ids))
            .all(db.connection())
            .await?;
        for row in rows {
            found.push(to_chain_row(row)?);
        }
    }
    Ok(found)
}

/// The row about `record_id`.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    record_id: Uuid,
) -> Result<Option<ChainRow>, DbError> {
    let rows = audit_chain::Entity::find()
        .filter(audit_chain::Column::CompanyId.eq(company_id.0))
        .filter(audit_chain::Column::RecordId.eq(record_id));
    rows.one(db.connection()).await?.map(to_chain_row).transpose()
}

/// The salts of these people, as far as they have one.
pub async fn load_salts(
    db: &impl Reads,
    company_id: CompanyId,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<AlumnusId, Salt>, DbError> {
    let mut salts = HashMap::new();
    for ids in id_lists(ids) {
        let rows = audit_salt::Entity::find()
            .filter(audit_salt::Column::CompanyId.eq(company_id.0))
            .filter(audit_salt::Column::AlumnusId.is_in(ids))
            .all(db.connection())
            .await?;
        for row in rows {
            let salt = Salt {
                number: decode_number("audit_salt.number", row.number)?,
                salt: row
                    .salt
                    .try_into()
                    .map_err(|_| DbError::corrupt("audit_salt.salt"))?,
            };
            salts.insert(AlumnusId(row.alumnus_id), salt);
        }
    }
    Ok(salts)
}

/// The salts of those of `people` who have a record, made where there is none.
///
/// They are made in a transaction of their own: one that writes records as well would hold those while it waits for the
/// chain's lock, whose holder may wait for one of them.
pub async fn ensure_salts(
    db: &Database,
    company_id: CompanyId,
    people: &[AlumnusId],
    new_salt: impl Fn() -> [u8; 32],
) -> Result<HashMap<AlumnusId, Salt>, DbError> {
    let lacking = |salts: &HashMap<AlumnusId, Salt>| -> Vec<AlumnusId> {
        let lacks = |id: &AlumnusId| !salts.contains_key(id);
        people.iter().copied().filter(lacks).collect()
    };
    let mut salts = load_salts(db, company_id, people.iter().map(|id| id.0)).await?;
    let without = lacking(&salts);
    if without.is_empty() {
        return Ok(salts);
    }
    let tx = db.begin().await?;
    lock(&tx, company_id).await?;
    // Others may have given them some meanwhile.
    salts.extend(load_salts(&tx, company_id, without.iter().map(|id| id.0)).await?);
    salts.extend(insert_salts(&tx, company_id, &lacking(&salts), new_salt).await?);
    tx.commit().await?;
    Ok(salts)
}

/// Gives salts to those of `people` who have a record, numbered behind everybody's; the caller holds [`lock`].
async fn insert_salts(
    tx: &Transaction,
    company_id: CompanyId,
    people: &[AlumnusId],
    new_salt: impl Fn() -> [u8; 32],
) -> Result<HashMap<AlumnusId, Salt>, DbError> {
    const N_COLUMNS: usize = 4;
    let mut existing = Vec::with_capacity(people.len());
    for ids in id_lists(people.iter().map(|id| id.0)) {
        let found: Vec<Uuid> = alumnus::Entity::find()
            .select_only()
            .column(alumnus::Column::Id)
            .filter(alumnus::Column::CompanyId.eq(company_id.0))
            .filter(alumnus::Column::Id.is_in(ids))
            .into_tuple()
            .all(tx.inner())
            .await?;
        existing.extend(found);
    }
    let last: Option<i32> = audit_salt::Entity::find()
        .select_only()
        .column(audit_salt::Column::Number)
        .filter(audit_salt::Column::CompanyId.eq(company_id.0))
        .order_by_desc(audit_salt::Column::Number)
        .limit(1)
        .into_tuple()
        .one(tx.inner())
        .await?;
    let mut salts = HashMap::with_capacity(existing.len());
    let mut rows = Vec::with_capacity(existing.len());
    for (number, alumnus_id) in (last.unwrap_or(0) + 1..).zip(existing) {
        let salt = new_salt();
        let row = audit_salt::Model {
            company_id: company_id.0,
            alumnus_id,
            number,
            salt: salt.to_vec(),
        };
        rows.push(row.into_active_model());
        let number = decode_number("audit_salt.number", number)?;
        salts.insert(AlumnusId(alumnus_id), Salt { number, salt });
    }
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(rows_max(N_COLUMNS)).collect();
        audit_salt::Entity::insert_many(some)
            .exec_without_returning(tx.inner())
            .await?;
    }
    Ok(salts)
}

/// Destroys a person's salt. Returns what it was.
pub async fn delete_salt(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<Salt>, DbError> {
    let salt = load_salts(tx, company_id, std::iter::once(alumnus_id.0)).await?;
    audit_salt::Entity::delete_many()
        .filter(audit_salt::Column::CompanyId.eq(company_id.0))
        .filter(audit_salt::Column::AlumnusId.eq(alumnus_id.0))
        .exec(tx.inner())
        .await?;
    Ok(salt.get(&alumnus_id).copied())
}

/// Keeps a document under its digest, once.
pub async fn insert_document(
    tx: &Transaction,
    company_id: CompanyId,
    digest: &str,
    content: &str,
) -> Result<(), DbError> {
    let row = audit_document::Model {
        company_id: company_id.0,
        digest: digest.to_owned(),
        content: content.to_owned(),
    };
    audit_document::Entity::insert(row.into_active_model())
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// The document with this digest.
pub async fn find_document(
    db: &impl Reads,
    company_id: CompanyId,
    digest: &str,
) -> Result<Option<String>, DbError> {
    let row = audit_document::Entity::find_by_id((company_id.0, digest.to_owned()));
    Ok(row.one(db.connection()).await?.map(|row| row.content))
}

fn to_chain_row(row: audit_chain::Model) -> Result<ChainRow, DbError> {
    Ok(ChainRow {
        sequence: decode_number("audit_chain.sequence", row.sequence)?,
        record_id: row.record_id,
        kind: row.kind,
        payload: row.payload,
        root: row.root,
        hash: row.hash,
        at: row.at,
    })
}
