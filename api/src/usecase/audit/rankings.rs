//! Which rankings a person was in: for the person's own glass box and export, and for whoever oversees.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{Role, ServedListId};
use okaeri_engine::features::FeatureId;

use super::inputs::Reader;
use super::{AlumnusId, CompanyId, OpportunityId, numbers, replay};
use crate::db::Reads;
use crate::db::audit;
use crate::db::served_lists::{self, ServedListKind};
use crate::usecase::Fault;

/// How many lists are looked at for a person in one step.
const LISTS_PER_STEP: u64 = 1_000;

/// A ranking that a person was in.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedIn {
    /// Which ranking.
    pub ranking_id: ServedListId,
    /// Its place in the chain; later is greater.
    pub sequence: u64,
    /// When it was shown.
    pub at: DateTime<Utc>,
    /// Candidates or search; nobody is an item of a feed.
    pub kind: ServedListKind,
    /// For which opportunity; `None` for a search.
    pub opportunity_id: Option<OpportunityId>,
    /// As what the reader read it; `None` for a role that this version does not know.
    pub reader_role: Option<Role>,
    /// The unit of the reader, where it was said.
    pub reader_unit: Option<String>,
    /// The person's place, from 1.
    pub rank: u32,
    /// How many were ranked.
    pub n_ranked: u64,
    /// The score of an average pair, as it was recorded; 0 for a search.
    pub base: f64,
    /// The base plus the sum of the contributions; `None` for a search.
    pub score: Option<f64>,
    /// What each feature added; empty for a search.
    pub contributions: Vec<(FeatureId, f64)>,
}

/// The rankings that a person was in, latest first: at most `limit` in front of the place `before` in the chain.
///
/// It tells nothing of rankings that left the person out, and not who the reader was, but as what they read it.
///
/// # Errors
///
/// When the database fails, and when a record cannot be read.
pub async fn rankings_of(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<RankedIn>, Fault> {
    let mut rankings = Vec::new();
    let salts = audit::load_salts(db, company_id, std::iter::once(alumnus_id.0)).await?;
    let Some(salt) = salts.get(&alumnus_id) else {
        return Ok(rankings);
    };
    let mut before = before.unwrap_or(i64::MAX.unsigned_abs());
    while rankings.len() < limit {
        let lists = served_lists::list_people_before(db, company_id, before, LISTS_PER_STEP).await?;
        let Some((last, ..)) = lists.last() else { break };
        before = *last;
        for (_, id, people) in &lists {
            if rankings.len() < limit && numbers::contains(people, salt.number) {
                rankings.extend(ranked_in(db, company_id, alumnus_id, *id).await?);
            }
        }
    }
    Ok(rankings)
}

async fn ranked_in(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    id: ServedListId,
) -> Result<Option<RankedIn>, Fault> {
    let Some(stored) = replay::find(db, company_id, id.0).await? else {
        return Ok(None);
    };
    let Some(ranking) = stored.ranking else {
        return Ok(None);
    };
    let recorded = ranking.recorded()?;
    let places = (1u32..).zip(recorded);
    let own = places
        .into_iter()
        .find(|(_, entry)| entry.key == Some(alumnus_id.0));
    let Some((rank, entry)) = own else {
        return Ok(None);
    };
    let kind = ServedListKind::from_code(&ranking.header.kind);
    let kind = kind.ok_or_else(|| Fault::Broken(format!("record {} is of no kind", stored.row.sequence)))?;
    let reader: &Reader = &ranking.header.reader;
    Ok(Some(RankedIn {
        ranking_id: id,
        sequence: stored.row.sequence,
        at: stored.row.at,
        kind,
        opportunity_id: ranking.header.subject_id.map(OpportunityId),
        reader_role: reader.role(),
        reader_unit: reader.unit.clone(),
        rank,
        n_ranked: ranking.header.n_ranked,
        base: ranking.base()?,
        score: entry.score,
        contributions: entry.contributions,
    }))
}
