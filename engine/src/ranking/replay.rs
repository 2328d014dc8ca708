//! Rankings computed again from what was recorded: the same scores, order and contributions, to the bit, whatever became
//! of the people, the texts and the model since.
//!
//! - Starts where the features end: texts are not read again, so that a profile that changed, or was erased, changes
//!   nothing.
//! - Runs the code that ranks ([`score`], [`rerank`], [`feed`](mod@super::feed), [`own`]) and none of its own.

use std::collections::HashMap;

use super::feed::{ScoredOpportunity, among_alumni};
use super::score::Scorer;
use super::{CandidateInputs, FeedInputs, Model, ScoredCandidate, own, rerank, score};
use crate::domain::{AlumnusId, OpportunityId};
use crate::features::{FeatureId, FeatureMatrix};

/// Ranks people again, best first, from what their scores were computed from; in any order.
#[must_use]
pub fn candidates(model: &Model, recorded: Vec<(AlumnusId, CandidateInputs)>) -> Vec<ScoredCandidate> {
    let mut features = FeatureMatrix::zeros((recorded.len(), FeatureId::ALL.len()));
    for (mut row, (_, inputs)) in features.rows_mut().into_iter().zip(&recorded) {
        for (cell, value) in row.iter_mut().zip(inputs.features) {
            *cell = value;
        }
    }
    let ids: Vec<AlumnusId> = recorded.iter().map(|(id, _)| *id).collect();
    let moved: HashMap<AlumnusId, (Option<f64>, Option<f64>)> = recorded
        .iter()
        .map(|(id, inputs)| (*id, (inputs.multiplier, inputs.lift)))
        .collect();
    let scored = score::apply(model, &features);
    let mut candidates = rerank::by_score(&ids, &features, scored);
    for candidate in &mut candidates {
        let moved = moved.get(&candidate.alumnus_id).copied();
        (candidate.inputs.multiplier, candidate.inputs.lift) = moved.unwrap_or_default();
    }
    rerank::multiply_candidates(&mut candidates);
    rerank::lift_candidates(&mut candidates);
    candidates
}

/// Orders a feed again, best first, from what its scores were computed from; in any order.
#[must_use]
pub fn feed(model: &Model, recorded: Vec<(OpportunityId, FeedInputs)>) -> Vec<ScoredOpportunity> {
    let scorer = Scorer::new(model);
    let scored = recorded
        .into_iter()
        .map(|(id, inputs)| among_alumni(&scorer, id, inputs));
    let mut items: Vec<ScoredOpportunity> = scored.collect();
    own::apply_recorded(&mut items);
    rerank::multiply_feed(&mut items);
    rerank::by_score_with_variety(items)
}
