//! The record of every ranking that was shown, for administrators.
//!
//! - A person's own feed is not shown to administrators: what moves it is what the person saved and declined. Nor is what
//!   employees and alumni searched for, or who of them searched. That it was served, and is recorded intact, is shown.
//! - Whoever was left out of a ranking is a count, as on the list itself.

use std::sync::Arc;

use async_graphql::{Context, Enum, Error, ID, Object, SimpleObject};
use okaeri_engine::domain::{Ineligible, OpportunityId, Role, ServedListId};

use super::alumnus::Alumnus;
use super::connection::LeftOut;
use super::opportunity::Opportunity;
use crate::db::served_lists::ServedListKind;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{ExclusionRule, MatchFeature, ViewerRole};
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::{Page, PageInfo};
use crate::graphql::query::audit;
use crate::graphql::scalars::DateTime;
use crate::usecase::audit::format::hex;
use crate::usecase::audit::list::Listed;
use crate::usecase::audit::record::{Header, RecordKind};
use crate::usecase::audit::replay::{Replayed, ReplayedEntry};

/// What a record is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditRecordKind {
    /// The candidates of an opportunity were shown.
    Candidates,
    /// An alumnus was shown their feed.
    Feed,
    /// Somebody was shown what a search found.
    Search,
    /// A recruiter was shown whom an invitation of the first candidates would reach.
    InvitationPreview,
    /// Rankings grew older than the operator keeps them, and their bodies were deleted.
    Retention,
    /// A person was erased from the rankings.
    Erasure,
}

impl AuditRecordKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Candidates,
        Self::Feed,
        Self::Search,
        Self::InvitationPreview,
        Self::Retention,
        Self::Erasure,
    ];
}

impl From<RecordKind> for AuditRecordKind {
    fn from(kind: RecordKind) -> Self {
        match kind {
            RecordKind::Ranking(ServedListKind::Candidates) => Self::Candidates,
            RecordKind::Ranking(ServedListKind::Feed) => Self::Feed,
            RecordKind::Ranking(ServedListKind::Search) => Self::Search,
            RecordKind::Ranking(ServedListKind::InvitationPreview) => Self::InvitationPreview,
            RecordKind::Retention => Self::Retention,
            RecordKind::Erasure => Self::Erasure,
        }
    }
}

impl From<AuditRecordKind> for RecordKind {
    fn from(kind: AuditRecordKind) -> Self {
        match kind {
            AuditRecordKind::Candidates => Self::Ranking(ServedListKind::Candidates),
            AuditRecordKind::Feed => Self::Ranking(ServedListKind::Feed),
            AuditRecordKind::Search => Self::Ranking(ServedListKind::Search),
            AuditRecordKind::InvitationPreview => Self::Ranking(ServedListKind::InvitationPreview),
            AuditRecordKind::Retention => Self::Retention,
            AuditRecordKind::Erasure => Self::Erasure,
        }
    }
}

/// A record in the company's chain. Administrators only.
#[derive(Clone, Debug)]
pub struct AuditRecord(pub Arc<Listed>);

/// A record in the company's chain: a ranking that was shown, or an event that took rankings or people away. For
/// administrators.
#[Object]
impl AuditRecord {
    /// Opaque; names the record, as `rankingId` does on the list that was shown.
    pub async fn ranking_id(&self) -> ID {
        GlobalId::Ranking(ServedListId(self.0.row.record_id)).encode()
    }

    /// The place in the company's chain, from 1, without a gap.
    async fn sequence(&self) -> i32 {
        i32::try_from(self.0.row.sequence).unwrap_or(i32::MAX)
    }

    /// What it is about. Null when it is of no kind that this version knows.
    async fn kind(&self) -> Option<AuditRecordKind> {
        RecordKind::from_code(&self.0.row.kind).map(Into::into)
    }

    /// When it was added.
    async fn at(&self) -> DateTime {
        DateTime(self.0.row.at)
    }

