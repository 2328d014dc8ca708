//! What profile and opportunity have in common in what they name, in the words of the profile.

use super::sightings::written_range;
use super::{Context, Evidence, evidence};
use crate::features::analysis::{Occurrence, Part, concept_of};
use crate::features::digest::Place;
use crate::features::distance::Distance;
use crate::thesaurus::{ConceptId, Thesaurus};

/// Most concepts that are named.
const NAMED_MAX: usize = 3;

/// A unit's name says what lies around somebody's work rather than the work. Chosen by hand.
const UNIT_WEIGHT: f32 = 0.4;

/// Up to three stretches of the profile that make most of the likeness, strongest first.
pub(super) fn names<'a>(context: &'a Context<'_>) -> Vec<&'a str> {
    let profile = &context.profile;
    let written = |(passage, one): &(usize, &Occurrence)| {
        let text = profile.text_of(&profile.passages()[*passage]);
        text.get(written_range(text, one)).unwrap_or_default()
    };
    shared(context).iter().map(written).collect()
}

/// The passages in which they stand.
pub(super) fn evidence(context: &Context<'_>) -> Vec<Evidence> {
    let mut passages: Vec<(usize, Vec<std::ops::Range<usize>>)> = Vec::new();
    for (passage, one) in shared(context) {
        let profile = &context.profile;
        let range = written_range(profile.text_of(&profile.passages()[passage]), one);
        match passages.iter_mut().find(|(idx, _)| *idx == passage) {
            Some((_, ranges)) => ranges.push(range),
            None => passages.push((passage, vec![range])),
        }
    }
    let quotes = passages.iter();
    quotes
        .map(|(idx, ranges)| evidence::quote(context, *idx, ranges))
        .collect()
}

/// The occurrences of the concepts that make most of the likeness, one for each.
fn shared<'a>(context: &'a Context<'_>) -> Vec<(usize, &'a Occurrence)> {
    let profile = &context.profile;
    let thesaurus = Thesaurus::bundled();
    let ids: Vec<Option<ConceptId>> = profile
        .terms()
        .map(|term| thesaurus.find(concept_of(term)?))
        .collect();
    let mut found: Vec<(f32, ConceptId, usize, &Occurrence)> = Vec::new();
    for (idx, passage) in profile.passages().iter().enumerate() {
        let Some(place) = Place::of(passage) else {
            continue;
        };
        for one in profile.occurrences(passage) {
            let Some(concept) = ids.get(usize::from(one.term)).copied().flatten() else {
                continue;
            };
            if one.private.is_some() || one.distance == Distance::Denied {
                continue;
            }
            let likeness = context.query.concepts.affinity(concept);
            let weight = likeness * one.distance.factor();
            let is_unit = matches!(passage.part, Part::Department | Part::Organization);
            let standing = weight * place.weight() * if is_unit { UNIT_WEIGHT } else { 1.0 };
            match found.iter_mut().find(|(_, other, ..)| *other == concept) {
                Some(other) if other.0 < standing => *other = (standing, concept, idx, one),
                Some(_) => {}
                None if weight > 0.0 => found.push((standing, concept, idx, one)),
                None => {}
            }
        }
    }
    found.sort_by(|(a, _, a_idx, _), (b, _, b_idx, _)| b.total_cmp(a).then(a_idx.cmp(b_idx)));
    let best = found.into_iter().take(NAMED_MAX);
    best.map(|(_, _, idx, one)| (idx, one)).collect()
}
