//! Ranking: alumni for an opportunity, opportunities for an alumnus, and why.
//!
//! - Decides nothing about a person: it orders, and whoever is left out is left out by a rule that is counted.
//! - Never reorders people for a role by anything but the score; ties go by identifier.
//! - Predicts nobody's acceptance, return or leaving.

pub mod calibration;
pub mod explain;
pub mod feed;
pub mod filter;
pub mod model;
pub mod pool;
pub mod rerank;
pub mod retrieve;
pub mod score;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::calendar::japan_date;
use crate::domain::{AlumnusId, Ineligible, Policy};
use crate::features::{self, AnalyzedOpportunity, Expansion, FeatureId, Query};

pub use calibration::{Calibration, Calibrations};
pub use explain::{
    Contribution, Evidence, ExplainRequest, Language, MatchExplanation, RequirementCheck, RequirementStatus,
    Side, explain,
};
pub use feed::{FeedRanking, FeedRequest, ScoredOpportunity, feed};
pub use model::{Model, ModelError};
pub use pool::Pool;

/// Most people that are scored for one opportunity: all of a programme of this size, and of a larger one as many as
/// retrieval proposes within the time of one request (2,000 take some 10 ms).
pub const SCORED_MAX: usize = 2_000;

/// A question: who, for this opportunity?
#[derive(Clone, Copy, Debug)]
pub struct RankRequest<'a> {
    /// For which opportunity.
    pub opportunity: &'a AnalyzedOpportunity,
    /// The programme's rules.
    pub policy: &'a Policy,
    /// The instant of the question.
    pub now: DateTime<Utc>,
    /// People who are out for this opportunity whatever the programme says, such as those rejected for it.
    pub withheld: &'a HashMap<AlumnusId, Ineligible>,
    /// Whom the index proposes, best first; read only where more than [`SCORED_MAX`] people are eligible. `None`:
    /// everybody is scored.
    pub retrieved: Option<&'a [AlumnusId]>,
}

/// One ranked person.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredCandidate {
    /// Who.
    pub alumnus_id: AlumnusId,
    /// The base plus the sum of the contributions, in `[0, 1]`.
    pub score: f64,
    /// In the order of [`FeatureId::ALL`].
    pub contributions: Vec<f64>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Best first; ties by identifier.
    pub candidates: Vec<ScoredCandidate>,
    /// The score of an average pair.
    pub base: f64,
    /// How many people each rule left out.
    pub left_out: BTreeMap<Ineligible, u32>,
    /// The model that scored.
    pub model_version: String,
}

/// Ranks the alumni of `pool` for one opportunity. The answer does not depend on the order of anything passed in,
/// but for which people are scored where `retrieved` proposes more than [`SCORED_MAX`].
#[must_use]
pub fn rank(request: &RankRequest<'_>, pool: &Pool, model: &Model) -> Ranking {
    let query = Query::new(request.opportunity, pool.vocabulary());
    let (eligible, left_out) = filter::partition(pool, request);
    let retrieved = filter::retrieve(&eligible, request.retrieved);
    let subjects = pool.subjects(&retrieved);
    let expansion = expand(&subjects, &query, pool, request.now);
    let matrix = features::extract(&subjects, &query, &expansion, request.now);
    let scored = score::apply(model, &matrix);
    Ranking {
        candidates: rerank::by_score(&retrieved, scored),
        base: model.base(),
        left_out,
        model_version: model.version().to_owned(),
    }
}

/// Learns the expansion from the people whose own words match best.
pub(crate) fn expand(
    subjects: &[features::Subject<'_>],
    query: &Query<'_>,
    pool: &Pool,
    now: DateTime<Utc>,
) -> Expansion {
    let matrix = features::extract(subjects, query, &Expansion::default(), now);
    let relevance_of = |row_idx: usize| {
        let relevance = |feature: FeatureId| matrix[[row_idx, feature as usize]];
        0.5 * relevance(FeatureId::TextRelevance) + 0.5 * relevance(FeatureId::MustHaveCoverage)
    };
    let mut relevant: Vec<_> = (0..subjects.len()).map(|idx| (idx, relevance_of(idx))).collect();
    relevant.sort_by(|(a_idx, a), (b_idx, b)| b.total_cmp(a).then(a_idx.cmp(b_idx)));
    relevant.truncate(20);
    let best: Vec<_> = relevant
        .into_iter()
        .map(|(idx, relevance)| (subjects[idx], relevance))
        .collect();
    Expansion::learn(&best, pool.vocabulary())
}

/// Today in Japan, at the instant of a question.
pub(crate) fn today(now: DateTime<Utc>) -> chrono::NaiveDate {
    japan_date(now)
}
