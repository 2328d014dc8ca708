//! What a company's recruiters choose and reject says about what the company wants.
//!
//! - One state per company. It moves the weights of the model by which that company's candidates are ranked, and no
//!   other ranking: no feed and no other company reads it.
//! - It knows features and decisions, and no person, text or opportunity. What alumni answer is not among them, so it
//!   predicts nobody's acceptance.
//! - A chosen and a rejected candidate are decisions. Merely seen says nothing by itself; who was passed over on the way
//!   to a decision counts a little, by how likely their place is to be looked at.
//! - It weighs anew and silences nothing: a weight stays within a third and three times the model's, before all are
//!   brought to the sum of 1.

use serde::{Deserialize, Serialize};

use super::posterior::{Observation, Posterior, Prior, examination};
use super::{LOGIT_AT_HALF, PASSED_OVER_MAX, SLOPE};
use crate::domain::ServedListId;
use crate::features::{FeatureId, FeatureRow, Group};
use crate::ranking::{Model, score};

/// How sure the prior is: that of the replayed protocol, whose companies lie .7 from the common weights.
const PRECISION: f64 = 2.0;
/// How much a rejection counts: it is stated, and passing by is what a logit this low expects anyway.
const REJECTED_WEIGHT: f64 = 4.0;
/// The most that a weight grows, and the least that is left of it: what some hundred decisions say of one feature is
/// noisy, and a feature that weighs nothing can never be learnt again.
const FACTOR_MAX: f64 = 3.0;
const FACTOR_MIN: f64 = 1.0 / FACTOR_MAX;
/// What sums of some twenty weights round by, with room: obstacles that may weigh just as much must not weigh more.
const ROUNDING: f64 = 1e-12;

/// One for each feature, and how readily recruiters choose at all.
const N_WEIGHTS: usize = FeatureId::ALL.len() + 1;

/// What a recruiter decided about a candidate, as far as learning goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Shortlisted or invited, as one person.
    Chosen,
    /// Rejected, for a reason.
    Rejected,
}

/// A candidate as a list showed them.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownCandidate {
    /// As recorded with the list.
    pub features: FeatureRow,
    /// Whether they must not count as passed over: decided upon before, or hidden from some of the company.
    pub is_apart: bool,
}

/// What is believed of one company's weights, as factors of the model's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompanyWeights {
    posterior: Posterior,
    /// The list that was learnt from last, and how many of its places: who was passed over counts once.
    last: Option<(ServedListId, u32)>,
}

impl Default for CompanyWeights {
    fn default() -> Self {
        Self::new()
    }
}

impl CompanyWeights {
    /// Of a company that has decided nothing: the model's weights as they are.
    #[must_use]
    pub fn new() -> Self {
        let mut weights = [1.0; N_WEIGHTS];
        weights[N_WEIGHTS - 1] = 0.0;
        Self {
            posterior: Posterior::new(Prior {
                weights: &weights,
                precisions: &[PRECISION; N_WEIGHTS],
            }),
            last: None,
        }
    }

    /// Whether this version can go on from it.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.posterior.is_readable(N_WEIGHTS)
    }

    /// How many decisions were learnt.
    #[must_use]
    pub const fn n_decisions(&self) -> u64 {
        self.posterior.n_lists()
    }

    /// Learns one decision.
    ///
    /// - `candidates`: of the list, best first, as far as whom the decision is about, who is the last
    pub fn learn(
        &mut self,
        model: &Model,
        list: ServedListId,
        candidates: &[ShownCandidate],
        decision: Decision,
    ) {
        let Some((decided, above)) = candidates.split_last() else {
            return;
        };
        let n_known = match self.last {
            Some((last, n_known)) if last == list => n_known as usize,
            Some(_) | None => 0,
        };
        let n_passed = above.len().min(PASSED_OVER_MAX);
        let (is_taken, weight) = match decision {
            Decision::Chosen => (true, 1.0),
            Decision::Rejected => (false, REJECTED_WEIGHT),
        };
        let mut observations = vec![observation(model, decided, is_taken, weight)];
        for (rank, candidate) in (1..).zip(above).take(n_passed).skip(n_known) {
            if !candidate.is_apart {
                observations.push(observation(model, candidate, false, examination(rank)));
            }
        }
        self.posterior.learn(&observations);
        self.last = Some((list, n_passed.max(n_known) as u32));
    }

    /// What a feature's weight is multiplied by, before all are brought to the sum of 1.
    #[must_use]
    pub fn factor(&self, feature: FeatureId) -> f64 {
        if feature.group() == Group::Feed {
            return 1.0;
        }
        self.posterior.weights()[feature as usize].clamp(FACTOR_MIN, FACTOR_MAX)
    }

    /// The model by which this company's candidates are ranked; `model` itself while nothing was decided.
    #[must_use]
    pub fn apply(&self, model: &Model) -> Model {
        if self.n_decisions() == 0 {
            return model.clone();
        }
        let mut weights = model.weights().clone();
        for feature in FeatureId::ALL {
            weights[*feature as usize] *= self.factor(*feature);
        }
        let of_group = |weights: &ndarray::Array1<f64>, group: Group| -> f64 {
            let features = FeatureId::ALL.iter().filter(|feature| feature.group() == group);
            features.map(|feature| weights[*feature as usize]).sum()
        };
        // What stands in the way must not weigh more than what it could stand in the way of.
        let excess = of_group(&weights, Group::Obstacle) / of_group(&weights, Group::Substance);
        if excess > 1.0 {
            let obstacles = FeatureId::ALL.iter().filter(|one| one.group() == Group::Obstacle);
            obstacles.for_each(|feature| weights[*feature as usize] /= excess * (1.0 + ROUNDING));
        }
        let sum = weights.sum();
        weights /= sum;
        model.reweighted(weights, &format!("{}+{}", model.version(), self.n_decisions()))
    }
}

/// A contribution is what its feature adds at a factor of 1, so the prior's factors are all 1.
fn observation(model: &Model, candidate: &ShownCandidate, is_taken: bool, weight: f64) -> Observation {
    let scored = score::of(model, ndarray::ArrayView1::from(&candidate.features));
    let mut features: Vec<f64> = scored.contributions.iter().map(|one| SLOPE * one).collect();
    features.push(1.0);
    Observation {
        features,
        offset: LOGIT_AT_HALF,
        is_taken,
        weight,
    }
}

#[cfg(test)]
#[path = "company_tests.rs"]
mod tests;
