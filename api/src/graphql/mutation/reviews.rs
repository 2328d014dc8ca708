//! Asking to be looked at without the ranking, and answering.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::ReviewOutcome;
use crate::graphql::id::GlobalId;
use crate::graphql::types::glass_box::ReviewRequest;
use crate::usecase::{Rejection, reviews};

/// Asks for and answers reviews by people.
#[derive(Default)]
pub struct ReviewMutation;

/// For which opportunity to be looked at.
#[derive(Clone, Debug, InputObject)]
pub struct RequestHumanReviewInput {
    /// Its identifier.
    pub opportunity_id: ID,
}

/// The answer to asking.
#[derive(SimpleObject)]
pub struct RequestHumanReviewPayload {
    /// The request; the first one when the viewer asked before. Null when nothing was done.
    pub review_request: Option<ReviewRequest>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// What to answer, and why.
#[derive(Clone, Debug, InputObject)]
pub struct AnswerReviewRequestInput {
    /// The request's identifier.
    pub id: ID,
    /// What was decided.
    pub outcome: ReviewOutcome,
    /// Why, in a line of at most 200 characters that the person reads.
    pub reason: String,
}

/// The answer to answering.
#[derive(SimpleObject)]
pub struct AnswerReviewRequestPayload {
    /// The request as it is now. Null when nothing was done.
    pub review_request: Option<ReviewRequest>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Asks for and answers reviews by people.
#[Object]
impl ReviewMutation {
    /// Asks that people of the company look at the viewer for an open opportunity, without the ranking. Asking again
    /// changes nothing, and no score moves. Alumni.
    async fn request_human_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For which.")] input: RequestHumanReviewInput,
    ) -> Result<RequestHumanReviewPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = match GlobalId::opportunity(&input.opportunity_id) {
            Some((_, id)) => reviews::request(ctx.app(), viewer, alumnus_id, id).await,
            None => Err(Rejection::not_found("id", "opportunity", "募集").into()),
        };
        let (request, user_errors) = outcome(result, ctx.language())?;
        Ok(RequestHumanReviewPayload {
            review_request: request.map(ReviewRequest),
            user_errors,
        })
    }

    /// Answers a person's request to be looked at without the ranking, once, with a reason that the person reads.
    /// Recruiters and administrators.
    async fn answer_review_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and why.")] input: AnswerReviewRequestInput,
    ) -> Result<AnswerReviewRequestPayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match GlobalId::review_request(&input.id) {
            Some(id) => reviews::answer(ctx.app(), viewer, id, input.outcome.into(), input.reason).await,
            None => Err(Rejection::not_found("id", "review request", "確認の依頼").into()),
        };
        let (request, user_errors) = outcome(result, ctx.language())?;
        Ok(AnswerReviewRequestPayload {
            review_request: request.map(ReviewRequest),
            user_errors,
        })
    }
}
