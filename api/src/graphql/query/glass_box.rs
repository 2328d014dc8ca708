//! Pages of what the glass box shows, and of what administrators decide.

use std::sync::Arc;

use async_graphql::{Context, Error};
use okaeri_engine::domain::correction::{self, CorrectionState};
use okaeri_engine::domain::{AlumnusId, OpportunityId, review};

use super::keyset::{Keyed, cut_latest_first};
use crate::db::{corrections, profile_views, review_requests};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::ViewerRole;
use crate::graphql::error::from_fault;
use crate::graphql::pagination::Page;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::types::correction::{Correction, CorrectionConnection, CorrectionEdge};
use crate::graphql::types::glass_box::{
    GlassBoxRanking, GlassBoxRankingConnection, GlassBoxRankingEdge, ProfileView, ProfileViewConnection,
    ProfileViewEdge, ReviewRequest, ReviewRequestConnection, ReviewRequestEdge,
};
use crate::graphql::types::matching::Match;
use crate::graphql::types::opportunity::Opportunity;
use crate::usecase::search::order_fingerprint;
use crate::usecase::{glass_box as usecase, reviews};

/// The lists of candidates that the viewer stood in.
pub async fn rankings(
    ctx: &Context<'_>,
    alumnus_id: AlumnusId,
    page: &Page,
) -> Result<GlassBoxRankingConnection, Error> {
    let viewer = ctx.viewer()?;
    let listed = usecase::rankings(ctx.app(), viewer, alumnus_id).await;
    let all = listed.map_err(|fault| from_fault(&fault))?;
    let fingerprint = order_fingerprint(viewer, "rankings", &viewer.subject);
    let latest = cut_latest_first(all, |one| one.recorded.ranking_id.0, fingerprint, page)?;
    // Asked for together, so that they are read in one batch.
    let offers = latest
        .items
        .iter()
        .map(|(_, one)| ctx.loaders().opportunity(one.opportunity.id));
    let offers = futures_util::future::try_join_all(offers).await?;
    let mut edges = Vec::with_capacity(offers.len());
    for ((cursor, ranked), opportunity) in latest.items.into_iter().zip(offers) {
        let recorded = ranked.recorded;
        let node = GlassBoxRanking {
            ranked_at: DateTime(recorded.at),
            opportunity: opportunity.map(Opportunity::from),
            opportunity_kind: ranked.opportunity.kind().into(),
            opportunity_title: ranked.opportunity.title,
            opportunity_department: ranked.opportunity.department,
            reader_role: recorded.reader_role.map(ViewerRole::from),
            reader_unit: recorded.reader_unit,
            rank: i32::try_from(recorded.rank).unwrap_or(i32::MAX),
            ranked_count: i32::try_from(recorded.n_ranked).unwrap_or(i32::MAX),
            r#match: ranked.pair.map(|pair| Arc::new(Match::new(pair))),
        };
        edges.push(GlassBoxRankingEdge {
            cursor,
            node: Arc::new(node),
        });
    }
    let matches = edges.iter().filter_map(|edge| edge.node.r#match.as_deref());
    Match::explain_all(ctx, &["edges", "node", "match"], matches).await?;
    Ok(GlassBoxRankingConnection {
        nodes: edges.iter().map(|edge| Arc::clone(&edge.node)).collect(),
        edges,
        page_info: latest.page_info,
        total_count: latest.total_count,
    })
}

/// Who looked at the viewer's profile.
pub async fn profile_views(
    ctx: &Context<'_>,
    alumnus_id: AlumnusId,
    page: &Page,
) -> Result<ProfileViewConnection, Error> {
    let viewer = ctx.viewer()?;
    let listed = profile_views::list_for_alumnus(&ctx.app().db, viewer.company_id, alumnus_id).await;
    let all = listed.map_err(|error| from_fault(&error.into()))?;
    let fingerprint = order_fingerprint(viewer, "profile views", &viewer.subject);
    let latest = cut_latest_first(all, |view| view.id, fingerprint, page)?;
    let edge = |(cursor, view): (String, profile_views::ProfileView)| ProfileViewEdge {
        cursor,
        node: ProfileView {
            viewed_on: Date(view.viewed_on),
            viewed_at: DateTime(view.viewed_at),
            reader_role: view.viewer_role.into(),
            reader_unit: view.viewer_unit,
        },
    };
    let edges: Vec<ProfileViewEdge> = latest.items.into_iter().map(edge).collect();
    Ok(ProfileViewConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        edges,
        page_info: latest.page_info,
        total_count: latest.total_count,
    })
}

