//! One alumnus and one opportunity, from first sight to outcome.
//!
//! - A state carries its data, and each step consumes the state before: whoever holds a [`Step`] holds the new state
//!   together with the record of how it came about, and neither is stored without the other.
//! - Either side may begin: the company shortlists or invites, the person comes forward.
//! - Nobody is rejected but by a person, for a reason; no step reads a score.
//! - To ask first (相談) is no step here: a consultation is a thing of its own ([`super::conversation::Consultation`]),
//!   so that nothing of a candidacy can betray it to whoever hires.

mod steps;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use super::coded_enum;
use super::id::{AlumnusId, CandidacyId, InvitationId, OpportunityId};
use super::interaction::{DeclineReason, Invitation, InvitationState};
use super::opportunity::OpportunityKind;
use super::visibility::{Role, Viewer};

pub use steps::{Act, Before, Refusal};

coded_enum! {
    /// The name of a candidacy's state.
    CandidacyStatus {
        /// Noted by staff; the person knows nothing of it.
        Shortlisted = "SHORTLISTED",
        /// Taken off the shortlist again.
        Unlisted = "UNLISTED",
        /// The person came forward.
        Interested = "INTERESTED",
        /// Invited, and waiting for the person.
        Invited = "INVITED",
        /// The person said yes.
        Accepted = "ACCEPTED",
        /// The person said no.
        Declined = "DECLINED",
        /// The person said not now.
        Snoozed = "SNOOZED",
        /// The company took the invitation back.
        InvitationWithdrawn = "INVITATION_WITHDRAWN",
        /// Both sides write to each other.
        InConversation = "IN_CONVERSATION",
        /// Agreed: a seat is taken.
        Agreed = "AGREED",
        /// Over, with an outcome.
        Concluded = "CONCLUDED",
        /// The person stepped back.
        InterestWithdrawn = "INTEREST_WITHDRAWN",
        /// A member of staff decided against it, for a reason.
        Rejected = "REJECTED",
    }
}

coded_enum! {
    /// What came of a candidacy.
    OutcomeKind {
        /// Back as an employee.
        Rehired = "REHIRED",
        /// The contract work was commissioned.
        Contracted = "CONTRACTED",
        /// Spoke at the seminar.
        Spoken = "SPOKEN",
        /// It did not come about.
        NotRealized = "NOT_REALIZED",
    }
}

impl OutcomeKind {
    /// What success is for this kind of opportunity.
    #[must_use]
    pub const fn success(kind: OpportunityKind) -> Self {
        match kind {
            OpportunityKind::Role => Self::Rehired,
            OpportunityKind::ContractWork => Self::Contracted,
            OpportunityKind::SpeakerSlot => Self::Spoken,
        }
    }

    /// Whether the seat stays taken.
    #[must_use]
    pub const fn holds_seat(self) -> bool {
        match self {
            Self::Rehired | Self::Contracted | Self::Spoken => true,
            Self::NotRealized => false,
        }
    }
}

impl CandidacyStatus {
    /// Whether the person never learns of this state.
    #[must_use]
    pub const fn is_staffs_own(self) -> bool {
        match self {
            Self::Shortlisted | Self::Unlisted => true,
            Self::Interested
            | Self::Invited
            | Self::Accepted
            | Self::Declined
            | Self::Snoozed
            | Self::InvitationWithdrawn
            | Self::InConversation
            | Self::Agreed
            | Self::Concluded
            | Self::InterestWithdrawn
            | Self::Rejected => false,
        }
    }
}

/// Where a candidacy stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CandidacyState {
    /// Noted by staff; the person knows nothing of it.
    Shortlisted,
    /// Taken off the shortlist again.
    Unlisted,
    /// The person came forward.
    Interested,
    /// Invited, and waiting for the person.
    Invited,
    /// The person said yes.
    Accepted,
    /// The person said no.
    Declined {
        /// Why.
        reason: DeclineReason,
    },
    /// The person said not now.
    Snoozed {
        /// The day from which the company may ask again, in Japan time.
        until: NaiveDate,
    },
    /// The company took the invitation back.
    InvitationWithdrawn,
    /// Both sides write to each other.
    InConversation,
    /// Agreed: a seat is taken.
    Agreed,
    /// Over.
    Concluded {
        /// What came of it.
        outcome: OutcomeKind,
        /// Why, where it did not come about.
        reason: Option<String>,
    },
    /// The person stepped back.
    InterestWithdrawn,
    /// A member of staff decided against it.
    Rejected {
        /// Which: the token's subject.
        by: String,
        /// Why, in a line.
        reason: String,
    },
}

impl CandidacyState {
    /// The state's name.
    #[must_use]
    pub const fn status(&self) -> CandidacyStatus {
        match self {
            Self::Shortlisted => CandidacyStatus::Shortlisted,
            Self::Unlisted => CandidacyStatus::Unlisted,
            Self::Interested => CandidacyStatus::Interested,
            Self::Invited => CandidacyStatus::Invited,
            Self::Accepted => CandidacyStatus::Accepted,
            Self::Declined { .. } => CandidacyStatus::Declined,
            Self::Snoozed { .. } => CandidacyStatus::Snoozed,
            Self::InvitationWithdrawn => CandidacyStatus::InvitationWithdrawn,
            Self::InConversation => CandidacyStatus::InConversation,
            Self::Agreed => CandidacyStatus::Agreed,
            Self::Concluded { .. } => CandidacyStatus::Concluded,
            Self::InterestWithdrawn => CandidacyStatus::InterestWithdrawn,
            Self::Rejected { .. } => CandidacyStatus::Rejected,
        }
    }

