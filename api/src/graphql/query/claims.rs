//! The claims that wait for an administrator.

use async_graphql::{Context, Error};
use uuid::Uuid;

use crate::db::claims;
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::pagination::{Cursor, Page};
use crate::graphql::types::claim::Claim;
use crate::graphql::types::connection::{ClaimConnection, ClaimEdge};
use crate::usecase::claims::decide;
use crate::usecase::search::order_fingerprint;

/// A page of the waiting claims, in the order in which they were asked for.
pub async fn pending(ctx: &Context<'_>, page: &Page) -> Result<ClaimConnection, Error> {
    let viewer = ctx.administrator()?;
    let db = &ctx.app().db;
    let ids = claims::list_pending_ids(db, viewer.company_id).await;
    let ids = ids.map_err(|error| from_fault(&error.into()))?;
    let keys: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let fingerprint = order_fingerprint(viewer, "claims", "pending");
    let cut = page.cut_keyset(&keys, fingerprint)?;
    let shown = decide::load(db, viewer.company_id, &ids[cut.range.clone()]).await;
    let edges: Vec<ClaimEdge> = shown
        .map_err(|fault| from_fault(&fault))?
        .into_iter()
        .map(|claim| ClaimEdge {
            cursor: Cursor::Keyset {
                fingerprint,
                key: claim.id.0,
            }
            .encode(),
            node: Claim(claim),
        })
        .collect();
    Ok(ClaimConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(ids.len()).unwrap_or(i32::MAX),
    })
}
