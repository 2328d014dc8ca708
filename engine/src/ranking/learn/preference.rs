//! What one person's own answers to their own feed say about what they want.
//!
//! - One state per person, read for that person's feed and for nothing else: no other feed, no recruiter's list and
//!   no statistic sees it.
//! - A declined item, one put off and one merely shown are three things. Declined speaks against the item; "not now"
//!   says nothing about it; shown says nothing by itself, but what the person passed over on the way to what they
//!   took or declined counts against it a little, by how likely its place is to be looked at.
//! - It weighs what the score is made of anew, around the model's weights; it knows no text and no other person.

use serde::{Deserialize, Serialize};

use super::posterior::{Observation, Posterior, Prior, examination};
use super::{LOGIT_AT_HALF, PASSED_OVER_MAX, SLOPE};
use crate::domain::{DeclineReason, InteractionKind, OpportunityKind, ServedListId};
use crate::features::{FeatureId, Group};

/// How sure the prior is: the precision of the replayed protocol.
const PRECISION: f64 = 2.0;
/// What a kind of opportunity is worth at a weight of 1, in score.
const KIND_UNIT: f64 = 0.05;
/// How much a stated no counts: passing by is what a logit this low expects, and would outweigh a no of weight 1.
const DECLINED_WEIGHT: f64 = 4.0;
/// Standard deviations of the bonus for what is not known yet; chosen on the replayed protocol.
const BONUS: f64 = 1.0;
/// The most that learning adds or takes away: a few places among good matches, never the top for a bad one.
const LEARNT_MAX: f64 = 0.08;
/// The most that the bonus adds.
const EXPLORATION_MAX: f64 = 0.03;
/// Weights: one for each feature, one for each kind, and how readily the person answers at all.
const N_WEIGHTS: usize = FeatureId::ALL.len() + OpportunityKind::ALL.len() + 1;

/// What a person did with an item, as far as learning goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Saved it, or is interested.
    Taken,
    /// Declined it for what it is.
    Declined,
    /// Put it off, or declined it for the time alone: says nothing about what it is.
    NotNow,
}

impl Answer {
    /// What an interaction says.
    #[must_use]
    pub const fn of(kind: InteractionKind) -> Self {
        match kind {
            InteractionKind::Interested | InteractionKind::Saved => Self::Taken,
            InteractionKind::Snoozed { .. }
            | InteractionKind::Declined {
                reason: DeclineReason::Timing,
            } => Self::NotNow,
            InteractionKind::Declined {
                reason:
                    DeclineReason::NotMyField | DeclineReason::Terms | DeclineReason::Place | DeclineReason::Other,
            } => Self::Declined,
        }
    }
}

/// An item of a feed as it was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// As recorded with the list, in the order of [`FeatureId::ALL`].
    pub contributions: Vec<f64>,
    /// Its kind.
    pub kind: OpportunityKind,
    /// Whether the person gave an answer to it, which its being passed over would contradict.
    pub is_answered: bool,
}

/// What is believed of one person's weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preference {
    posterior: Posterior,
    /// The list that was learnt from last, and how many of its places: what was passed over counts once.
    last: Option<(ServedListId, u32)>,
}

/// What learning adds to a score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Learnt {
    /// By the expected weights.
    pub preference: f64,
    /// By how uncertain they are.
    pub exploration: f64,
}

impl Default for Preference {
    fn default() -> Self {
        Self::new()
    }
}

impl Preference {
    /// Of a person who has answered nothing: the model's weights as they are, no kind before another.
    #[must_use]
    pub fn new() -> Self {
        let mut weights = [0.0; N_WEIGHTS];
        weights[..FeatureId::ALL.len()].fill(1.0);
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

    /// How many answers were learnt.
    #[must_use]
    pub const fn n_answers(&self) -> u64 {
        self.posterior.n_lists()
    }

    /// Learns what came of an item. Returns whether that says anything.
    ///
    /// - `items`: of the list, best first, as far as the item; of those above it the first [`PASSED_OVER_MAX`] are
    ///   enough
    /// - `answered_idx`: where it stands in `items`
    pub fn learn(
        &mut self,
        list: ServedListId,
        items: &[Shown],
        answered_idx: usize,
        answer: Answer,
    ) -> bool {
        let (is_taken, weight) = match answer {
            Answer::Taken => (true, 1.0),
            Answer::Declined => (false, DECLINED_WEIGHT),
            Answer::NotNow => return false,
        };
        let Some(answered) = items.get(answered_idx) else {
            return false;
        };
        let n_known = match self.last {
            Some((last, n_known)) if last == list => n_known as usize,
            Some(_) | None => 0,
        };
        let n_passed = answered_idx.min(PASSED_OVER_MAX);
        let mut observations = vec![observation(answered, is_taken, weight)];
        for (rank, item) in (1..).zip(items).take(n_passed).skip(n_known) {
            if !item.is_answered {
                observations.push(observation(item, false, examination(rank)));
            }
        }
        self.posterior.learn(&observations);
        self.last = Some((list, n_passed.max(n_known) as u32));
        true
    }

    /// What learning adds to each of these scores, in their order.
    #[must_use]
    pub fn weigh<'a>(&self, items: impl Iterator<Item = (&'a [f64], OpportunityKind)>) -> Vec<Learnt> {
        if self.n_answers() == 0 {
            return items.map(|_| Learnt::default()).collect();
        }
        let factor = self.posterior.factor();
        let prior = Self::new();
        let weighed = items.map(|(contributions, kind)| {
            let mut features = features(contributions, kind);
            // How readily the person answers at all says nothing about one item.
            features[N_WEIGHTS - 1] = 0.0;
            let change = self.posterior.expected(&features) - prior.posterior.expected(&features);
            let bonus = BONUS * Posterior::uncertainty(&factor, &features);
            Learnt {
                preference: (change / SLOPE).clamp(-LEARNT_MAX, LEARNT_MAX),
                exploration: (bonus / SLOPE).min(EXPLORATION_MAX),
            }
        });
        weighed.collect()
    }
}

/// A contribution is what its feature adds at a weight of 1, so the prior's weights are all 1. What learning itself
/// or variety added is no property of the item.
fn features(contributions: &[f64], kind: OpportunityKind) -> Vec<f64> {
    let mut features = vec![0.0; N_WEIGHTS];
    let is_of_the_item = |feature: FeatureId| match feature {
        FeatureId::StandingAmongAlumni | FeatureId::OwnChoices => true,
        _ => feature.group() != Group::Feed,
    };
    for (feature, contribution) in FeatureId::ALL.iter().zip(contributions) {
        if is_of_the_item(*feature) {
            features[*feature as usize] = SLOPE * contribution;
        }
    }
    features[FeatureId::ALL.len() + kind as usize] = SLOPE * KIND_UNIT;
    features[N_WEIGHTS - 1] = 1.0;
    features
}

fn observation(item: &Shown, is_taken: bool, weight: f64) -> Observation {
    Observation {
        features: features(&item.contributions, item.kind),
        offset: LOGIT_AT_HALF,
        is_taken,
        weight,
    }
}

#[cfg(test)]
#[path = "preference_tests.rs"]
mod tests;
