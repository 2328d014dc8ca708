//! Lists of opportunities.

use std::sync::Arc;

use async_graphql::{Context, Error, InputObject};
use okaeri_engine::domain::OpportunityId;
use uuid::Uuid;

use super::alumni::prefectures;
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::{OpportunityKind, OpportunityStatus, Remote};
use crate::graphql::error::{forbidden, from_fault};
use crate::graphql::pagination::{Cursor, Page, foreign_cursor};
use crate::graphql::types::connection::{OpportunityConnection, OpportunityEdge};
use crate::graphql::types::opportunity::Opportunity;
use crate::graphql::types::searching::{SearchMatch, asks_for_facets, asks_for_matches};
use crate::usecase::facets;
use crate::usecase::search::{self, Listed, OpportunityCriteria};

/// Which opportunities. Conditions that are absent ask nothing; an empty list admits none.
#[derive(Clone, Debug, InputObject)]
pub struct OpportunityFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<OpportunityKind>>,
    /// In one of these states.
    pub statuses: Option<Vec<OpportunityStatus>>,
    /// In one of these places, with or without 都, 府 or 県, or 海外; those that are anywhere are in none.
    pub prefectures: Option<Vec<String>>,
    /// Remote to one of these degrees.
    pub remote: Option<Vec<Remote>>,
    /// Of a unit whose name contains this text.
    pub department: Option<String>,
    /// True: complete. False: terms are missing. Recruiters and administrators only.
    pub is_complete: Option<bool>,
}

impl OpportunityFilter {
    fn into_criteria(self) -> Result<OpportunityCriteria, Error> {
        Ok(OpportunityCriteria {
            kinds: self
                .kinds
                .map(|kinds| kinds.into_iter().map(Into::into).collect()),
            statuses: self
                .statuses
                .map(|statuses| statuses.into_iter().map(Into::into).collect()),
            prefectures: prefectures(self.prefectures)?,
            remote: self
                .remote
                .map(|remote| remote.into_iter().map(Into::into).collect()),
            department: self.department,
            is_complete: self.is_complete,
        })
    }
}

/// A page of opportunities.
pub async fn connection(
    ctx: &Context<'_>,
    query: Option<&str>,
    filter: Option<OpportunityFilter>,
    page: &Page,
) -> Result<OpportunityConnection, Error> {
    let viewer = ctx.viewer()?;
    let criteria = filter
        .map(OpportunityFilter::into_criteria)
        .transpose()?
        .unwrap_or_default();
    if criteria.is_complete.is_some() && !viewer.is_hiring_staff() {
        return Err(forbidden("recruiters and administrators (filter.isComplete)"));
    }
    let is_search = query.is_some_and(|query| !query.trim().is_empty());
    let resumed = if is_search { page.served_list()? } else { None };
    let execution = ctx.execution();
    let (listed, projection) = search::opportunities(ctx.app(), execution, viewer, query, &criteria, resumed)
        .await
        .map_err(|fault| from_fault(&fault))?
        .ok_or_else(|| foreign_cursor("after"))?;
    let (cut, items, total_count): (_, Vec<(Uuid, String)>, _) = match &listed {
        Listed::InOrder { keys, fingerprint } => {
            let cut = page.cut_keyset(keys, *fingerprint)?;
            let cursor = |key| {
                Cursor::Keyset {
                    fingerprint: *fingerprint,
                    key,
                }
                .encode()
            };
            let items = keys[cut.range.clone()]
                .iter()
                .map(|key| (*key, cursor(*key)))
                .collect();
            (cut, items, keys.len())
        }
        Listed::Searched { recorded, places } => {
            let cut = page.cut_served(places);
            let item = |place: &u32| {
                let entry = recorded.list.entries.get(*place as usize)?;
                Some((
                    entry.key,
                    Cursor::Served {
                        list_id: recorded.id,
                        idx: *place,
                    }
                    .encode(),
                ))
            };
            let items = places[cut.range.clone()].iter().filter_map(item).collect();
            (cut, items, places.len())
        }
    };
    let found: Vec<_> = {
        let state = projection.state();
        let known = |(key, cursor): (Uuid, String)| {
            let entry = state.opportunities.get(&OpportunityId(key))?;
            Some((Arc::clone(&entry.opportunity), cursor))
        };
        items.into_iter().filter_map(known).collect()
    };
    let mut matches: Vec<Option<SearchMatch>> = vec![None; found.len()];
    if let Some(query) = query.filter(|_| is_search && asks_for_matches(ctx)) {
        let texts = found
            .iter()
            .map(|(opportunity, _)| Arc::clone(opportunity))
            .collect();
        let shown =
            search::show_opportunities(ctx.app(), execution, &projection, query.to_owned(), texts).await;
        let shown = shown.map_err(|fault| from_fault(&fault))?;
        matches = shown
            .iter()
            .map(|shown| Some(SearchMatch::new(ctx, shown)))
            .collect();
    }
    let edges: Vec<OpportunityEdge> = found
        .into_iter()
        .zip(matches)
        .map(|((opportunity, cursor), search_match)| OpportunityEdge {
            cursor,
            node: Opportunity::from(opportunity),
            search_match,
        })
        .collect();
    let facets = if asks_for_facets(ctx) {
        facets::of_opportunities(&listed, &projection)
    } else {
        Vec::new()
    };
    Ok(OpportunityConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(total_count).unwrap_or(i32::MAX),
        facets: facets.into_iter().map(Into::into).collect(),
    })
}