    /// Whether a seat of the opportunity is taken.
    #[must_use]
    pub const fn holds_seat(&self) -> bool {
        match self {
            Self::Agreed => true,
            Self::Concluded { outcome, .. } => outcome.holds_seat(),
            Self::Shortlisted
            | Self::Unlisted
            | Self::Interested
            | Self::Invited
            | Self::Accepted
            | Self::Declined { .. }
            | Self::Snoozed { .. }
            | Self::InvitationWithdrawn
            | Self::InConversation
            | Self::InterestWithdrawn
            | Self::Rejected { .. } => false,
        }
    }

    /// Whether both sides may write to each other.
    #[must_use]
    pub const fn may_converse(&self) -> bool {
        match self {
            Self::Interested | Self::Accepted | Self::InConversation | Self::Agreed => true,
            Self::Shortlisted
            | Self::Unlisted
            | Self::Invited
            | Self::Declined { .. }
            | Self::Snoozed { .. }
            | Self::InvitationWithdrawn
            | Self::Concluded { .. }
            | Self::InterestWithdrawn
            | Self::Rejected { .. } => false,
        }
    }
}

/// What the company wrote to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// A personal line.
    pub message: Option<String>,
    /// Which member of staff: the token's subject.
    pub invited_by: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// When the person answered, in whatever way.
    pub answered_at: Option<DateTime<Utc>>,
}

/// One alumnus and one opportunity, and how far they have come together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidacy {
    /// The identifier.
    pub id: CandidacyId,
    /// Who.
    pub alumnus_id: AlumnusId,
    /// For which.
    pub opportunity_id: OpportunityId,
    /// Where it stands.
    pub state: CandidacyState,
    /// When the person came forward, if they did.
    pub interested_at: Option<DateTime<Utc>>,
    /// The latest invitation, if there was one.
    pub letter: Option<Letter>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it came to this state.
    pub changed_at: DateTime<Utc>,
    /// How many steps it has taken, from 1.
    pub version: u32,
}

impl Candidacy {
    /// Whether the person knows of it: what staff only noted, or decided about somebody whom they never approached and
    /// who never came forward, is not theirs to see.
    #[must_use]
    pub const fn is_known_to_alumnus(&self) -> bool {
        let status = self.state.status();
        let is_known_decision = self.interested_at.is_some() || self.letter.is_some();
        match status {
            CandidacyStatus::Rejected => is_known_decision,
            CandidacyStatus::Shortlisted
            | CandidacyStatus::Unlisted
            | CandidacyStatus::Interested
            | CandidacyStatus::Invited
            | CandidacyStatus::Accepted
            | CandidacyStatus::Declined
            | CandidacyStatus::Snoozed
            | CandidacyStatus::InvitationWithdrawn
            | CandidacyStatus::InConversation
            | CandidacyStatus::Agreed
            | CandidacyStatus::Concluded
            | CandidacyStatus::InterestWithdrawn => !status.is_staffs_own(),
        }
    }

    /// The invitation as a part of the candidacy: it shares its key, and its state is read from the candidacy's.
    #[must_use]
    pub fn invitation(&self) -> Option<Invitation> {
        let letter = self.letter.as_ref()?;
        let at = letter.answered_at.unwrap_or(self.changed_at);
        let state = match &self.state {
            CandidacyState::Invited => InvitationState::Sent,
            CandidacyState::Declined { reason } => InvitationState::Declined { at, reason: *reason },
            CandidacyState::Snoozed { until } => InvitationState::Snoozed { at, until: *until },
            CandidacyState::InvitationWithdrawn => InvitationState::Withdrawn { at: self.changed_at },
            CandidacyState::Shortlisted
            | CandidacyState::Unlisted
            | CandidacyState::Interested
            | CandidacyState::Accepted
            | CandidacyState::InConversation
            | CandidacyState::Agreed
            | CandidacyState::Concluded { .. }
            | CandidacyState::InterestWithdrawn
            | CandidacyState::Rejected { .. } => match letter.answered_at {
                Some(at) => InvitationState::Accepted { at },
                // Never answered, and overtaken by what came since.
                None => InvitationState::Withdrawn { at: self.changed_at },
            },
        };
        Some(Invitation {
            id: InvitationId(self.id.0),
            alumnus_id: self.alumnus_id,
            opportunity_id: self.opportunity_id,
            message: letter.message.clone(),
            invited_by: letter.invited_by.clone(),
            sent_at: letter.sent_at,
            state,
        })
    }
}

/// Who takes a step, or writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// As what.
    pub role: Role,
    /// The token's subject.
    pub subject: String,
}

impl Actor {
    /// The viewer.
    #[must_use]
    pub fn of(viewer: &Viewer) -> Self {
        Self {
            role: viewer.role,
            subject: viewer.subject.clone(),
        }
    }
}

/// The record of one step. Records are added and never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Of which candidacy.
    pub candidacy_id: CandidacyId,
    /// Which step, from 1.
    pub version: u32,
    /// The state before; `None` for the first step.
    pub from: Option<CandidacyStatus>,
    /// The state after.
    pub to: CandidacyStatus,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in words or as a code; `None` where no reason is asked for.
    pub reason: Option<String>,
}

/// A candidacy after a step, with the step's record.
#[must_use = "a step that is not stored did not happen"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// As it is from now on.
    pub candidacy: Candidacy,
    /// How it came about.
    pub transition: Transition,
}