/// The viewer's own requests.
pub async fn own_reviews(
    ctx: &Context<'_>,
    alumnus_id: AlumnusId,
    page: &Page,
) -> Result<ReviewRequestConnection, Error> {
    let viewer = ctx.viewer()?;
    let listed = review_requests::list_for_alumnus(&ctx.app().db, viewer.company_id, alumnus_id).await;
    let all = listed.map_err(|error| from_fault(&error.into()))?;
    let fingerprint = order_fingerprint(viewer, "own reviews", &viewer.subject);
    let latest = cut_latest_first(all, |one| one.id.0, fingerprint, page)?;
    Ok(reviews_page(latest))
}

/// The requests for an opportunity; `None` for whoever is neither a recruiter nor an administrator.
pub async fn reviews_of_opportunity(
    ctx: &Context<'_>,
    opportunity_id: OpportunityId,
    page: &Page,
) -> Result<Option<ReviewRequestConnection>, Error> {
    let viewer = ctx.viewer()?;
    if !viewer.is_hiring_staff() {
        return Ok(None);
    }
    let listed = reviews::list(ctx.app(), viewer, opportunity_id).await;
    let all = listed.map_err(|fault| from_fault(&fault))?;
    let fingerprint = order_fingerprint(viewer, "reviews", &opportunity_id.to_string());
    let latest = cut_latest_first(all, |one| one.id.0, fingerprint, page)?;
    Ok(Some(reviews_page(latest)))
}

fn reviews_page(latest: Keyed<review::ReviewRequest>) -> ReviewRequestConnection {
    let edges: Vec<ReviewRequestEdge> = latest
        .items
        .into_iter()
        .map(|(cursor, request)| ReviewRequestEdge {
            cursor,
            node: ReviewRequest(request),
        })
        .collect();
    ReviewRequestConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        edges,
        page_info: latest.page_info,
        total_count: latest.total_count,
    }
}

/// The viewer's own corrections.
pub async fn own_corrections(
    ctx: &Context<'_>,
    alumnus_id: AlumnusId,
    page: &Page,
) -> Result<CorrectionConnection, Error> {
    let viewer = ctx.viewer()?;
    let listed = corrections::list_for_alumnus(&ctx.app().db, viewer.company_id, alumnus_id).await;
    let all = listed.map_err(|error| from_fault(&error.into()))?;
    let fingerprint = order_fingerprint(viewer, "own corrections", &viewer.subject);
    let latest = cut_latest_first(all, |one| one.id.0, fingerprint, page)?;
    Ok(corrections_page(latest))
}

/// The company's corrections, for administrators.
pub async fn corrections(
    ctx: &Context<'_>,
    state: Option<CorrectionState>,
    page: &Page,
) -> Result<CorrectionConnection, Error> {
    let viewer = ctx.administrator()?;
    let listed = corrections::list(&ctx.app().db, viewer.company_id, state).await;
    let all = listed.map_err(|error| from_fault(&error.into()))?;
    let criteria = state.map(CorrectionState::code).unwrap_or_default();
    let fingerprint = order_fingerprint(viewer, "corrections", criteria);
    let latest = cut_latest_first(all, |one| one.id.0, fingerprint, page)?;
    Ok(corrections_page(latest))
}

fn corrections_page(latest: Keyed<correction::Correction>) -> CorrectionConnection {
    let edges: Vec<CorrectionEdge> = latest
        .items
        .into_iter()
        .map(|(cursor, correction)| CorrectionEdge {
            cursor,
            node: Correction(correction),
        })
        .collect();
    CorrectionConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        edges,
        page_info: latest.page_info,
        total_count: latest.total_count,
    }
}
