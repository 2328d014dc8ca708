//! What a person's answers teach their own feed.
//!
//! - One person's answers change that person's state and no other: nothing is pooled over a company, and no list of
//!   candidates reads it.
//! - Learnt in the transaction that records the answer, from the newest list that showed the item: position and
//!   contributions stand there. What was never shown in a feed teaches nothing.
//! - Only while the consent to the feed holds; its withdrawal deletes the state.

use std::collections::{HashMap, HashSet};

use okaeri_engine::domain::{AlumnusId, Interaction, OpportunityId, OpportunityKind, Purpose, Viewer};
use okaeri_engine::ranking::learn::{Answer, PASSED_OVER_MAX, Preference, Shown};

use super::Fault;
use super::served::{Entry, Served};
use crate::db::learnt_preferences::{self, LearntPreference};
use crate::db::served_lists::{self, ServedList, ServedListKind};
use crate::db::{Reads, Transaction, consents, interactions, opportunities};

/// How many of the newest feeds are searched for the item that was answered: what a person answers is nearly always
/// on the screen in front of them.
const LISTS_MAX: u64 = 5;

/// The person's state as a feed reads it.
#[derive(Clone, Debug, Default)]
pub struct Learnt {
    /// Which version it is; `None`: nothing was learnt.
    pub version: Option<u64>,
    /// The state; `None` also where another version of the server wrote it in a form of its own.
    pub preference: Option<Preference>,
}

/// What is known of the person now.
pub async fn find(db: &impl Reads, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<Learnt, Fault> {
    let Some(row) = learnt_preferences::find_latest(db, viewer.company_id, alumnus_id).await? else {
        return Ok(Learnt::default());
    };
    Ok(Learnt {
        version: Some(row.version),
        preference: decode(&row),
    })
}

/// Learns from an answer, in the transaction that records it and before it is recorded.
pub(super) async fn learn(tx: &Transaction, viewer: &Viewer, interaction: &Interaction) -> Result<(), Fault> {
    let (company_id, alumnus_id) = (viewer.company_id, interaction.alumnus_id);
    let answer = Answer::of(interaction.kind);
    if answer == Answer::NotNow {
        return Ok(());
    }
    if consents::find_open(tx, company_id, alumnus_id, Purpose::Feed)
        .await?
        .is_none()
    {
        return Ok(());
    }
    let Some((list, entries)) = find_shown(tx, viewer, interaction).await? else {
        return Ok(());
    };
    let items = describe(tx, viewer, alumnus_id, &entries).await?;
    let latest = learnt_preferences::find_latest(tx, company_id, alumnus_id).await?;
    let mut preference = latest.as_ref().and_then(decode).unwrap_or_default();
    if !preference.learn(list.id, &items, items.len() - 1, answer) {
        return Ok(());
    }
    let state = postcard::to_stdvec(&preference)
        .map_err(|error| Fault::Broken(format!("learnt preference: {error}")))?;
    let next = LearntPreference {
        alumnus_id,
        version: latest.map_or(0, |latest| latest.version) + 1,
        state,
        created_at: interaction.at,
    };
    Ok(learnt_preferences::insert(tx, company_id, &next).await?)
}

/// The newest feed that showed the item: the places in front of it that count, and the item last.
async fn find_shown(
    tx: &Transaction,
    viewer: &Viewer,
    interaction: &Interaction,
) -> Result<Option<(ServedList, Vec<Entry>)>, Fault> {
    let (subject, at) = (viewer.subject.as_str(), interaction.at);
    let shown = (ServedListKind::Feed, interaction.alumnus_id.0);
    let lists = served_lists::list_newest(tx, viewer.company_id, subject, shown, at, LISTS_MAX).await?;
    for list in lists {
        // A list that another version of the server wrote in a form of its own teaches nothing.
        let Ok(served) = postcard::from_bytes::<Served>(&list.entries) else {
            continue;
        };
        if let Some(entries) = served.as_far_as(interaction.opportunity_id.0, PASSED_OVER_MAX) {
            return Ok(Some((list, entries)));
        }
    }
    Ok(None)
}

/// The items as learning reads them. One that is gone since counts as answered, so that it teaches nothing.
async fn describe(
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    entries: &[Entry],
) -> Result<Vec<Shown>, Fault> {
    let ids: Vec<OpportunityId> = entries.iter().map(|entry| OpportunityId(entry.key)).collect();
    let found = opportunities::load(tx, viewer.company_id, &ids).await?;
    let kinds: HashMap<OpportunityId, OpportunityKind> =
        found.iter().map(|found| (found.id, found.kind())).collect();
    let answers = interactions::load_latest(tx, viewer.company_id, alumnus_id, &ids).await?;
    let answered: HashSet<OpportunityId> = answers.iter().map(|answer| answer.opportunity_id).collect();
    let items = ids.iter().zip(entries).map(|(id, entry)| Shown {
        contributions: entry.contributions(),
        kind: kinds.get(id).copied().unwrap_or(OpportunityKind::Role),
        is_answered: answered.contains(id) || !kinds.contains_key(id),
    });
    Ok(items.collect())
}

fn decode(row: &LearntPreference) -> Option<Preference> {
    let read: Option<Preference> = postcard::from_bytes(&row.state).ok();
    read.filter(Preference::is_readable)
}
