//! A company and its alumni programme.

use chrono::{DateTime, Utc};

use super::id::CompanyId;
use super::policy::Policy;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// The identifier.
    pub id: CompanyId,
    /// Short name in addresses and commands: lower-case letters, digits and hyphens.
    pub slug: String,
    /// As written.
    pub name: String,
    /// A demonstration shows alumni opportunities whose legal terms are incomplete.
    pub is_demonstration: bool,
}

/// One company's alumni programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Whose.
    pub company_id: CompanyId,
    /// Its rules.
    pub policy: Policy,
    /// How many times they were written: 1 for those it began with.
    pub version: u64,
}

/// The rules as somebody wrote them at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// The rules.
    pub policy: Policy,
    /// 1 for those that the programme began with, one more for each change.
    pub version: u64,
    /// Who changed them, as the token's subject; `None`: from the command line.
    pub changed_by: Option<String>,
    /// Why, as written.
    pub note: Option<String>,
    /// When.
    pub changed_at: DateTime<Utc>,
}

impl Programme {
    /// A programme that begins with these rules.
    #[must_use]
    pub fn new(company_id: CompanyId, policy: Policy) -> Self {
        Self {
            company_id,
            policy,
            version: 1,
        }
    }
}

/// Whether a programme plans its lists together, so that not every opportunity shows the same few people. Off unless
/// an administrator turns it on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CoordinationSetting {
    /// Whether it does.
    pub is_enabled: bool,
    /// The slider.
    pub alpha: Alpha,
}

/// The slider of coordination, in `[0, 1]`: from each list by itself (0) through most matches (about .3) to more equal
/// chances (1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alpha(f64);

impl Alpha {
    /// Returns `None` unless the value is in `[0, 1]`.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Default for Alpha {
    /// What gives the most matches on 2,000 simulated alumni and 60 roles.
    fn default() -> Self {
        Self(0.3)
    }
}
