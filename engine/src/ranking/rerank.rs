//! The last order. People for an opportunity stand by score alone; only a feed is varied, and only a programme that asks
//! for it coordinates its lists or has them hold shares of groups. What any of them moves is a contribution.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::feed::ScoredOpportunity;
use super::market::Multipliers;
use super::score::Scored;
use super::{CandidateInputs, Pool, ScoredCandidate, group_shares};
use crate::domain::{AlumnusId, GroupShares, OpportunityKind};
use crate::features::{FeatureId, FeatureMatrix};

/// Joins people with their scores, best first; ties by identifier.
///
/// - `ids`, `features`, `scored`: in the same order
#[must_use]
pub fn by_score(ids: &[AlumnusId], features: &FeatureMatrix, scored: Vec<Scored>) -> Vec<ScoredCandidate> {
    let mut order: Vec<(f64, AlumnusId, usize)> = ids
        .iter()
        .zip(&scored)
        .enumerate()
        .map(|(idx, (id, scored))| (scored.score, *id, idx))
        .collect();
    // The keys alone are moved about, until it is known where everybody stands.
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut scored: Vec<Option<Scored>> = scored.into_iter().map(Some).collect();
    let candidates = order.into_iter().filter_map(|(score, alumnus_id, idx)| {
        let row = features.row(idx);
        Some(ScoredCandidate {
            alumnus_id,
            score,
            contributions: scored[idx].take()?.contributions,
            inputs: CandidateInputs {
                features: std::array::from_fn(|feature| row[feature]),
                multiplier: None,
                lift: None,
            },
        })
    });
    candidates.collect()
}

fn sort(candidates: &mut [ScoredCandidate]) {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.alumnus_id.cmp(&b.alumnus_id)));
}

/// Multiplies the scores of people for an opportunity by what coordination left, and orders them again, best first; ties
/// by identifier. Nobody is left out.
pub(super) fn coordinate_candidates(candidates: &mut [ScoredCandidate], multipliers: &Multipliers) {
    for candidate in candidates.iter_mut() {
        candidate.inputs.multiplier = Some(multipliers.of_alumnus(candidate.alumnus_id));
    }
    multiply_candidates(candidates);
}

/// Multiplies by the multipliers that the inputs name, where they name any, and orders again.
pub(super) fn multiply_candidates(candidates: &mut [ScoredCandidate]) {
    for candidate in candidates.iter_mut() {
        if let Some(multiplier) = candidate.inputs.multiplier {
            coordinate(&mut candidate.score, &mut candidate.contributions, multiplier);
        }
    }
    sort(candidates);
}

/// Lifts people as far as the shares of groups ask, and orders them again, best first; ties by identifier.
pub(super) fn hold_shares(candidates: &mut [ScoredCandidate], asked: &GroupShares, pool: &Pool) {
    for (candidate_idx, lift) in group_shares::lifts(candidates, asked, pool) {
        candidates[candidate_idx].inputs.lift = Some(lift);
    }
    lift_candidates(candidates);
}

/// Lifts whom the inputs name, as far as they say, and orders again.
pub(super) fn lift_candidates(candidates: &mut [ScoredCandidate]) {
    for candidate in candidates.iter_mut() {
        if let Some(lift) = candidate.inputs.lift {
            candidate.contributions[FeatureId::GroupShare as usize] = lift;
            candidate.score += lift;
        }
    }
    sort(candidates);
}

/// Multiplies the scores of a feed's items, whose order is decided afterwards.
pub(super) fn coordinate_feed(items: &mut [ScoredOpportunity], multipliers: &Multipliers) {
    for item in items.iter_mut() {
        item.inputs.multiplier = Some(multipliers.of_opportunity(item.opportunity_id));
    }
    multiply_feed(items);
}

/// Multiplies by the multipliers that the inputs name, where they name any.
pub(super) fn multiply_feed(items: &mut [ScoredOpportunity]) {
    for item in items {
        if let Some(multiplier) = item.inputs.multiplier {
            coordinate(&mut item.score, &mut item.contributions, multiplier);
        }
    }
}

fn coordinate(score: &mut f64, contributions: &mut [f64], multiplier: f64) {
    let moved = Multipliers::contribution(*score, multiplier);
    contributions[FeatureId::Coordination as usize] = moved;
    *score += moved;
}

/// What the second item of a kind, or of a unit, loses against the first; the third loses twice as much, and no item
/// more than three times. Small beside the differences between good and bad matches; chosen by hand.
const REPEATED_KIND: f64 = 0.01;
const REPEATED_UNIT: f64 = 0.015;
const REPEATS_MAX: u32 = 3;

/// What an opportunity repeats.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variety {
    /// Its kind.
    pub kind: OpportunityKind,
    /// Its unit.
    pub department: Option<String>,
}

/// Orders a feed, best first, each further item of the same kind or unit a little lower.
#[must_use]
pub fn by_score_with_variety(mut items: Vec<ScoredOpportunity>) -> Vec<ScoredOpportunity> {
    let mut n_of_kind: HashMap<OpportunityKind, u32> = HashMap::new();
    let mut n_of_unit: HashMap<String, u32> = HashMap::new();
    let mut ordered: Vec<ScoredOpportunity> = Vec::with_capacity(items.len());
    items.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.opportunity_id.cmp(&b.opportunity_id))
    });
    // Items that repeat the same stand behind each other whatever comes between: only the first of each is compared.
    let mut alike: BTreeMap<Variety, VecDeque<ScoredOpportunity>> = BTreeMap::new();
    for item in items {
        alike
            .entry(item.inputs.variety.clone())
            .or_default()
            .push_back(item);
    }
    loop {
        let penalty_of = |variety: &Variety| {
            let n_kind = n_of_kind.get(&variety.kind).copied().unwrap_or_default();
            let n_unit = variety.department.as_ref().and_then(|unit| n_of_unit.get(unit));
            let n_unit = n_unit.copied().unwrap_or_default();
            REPEATED_KIND * f64::from(n_kind.min(REPEATS_MAX))
                + REPEATED_UNIT * f64::from(n_unit.min(REPEATS_MAX))
        };
        let firsts = alike.iter().filter_map(|(variety, items)| {
            let first = items.front()?;
            Some((
                first.score - penalty_of(variety),
                first.score,
                first.opportunity_id,
                variety,
            ))
        });
        // On a tie the one that stood higher without variety stays first.
        let best = firsts.max_by(|a, b| {
            let by_value = a.0.total_cmp(&b.0);
            by_value.then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2))
        });
        let Some((value, .., variety)) = best else {
            break;
        };
        let variety = variety.clone();
        let Some(mut item) = alike.get_mut(&variety).and_then(VecDeque::pop_front) else {
            break;
        };
        // A score does not fall below 0 by variety.
        let varied = value.max(0.0);
        item.contributions[FeatureId::FeedDiversity as usize] = varied - item.score;
        item.score = varied;
        *n_of_kind.entry(variety.kind).or_default() += 1;
        if let Some(unit) = variety.department {
            *n_of_unit.entry(unit).or_default() += 1;
        }
        ordered.push(item);
    }
    ordered
}
