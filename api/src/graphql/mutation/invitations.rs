//! Approaching candidates, answering, and rejecting.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::DeclineReason;
use crate::graphql::error::Code;
use crate::graphql::id::GlobalId;
use crate::graphql::types::invitation::Invitation;
use crate::graphql::types::opportunity::Opportunity;
use crate::rate::Bucket;
use crate::usecase::{Rejection, invitations};

/// Approaches candidates.
#[derive(Default)]
pub struct InvitationMutation;

/// Whom to invite, and to what.
#[derive(Clone, Debug, InputObject)]
pub struct InviteCandidateInput {
    /// Makes a repeated call return the first answer and write nothing; remembered for seven days.
    pub idempotency_key: Option<String>,
    /// The opportunity's identifier.
    pub opportunity_id: ID,
    /// The person's identifier.
    pub alumnus_id: ID,
    /// A personal line, at most 4,000 characters.
    pub message: Option<String>,
}

/// The answer to inviting.
#[derive(SimpleObject)]
pub struct InviteCandidatePayload {
    /// The invitation; the first one when the person was invited before. Null when nothing was done.
    pub invitation: Option<Invitation>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which invitation to accept.
#[derive(Clone, Debug, InputObject)]
pub struct AcceptInvitationInput {
    /// Its identifier.
    pub id: ID,
}

/// The answer to accepting.
#[derive(SimpleObject)]
pub struct AcceptInvitationPayload {
    /// The invitation as it is now. Null when nothing was done.
    pub invitation: Option<Invitation>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which invitation to decline, and why.
#[derive(Clone, Debug, InputObject)]
pub struct DeclineInvitationInput {
    /// Its identifier.
    pub id: ID,
    /// Why.
    #[graphql(default_with = "DeclineReason::Other")]
    pub reason: DeclineReason,
}

/// The answer to declining.
#[derive(SimpleObject)]
pub struct DeclineInvitationPayload {
    /// The invitation as it is now. Null when nothing was done.
    pub invitation: Option<Invitation>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Whom to reject, for what, and why.
#[derive(Clone, Debug, InputObject)]
pub struct RejectCandidateInput {
    /// The opportunity's identifier.
    pub opportunity_id: ID,
    /// The person's identifier.
    pub alumnus_id: ID,
    /// Why, in a line of at most 200 characters: nobody is rejected by a score.
    pub reason: String,
}

/// The answer to rejecting.
#[derive(SimpleObject)]
pub struct RejectCandidatePayload {
    /// The opportunity, whose candidates no longer include the person. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Approaches candidates.
#[Object]
impl InvitationMutation {
    /// Invites a candidate, who gets a mail. Inviting the same person to the same opportunity again changes nothing.
    /// Recruiters and administrators.
    async fn invite_candidate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and to what.")] input: InviteCandidateInput,
    ) -> Result<InviteCandidatePayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let key = format!("{}\n{}", viewer.company_id, viewer.subject);
        let allowed = ctx.app().limiter.check(Bucket::Invitation, &key);
        allowed.map_err(|wait| Code::RateLimited.error(wait.to_string()))?;
        let result = match (
            GlobalId::opportunity(&input.opportunity_id),
            GlobalId::alumnus(&input.alumnus_id),
        ) {
            (Some((_, opportunity_id)), Some(alumnus_id)) => {
                let (message, key) = (input.message, input.idempotency_key);
                invitations::invite(ctx.app(), viewer, opportunity_id, alumnus_id, message, key).await
            }
            (None, _) => Err(Rejection::not_found("opportunityId", "opportunity", "募集").into()),
            (_, None) => Err(Rejection::not_found("alumnusId", "alumnus", "アルムナイ").into()),
        };
        let (invitation, user_errors) = outcome(result, ctx.language())?;
        Ok(InviteCandidatePayload {
            invitation: invitation.map(Invitation),
            user_errors,
        })
    }

    /// Says yes to an invitation, once. The invited person.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = match GlobalId::invitation(&input.id) {
            Some(id) => invitations::accept(ctx.app(), viewer, alumnus_id, id).await,
            None => Err(Rejection::not_found("id", "invitation", "招待").into()),
        };
        let (invitation, user_errors) = outcome(result, ctx.language())?;
        Ok(AcceptInvitationPayload {
            invitation: invitation.map(Invitation),
            user_errors,
        })
    }

    /// Says no to an invitation, once. The invited person.
    async fn decline_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: DeclineInvitationInput,
    ) -> Result<DeclineInvitationPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = match GlobalId::invitation(&input.id) {
            Some(id) => invitations::decline(ctx.app(), viewer, alumnus_id, id, input.reason.into()).await,
            None => Err(Rejection::not_found("id", "invitation", "招待").into()),
        };
        let (invitation, user_errors) = outcome(result, ctx.language())?;
        Ok(DeclineInvitationPayload {
            invitation: invitation.map(Invitation),
            user_errors,
        })
    }

    /// Takes a person out of an opportunity's candidates, for a reason that is recorded. Recruiters and
    /// administrators.
    async fn reject_candidate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, for what, and why.")] input: RejectCandidateInput,
    ) -> Result<RejectCandidatePayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match (
            GlobalId::opportunity(&input.opportunity_id),
            GlobalId::alumnus(&input.alumnus_id),
        ) {
            (Some((_, opportunity_id)), Some(alumnus_id)) => {
                invitations::reject(ctx.app(), viewer, opportunity_id, alumnus_id, input.reason).await
            }
            (None, _) => Err(Rejection::not_found("opportunityId", "opportunity", "募集").into()),
            (_, None) => Err(Rejection::not_found("alumnusId", "alumnus", "アルムナイ").into()),
        };
        let (opportunity, user_errors) = outcome(result, ctx.language())?;
        let opportunity = opportunity.map(|opportunity| Opportunity::from(Arc::new(opportunity)));
        Ok(RejectCandidatePayload {
            opportunity,
            user_errors,
        })
    }
}
