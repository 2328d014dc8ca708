//! Changing a programme's rules.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::types::policy::{Policy, Programme};
use crate::usecase::policy::{self, NewPolicy};
use crate::usecase::{Failure, Rejection, RejectionCode};

/// Changes the rules.
#[derive(Default)]
pub struct PolicyMutation;

/// All of the rules, the version that they were read with, and why they change.
#[derive(Clone, Debug, InputObject)]
pub struct UpdatePolicyInput {
    /// The version of the rules that this change was made from.
    pub expected_version: i32,
    /// All of the rules: what is absent or null is none, and not as it was.
    pub policy: Policy,
    /// Why they change, at most 4,000 characters. All staff read it.
    pub note: Option<String>,
}

/// The answer to changing the rules.
#[derive(SimpleObject)]
pub struct UpdatePolicyPayload {
    /// The programme with the rules that are in force now. Null when nothing was done.
    pub programme: Option<Programme>,
    /// What was wrong, all of it; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Changes the rules.
#[Object]
impl PolicyMutation {
    /// Replaces the programme's rules. They are in force with the next answer: a kind that is switched off is in no list
    /// and no feed any more, and people whom a rule leaves out are in no ranking. Earlier versions stay readable.
    /// VERSION_CONFLICT when somebody else changed them since. Administrators.
    async fn update_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All of the rules, and the version that was read.")] input: UpdatePolicyInput,
    ) -> Result<UpdatePolicyPayload, Error> {
        let viewer = ctx.administrator()?;
        let result = match new_policy(input) {
            Ok(new) => policy::update(ctx.app(), viewer, new).await,
            Err(rejections) => Err(Failure::Rejected(rejections)),
        };
        let (programme, user_errors) = outcome(result, ctx.language())?;
        Ok(UpdatePolicyPayload {
            programme: programme.map(Programme::from),
            user_errors,
        })
    }
}

fn new_policy(input: UpdatePolicyInput) -> Result<NewPolicy, Vec<Rejection>> {
    let version = input.expected_version;
    let expected_version = u64::try_from(version).map_err(|_| {
        vec![Rejection::new(
            RejectionCode::OutOfRange,
            "expectedVersion",
            format!("version {version} is below 0"),
            format!("版{version}は0より小さい値です"),
        )]
    })?;
    Ok(NewPolicy {
        policy: input.policy.into_domain()?,
        expected_version,
        note: input.note,
    })
}
