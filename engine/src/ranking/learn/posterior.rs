//! Bayesian logistic regression that learns one shown list at a time: a Gaussian over the weights, brought to the
//! mode of each list's posterior by Newton's method, with the curvature there as the new precision (Laplace;
//! Chapelle & Li, "An empirical evaluation of Thompson sampling", NIPS 2011, with the full matrix).
//!
//! - Constant memory: a list that was learnt is not needed again.
//! - Draws nothing at random: the same lists in the same order give the same bytes.

use serde::{Deserialize, Serialize};

use super::dense::{Factor, Symmetric};

/// The form of a stored state. Another one is not read but learnt anew.
pub const STATE_VERSION: u16 = 1;

/// Newton steps at most. Three bring a list of five to 1e-9; the rest is for long lists that surprise.
const STEPS_MAX: usize = 20;

/// A step shorter than this, in any weight, ends the search: far below what a score shows.
const STEP_MIN: f64 = 1e-9;

/// One shown item and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// As many as there are weights.
    pub features: Vec<f64>,
    /// What is added to `w·x` and not learnt.
    pub offset: f64,
    /// Whether the person took it up.
    pub is_taken: bool,
    /// How much it counts: 1 for what the person did, the place's examination for what was passed over.
    pub weight: f64,
}

/// What is believed of the weights before anything was observed.
#[derive(Clone, Copy, Debug)]
pub struct Prior<'a> {
    /// The expected weights.
    pub weights: &'a [f64],
    /// How sure each is: 1 over its variance.
    pub precisions: &'a [f64],
}

/// What is believed of the weights now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    version: u16,
    weights: Vec<f64>,
    precision: Symmetric,
    n_lists: u64,
}

/// How likely a place of a list is to be looked at, by its 1-based rank: `1/log2(rank + 1)`.
#[must_use]
pub fn examination(rank: u32) -> f64 {
    1.0 / (f64::from(rank) + 1.0).log2()
}

impl Posterior {
    /// The prior, with nothing learnt.
    #[must_use]
    pub fn new(prior: Prior<'_>) -> Self {
        assert_eq!(
            prior.weights.len(),
            prior.precisions.len(),
            "one precision per weight"
        );
        assert!(
            prior.precisions.iter().all(|one| *one > 0.0),
            "a precision is positive"
        );
        Self {
            version: STATE_VERSION,
            weights: prior.weights.to_vec(),
            precision: Symmetric::diagonal(prior.precisions),
            n_lists: 0,
        }
    }

    /// Whether it was stored in this version's form, with as many weights.
    #[must_use]
    pub fn is_readable(&self, n_weights: usize) -> bool {
        self.version == STATE_VERSION
            && self.weights.len() == n_weights
            && self.precision.has_dimension(n_weights)
            && self.weights.iter().all(|weight| weight.is_finite())
            && self.precision.is_finite()
            && self.precision.factor().is_some()
    }

    /// The expected weights.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// How many lists were learnt.
    #[must_use]
    pub const fn n_lists(&self) -> u64 {
        self.n_lists
    }

    /// Learns what came of one list. A list without observations leaves everything as it is.
    pub fn learn(&mut self, observations: &[Observation]) {
        if observations.is_empty() {
            return;
        }
        let (before, mut loss) = (self.weights.clone(), self.loss(&self.weights, observations));
        for _ in 0..STEPS_MAX {
            let Some(mut step) = self.newton_step(&before, observations) else {
                break;
            };
            let mut next = plus(&self.weights, &step);
            let mut next_loss = loss_from(&before, &self.precision, &next, observations);
            while next_loss > loss && longest(&step) >= STEP_MIN {
                step.iter_mut().for_each(|one| *one /= 2.0);
                next = plus(&self.weights, &step);
                next_loss = loss_from(&before, &self.precision, &next, observations);
            }
            if longest(&step) < STEP_MIN {
                break;
            }
            (self.weights, loss) = (next, next_loss);
        }
        self.precision = self.curvature(observations);
        self.n_lists += 1;
    }

    /// The factor that [`Self::uncertainty`] and [`Self::draw`] read; once for many items.
    #[must_use]
    pub fn factor(&self) -> Factor {
        match self.precision.factor() {
            Some(factor) => factor,
            None => panic!("a precision is positive definite: a positive prior plus squares"),
        }
    }

    /// The expected `w·x`.
    #[must_use]
    pub fn expected(&self, features: &[f64]) -> f64 {
        dot(&self.weights, features)
    }

    /// How uncertain `w·x` is: its standard deviation, `sqrt(xᵀΣx)`.
    #[must_use]
    pub fn uncertainty(factor: &Factor, features: &[f64]) -> f64 {
        let half = factor.solve_lower(features);
        dot(&half, &half).sqrt()
    }

    /// Weights drawn from the posterior, for Thompson sampling in comparisons.
    ///
    /// - `normals`: as many standard normal numbers as there are weights
    #[must_use]
    pub fn draw(&self, factor: &Factor, normals: &[f64]) -> Vec<f64> {
        plus(&self.weights, &factor.solve_upper(normals))
    }

    fn loss(&self, weights: &[f64], observations: &[Observation]) -> f64 {
        loss_from(&self.weights, &self.precision, weights, observations)
    }

    /// One step from the current weights towards the mode, where `before` and the precision are the prior.
    fn newton_step(&self, before: &[f64], observations: &[Observation]) -> Option<Vec<f64>> {
        let moved = minus(before, &self.weights);
        let mut slope = self.precision.times(&moved);
        for one in observations {
            let surprise = f64::from(u8::from(one.is_taken)) - self.probability(one);
            for (sum, feature) in slope.iter_mut().zip(&one.features) {
                *sum += one.weight * surprise * feature;
            }
        }
        Some(self.curvature(observations).factor()?.solve(&slope))
    }

    /// The precision after these observations, at the current weights.
    fn curvature(&self, observations: &[Observation]) -> Symmetric {
        let mut curvature = self.precision.clone();
        for one in observations {
            let probability = self.probability(one);
            curvature.add_outer(&one.features, one.weight * probability * (1.0 - probability));
        }
        curvature
    }

    fn probability(&self, one: &Observation) -> f64 {
        sigmoid(self.expected(&one.features) + one.offset)
    }
}

/// What the mode minimises: half the distance from `before` in units of the precision, plus the surprise.
fn loss_from(before: &[f64], precision: &Symmetric, weights: &[f64], observations: &[Observation]) -> f64 {
    let moved = minus(weights, before);
    let distance = dot(&moved, &precision.times(&moved)) / 2.0;
    let surprise = observations.iter().map(|one| {
        let logit = dot(weights, &one.features) + one.offset;
        let towards = if one.is_taken { -logit } else { logit };
        one.weight * softplus(towards)
    });
    distance + surprise.sum::<f64>()
}

/// `1/(1 + e⁻ˣ)`.
#[must_use]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `ln(1 + eˣ)` without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "one feature per weight");
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn plus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn longest(step: &[f64]) -> f64 {
    step.iter().fold(0.0, |longest, one| longest.max(one.abs()))
}

#[cfg(test)]
#[path = "posterior_tests.rs"]
mod tests;
