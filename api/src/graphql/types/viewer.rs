//! Whoever is signed in.

use async_graphql::{Context, Error, Object};
use okaeri_engine::domain;

use super::alumnus::Alumnus;
use super::company::Company;
use super::connection::{
    CandidacyConnection, ConsultationConnection, InvitationConnection, OpportunityFeedConnection,
};
use super::consent::Consent;
use super::eligibility::{Eligibility, GroupCompanyUse};
use super::exclusions::Exclusions;
use super::glass_box::GlassBox;
use super::wish::{ChangeNoteConnection, StandingWish};
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{OpportunityKind, ViewerRole};
use crate::graphql::error::from_fault;
use crate::graphql::pagination::Page;
use crate::graphql::query::{candidacies, feed, invitations, wishes};
use crate::usecase::exclusions;
use crate::usecase::policy::{self, Told};

/// Whoever is signed in.
pub struct Viewer;

/// Whoever is signed in.
#[Object]
impl Viewer {
    /// What the viewer is at the company.
    async fn role(&self, ctx: &Context<'_>) -> Result<ViewerRole, Error> {
        Ok(ctx.viewer()?.role.into())
    }

    /// The company.
    async fn company(&self, ctx: &Context<'_>) -> Result<Company, Error> {
        ctx.loaders().company().await
    }

    /// The unit that a member of staff belongs to. Null when not said, and for alumni.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        nullable(async { Ok(ctx.viewer()?.unit.clone()) }).await
    }

    /// The viewer's own record. Null when the viewer is not an alumnus.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async {
            match ctx.viewer()?.alumnus_id {
                None => Ok(None),
                Some(id) => Ok(ctx.loaders().alumnus(id).await?.map(Alumnus::from)),
            }
        })
        .await
    }

    /// The viewer's consents, given and withdrawn, latest first. Empty when the viewer is not an alumnus.
    async fn consents(&self, ctx: &Context<'_>) -> Result<Vec<Consent>, Error> {
        Ok(ctx
            .loaders()
            .consents_of_viewer()
            .await?
            .into_iter()
            .map(Consent::from)
            .collect())
    }

    /// What the viewer may know about what is known and done about them. Null when the viewer is not an alumnus.
    async fn glass_box(&self, ctx: &Context<'_>) -> Option<Result<GlassBox, Error>> {
        nullable(async { Ok(ctx.viewer()?.alumnus_id.map(|alumnus_id| GlassBox { alumnus_id })) }).await
    }

    /// What the viewer excludes, in confidence: units and members of staff that they do not want to work in or under.
    /// Null when the viewer is not an alumnus.
    async fn exclusions(&self, ctx: &Context<'_>) -> Option<Result<Exclusions, Error>> {
        nullable(async {
            let viewer = ctx.viewer()?;
            let Some(alumnus_id) = viewer.alumnus_id else {
                return Ok(None);
            };
            let found = exclusions::find(ctx.app(), viewer, alumnus_id).await;
            found
                .map(|found| Some(Exclusions(found)))
                .map_err(|fault| from_fault(&fault))
        })
        .await
    }

    /// Whether the viewer may come back, speak or work for the company, for each kind of opportunity in the schema's
    /// order. Null when the viewer is not an alumnus.
    async fn eligibility(&self, ctx: &Context<'_>) -> Option<Result<Vec<Eligibility>, Error>> {
        nullable(async {
            let told = told(ctx).await?;
            Ok(told.map(|told| Eligibility::all(&told, ctx.language())))
        })
        .await
    }

    /// Which companies of the group may use the viewer's data for what, in the programme's order; empty where there is
    /// one company. Null when the viewer is not an alumnus.
    async fn group_companies(&self, ctx: &Context<'_>) -> Option<Result<Vec<GroupCompanyUse>, Error>> {
        nullable(async {
            let told = told(ctx).await?;
            Ok(told.map(|told| told.group_uses.into_iter().map(GroupCompanyUse::from).collect()))
        })
        .await
    }

    /// What the viewer would like to be asked for, at most one for each kind of opportunity, in the order in which they
    /// were said. Empty when the viewer is not an alumnus.
    async fn standing_wishes(&self, ctx: &Context<'_>) -> Result<Vec<StandingWish>, Error> {
        match ctx.viewer()?.alumnus_id {
            None => Ok(Vec::new()),
            Some(id) => {
                let own = ctx.loaders().wishes_of(id).await?;
                Ok(own.into_iter().map(StandingWish).collect())
            }
        }
    }

    /// What changed at the company since the viewer left, latest written first, and which of it touches what the viewer
    /// wishes for. Empty while the last day is not known. Null when the viewer is not an alumnus.
    async fn changes_since_leaving(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<ChangeNoteConnection, Error>> {
        nullable(async { wishes::since_leaving(ctx, &Page::new(first, after, last, before)?).await }).await
    }

    /// The viewer's invitations, latest first. Null when the viewer is not an alumnus.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<InvitationConnection, Error>> {
        nullable(async { invitations::connection(ctx, &Page::new(first, after, last, before)?).await }).await
    }

    /// How far the viewer and the company have come with what, latest first. Null when the viewer is not an alumnus.
    async fn candidacies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<CandidacyConnection, Error>> {
        nullable(async { candidacies::of_viewer(ctx, &Page::new(first, after, last, before)?).await }).await
    }

    /// What the viewer asked about, latest first. Null when the viewer is not an alumnus.
    async fn consultations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<ConsultationConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            candidacies::consultations_of_viewer(ctx, &page).await
        })
        .await
    }

    /// What the company has for this person, best first, each with its reasons. Empty without a consent to the
    /// feed. Null when the viewer is not an alumnus.
    #[allow(
        clippy::too_many_arguments,
        reason = "the four arguments of a connection and a filter"
    )]
    async fn opportunity_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
        #[graphql(desc = "Only these kinds; all when absent, none when empty.")] kinds: Option<
            Vec<OpportunityKind>,
        >,
    ) -> Option<Result<OpportunityFeedConnection, Error>> {
        nullable(async {
            let kinds = kinds.map(|kinds| kinds.into_iter().map(domain::OpportunityKind::from).collect());
            feed::connection(ctx, kinds, &Page::new(first, after, last, before)?).await
        })
        .await
    }
}

/// What the programme says about the viewer; `None` for whoever is not an alumnus.
async fn told(ctx: &Context<'_>) -> Result<Option<Told>, Error> {
    let viewer = ctx.viewer()?;
    let Some(alumnus_id) = viewer.alumnus_id else {
        return Ok(None);
    };
    let told = policy::tell(ctx.app(), viewer, alumnus_id).await;
    told.map_err(|fault| from_fault(&fault))
}