    /// The hash of this row of the chain, which rests on all earlier ones; in hexadecimal.
    async fn hash(&self) -> String {
        hex(&self.0.row.hash)
    }

    /// Who read the ranking. Null for events, and when the ranking is no longer kept.
    async fn reader(&self) -> Option<AuditReader> {
        let header = self.0.header.as_ref()?;
        let role = header.reader.role()?;
        Some(AuditReader {
            role: role.into(),
            subject: is_hiring_staff(header).then(|| header.reader.subject.clone()),
            unit: header.reader.unit.clone(),
        })
    }

    /// The opportunity that candidates were ranked for. Null for everything else, and when it or the ranking is gone.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<Opportunity, Error>> {
        nullable(async {
            let header = self.0.header.as_ref();
            let is_candidates = |header: &&Header| header.kind == ServedListKind::Candidates.code();
            let Some(id) = header.filter(is_candidates).and_then(|header| header.subject_id) else {
                return Ok(None);
            };
            let found = ctx.loaders().opportunity(OpportunityId(id)).await?;
            Ok(found.map(Opportunity::from))
        })
        .await
    }

    /// What a recruiter or an administrator searched for, with the filter, in a canonical form. Null for everything
    /// else, for searches by employees and alumni, and once somebody whom the search found was erased.
    async fn criteria(&self) -> Option<String> {
        let header = self.0.header.as_ref()?;
        let is_shown = header.kind == ServedListKind::Search.code() && is_hiring_staff(header);
        self.0.criteria.clone().filter(|_| is_shown)
    }

    /// The version of the ranking model. Null for lists without scores and events, and when the ranking is gone.
    async fn model_version(&self) -> Option<String> {
        let header = self.0.header.as_ref()?;
        Some(header.model_version.clone()).filter(|version| !version.is_empty())
    }

    /// The SHA-256 of the policy that was applied, in hexadecimal: two rankings with the same were ranked under the
    /// same rules. Null where no rule was applied, and when the ranking is gone.
    async fn policy_digest(&self) -> Option<String> {
        self.0.header.as_ref()?.policy.clone()
    }

    /// The version of text index and analysis. Null for events, and when the ranking is gone.
    async fn index_version(&self) -> Option<String> {
        Some(self.0.header.as_ref()?.index_version.clone())
    }

    /// How many were ranked. Null for events, and when the ranking is gone.
    async fn ranked_count(&self) -> Option<i32> {
        Some(i32::try_from(self.0.header.as_ref()?.n_ranked).unwrap_or(i32::MAX))
    }

    /// How many people each rule left out, by rule. Null for events, and when the ranking is gone.
    async fn left_out(&self) -> Option<Vec<LeftOut>> {
        let left_out = self.0.header.as_ref()?.left_out.iter();
        let counted = left_out.filter_map(|(code, n_people)| {
            Some(LeftOut {
                rule: ExclusionRule::from(Ineligible::from_code(code)?),
                count: i32::try_from(*n_people).unwrap_or(i32::MAX),
            })
        });
        Some(counted.collect())
    }
}

fn is_hiring_staff(header: &Header) -> bool {
    match header.reader.role() {
        Some(Role::Administrator | Role::Recruiter) => true,
        Some(Role::Employee | Role::Alumnus) | None => false,
    }
}

/// Whether administrators may see what stands in a ranking.
pub fn may_show_entries(header: &Header) -> bool {
    header.is_of_people && is_hiring_staff(header)
}

/// Who read a ranking.
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditReader {
    /// As what.
    pub role: ViewerRole,
    /// The token's subject of a recruiter or an administrator. Null for employees and alumni, whose reading is their
    /// own.
    pub subject: Option<String>,
    /// The unit of a member of staff. Null when not said, and for alumni.
    pub unit: Option<String>,
}

