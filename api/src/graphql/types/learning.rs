//! What a company's ranking has learnt.

use async_graphql::SimpleObject;

use crate::graphql::enums::MatchFeature;
use crate::usecase::company_learning::{FeatureWeight, Learnt};

/// What the ranking of a company's candidates has learnt from whom recruiters shortlist, invite and reject. Feeds never
/// read it, and nothing that alumni answer is in it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Learning {
    /// Whether the programme's rules let it learn, and lists are ranked by it.
    pub is_on: bool,
    /// How many decisions were learnt.
    pub decisions: i32,
    /// The version of the model by which the next list is ranked.
    pub model_version: String,
    /// What each feature weighs, in the model's order; each column sums to 1.
    pub weights: Vec<LearntWeight>,
}

/// How much a feature weighs for one company.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct LearntWeight {
    /// Which.
    pub feature: MatchFeature,
    /// What every company begins with, from 0 to 1.
    pub common: f64,
    /// What the next list is ranked by, from 0 to 1.
    pub own: f64,
}

impl From<FeatureWeight> for LearntWeight {
    fn from(weight: FeatureWeight) -> Self {
        Self {
            feature: weight.feature.into(),
            common: weight.common,
            own: weight.own,
        }
    }
}

impl From<Learnt> for Learning {
    fn from(learnt: Learnt) -> Self {
        Self {
            is_on: learnt.is_on,
            decisions: i32::try_from(learnt.n_decisions).unwrap_or(i32::MAX),
            model_version: learnt.model_version,
            weights: learnt.weights.into_iter().map(LearntWeight::from).collect(),
        }
    }
}
