//! The versions that a programme's rules had.

use async_graphql::{Context, Error};
use uuid::Uuid;

use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::pagination::{Cursor, Page};
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
    // Complements ascend as the list does, latest first.
    let keys: Vec<Uuid> = all
        .iter()
        .map(|one| Uuid::from_u128(!u128::from(one.version)))
        .collect();
    let fingerprint = order_fingerprint(viewer, "policyVersions", "");
    let cut = page.cut_keyset(&keys, fingerprint)?;
    let edges: Vec<PolicyVersionEdge> = all[cut.range.clone()]
        .iter()
        .zip(&keys[cut.range.clone()])
        .map(|(one, key)| PolicyVersionEdge {
            cursor: Cursor::Keyset {
                fingerprint,
                key: *key,
            }
            .encode(),
            node: PolicyVersion::from(one.clone()),
        })
        .collect();
    Ok(Some(PolicyVersionConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(all.len()).unwrap_or(i32::MAX),
    }))
}
