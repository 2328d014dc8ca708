//! What an alumnus excludes in confidence.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::types::exclusions::Exclusions;
use crate::usecase::exclusions::{self, Wanted};

/// Writes of the viewer's own exclusions.
#[derive(Default)]
pub struct ExclusionMutation;

/// All that the viewer excludes; at most 10 units and members of staff together.
#[derive(InputObject)]
pub struct SetMyExclusionsInput {
    /// Units, by name, at most 200 characters each. A unit holds with all that lies in it: 物流部 with 物流部/配送課.
    pub units: Vec<String>,
    /// Members of staff.
    pub staff: Vec<ExcludedStaffInput>,
}

/// A member of staff to exclude.
#[derive(InputObject)]
pub struct ExcludedStaffInput {
    /// As the company knows them: a staff number or an address, at most 200 characters.
    pub subject: String,
    /// Their unit, which is excluded with them: to be on its lists and hidden from one of its people would tell on you.
    pub unit: String,
}

/// What became of it.
#[derive(SimpleObject)]
pub struct SetMyExclusionsPayload {
    /// All that the viewer excludes now. Null when nothing was done.
    pub exclusions: Option<Exclusions>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Changes what the viewer excludes.
#[Object]
impl ExclusionMutation {
    /// Replaces what the viewer excludes, in confidence: units and members of staff that they do not want to work in or
    /// under. Holds for the next answer anybody gets. Alumni.
    async fn set_my_exclusions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All exclusions.")] input: SetMyExclusionsInput,
    ) -> Result<SetMyExclusionsPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let wanted = Wanted {
            units: input.units,
            staff: input
                .staff
                .into_iter()
                .map(|staff| (staff.subject, staff.unit))
                .collect(),
        };
        let result = exclusions::set(ctx.app(), viewer, alumnus_id, wanted).await;
        let (exclusions, user_errors) = outcome(result, ctx.language())?;
        Ok(SetMyExclusionsPayload {
            exclusions: exclusions.map(Exclusions),
            user_errors,
        })
    }
}
