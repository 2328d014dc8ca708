//! A candidacy as its person or the staff may see it, with its history and its conversation.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use okaeri_engine::domain::candidacy::CandidacyState;
use okaeri_engine::domain::{self, CandidacyView, Thread};

use super::alumnus::Alumnus;
use super::connection::{CandidacyTransitionConnection, MessageConnection};
use super::invitation::Invitation;
use super::opportunity::Opportunity;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{CandidacyStatus, DeclineReason, OutcomeKind, ViewerRole};
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::Page;
use crate::graphql::query::candidacies;
use crate::graphql::scalars::{Date, DateTime};

/// One alumnus and one opportunity, from first sight to outcome. The alumnus may read it once they know of it;
/// recruiters and administrators while the person's consent for this kind of opportunity holds, and what was agreed
/// also after that.
#[derive(Clone, Debug)]
pub struct Candidacy(pub CandidacyView);

/// One alumnus and one opportunity, from first sight to outcome. The alumnus may read it once they know of it;
/// recruiters and administrators while the person's consent for this kind of opportunity holds, and what was agreed
/// also after that.
#[Object]
impl Candidacy {
    /// Globally unique and opaque.
    pub async fn id(&self) -> ID {
        GlobalId::Candidacy(self.0.candidacy.id).encode()
    }

    /// The opportunity. Null when the viewer may no longer see it.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<Opportunity, Error>> {
        nullable(async {
            let id = self.0.candidacy.opportunity_id;
            Ok(ctx.loaders().opportunity(id).await?.map(Opportunity::from))
        })
        .await
    }

    /// The person. Null when the viewer may no longer see them.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async {
            let id = self.0.candidacy.alumnus_id;
            Ok(ctx.loaders().alumnus(id).await?.map(Alumnus::from))
        })
        .await
    }

    /// Where it stands.
    async fn status(&self) -> CandidacyStatus {
        self.0.candidacy.state.status().into()
    }

    /// When it came to this state.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.0.candidacy.changed_at)
    }

    /// How many steps it has taken; a mutation that is given it does nothing once somebody else took another.
    /// Recruiters and administrators; null to the alumnus.
    async fn version(&self) -> Option<i32> {
        let version = i32::try_from(self.0.candidacy.version).ok();
        version.filter(|_| !self.0.is_own)
    }

    /// When the person came forward. Null when they did not.
    async fn interested_at(&self) -> Option<DateTime> {
        self.0.candidacy.interested_at.map(DateTime)
    }

    /// The latest invitation. Null when there was none.
    async fn invitation(&self) -> Option<Invitation> {
        self.0.candidacy.invitation().map(Invitation)
    }

    /// Why the person said no. Null unless they did.
    async fn decline_reason(&self) -> Option<DeclineReason> {
        self.parts().decline_reason
    }

    /// The day from which the company may ask again, in Japan time. Null unless the person said not now.
    async fn snoozed_until(&self) -> Option<Date> {
        self.parts().snoozed_until
    }

    /// What came of it. Null before.
    async fn outcome(&self) -> Option<OutcomeKind> {
        self.parts().outcome
    }

    /// Why staff rejected the person, or why what was agreed did not come about. Recruiters and administrators; null to
    /// the alumnus and otherwise.
    async fn reason(&self) -> Option<String> {
        self.parts().reason.filter(|_| !self.0.is_own)
    }

    /// The steps that it took, first step first: who, when and why. To the alumnus without the shortlist, without who of
    /// the staff it was, and without staff's reasons.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<CandidacyTransitionConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            candidacies::history(ctx, &self.0, &page).await.map(Some)
        })
        .await
    }

    /// What the two sides wrote to each other, newest last.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<MessageConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            let thread = Thread::Candidacy(self.0.candidacy.id);
            candidacies::messages(ctx, thread, &page).await.map(Some)
        })
        .await
    }
}

/// What some states carry.
#[derive(Default)]
struct Parts {
    decline_reason: Option<DeclineReason>,
    snoozed_until: Option<Date>,
    outcome: Option<OutcomeKind>,
    reason: Option<String>,
}

