//! What an alumnus does with an opportunity, and a recruiter's approach to one person.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::coded_enum;
use super::id::{AlumnusId, InteractionId, InvitationId, OpportunityId};

coded_enum! {
    /// Why an alumnus declines.
    DeclineReason {
        /// The work itself.
        NotMyField = "NOT_MY_FIELD",
        /// Pay, hours or other terms.
        Terms = "TERMS",
        /// Place or remote style.
        Place = "PLACE",
        /// Not the time for it.
        Timing = "TIMING",
        /// Something else, or not said.
        Other = "OTHER",
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InteractionKind {
    /// The person is interested.
    Interested,
    /// The person declines.
    Declined {
        /// Why.
        reason: DeclineReason,
    },
    /// "Not now until".
    Snoozed {
        /// The day it may be shown again, in Japan time.
        until: NaiveDate,
    },
    /// Kept for later.
    Saved,
}

/// One thing an alumnus did with an opportunity. A later one replaces an earlier one for what the feed shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interaction {
    /// The identifier.
    pub id: InteractionId,
    /// Who.
    pub alumnus_id: AlumnusId,
    /// With which.
    pub opportunity_id: OpportunityId,
    /// What.
    pub kind: InteractionKind,
    /// When.
    pub at: DateTime<Utc>,
}

/// How far an invitation has come; read from the candidacy that it is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitationState {
    /// Waiting for the person.
    Sent,
    /// The person said yes.
    Accepted {
        /// When.
        at: DateTime<Utc>,
    },
    /// The person said no.
    Declined {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: DeclineReason,
    },
    /// The person said not now.
    Snoozed {
        /// When.
        at: DateTime<Utc>,
        /// The day from which the company may ask again, in Japan time.
        until: NaiveDate,
    },
    /// It no longer stands, without an answer.
    Withdrawn {
        /// Since when.
        at: DateTime<Utc>,
    },
}

/// A recruiter's approach to one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The identifier, which it shares with its candidacy.
    pub id: InvitationId,
    /// To whom.
    pub alumnus_id: AlumnusId,
    /// For which.
    pub opportunity_id: OpportunityId,
    /// A personal line.
    pub message: Option<String>,
    /// Which member of staff: the token's subject.
    pub invited_by: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// How far it has come.
    pub state: InvitationState,
}
