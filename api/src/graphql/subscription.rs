//! Live views: the current answer at once, and a new one after each change that may have changed it.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, Error, ID, Object, Subscription};
use futures_util::Stream;
use futures_util::stream::{self, StreamExt as _};
use okaeri_engine::domain::{AlumnusId, CandidacyId, CompanyId, OpportunityId, OpportunityKind, Viewer};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::context::{ContextExt as _, nullable};
use super::error::{Code, from_fault};
use super::id::GlobalId;
use super::pagination::Page;
use super::query::{candidates, feed};
use super::types::candidacy::Candidacy;
use super::types::connection::{CandidateConnection, OpportunityFeedConnection};
use super::types::opportunity::Opportunity;
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::usecase::Fault;

/// Changes read at a time; more than these count as a change to everything.
const CHANGES_PER_STEP: u64 = 500;
/// Least time between two events of one live view: each ranks anew, and nobody reads faster.
const EVENT_INTERVAL: Duration = Duration::from_millis(250);

/// The root of live views.
pub struct SubscriptionRoot;

/// The candidates of an opportunity as they are now.
pub struct CandidatesChanged {
    opportunity_id: OpportunityId,
}

/// The candidates of an opportunity as they are now.
#[Object]
impl CandidatesChanged {
    /// The opportunity. Null when it no longer exists for the viewer.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<Opportunity, Error>> {
        nullable(async {
            Ok(ctx
                .loaders()
                .opportunity(self.opportunity_id)
                .await?
                .map(Opportunity::from))
        })
        .await
    }

    /// Its candidates, best first. Null when they are no longer for the viewer.
    async fn candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<CandidateConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            match ctx.loaders().opportunity(self.opportunity_id).await? {
                Some(opportunity) => candidates::connection(ctx, &opportunity, &page).await,
                None => Ok(None),
            }
        })
        .await
    }
}

/// The viewer's feed as it is now.
pub struct FeedChanged;

/// The viewer's feed as it is now.
#[Object]
impl FeedChanged {
    /// The feed, best first. Null when the viewer is not an alumnus.
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
            Vec<super::enums::OpportunityKind>,
        >,
    ) -> Option<Result<OpportunityFeedConnection, Error>> {
        nullable(async {
            let kinds = kinds.map(|kinds| kinds.into_iter().map(OpportunityKind::from).collect());
            feed::connection(ctx, kinds, &Page::new(first, after, last, before)?).await
        })
        .await
    }
}

/// A candidacy as it is now.
pub struct CandidacyChanged {
    id: CandidacyId,
}

/// A candidacy as it is now.
#[Object]
impl CandidacyChanged {
    /// The candidacy. Null when it no longer exists for the viewer.
    async fn candidacy(&self, ctx: &Context<'_>) -> Option<Result<Candidacy, Error>> {
        nullable(async { Ok(ctx.loaders().candidacy(self.id).await?.map(Candidacy)) }).await
    }
}

/// The root of live views.
#[Subscription(name = "Subscription")]
impl SubscriptionRoot {
    /// The candidates of an opportunity, at once and after each change that may have changed them. Recruiters and
    /// administrators.
    async fn candidates_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity's identifier.")] opportunity_id: ID,
    ) -> Result<impl Stream<Item = Result<CandidatesChanged, Error>> + use<>, Error> {
        let viewer = ctx.hiring_staff()?.clone();
        let found = match GlobalId::opportunity(&opportunity_id) {
            Some((_, id)) => ctx.loaders().opportunity(id).await?,
            None => None,
        };
        let Some(opportunity) = found else {
            return Err(Code::NotFound.error("no such opportunity"));
        };
        let id = opportunity.id;
        let changes = follow(ctx.app(), &viewer, Interest::Candidates(id)).await?;
        Ok(changes.map(move |change| change.map(|()| CandidatesChanged { opportunity_id: id })))
    }

    /// A candidacy, at once and after each step and message. Its alumnus, recruiters and administrators who may see it.
    async fn candidacy_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The candidacy's identifier.")] id: ID,
    ) -> Result<impl Stream<Item = Result<CandidacyChanged, Error>> + use<>, Error> {
        let viewer = ctx.viewer()?.clone();
        let found = match GlobalId::candidacy(&id) {
            Some(id) => ctx.loaders().candidacy(id).await?,
            None => None,
        };
        let Some(view) = found else {
            return Err(Code::NotFound.error("no such candidacy"));
        };
        let (id, alumnus_id) = (view.candidacy.id, view.candidacy.alumnus_id);
        let changes = follow(ctx.app(), &viewer, Interest::Candidacy(id, alumnus_id)).await?;
        Ok(changes.map(move |change| change.map(|()| CandidacyChanged { id })))
    }

    /// The viewer's own feed, at once and after each change that may have changed it. Alumni.
    async fn feed_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<FeedChanged, Error>> + use<>, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let changes = follow(ctx.app(), viewer, Interest::Feed(alumnus_id)).await?;
        Ok(changes.map(|change| change.map(|()| FeedChanged)))
    }
}

/// Which changes a live view cares about. What others do must not show in when events come.
#[derive(Clone, Copy)]
enum Interest {
    Candidates(OpportunityId),
    Feed(AlumnusId),
    Candidacy(CandidacyId, AlumnusId),
}

