//! Giving and withdrawing consent.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::ConsentPurpose;
use crate::graphql::types::consent::Consent;
use crate::usecase::consents;

/// Gives and withdraws consents.
#[derive(Default)]
pub struct ConsentMutation;

/// For what to give a consent.
#[derive(Clone, Debug, InputObject)]
pub struct GiveConsentInput {
    /// The purpose.
    pub purpose: ConsentPurpose,
}

/// The answer to giving a consent.
#[derive(SimpleObject)]
pub struct GiveConsentPayload {
    /// The consent that holds. Null when nothing was done.
    pub consent: Option<Consent>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which consent to withdraw.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawConsentInput {
    /// The purpose.
    pub purpose: ConsentPurpose,
}

/// The answer to withdrawing a consent.
#[derive(SimpleObject)]
pub struct WithdrawConsentPayload {
    /// The consent that ended. Null when nothing was done.
    pub consent: Option<Consent>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Gives and withdraws consents.
#[Object]
impl ConsentMutation {
    /// Gives the viewer's consent for one purpose. Giving one that holds changes nothing. Alumni.
    async fn give_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For what.")] input: GiveConsentInput,
    ) -> Result<GiveConsentPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = consents::give(ctx.app(), viewer, alumnus_id, input.purpose.into()).await;
        let (consent, user_errors) = outcome(result, ctx.language())?;
        Ok(GiveConsentPayload {
            consent: consent.map(Consent::from),
            user_errors,
        })
    }

    /// Withdraws the viewer's consent for one purpose: from the next answer on, every list that needs it leaves the
    /// viewer out, lists that are open included. Alumni.
    async fn withdraw_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For what.")] input: WithdrawConsentInput,
    ) -> Result<WithdrawConsentPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = consents::withdraw(ctx.app(), viewer, alumnus_id, input.purpose.into()).await;
        let (consent, user_errors) = outcome(result, ctx.language())?;
        Ok(WithdrawConsentPayload {
            consent: consent.map(Consent::from),
            user_errors,
        })
    }
}
