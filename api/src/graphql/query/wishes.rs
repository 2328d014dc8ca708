//! Standing wishes that recruiters may read, and what changed at the company.

use async_graphql::{Context, Error};
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{self, OpportunityKind};

use super::keyset;
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::ChangeReason;
use crate::graphql::error::from_fault;
use crate::graphql::pagination::Page;
use crate::graphql::types::wish::{
    ChangeNote, ChangeNoteConnection, ChangeNoteEdge, StandingWish, StandingWishConnection, StandingWishEdge,
};
use crate::usecase::search::order_fingerprint;
use crate::usecase::wishes;

/// A page of the wishes that a recruiter may read; `None` for whoever is none.
pub async fn connection(
    ctx: &Context<'_>,
    kind: Option<OpportunityKind>,
    page: &Page,
) -> Result<Option<StandingWishConnection>, Error> {
    let viewer = ctx.viewer()?;
    if !viewer.is_hiring_staff() {
        return Ok(None);
    }
    let shown = wishes::list_shown(ctx.app(), viewer, kind).await;
    let shown = shown.map_err(|fault| from_fault(&fault))?;
    let criteria = kind.map_or("all", OpportunityKind::code);
    let fingerprint = order_fingerprint(viewer, "wishes", criteria);
    let cut = keyset::cut_latest_first(shown, |wish| wish.id.0, fingerprint, page)?;
    let edges: Vec<StandingWishEdge> = cut
        .items
        .into_iter()
        .map(|(cursor, wish)| StandingWishEdge {
            cursor,
            node: StandingWish(wish),
        })
        .collect();
    Ok(Some(StandingWishConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        edges,
        page_info: cut.page_info,
        total_count: cut.total_count,
    }))
}

/// A page of all change notes.
pub async fn all_notes(ctx: &Context<'_>, page: &Page) -> Result<ChangeNoteConnection, Error> {
    ctx.viewer()?;
    let notes = ctx
        .loaders()
        .change_notes()
        .await?
        .into_iter()
        .map(|note| (note, None));
    notes_page(ctx, "changeNotes", page, notes.collect())
}

/// A page of what changed since the viewer left; `None` for whoever is not an alumnus.
pub async fn since_leaving(ctx: &Context<'_>, page: &Page) -> Result<Option<ChangeNoteConnection>, Error> {
    let Some(alumnus_id) = ctx.viewer()?.alumnus_id else {
        return Ok(None);
    };
    let Some(alumnus) = ctx.loaders().own_record().await? else {
        return Ok(None);
    };
    let own = ctx.loaders().wishes_of(alumnus_id).await?;
    let own: Vec<&domain::StandingWish> = own.iter().collect();
    let today = japan_date(ctx.app().clock.now());
    let left_on = alumnus.profile.left_on();
    let since = ctx
        .loaders()
        .change_notes()
        .await?
        .into_iter()
        .filter(|note| note.came_after_leaving(left_on, today))
        .map(|note| {
            let reason = note.touches(&alumnus.profile, &own);
            (note, reason)
        });
    notes_page(ctx, "changesSinceLeaving", page, since.collect()).map(Some)
}

fn notes_page(
    ctx: &Context<'_>,
    list: &str,
    page: &Page,
    notes: Vec<(domain::ChangeNote, Option<domain::ChangeReason>)>,
) -> Result<ChangeNoteConnection, Error> {
    let viewer = ctx.viewer()?;
    let fingerprint = order_fingerprint(viewer, list, &viewer.subject);
    let cut = keyset::cut_latest_first(notes, |(note, _)| note.id.0, fingerprint, page)?;
    let edges: Vec<ChangeNoteEdge> = cut
        .items
        .into_iter()
        .map(|(cursor, (note, reason))| ChangeNoteEdge {
            cursor,
            node: ChangeNote::from(note),
            reason: reason.map(ChangeReason::from),
        })
        .collect();
    Ok(ChangeNoteConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        edges,
        page_info: cut.page_info,
        total_count: cut.total_count,
    })
}
