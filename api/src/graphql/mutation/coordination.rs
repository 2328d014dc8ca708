//! Setting whether and how a programme coordinates its lists.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::from_fault;
use crate::graphql::types::coordination::Coordination;
use crate::usecase::coordination::{self, NewSetting};
use crate::usecase::{Failure, Rejection, RejectionCode};

/// Sets coordination.
#[derive(Default)]
pub struct CoordinationMutation;

/// Whether and how to coordinate.
#[derive(Clone, Debug, InputObject)]
pub struct SetCoordinationInput {
    /// True: plan both sides' lists together. False: every list by itself.
    pub is_enabled: bool,
    /// The slider, from 0 to 1: a little of it aims at matches in all, 1 at more equal chances. Absent or null: as it
    /// is.
    pub alpha: Option<f64>,
    /// The version of the setting that this change was made from.
    pub expected_version: i32,
}

/// The answer to setting coordination.
#[derive(SimpleObject)]
pub struct SetCoordinationPayload {
    /// The setting as it is now. Null when nothing was done.
    pub coordination: Option<Coordination>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Sets coordination.
#[Object]
impl CoordinationMutation {
    /// Sets whether and how the programme plans its lists together. Off as long as nobody has turned it on; turned off,
    /// the next answers are again those without it. VERSION_CONFLICT when somebody else changed it since. Administrators.
    async fn set_coordination(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether, how, and the version that was read.")] input: SetCoordinationInput,
    ) -> Result<SetCoordinationPayload, Error> {
        let viewer = ctx.administrator()?;
        let result = match u64::try_from(input.expected_version) {
            Ok(expected_version) => {
                let new = NewSetting {
                    is_enabled: input.is_enabled,
                    alpha: input.alpha,
                    expected_version,
                };
                coordination::set(ctx.app(), viewer, new).await
            }
            Err(_) => Err(Failure::from(Rejection::new(
                RejectionCode::OutOfRange,
                "expectedVersion",
                format!("version {} is below 0", input.expected_version),
                format!("版{}は0より小さい値です", input.expected_version),
            ))),
        };
        let (done, user_errors) = outcome(result, ctx.language())?;
        let coordination = match done {
            Some(()) => Some(
                coordination::find(ctx.app(), viewer)
                    .await
                    .map_err(|fault| from_fault(&fault))?,
            ),
            None => None,
        };
        Ok(SetCoordinationPayload {
            coordination: coordination.map(Coordination::from),
            user_errors,
        })
    }
}
