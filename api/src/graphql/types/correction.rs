//! A correction that a person asked for.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use okaeri_engine::domain::correction::{self, KeptParts, Verdict};

use super::alumnus::{Alumnus, Tenure};
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{CorrectionState, LeavingKind};
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::PageInfo;
use crate::graphql::scalars::DateTime;

/// A correction that a person asked for of what the company recorded. The person and administrators may read it.
#[derive(Clone, Debug)]
pub struct Correction(pub correction::Correction);

/// A correction that a person asked for of what the company recorded. The person and administrators may read it.
#[Object]
impl Correction {
    /// Globally unique and opaque.
    pub async fn id(&self) -> ID {
        GlobalId::Correction(self.0.id).encode()
    }

    /// Whose record. Null when the viewer may not see it.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async { Ok(ctx.loaders().alumnus(self.0.alumnus_id).await?.map(Alumnus::from)) }).await
    }

    /// What the record should say; parts that are null are not asked for.
    async fn requested(&self) -> CorrectionParts {
        CorrectionParts::from(self.0.requested.clone())
    }

    /// How the person explains it. Null when they did not.
    async fn note(&self) -> Option<String> {
        self.0.note.clone()
    }

    /// When it was asked for.
    async fn requested_at(&self) -> DateTime {
        DateTime(self.0.requested_at)
    }

    /// How far it has come.
    async fn state(&self) -> CorrectionState {
        self.0.state().into()
    }

    /// When it was decided. Null while it waits.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decision.as_ref().map(|decision| DateTime(decision.at))
    }

    /// What the record said before. Null unless it was corrected.
    async fn replaced(&self) -> Option<CorrectionParts> {
        match self.0.decision.as_ref().map(|decision| &decision.verdict) {
            Some(Verdict::Approved { replaced }) => Some(replaced.clone().into()),
            Some(Verdict::Refused { .. }) | None => None,
        }
    }

    /// Why it was refused. Null unless it was.
    async fn reason(&self) -> Option<String> {
        match self.0.decision.as_ref().map(|decision| &decision.verdict) {
            Some(Verdict::Refused { reason }) => Some(reason.clone()),
            Some(Verdict::Approved { .. }) | None => None,
        }
    }
}

/// Parts of a record that the company keeps. A part that is null is not meant.
#[derive(Clone, Debug, SimpleObject)]
pub struct CorrectionParts {
    /// The name as written. Null when not meant.
    pub name_kanji: Option<String>,
    /// The name as read, in katakana. Null when not meant; empty where there was none.
    pub name_kana: Option<String>,
    /// The number that the person had as an employee. Null when not meant; empty where there was none.
    pub employee_number: Option<String>,
    /// The kind of leaving. Null when not meant, or where there was none.
    pub leaving_kind: Option<LeavingKind>,
    /// All periods at the company, latest first. Null when not meant.
    pub tenures: Option<Vec<Tenure>>,
}

impl From<KeptParts> for CorrectionParts {
    fn from(parts: KeptParts) -> Self {
        Self {
            name_kanji: parts.name_kanji,
            name_kana: parts.name_kana,
            employee_number: parts.employee_number,
            leaving_kind: parts.leaving_kind.map(LeavingKind::from),
            tenures: parts
                .tenures
                .map(|tenures| tenures.into_iter().map(Into::into).collect()),
        }
    }
}

/// A page of corrections, latest first.
#[derive(SimpleObject)]
pub struct CorrectionConnection {
    /// The corrections with their cursors.
    pub edges: Vec<CorrectionEdge>,
    /// The corrections alone.
    pub nodes: Vec<Correction>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All corrections in the list, not just the page.
    pub total_count: i32,
}

/// A correction in a list.
#[derive(SimpleObject)]
pub struct CorrectionEdge {
    /// Opaque; bound to the company and the list.
    pub cursor: String,
    /// The correction.
    pub node: Correction,
}
