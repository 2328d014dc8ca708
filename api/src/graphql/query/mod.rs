//! The root of all reads.

pub mod alumni;
pub mod audit;
pub mod candidacies;
pub mod candidates;
pub mod claims;
pub mod feed;
pub mod glass_box;
pub mod invitations;
pub mod keyset;
pub mod opportunities;
pub mod policies;
pub mod wishes;

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use okaeri_engine::domain::limits::CONSENT_TEXT_VERSION_CHARS_MAX;
use okaeri_engine::domain::{Role, visibility::may_see_opportunity};

use self::alumni::AlumnusFilter;
use self::audit::AuditRecordFilter;
use self::opportunities::OpportunityFilter;
use super::context::{ContextExt as _, nullable};
use super::enums::{ConsentPurpose, CorrectionState, OpportunityKind};
use super::error::{Code, from_fault};
use super::pagination::Page;
use super::scalars::YearMonth;
use super::types::alumnus::Alumnus;
use super::types::audit::{AuditRecordConnection, AuditedRecord};
use super::types::company::Company;
use super::types::connection::{
    AlumnusConnection, ClaimConnection, ConsultationConnection, OpportunityConnection,
};
use super::types::consent::ConsentText;
use super::types::correction::CorrectionConnection;
use super::types::funnel::Funnel;
use super::types::invitation_preview::InvitationPreview;
use super::types::node::{self, Node};
use super::types::opportunity::Opportunity;
use super::types::viewer::Viewer;
use super::types::wish::{ChangeNoteConnection, StandingWishConnection};
use crate::usecase::candidates::programme;
use crate::usecase::{consent_texts, funnel};

/// Most identifiers that `nodes` takes: as many as the largest page.
const NODES_MAX: usize = 100;

/// The root of all reads.
pub struct Query;

