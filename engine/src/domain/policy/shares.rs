//! The shares of groups that a programme asks its lists of candidates to hold.

use serde::{Deserialize, Serialize};

use crate::domain::{OpportunityKind, coded_enum};

coded_enum! {
    /// By what people are grouped. There is nothing protected here to group by: no age, sex, origin or creed, and no
    /// label that somebody could fill with them.
    GroupedBy {
        /// The unit of the latest period at the company.
        Department = "DEPARTMENT",
        /// The company of the group that they come from.
        GroupCompany = "GROUP_COMPANY",
    }
}

/// Shares that lists of candidates hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupShares {
    /// Kinds of opportunity whose lists hold them; at least one.
    pub kinds: Vec<OpportunityKind>,
    /// By what people are grouped.
    pub by: GroupedBy,
    /// At least one, together at most 100 percent. What is left is due to everybody else in the same way; where nothing
    /// is left, everybody else comes last.
    pub groups: Vec<GroupShare>,
}

/// What is due to one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupShare {
    /// A unit, which has its parts in it, or the code of a group company.
    pub name: String,
    /// Of every length of a list, rounded down, in percent; 1 to 100.
    pub percent: u32,
}

impl GroupShares {
    /// What the groups take together, in percent.
    #[must_use]
    pub fn percent(&self) -> u32 {
        let percents = self.groups.iter().map(|group| group.percent);
        percents.fold(0, u32::saturating_add)
    }
}
