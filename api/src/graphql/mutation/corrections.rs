//! Correcting what the company recorded of a person.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use okaeri_engine::domain;
use okaeri_engine::domain::correction::KeptParts;

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::LeavingKind;
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::YearMonth;
use crate::graphql::types::correction::Correction;
use crate::usecase::{Rejection, corrections};

/// Asks for and decides corrections.
#[derive(Default)]
pub struct CorrectionMutation;

/// What the record should say. What is absent is not asked for.
#[derive(Clone, Debug, InputObject)]
pub struct RequestCorrectionInput {
    /// The name as written, at most 100 characters.
    pub name_kanji: Option<String>,
    /// The name as read, in katakana, at most 100 characters.
    pub name_kana: Option<String>,
    /// The number that the viewer had as an employee, at most 64 characters.
    pub employee_number: Option<String>,
    /// The kind of leaving.
    pub leaving_kind: Option<LeavingKind>,
    /// All periods at the company, at most 50.
    pub tenures: Option<Vec<TenureInput>>,
    /// How the viewer explains it, at most 4,000 characters.
    pub note: Option<String>,
}

/// A period of employment at the company.
#[derive(Clone, Debug, InputObject)]
pub struct TenureInput {
    /// The unit as it was called then.
    pub department: String,
    /// The title held.
    pub title: String,
    /// First month.
    pub from: YearMonth,
    /// Last month. Absent: not known.
    pub to: Option<YearMonth>,
    /// What the viewer did, at most 4,000 characters.
    #[graphql(default)]
    pub description: String,
}

/// The answer to asking for a correction.
#[derive(SimpleObject)]
pub struct RequestCorrectionPayload {
    /// The correction, which waits for an administrator. Null when nothing was done.
    pub correction: Option<Correction>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which correction to make.
#[derive(Clone, Debug, InputObject)]
pub struct ApproveCorrectionInput {
    /// Its identifier.
    pub id: ID,
}

/// The answer to approving.
#[derive(SimpleObject)]
pub struct ApproveCorrectionPayload {
    /// The correction as it is now. Null when nothing was done.
    pub correction: Option<Correction>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which correction not to make, and why.
#[derive(Clone, Debug, InputObject)]
pub struct RefuseCorrectionInput {
    /// Its identifier.
    pub id: ID,
    /// Why, in a line of at most 200 characters that the person reads.
    pub reason: String,
}

/// The answer to refusing.
#[derive(SimpleObject)]
pub struct RefuseCorrectionPayload {
    /// The correction as it is now. Null when nothing was done.
    pub correction: Option<Correction>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Asks for and decides corrections.
#[Object]
impl CorrectionMutation {
    /// Asks for a correction of what the company recorded of the viewer. An administrator decides; at most ten wait at a
    /// time. What the viewer wrote themselves is changed with `updateMyProfile`. Alumni.
    async fn request_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the record should say.")] input: RequestCorrectionInput,
    ) -> Result<RequestCorrectionPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let (parts, note) = input.into_parts();
        let result = corrections::request(ctx.app(), viewer, alumnus_id, parts, note).await;
        let (correction, user_errors) = outcome(result, ctx.language())?;
        Ok(RequestCorrectionPayload {
            correction: correction.map(Correction),
            user_errors,
        })
    }

    /// Corrects a record as the person asked; what it said before is kept with the correction. Administrators.
    async fn approve_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: ApproveCorrectionInput,
    ) -> Result<ApproveCorrectionPayload, Error> {
        let viewer = ctx.administrator()?;
        let result = match GlobalId::correction(&input.id) {
            Some(id) => corrections::approve(ctx.app(), viewer, id).await,
            None => Err(Rejection::not_found("id", "correction", "訂正の依頼").into()),
        };
        let (correction, user_errors) = outcome(result, ctx.language())?;
        Ok(ApproveCorrectionPayload {
            correction: correction.map(Correction),
            user_errors,
        })
    }

    /// Leaves a record as it is, for a reason that the person reads. Administrators.
    async fn refuse_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: RefuseCorrectionInput,
    ) -> Result<RefuseCorrectionPayload, Error> {
        let viewer = ctx.administrator()?;
        let result = match GlobalId::correction(&input.id) {
            Some(id) => corrections::refuse(ctx.app(), viewer, id, input.reason).await,
            None => Err(Rejection::not_found("id", "correction", "訂正の依頼").into()),
        };
        let (correction, user_errors) = outcome(result, ctx.language())?;
        Ok(RefuseCorrectionPayload {
            correction: correction.map(Correction),
            user_errors,
        })
    }
}

impl RequestCorrectionInput {
    fn into_parts(self) -> (KeptParts, Option<String>) {
        let tenure = |tenure: TenureInput| domain::Tenure {
            department: tenure.department,
            title: tenure.title,
            from: tenure.from.0,
            to: tenure.to.map(|month| month.0),
            description: tenure.description,
        };
        let parts = KeptParts {
            name_kanji: self.name_kanji,
            name_kana: self.name_kana,
            employee_number: self.employee_number,
            leaving_kind: self.leaving_kind.map(domain::LeavingKind::from),
            tenures: self
                .tenures
                .map(|tenures| tenures.into_iter().map(tenure).collect()),
        };
        (parts, self.note)
    }
}
