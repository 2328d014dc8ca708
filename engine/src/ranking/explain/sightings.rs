//! Where a profile speaks of what is asked for: the occurrences that the scorer counted, each with the thing that it
//! bears out and how far.

use std::ops::Range;

use super::Context;
use crate::features::analysis::{Occurrence, Part, Passage, concept_of};
use crate::features::borne::STANDS_AROUND;
use crate::features::digest::Place;
use crate::features::distance::Distance;
use crate::features::kept::Numbered;
use crate::features::matching::may_be_read;
use crate::features::needs::{Need, relation_factor};
use crate::features::{ProfileField, Query, Subject};
use crate::thesaurus::{ConceptId, Kind, Thesaurus};

/// Below this an occurrence says too little of a thing to be shown for it: two steps up, or one of four words.
const FACTOR_MIN: f32 = 0.25;

/// One occurrence that bears out one need.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    /// Index into the profile's passages.
    pub passage: usize,
    /// Index into the query's needs.
    pub need: usize,
    /// What the relation, or the share of the words, is worth.
    pub factor: f32,
    /// Whether it is one of several words that add up.
    pub is_word: bool,
    /// The term, in the profile's own list.
    pub term: u16,
    /// The concept that stands there; `None` for a word.
    pub concept: Option<ConceptId>,
    /// The writer's distance.
    pub distance: Distance,
    /// Whether the person did the work there, rather than standing around it.
    pub does_it: bool,
    /// Bytes of the entry's text.
    pub range: Range<usize>,
}

impl Sighting {
    /// How far it bears its need out, from 0 to 1.
    pub(super) fn strength(&self) -> f32 {
        let stance = if self.does_it { 1.0 } else { STANDS_AROUND };
        self.factor * self.distance.factor() * stance
    }
}

/// All occurrences that bear something out, in the order of the profile. What says too little of a thing is left out.
pub(super) fn sightings(query: &Query<'_>, subject: Subject<'_>, numbered: &Numbered) -> Vec<Sighting> {
    let Numbered { profile, term_ids } = numbered;
    let thesaurus = Thesaurus::bundled();
    let concepts: Vec<Option<ConceptId>> = profile
        .terms()
        .map(|term| thesaurus.find(concept_of(term)?))
        .collect();
    let mut sightings = Vec::new();
    for (idx, passage) in profile.passages().iter().enumerate() {
        if Place::of(passage).is_none() {
            continue;
        }
        let does_it = match passage.field {
            ProfileField::Tenure | ProfileField::CareerAfter => {
                query.does_in(subject, passage.field, passage.entry)
            }
            _ => query.does_now(subject),
        };
        let text = profile.text_of(passage);
        let first = sightings.len();
        for occurrence in profile.occurrences(passage) {
            let Some(number) = query.find(term_ids.global(occurrence.term)) else {
                continue;
            };
            if !may_be_read(occurrence, query) {
                continue;
            }
            let concept = concepts.get(usize::from(occurrence.term)).copied().flatten();
            for hit in query.hits_of(number) {
                let need = usize::from(hit.need);
                sightings.push(Sighting {
                    passage: idx,
                    need,
                    factor: concept.map_or(hit.factor, |found| {
                        hit.factor.min(specific_factor(&query.needs[need], found))
                    }),
                    is_word: hit.is_word,
                    term: occurrence.term,
                    concept,
                    distance: occurrence.distance,
                    does_it,
                    range: written_range(text, occurrence),
                });
            }
        }
        let inside = sightings.split_off(first);
        // Each word once for each need, in order.
        let words = inside.iter().filter(|one| one.is_word);
        let mut words: Vec<(usize, u16, f32)> = words.map(|one| (one.need, one.term, one.factor)).collect();
        words.sort_by_key(|(need, term, _)| (*need, *term));
        words.dedup_by_key(|(need, term, _)| (*need, *term));
        let says_enough = |one: &Sighting| {
            if !one.is_word {
                return one.factor >= FACTOR_MIN;
            }
            let of_need = words.iter().filter(|(need, ..)| *need == one.need);
            of_need.map(|(.., factor)| factor).sum::<f32>() >= FACTOR_MIN
        };
        sightings.extend(inside.iter().filter(|one| says_enough(one)).cloned());
    }
    sightings
}

/// The bytes of an occurrence, with the long vowel at its end that the comparison leaves out (ライター).
pub(super) fn written_range(text: &str, occurrence: &Occurrence) -> Range<usize> {
    let start = occurrence.start as usize;
    let end = start + usize::from(occurrence.len);
    let is_long = text.get(end..).is_some_and(|rest| rest.starts_with('ー'));
    start..if is_long { end + 'ー'.len_utf8() } else { end }
}

