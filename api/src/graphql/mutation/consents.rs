//! Giving and withdrawing consent, and what people are asked to agree to.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::ConsentPurpose;
use crate::graphql::types::consent::{Consent, ConsentText};
use crate::usecase::consent_texts::{self, NewText};
use crate::usecase::consents;

/// Gives and withdraws consents.
#[derive(Default)]
pub struct ConsentMutation;

/// For what to give a consent, and to which text.
#[derive(Clone, Debug, InputObject)]
pub struct GiveConsentInput {
    /// The purpose.
    pub purpose: ConsentPurpose,
    /// The version of the text that the person has read; must be the current one of `consentTexts`.
    pub text_version: String,
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

/// A text that people are asked with from now on.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateConsentTextInput {
    /// The purpose.
    pub purpose: ConsentPurpose,
    /// In Japanese, up to 4,000 characters.
    pub japanese: String,
    /// In English, up to 4,000 characters.
    pub english: String,
    /// The version of the text that this one takes the place of, as it was read.
    pub expected_version: String,
}

/// The answer to setting a text.
#[derive(SimpleObject)]
pub struct UpdateConsentTextPayload {
    /// The text with its new version. Null when nothing was done.
    pub consent_text: Option<ConsentText>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Gives and withdraws consents.
#[Object]
impl ConsentMutation {
    /// Gives the viewer's consent for one purpose, to the text that they have read. CONSENT_TEXT_OUTDATED when there is a
    /// newer one. Giving one that holds changes nothing. Alumni.
    async fn give_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For what, and the text's version.")] input: GiveConsentInput,
    ) -> Result<GiveConsentPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let purpose = input.purpose.into();
        let result = consents::give(ctx.app(), viewer, alumnus_id, purpose, &input.text_version).await;
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

    /// Sets what people are asked to agree to for one purpose, as a new version. Consents to earlier versions hold on, and
    /// their texts stay readable. VERSION_CONFLICT when somebody else set one since. Administrators.
    async fn update_consent_text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The purpose, the text, and the version that was read.")]
        input: UpdateConsentTextInput,
    ) -> Result<UpdateConsentTextPayload, Error> {
        let viewer = ctx.administrator()?;
        let new = NewText {
            purpose: input.purpose.into(),
            japanese: input.japanese,
            english: input.english,
            expected_version: input.expected_version,
        };
        let result = consent_texts::update(ctx.app(), viewer, new).await;
        let (text, user_errors) = outcome(result, ctx.language())?;
        Ok(UpdateConsentTextPayload {
            consent_text: text.map(|text| ConsentText::new(text, ctx.language())),
            user_errors,
        })
    }
}
