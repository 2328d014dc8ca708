//! A tenant, and what its programme offers.

use async_graphql::{ComplexObject, Context, Error, ID, SimpleObject};
use okaeri_engine::domain;

use super::coordination::Coordination;
use super::learning::Learning;
use super::policy::Programme;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::OpportunityKind;
use crate::graphql::error::from_fault;
use crate::graphql::id::GlobalId;
use crate::usecase::{company_learning, coordination, policy};

/// The company whose alumni programme this is. Everyone who is signed in may read it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
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

#[ComplexObject]
impl Company {
    /// The alumni programme and its rules. Null only where the read fails.
    async fn programme(&self, ctx: &Context<'_>) -> Option<Result<Programme, Error>> {
        nullable(async {
            let found = policy::find(ctx.app(), ctx.viewer()?).await;
            found
                .map(|programme| Some(Programme::from(programme)))
                .map_err(|fault| from_fault(&fault))
        })
        .await
    }

    /// Whether and how the programme plans its lists together. Null for whoever is neither a recruiter nor an
    /// administrator.
    async fn coordination(&self, ctx: &Context<'_>) -> Option<Result<Coordination, Error>> {
        nullable(async {
            let viewer = ctx.viewer()?;
            if !viewer.is_hiring_staff() {
                return Ok(None);
            }
            let found = coordination::find(ctx.app(), viewer).await;
            found
                .map(|found| Some(Coordination::from(found)))
                .map_err(|fault| from_fault(&fault))
        })
        .await
    }

    /// What the ranking of candidates has learnt from recruiters' decisions. Null for whoever is neither a recruiter nor
    /// an administrator.
    async fn learning(&self, ctx: &Context<'_>) -> Option<Result<Learning, Error>> {
        nullable(async {
            let viewer = ctx.viewer()?;
            if !viewer.is_hiring_staff() {
                return Ok(None);
            }
            let found = company_learning::find(ctx.app(), viewer).await;
            found
                .map(|found| Some(Learning::from(found)))
                .map_err(|fault| from_fault(&fault))
        })
        .await
    }
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
