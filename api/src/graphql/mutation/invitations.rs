//! Approaching candidates, one or several, and answering.

use std::num::NonZeroU32;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use okaeri_engine::domain::InvitationId;

use super::candidacies::{pair, version};
use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::DeclineReason;
use crate::graphql::error::Code;
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::Cursor;
use crate::graphql::scalars::Date;
use crate::graphql::types::invitation::Invitation;
use crate::rate::Bucket;
use crate::usecase::invitations::Answer;
use crate::usecase::{Failure, Rejection, invitation_previews, invitations};

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

/// Whom to invite, by a preview, and to what.
#[derive(Clone, Debug, InputObject)]
pub struct InviteCandidatesInput {
    /// Makes a repeated call return the first answer and write nothing; remembered for seven days.
    pub idempotency_key: Option<String>,
    /// The opportunity's identifier.
    pub opportunity_id: ID,
    /// The token of the preview that the viewer was shown: exactly its invitees are invited.
    pub preview_token: String,
    /// The same line to all, at most 4,000 characters.
    pub message: Option<String>,
}

/// The answer to inviting several.
#[derive(SimpleObject)]
pub struct InviteCandidatesPayload {
    /// The invitations, best candidate first; at most 50. Empty when nothing was done.
    pub invitations: Vec<Invitation>,
    /// How many of the previewed people may no longer be invited, and were not.
    pub skipped_count: i32,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which invitation to take back.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawInvitationInput {
    /// Its identifier.
    pub id: ID,
    /// The candidacy's version that the caller read: nothing is done once it has another. Absent: whatever it is.
    pub expected_version: Option<i32>,
}

/// The answer to taking an invitation back.
#[derive(SimpleObject)]
pub struct WithdrawInvitationPayload {
    /// The invitation as it is now. Null when nothing was done.
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

/// Which invitation to put off, and until when.
#[derive(Clone, Debug, InputObject)]
pub struct SnoozeInvitationInput {
    /// Its identifier.
    pub id: ID,
    /// The day from which the company may ask again, in Japan time: tomorrow at the earliest, two years ahead at most.
    pub until: Date,
}

/// The answer to putting off.
#[derive(SimpleObject)]
pub struct SnoozeInvitationPayload {
    /// The invitation as it is now. Null when nothing was done.
    pub invitation: Option<Invitation>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Approaches candidates.
#[Object]
impl InvitationMutation {
    /// Invites a candidate, who gets a mail. Inviting the same person to the same opportunity again changes nothing;
    /// whoever said not now may be asked again from that day on. Recruiters and administrators.
    async fn invite_candidate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and to what.")] input: InviteCandidateInput,
    ) -> Result<InviteCandidatePayload, Error> {
        let viewer = ctx.hiring_staff()?;
        ensure_may_invite(ctx, 1)?;
        let result = match pair(&input.opportunity_id, &input.alumnus_id) {
            Ok((opportunity_id, alumnus_id)) => {
                let (message, key) = (input.message, input.idempotency_key);
                invitations::invite(ctx.app(), viewer, opportunity_id, alumnus_id, message, key).await
            }
            Err(failure) => Err(failure),
        };
        let (invitation, user_errors) = outcome(result, ctx.language())?;
        Ok(InviteCandidatePayload {
            invitation: invitation.map(Invitation),
            user_errors,
        })
    }

    /// Invites exactly the invitees of a preview, without those who may no longer be invited; each gets a mail.
    /// Recruiters and administrators.
    async fn invite_candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, by a preview, and to what.")] input: InviteCandidatesInput,
    ) -> Result<InviteCandidatesPayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let list_id = Cursor::list_id(&input.preview_token);
        let preview = match GlobalId::opportunity(&input.opportunity_id) {
            Some((_, id)) => invitation_previews::find(ctx.app(), viewer, id, list_id)
                .await
                .map(|preview| (id, preview)),
            None => Err(Rejection::not_found("opportunityId", "opportunity", "募集").into()),
        };
        let result = match preview {
            Ok((id, preview)) => {
                ensure_may_invite(ctx, preview.invitees.len())?;
                let (message, key) = (input.message, input.idempotency_key);
                invitations::invite_previewed(ctx.app(), viewer, id, &preview, message, key).await
            }
            Err(failure) => Err(failure),
        };
        let (invited, user_errors) = outcome(result, ctx.language())?;
        let (invitations, n_skipped) = invited
            .map(|invited| (invited.invitations, invited.n_skipped))
            .unwrap_or_default();
        Ok(InviteCandidatesPayload {
            invitations: invitations.into_iter().map(Invitation).collect(),
            skipped_count: i32::try_from(n_skipped).unwrap_or(i32::MAX),
            user_errors,
        })
    }

    /// Takes back an invitation that was neither accepted nor declined. Recruiters and administrators.
    async fn withdraw_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WithdrawInvitationInput,
    ) -> Result<WithdrawInvitationPayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match invitation_id(&input.id) {
            Ok(id) => invitations::withdraw(ctx.app(), viewer, id, version(input.expected_version)).await,
            Err(failure) => Err(failure),
        };
        let (invitation, user_errors) = outcome(result, ctx.language())?;
        Ok(WithdrawInvitationPayload {
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
        let (invitation, user_errors) = answer(ctx, &input.id, Answer::Yes).await?;
        Ok(AcceptInvitationPayload {
            invitation,
            user_errors,
        })
    }

    /// Says no to an invitation, once. The invited person.
    async fn decline_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: DeclineInvitationInput,
    ) -> Result<DeclineInvitationPayload, Error> {
        let (invitation, user_errors) = answer(ctx, &input.id, Answer::No(input.reason.into())).await?;
        Ok(DeclineInvitationPayload {
            invitation,
            user_errors,
        })
    }

    /// Says "not now" to an invitation, once: the company may ask again from a day on, and the person may still say yes
    /// or no before. The invited person.
    async fn snooze_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and until when.")] input: SnoozeInvitationInput,
    ) -> Result<SnoozeInvitationPayload, Error> {
        let (invitation, user_errors) = answer(ctx, &input.id, Answer::NotBefore(input.until.0)).await?;
        Ok(SnoozeInvitationPayload {
            invitation,
            user_errors,
        })
    }
}

async fn answer(
    ctx: &Context<'_>,
    id: &ID,
    answer: Answer,
) -> Result<(Option<Invitation>, Vec<UserError>), Error> {
    let (viewer, _) = ctx.alumnus_viewer()?;
    let result = match invitation_id(id) {
        Ok(id) => invitations::answer(ctx.app(), viewer, id, answer).await,
        Err(failure) => Err(failure),
    };
    let (invitation, user_errors) = outcome(result, ctx.language())?;
    Ok((invitation.map(Invitation), user_errors))
}

fn invitation_id(id: &ID) -> Result<InvitationId, Failure> {
    let found = GlobalId::invitation(id);
    Ok(found.ok_or_else(|| Rejection::not_found("id", "invitation", "招待"))?)
}

/// Counts every person who is approached, so that one call for many is as much as many calls.
fn ensure_may_invite(ctx: &Context<'_>, n_people: usize) -> Result<(), Error> {
    let viewer = ctx.viewer()?;
    let key = format!("{}\n{}", viewer.company_id, viewer.subject);
    let Some(n_people) = u32::try_from(n_people).ok().and_then(NonZeroU32::new) else {
        return Ok(());
    };
    let allowed = ctx.app().limiter.check_many(Bucket::Invitation, &key, n_people);
    allowed.map_err(|wait| Code::RateLimited.error(wait.to_string()))
}
