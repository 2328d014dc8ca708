//! What a person may know about what is known and done about them.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use okaeri_engine::domain::{self, AlumnusId, Purpose, review};
use okaeri_engine::ranking::Language;

use super::alumnus::Alumnus;
use super::consent::Consent;
use super::correction::CorrectionConnection;
use super::matching::Match;
use super::opportunity::Opportunity;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{ConsentPurpose, OpportunityKind, ReviewOutcome, StatisticsAnswer, ViewerRole};
use crate::graphql::error::from_fault;
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::{Page, PageInfo};
use crate::graphql::query::glass_box;
use crate::graphql::scalars::{Date, DateTime};
use crate::usecase::{consent_texts, statistics};

/// What the viewer may know about what is known and done about them. Only the person reads it.
pub struct GlassBox {
    pub(in crate::graphql) alumnus_id: AlumnusId,
}

/// What the viewer may know about what is known and done about them. Only the person reads it.
#[Object]
impl GlassBox {
    /// Every purpose, whether it is on, and what it does, in the order of the enum. `giveConsent` and `withdrawConsent`
    /// switch each on and off.
    async fn purposes(&self, ctx: &Context<'_>) -> Result<Vec<GlassBoxPurpose>, Error> {
        let consents = ctx.loaders().consents_of_viewer().await?;
        let language = ctx.language();
        let texts = consent_texts::list_current(&ctx.app().db, ctx.viewer()?.company_id).await;
        let texts = texts.map_err(|fault| from_fault(&fault))?;
        let purpose = |purpose: Purpose| {
            let text = texts.iter().find(|text| text.purpose == purpose);
            let consent = consents.iter().find(|consent| consent.covers(purpose));
            GlassBoxPurpose {
                purpose: purpose.into(),
                is_on: consent.is_some(),
                description: match language {
                    Language::Japanese => text.map(|text| text.japanese.clone()),
                    Language::English => text.map(|text| text.english.clone()),
                }
                .unwrap_or_default(),
                consent: consent.cloned().map(Consent::from),
            }
        };
        Ok(Purpose::ALL.iter().copied().map(purpose).collect())
    }

    /// In which lists of candidates the viewer stood, latest first: of the newest 200 lists and searches with the viewer in
    /// them; the export has all. Lists that left the viewer out are not told.
    async fn rankings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Result<GlassBoxRankingConnection, Error> {
        glass_box::rankings(ctx, self.alumnus_id, &Page::new(first, after, last, before)?).await
    }

