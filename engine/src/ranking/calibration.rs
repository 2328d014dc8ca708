//! What a score means for one opportunity: the mean and spread over the people who could be asked, so that a feed
//! can compare scores across opportunities.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use ndarray::ArrayView1;

use super::score::Scorer;
use super::{Model, Pool, RankRequest, filter};
use crate::domain::{Asker, OpportunityId, Policy};
use crate::features::{self, AnalyzedOpportunity, Matcher};
use crate::interrupt::{Interrupt, Interrupted, uninterrupted};

/// Most people that a calibration scores. The mean of 400 is within a twentieth of the spread of the true one.
const SAMPLE_MAX: usize = 400;

/// The least spread assumed: where everybody is alike, small differences must not look large.
const SPREAD_MIN: f64 = 0.02;

/// How many people the model's average pair weighs as much as. Among a handful of alumni the mean is hardly more than
/// the person themselves, who would then stand out from nobody and find an empty feed; over hundreds it says nothing.
const PRIOR_PEOPLE: f64 = 5.0;

/// The scores of one opportunity over the people who could be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Mean raw score.
    pub mean: f64,
    /// Standard deviation of the raw scores, at least a small positive number.
    pub sd: f64,
}

/// Calibrations by opportunity. A missing one is computed on the fly, so this is a cache and changes no answer
/// beyond the age of what it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibrations(HashMap<OpportunityId, Calibration>);

impl Calibrations {
    /// Keeps a calibration, in place of the opportunity's former one.
    pub fn insert(&mut self, id: OpportunityId, calibration: Calibration) {
        self.0.insert(id, calibration);
    }

    /// The opportunity's calibration, if one is kept.
    #[must_use]
    pub fn get(&self, id: OpportunityId) -> Option<&Calibration> {
        self.0.get(&id)
    }

    /// Forgets an opportunity's calibration, as when its text changed.
    pub fn remove(&mut self, id: OpportunityId) {
        self.0.remove(&id);
    }
}

impl Calibration {
    /// Scores an evenly spaced sample of the people who would be eligible for `opportunity` under rules that admit all,
    /// so that no rule of a programme moves anybody's score. Deterministic.
    #[must_use]
    pub fn compute(
        opportunity: &AnalyzedOpportunity,
        now: DateTime<Utc>,
        pool: &Pool,
        model: &Model,
    ) -> Self {
        uninterrupted(|never| Self::compute_unless(never, opportunity, now, pool, model))
    }

    /// As [`Self::compute`], unless it is interrupted.
    ///
    /// # Errors
    ///
    /// [`Interrupted`].
    pub fn compute_unless(
        interrupt: &Interrupt,
        opportunity: &AnalyzedOpportunity,
        now: DateTime<Utc>,
        pool: &Pool,
        model: &Model,
    ) -> Result<Self, Interrupted> {
        let request = RankRequest {
            opportunity,
            policy: &Policy::default(),
            now,
            withheld: &HashMap::new(),
            // Means over people show in what others are served, so they are of those alone who offer themselves to all.
            reader: &Asker::COMPANY,
        };
        let (mut eligible, _) = filter::partition(interrupt, pool, &request)?;
        // By identifier, so that a sample is the same on every server.
        eligible.sort_unstable_by_key(|slot| pool.id(*slot));
        let step = eligible.len().div_ceil(SAMPLE_MAX).max(1);
        let sample: Vec<_> = eligible.iter().copied().step_by(step).collect();
        let query = pool.query(opportunity);
        let subjects = pool.subjects(&sample);
        let mut matcher = Matcher::new(&query);
        let scorer = Scorer::new(model);
        let mut scores: Vec<f64> = Vec::with_capacity(subjects.len());
        for (idx, subject) in subjects.iter().enumerate() {
            interrupt.check_at(idx)?;
            let row = features::extract_one(&mut matcher, *subject, &query, now);
            scores.push(scorer.score(ArrayView1::from(&row)));
        }
        let n = scores.len() as f64 + PRIOR_PEOPLE;
        let base = model.base();
        let mean = (scores.iter().sum::<f64>() + PRIOR_PEOPLE * base) / n;
        let squares = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>();
        let variance = (squares + PRIOR_PEOPLE * (base - mean).powi(2)) / n;
        Ok(Self {
            mean,
            sd: variance.sqrt().max(SPREAD_MIN),
        })
    }

    /// How many spreads a raw score lies above the mean.
    #[must_use]
    pub fn z(&self, score: f64) -> f64 {
        (score - self.mean) / self.sd
    }
}
