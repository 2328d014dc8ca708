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
