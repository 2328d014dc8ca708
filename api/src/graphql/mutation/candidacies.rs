//! Steps of a candidacy: the shortlist, rejecting, agreeing, the outcome, and stepping back.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use okaeri_engine::domain::{CandidacyId, CandidacyView, OpportunityId};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::OutcomeKind;
use crate::graphql::id::GlobalId;
use crate::graphql::types::candidacy::Candidacy;
use crate::graphql::types::opportunity::Opportunity;
use crate::usecase::{Failure, Rejection, candidacies};

/// Takes candidacies from step to step.
#[derive(Default)]
pub struct CandidacyMutation;

/// Whom to note, and for what.
#[derive(Clone, Debug, InputObject)]
pub struct ShortlistCandidateInput {
    /// The opportunity's identifier.
    pub opportunity_id: ID,
    /// The person's identifier.
    pub alumnus_id: ID,
}

/// The answer to noting a candidate.
#[derive(SimpleObject)]
pub struct ShortlistCandidatePayload {
    /// The candidacy as it is now. Null when nothing was done.
    pub candidacy: Option<Candidacy>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which candidacy to take off the shortlist.
#[derive(Clone, Debug, InputObject)]
pub struct UnlistCandidateInput {
    /// The candidacy's identifier.
    pub id: ID,
}

/// The answer to taking a candidate off the shortlist.
#[derive(SimpleObject)]
pub struct UnlistCandidatePayload {
    /// The candidacy as it is now. Null when nothing was done.
    pub candidacy: Option<Candidacy>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Whom to reject, for what, and why.
#[derive(Clone, Debug, InputObject)]
pub struct RejectCandidateInput {
    /// The opportunity's identifier.
    pub opportunity_id: ID,
    /// The person's identifier.
    pub alumnus_id: ID,
    /// Why, in a line of at most 200 characters: nobody is rejected by a score.
    pub reason: String,
}

/// The answer to rejecting.
#[derive(SimpleObject)]
pub struct RejectCandidatePayload {
    /// The opportunity, whose candidates no longer include the person. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// What was agreed.
#[derive(Clone, Debug, InputObject)]
pub struct RecordAgreementInput {
    /// The candidacy's identifier.
    pub id: ID,
    /// The version that the caller read: nothing is done once it has another. Absent: whatever it is.
    pub expected_version: Option<i32>,
}

/// The answer to an agreement.
#[derive(SimpleObject)]
pub struct RecordAgreementPayload {
    /// The candidacy as it is now. Null when nothing was done.
    pub candidacy: Option<Candidacy>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// What came of a candidacy.
#[derive(Clone, Debug, InputObject)]
pub struct RecordOutcomeInput {
    /// The candidacy's identifier.
    pub id: ID,
    /// What.
    pub outcome: OutcomeKind,
    /// Why, in a line of at most 200 characters. Needed for NOT_REALIZED.
    pub reason: Option<String>,
    /// The version that the caller read: nothing is done once it has another. Absent: whatever it is.
    pub expected_version: Option<i32>,
}

/// The answer to an outcome.
#[derive(SimpleObject)]
pub struct RecordOutcomePayload {
    /// The candidacy as it is now. Null when nothing was done.
    pub candidacy: Option<Candidacy>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// From which candidacy to step back.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawMyInterestInput {
    /// The candidacy's identifier.
    pub id: ID,
}

/// The answer to stepping back.
#[derive(SimpleObject)]
pub struct WithdrawMyInterestPayload {
    /// The candidacy as it is now. Null when nothing was done.
    pub candidacy: Option<Candidacy>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Takes candidacies from step to step.
#[Object]
impl CandidacyMutation {
    /// Notes a candidate for an opportunity; the person does not learn of it. Noting somebody again changes nothing.
    /// Recruiters and administrators.
    async fn shortlist_candidate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and for what.")] input: ShortlistCandidateInput,
    ) -> Result<ShortlistCandidatePayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match pair(&input.opportunity_id, &input.alumnus_id) {
            Ok((opportunity_id, alumnus_id)) => {
                candidacies::shortlist(ctx.app(), viewer, opportunity_id, alumnus_id).await
            }
            Err(failure) => Err(failure),
        };
        let (candidacy, user_errors) = payload(ctx, result)?;
        Ok(ShortlistCandidatePayload {
            candidacy,
            user_errors,
        })
    }

