//! How much of what is asked for the profile bears out, part by part, and the relevance of the whole text.

use super::analysis::Wanted;
use super::matching::Match;
use super::query::{Query, QueryPart};

/// How much one passage that says it all counts against the same words scattered over the profile.
const IN_ONE_PASSAGE: f32 = 0.4;

/// Mean coverage of the must-haves, or of a speaker slot's topics; 0 without any.
#[must_use]
pub fn must_have_coverage(query: &Query<'_>, found: &Match) -> f32 {
    mean_coverage(query, found, |wanted| matches!(wanted, Wanted::MustHave(_)))
}

/// Mean coverage of the nice-to-haves; 0 without any.
#[must_use]
pub fn nice_to_have_coverage(query: &Query<'_>, found: &Match) -> f32 {
    mean_coverage(query, found, |wanted| matches!(wanted, Wanted::NiceToHave(_)))
}

/// Coverage of the title.
#[must_use]
pub fn title_match(query: &Query<'_>, found: &Match) -> f32 {
    mean_coverage(query, found, |wanted| wanted == Wanted::Title)
}

/// How much of the description's wording the profile shares; sentences on the person wanted count more.
#[must_use]
pub fn description_match(query: &Query<'_>, found: &Match) -> f32 {
    let (mut sum, mut matched) = (0.0, 0.0);
    for part in &query.parts {
        let weight = match part.wanted {
            Wanted::Person => 1.5,
            Wanted::Description => 1.0,
            Wanted::Title
            | Wanted::MustHave(_)
            | Wanted::NiceToHave(_)
            | Wanted::Excluded
            | Wanted::Department => continue,
        };
        for number in &part.terms {
            // Squared rarity: a shared rare word says more than several common ones.
            let rarity = query.terms[usize::from(*number)].idf.powi(2) * weight;
            sum += rarity;
            matched += rarity * found.saturated(*number);
        }
    }
    // Nobody repeats a description; a third of it is all that can be hoped for.
    share(3.0 * matched, sum)
}

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

fn mean_coverage(query: &Query<'_>, found: &Match, is_asked: impl Fn(Wanted) -> bool) -> f32 {
    let (mut sum, mut n_parts) = (0.0, 0.0);
    for (part_idx, part) in query.parts.iter().enumerate() {
        if is_asked(part.wanted) {
            sum += coverage(query, found, part_idx);
            n_parts += 1.0;
        }
    }
    share(sum, n_parts)
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}
