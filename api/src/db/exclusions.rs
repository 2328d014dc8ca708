//! What people exclude in confidence, sealed under a key that is not in the database.
//!
//! - Everybody has a row from the moment their record is written, and all rows are equally long, so neither says
//!   whether anybody excludes anything. A record without a row, or with one that does not open, is one whose exclusions
//!   are not known: [`find`] says so, and nobody takes it for "none".
//! - A list is bound to its person: copied to another's row it does not open. An older list of the same person does:
//!   the database's administrator can bring back what was, and cannot read it.
//! - What that administrator can see is that a list was written anew, by comparing two copies of the database; not
//!   whether anything in it changed. What a person opts into is stored in clear, and so are served lists: whoever reads
//!   these can find a person absent from a unit's lists, as they would one who does not want that unit's work.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, Exclusion, ExclusionTarget, Exclusions, HiringManagers};
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::alumni;
use super::codec::{instant, rows_max};
use super::database::{Connected as _, Reads, Snapshot, Transaction};
use super::entity::exclusion_list;
use super::error::DbError;
use super::key_ring::{KeyRing, Sealed};

/// Bytes of every list before it is sealed: the most exclusions there can be, with names of some fifty characters of
/// Japanese each, and 200 MB for 100,000 people.
const LIST_BYTES: usize = 2_048;
/// Bytes of a list that say how long it is.
const LENGTH_BYTES: usize = 2;
/// Most bytes that the exclusions of one person may take.
pub const BYTES_MAX: usize = LIST_BYTES - LENGTH_BYTES;
/// Lists that are sealed anew in one transaction.
const REKEYED_AT_ONCE: u64 = 500;

/// An exclusion as it is sealed.
#[derive(Serialize, Deserialize)]
struct Stored {
    unit: String,
    subject: Option<String>,
    since_us: i64,
}

/// How many bytes these exclusions take; at most [`BYTES_MAX`] can be kept.
#[must_use]
pub fn n_bytes(exclusions: &[Exclusion]) -> usize {
    encode(exclusions).map_or(usize::MAX, |bytes| bytes.len())
}

/// What the person excludes, in the order in which it was written. `None` when it cannot be read.
///
/// The caller is the person themselves, or their own export.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<Vec<Exclusion>>, DbError> {
    let row = of_company(company_id)
        .filter(exclusion_list::Column::AlumnusId.eq(alumnus_id.0))
        .one(db.connection())
        .await?;
    Ok(row.and_then(|row| open(db.keys(), &row)))
}

/// Replaces what the person excludes. Returns whether the record exists.
pub async fn replace(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    exclusions: &[Exclusion],
) -> Result<bool, DbError> {
    let sealed = seal(tx.keys(), company_id, alumnus_id, exclusions)?;
    update(tx, company_id, alumnus_id, sealed).await
}

/// Adds an empty list for each of these people, who are new.
pub(super) async fn insert_empty(
    tx: &Transaction,
    company_id: CompanyId,
    ids: impl Iterator<Item = AlumnusId>,
) -> Result<(), DbError> {
    const N_COLUMNS: usize = 4;
    let row = |alumnus_id| {
        let sealed = seal(tx.keys(), company_id, alumnus_id, &[])?;
        Ok(exclusion_list::ActiveModel {
            company_id: Set(company_id.0),
            alumnus_id: Set(alumnus_id.0),
            key_id: Set(Some(sealed.key_id)),
            sealed: Set(Some(sealed.bytes)),
        })
    };
    let rows: Vec<_> = ids.map(row).collect::<Result<_, DbError>>()?;
    for rows in rows.chunks(rows_max(N_COLUMNS)) {
        exclusion_list::Entity::insert_many(rows.iter().cloned())
            .exec_without_returning(tx.inner())
            .await?;
    }
    Ok(())
}

