//! The score: base plus the sum of the contributions, and nothing else.
//!
//! The features of substance and confidence enter as they are. An obstacle's feature `f` enters as `1 − s·(1 − f)`,
//! where `s` is the weighted mean of the substance: a wrong place takes away from a good match in proportion to how
//! good it is, and does not lift those who live nearby and cannot do the work. The effective feature is a number in
//! `[0, 1]` too, so the score stays a weighted sum.

use ndarray::ArrayView1;

use super::Model;
use crate::features::{FeatureId, FeatureMatrix, Group};
use crate::interrupt::{Interrupt, Interrupted, uninterrupted};

/// A score and what it is the sum of.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The base plus the sum of the contributions, in `[0, 1]`.
    pub score: f64,
    /// In the order of [`FeatureId::ALL`].
    pub contributions: Vec<f64>,
}

/// Scores every row.
///
/// - `features`: `[n_candidates, n_features]`, each in `[0, 1]`
/// - returns one score a row, in the order of the rows
#[must_use]
pub fn apply(model: &Model, features: &FeatureMatrix) -> Vec<Scored> {
    uninterrupted(|never| apply_unless(never, model, features))
}

/// As [`apply`], unless it is interrupted.
///
/// # Errors
///
/// [`Interrupted`].
pub fn apply_unless(
    interrupt: &Interrupt,
    model: &Model,
    features: &FeatureMatrix,
) -> Result<Vec<Scored>, Interrupted> {
    assert_eq!(features.ncols(), N, "one column per feature");
    let scorer = Scorer::new(model);
    let mut scored = Vec::with_capacity(features.nrows());
    for (idx, row) in features.rows().into_iter().enumerate() {
        interrupt.check_at(idx)?;
        scored.push(scorer.scored(row));
    }
    Ok(scored)
}

/// Scores one row.
#[must_use]
pub fn of(model: &Model, features: ArrayView1<'_, f32>) -> Scored {
    Scorer::new(model).scored(features)
}

/// The features as they enter the weighted sum, in the order of [`FeatureId::ALL`].
#[must_use]
pub fn effective(model: &Model, features: ArrayView1<'_, f32>) -> [f64; N] {
    Scorer::new(model).effective(features)
}

const N: usize = FeatureId::ALL.len();

/// A model laid out for many rows.
pub(super) struct Scorer {
    base: f64,
    weights: [f64; N],
    means: [f64; N],
    /// The weight of each feature of substance; 0 for those of other groups.
    of_substance: [f64; N],
    /// The sum of these.
    substance: f64,
    is_obstacle: [bool; N],
}

impl Scorer {
    /// Lays a model out.
    pub(super) fn new(model: &Model) -> Self {
        let group = |idx: usize| FeatureId::ALL[idx].group();
        let of_substance = |idx: usize| {
            let is_of = group(idx) == Group::Substance;
            if is_of { model.weights()[idx] } else { 0.0 }
        };
        Self {
            base: model.base(),
            weights: std::array::from_fn(|idx| model.weights()[idx]),
            means: std::array::from_fn(|idx| model.means()[idx]),
            of_substance: std::array::from_fn(of_substance),
            substance: model.group_weight(Group::Substance),
            is_obstacle: std::array::from_fn(|idx| group(idx) == Group::Obstacle),
        }
    }

    fn effective(&self, features: ArrayView1<'_, f32>) -> [f64; N] {
        let values: [f64; N] = std::array::from_fn(|idx| f64::from(features[idx]));
        // The weighted mean of the features of substance.
        let weighed = self.of_substance.iter().zip(values);
        let sum: f64 = weighed.map(|(weight, value)| weight * value).sum();
        let substance = if self.substance > 0.0 {
            sum / self.substance
        } else {
            0.0
        };
        std::array::from_fn(|idx| {
            let value = values[idx];
            if self.is_obstacle[idx] {
                1.0 - substance * (1.0 - value)
            } else {
                value
            }
        })
    }

    fn contributions(&self, features: ArrayView1<'_, f32>) -> [f64; N] {
        let values = self.effective(features);
        std::array::from_fn(|idx| self.weights[idx] * (values[idx] - self.means[idx]))
    }

    fn sum(&self, contributions: &[f64; N]) -> f64 {
        self.base + contributions.iter().sum::<f64>()
    }

    /// The score alone, of which many are wanted.
    pub(super) fn score(&self, features: ArrayView1<'_, f32>) -> f64 {
        self.sum(&self.contributions(features))
    }

    /// The score with what it is the sum of.
    pub(super) fn scored(&self, features: ArrayView1<'_, f32>) -> Scored {
        let contributions = self.contributions(features);
        Scored {
            score: self.sum(&contributions),
            contributions: contributions.to_vec(),
        }
    }
}
