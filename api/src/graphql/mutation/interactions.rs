//! What an alumnus does with an opportunity.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use okaeri_engine::domain::InteractionKind;

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::DeclineReason;
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::Date;
use crate::graphql::types::opportunity::{Interaction, Opportunity};
use crate::usecase::interactions;
use crate::usecase::opportunities::not_found;

/// Records what alumni do with opportunities.
#[derive(Default)]
pub struct InteractionMutation;

/// Which opportunity interests the viewer.
#[derive(Clone, Debug, InputObject)]
pub struct ExpressInterestInput {
    /// The opportunity's identifier.
    pub id: ID,
}

/// The answer.
#[derive(SimpleObject)]
pub struct ExpressInterestPayload {
    /// The opportunity. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was recorded. Null when nothing was done.
    pub interaction: Option<Interaction>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which opportunity to decline, and why.
#[derive(Clone, Debug, InputObject)]
pub struct DeclineOpportunityInput {
    /// The opportunity's identifier.
    pub id: ID,
    /// Why; it shapes the viewer's own feed alone.
    pub reason: DeclineReason,
}

/// The answer.
#[derive(SimpleObject)]
pub struct DeclineOpportunityPayload {
    /// The opportunity. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was recorded. Null when nothing was done.
    pub interaction: Option<Interaction>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which opportunity not to show, and until when.
#[derive(Clone, Debug, InputObject)]
pub struct SnoozeOpportunityInput {
    /// The opportunity's identifier.
    pub id: ID,
    /// The day from which it may be shown again, in Japan time: tomorrow at the earliest, two years ahead at most.
    pub until: Date,
}

/// The answer.
#[derive(SimpleObject)]
pub struct SnoozeOpportunityPayload {
    /// The opportunity. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was recorded. Null when nothing was done.
    pub interaction: Option<Interaction>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which opportunity to keep.
#[derive(Clone, Debug, InputObject)]
pub struct SaveOpportunityInput {
    /// The opportunity's identifier.
    pub id: ID,
}

/// The answer.
#[derive(SimpleObject)]
pub struct SaveOpportunityPayload {
    /// The opportunity. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was recorded. Null when nothing was done.
    pub interaction: Option<Interaction>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// What the payloads share.
type Recorded = (Option<Opportunity>, Option<Interaction>, Vec<UserError>);

/// Records what alumni do with opportunities.
#[Object]
impl InteractionMutation {
    /// Tells the company that the viewer is interested. Repeating the call changes nothing. Alumni.
    async fn express_interest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which opportunity interests the viewer.")] input: ExpressInterestInput,
    ) -> Result<ExpressInterestPayload, Error> {
        let kind = InteractionKind::Interested;
        let (opportunity, interaction, user_errors) = record(ctx, &input.id, kind).await?;
        Ok(ExpressInterestPayload {
            opportunity,
            interaction,
            user_errors,
        })
    }

    /// Declines an opportunity: it leaves the viewer's feed. Recruiters' lists do not change by it. Alumni.
    async fn decline_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which opportunity to decline, and why.")] input: DeclineOpportunityInput,
    ) -> Result<DeclineOpportunityPayload, Error> {
        let kind = InteractionKind::Declined {
            reason: input.reason.into(),
        };
        let (opportunity, interaction, user_errors) = record(ctx, &input.id, kind).await?;
        Ok(DeclineOpportunityPayload {
            opportunity,
            interaction,
            user_errors,
        })
    }

    /// Hides an opportunity from the viewer's feed until a day: "not now". Alumni.
    async fn snooze_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which opportunity not to show, and until when.")] input: SnoozeOpportunityInput,
    ) -> Result<SnoozeOpportunityPayload, Error> {
        let kind = InteractionKind::Snoozed { until: input.until.0 };
        let (opportunity, interaction, user_errors) = record(ctx, &input.id, kind).await?;
        Ok(SnoozeOpportunityPayload {
            opportunity,
            interaction,
            user_errors,
        })
    }

    /// Keeps an opportunity for later. Repeating the call changes nothing. Alumni.
    async fn save_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which opportunity to keep.")] input: SaveOpportunityInput,
    ) -> Result<SaveOpportunityPayload, Error> {
        let kind = InteractionKind::Saved;
        let (opportunity, interaction, user_errors) = record(ctx, &input.id, kind).await?;
        Ok(SaveOpportunityPayload {
            opportunity,
            interaction,
            user_errors,
        })
    }
}

async fn record(ctx: &Context<'_>, id: &ID, kind: InteractionKind) -> Result<Recorded, Error> {
    let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
    let result = match GlobalId::opportunity(id) {
        Some((_, id)) => interactions::record(ctx.app(), viewer, alumnus_id, id, kind).await,
        None => Err(not_found().into()),
    };
    let (recorded, user_errors) = outcome(result, ctx.language())?;
    let (interaction, opportunity) = recorded.unzip();
    let opportunity = opportunity.map(|opportunity| Opportunity::from(Arc::new(opportunity)));
    Ok((opportunity, interaction.map(Interaction::from), user_errors))
}