    /// Which recruiters and administrators opened the viewer's profile, latest first, once for each day and reader. A place
    /// in a list is no view.
    async fn profile_views(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Result<ProfileViewConnection, Error> {
        glass_box::profile_views(ctx, self.alumnus_id, &Page::new(first, after, last, before)?).await
    }

    /// The viewer's requests to be looked at without the ranking, latest first, with their answers.
    async fn review_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Result<ReviewRequestConnection, Error> {
        glass_box::own_reviews(ctx, self.alumnus_id, &Page::new(first, after, last, before)?).await
    }

    /// The corrections that the viewer asked for, latest first, with what became of them.
    async fn corrections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Result<CorrectionConnection, Error> {
        glass_box::own_corrections(ctx, self.alumnus_id, &Page::new(first, after, last, before)?).await
    }

    /// What the viewer said about themselves for statistics, in the order of the enum's codes. Nobody else reads it, and
    /// nothing ranks by it.
    async fn statistics_answers(&self, ctx: &Context<'_>) -> Result<Vec<StatisticsAnswer>, Error> {
        let answers = statistics::own(ctx.app(), ctx.viewer()?, self.alumnus_id).await;
        let answers = answers.map_err(|fault| from_fault(&fault))?;
        Ok(answers.into_iter().map(StatisticsAnswer::from).collect())
    }
}

/// A purpose, whether it is on, and what it does.
#[derive(Clone, Debug, SimpleObject)]
pub struct GlassBoxPurpose {
    /// Which.
    pub purpose: ConsentPurpose,
    /// Whether the viewer's consent holds.
    pub is_on: bool,
    /// What happens while it is on: the text that people agree to, in Japanese or English by Accept-Language.
    pub description: String,
    /// The consent that holds. Null while the purpose is off.
    pub consent: Option<Consent>,
}

/// A list of candidates that the viewer stood in.
#[derive(SimpleObject)]
pub struct GlassBoxRanking {
    /// When it was shown.
    pub ranked_at: DateTime,
    /// The opportunity. Null when the viewer may not, or no longer, see it.
    pub opportunity: Option<Opportunity>,
    /// The opportunity's title as it is now, also when it is closed.
    pub opportunity_title: String,
    /// What kind of offer it is.
    pub opportunity_kind: OpportunityKind,
    /// The unit that offers it. Null when not said.
    pub opportunity_department: Option<String>,
    /// As what the reader read it. Null when this version does not know the role.
    pub reader_role: Option<ViewerRole>,
    /// The unit of the reader. Null when the company's login does not say.
    pub reader_unit: Option<String>,
    /// The viewer's place in the list, from 1.
    pub rank: i32,
    /// How many were ranked.
    pub ranked_count: i32,
    /// Why: the same computation, in the same words, as the recruiter had it. Null once a text that it needs is gone.
    pub r#match: Option<Arc<Match>>,
}

/// A page of the lists of candidates that the viewer stood in, latest first.
#[derive(SimpleObject)]
pub struct GlassBoxRankingConnection {
    /// The lists with their cursors.
    pub edges: Vec<GlassBoxRankingEdge>,
    /// The lists alone.
    pub nodes: Vec<Arc<GlassBoxRanking>>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All of the newest 200, not just the page.
    pub total_count: i32,
}

/// A list in a list.
#[derive(SimpleObject)]
pub struct GlassBoxRankingEdge {
    /// Opaque; bound to the company and the viewer.
    pub cursor: String,
    /// The list.
    pub node: Arc<GlassBoxRanking>,
}

/// A recruiter or an administrator opened the viewer's profile.
#[derive(Clone, Debug, SimpleObject)]
pub struct ProfileView {
    /// The day, in Japan time.
    pub viewed_on: Date,
    /// The first time on that day.
    pub viewed_at: DateTime,
    /// As what the reader read it. Who it was is not told: the company answers for its staff.
    pub reader_role: ViewerRole,
    /// The unit of the reader. Null when the company's login does not say.
    pub reader_unit: Option<String>,
}

/// A page of views of the viewer's profile, latest first.
#[derive(SimpleObject)]
pub struct ProfileViewConnection {
    /// The views with their cursors.
    pub edges: Vec<ProfileViewEdge>,
    /// The views alone.
    pub nodes: Vec<ProfileView>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All views in the list, not just the page.
    pub total_count: i32,
}

/// A view in a list.
#[derive(SimpleObject)]
pub struct ProfileViewEdge {
    /// Opaque; bound to the company and the viewer.
    pub cursor: String,
    /// The view.
    pub node: ProfileView,
}

/// A person's request to be looked at by people and without the ranking. It has no score and moves none. The person,
/// recruiters and administrators may read it.
#[derive(Clone, Debug)]
pub struct ReviewRequest(pub review::ReviewRequest);

/// A person's request to be looked at by people and without the ranking. It has no score and moves none. The person,
/// recruiters and administrators may read it.
#[Object]
impl ReviewRequest {
    /// Globally unique and opaque.
    pub async fn id(&self) -> ID {
        GlobalId::ReviewRequest(self.0.id).encode()
    }

    /// The person. Null when the viewer may no longer see them.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async { Ok(ctx.loaders().alumnus(self.0.alumnus_id).await?.map(Alumnus::from)) }).await
    }

    /// The opportunity. Null when the viewer may no longer see it.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<Opportunity, Error>> {
        nullable(async {
            let found = ctx.loaders().opportunity(self.0.opportunity_id).await?;
            Ok(found.map(Opportunity::from))
        })
        .await
    }

    /// When it was made.
    async fn requested_at(&self) -> DateTime {
        DateTime(self.0.requested_at)
    }

    /// When it was answered. Null while it waits.
    async fn answered_at(&self) -> Option<DateTime> {
        self.answer().map(|answer| DateTime(answer.at))
    }

    /// What a member of staff decided. Null while it waits.
    async fn outcome(&self) -> Option<ReviewOutcome> {
        self.answer().map(|answer| answer.outcome.into())
    }

    /// Why, in their words. Null while it waits.
    async fn reason(&self) -> Option<String> {
        self.answer().map(|answer| answer.reason.clone())
    }
}

impl ReviewRequest {
    fn answer(&self) -> Option<&review::ReviewAnswer> {
        match &self.0.state {
            domain::review::ReviewState::Waiting => None,
            domain::review::ReviewState::Answered(answer) => Some(answer),
        }
    }
}

/// A page of requests to be looked at without the ranking. They are in the order of time and in no other.
#[derive(SimpleObject)]
pub struct ReviewRequestConnection {
    /// The requests with their cursors.
    pub edges: Vec<ReviewRequestEdge>,
    /// The requests alone.
    pub nodes: Vec<ReviewRequest>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All requests in the list, not just the page.
    pub total_count: i32,
}

/// A request in a list.
#[derive(SimpleObject)]
pub struct ReviewRequestEdge {
    /// Opaque; bound to the company and the list.
    pub cursor: String,
    /// The request.
    pub node: ReviewRequest,
}
