//! Saying something about oneself for statistics, and taking it back.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};
use okaeri_engine::domain::statistics::Answer;

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::StatisticsAnswer;
use crate::usecase::statistics;

/// Gives and withdraws answers for statistics.
#[derive(Default)]
pub struct StatisticsMutation;

/// What to say.
#[derive(Clone, Debug, InputObject)]
pub struct GiveStatisticsDataInput {
    /// At most one answer to each question; questions without one stay as they are.
    pub answers: Vec<StatisticsAnswer>,
}

/// The answer to saying something.
#[derive(SimpleObject)]
pub struct GiveStatisticsDataPayload {
    /// All answers of the viewer as they are now. Null when nothing was done.
    pub answers: Option<Vec<StatisticsAnswer>>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// What to take back.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawStatisticsDataInput {
    /// Must be true: answers are deleted and cannot be restored.
    pub is_meant: bool,
}

/// The answer to taking back.
#[derive(SimpleObject)]
pub struct WithdrawStatisticsDataPayload {
    /// True: no answer of the viewer is kept. False: nothing was done.
    pub is_withdrawn: bool,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Gives and withdraws answers for statistics.
#[Object]
impl StatisticsMutation {
    /// Says something about the viewer for statistics, which is the consent to count it, in sums of at least five people,
    /// and to nothing else. Nobody but the viewer reads it, and nothing ranks by it. Alumni.
    async fn give_statistics_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What.")] input: GiveStatisticsDataInput,
    ) -> Result<GiveStatisticsDataPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let answers = input.answers.into_iter().map(Answer::from).collect();
        let result = statistics::give(ctx.app(), viewer, alumnus_id, answers).await;
        let (answers, user_errors) = outcome(result, ctx.language())?;
        Ok(GiveStatisticsDataPayload {
            answers: answers.map(|answers| answers.into_iter().map(StatisticsAnswer::from).collect()),
            user_errors,
        })
    }

    /// Takes all of the viewer's answers back and deletes them. Alumni.
    async fn withdraw_statistics_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether it is meant.")] input: WithdrawStatisticsDataInput,
    ) -> Result<WithdrawStatisticsDataPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = statistics::withdraw(ctx.app(), viewer, alumnus_id, input.is_meant).await;
        let (done, user_errors) = outcome(result, ctx.language())?;
        Ok(WithdrawStatisticsDataPayload {
            is_withdrawn: done.is_some(),
            user_errors,
        })
    }
}