/// The root of all reads. Everything is of the viewer's company; what belongs to another is missing.
#[Object]
impl Query {
    /// Whatever has this identifier. Null when it does not exist for the viewer.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global identifier.")] id: ID,
    ) -> Option<Result<Node, Error>> {
        nullable(async { node::load(ctx, &id).await }).await
    }

    /// Whatever has these identifiers, in their order; null for each that does not exist for the viewer.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 global identifiers.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Error> {
        if ids.len() > NODES_MAX {
            let n_ids = ids.len();
            return Err(
                Code::BadUserInput.error(format!("ids has {n_ids} items; the maximum is {NODES_MAX}"))
            );
        }
        // Together, so that the loaders see them as one batch.
        futures_util::future::try_join_all(ids.iter().map(|id| node::load(ctx, id))).await
    }

    /// Whoever is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer, Error> {
        ctx.viewer()?;
        Ok(Viewer)
    }

    /// The viewer's company. Null when nobody is signed in.
    async fn company(&self, ctx: &Context<'_>) -> Option<Result<Company, Error>> {
        nullable(async {
            match ctx.viewer() {
                Ok(_) => Ok(Some(ctx.loaders().company().await?)),
                Err(_) => Ok(None),
            }
        })
        .await
    }

    /// What people are asked to agree to now, one text for each purpose, in the order of the purposes. Everybody who is
    /// signed in.
    async fn consent_texts(&self, ctx: &Context<'_>) -> Result<Vec<ConsentText>, Error> {
        let viewer = ctx.viewer()?;
        let texts = consent_texts::list_current(&ctx.app().db, viewer.company_id).await;
        let texts = texts.map_err(|fault| from_fault(&fault))?.into_iter();
        Ok(texts.map(|text| ConsentText::new(text, ctx.language())).collect())
    }

    /// A text that people are or were asked to agree to. Null when there is none of that name. Everybody who is signed
    /// in.
    async fn consent_text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For what.")] purpose: ConsentPurpose,
        #[graphql(desc = "Its version, as a consent names it.")] version: String,
    ) -> Option<Result<ConsentText, Error>> {
        nullable(async {
            ctx.viewer()?;
            let is_name =
                version.chars().count() <= CONSENT_TEXT_VERSION_CHARS_MAX && !version.contains('\0');
            if !is_name {
                return Ok(None);
            }
            let text = ctx.loaders().consent_text(purpose.into(), version).await?;
            Ok(text.map(|text| ConsentText::new(text, ctx.language())))
        })
        .await
    }

    /// Claims that wait for a decision, in the order in which they were asked for. Administrators.
    async fn pending_claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<ClaimConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            claims::pending(ctx, &page).await.map(Some)
        })
        .await
    }

    /// The opportunity with the company's own number. Null when there is none for the viewer.
    async fn opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The company's own number, from the import.")] external_id: String,
    ) -> Option<Result<Opportunity, Error>> {
        nullable(async {
            let viewer = ctx.viewer()?;
            let app = ctx.app();
            let projection = app
                .projections
                .barrier(viewer.company_id)
                .await
                .map_err(|fault| from_fault(&fault))?;
            let found = {
                let state = projection.state();
                let is_it = |opportunity: &okaeri_engine::domain::Opportunity| {
                    opportunity.external_id.as_deref() == Some(external_id.as_str())
                };
                state
                    .opportunities
                    .values()
                    .find(|entry| is_it(&entry.opportunity))
                    .map(|entry| Arc::clone(&entry.opportunity))
            };
            let (company, policy) = programme(&projection);
            let now = app.clock.now();
            let shown =
                found.filter(|opportunity| may_see_opportunity(viewer, opportunity, &company, &policy, now));
            Ok(shown.map(Opportunity::from))
        })
        .await
    }

    /// The alumnus with the company's own number. Null when there is none for the viewer; to employees and other
    /// alumni numbers are not known, so always null but for the viewer's own.
    async fn alumnus(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The company's own number, from the import.")] external_id: String,
    ) -> Option<Result<Alumnus, Error>> {
        nullable(async {
            let viewer = ctx.viewer()?;
            let found =
                crate::db::alumni::find_by_external_id(&ctx.app().db, viewer.company_id, &external_id).await;
            let found = found.map_err(|error| from_fault(&error.into()))?;
            let may_ask = match viewer.role {
                Role::Administrator | Role::Recruiter => true,
                Role::Employee => false,
                Role::Alumnus => found.as_ref().map(|alumnus| alumnus.id) == viewer.alumnus_id,
            };
            match found.filter(|_| may_ask) {
                None => Ok(None),
                Some(alumnus) => Ok(ctx.loaders().viewed_alumnus(alumnus.id).await?.map(Alumnus::from)),
            }
        })
        .await
    }

    /// Full-text search over profiles, in Japanese; without a query all who may be listed, in the order in which
    /// they were recorded. Only people who consented to the directory. Recruiters and administrators search whole
    /// profiles, employees and other alumni what they may read of them.
    #[allow(
        clippy::too_many_arguments,
        reason = "the four arguments of a connection, a query and a filter"
    )]
    async fn alumni(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words to find; blank or absent: everybody.")] query: Option<String>,
        #[graphql(desc = "Conditions that all hold; absent: none.")] filter: Option<AlumnusFilter>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<AlumnusConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            alumni::connection(ctx, query.as_deref(), filter, &page)
                .await
                .map(Some)
        })
        .await
    }

    /// Whom `inviteCandidates` would invite: the first candidates of an open opportunity, by name, and who of them is left
    /// out and why. Null when there is no such opportunity. Recruiters and administrators.
    async fn preview_invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity's identifier.")] opportunity_id: ID,
        #[graphql(desc = "How many of the first candidates to consider, 1 to 50.")] first: i32,
    ) -> Option<Result<InvitationPreview, Error>> {
        nullable(async { invitations::preview(ctx, &opportunity_id, first).await }).await
    }

    /// Consultations (相談) that the viewer may learn of, latest first: none about what the viewer's own unit hires for.
    /// Recruiters and administrators.
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
            candidacies::consultations(ctx, &page).await.map(Some)
        })
        .await
    }

    /// The company's chain of records, latest first: every ranking that was shown, and what took rankings or people away.
    /// Null for whoever is not an administrator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the four arguments of a connection and a filter"
    )]
    async fn audit_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions that all hold; absent: none.")] filter: Option<AuditRecordFilter>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<AuditRecordConnection, Error>> {
        nullable(async { audit::connection(ctx, filter, &Page::new(first, after, last, before)?).await })
            .await
    }

    /// One record, checked against the chain and computed again from its recorded inputs and model. Null when there is
    /// none, and for whoever is not an administrator.
    async fn audit_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rankingId of a list that was shown, or of a record.")] ranking_id: ID,
    ) -> Option<Result<AuditedRecord, Error>> {
        nullable(async { audit::record(ctx, &ranking_id).await }).await
    }

    /// Dated notes on what changed at the company, latest written first. For everybody who is signed in.
    async fn change_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<ChangeNoteConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            wishes::all_notes(ctx, &page).await.map(Some)
        })
        .await
    }

    /// What people would like to be asked for, without there being anything yet, latest said first: those that stand
    /// today, that the person shows to recruiters, and whose interest and consent hold. Recruiters and administrators;
    /// null to others.
    #[allow(
        clippy::too_many_arguments,
        reason = "the four arguments of a connection and a filter"
    )]
    async fn standing_wishes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those for this kind; absent: all.")] kind: Option<OpportunityKind>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<StandingWishConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            wishes::connection(ctx, kind.map(Into::into), &page).await
        })
        .await
    }

    /// Opportunities that the viewer may see; without a query in the order in which they were recorded.
    #[allow(
        clippy::too_many_arguments,
        reason = "the four arguments of a connection, a query and a filter"
    )]
    async fn opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words to find; blank or absent: all.")] query: Option<String>,
        #[graphql(desc = "Conditions that all hold; absent: none.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<OpportunityConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            opportunities::connection(ctx, query.as_deref(), filter, &page)
                .await
                .map(Some)
        })
        .await
    }

    /// The corrections that people asked for, latest first. Administrators.
    async fn corrections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that have come so far; absent: all.")] state: Option<CorrectionState>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<CorrectionConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            let state = state.map(Into::into);
            glass_box::corrections(ctx, state, &page).await.map(Some)
        })
        .await
    }

    /// What came of the offers of one kind within whole months: matched, contacted, agreed, how recruiters chose otherwise
    /// than the ranking, and how groups fare. Numbers that would tell of single people are withheld. Administrators.
    async fn funnel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which offers.")] kind: OpportunityKind,
        #[graphql(desc = "The first month, in Japan time.")] from: YearMonth,
        #[graphql(desc = "The last month, at most 60 months from the first.")] to: YearMonth,
    ) -> Option<Result<Funnel, Error>> {
        nullable(async {
            let viewer = ctx.administrator()?;
            let (from, to) = (from.0, to.0);
            if to < from {
                return Err(Code::BadUserInput.error(format!("to {to} lies before from {from}")));
            }
            let n_months = from.months_until(to) + 1;
            if n_months > funnel::MONTHS_MAX {
                let max = funnel::MONTHS_MAX;
                return Err(Code::BadUserInput.error(format!(
                    "from {from} to {to} is {n_months} months; the maximum is {max}"
                )));
            }
            let counted = funnel::count(ctx.app(), viewer, kind.into(), (from, to)).await;
            counted
                .map(|counted| Some(counted.into()))
                .map_err(|fault| from_fault(&fault))
        })
        .await
    }
}