/// The rows' exclusions in the form that decides, by person. Whoever has none of the rows is missing.
pub(super) fn compared(
    keys: &KeyRing,
    rows: Vec<exclusion_list::Model>,
    managers: &HiringManagers,
) -> HashMap<Uuid, Exclusions> {
    let of = |row: &exclusion_list::Model| match open(keys, row) {
        Some(exclusions) => Exclusions::new(&exclusions, managers),
        None => Exclusions::UNREADABLE,
    };
    rows.iter().map(|row| (row.alumnus_id, of(row))).collect()
}

/// Which lists to seal anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outdated {
    /// Of people who were there before the lists were, and have none but in name.
    NeverSealed,
    /// These, and all that are under another key than the current one.
    UnderAnotherKey,
}

/// What came of sealing a company's lists anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rekeyed {
    /// Lists that are under the current key now and were not before.
    pub n_sealed: u64,
    /// Lists that do not open with any key there is, and were left as they are.
    pub n_unreadable: u64,
}

/// Seals up to some hundreds of outdated lists after `after` under the current key, in the order of their people. Returns
/// what was done, and after whom to go on; `None`: these were the last.
pub async fn rekey_some(
    tx: &Transaction,
    company_id: CompanyId,
    outdated: Outdated,
    after: Option<AlumnusId>,
) -> Result<(Rekeyed, Option<AlumnusId>), DbError> {
    let is_unset = Condition::any().add(exclusion_list::Column::KeyId.is_null());
    let current = tx.keys().current_id().unwrap_or_default().to_owned();
    let is_outdated = match outdated {
        Outdated::NeverSealed => is_unset,
        Outdated::UnderAnotherKey => is_unset.add(exclusion_list::Column::KeyId.ne(current)),
    };
    let mut rows = of_company(company_id)
        .filter(is_outdated)
        .order_by_asc(exclusion_list::Column::AlumnusId)
        .limit(REKEYED_AT_ONCE);
    if let Some(after) = after {
        rows = rows.filter(exclusion_list::Column::AlumnusId.gt(after.0));
    }
    let rows = rows.all(tx.inner()).await?;
    let mut rekeyed = Rekeyed::default();
    for row in &rows {
        let alumnus_id = AlumnusId(row.alumnus_id);
        match open(tx.keys(), row) {
            Some(exclusions) => {
                let sealed = seal(tx.keys(), company_id, alumnus_id, &exclusions)?;
                update(tx, company_id, alumnus_id, sealed).await?;
                rekeyed.n_sealed += 1;
            }
            None => rekeyed.n_unreadable += 1,
        }
    }
    let is_last = (rows.len() as u64) < REKEYED_AT_ONCE;
    let reached = rows.last().map(|row| AlumnusId(row.alumnus_id));
    Ok((rekeyed, reached.filter(|_| !is_last)))
}

/// How a company's lists can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// People in all.
    pub n_people: u64,
    /// People who have no list, as after a hand in the database. They are ranked for nothing.
    pub n_without: u64,
    /// Lists in all.
    pub n_lists: u64,
    /// Lists that do not open with any key there is. Their people are ranked for nothing.
    pub n_unreadable: u64,
    /// Lists that open, under another key than the current one.
    pub n_outdated: u64,
}

/// Tries every list of a company. Some microseconds for each.
///
/// - `db`: one state, or whoever is added while the lists are read would count as a person without one
pub async fn survey(db: &Snapshot, company_id: CompanyId) -> Result<Survey, DbError> {
    let mut survey = Survey {
        n_people: alumni::count(db, company_id).await?,
        ..Survey::default()
    };
    let mut after: Option<Uuid> = None;
    loop {
        let mut rows = of_company(company_id)
            .order_by_asc(exclusion_list::Column::AlumnusId)
            .limit(REKEYED_AT_ONCE);
        if let Some(after) = after {
            rows = rows.filter(exclusion_list::Column::AlumnusId.gt(after));
        }
        let rows = rows.all(db.connection()).await?;
        for row in &rows {
            survey.n_lists += 1;
            if open(db.keys(), row).is_none() {
                survey.n_unreadable += 1;
            } else if row.key_id.is_some() && row.key_id.as_deref() != db.keys().current_id() {
                survey.n_outdated += 1;
            }
        }
        after = rows.last().map(|row| row.alumnus_id);
        if after.is_none() {
            // A list goes with its person, so there are never more.
            survey.n_without = survey.n_people.saturating_sub(survey.n_lists);
            return Ok(survey);
        }
    }
}

