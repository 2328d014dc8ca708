//! The versions that a programme's rules had.

use async_graphql::{Context, Error};
use okaeri_engine::domain;
use uuid::Uuid;

use super::keyset;
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::pagination::Page;
use crate::graphql::types::policy::{PolicyVersion, PolicyVersionConnection, PolicyVersionEdge};
use crate::usecase::policy;
use crate::usecase::search::order_fingerprint;

/// Most versions that are listed: rules that change daily for a year and a half.
const VERSIONS_MAX: u64 = 500;

/// A page of the versions, latest first; `None` to alumni.
pub async fn connection(ctx: &Context<'_>, page: &Page) -> Result<Option<PolicyVersionConnection>, Error> {
    let viewer = ctx.viewer()?;
    if !viewer.is_staff() {
        return Ok(None);
    }
    let all = policy::list_versions(ctx.app(), viewer, None, VERSIONS_MAX)
        .await
        .map_err(|fault| from_fault(&fault))?;
    let fingerprint = order_fingerprint(viewer, "policyVersions", "");
    let version = |one: &domain::PolicyVersion| Uuid::from_u128(one.version.into());
    let cut = keyset::cut_latest_first(all, version, fingerprint, page)?;
    let edges = cut.items.into_iter().map(|(cursor, one)| PolicyVersionEdge {
        cursor,
        node: PolicyVersion::from(one),
    });
    let edges: Vec<PolicyVersionEdge> = edges.collect();
    Ok(Some(PolicyVersionConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info,
        edges,
        total_count: cut.total_count,
    }))
}
