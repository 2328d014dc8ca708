//! The viewer's invitations.

use async_graphql::{Context, Error};
use uuid::Uuid;

use crate::db::invitations;
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::pagination::{Cursor, Page};
use crate::graphql::types::connection::{InvitationConnection, InvitationEdge};
use crate::graphql::types::invitation::Invitation;
use crate::usecase::search::order_fingerprint;

/// A page of the viewer's invitations, latest first; `None` for whoever is not an alumnus.
pub async fn connection(ctx: &Context<'_>, page: &Page) -> Result<Option<InvitationConnection>, Error> {
    let viewer = ctx.viewer()?;
    let Some(alumnus_id) = viewer.alumnus_id else {
        return Ok(None);
    };
    let listed = invitations::list_for_alumnus(&ctx.app().db, viewer.company_id, alumnus_id).await;
    let mut all = listed.map_err(|error| from_fault(&error.into()))?;
    // Identifiers grow with time; their complements ascend as the list does, latest first.
    let key = |id: Uuid| Uuid::from_u128(!id.as_u128());
    all.sort_by_key(|invitation| key(invitation.id.0));
    let keys: Vec<Uuid> = all.iter().map(|invitation| key(invitation.id.0)).collect();
    let fingerprint = order_fingerprint(viewer, "invitations", &viewer.subject);
    let cut = page.cut_keyset(&keys, fingerprint)?;
    let edges: Vec<InvitationEdge> = all[cut.range.clone()]
        .iter()
        .map(|invitation| InvitationEdge {
            cursor: Cursor::Keyset {
                fingerprint,
                key: key(invitation.id.0),
            }
            .encode(),
            node: Invitation(invitation.clone()),
        })
        .collect();
    Ok(Some(InvitationConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(all.len()).unwrap_or(i32::MAX),
    }))
}
