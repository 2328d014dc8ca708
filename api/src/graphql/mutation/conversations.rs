//! Writing to the other side, on a candidacy or in a consultation.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::{Code, forbidden};
use crate::graphql::id::GlobalId;
use crate::graphql::types::candidacy::{Consultation, Message};
use crate::rate::Bucket;
use crate::usecase::{Rejection, conversations};

/// Writes to the other side.
#[derive(Default)]
pub struct ConversationMutation;

/// About what to ask, and what.
#[derive(Clone, Debug, InputObject)]
pub struct AskFirstInput {
    /// The opportunity's identifier.
    pub opportunity_id: ID,
    /// What the viewer wants to know, at most 4,000 characters.
    pub message: String,
}

/// The answer to asking first.
#[derive(SimpleObject)]
pub struct AskFirstPayload {
    /// The consultation; the one that there is when the viewer asked before. Null when nothing was done.
    pub consultation: Option<Consultation>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// To whom to write, and what.
#[derive(Clone, Debug, InputObject)]
pub struct SendMessageInput {
    /// The identifier of the candidacy or the consultation.
    pub id: ID,
    /// What, at most 4,000 characters.
    pub text: String,
}

/// The answer to writing.
#[derive(SimpleObject)]
pub struct SendMessagePayload {
    /// The message. Null when nothing was done.
    pub message: Option<Message>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Writes to the other side.
#[Object]
impl ConversationMutation {
    /// Asks about an opportunity without applying for it (相談). Staff of the unit that hires for it never learn of it,
    /// and an invitation goes on waiting for its answer. Alumni.
    async fn ask_first(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About what, and what.")] input: AskFirstInput,
    ) -> Result<AskFirstPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        ensure_may_write(ctx)?;
        let result = match GlobalId::opportunity(&input.opportunity_id) {
            Some((_, id)) => conversations::ask_first(ctx.app(), viewer, alumnus_id, id, input.message).await,
            None => Err(Rejection::not_found("opportunityId", "opportunity", "募集").into()),
        };
        let (consultation, user_errors) = outcome(result, ctx.language())?;
        Ok(AskFirstPayload {
            consultation: consultation.map(Consultation),
            user_errors,
        })
    }

    /// Writes to the other side of a candidacy or a consultation. On a candidacy that is INTERESTED or ACCEPTED the
    /// first message begins the conversation. The alumnus, recruiters and administrators who may read it.
    async fn send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom, and what.")] input: SendMessageInput,
    ) -> Result<SendMessagePayload, Error> {
        let viewer = ctx.viewer()?;
        if viewer.alumnus_id.is_none() && !viewer.is_hiring_staff() {
            return Err(forbidden("alumni, recruiters and administrators"));
        }
        ensure_may_write(ctx)?;
        let result = match GlobalId::thread(&input.id) {
            Some(thread) => conversations::send(ctx.app(), viewer, thread, input.text).await,
            None => Err(conversations::thread_not_found().into()),
        };
        let (message, user_errors) = outcome(result, ctx.language())?;
        Ok(SendMessagePayload {
            message: message.map(|message| Message::new(viewer, message)),
            user_errors,
        })
    }
}

fn ensure_may_write(ctx: &Context<'_>) -> Result<(), Error> {
    let viewer = ctx.viewer()?;
    let key = format!("{}\n{}", viewer.company_id, viewer.subject);
    let allowed = ctx.app().limiter.check(Bucket::Message, &key);
    allowed.map_err(|wait| Code::RateLimited.error(wait.to_string()))
}
