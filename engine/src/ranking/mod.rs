//! Ranking: alumni for an opportunity, opportunities for an alumnus, and why.
//!
//! - Decides nothing about a person: it orders, and whoever is left out is left out by a rule that is counted.
//! - Never reorders people for a role by anything but the score; ties go by identifier. What coordination or shares of
//!   groups move, where a programme asks for them, is part of the score ([`Ranking::coordinate`],
//!   [`Ranking::hold_shares`]).
//! - Predicts nobody's acceptance, return or leaving.

/// Computes something as a stage of ranking that traces show ([`STEPS`](crate::STEPS)).
macro_rules! stage {
    ($name:literal, $work:expr) => {
        tracing::info_span!(target: crate::STEPS, $name).in_scope(|| $work)
    };
}

pub mod calibration;
pub mod explain;
pub mod feed;
pub mod filter;
mod first_sight;
pub mod group_shares;
pub mod learn;
pub mod market;
mod memo;
pub mod model;
mod order;
pub mod own;
pub mod pool;
mod queries;
pub mod replay;
pub mod rerank;
pub mod retrieve;
pub mod score;
pub mod shares;
#[cfg(test)]
mod tests;
pub mod train;
mod verdicts;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::calendar::japan_date;
use crate::domain::{AlumnusId, Asker, GroupShares, Ineligible, Policy};
use crate::features::{self, AnalyzedOpportunity, FeatureMatrix, FeatureRow};
use crate::interrupt::{Interrupt, Interrupted, uninterrupted};

pub use calibration::{Calibration, Calibrations};
pub use explain::{
    Contribution, Evidence, ExplainRequest, Language, MatchExplanation, Reading, RequirementCheck,
    RequirementStatus, Side, explain, explain_again, explained,
};
pub use feed::{FeedInputs, FeedRanking, FeedRequest, ScoredOpportunity, feed, feed_unless};
pub use model::{Model, ModelError, Training};
pub use own::OwnChoices;
pub use pool::{Member, Pool};

/// Most people who are scored: of a larger programme those for whom most speaks at first sight ([`retrieve`]). Of 100,000
/// people these have all of the first 50 of everybody scored (measured by the example `speed`). More than anybody pages
/// through. Whoever ties with the last of them is scored too, if that is no more than as many again.
pub const SCORED_MAX: usize = 500;

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
    /// Who reads the answer: whoever excludes them is out as somebody who never opted in.
    pub reader: &'a Asker,
}

/// One ranked person.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredCandidate {
    /// Who.
    pub alumnus_id: AlumnusId,
    /// The base plus the sum of the contributions, in `[0, 1]`.
    pub score: f64,
    /// In the order of [`FeatureId::ALL`](crate::features::FeatureId::ALL).
    pub contributions: Vec<f64>,
    /// What the score was computed from.
    pub inputs: CandidateInputs,
}

/// What a candidate's score is computed from, beside the model: enough to compute it again ([`replay`]).
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateInputs {
    /// The features, as the scorer read them.
    pub features: FeatureRow,
    /// What coordination multiplied by; `None`: the list was not coordinated.
    pub multiplier: Option<f64>,
    /// What the share of the person's group added; `None`: nothing.
    pub lift: Option<f64>,
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

impl Ranking {
    /// Multiplies every score by what coordination left, and orders again. Leaves out nobody; what it moves is a
    /// contribution.
    pub fn coordinate(&mut self, multipliers: &market::Multipliers) {
        rerank::coordinate_candidates(&mut self.candidates, multipliers);
    }

    /// Lifts people so far that every length of the list has the shares of groups that are asked for, and orders again.
    /// Leaves out nobody and lowers nobody's score; what it moves is a contribution.
    pub fn hold_shares(&mut self, asked: &GroupShares, pool: &Pool) {
        rerank::hold_shares(&mut self.candidates, asked, pool);
    }
}

/// Ranks the alumni of `pool` for one opportunity: all who may be, or the [`SCORED_MAX`] of them for whom most
/// speaks at first sight. The answer does not depend on the order of anything passed in.
#[must_use]
pub fn rank(request: &RankRequest<'_>, pool: &Pool, model: &Model) -> Ranking {
    uninterrupted(|never| rank_unless(never, request, pool, model))
}

/// As [`rank`], unless it is interrupted: then there is no part of an answer.
///
/// # Errors
///
/// [`Interrupted`], asked for before each stage and every few hundred people within.
pub fn rank_unless(
    interrupt: &Interrupt,
    request: &RankRequest<'_>,
    pool: &Pool,
    model: &Model,
) -> Result<Ranking, Interrupted> {
    interrupt.check()?;
    let recalled = pool.recall(request.opportunity);
    let (mut eligible, left_out) = stage!("filter", filter::partition(interrupt, pool, request))?;
    if eligible.len() > SCORED_MAX {
        eligible = stage!(
            "retrieve",
            retrieve::propose(
                interrupt,
                pool,
                &recalled,
                model,
                &eligible,
                today(request.now),
                SCORED_MAX
            )
        )?;
    }
    eligible.sort_unstable_by_key(|slot| pool.id(*slot));
    let features = stage!(
        "extract",
        recalled.memo.features(
            interrupt,
            (pool, &recalled.query),
            &eligible,
            (request.reader, request.now)
        )
    )?;
    let scored = stage!("score", score::apply_unless(interrupt, model, &features))?;
    interrupt.check()?;
    let alumnus_ids: Vec<AlumnusId> = eligible.iter().map(|slot| pool.id(*slot)).collect();
    let candidates = stage!("rerank", rerank::by_score(&alumnus_ids, &features, scored));
    Ok(Ranking {
        candidates,
        base: model.base(),
        left_out,
        model_version: model.version().to_owned(),
    })
}

/// Who may be ranked for an opportunity, before any model has looked: what is scored, trained on and measured.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// Who, by identifier.
    pub alumnus_ids: Vec<AlumnusId>,
    /// A row for each of them.
    pub features: FeatureMatrix,
    /// How many people each rule left out.
    pub left_out: BTreeMap<Ineligible, u32>,
}

/// Filters and extracts everybody, without a model.
#[must_use]
pub fn extract(request: &RankRequest<'_>, pool: &Pool) -> Extracted {
    let query = pool.query(request.opportunity);
    uninterrupted(|never| {
        let (mut slots, left_out) = filter::partition(never, pool, request)?;
        slots.sort_unstable_by_key(|slot| pool.id(*slot));
        Ok(Extracted {
            features: features::extract_unless(never, &pool.subjects(&slots), &query, request.now)?,
            alumnus_ids: slots.iter().map(|slot| pool.id(*slot)).collect(),
            left_out,
        })
    })
}

/// Today in Japan, at the instant of a question.
pub(crate) fn today(now: DateTime<Utc>) -> chrono::NaiveDate {
    japan_date(now)
}
