//! Whether an opportunity is the work that a person wishes for.
//!
//! - Reads the wish's own words and the opportunity's, by the one analysis chain: the same concept under another name,
//!   and what belongs to it, counts.
//! - Knows nothing else of the person: who wishes for work is asked about it, whether or not they rank high for it.

use std::collections::HashSet;

use super::analysis::{self, AnalyzedOpportunity, Wanted, WantedThing, concept_of, concept_term};
use super::query::is_generic;
use crate::text::Analyzer;
use crate::thesaurus::{Relation, Thesaurus};

/// The share of what a wish names that an opportunity has to name: more than half would miss 「物流企画の仕事、英語も使いたい」
/// for every role in logistics without English.
const FITS_FROM: f32 = 0.5;

/// What a wish names.
#[must_use]
pub fn analyze(analyzer: &Analyzer, words: &str) -> Vec<WantedThing> {
    let mut things = analysis::things(analyzer, words);
    things.retain(|thing| !thing.concepts.is_empty() || thing.words.iter().any(|word| !is_generic(word)));
    things
}

/// Whether an opportunity names enough of what a wish names; a wish that names nothing fits nothing.
#[must_use]
pub fn fits(wish: &[WantedThing], opportunity: &AnalyzedOpportunity) -> bool {
    share(wish, opportunity) >= FITS_FROM
}

/// The share of the things of a wish that an opportunity names, in `[0, 1]`; 0 for a wish that names nothing.
#[must_use]
pub fn share(wish: &[WantedThing], opportunity: &AnalyzedOpportunity) -> f32 {
    if wish.is_empty() {
        return 0.0;
    }
    let clauses = || {
        opportunity
            .clauses
            .iter()
            .filter(|clause| clause.wanted != Wanted::Excluded)
    };
    let words: HashSet<&str> = clauses()
        .flat_map(|clause| &clause.terms)
        .map(String::as_str)
        .collect();
    let concepts: HashSet<&str> = clauses()
        .flat_map(|clause| &clause.things)
        .flat_map(|thing| &thing.concepts)
        .map(String::as_str)
        .collect();
    let n_named = wish
        .iter()
        .filter(|thing| is_named(thing, &words, &concepts))
        .count();
    n_named as f32 / wish.len() as f32
}

fn is_named(thing: &WantedThing, words: &HashSet<&str>, concepts: &HashSet<&str>) -> bool {
    if thing.concepts.is_empty() {
        return thing.words.iter().all(|word| words.contains(word.as_str()));
    }
    let thesaurus = Thesaurus::bundled();
    thing.concepts.iter().any(|term| {
        let Some(concept) = concept_of(term).and_then(|id| thesaurus.find(id)) else {
            return false;
        };
        thesaurus.relatives(concept).iter().any(|(relative, relation)| {
            let is_it = matches!(relation, Relation::Same | Relation::Narrower(_));
            is_it && concepts.contains(concept_term(&thesaurus.concept(*relative).id).as_str())
        })
    })
}
