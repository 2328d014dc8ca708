//! The model: a weight and a mean for each feature, in a versioned file that says how they were obtained.
//!
//! Weights are not negative and sum to 1, so that a score lies in `[0, 1]` and raising a feature never lowers it.

use ndarray::Array1;
use serde::{Deserialize, Serialize};

use crate::features::FeatureId;
use crate::features::Group;

/// The current model file.
const BUNDLED: &str = include_str!("../../models/current.json");

/// A model as it stands in its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ModelFile {
    version: String,
    obtained: String,
    features: Vec<ModelFeature>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ModelFeature {
    feature: FeatureId,
    weight: f64,
    mean: f64,
}

/// Weights and means in the order of [`FeatureId::ALL`].
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    version: String,
    obtained: String,
    weights: Array1<f64>,
    means: Array1<f64>,
}

/// Why a file is not a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It cannot be read.
    #[error("the model file cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A weight or mean is out of its range.
    #[error("{feature:?} has weight {weight} and mean {mean}; both must lie between 0 and 1")]
    OutOfRange {
        /// Whose.
        feature: FeatureId,
        /// The weight.
        weight: f64,
        /// The mean.
        mean: f64,
    },
    /// A feature is missing, repeated, or one of the feed's.
    #[error("{0:?} must be listed once if it is scored, and not at all if it is the feed's")]
    NotOnce(FeatureId),
    /// The weights do not sum to 1.
    #[error("the weights sum to {0}, not to 1")]
    WeightSum(f64),
    /// What stands in the way weighs more than what it could stand in the way of.
    #[error("obstacles weigh {obstacles}, more than the {substance} of substance")]
    ObstaclesTooHeavy {
        /// Sum over the obstacles.
        obstacles: f64,
        /// Sum over the substance group.
        substance: f64,
    },
}

impl Model {
    /// The model that comes with this version.
    #[must_use]
    pub fn bundled() -> Self {
        match Self::from_json(BUNDLED) {
            Ok(model) => model,
            Err(error) => panic!("the bundled model is one: {error}"),
        }
    }

    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// What is wrong with the file.
    pub fn from_json(json: &str) -> Result<Self, ModelError> {
        let file: ModelFile = serde_json::from_str(json)?;
        let mut weights = Array1::zeros(FeatureId::ALL.len());
        let mut means = Array1::zeros(FeatureId::ALL.len());
        for feature in FeatureId::ALL {
            let mut listed = file.features.iter().filter(|one| one.feature == *feature);
            let is_scored = feature.group() != Group::Feed;
            match (listed.next(), listed.next(), is_scored) {
                (Some(one), None, true) => {
                    let is_unit = |value: f64| (0.0..=1.0).contains(&value);
                    if !is_unit(one.weight) || !is_unit(one.mean) {
                        return Err(ModelError::OutOfRange {
                            feature: *feature,
                            weight: one.weight,
                            mean: one.mean,
                        });
                    }
                    weights[*feature as usize] = one.weight;
                    means[*feature as usize] = one.mean;
                }
                (None, None, false) => {}
                _ => return Err(ModelError::NotOnce(*feature)),
            }
        }
        let model = Self {
            version: file.version,
            obtained: file.obtained,
            weights,
            means,
        };
        model.checked()
    }

    fn checked(self) -> Result<Self, ModelError> {
        let sum = self.weights.sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(ModelError::WeightSum(sum));
        }
        let (obstacles, substance) = (
            self.group_weight(Group::Obstacle),
            self.group_weight(Group::Substance),
        );
        if obstacles > substance {
            return Err(ModelError::ObstaclesTooHeavy { obstacles, substance });
        }
        Ok(self)
    }

    /// The version, recorded with every served list.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How weights and means were obtained.
    #[must_use]
    pub fn obtained(&self) -> &str {
        &self.obtained
    }

    /// In the order of [`FeatureId::ALL`].
    #[must_use]
    pub fn weights(&self) -> &Array1<f64> {
        &self.weights
    }

    /// Means over the pairs that the model was made on, obstacles as they enter the score; in the order of
    /// [`FeatureId::ALL`].
    #[must_use]
    pub fn means(&self) -> &Array1<f64> {
        &self.means
    }

    /// The score of an average pair.
    #[must_use]
    pub fn base(&self) -> f64 {
        self.weights.dot(&self.means)
    }

    /// The sum of a group's weights.
    #[must_use]
    pub fn group_weight(&self, group: Group) -> f64 {
        let features = FeatureId::ALL.iter().filter(|feature| feature.group() == group);
        features.map(|feature| self.weights[*feature as usize]).sum()
    }
}
