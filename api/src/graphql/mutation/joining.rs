//! Joining: asking for a link, following it, and what an administrator decides; and a member's other address.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use okaeri_engine::domain::{self, ClaimId};

use super::errors::{UserError, outcome};
use super::sign_in::ended;
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::{ClaimStatus, ConsentPurpose};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::claim::Claim;
use crate::graphql::types::consent::ConsentText;
use crate::usecase::claims::{self, ClaimRequest, Outcome, decide};
use crate::usecase::{Failure, Rejection, email_change};

/// Lets people join.
#[derive(Default)]
pub struct JoiningMutation;

/// Who wants to join, where, and what they know that the company knows too: an employee number, both months, or a
/// department.
#[derive(Clone, Debug, InputObject)]
pub struct RequestClaimInput {
    /// The company's short name.
    pub company: String,
    /// A personal address, which the link is sent to.
    pub email: String,
    /// The name as written, or as read.
    pub name: String,
    /// The name as read. Absent or null: not said.
    pub name_kana: Option<String>,
    /// The number as an employee; width and leading zeros do not matter. Absent or null: not said.
    pub employee_number: Option<String>,
    /// First month at the company, such as 2011-04, 2011年4月 or 平成23年4月. Absent or null: not said.
    pub tenure_from: Option<String>,
    /// Last month at the company, alike. Absent or null: not said.
    pub tenure_to: Option<String>,
    /// A unit at the company. It helps an administrator, and proves nothing by itself. Absent or null: not said.
    pub department: Option<String>,
    /// The same key with the same input sends one mail, for seven days. Absent or null: every call sends one.
    pub idempotency_key: Option<String>,
}

/// The answer to asking for a link.
#[derive(SimpleObject)]
pub struct RequestClaimPayload {
    /// What was wrong with the input. Empty says nothing about whether there is such a person.
    pub user_errors: Vec<UserError>,
}

/// The token of a claim's link.
#[derive(Clone, InputObject)]
pub struct OpenClaimInput {
    /// What follows `token=` in the link.
    pub token: String,
}

/// What the screen behind a claim's link shows.
#[derive(SimpleObject)]
pub struct OpenClaimPayload {
    /// The texts that the person may agree to, one for each purpose, in the order of the purposes. Empty when the link is
    /// not good.
    pub consent_texts: Vec<ConsentText>,
    /// What was wrong; empty when the link is good.
    pub user_errors: Vec<UserError>,
}

/// A purpose that the person consents to, and the text that they have read.
#[derive(Clone, Debug, InputObject)]
pub struct ClaimConsentInput {
    /// The purpose.
    pub purpose: ConsentPurpose,
    /// The version of the text, from `openClaim`; must be the current one.
    pub text_version: String,
}

/// The token of a claim's link, and what the person consents to.
#[derive(Clone, InputObject)]
pub struct ClaimRecordInput {
    /// What follows `token=` in the link.
    pub token: String,
    /// In force from the activation on, with the time of this call. Empty: none.
    #[graphql(default)]
    pub consents: Vec<ClaimConsentInput>,
}

/// The answer to following the link.
#[derive(SimpleObject)]
pub struct ClaimRecordPayload {
    /// ACTIVE: a member, and signed in. PENDING_APPROVAL: an administrator has to look; a mail will tell. Null when the
    /// link is not good.
    pub status: Option<ClaimStatus>,
    /// The bearer token of the session. Null unless ACTIVE.
    pub token: Option<String>,
    /// When the session ends. Null unless ACTIVE.
    pub expires_at: Option<DateTime>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Whose record it is that was claimed.
#[derive(Clone, Debug, InputObject)]
pub struct ApproveClaimInput {
    /// The claim.
    pub id: ID,
    /// The record of the person who claims. Absent or null: there is none, and a new one is made of what was claimed.
    pub alumnus_id: Option<ID>,
}

/// The answer to approving a claim.
#[derive(SimpleObject)]
pub struct ApproveClaimPayload {
    /// The claim as it is now. Null when nothing was done.
    pub claim: Option<Claim>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which claim to refuse, and why.
#[derive(Clone, Debug, InputObject)]
pub struct RefuseClaimInput {
    /// The claim.
    pub id: ID,
    /// Why, up to 200 characters; for the administrators, never told to the person.
    pub reason: String,
}

/// The answer to refusing a claim.
#[derive(SimpleObject)]
pub struct RefuseClaimPayload {
    /// The claim as it is now. Null when nothing was done.
    pub claim: Option<Claim>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The viewer's new address.
#[derive(Clone, Debug, InputObject)]
pub struct ChangeMyEmailInput {
    /// The new address.
    pub email: String,
}

/// The answer to asking for another address.
#[derive(SimpleObject)]
pub struct ChangeMyEmailPayload {
    /// What was wrong; empty when the link was sent. It says nothing about whether anybody else has the address.
    pub user_errors: Vec<UserError>,
}

/// The token of a link that confirms an address.
#[derive(Clone, InputObject)]
pub struct ConfirmMyEmailInput {
    /// What follows `token=` in the link.
    pub token: String,
}

/// The answer to confirming an address.
#[derive(SimpleObject)]
pub struct ConfirmMyEmailPayload {
    /// What was wrong; empty when the address is in force.
    pub user_errors: Vec<UserError>,
}

/// Lets people join.
#[Object]
impl JoiningMutation {
    /// Sends a one-time link to whoever says that they are a former employee. The answer is the same whoever the company
    /// knows. Anybody.
    async fn request_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, where, and what they know.")] input: RequestClaimInput,
    ) -> Result<RequestClaimPayload, Error> {
        let request = ClaimRequest {
            company: input.company,
            email: input.email,
            name: input.name,
            name_kana: input.name_kana,
            employee_number: input.employee_number,
            tenure_from: input.tenure_from,
            tenure_to: input.tenure_to,
            department: input.department,
            idempotency_key: input.idempotency_key,
        };
        let asked = claims::request(ctx.app(), request, ctx.request().peer).await;
        let (_, user_errors) = ended(ctx, asked)?;
        Ok(RequestClaimPayload { user_errors })
    }

