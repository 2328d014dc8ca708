//! What a person asks the company to correct of what it recorded.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::alumnus::Tenure;
use super::coded_enum;
use super::id::{AlumnusId, CorrectionId};
use super::policy::LeavingKind;

coded_enum! {
    /// How far a correction has come.
    CorrectionState {
        /// Waits for an administrator.
        Requested = "REQUESTED",
        /// The record was corrected.
        Approved = "APPROVED",
        /// It stays as it is, for a reason.
        Refused = "REFUSED",
    }
}

/// Parts of a record that the company keeps. What is absent is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptParts {
    /// The name as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kanji: Option<String>,
    /// The name as read, in katakana.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<String>,
    /// The number that the person had as an employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// The kind of leaving.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaving_kind: Option<LeavingKind>,
    /// All periods at the company, latest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenures: Option<Vec<Tenure>>,
}

impl KeptParts {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What an administrator decided, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the token's subject.
    pub by: String,
    /// What.
    pub verdict: Verdict,
}

/// What became of a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The record was corrected.
    Approved {
        /// What it said before.
        replaced: KeptParts,
    },
    /// It stays as it is.
    Refused {
        /// Why, in the administrator's words.
        reason: String,
    },
}

/// A correction that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// What the record says since.
    pub requested: KeptParts,
    /// What it said before.
    pub replaced: KeptParts,
}

/// A correction that a person asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The identifier.
    pub id: CorrectionId,
    /// Whose record.
    pub alumnus_id: AlumnusId,
    /// What it should say.
    pub requested: KeptParts,
    /// How the person explains it.
    pub note: Option<String>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// `None` while it waits.
    pub decision: Option<Decision>,
}

/// The correction was decided before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the correction was decided at {at}")]
pub struct AlreadyDecided {
    /// When.
    pub at: DateTime<Utc>,
}

impl Correction {
    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> CorrectionState {
        match self.decision.as_ref().map(|decision| &decision.verdict) {
            None => CorrectionState::Requested,
            Some(Verdict::Approved { .. }) => CorrectionState::Approved,
            Some(Verdict::Refused { .. }) => CorrectionState::Refused,
        }
    }

    /// Records a decision.
    ///
    /// # Errors
    ///
    /// [`AlreadyDecided`]: one is taken once.
    pub fn decide(self, decision: Decision) -> Result<Self, AlreadyDecided> {
        match &self.decision {
            None => Ok(Self {
                decision: Some(decision),
                ..self
            }),
            Some(earlier) => Err(AlreadyDecided { at: earlier.at }),
        }
    }
}
