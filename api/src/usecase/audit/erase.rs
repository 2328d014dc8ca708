//! Erasure: a person's salt and bytes go, the digests stay and say nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{RecordKind, append_event};
use super::{AlumnusId, CompanyId, ServedListId, numbers};
use crate::db::Transaction;
use crate::db::audit;
use crate::db::served_lists::{self, ServedList, ServedListKind};
use crate::usecase::Fault;
use crate::usecase::served::Served;

/// How many lists are looked at for a person in one step.
const LISTS_PER_STEP: u64 = 1_000;

/// What an event took from the bodies. It names no person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Taken {
    /// Whole bodies, by their place in the chain.
    pub bodies: Vec<u64>,
    /// Entries, by the body's place in the chain and the 0-based place in it.
    pub entries: Vec<(u64, u32)>,
}

/// Takes a person out of every record, in the transaction that deletes them and before it does so.
///
/// - As somebody who was ranked or found: their entries become tombstones, and what was typed in the searches that found
///   them goes with them.
/// - As a reader: what they were served goes as a whole.
///
/// The transaction holds the lock of the chain from here to its end; it rewrites each list that the person is in, some
/// hundred bytes for each entry of it.
///
/// - `event_id`: a new identifier
pub async fn erase(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    event_id: Uuid,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    // Before anything is read: a list that is being recorded now either is seen here or sees that the salt is gone.
    audit::lock(tx, company_id).await?;
    let mut taken = Taken {
        bodies: served_lists::delete_for_viewer(tx, company_id, &alumnus_id.to_string()).await?,
        entries: Vec::new(),
    };
    if let Some(salt) = audit::delete_salt(tx, company_id, alumnus_id).await? {
        let mut before = i64::MAX.unsigned_abs();
        loop {
            let lists = served_lists::list_people_before(tx, company_id, before, LISTS_PER_STEP).await?;
            let Some((last, ..)) = lists.last() else { break };
            before = *last;
            for (sequence, id, people) in &lists {
                if numbers::contains(people, salt.number) {
                    let place = blank(tx, company_id, *id, alumnus_id).await?;
                    taken.entries.extend(place.map(|place| (*sequence, place)));
                }
            }
        }
    }
    taken.entries.sort_unstable();
    append_event(
        tx,
        company_id,
        event_id,
        RecordKind::Erasure,
        taken.to_json()?,
        at,
    )
    .await?;
    Ok(())
}

impl Taken {
    pub(super) fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self)
            .map_err(|error| Fault::Broken(format!("an event cannot be encoded: {error}")))
    }
}

/// Blanks a person's entry. Returns its place; `None` where the list does not have them, since a number may have had
/// another owner.
async fn blank(
    tx: &Transaction,
    company_id: CompanyId,
    id: ServedListId,
    alumnus_id: AlumnusId,
) -> Result<Option<u32>, Fault> {
    let Some(row) = served_lists::find(tx, company_id, id).await? else {
        return Ok(None);
    };
    let mut list = decode(&row)?;
    let Some(place) = list.entries.iter().position(|entry| entry.key == alumnus_id.0) else {
        return Ok(None);
    };
    list.entries[place].erase();
    let entries = postcard::to_stdvec(&list)
        .map_err(|error| Fault::Broken(format!("served list {id} cannot be encoded: {error}")))?;
    served_lists::update_entries(tx, company_id, id, entries).await?;
    match row.kind {
        ServedListKind::Search => served_lists::forget_criteria(tx, company_id, id).await?,
        // Nothing was typed, and whoever reads on page two goes on.
        ServedListKind::Candidates | ServedListKind::Feed | ServedListKind::InvitationPreview => {}
    }
    Ok(u32::try_from(place).ok())
}

/// The list in a row.
///
/// # Errors
///
/// When this version cannot read it.
pub(super) fn decode(row: &ServedList) -> Result<Served, Fault> {
    postcard::from_bytes(&row.entries)
        .map_err(|error| Fault::Broken(format!("served list {} is unreadable: {error}", row.id)))
}