impl Interest {
    fn cares(self, change: Change) -> bool {
        match (self, change) {
            (_, Change::ProgrammeChanged) => true,
            (
                Self::Candidates(_),
                Change::AlumnusChanged(_) | Change::StandingChanged(_) | Change::AlumnusRemoved(_),
            ) => true,
            (Self::Candidates(_), Change::CoordinationPlanned | Change::WeightsChanged) => true,
            // Plans follow what others do, and what recruiters decide moves no feed.
            (Self::Feed(_), Change::CoordinationPlanned | Change::WeightsChanged) => false,
            (Self::Candidates(own), Change::OpportunityChanged(id)) => id == own,
            (Self::Candidates(own), Change::RejectionRecorded { opportunity_id, .. }) => {
                opportunity_id == own
            }
            (
                Self::Candidates(own),
                Change::CandidacyChanged { opportunity_id, .. }
                | Change::ShortlistChanged { opportunity_id, .. },
            ) => opportunity_id == own,
            (Self::Candidates(_), Change::InteractionRecorded { .. }) => false,
            // To whoever hires there is no sign of a consultation, and no live view holds one.
            (_, Change::ConsultationChanged { .. }) => false,
            (Self::Feed(_), Change::OpportunityChanged(_)) => true,
            (
                Self::Feed(own),
                Change::AlumnusChanged(id) | Change::StandingChanged(id) | Change::AlumnusRemoved(id),
            ) => id == own,
            (Self::Feed(own), Change::InteractionRecorded { alumnus_id, .. }) => alumnus_id == own,
            (Self::Feed(own), Change::CandidacyChanged { alumnus_id, .. }) => alumnus_id == own,
            // What the person does not learn of moves nothing of theirs.
            (Self::Feed(_), Change::RejectionRecorded { .. } | Change::ShortlistChanged { .. }) => false,
            (
                Self::Candidacy(own, _),
                Change::CandidacyChanged { candidacy_id, .. } | Change::ShortlistChanged { candidacy_id, .. },
            ) => candidacy_id == own,
            (
                Self::Candidacy(_, own),
                Change::AlumnusChanged(id) | Change::StandingChanged(id) | Change::AlumnusRemoved(id),
            ) => id == own,
            (
                Self::Candidacy(..),
                Change::OpportunityChanged(_)
                | Change::InteractionRecorded { .. }
                | Change::RejectionRecorded { .. }
                | Change::CoordinationPlanned
                | Change::WeightsChanged,
            ) => false,
        }
    }
}

/// Where a live view stands in the change log.
struct Follower {
    app: Arc<App>,
    viewer: Viewer,
    interest: Interest,
    seen: u64,
    is_first: bool,
    positions: watch::Receiver<u64>,
    not_before: Instant,
}

/// An item at once, and one after each change that the view cares about; ends when the viewer is gone.
async fn follow(
    app: &Arc<App>,
    viewer: &Viewer,
    interest: Interest,
) -> Result<impl Stream<Item = Result<(), Error>> + use<>, Error> {
    let projection = app
        .projections
        .barrier(viewer.company_id)
        .await
        .map_err(|fault| from_fault(&fault))?;
    let positions = app
        .projections
        .follow(viewer.company_id)
        .await
        .map_err(|fault| from_fault(&fault))?;
    let follower = Follower {
        app: Arc::clone(app),
        viewer: viewer.clone(),
        interest,
        seen: projection.position(),
        is_first: true,
        positions,
        not_before: Instant::now() + EVENT_INTERVAL,
    };
    Ok(stream::unfold(follower, |mut follower| async move {
        let next = follower.next().await;
        next.map(|item| (item, follower))
    }))
}

impl Follower {
    async fn next(&mut self) -> Option<Result<(), Error>> {
        if std::mem::take(&mut self.is_first) {
            return Some(Ok(()));
        }
        // A burst of changes, such as an import, gives a few events and not one each.
        sleep_until(self.not_before).await;
        self.not_before = Instant::now() + EVENT_INTERVAL;
        loop {
            let seen = self.seen;
            self.positions.wait_for(|position| *position > seen).await.ok()?;
            match self.read().await {
                Ok(false) => {}
                Ok(true) => {
                    return if self.is_still_there().await {
                        Some(Ok(()))
                    } else {
                        None
                    };
                }
                Err(fault) => return Some(Err(from_fault(&fault))),
            }
        }
    }

    /// Reads what was committed since; whether any of it matters.
    async fn read(&mut self) -> Result<bool, Fault> {
        let company_id: CompanyId = self.viewer.company_id;
        let reached = *self.positions.borrow();
        let changes = change_log::list_after(&self.app.db, company_id, self.seen, CHANGES_PER_STEP).await?;
        let is_cut = changes.len() as u64 == CHANGES_PER_STEP;
        let last = changes.last().map_or(reached, |change| change.position);
        let matters = is_cut || changes.iter().any(|change| self.interest.cares(change.change));
        self.seen = if is_cut {
            reached.max(last)
        } else {
            last.max(reached)
        };
        Ok(matters)
    }

    /// Whether the viewer may still see anything: an alumnus's record may have been removed meanwhile.
    async fn is_still_there(&self) -> bool {
        let Some(alumnus_id) = self.viewer.alumnus_id else {
            return true;
        };
        let found = crate::db::standings::load(&self.app.db, self.viewer.company_id, &[alumnus_id]).await;
        found.is_ok_and(|standings| standings.iter().any(|(_, standing)| standing.is_member()))
    }
}
