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

/// How far an invitation has come; each step consumes the one before.
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
}

/// A recruiter's approach to one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The identifier.
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

/// The invitation was answered before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the invitation was answered at {at}")]
pub struct AlreadyAnswered {
    /// When.
    pub at: DateTime<Utc>,
}

impl Invitation {
    /// Records the person's yes.
    ///
    /// # Errors
    ///
    /// [`AlreadyAnswered`]: an answer is given once.
    pub fn accept(self, at: DateTime<Utc>) -> Result<Self, AlreadyAnswered> {
        self.ensure_unanswered()?;
        Ok(Self {
            state: InvitationState::Accepted { at },
            ..self
        })
    }

    /// Records the person's no.
    ///
    /// # Errors
    ///
    /// [`AlreadyAnswered`]: an answer is given once.
    pub fn decline(self, at: DateTime<Utc>, reason: DeclineReason) -> Result<Self, AlreadyAnswered> {
        self.ensure_unanswered()?;
        Ok(Self {
            state: InvitationState::Declined { at, reason },
            ..self
        })
    }

    fn ensure_unanswered(&self) -> Result<(), AlreadyAnswered> {
        match self.state {
            InvitationState::Sent => Ok(()),
            InvitationState::Accepted { at } | InvitationState::Declined { at, .. } => {
                Err(AlreadyAnswered { at })
            }
        }
    }
}
