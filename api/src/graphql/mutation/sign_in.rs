//! Signing in by a one-time link; nobody needs to be signed in for that.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::Code;
use crate::graphql::scalars::DateTime;
use crate::usecase::sign_in::{self, SignInFailure};

/// Signs alumni in.
#[derive(Default)]
pub struct SignInMutation;

/// Who wants to sign in, and where.
#[derive(Clone, Debug, InputObject)]
pub struct RequestSignInLinkInput {
    /// The company's short name.
    pub company: String,
    /// The address that the company knows.
    pub email: String,
}

/// The answer to asking for a link.
#[derive(SimpleObject)]
pub struct RequestSignInLinkPayload {
    /// What was wrong with the input. Empty says nothing about whether there is such a person.
    pub user_errors: Vec<UserError>,
}

/// The token of a one-time link.
#[derive(Clone, InputObject)]
pub struct SignInInput {
    /// What follows `token=` in the link.
    pub token: String,
}

/// The answer to signing in.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// The bearer token of the session. Null when the link is not good.
    pub token: Option<String>,
    /// When the session ends. Null when the link is not good.
    pub expires_at: Option<DateTime>,
    /// What was wrong; empty when signed in.
    pub user_errors: Vec<UserError>,
}

/// Signs alumni in.
#[Object]
impl SignInMutation {
    /// Sends a one-time link to an alumnus's address. The answer is the same whether or not there is one. Anybody.
    async fn request_sign_in_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and where.")] input: RequestSignInLinkInput,
    ) -> Result<RequestSignInLinkPayload, Error> {
        let asked = sign_in::request_link(ctx.app(), &input.company, &input.email, ctx.request().peer).await;
        let (_, user_errors) = ended(ctx, asked)?;
        Ok(RequestSignInLinkPayload { user_errors })
    }

    /// Exchanges the token of a link, which works once, for a session. Anybody.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: SignInInput,
    ) -> Result<SignInPayload, Error> {
        let signed_in = sign_in::sign_in(ctx.app(), &input.token, ctx.request().peer).await;
        let (session, user_errors) = ended(ctx, signed_in)?;
        let (token, expires_at) = session
            .map(|session| (session.token, DateTime(session.expires_at)))
            .unzip();
        Ok(SignInPayload {
            token,
            expires_at,
            user_errors,
        })
    }
}

pub(super) fn ended<T>(
    ctx: &Context<'_>,
    result: Result<T, SignInFailure>,
) -> Result<(Option<T>, Vec<UserError>), Error> {
    match result {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(SignInFailure::Limited(wait)) => Err(Code::RateLimited.error(wait.to_string())),
        Err(SignInFailure::Failed(failure)) => outcome(Err(failure), ctx.language()),
    }
}
