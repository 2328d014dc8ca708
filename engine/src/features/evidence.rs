//! Evidence strength: whether the matching words stand in work that the person tells of as their own.

use super::matching::Match;
use super::query::Query;

/// The share of the wanted words that the person tells of in a job, the headline or the self-introduction, distances
/// counted. A skill that no experience bears out adds nothing here.
#[must_use]
pub fn strength(query: &Query<'_>, found: &Match) -> f32 {
    let (mut sum, mut told) = (0.0, 0.0);
    for (term, matched) in query.terms.iter().zip(&found.terms) {
        let weight = query.core_weight(term) * term.idf;
        sum += weight;
        told += weight * matched.told;
    }
    if sum > 0.0 { 2.0 * told / sum } else { 0.0 }
}
