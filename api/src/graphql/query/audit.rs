//! Records of rankings, for administrators.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject};
use okaeri_engine::domain::visibility::may_know_of_approach;
use okaeri_engine::domain::{AlumnusId, Asker, Role, ServedListId, Viewer};
use uuid::Uuid;

use crate::db::audit::ChainKey;
use crate::db::served_lists::ServedListKind;
use crate::db::standings;
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::{Cursor, Page, foreign_cursor};
use crate::graphql::scalars::DateTime;
use crate::graphql::types::alumnus::Alumnus;
use crate::graphql::types::audit::{
    AuditRecord, AuditRecordConnection, AuditRecordEdge, AuditRecordKind, AuditedCandidate,
    AuditedCandidateConnection, AuditedCandidateEdge, AuditedRecord, may_show_entries,
};
use crate::usecase::Fault;
use crate::usecase::audit::list::{self, Filter, Listed};
use crate::usecase::audit::record::RecordKind;
use crate::usecase::audit::replay::{self, ReplayedEntry};
use crate::usecase::audit::verify::verify_record;
use crate::usecase::search::order_fingerprint;

/// Which records. Conditions that are absent ask nothing; an empty list admits none. With any condition but kind and
/// time, only rankings that are still kept.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AuditRecordFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<AuditRecordKind>>,
    /// Rankings for this opportunity.
    pub opportunity_id: Option<ID>,
    /// Rankings that this alumnus was in.
    pub alumnus_id: Option<ID>,
    /// Rankings that this recruiter or administrator read: the token's subject.
    pub reader: Option<String>,
    /// From this instant on.
    pub since: Option<DateTime>,
    /// Before this instant.
    pub until: Option<DateTime>,
}

/// The filter of the use case; `None`: it names what is not there, so that nothing is admitted.
fn to_filter(filter: AuditRecordFilter) -> Option<Filter> {
    let subject_id = match &filter.opportunity_id {
        Some(id) => Some(GlobalId::opportunity(id)?.1.0),
        None => None,
    };
    let alumnus_id = match &filter.alumnus_id {
        Some(id) => Some(GlobalId::alumnus(id)?),
        None => None,
    };
    // Alumni read under their identifier, and when they do is nobody's business.
    if filter
        .reader
        .as_ref()
        .is_some_and(|reader| Uuid::try_parse(reader).is_ok())
    {
        return None;
    }
    Some(Filter {
        kinds: filter
            .kinds
            .map(|kinds| kinds.into_iter().map(Into::into).collect()),
        subject_id,
        reader: filter.reader,
        alumnus_id,
        since: filter.since.map(|at| at.0),
        until: filter.until.map(|at| at.0),
    })
}

fn administrator<'a>(ctx: &'a Context<'_>) -> Result<Option<&'a Viewer>, Error> {
    let viewer = ctx.viewer()?;
    match viewer.role {
        Role::Administrator => Ok(Some(viewer)),
        Role::Recruiter | Role::Employee | Role::Alumnus => Ok(None),
    }
}

/// A page of records; `None` for whoever is not an administrator.
pub async fn connection(
    ctx: &Context<'_>,
    filter: Option<AuditRecordFilter>,
    page: &Page,
) -> Result<Option<AuditRecordConnection>, Error> {
    let Some(viewer) = administrator(ctx)? else {
        return Ok(None);
    };
    let filter = filter.unwrap_or_default();
    let fingerprint = order_fingerprint(viewer, "auditRecords", &format!("{filter:?}"));
    let company_id = viewer.company_id;
    let read = async {
        match to_filter(filter) {
            Some(filter) => keys(ctx, viewer, filter).await,
            None => Ok(Vec::new()),
        }
    };
    let keys: Vec<ChainKey> = read.await.map_err(|fault| from_fault(&fault))?;
    // The complements of places ascend as the list does, latest first.
    let key = |of: &ChainKey| Uuid::from_u128(u128::from(u64::MAX - of.sequence));
    let ascending: Vec<Uuid> = keys.iter().map(key).collect();
    let cut = page.cut_keyset(&ascending, fingerprint)?;
    let shown = list::load(&ctx.app().db, company_id, &keys[cut.range.clone()]).await;
    let shown = shown.map_err(|fault| from_fault(&fault))?;
    let edges: Vec<AuditRecordEdge> = shown
        .into_iter()
        .map(|listed| {
            let of = ChainKey {
                sequence: listed.row.sequence,
                record_id: listed.row.record_id,
            };
            let cursor = Cursor::Keyset {
                fingerprint,
                key: key(&of),
            };
            AuditRecordEdge {
                cursor: cursor.encode(),
                node: AuditRecord(Arc::new(listed)),
            }
        })
        .collect();
    Ok(Some(AuditRecordConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(keys.len()).unwrap_or(i32::MAX),
    }))
}

