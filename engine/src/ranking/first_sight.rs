//! What somebody's score looks like before it is computed: from what the postings say of them and from their practical side.
//!
//! - Orders who is scored, and never who is shown: nobody sees these numbers.

use chrono::NaiveDate;

use super::Model;
use crate::domain::{Opportunity, YearMonth};
use crate::features::practical::{self, Practical};
use crate::features::{FeatureId, Group, Query};

/// What a person's score looks like from what postings and the practical side say: whatever else there is of substance is
/// taken to be as good as what the postings say.
pub(super) struct FirstSight<'a> {
    opportunity: &'a Opportunity,
    today: NaiveDate,
    /// What the features weigh together of which the postings tell.
    read: f32,
    /// What all of the substance weighs.
    substance: f32,
    /// What each feature of the practical side weighs.
    place: f32,
    hours: f32,
    start: f32,
    freshness: f32,
}

impl<'a> FirstSight<'a> {
    pub(super) fn new(query: &Query<'a>, model: &Model, today: NaiveDate) -> Self {
        let weight = |feature: FeatureId| model.weights()[feature as usize] as f32;
        let read = [
            FeatureId::MustHaveCoverage,
            FeatureId::NiceToHaveCoverage,
            FeatureId::TitleMatch,
            FeatureId::DescriptionMatch,
            FeatureId::CoreCoverage,
            FeatureId::EvidenceStrength,
            FeatureId::TextRelevance,
        ];
        Self {
            opportunity: &query.opportunity.opportunity,
            today,
            read: read.into_iter().map(weight).sum(),
            substance: model.group_weight(Group::Substance) as f32,
            place: weight(FeatureId::PlaceFit),
            hours: weight(FeatureId::HoursFit),
            start: weight(FeatureId::StartFit),
            freshness: weight(FeatureId::ProfileFreshness),
        }
    }

    /// As [`score`](super::score) adds up; the constant parts are left out.
    ///
    /// - `sum`: of the postings
    pub(super) fn worth(&self, sum: f32, practical: &Practical) -> f32 {
        let substance = if self.read > 0.0 { sum / self.read } else { 0.0 };
        let this_month = YearMonth::of(self.today);
        let obstacles = self.place * (1.0 - practical::place_fit(self.opportunity, practical))
            + self.hours * (1.0 - practical::hours_fit(self.opportunity, practical))
            + self.start * (1.0 - practical::start_fit(self.opportunity, practical, this_month));
        let freshness = self.freshness * practical::freshness(practical, self.today);
        substance * (self.substance - obstacles) + freshness
    }
}