    /// Takes a candidate off the shortlist. Recruiters and administrators.
    async fn unlist_candidate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: UnlistCandidateInput,
    ) -> Result<UnlistCandidatePayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match candidacy_id(&input.id) {
            Ok(id) => candidacies::unlist(ctx.app(), viewer, id).await,
            Err(failure) => Err(failure),
        };
        let (candidacy, user_errors) = payload(ctx, result)?;
        Ok(UnlistCandidatePayload {
            candidacy,
            user_errors,
        })
    }

    /// Takes a person out of an opportunity's candidates, for a reason that is recorded; the first reason stands.
    /// Nobody can be rejected once something was agreed. Recruiters and administrators.
    async fn reject_candidate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, for what, and why.")] input: RejectCandidateInput,
    ) -> Result<RejectCandidatePayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match pair(&input.opportunity_id, &input.alumnus_id) {
            Ok((opportunity_id, alumnus_id)) => {
                candidacies::reject(ctx.app(), viewer, opportunity_id, alumnus_id, input.reason).await
            }
            Err(failure) => Err(failure),
        };
        let (opportunity, user_errors) = outcome(result, ctx.language())?;
        let opportunity = opportunity.map(|opportunity| Opportunity::from(Arc::new(opportunity)));
        Ok(RejectCandidatePayload {
            opportunity,
            user_errors,
        })
    }

    /// Records that both sides agree, which takes a seat; the last seat makes the opportunity FILLED, and no further
    /// agreement is recorded. Recruiters and administrators.
    async fn record_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which candidacy.")] input: RecordAgreementInput,
    ) -> Result<RecordAgreementPayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match candidacy_id(&input.id) {
            Ok(id) => {
                let version = version(input.expected_version);
                candidacies::record_agreement(ctx.app(), viewer, id, version).await
            }
            Err(failure) => Err(failure),
        };
        let (candidacy, user_errors) = payload(ctx, result)?;
        Ok(RecordAgreementPayload {
            candidacy,
            user_errors,
        })
    }

    /// Records what came of it. What does not come about frees its seat, and an opportunity that was FILLED by its
    /// seats is OPEN again. Recruiters and administrators.
    async fn record_outcome(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which candidacy, and what.")] input: RecordOutcomeInput,
    ) -> Result<RecordOutcomePayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match candidacy_id(&input.id) {
            Ok(id) => {
                let (outcome, version) = (input.outcome.into(), version(input.expected_version));
                candidacies::record_outcome(ctx.app(), viewer, id, outcome, input.reason, version).await
            }
            Err(failure) => Err(failure),
        };
        let (candidacy, user_errors) = payload(ctx, result)?;
        Ok(RecordOutcomePayload {
            candidacy,
            user_errors,
        })
    }

    /// Steps back from a candidacy, after an agreement too, which frees the seat. The alumnus.
    async fn withdraw_my_interest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From which.")] input: WithdrawMyInterestInput,
    ) -> Result<WithdrawMyInterestPayload, Error> {
        let (viewer, _) = ctx.alumnus_viewer()?;
        let result = match candidacy_id(&input.id) {
            Ok(id) => candidacies::withdraw_interest(ctx.app(), viewer, id).await,
            Err(failure) => Err(failure),
        };
        let (candidacy, user_errors) = payload(ctx, result)?;
        Ok(WithdrawMyInterestPayload {
            candidacy,
            user_errors,
        })
    }
}

/// The opportunity and the person that a step is about.
pub(super) fn pair(
    opportunity_id: &ID,
    alumnus_id: &ID,
) -> Result<(OpportunityId, okaeri_engine::domain::AlumnusId), Failure> {
    let (_, opportunity_id) = GlobalId::opportunity(opportunity_id)
        .ok_or_else(|| Rejection::not_found("opportunityId", "opportunity", "募集"))?;
    let alumnus_id = GlobalId::alumnus(alumnus_id)
        .ok_or_else(|| Rejection::not_found("alumnusId", "alumnus", "アルムナイ"))?;
    Ok((opportunity_id, alumnus_id))
}

/// A version that no candidacy can have conflicts with every one.
pub(super) fn version(expected: Option<i32>) -> Option<u32> {
    expected.map(|expected| u32::try_from(expected).unwrap_or_default())
}

fn candidacy_id(id: &ID) -> Result<CandidacyId, Failure> {
    let found = GlobalId::candidacy(id);
    Ok(found.ok_or_else(|| Rejection::not_found("id", "candidacy", "選考"))?)
}

fn payload(
    ctx: &Context<'_>,
    result: Result<CandidacyView, Failure>,
) -> Result<(Option<Candidacy>, Vec<UserError>), Error> {
    let (view, user_errors) = outcome(result, ctx.language())?;
    Ok((view.map(Candidacy), user_errors))
}
