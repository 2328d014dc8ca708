//! Standing wishes, and what changed that touches them.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use okaeri_engine::domain;

use super::alumnus::Alumnus;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{ChangeNoteKind, ChangeReason, OpportunityKind};
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::PageInfo;
use crate::graphql::scalars::{Date, DateTime, YearMonth};

/// What a person would like to be asked for, without there being anything yet (打診). The person reads their own;
/// recruiters and administrators those that the person shows them, while the interest and its consent hold.
#[derive(Clone, Debug)]
pub struct StandingWish(pub domain::StandingWish);

/// What a person would like to be asked for, without there being anything yet (打診). The person reads their own;
/// recruiters and administrators those that the person shows them, while the interest and its consent hold.
#[Object]
impl StandingWish {
    /// Globally unique and opaque; a wish that is said anew is another.
    pub async fn id(&self) -> ID {
        GlobalId::StandingWish(self.0.id).encode()
    }

    /// Whose. Null when the viewer may no longer see them.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async { Ok(ctx.loaders().alumnus(self.0.alumnus_id).await?.map(Alumnus::from)) }).await
    }

    /// For which kind of opportunity.
    async fn kind(&self) -> OpportunityKind {
        self.0.kind.into()
    }

    /// The work, in the person's words.
    async fn words(&self) -> String {
        self.0.words.clone()
    }

    /// The unit it would be in. Null: any.
    async fn unit(&self) -> Option<String> {
        self.0.unit.clone()
    }

    /// On which conditions, in the person's words. Null when not said.
    async fn conditions(&self) -> Option<String> {
        self.0.conditions.clone()
    }

    /// First month. Null: at once.
    async fn starts_on(&self) -> Option<YearMonth> {
        self.0.from.map(YearMonth)
    }

    /// The last day on which it stands. Null: until it is withdrawn.
    async fn valid_until(&self) -> Option<Date> {
        self.0.valid_until.map(Date)
    }

    /// Whether recruiters and administrators may read it.
    async fn is_shown_to_recruiters(&self) -> bool {
        self.0.is_shown_to_recruiters
    }

    /// When it was said.
    async fn stated_at(&self) -> DateTime {
        DateTime(self.0.stated_at)
    }
}

/// A dated note on what changed at the company. Everybody who is signed in may read it.
#[derive(Clone, Debug, SimpleObject)]
pub struct ChangeNote {
    /// Globally unique and opaque.
    #[graphql(owned)]
    pub id: ID,
    /// What it is about.
    pub kind: ChangeNoteKind,
    /// What changed.
    pub text: String,
    /// The unit it is about. Null: the whole company.
    pub unit: Option<String>,
    /// The day from which it holds.
    pub starts_on: Date,
}

impl From<domain::ChangeNote> for ChangeNote {
    fn from(note: domain::ChangeNote) -> Self {
        Self {
            id: GlobalId::ChangeNote(note.id).encode(),
            kind: note.kind.into(),
            text: note.text,
            unit: note.unit,
            starts_on: Date(note.from),
        }
    }
}

/// A change since a person left, with why it is shown to them.
#[derive(Clone, Debug, SimpleObject)]
pub struct ChangeSinceLeaving {
    /// What changed.
    pub note: ChangeNote,
    /// Why it touches what the person wishes for. Null: it does not, and is news like any other.
    pub reason: Option<ChangeReason>,
}

/// A page of change notes, latest written first.
#[derive(SimpleObject)]
pub struct ChangeNoteConnection {
    /// The notes with their cursors.
    pub edges: Vec<ChangeNoteEdge>,
    /// The notes alone.
    pub nodes: Vec<ChangeNote>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All notes in the list, not just the page.
    pub total_count: i32,
}

/// A change note in a list.
#[derive(SimpleObject)]
pub struct ChangeNoteEdge {
    /// Opaque; bound to the company and the list.
    pub cursor: String,
    /// The note.
    pub node: ChangeNote,
    /// Why it touches what the viewer wishes for. Null when it does not, and in the list of all notes.
    pub reason: Option<ChangeReason>,
}

/// A page of standing wishes, latest said first.
#[derive(SimpleObject)]
pub struct StandingWishConnection {
    /// The wishes with their cursors.
    pub edges: Vec<StandingWishEdge>,
    /// The wishes alone.
    pub nodes: Vec<StandingWish>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All wishes in the list, not just the page.
    pub total_count: i32,
}

/// A standing wish in a list.
#[derive(SimpleObject)]
pub struct StandingWishEdge {
    /// Opaque; bound to the company and the filter.
    pub cursor: String,
    /// The wish.
    pub node: StandingWish,
}