/// The records that the filter admits. Of somebody who excludes the viewer, none that would tell what they opt into:
/// lists of candidates from before alone. Two readings for everybody who is asked for.
async fn keys(ctx: &Context<'_>, viewer: &Viewer, filter: Filter) -> Result<Vec<ChainKey>, Fault> {
    let (db, company_id) = (&ctx.app().db, viewer.company_id);
    let Some(alumnus_id) = filter.alumnus_id else {
        return list::keys(db, company_id, &filter).await;
    };
    let standing = standings::load(db, company_id, &[alumnus_id]).await?.pop();
    let excluded_since =
        standing.and_then(|(_, standing)| standing.exclusions().since(&Asker::of_viewer(viewer)));
    let kinds = filter
        .kinds
        .clone()
        .unwrap_or_else(|| AuditRecordKind::ALL.map(RecordKind::from).to_vec());
    let (of_candidates, others): (Vec<_>, Vec<_>) =
        kinds.into_iter().partition(|kind| is_of_candidates(*kind));
    let before = Filter {
        kinds: Some(of_candidates),
        until: excluded_since.into_iter().chain(filter.until).min(),
        ..filter.clone()
    };
    let rest = Filter {
        kinds: Some(others),
        ..filter
    };
    let mut keys = list::keys(db, company_id, &before).await?;
    keys.extend(list::keys(db, company_id, &rest).await?);
    keys.sort_by_key(|key| std::cmp::Reverse(key.sequence));
    Ok(keys)
}

/// Whether being in such a record tells what a person opts into.
fn is_of_candidates(kind: RecordKind) -> bool {
    match kind {
        RecordKind::Ranking(ServedListKind::Candidates | ServedListKind::InvitationPreview) => true,
        RecordKind::Ranking(ServedListKind::Feed | ServedListKind::Search)
        | RecordKind::Retention
        | RecordKind::Erasure => false,
    }
}

/// One record, checked and computed again; `None` when there is none for the viewer.
pub async fn record(ctx: &Context<'_>, id: &ID) -> Result<Option<AuditedRecord>, Error> {
    let Some(viewer) = administrator(ctx)? else {
        return Ok(None);
    };
    let Some(id) = GlobalId::ranking(id) else {
        return Ok(None);
    };
    let checked = check(ctx, viewer, id).await;
    checked.map_err(|fault| from_fault(&fault))
}

async fn check(ctx: &Context<'_>, viewer: &Viewer, id: ServedListId) -> Result<Option<AuditedRecord>, Fault> {
    let db = &ctx.app().db;
    let Some(row) = crate::db::audit::find(db, viewer.company_id, id.0).await? else {
        return Ok(None);
    };
    let report = verify_record(db, viewer.company_id, &row).await?;
    let mut findings: Vec<String> = report.findings.into_iter().map(|finding| finding.what).collect();
    let key = ChainKey {
        sequence: row.sequence,
        record_id: row.record_id,
    };
    let Some(listed) = list::load(db, viewer.company_id, &[key]).await?.pop() else {
        return Ok(None);
    };
    let mut replayed = None;
    if listed.header.as_ref().is_some_and(may_show_entries) {
        match replay::again(db, viewer.company_id, id.0).await {
            Ok(again) => {
                if again.as_ref().is_some_and(|again| !again.is_same) {
                    findings.push("computed again, it is another ranking".to_owned());
                }
                replayed = again;
            }
            // What cannot be read was altered, and is one more finding.
            Err(Fault::Broken(reason)) => findings.push(reason),
            Err(fault) => return Err(fault),
        }
    }
    Ok(Some(AuditedRecord {
        record: AuditRecord(Arc::new(listed)),
        findings,
        replayed,
    }))
}

/// A page of the ranking of `listed` that was computed again. Of a list of candidates, whoever excluded the viewer by
/// then is not named.
pub async fn candidates(
    ctx: &Context<'_>,
    listed: &Listed,
    entries: &[ReplayedEntry],
    page: &Page,
) -> Result<AuditedCandidateConnection, Error> {
    let (viewer, id) = (ctx.viewer()?, ServedListId(listed.row.record_id));
    if page.served_list()?.is_some_and(|named| named != id) {
        return Err(foreign_cursor(if page.after.is_some() {
            "after"
        } else {
            "before"
        }));
    }
    let places: Vec<u32> = (0u32..).take(entries.len()).collect();
    let cut = page.cut_served(&places);
    let shown = || places[cut.range.clone()].iter().zip(&entries[cut.range.clone()]);
    let ids: Vec<AlumnusId> = shown()
        .filter_map(|(_, entry)| entry.key.map(AlumnusId))
        .collect();
    let standings = standings::load(&ctx.app().db, viewer.company_id, &ids).await;
    let standings = standings.map_err(|error| from_fault(&error.into()))?;
    let mut views = ctx.loaders().alumni(ids).await?;
    if RecordKind::from_code(&listed.row.kind).is_none_or(is_of_candidates) {
        for (id, standing) in &standings {
            if !may_know_of_approach(viewer, *id, standing, listed.row.at) {
                views.remove(id);
            }
        }
    }
    let edges: Vec<AuditedCandidateEdge> = shown()
        .map(|(place, entry)| {
            let view = entry.key.and_then(|key| views.remove(&AlumnusId(key)));
            let cursor = Cursor::Served {
                list_id: id,
                idx: *place,
            };
            AuditedCandidateEdge {
                cursor: cursor.encode(),
                node: AuditedCandidate::new(*place, entry, view.map(Alumnus::from)),
            }
        })
        .collect();
    Ok(AuditedCandidateConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(entries.len()).unwrap_or(i32::MAX),
    })
}