impl Candidacy {
    fn parts(&self) -> Parts {
        match &self.0.candidacy.state {
            CandidacyState::Declined { reason } => Parts {
                decline_reason: Some((*reason).into()),
                ..Parts::default()
            },
            CandidacyState::Snoozed { until } => Parts {
                snoozed_until: Some(Date(*until)),
                ..Parts::default()
            },
            CandidacyState::Concluded { outcome, reason } => Parts {
                outcome: Some((*outcome).into()),
                reason: reason.clone(),
                ..Parts::default()
            },
            CandidacyState::Rejected { reason, .. } => Parts {
                reason: Some(reason.clone()),
                ..Parts::default()
            },
            CandidacyState::Shortlisted
            | CandidacyState::Unlisted
            | CandidacyState::Interested
            | CandidacyState::Invited
            | CandidacyState::Accepted
            | CandidacyState::InvitationWithdrawn
            | CandidacyState::InConversation
            | CandidacyState::Agreed
            | CandidacyState::InterestWithdrawn => Parts::default(),
        }
    }
}

/// One step of a candidacy. Steps are recorded and never changed.
#[derive(Clone, Debug, SimpleObject)]
pub struct CandidacyTransition {
    /// The state before. Null for the first step, and to the alumnus where they did not know of it.
    pub from: Option<CandidacyStatus>,
    /// The state after.
    pub to: CandidacyStatus,
    /// When.
    pub at: DateTime,
    /// As what whoever took it is at the company.
    pub actor_role: ViewerRole,
    /// Who took it: the subject of their token. Recruiters and administrators; null to the alumnus.
    pub actor: Option<String>,
    /// Why, in words or as a code. Null where none was asked for, and to the alumnus where staff gave it.
    pub reason: Option<String>,
}

impl CandidacyTransition {
    /// A step as the viewer of `view` may see it.
    pub fn new(view: &CandidacyView, transition: domain::Transition) -> Self {
        Self {
            from: transition.from.map(Into::into),
            to: transition.to.into(),
            at: DateTime(transition.at),
            actor_role: transition.by.role.into(),
            actor: Some(transition.by.subject).filter(|_| !view.is_own),
            reason: transition.reason,
        }
    }
}

/// One message between an alumnus and the company.
#[derive(Clone, Debug, SimpleObject)]
pub struct Message {
    /// As what whoever wrote it is at the company.
    pub author_role: ViewerRole,
    /// Whether the viewer wrote it.
    pub is_own: bool,
    /// What.
    pub text: String,
    /// When.
    pub at: DateTime,
}

impl Message {
    /// A message as `viewer` reads it.
    pub fn new(viewer: &domain::Viewer, message: domain::Message) -> Self {
        Self {
            author_role: message.by.role.into(),
            is_own: message.by.role == viewer.role && message.by.subject == viewer.subject,
            text: message.text,
            at: DateTime(message.at),
        }
    }
}

/// An alumnus who wants to talk about an opportunity without applying for it (相談). The alumnus may read it, and
/// recruiters and administrators who do not hire for the opportunity; to staff of the unit that does, it does not exist,
/// and no candidacy changes by it.
#[derive(Clone, Debug)]
pub struct Consultation(pub domain::Consultation);

/// An alumnus who wants to talk about an opportunity without applying for it (相談). The alumnus may read it, and
/// recruiters and administrators who do not hire for the opportunity; to staff of the unit that does, it does not exist,
/// and no candidacy changes by it.
#[Object]
impl Consultation {
    /// Globally unique and opaque.
    pub async fn id(&self) -> ID {
        GlobalId::Consultation(self.0.id).encode()
    }

    /// The opportunity. Null when the viewer may no longer see it.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<Opportunity, Error>> {
        nullable(async {
            let found = ctx.loaders().opportunity(self.0.opportunity_id).await?;
            Ok(found.map(Opportunity::from))
        })
        .await
    }

    /// The person. Null when the viewer may no longer see them.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async { Ok(ctx.loaders().alumnus(self.0.alumnus_id).await?.map(Alumnus::from)) }).await
    }

    /// When it was begun.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// What was written, newest last.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<MessageConnection, Error>> {
        nullable(async {
            let page = Page::new(first, after, last, before)?;
            let thread = Thread::Consultation(self.0.id);
            candidacies::messages(ctx, thread, &page).await.map(Some)
        })
        .await
    }
}
