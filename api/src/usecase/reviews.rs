//! "Look at me without the ranking": a person's request to be looked at by people, and the answer.
//!
//! - A request holds no score and moves none: it stands in a list of its own, latest first.
//! - The answer takes a member of staff and a reason, and the person reads both the outcome and the reason.
//! - Staff see a request where they may see the person; to anybody else it does not exist.

use std::collections::HashSet;

use okaeri_engine::domain::review::{
    AlreadyReviewed, ReviewAnswer, ReviewOutcome, ReviewRequest, ReviewState,
};
use okaeri_engine::domain::visibility::access;
use okaeri_engine::domain::{AlumnusId, OpportunityId, ReviewRequestId, Viewer};

use super::interactions::find_shown;
use super::validate::{Checks, LINE_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Reads, review_requests, standings};

/// Asks to be looked at. Asking again returns the first request.
pub async fn request(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
) -> Result<ReviewRequest, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let opportunity = find_shown(app, &tx, viewer, opportunity_id).await?;
    let request = ReviewRequest {
        id: ReviewRequestId(app.clock.new_id()),
        alumnus_id,
        opportunity_id: opportunity.id,
        requested_at: now,
        state: ReviewState::Waiting,
    };
    let standing = review_requests::insert(&tx, viewer.company_id, &request).await?;
    let change = Change::OpportunityChanged(opportunity_id);
    change_log::append(&tx, viewer.company_id, change, now).await?;
    tx.commit().await?;
    Ok(standing)
}

/// Answers a request, once.
pub async fn answer(
    app: &App,
    viewer: &Viewer,
    id: ReviewRequestId,
    outcome: ReviewOutcome,
    reason: String,
) -> Result<ReviewRequest, Failure> {
    let mut checks = Checks::default();
    checks.line("reason", &reason, LINE_LENGTH_MAX);
    checks.finish()?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let request = review_requests::find(&tx, viewer.company_id, id)
        .await?
        .ok_or_else(not_found)?;
    if visible(&tx, viewer, vec![request.clone()]).await?.is_empty() {
        return Err(not_found().into());
    }
    let answer = ReviewAnswer {
        at: now,
        by: viewer.subject.clone(),
        outcome,
        reason,
    };
    let answered = request.answer(answer.clone()).map_err(already_answered)?;
    review_requests::update_answer(&tx, viewer.company_id, id, &answer).await?;
    let change = Change::OpportunityChanged(answered.opportunity_id);
    change_log::append(&tx, viewer.company_id, change, now).await?;
    tx.commit().await?;
    Ok(answered)
}

/// The requests for an opportunity by people whom the viewer may see, earliest first; none for whoever is neither
/// recruiter nor administrator.
pub async fn list(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
) -> Result<Vec<ReviewRequest>, Fault> {
    if !viewer.is_hiring_staff() {
        return Ok(Vec::new());
    }
    let all = review_requests::list_for_opportunity(&app.db, viewer.company_id, opportunity_id).await?;
    visible(&app.db, viewer, all).await
}

/// The request with this identifier, if it is the viewer's own or by somebody whom they may see.
pub async fn find(app: &App, viewer: &Viewer, id: ReviewRequestId) -> Result<Option<ReviewRequest>, Fault> {
    let Some(request) = review_requests::find(&app.db, viewer.company_id, id).await? else {
        return Ok(None);
    };
    if viewer.alumnus_id == Some(request.alumnus_id) {
        return Ok(Some(request));
    }
    if !viewer.is_hiring_staff() {
        return Ok(None);
    }
    Ok(visible(&app.db, viewer, vec![request]).await?.pop())
}

/// Those by people whom the viewer may see.
async fn visible(
    db: &impl Reads,
    viewer: &Viewer,
    requests: Vec<ReviewRequest>,
) -> Result<Vec<ReviewRequest>, Fault> {
    let ids: Vec<AlumnusId> = requests.iter().map(|request| request.alumnus_id).collect();
    let standings = standings::load(db, viewer.company_id, &ids).await?;
    let seen: HashSet<AlumnusId> = standings
        .iter()
        .filter(|(id, standing)| access(viewer, *id, standing).is_some())
        .map(|(id, _)| *id)
        .collect();
    Ok(requests
        .into_iter()
        .filter(|request| seen.contains(&request.alumnus_id))
        .collect())
}

fn not_found() -> Rejection {
    Rejection::not_found("id", "review request", "確認の依頼")
}

fn already_answered(answered: AlreadyReviewed) -> Rejection {
    Rejection::new(
        RejectionCode::AlreadyAnswered,
        "id",
        answered.to_string(),
        "この依頼にはすでに回答しています",
    )
}
