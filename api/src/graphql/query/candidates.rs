//! The candidates of an opportunity.

use async_graphql::{Context, Error};
use okaeri_engine::domain::{AlumnusId, Opportunity};

use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::ExclusionRule;
use crate::graphql::error::from_fault;
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::{Cursor, Page, foreign_cursor};
use crate::graphql::scalars::DateTime;
use crate::graphql::types::alumnus::Alumnus;
use crate::graphql::types::connection::{CandidateConnection, CandidateEdge, LeftOut};
use crate::graphql::types::coordination::Contention;
use crate::graphql::types::matching::Match;
use crate::usecase::candidates;

/// A page of candidates; `None` for whoever is neither a recruiter nor an administrator.
pub async fn connection(
    ctx: &Context<'_>,
    opportunity: &Opportunity,
    page: &Page,
) -> Result<Option<CandidateConnection>, Error> {
    let viewer = ctx.viewer()?;
    if !viewer.is_hiring_staff() || viewer.company_id != opportunity.company_id {
        return Ok(None);
    }
    let list = candidates::list(
        ctx.app(),
        ctx.execution(),
        viewer,
        opportunity.id,
        page.served_list()?,
    )
    .await
    .map_err(|fault| from_fault(&fault))?
    .ok_or_else(|| foreign_cursor(if page.after.is_some() { "after" } else { "before" }))?;
    let cut = page.cut_served(&list.places);
    let places = &list.places[cut.range.clone()];
    let ids: Vec<AlumnusId> = places
        .iter()
        .filter_map(|place| list.alumnus_id(*place))
        .collect();
    let mut views = ctx.loaders().alumni(ids).await?;
    let edge = |place: &u32| {
        let alumnus_id = list.alumnus_id(*place)?;
        let view = views.remove(&alumnus_id)?;
        Some(CandidateEdge {
            pair: (alumnus_id, opportunity.id),
            cursor: Cursor::Served {
                list_id: list.recorded.id,
                idx: *place,
            }
            .encode(),
            node: Alumnus::from(view),
            rank: i32::try_from(*place).ok()? + 1,
            r#match: Match::new(list.pair(*place)?),
        })
    };
    let edges: Vec<CandidateEdge> = places.iter().filter_map(edge).collect();
    Match::explain_all(ctx, &["edges", "match"], edges.iter().map(|edge| &edge.r#match)).await?;
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let left_out = list
        .recorded
        .list
        .left_out
        .iter()
        .map(|(rule, n_people)| LeftOut {
            rule: ExclusionRule::from(*rule),
            count: i32::try_from(*n_people).unwrap_or(i32::MAX),
        });
    Ok(Some(CandidateConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: count(list.places.len()),
        as_of: DateTime(list.recorded.as_of),
        model_version: list.recorded.model_version.clone(),
        ranking_id: GlobalId::Ranking(list.recorded.id).encode(),
        left_out: left_out.collect(),
        contention: list.contention.map(|counted| Contention::new(ctx, counted)),
    }))
}
