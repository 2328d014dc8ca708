//! A company and the policy of its alumni programme.

use serde::{Deserialize, Serialize};

use super::id::CompanyId;
use super::opportunity::OpportunityKind;

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

/// Whom a programme admits and what it offers. The default admits and offers everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Kinds of opportunity that may be created and shown.
    pub kinds: Vec<OpportunityKind>,
    /// Days after leaving without any hiring approach.
    pub quiet_period_days: u32,
    /// Months after leaving during which a return is open; `None`: for ever.
    pub return_window_months: Option<u32>,
    /// Months at the company that are asked for at least.
    pub minimum_tenure_months: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            kinds: OpportunityKind::ALL.to_vec(),
            quiet_period_days: 0,
            return_window_months: None,
            minimum_tenure_months: 0,
        }
    }
}
