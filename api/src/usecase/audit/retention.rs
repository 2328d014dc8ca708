//! Retention: bodies go when they are as old as the operator keeps them; their digests stay in the chain.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::erase::Taken;
use super::record::{RecordKind, append_event};
use super::{CompanyId, ServedListId};
use crate::app::App;
use crate::db::audit;
use crate::db::served_lists::{self, ServedListKind};
use crate::usecase::Fault;

/// How many bodies go in one transaction: a chain is locked meanwhile.
const BODIES_PER_STEP: u64 = 500;

/// Deletes the bodies that have grown too old, each company's with an event in its chain. Returns how many went.
pub async fn expire(app: &App) -> Result<u64, Fault> {
    let now = app.clock.now();
    let mut n_expired = 0;
    for kind in ServedListKind::ALL {
        n_expired += expire_kind(app, *kind, now - age(app, *kind)).await?;
    }
    Ok(n_expired)
}

/// How long bodies of a kind are kept.
fn age(app: &App, kind: ServedListKind) -> TimeDelta {
    let kept = &app.config.audit;
    let days = match kind {
        ServedListKind::Feed => kept.feed_days,
        // What was read before people were written to belongs to the lists that it was taken from.
        ServedListKind::Candidates | ServedListKind::InvitationPreview => kept.candidates_days,
        ServedListKind::Search => kept.search_days,
    };
    TimeDelta::days(i64::from(days))
}

async fn expire_kind(app: &App, kind: ServedListKind, before: DateTime<Utc>) -> Result<u64, Fault> {
    let mut n_expired = 0;
    loop {
        let expired = served_lists::list_expired(&app.db, kind, before, BODIES_PER_STEP).await?;
        if expired.is_empty() {
            return Ok(n_expired);
        }
        let mut of_companies: BTreeMap<CompanyId, Vec<(u64, ServedListId)>> = BTreeMap::new();
        for one in &expired {
            let of_company = of_companies.entry(one.company_id).or_default();
            of_company.push((one.sequence, one.id));
        }
        for (company_id, bodies) in of_companies {
            n_expired += take(app, company_id, bodies).await?;
        }
    }
}

async fn take(app: &App, company_id: CompanyId, bodies: Vec<(u64, ServedListId)>) -> Result<u64, Fault> {
    let tx = app.db.begin().await?;
    audit::lock(&tx, company_id).await?;
    let ids = bodies.iter().map(|(_, id)| *id);
    // Another server, or an erasure, may have taken some of them meanwhile; then they go, and are named, the next time.
    if served_lists::delete(&tx, company_id, ids).await? != bodies.len() as u64 {
        tx.rollback().await?;
        return Ok(0);
    }
    let mut sequences: Vec<u64> = bodies.iter().map(|(sequence, _)| *sequence).collect();
    sequences.sort_unstable();
    let n_taken = sequences.len() as u64;
    let taken = Taken {
        bodies: sequences,
        entries: Vec::new(),
    };
    let (id, at) = (app.clock.new_id(), app.clock.now());
    append_event(&tx, company_id, id, RecordKind::Retention, taken.to_json()?, at).await?;
    tx.commit().await?;
    Ok(n_taken)
}
