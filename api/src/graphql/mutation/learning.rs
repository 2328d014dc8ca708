//! Forgetting what a company's ranking has learnt.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::types::learning::Learning;
use crate::usecase::company_learning;

/// Forgets.
#[derive(Default)]
pub struct LearningMutation;

/// To forget what was learnt.
#[derive(Clone, Debug, InputObject)]
pub struct ForgetDecisionsInput {
    /// True: it is meant, and cannot be taken back.
    pub is_meant: bool,
}

/// The answer to forgetting.
#[derive(SimpleObject)]
pub struct ForgetDecisionsPayload {
    /// What is left. Null when nothing was done.
    pub learning: Option<Learning>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Forgets.
#[Object]
impl LearningMutation {
    /// Forgets everything that the ranking of candidates has learnt from decisions: the next list is ranked as if none
    /// had been taken. Shortlists, invitations and rejections stay. Administrators.
    async fn forget_decisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is meant.")] input: ForgetDecisionsInput,
    ) -> Result<ForgetDecisionsPayload, Error> {
        let viewer = ctx.administrator()?;
        let result = company_learning::forget(ctx.app(), viewer, input.is_meant).await;
        let (done, user_errors) = outcome(result, ctx.language())?;
        let learning = match done {
            Some(()) => Some(
                company_learning::find(ctx.app(), viewer)
                    .await
                    .map_err(|fault| from_fault(&fault))?,
            ),
            None => None,
        };
        Ok(ForgetDecisionsPayload {
            learning: learning.map(Learning::from),
            user_errors,
        })
    }
}
