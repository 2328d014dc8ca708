//! The model: a weight and a mean for each feature, in a versioned file that says how they were obtained.
//!
//! Weights are not negative and sum to 1, so that a score lies in `[0, 1]` and raising a feature never lowers it.

use std::collections::BTreeMap;

use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::train;

use crate::features::{FeatureId, Group};

/// The current model file.
const BUNDLED: &str = include_str!("../../models/current.json");

/// A model as it stands in its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ModelFile {
    version: String,
    obtained: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    training: Option<Training>,
    features: Vec<ModelFeature>,
}

/// What a trained model was trained on and how, so that whoever measures it on the same lists can leave each out in
/// turn and train again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Training {
    /// The short name of the company whose lists they were.
    pub company: String,
    /// The company's own numbers of the opportunities.
    pub lists: Vec<String>,
    /// How.
    pub options: train::Options,
    /// The version of the prior.
    pub prior_version: String,
    /// The weights of the prior; a feature that is not listed had none.
    pub prior_weights: BTreeMap<FeatureId, f64>,
}

impl Training {
    /// In the order of [`FeatureId::ALL`].
    #[must_use]
    pub fn prior(&self) -> Array1<f64> {
        let weight = |feature| self.prior_weights.get(feature).copied().unwrap_or_default();
        FeatureId::ALL.iter().map(weight).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ModelFeature {
    feature: FeatureId,
    weight: f64,
    mean: f64,
}

/// A model as records keep it. Numbers are texts: their shortest decimals give back every bit, which reading a JSON
/// number does not promise.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ModelRecord {
    version: String,
    features: Vec<RecordedFeature>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RecordedFeature {
    feature: String,
    weight: String,
    mean: String,
}

/// Weights and means in the order of [`FeatureId::ALL`].
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    version: String,
    obtained: String,
    training: Option<Training>,
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
    /// A recorded model's feature that this version does not have, or whose numbers are none.
    #[error("the recorded model's feature {0} cannot be read by this version")]
    Record(String),
    /// What the file says of its training cannot be.
    #[error("the training that the model file tells of cannot be: {0}")]
    Training(String),
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
        if let Some(training) = &file.training {
            check_training(training)?;
        }
        let model = Self {
            version: file.version,
            obtained: file.obtained,
            training: file.training,
            weights,
            means,
        };
        model.checked()
    }

    /// The model that training found.
    ///
    /// - `weights`, `means`: in the order of [`FeatureId::ALL`]
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the numbers are no model.
    pub fn trained(
        version: String,
        obtained: String,
        training: Training,
        weights: Array1<f64>,
        means: Array1<f64>,
    ) -> Result<Self, ModelError> {
        check_training(&training)?;
        let model = Self {
            version,
            obtained,
            training: Some(training),
            weights,
            means,
        };
        model.checked()
    }

    /// This model with other weights, for comparing orders; the means stay.
    #[must_use]
    pub fn with_weights(&self, weights: Array1<f64>) -> Self {
        assert_eq!(weights.len(), self.weights.len(), "one weight per feature");
        Self {
            weights,
            ..self.clone()
        }
    }

    /// This model with the weights that a company has learnt, under a version of its own; the means stay.
    ///
    /// - `weights`: not negative, together 1, obstacles not above substance
    #[must_use]
    pub fn reweighted(&self, weights: Array1<f64>, version: &str) -> Self {
        Self {
            version: version.to_owned(),
            training: None,
            ..self.with_weights(weights)
        }
    }

    /// The model file, as [`Self::from_json`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let scored = FeatureId::ALL.iter().filter(|one| one.group() != Group::Feed);
        let features = scored.map(|feature| ModelFeature {
            feature: *feature,
            weight: self.weights[*feature as usize],
            mean: self.means[*feature as usize],
        });
        let file = ModelFile {
            version: self.version.clone(),
            obtained: self.obtained.clone(),
            training: self.training.clone(),
            features: features.collect(),
        };
        match serde_json::to_string_pretty(&file) {
            Ok(json) => json + "\n",
            Err(error) => panic!("texts and finite numbers have a JSON form: {error}"),
        }
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

    /// What it was trained on; `None` for weights that were chosen by hand.
    #[must_use]
    pub fn training(&self) -> Option<&Training> {
        self.training.as_ref()
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
        // One after another, so that a feature that comes later, with no weight in an older model, changes no bit.
        let products = self.weights.iter().zip(&self.means);
        products.map(|(weight, mean)| weight * mean).sum()
    }

    /// The model in a form that gives back every bit, with the features in the order in which this version has them:
    /// what records of rankings keep.
    #[must_use]
    pub fn to_record(&self) -> String {
        let features = FeatureId::ALL.iter().map(|feature| RecordedFeature {
            feature: feature.code().to_owned(),
            weight: self.weights[*feature as usize].to_string(),
            mean: self.means[*feature as usize].to_string(),
        });
        let record = ModelRecord {
            version: self.version.clone(),
            features: features.collect(),
        };
        match serde_json::to_string(&record) {
            Ok(json) => json,
            Err(error) => panic!("texts have a JSON form: {error}"),
        }
    }

    /// Reads what [`Self::to_record`] wrote, in this version or an earlier one: the model, and the features in the
    /// order that rows had then.
    ///
    /// # Errors
    ///
    /// [`ModelError::Record`] for what was not written so, and where this version lacks one of the features.
    pub fn from_record(json: &str) -> Result<(Self, Vec<FeatureId>), ModelError> {
        let record: ModelRecord = serde_json::from_str(json)?;
        let mut features = Vec::with_capacity(record.features.len());
        let mut weights = Array1::zeros(FeatureId::ALL.len());
        let mut means = Array1::zeros(FeatureId::ALL.len());
        for recorded in &record.features {
            let unknown = || ModelError::Record(recorded.feature.clone());
            let feature = FeatureId::from_code(&recorded.feature).ok_or_else(unknown)?;
            weights[feature as usize] = recorded.weight.parse::<f64>().map_err(|_| unknown())?;
            means[feature as usize] = recorded.mean.parse::<f64>().map_err(|_| unknown())?;
            features.push(feature);
        }
        let model = Self {
            version: record.version,
            obtained: String::new(),
            training: None,
            weights,
            means,
        };
        Ok((model.checked()?, features))
    }

    /// The sum of a group's weights.
    #[must_use]
    pub fn group_weight(&self, group: Group) -> f64 {
        let features = FeatureId::ALL.iter().filter(|feature| feature.group() == group);
        features.map(|feature| self.weights[*feature as usize]).sum()
    }
}

fn check_training(training: &Training) -> Result<(), ModelError> {
    training
        .options
        .check()
        .map_err(|error| ModelError::Training(error.to_string()))?;
    let is_weight = |(feature, weight): (&FeatureId, &f64)| {
        (0.0..=1.0).contains(weight) && feature.group() != Group::Feed
    };
    match training.prior_weights.iter().find(|one| !is_weight(*one)) {
        Some((feature, weight)) => Err(ModelError::Training(format!(
            "the prior's weight of {} is {weight}, and must be from 0 to 1 and none for the feed's features",
            feature.code()
        ))),
        None => Ok(()),
    }
}
