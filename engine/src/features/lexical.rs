//! How much of what is asked for the profile bears out, part by part, and the relevance of the whole text.

use super::matching::Match;
use super::query::{Query, QueryPart};

/// How much one passage that says it all counts against the same words scattered over the profile.
const IN_ONE_PASSAGE: f32 = 0.4;

/// BM25F over the whole profile, as a share of what a profile with every word could reach.
#[must_use]
pub fn text_relevance(query: &Query<'_>, found: &Match) -> f32 {
    let (mut sum, mut matched) = (0.0, 0.0);
    for (number, term) in query.terms.iter().enumerate() {
        let weight = term.weight * term.idf;
        sum += weight;
        matched += weight * found.saturated(number as u16);
    }
    share(2.0 * matched, sum)
}

/// The coverage of one part: by its best passage, and by the profile as a whole.
#[must_use]
pub fn coverage(query: &Query<'_>, found: &Match, part_idx: usize) -> f32 {
    let part: &QueryPart = &query.parts[part_idx];
    let scattered = part.terms.iter().map(|number| {
        let idx = usize::from(*number);
        query.terms[idx].idf * found.terms[idx].best
    });
    let scattered = share(scattered.sum(), part.idf_sum);
    IN_ONE_PASSAGE * found.parts[part_idx].coverage + (1.0 - IN_ONE_PASSAGE) * scattered
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}
