//! The relevance of the whole text, by its words.

use super::matching::Match;
use super::query::Query;

/// BM25F over the whole profile, as a share of what a profile with every word could reach.
#[must_use]
pub fn text_relevance(query: &Query<'_>, found: &Match) -> f32 {
    let mut matched = 0.0;
    for number in found.found() {
        matched += query.relevances[usize::from(number)] * found.saturated(number);
    }
    share(2.0 * matched, query.relevance_sum)
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}
