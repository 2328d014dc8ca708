//! The viewer's invitations, and whom a recruiter is about to invite.

use async_graphql::{Context, Error, ID};

use super::keyset;
use crate::db::invitations;
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::ExclusionRule;
use crate::graphql::error::{Code, from_fault};
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::{Cursor, Page};
use crate::graphql::scalars::DateTime;
use crate::graphql::types::alumnus::Alumnus;
use crate::graphql::types::connection::{InvitationConnection, InvitationEdge, LeftOut};
use crate::graphql::types::invitation::Invitation;
use crate::graphql::types::invitation_preview::{InvitationPreview, SkippedCandidate};
use crate::usecase::invitation_previews::{self, INVITEES_MAX};
use crate::usecase::search::order_fingerprint;

/// A page of the viewer's invitations, latest first; `None` for whoever is not an alumnus.
pub async fn connection(ctx: &Context<'_>, page: &Page) -> Result<Option<InvitationConnection>, Error> {
    let viewer = ctx.viewer()?;
    let Some(alumnus_id) = viewer.alumnus_id else {
        return Ok(None);
    };
    let listed = invitations::list_for_alumnus(&ctx.app().db, viewer.company_id, alumnus_id).await;
    let all = listed.map_err(|error| from_fault(&error.into()))?;
    let fingerprint = order_fingerprint(viewer, "invitations", &viewer.subject);
    let cut = keyset::cut_latest_first(all, |invitation| invitation.id.0, fingerprint, page)?;
    let edges: Vec<InvitationEdge> = cut
        .items
        .into_iter()
        .map(|(cursor, invitation)| InvitationEdge {
            cursor,
            node: Invitation(invitation),
        })
        .collect();
    Ok(Some(InvitationConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info,
        edges,
        total_count: cut.total_count,
    }))
}

/// Previews inviting the first candidates; `None` when there is no such opportunity for the viewer.
pub async fn preview(
    ctx: &Context<'_>,
    opportunity_id: &ID,
    first: i32,
) -> Result<Option<InvitationPreview>, Error> {
    let viewer = ctx.hiring_staff()?;
    let n = usize::try_from(first).ok();
    let Some(n) = n.filter(|n| (1..=INVITEES_MAX).contains(n)) else {
        return Err(Code::BadUserInput.error(format!("first {first} is not between 1 and {INVITEES_MAX}")));
    };
    let Some((_, id)) = GlobalId::opportunity(opportunity_id) else {
        return Ok(None);
    };
    let Some(opportunity) = ctx.loaders().opportunity(id).await? else {
        return Ok(None);
    };
    let previewed = invitation_previews::preview(ctx.app(), ctx.execution(), viewer, opportunity.id, n).await;
    let Some(preview) = previewed.map_err(|fault| from_fault(&fault))? else {
        return Ok(None);
    };
    let skipped = preview.skipped.iter().map(|(id, _)| *id);
    let ids = preview.invitees.iter().copied().chain(skipped).collect();
    let mut views = ctx.loaders().alumni(ids).await?;
    let invitees = preview.invitees.iter().filter_map(|id| views.remove(id));
    let invitees: Vec<Alumnus> = invitees.map(Alumnus::from).collect();
    let skipped = preview.skipped.iter().filter_map(|(id, obstacle)| {
        Some(SkippedCandidate {
            alumnus: Alumnus::from(views.remove(id)?),
            obstacle: (*obstacle).into(),
        })
    });
    let left_out = preview.left_out.iter().map(|(rule, n_people)| LeftOut {
        rule: ExclusionRule::from(*rule),
        count: i32::try_from(*n_people).unwrap_or(i32::MAX),
    });
    Ok(Some(InvitationPreview {
        token: Cursor::Served {
            list_id: preview.id,
            idx: 0,
        }
        .encode(),
        invitees,
        skipped: skipped.collect(),
        left_out: left_out.collect(),
        as_of: DateTime(preview.as_of),
    }))
}
