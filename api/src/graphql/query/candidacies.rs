//! Pages of candidacies, of their history and conversation, and of consultations.

use async_graphql::{Context, Error};
use okaeri_engine::domain::{CandidacyStatus, CandidacyView, Opportunity, Thread};
use uuid::Uuid;

use super::keyset::{self, Keyed};
use crate::db::{candidacies, consultations};
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::{forbidden, from_fault};
use crate::graphql::pagination::Page;
use crate::graphql::types::candidacy::{Candidacy, CandidacyTransition, Consultation, Message};
use crate::graphql::types::connection::{
    CandidacyConnection, CandidacyEdge, CandidacyTransitionConnection, CandidacyTransitionEdge,
    ConsultationConnection, ConsultationEdge, MessageConnection, MessageEdge,
};
use crate::usecase::search::order_fingerprint;

/// The opportunity's candidacies in the order in which they began; `None` for whoever is neither a recruiter nor an
/// administrator.
pub async fn of_opportunity(
    ctx: &Context<'_>,
    opportunity: &Opportunity,
    statuses: Option<Vec<CandidacyStatus>>,
    page: &Page,
) -> Result<Option<CandidacyConnection>, Error> {
    let viewer = ctx.viewer()?;
    if !viewer.is_hiring_staff() || viewer.company_id != opportunity.company_id {
        return Ok(None);
    }
    let db = &ctx.app().db;
    let listed = candidacies::list_for_opportunity(db, viewer.company_id, opportunity.id).await;
    let listed = listed.map_err(|error| from_fault(&error.into()))?;
    let is_asked_for = |status| statuses.as_ref().is_none_or(|asked| asked.contains(&status));
    let listed = listed
        .into_iter()
        .filter(|candidacy| is_asked_for(candidacy.state.status()));
    let views = ctx.loaders().candidacy_views(listed.collect()).await?;
    let criteria = format!("{} {statuses:?}", opportunity.id);
    let fingerprint = order_fingerprint(viewer, "candidacies", &criteria);
    let cut = keyset::cut(views, |view| view.candidacy.id.0, fingerprint, page)?;
    Ok(Some(connection(cut)))
}

/// The viewer's own candidacies, latest first; `None` for whoever is not an alumnus.
pub async fn of_viewer(ctx: &Context<'_>, page: &Page) -> Result<Option<CandidacyConnection>, Error> {
    let viewer = ctx.viewer()?;
    let Some(alumnus_id) = viewer.alumnus_id else {
        return Ok(None);
    };
    let listed = candidacies::list_for_alumnus(&ctx.app().db, viewer.company_id, alumnus_id).await;
    let listed = listed.map_err(|error| from_fault(&error.into()))?;
    let views = ctx.loaders().candidacy_views(listed).await?;
    let fingerprint = order_fingerprint(viewer, "candidacies", &viewer.subject);
    let cut = keyset::cut_latest_first(views, |view| view.candidacy.id.0, fingerprint, page)?;
    Ok(Some(connection(cut)))
}

fn connection(cut: Keyed<CandidacyView>) -> CandidacyConnection {
    let edges = cut.items.into_iter().map(|(cursor, view)| CandidacyEdge {
        cursor,
        node: Candidacy(view),
    });
    let edges: Vec<CandidacyEdge> = edges.collect();
    CandidacyConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info,
        edges,
        total_count: cut.total_count,
    }
}

/// The steps of a candidacy that its reader may see, first step first.
pub async fn history(
    ctx: &Context<'_>,
    view: &CandidacyView,
    page: &Page,
) -> Result<CandidacyTransitionConnection, Error> {
    let viewer = ctx.viewer()?;
    let transitions = ctx.loaders().transitions(view.candidacy.id).await?;
    let transitions = view.history(transitions);
    let fingerprint = order_fingerprint(viewer, "history", &view.candidacy.id.to_string());
    let key = |transition: &okaeri_engine::domain::Transition| Uuid::from_u128(transition.version.into());
    let cut = keyset::cut(transitions, key, fingerprint, page)?;
    let edges = cut
        .items
        .into_iter()
        .map(|(cursor, transition)| CandidacyTransitionEdge {
            cursor,
            node: CandidacyTransition::new(view, transition),
        });
    let edges: Vec<CandidacyTransitionEdge> = edges.collect();
    Ok(CandidacyTransitionConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info,
        edges,
        total_count: cut.total_count,
    })
}

/// The messages of a thread that the caller was given, newest last.
pub async fn messages(ctx: &Context<'_>, thread: Thread, page: &Page) -> Result<MessageConnection, Error> {
    let viewer = ctx.viewer()?;
    let messages = ctx.loaders().messages(thread).await?;
    let fingerprint = order_fingerprint(viewer, "messages", &format!("{thread:?}"));
    let cut = keyset::cut(messages, |message| message.id.0, fingerprint, page)?;
    let edges = cut.items.into_iter().map(|(cursor, message)| MessageEdge {
        cursor,
        node: Message::new(viewer, message),
    });
    let edges: Vec<MessageEdge> = edges.collect();
    Ok(MessageConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info,
        edges,
        total_count: cut.total_count,
    })
}

/// The viewer's own consultations, latest first; `None` for whoever is not an alumnus.
pub async fn consultations_of_viewer(
    ctx: &Context<'_>,
    page: &Page,
) -> Result<Option<ConsultationConnection>, Error> {
    let viewer = ctx.viewer()?;
    let Some(alumnus_id) = viewer.alumnus_id else {
        return Ok(None);
    };
    let listed = consultations::list_for_alumnus(&ctx.app().db, viewer.company_id, alumnus_id).await;
    let listed = listed.map_err(|error| from_fault(&error.into()))?;
    consultation_connection(ctx, listed, page).await.map(Some)
}

/// The consultations that the viewer may learn of, latest first.
pub async fn consultations(ctx: &Context<'_>, page: &Page) -> Result<ConsultationConnection, Error> {
    let viewer = ctx.viewer()?;
    if !viewer.is_hiring_staff() {
        return Err(forbidden("recruiters and administrators"));
    }
    let listed = consultations::list_all(&ctx.app().db, viewer.company_id).await;
    let listed = listed.map_err(|error| from_fault(&error.into()))?;
    consultation_connection(ctx, listed, page).await
}

async fn consultation_connection(
    ctx: &Context<'_>,
    listed: Vec<okaeri_engine::domain::Consultation>,
    page: &Page,
) -> Result<ConsultationConnection, Error> {
    let viewer = ctx.viewer()?;
    let readable = ctx.loaders().readable_consultations(listed).await?;
    let fingerprint = order_fingerprint(viewer, "consultations", &viewer.subject);
    let cut = keyset::cut_latest_first(readable, |one| one.id.0, fingerprint, page)?;
    let edges = cut
        .items
        .into_iter()
        .map(|(cursor, consultation)| ConsultationEdge {
            cursor,
            node: Consultation(consultation),
        });
    let edges: Vec<ConsultationEdge> = edges.collect();
    Ok(ConsultationConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        page_info: cut.page_info,
        edges,
        total_count: cut.total_count,
    })
}