/// A record that was checked, and computed again where it holds a ranking.
pub struct AuditedRecord {
    /// The record.
    pub record: AuditRecord,
    /// What differs, in the order of the check.
    pub findings: Vec<String>,
    /// The ranking; `None` for events, when it is gone, and for whatever administrators may not see.
    pub replayed: Option<Replayed>,
}

/// A record that was checked, and computed again where it holds a ranking. For administrators.
#[Object]
impl AuditedRecord {
    /// The record.
    async fn record(&self) -> AuditRecord {
        self.record.clone()
    }

    /// Whether it is as it was recorded and, where it holds a ranking that administrators may see, gives the same bytes
    /// when it is computed again from its recorded inputs and model.
    async fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }

    /// What is not as it was recorded; empty when all is.
    async fn findings(&self) -> Vec<String> {
        self.findings.clone()
    }

    /// The people of the ranking, computed again, best first. Null for events, feeds, searches by employees and alumni
    /// and searches for opportunities, and when the ranking is no longer kept.
    async fn candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<AuditedCandidateConnection, Error>> {
        nullable(async {
            let Some(replayed) = &self.replayed else {
                return Ok(None);
            };
            let page = Page::new(first, after, last, before)?;
            audit::candidates(ctx, &self.record.0, &replayed.entries, &page)
                .await
                .map(Some)
        })
        .await
    }
}

/// A page of the people of a recorded ranking, best first.
#[derive(SimpleObject)]
pub struct AuditedCandidateConnection {
    /// The people with their cursors.
    pub edges: Vec<AuditedCandidateEdge>,
    /// The people alone.
    pub nodes: Vec<AuditedCandidate>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All in the ranking, tombstones included.
    pub total_count: i32,
}

/// A place in a recorded ranking.
#[derive(SimpleObject)]
pub struct AuditedCandidateEdge {
    /// Opaque; names the ranking and the place in it.
    pub cursor: String,
    /// Who stood there.
    pub node: AuditedCandidate,
}

/// Who stood at a place of a recorded ranking, and why.
#[derive(Clone, SimpleObject)]
pub struct AuditedCandidate {
    /// The place, from 1.
    pub rank: i32,
    /// The person. Null when they were erased, and when the viewer may no longer see them.
    pub alumnus: Option<Alumnus>,
    /// Whether the person was erased: nothing is left but the place.
    pub is_erased: bool,
    /// The score as it was shown. Null in a search, and for whoever was erased.
    pub score: Option<f64>,
    /// What each feature added to the base, or took from it, in the model's order, without those that did neither.
    pub contributions: Vec<RecordedContribution>,
}

/// What a feature added to a recorded score.
#[derive(Clone, Debug, SimpleObject)]
pub struct RecordedContribution {
    /// Which feature.
    pub feature: MatchFeature,
    /// The signed share of the score.
    pub value: f64,
}

impl AuditedCandidate {
    /// Who stands at the 0-based `place`.
    pub fn new(place: u32, entry: &ReplayedEntry, alumnus: Option<Alumnus>) -> Self {
        let moved = entry.contributions.iter().filter(|(_, value)| *value != 0.0);
        let contributions = moved.map(|(feature, value)| RecordedContribution {
            feature: MatchFeature::from(*feature),
            value: *value,
        });
        Self {
            rank: i32::try_from(place).unwrap_or(i32::MAX).saturating_add(1),
            alumnus,
            is_erased: entry.key.is_none(),
            score: entry.score,
            contributions: contributions.collect(),
        }
    }
}

/// A page of records, latest first.
#[derive(SimpleObject)]
pub struct AuditRecordConnection {
    /// The records with their cursors.
    pub edges: Vec<AuditRecordEdge>,
    /// The records alone.
    pub nodes: Vec<AuditRecord>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All records that the filter admits, not just the page.
    pub total_count: i32,
}

/// A record in a list.
#[derive(SimpleObject)]
pub struct AuditRecordEdge {
    /// Opaque; bound to the company and the filter.
    pub cursor: String,
    /// The record.
    pub node: AuditRecord,
}