pub(super) fn of_company(company_id: CompanyId) -> Select<exclusion_list::Entity> {
    exclusion_list::Entity::find().filter(exclusion_list::Column::CompanyId.eq(company_id.0))
}

async fn update(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    sealed: Sealed,
) -> Result<bool, DbError> {
    let changes = exclusion_list::ActiveModel {
        key_id: Set(Some(sealed.key_id)),
        sealed: Set(Some(sealed.bytes)),
        ..Default::default()
    };
    let updated = exclusion_list::Entity::update_many()
        .set(changes)
        .filter(exclusion_list::Column::CompanyId.eq(company_id.0))
        .filter(exclusion_list::Column::AlumnusId.eq(alumnus_id.0))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Whose list it is, which it is bound to.
fn place(company_id: Uuid, alumnus_id: Uuid) -> Vec<u8> {
    let form = b"exclusion_list 1\0".as_slice();
    [form, company_id.as_bytes(), alumnus_id.as_bytes()].concat()
}

fn seal(
    keys: &KeyRing,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    exclusions: &[Exclusion],
) -> Result<Sealed, DbError> {
    let bytes = encode(exclusions).filter(|bytes| bytes.len() <= BYTES_MAX);
    let bytes = bytes.ok_or_else(|| DbError::Fault("a list of exclusions is too long".to_owned()))?;
    let n_bytes = u16::try_from(bytes.len()).map_err(|_| DbError::corrupt("exclusion_list.sealed"))?;
    let mut list = Vec::with_capacity(LIST_BYTES);
    list.extend(n_bytes.to_be_bytes());
    list.extend(bytes);
    list.resize(LIST_BYTES, 0);
    keys.seal(&place(company_id.0, alumnus_id.0), &list)
}

/// `None` when it does not open, or holds something else.
fn open(keys: &KeyRing, row: &exclusion_list::Model) -> Option<Vec<Exclusion>> {
    let (Some(key_id), Some(sealed)) = (&row.key_id, &row.sealed) else {
        // Nobody has written here since the table was made; half a row is a broken one.
        return (row.key_id.is_none() && row.sealed.is_none()).then(Vec::new);
    };
    let list = keys.open(key_id, &place(row.company_id, row.alumnus_id), sealed)?;
    let (n_bytes, rest) = list.split_first_chunk::<LENGTH_BYTES>()?;
    let bytes = rest.get(..usize::from(u16::from_be_bytes(*n_bytes)))?;
    let stored: Vec<Stored> = postcard::from_bytes(bytes).ok()?;
    stored.into_iter().map(Stored::into_domain).collect()
}

fn encode(exclusions: &[Exclusion]) -> Option<Vec<u8>> {
    let stored: Vec<Stored> = exclusions.iter().map(Stored::of).collect();
    postcard::to_stdvec(&stored).ok()
}

impl Stored {
    fn of(exclusion: &Exclusion) -> Self {
        let (unit, subject) = match &exclusion.target {
            ExclusionTarget::Unit(unit) => (unit, None),
            ExclusionTarget::Staff { subject, unit } => (unit, Some(subject)),
        };
        Self {
            unit: unit.clone(),
            subject: subject.cloned(),
            since_us: instant(exclusion.since).timestamp_micros(),
        }
    }

    fn into_domain(self) -> Option<Exclusion> {
        let target = match self.subject {
            None => ExclusionTarget::Unit(self.unit),
            Some(subject) => ExclusionTarget::Staff {
                subject,
                unit: self.unit,
            },
        };
        Some(Exclusion {
            target,
            since: DateTime::<Utc>::from_timestamp_micros(self.since_us)?,
        })
    }
}

#[cfg(test)]
mod tests;
