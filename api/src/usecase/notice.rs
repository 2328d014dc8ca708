//! What to tell people by mail, as jobs that a worker runs.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, InvitationId, OpportunityId, WishId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::jobs::NewJob;

/// The job kind of all notices.
const KIND: &str = "notice";

/// What to tell whom. Holds identifiers only: no address, no text, no secret lies in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// A one-time link to sign in with.
    SignInLink {
        /// At which company.
        company_id: CompanyId,
        /// To whom.
        alumnus_id: AlumnusId,
    },
    /// Nothing: asked for by an unknown address, so that known and unknown ones cost the same.
    Nothing,
    /// An opportunity that a standing wish found.
    WishFound {
        /// At which company.
        company_id: CompanyId,
        /// Whose, and which.
        wish_id: WishId,
        /// The opportunity.
        opportunity_id: OpportunityId,
    },
    /// A recruiter's invitation.
    Invitation {
        /// At which company.
        company_id: CompanyId,
        /// Which.
        invitation_id: InvitationId,
    },
}

impl Notice {
    /// The job that sends it, to be run at once.
    #[must_use]
    pub fn into_job(self, id: Uuid, now: DateTime<Utc>) -> NewJob {
        let payload = serde_json::to_value(self).unwrap_or_default();
        NewJob {
            id,
            kind: KIND.to_owned(),
            payload,
            run_at: now,
        }
    }
}
