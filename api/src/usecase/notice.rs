//! What to tell people by mail, as jobs that a worker runs.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    AlumnusId, CandidacyId, ClaimId, CompanyId, EmailChangeId, InvitationId, OpportunityId, WishId,
};
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
    /// The profile was not confirmed for long.
    ConfirmProfile {
        /// At which company.
        company_id: CompanyId,
        /// Whose.
        alumnus_id: AlumnusId,
    },
    /// A one-time link to go on with a claim.
    ClaimLink {
        /// At which company.
        company_id: CompanyId,
        /// Which.
        claim_id: ClaimId,
    },
    /// How an administrator decided about a claim.
    ClaimDecided {
        /// At which company.
        company_id: CompanyId,
        /// Which.
        claim_id: ClaimId,
    },
    /// A one-time link to confirm a new address, to that address.
    EmailChangeLink {
        /// At which company.
        company_id: CompanyId,
        /// Which.
        change_id: EmailChangeId,
    },
    /// That another address was asked for, to the old one.
    EmailChangeAsked {
        /// At which company.
        company_id: CompanyId,
        /// Which.
        change_id: EmailChangeId,
    },
    /// That the address is another one now, to the old one.
    EmailChanged {
        /// At which company.
        company_id: CompanyId,
        /// Which.
        change_id: EmailChangeId,
    },
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
    /// Contract work for one named person was published.
    AddressedOffer {
        /// At which company.
        company_id: CompanyId,
        /// Which.
        opportunity_id: OpportunityId,
        /// To whom.
        alumnus_id: AlumnusId,
    },
    /// The company wrote to the person; what, and about what, is for the network alone.
    Message {
        /// At which company.
        company_id: CompanyId,
        /// To whom.
        alumnus_id: AlumnusId,
    },
    /// The person answered or wrote; to whoever invited them, if that is an address.
    Answer {
        /// At which company.
        company_id: CompanyId,
        /// Which candidacy.
        candidacy_id: CandidacyId,
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
