//! Permission for one purpose, given and withdrawn by the person.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::alumnus::Interest;
use super::coded_enum;
use super::id::{AlumnusId, ConsentId};
use super::opportunity::OpportunityKind;

coded_enum! {
    /// What a consent permits.
    Purpose {
        /// To be found in the directory.
        Directory = "DIRECTORY",
        /// To get a personal feed.
        Feed = "FEED",
        /// To be ranked for roles.
        Rehire = "REHIRE",
        /// To be ranked for speaker slots.
        Speaking = "SPEAKING",
        /// To be ranked for contract work.
        ContractWork = "CONTRACT_WORK",
        /// To be asked to mentor.
        Mentoring = "MENTORING",
        /// To be invited to events.
        Events = "EVENTS",
        /// To be shared within a group of companies.
        GroupSharing = "GROUP_SHARING",
    }
}

impl Purpose {
    /// The purpose that being ranked for an opportunity of `kind` needs.
    #[must_use]
    pub const fn for_kind(kind: OpportunityKind) -> Self {
        match kind {
            OpportunityKind::Role => Self::Rehire,
            OpportunityKind::SpeakerSlot => Self::Speaking,
            OpportunityKind::ContractWork => Self::ContractWork,
        }
    }

    /// The purpose that an interest needs.
    #[must_use]
    pub const fn for_interest(interest: Interest) -> Self {
        match interest {
            Interest::Rehire => Self::Rehire,
            Interest::ContractWork => Self::ContractWork,
            Interest::Speaking => Self::Speaking,
            Interest::Mentoring => Self::Mentoring,
            Interest::Events => Self::Events,
        }
    }
}

coded_enum! {
    /// How a consent came to us.
    ConsentSource {
        /// The person's own opt-ins, carried by an imported file.
        Import = "IMPORT",
        /// The person, signed in.
        Self_ = "SELF",
    }
}

/// Whether a consent holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsentState {
    /// It holds.
    Given,
    /// It ended.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
    },
}

/// Permission for one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The identifier.
    pub id: ConsentId,
    /// Who gave it.
    pub alumnus_id: AlumnusId,
    /// For what.
    pub purpose: Purpose,
    /// Version of the text that was agreed to.
    pub text_version: String,
    /// When it was given.
    pub given_at: DateTime<Utc>,
    /// How it came to us.
    pub source: ConsentSource,
    /// For imports: SHA-256 of the file, in hexadecimal.
    pub source_digest: Option<String>,
    /// Whether it holds.
    pub state: ConsentState,
}

/// What people are asked to agree to for one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// For what.
    pub purpose: Purpose,
    /// Names the text among those of its purpose at one company.
    pub version: String,
    /// As people read it in Japanese.
    pub japanese: String,
    /// As people read it in English.
    pub english: String,
    /// When the company set it; `None` for a text that comes with the product.
    pub published_at: Option<DateTime<Utc>>,
}

/// The consent ended before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the consent was withdrawn at {at}")]
pub struct AlreadyWithdrawn {
    /// When.
    pub at: DateTime<Utc>,
}

impl Consent {
    /// Whether it permits `purpose` now.
    #[must_use]
    pub fn covers(&self, purpose: Purpose) -> bool {
        self.purpose == purpose && self.state == ConsentState::Given
    }

    /// Ends the consent.
    ///
    /// # Errors
    ///
    /// [`AlreadyWithdrawn`] if it ended before: a second call must not move the recorded date.
    pub fn withdraw(self, at: DateTime<Utc>) -> Result<Self, AlreadyWithdrawn> {
        match self.state {
            ConsentState::Given => Ok(Self {
                state: ConsentState::Withdrawn { at },
                ..self
            }),
            ConsentState::Withdrawn { at } => Err(AlreadyWithdrawn { at }),
        }
    }
}
