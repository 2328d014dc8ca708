//! The personal feed.

use async_graphql::{Context, Error};
use okaeri_engine::domain::OpportunityKind;

use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::{Cursor, Page, foreign_cursor};
use crate::graphql::scalars::DateTime;
use crate::graphql::types::connection::{OpportunityFeedConnection, OpportunityFeedEdge};
use crate::graphql::types::matching::Match;
use crate::graphql::types::opportunity::Opportunity;
use crate::usecase::feed;

/// A page of the viewer's feed; `None` for whoever is not an alumnus.
pub async fn connection(
    ctx: &Context<'_>,
    kinds: Option<Vec<OpportunityKind>>,
    page: &Page,
) -> Result<Option<OpportunityFeedConnection>, Error> {
    let viewer = ctx.viewer()?;
    let Some(alumnus_id) = viewer.alumnus_id else {
        return Ok(None);
    };
    let list = feed::list(
        ctx.app(),
        ctx.execution(),
        viewer,
        alumnus_id,
        kinds,
        page.served_list()?,
    )
    .await
    .map_err(|fault| from_fault(&fault))?
    .ok_or_else(|| foreign_cursor(if page.after.is_some() { "after" } else { "before" }))?;
    let cut = page.cut_served(&list.places);
    let edge = |place: &u32| {
        Some(OpportunityFeedEdge {
            cursor: Cursor::Served {
                list_id: list.recorded.id,
                idx: *place,
            }
            .encode(),
            node: Opportunity::from(list.opportunity(*place)?),
            rank: i32::try_from(*place).ok()? + 1,
            r#match: Match::new(list.pair(*place)?),
        })
    };
    let edges: Vec<OpportunityFeedEdge> = list.places[cut.range.clone()].iter().filter_map(edge).collect();
    Match::explain_all(ctx, &["edges", "match"], edges.iter().map(|edge| &edge.r#match)).await?;
    Ok(Some(OpportunityFeedConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(list.places.len()).unwrap_or(i32::MAX),
        as_of: DateTime(list.recorded.as_of),
        model_version: list.recorded.model_version.clone(),
        ranking_id: GlobalId::Ranking(list.recorded.id).encode(),
    }))
}
