//! Lists of alumni.

use async_graphql::{Context, Error, InputObject};
use okaeri_engine::domain::{AlumnusId, AlumnusView, Prefecture};

use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::{Interest, LanguageLevel};
use crate::graphql::error::{Code, forbidden, from_fault};
use crate::graphql::pagination::{Cursor, Page, foreign_cursor};
use crate::graphql::scalars::YearMonth;
use crate::graphql::types::alumnus::Alumnus;
use crate::graphql::types::connection::{AlumnusConnection, AlumnusEdge};
use crate::graphql::types::searching::{SearchMatch, asks_for_facets, asks_for_matches};
use crate::usecase::facets;
use crate::usecase::search::{self, AlumnusCriteria, Listed};

/// Which alumni. Conditions that are absent ask nothing; an empty list admits nobody.
#[derive(Clone, Debug, InputObject)]
pub struct AlumnusFilter {
    /// Lives in one of these, with or without 都, 府 or 県, or 海外.
    pub prefectures: Option<Vec<String>>,
    /// Opted into one of these, as far as the viewer may know.
    pub interests: Option<Vec<Interest>>,
    /// Was in a unit whose name contains this text.
    pub department: Option<String>,
    /// Speaks this language.
    pub language: Option<LanguageFilter>,
    /// True: held a position since leaving. False: held none.
    pub has_career_after: Option<bool>,
    /// Is available in this month. Recruiters and administrators only.
    pub available_by: Option<YearMonth>,
    /// True: claimed the record. False: did not. Recruiters and administrators only.
    pub is_claimed: Option<bool>,
}

/// A language and the level that is asked for.
#[derive(Clone, Debug, InputObject)]
pub struct LanguageFilter {
    /// The language's name as in profiles, such as 英語.
    pub language: String,
    /// At least this well.
    pub minimum_level: LanguageLevel,
}

/// Reads prefectures as people write them.
pub fn prefectures(names: Option<Vec<String>>) -> Result<Option<Vec<Prefecture>>, Error> {
    let parse = |name: String| {
        name.parse::<Prefecture>()
            .map_err(|error| Code::BadUserInput.error(format!("filter.prefectures: {error}")))
    };
    names
        .map(|names| names.into_iter().map(parse).collect())
        .transpose()
}

impl AlumnusFilter {
    fn into_criteria(self) -> Result<AlumnusCriteria, Error> {
        Ok(AlumnusCriteria {
            prefectures: prefectures(self.prefectures)?,
            interests: self
                .interests
                .map(|interests| interests.into_iter().map(Into::into).collect()),
            department: self.department,
            language: self
                .language
                .map(|filter| (filter.language, filter.minimum_level.into())),
            has_career_after: self.has_career_after,
            available_by: self.available_by.map(|month| month.0),
            is_claimed: self.is_claimed,
        })
    }
}

/// A page of alumni.
pub async fn connection(
    ctx: &Context<'_>,
    query: Option<&str>,
    filter: Option<AlumnusFilter>,
    page: &Page,
) -> Result<AlumnusConnection, Error> {
    let viewer = ctx.viewer()?;
    let criteria = filter
        .map(AlumnusFilter::into_criteria)
        .transpose()?
        .unwrap_or_default();
    if criteria.needs_hiring_staff() && !viewer.is_hiring_staff() {
        return Err(forbidden(
            "recruiters and administrators (filter.availableBy, filter.isClaimed)",
        ));
    }
    let is_search = query.is_some_and(|query| !query.trim().is_empty());
    let resumed = if is_search { page.served_list()? } else { None };
    let execution = ctx.execution();
    let (listed, projection) = search::alumni(ctx.app(), execution, viewer, query, &criteria, resumed)
        .await
        .map_err(|fault| from_fault(&fault))?
        .ok_or_else(|| foreign_cursor("after"))?;
    let (cut, items, total_count) = match &listed {
        Listed::InOrder { keys, fingerprint } => {
            let cut = page.cut_keyset(keys, *fingerprint)?;
            let cursor = |key| {
                Cursor::Keyset {
                    fingerprint: *fingerprint,
                    key,
                }
                .encode()
            };
            let items: Vec<_> = keys[cut.range.clone()]
                .iter()
                .map(|key| (AlumnusId(*key), cursor(*key)))
                .collect();
            (cut, items, keys.len())
        }
        Listed::Searched { recorded, places } => {
            let cut = page.cut_served(places);
            let item = |place: &u32| {
                let entry = recorded.list.entries.get(*place as usize)?;
                let cursor = Cursor::Served {
                    list_id: recorded.id,
                    idx: *place,
                }
                .encode();
                Some((AlumnusId(entry.key), cursor))
            };
            let items: Vec<_> = places[cut.range.clone()].iter().filter_map(item).collect();
            (cut, items, places.len())
        }
    };
    let mut views = ctx
        .loaders()
        .alumni(items.iter().map(|(id, _)| *id).collect())
        .await?;
    let known = items
        .into_iter()
        .filter_map(|(id, cursor)| Some((views.remove(&id)?, cursor)));
    let (mut views, cursors): (Vec<AlumnusView>, Vec<String>) = known.unzip();
    let mut matches: Vec<Option<SearchMatch>> = vec![None; views.len()];
    if let Some(query) = query.filter(|_| is_search && asks_for_matches(ctx)) {
        let shown = search::show_alumni(ctx.app(), execution, &projection, query.to_owned(), views).await;
        let shown = shown.map_err(|fault| from_fault(&fault))?;
        views = shown.0;
        matches = shown
            .1
            .iter()
            .map(|shown| Some(SearchMatch::new(ctx, shown)))
            .collect();
    }
    let found = views.into_iter().zip(matches).zip(cursors);
    let edges: Vec<AlumnusEdge> = found
        .map(|((view, search_match), cursor)| AlumnusEdge {
            cursor,
            node: Alumnus::from(view),
            search_match,
        })
        .collect();
    let facets = if asks_for_facets(ctx) {
        facets::of_alumni(viewer, &listed, &projection)
    } else {
        Vec::new()
    };
    Ok(AlumnusConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info(edges.iter().map(|edge| &edge.cursor)),
        edges,
        total_count: i32::try_from(total_count).unwrap_or(i32::MAX),
        facets: facets.into_iter().map(Into::into).collect(),
    })
}
