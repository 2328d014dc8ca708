//! A recruiter's approach to one candidate.

use async_graphql::{Context, Error, ID, Object};
use okaeri_engine::domain::{self, InvitationState};

use super::alumnus::Alumnus;
use super::candidacy::Candidacy;
use super::opportunity::Opportunity;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{DeclineReason, InvitationStatus};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::{Date, DateTime};

/// A recruiter's approach to one candidate. The invited person, recruiters and administrators may read it.
#[derive(Clone, Debug)]
pub struct Invitation(pub domain::Invitation);

/// A recruiter's approach to one candidate. The invited person, recruiters and administrators may read it.
#[Object]
impl Invitation {
    /// Globally unique and opaque.
    pub async fn id(&self) -> ID {
        GlobalId::Invitation(self.0.id).encode()
    }

    /// The opportunity. Null when the viewer may no longer see it.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<Opportunity, Error>> {
        nullable(async {
            Ok(ctx
                .loaders()
                .opportunity(self.0.opportunity_id)
                .await?
                .map(Opportunity::from))
        })
        .await
    }

    /// The invited person. Null when the viewer may no longer see them.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async { Ok(ctx.loaders().alumnus(self.0.alumnus_id).await?.map(Alumnus::from)) }).await
    }

    /// A personal line from the recruiter. Null when there is none.
    async fn message(&self) -> Option<String> {
        self.0.message.clone()
    }

    /// How far it has come.
    async fn status(&self) -> InvitationStatus {
        match self.0.state {
            InvitationState::Sent => InvitationStatus::Sent,
            InvitationState::Accepted { .. } => InvitationStatus::Accepted,
            InvitationState::Declined { .. } => InvitationStatus::Declined,
            InvitationState::Snoozed { .. } => InvitationStatus::Snoozed,
            InvitationState::Withdrawn { .. } => InvitationStatus::Withdrawn,
        }
    }

    /// When it was sent.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.sent_at)
    }

    /// When it was answered. Null while it waits, and when it no longer stands.
    async fn answered_at(&self) -> Option<DateTime> {
        match self.0.state {
            InvitationState::Sent | InvitationState::Withdrawn { .. } => None,
            InvitationState::Accepted { at }
            | InvitationState::Declined { at, .. }
            | InvitationState::Snoozed { at, .. } => Some(DateTime(at)),
        }
    }

    /// The day from which the company may ask again, in Japan time. Null unless the person said not now.
    async fn snoozed_until(&self) -> Option<Date> {
        match self.0.state {
            InvitationState::Snoozed { until, .. } => Some(Date(until)),
            InvitationState::Sent
            | InvitationState::Accepted { .. }
            | InvitationState::Declined { .. }
            | InvitationState::Withdrawn { .. } => None,
        }
    }

    /// The candidacy that it is a part of. Null when the viewer may not see it.
    async fn candidacy(&self, ctx: &Context<'_>) -> Option<Result<Candidacy, Error>> {
        nullable(async {
            let id = domain::CandidacyId(self.0.id.0);
            Ok(ctx.loaders().candidacy(id).await?.map(Candidacy))
        })
        .await
    }

    /// Why it was declined. Null unless it was.
    async fn decline_reason(&self) -> Option<DeclineReason> {
        match self.0.state {
            InvitationState::Declined { reason, .. } => Some(reason.into()),
            InvitationState::Sent
            | InvitationState::Accepted { .. }
            | InvitationState::Snoozed { .. }
            | InvitationState::Withdrawn { .. } => None,
        }
    }
}