    /// What the screen behind a claim's link has to show before the person goes on. The link goes on to work. Anybody
    /// with a link.
    async fn open_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: OpenClaimInput,
    ) -> Result<OpenClaimPayload, Error> {
        let opened = claims::open(ctx.app(), &input.token, ctx.request().peer).await;
        let (texts, user_errors) = ended(ctx, opened)?;
        let language = ctx.language();
        Ok(OpenClaimPayload {
            consent_texts: texts
                .unwrap_or_default()
                .into_iter()
                .map(|text| ConsentText::new(text, language))
                .collect(),
            user_errors,
        })
    }

    /// Follows a claim's link, which works once and proves the address: a member where what was said matches one record,
    /// as the programme's policy asks for, otherwise to be approved. Which of the reasons it is, is not told. Anybody with
    /// a link.
    async fn claim_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token, and consents.")] input: ClaimRecordInput,
    ) -> Result<ClaimRecordPayload, Error> {
        let consents = input.consents.into_iter().map(|consent| domain::ClaimedConsent {
            purpose: consent.purpose.into(),
            text_version: consent.text_version,
        });
        let claimed = claims::claim(ctx.app(), &input.token, consents.collect(), ctx.request().peer).await;
        let (outcome, user_errors) = ended(ctx, claimed)?;
        let (status, session) = match outcome {
            Some(Outcome::Active(session)) => (Some(ClaimStatus::Active), Some(session)),
            Some(Outcome::Pending) => (Some(ClaimStatus::PendingApproval), None),
            None => (None, None),
        };
        let (token, expires_at) = session
            .map(|session| (session.token, DateTime(session.expires_at)))
            .unzip();
        Ok(ClaimRecordPayload {
            status,
            token,
            expires_at,
            user_errors,
        })
    }

    /// Makes the person of a waiting claim a member: of an existing record, which takes over the proven address and tells
    /// the old one, or of a new record. INVALID_STATE when it does not wait, TAKEN when another record carries the
    /// address. Administrators.
    async fn approve_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The claim, and the record.")] input: ApproveClaimInput,
    ) -> Result<ApproveClaimPayload, Error> {
        let viewer = ctx.administrator()?;
        let result = async {
            let claim_id = find_claim(&input.id)?;
            let alumnus_id = match &input.alumnus_id {
                None => None,
                Some(id) => Some(
                    GlobalId::alumnus(id)
                        .ok_or_else(|| Rejection::not_found("alumnusId", "alumnus", "アルムナイ"))?,
                ),
            };
            decide::approve(ctx.app(), viewer, claim_id, alumnus_id).await
        };
        let (claim, user_errors) = outcome(result.await, ctx.language())?;
        Ok(ApproveClaimPayload {
            claim: claim.map(Claim),
            user_errors,
        })
    }

    /// Refuses a waiting claim. The person is told so, without the reason. Administrators.
    async fn refuse_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The claim, and why.")] input: RefuseClaimInput,
    ) -> Result<RefuseClaimPayload, Error> {
        let viewer = ctx.administrator()?;
        let result = async { decide::refuse(ctx.app(), viewer, find_claim(&input.id)?, input.reason).await };
        let (claim, user_errors) = outcome(result.await, ctx.language())?;
        Ok(RefuseClaimPayload {
            claim: claim.map(Claim),
            user_errors,
        })
    }

    /// Sends a one-time link to the viewer's new address, and word of it to the old one. Alumni.
    async fn change_my_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new address.")] input: ChangeMyEmailInput,
    ) -> Result<ChangeMyEmailPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let asked = email_change::request(ctx.app(), viewer, alumnus_id, &input.email).await;
        let (_, user_errors) = ended(ctx, asked)?;
        Ok(ChangeMyEmailPayload { user_errors })
    }

    /// Puts a new address in force by its link, which works once and needs no session: it may be followed on another
    /// device. Anybody with a link.
    async fn confirm_my_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: ConfirmMyEmailInput,
    ) -> Result<ConfirmMyEmailPayload, Error> {
        let confirmed = email_change::confirm(ctx.app(), &input.token, ctx.request().peer).await;
        let (_, user_errors) = ended(ctx, confirmed)?;
        Ok(ConfirmMyEmailPayload { user_errors })
    }
}

fn find_claim(id: &ID) -> Result<ClaimId, Failure> {
    Ok(GlobalId::claim(id).ok_or_else(|| Rejection::not_found("id", "claim", "申請"))?)
}
