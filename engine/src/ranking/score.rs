//! The score: base plus the sum of the contributions, and nothing else.
//!
//! The features of substance and confidence enter as they are. An obstacle's feature `f` enters as `1 − s·(1 − f)`,
//! where `s` is the weighted mean of the substance: a wrong place takes away from a good match in proportion to how
//! good it is, and does not lift those who live nearby and cannot do the work. The effective feature is a number in
//! `[0, 1]` too, so the score stays a weighted sum.

use ndarray::ArrayView1;

use super::Model;
use crate::features::{FeatureId, FeatureMatrix, Group};

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
    assert_eq!(features.ncols(), model.weights().len(), "one weight per feature");
    features.rows().into_iter().map(|row| of(model, row)).collect()
}

/// Scores one row.
#[must_use]
pub fn of(model: &Model, features: ArrayView1<'_, f32>) -> Scored {
    let contributions: Vec<f64> = effective(model, features)
        .iter()
        .enumerate()
        .map(|(idx, value)| model.weights()[idx] * (value - model.means()[idx]))
        .collect();
    Scored {
        score: model.base() + contributions.iter().sum::<f64>(),
        contributions,
    }
}

/// The features as they enter the weighted sum.
#[must_use]
pub fn effective(model: &Model, features: ArrayView1<'_, f32>) -> Vec<f64> {
    let substance = substance(model, features);
    let values = FeatureId::ALL.iter().zip(features).map(|(feature, value)| {
        let value = f64::from(*value);
        match feature.group() {
            Group::Substance | Group::Confidence | Group::Feed => value,
            Group::Obstacle => 1.0 - substance * (1.0 - value),
        }
    });
    values.collect()
}

/// The weighted mean of the features of substance.
#[must_use]
pub fn substance(model: &Model, features: ArrayView1<'_, f32>) -> f64 {
    let weight = model.group_weight(Group::Substance);
    let of_substance = FeatureId::ALL
        .iter()
        .zip(features)
        .filter(|(feature, _)| feature.group() == Group::Substance);
    let sum: f64 = of_substance
        .map(|(feature, value)| model.weights()[*feature as usize] * f64::from(*value))
        .sum();
    if weight > 0.0 { sum / weight } else { 0.0 }
}
