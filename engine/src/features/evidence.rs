//! Evidence strength: whether the matching words stand in work that the person tells of as their own.

use super::analysis::AnalyzedProfile;
use super::lived::LivedExperience;
use super::matching::Match;
use super::query::Query;

/// The share of the wanted words that stand in a job, distances counted. A claim that no job bears out adds nothing
/// here. For a speaker slot that asks for lived experience: whether the person tells of it as their own.
#[must_use]
pub fn strength(query: &Query<'_>, found: &Match, profile: &AnalyzedProfile) -> f32 {
    if query.lived != LivedExperience::NONE {
        let is_own = profile.own_experience().may_be_read_for(query.lived);
        return if is_own { 1.0 } else { 0.0 };
    }
    let (mut sum, mut told) = (0.0, 0.0);
    for (term, matched) in query.terms.iter().zip(&found.terms) {
        let weight = query.core_weight(term) * term.idf;
        sum += weight;
        told += weight * matched.told;
    }
    if sum > 0.0 { 2.0 * told / sum } else { 0.0 }
}