/// What a concept says of a need.
fn specific_factor(need: &Need, found: ConceptId) -> f32 {
    let thesaurus = Thesaurus::bundled();
    let factors = need.narrowest().iter().copied().filter_map(|asked| {
        let mut relatives = thesaurus.relatives(asked).iter();
        let (_, relation) = relatives.find(|(id, _)| *id == found)?;
        Some(relation_factor(*relation, thesaurus.concept(asked).is_area))
    });
    factors.fold(0.0, f32::max)
}

/// How far some sightings of one need bear it out together, from 0 to 1: the best concept, or the words added up.
pub(super) fn value<'a>(sightings: impl Iterator<Item = &'a Sighting>) -> f32 {
    let mut best = 0.0_f32;
    let mut words: Vec<(u16, f32)> = Vec::new();
    for one in sightings {
        if !one.is_word {
            best = best.max(one.strength());
            continue;
        }
        match words.iter_mut().find(|(term, _)| *term == one.term) {
            Some((_, strength)) => *strength = strength.max(one.strength()),
            None => words.push((one.term, one.strength())),
        }
    }
    best.max(words.iter().map(|(_, strength)| strength).sum())
        .min(1.0)
}

/// What the name of a unit or an organization shows by itself: that the person was there. Less than it takes to bear
/// something out.
const UNIT_WEIGHT: f32 = 0.45;

/// A headline names a field (ドラッグストアの店員) more often than all that is asked for. Chosen by hand, so that work
/// in a field does not bear the whole field out there.
const HEADLINE_WEIGHT: f32 = 0.7;

/// What a passage is worth for a need: a list is where qualifications, tools and languages are stated, and says little
/// of work.
fn weight_of(need: &Need, passage: &Passage) -> f32 {
    let thesaurus = Thesaurus::bundled();
    let is_listed = |id: &ConceptId| {
        matches!(
            thesaurus.concept(*id).kind,
            Kind::Qualification | Kind::Tool | Kind::Language
        )
    };
    match (Place::of(passage), passage.part) {
        (_, Part::Department | Part::Organization) => UNIT_WEIGHT,
        (Some(Place::List), _)
            if passage.field == ProfileField::Qualifications || need.concepts.iter().any(is_listed) =>
        {
            1.0
        }
        (Some(Place::Headline), _) => HEADLINE_WEIGHT,
        (Some(place), _) => place.weight(),
        (None, _) => 0.0,
    }
}

/// How far one passage bears out some needs, weighted by how much they say; 0 where it says nothing of them.
pub(super) fn weight_in(
    context: &Context<'_>,
    passage_idx: usize,
    is_meant: impl Fn(&Sighting) -> bool,
) -> f32 {
    let passage = &context.profile.passages()[passage_idx];
    let inside: Vec<&Sighting> = in_passage(context, passage_idx)
        .filter(|one| is_meant(one))
        .collect();
    let mut needs: Vec<usize> = inside.iter().map(|one| one.need).collect();
    needs.sort_unstable();
    needs.dedup();
    let weights = needs.iter().map(|idx| {
        let need = &context.query.needs[*idx];
        let value = value(inside.iter().copied().filter(|one| one.need == *idx));
        need.weight * value * weight_of(need, passage)
    });
    weights.sum()
}

/// What one passage says.
pub(super) fn in_passage<'a>(
    context: &'a Context<'_>,
    passage_idx: usize,
) -> impl Iterator<Item = &'a Sighting> {
    let first = context.sightings.partition_point(|one| one.passage < passage_idx);
    let rest = context.sightings[first..].iter();
    rest.take_while(move |one| one.passage == passage_idx)
}

/// How far the profile bears a need out: the best of its entries, each place by what it is worth.
pub(super) fn borne(context: &Context<'_>, need: usize) -> f32 {
    let passages = context.profile.passages();
    let of_need: Vec<&Sighting> = context.sightings.iter().filter(|one| one.need == need).collect();
    let place_of = |one: &Sighting| {
        let passage = &passages[one.passage];
        let is_unit = matches!(passage.part, Part::Department | Part::Organization);
        (passage.field, passage.entry, Place::of(passage), is_unit)
    };
    let entries = of_need.chunk_by(|a, b| place_of(a) == place_of(b));
    let values = entries.map(|entry| {
        let weight = weight_of(&context.query.needs[need], &passages[entry[0].passage]);
        weight * value(entry.iter().copied())
    });
    values.fold(0.0, f32::max)
}

/// How far one tenure or position bears a need out, its unit and title included.
pub(super) fn borne_in_job(context: &Context<'_>, field: ProfileField, entry: u16, need: usize) -> f32 {
    let passages = context.profile.passages();
    let is_here = |one: &&Sighting| {
        let passage = &passages[one.passage];
        one.need == need && (passage.field, passage.entry) == (field, entry)
    };
    value(context.sightings.iter().filter(is_here))
}
