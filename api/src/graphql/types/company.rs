//! A tenant, and what its programme offers.

use async_graphql::{ID, SimpleObject};
use okaeri_engine::domain;

use crate::graphql::enums::OpportunityKind;
use crate::graphql::id::GlobalId;

/// The company whose alumni programme this is. Everyone who is signed in may read it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Company {
    /// Globally unique and opaque.
    #[graphql(owned)]
    pub id: ID,
    /// Short name in addresses and commands.
    pub slug: String,
    /// As written.
    pub name: String,
    /// Whether it is a demonstration, which shows alumni opportunities whose legal terms are incomplete.
    pub is_demonstration: bool,
    /// Kinds of opportunity that the programme offers.
    pub offered_kinds: Vec<OpportunityKind>,
}

impl Company {
    /// Joins a company and its programme's policy.
    pub fn new(company: domain::Company, policy: &domain::Policy) -> Self {
        Self {
            id: GlobalId::Company(company.id).encode(),
            slug: company.slug,
            name: company.name,
            is_demonstration: company.is_demonstration,
            offered_kinds: policy.kinds.iter().copied().map(OpportunityKind::from).collect(),
        }
    }
}
