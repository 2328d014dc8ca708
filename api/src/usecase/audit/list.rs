//! Records by what they are about, latest first.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::record::{Header, RecordKind};
use super::{AlumnusId, CompanyId, numbers};
use crate::db::Reads;
use crate::db::audit::{self, ChainKey, ChainRow};
use crate::db::served_lists::{self, Heads};
use crate::usecase::Fault;

/// Which records. An absent part asks nothing; with anything but kind and time, only rankings whose bodies are there.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<RecordKind>>,
    /// About this opportunity, or this person's feed.
    pub subject_id: Option<Uuid>,
    /// Read by this token's subject.
    pub reader: Option<String>,
    /// With this person in it.
    pub alumnus_id: Option<AlumnusId>,
    /// From this instant on.
    pub since: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
}

impl Filter {
    fn asks_for_bodies(&self) -> bool {
        self.subject_id.is_some() || self.reader.is_some() || self.alumnus_id.is_some()
    }
}

/// A record in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its row of the chain.
    pub row: ChainRow,
    /// Everything of a ranking but its entries; `None` for events, and once the body is gone.
    pub header: Option<Header>,
    /// What was typed and filtered by; `None` once somebody whom it found was erased.
    pub criteria: Option<String>,
}

/// Every record that the filter admits, latest first.
///
/// # Errors
///
/// When the database fails.
pub async fn keys(db: &impl Reads, company_id: CompanyId, filter: &Filter) -> Result<Vec<ChainKey>, Fault> {
    let codes = filter.kinds.as_ref().map(|kinds| {
        let codes = kinds.iter().map(|kind| kind.code());
        codes.collect::<Vec<_>>()
    });
    let mut keys = audit::list_keys(db, company_id, codes.as_deref(), filter.since, filter.until).await?;
    if !filter.asks_for_bodies() {
        return Ok(keys);
    }
    let number = match filter.alumnus_id {
        Some(id) => {
            let salts = audit::load_salts(db, company_id, std::iter::once(id.0)).await?;
            // Nobody ranked somebody without a salt.
            let Some(salt) = salts.get(&id) else {
                return Ok(Vec::new());
            };
            Some(salt.number)
        }
        None => None,
    };
    let asked = Heads {
        subject_id: filter.subject_id,
        viewer_subject: filter.reader.as_deref(),
        with_people: number.is_some(),
    };
    let bodies = served_lists::list_heads(db, company_id, asked).await?;
    let is_in = |people: &[u8]| number.is_none_or(|number| numbers::contains(people, number));
    let admitted: std::collections::HashSet<Uuid> = bodies
        .into_iter()
        .filter(|(_, people)| is_in(people))
        .map(|(id, _)| id.0)
        .collect();
    keys.retain(|key| admitted.contains(&key.record_id));
    Ok(keys)
}

/// These records, in the order of `keys`.
///
/// # Errors
///
/// When the database fails.
pub async fn load(db: &impl Reads, company_id: CompanyId, keys: &[ChainKey]) -> Result<Vec<Listed>, Fault> {
    let ids = || keys.iter().map(|key| key.record_id);
    let mut rows: HashMap<Uuid, ChainRow> = HashMap::new();
    for row in audit::load(db, company_id, ids()).await? {
        rows.insert(row.record_id, row);
    }
    let mut heads = HashMap::new();
    for (id, header, criteria) in served_lists::load_headers(db, company_id, ids()).await? {
        heads.insert(id.0, (header, criteria));
    }
    let listed = keys.iter().filter_map(|key| {
        let (header, criteria) = heads.remove(&key.record_id).unzip();
        Some(Listed {
            row: rows.remove(&key.record_id)?,
            header: header.and_then(|header| serde_json::from_str(&header).ok()),
            criteria: criteria.flatten(),
        })
    });
    Ok(listed.collect())
}
