//! The phrases of the profile that a contribution or a verdict rests on.

use std::ops::Range;

use super::{Context, Evidence};
use crate::features::analysis::{Occurrence, Passage, Wanted};
use crate::features::matching::{field_weight, may_be_read};
use crate::features::{FeatureId, ProfileField};
use crate::text;
use crate::text::quote::{highlights, window};

/// Most phrases shown for one contribution.
const EVIDENCE_MAX: usize = 2;

/// The phrases that a feature's contribution rests on; empty where it rests on no text.
pub(super) fn of_feature(context: &Context<'_>, feature: FeatureId) -> Vec<Evidence> {
    let any_field = |_: ProfileField| true;
    match feature {
        FeatureId::MustHaveCoverage => {
            best(context, |wanted| matches!(wanted, Wanted::MustHave(_)), any_field)
        }
        FeatureId::NiceToHaveCoverage => best(
            context,
            |wanted| matches!(wanted, Wanted::NiceToHave(_)),
            any_field,
        ),
        FeatureId::TitleMatch => best(context, |wanted| wanted == Wanted::Title, any_field),
        FeatureId::DescriptionMatch => {
            let is_description = |wanted| matches!(wanted, Wanted::Description | Wanted::Person);
            best(context, is_description, any_field)
        }
        FeatureId::TextRelevance | FeatureId::CoreCoverage => best(context, is_asked, any_field),
        FeatureId::EvidenceStrength => best(context, is_core, is_told),
        FeatureId::ExperienceRecency | FeatureId::ExperienceLength => best(context, is_core, |field| {
            matches!(field, ProfileField::Tenure | ProfileField::CareerAfter)
        }),
        FeatureId::GainedSinceLeaving => best(context, is_core, |field| field == ProfileField::CareerAfter),
        FeatureId::UnitAdjacency => best(
            context,
            |wanted| wanted == Wanted::Department,
            |field| field == ProfileField::Tenure,
        ),
        FeatureId::ScopeFit => best(context, |wanted| wanted == Wanted::Excluded, any_field),
        FeatureId::HandsOn
        | FeatureId::LatentSimilarity
        | FeatureId::JobSimilarity
        | FeatureId::ConceptSimilarity
        | FeatureId::LevelFit
        | FeatureId::PlaceFit
        | FeatureId::HoursFit
        | FeatureId::StartFit
        | FeatureId::ProfileFreshness
        | FeatureId::StandingAmongAlumni
        | FeatureId::FeedDiversity
        | FeatureId::OwnChoices
        | FeatureId::LearntPreference
        | FeatureId::Exploration => Vec::new(),
    }
}

/// The phrase of one passage with the words highlighted that match any of the parts asked for.
pub(super) fn of_passage(
    context: &Context<'_>,
    passage: &Passage,
    is_wanted: impl Fn(Wanted) -> bool,
) -> Evidence {
    let words: Vec<Range<usize>> = matching(context, passage, &is_wanted)
        .map(|occurrence| {
            let start = occurrence.start as usize;
            start..start + usize::from(occurrence.len)
        })
        .collect();
    let whole = context.request.profile.text_of(passage);
    let sentence = passage.range.start as usize..passage.range.end as usize;
    let quotable = quotable(context, passage, whole, sentence, &words);
    let shown = window(whole, quotable, &words);
    let snippet = whole[shown.clone()].trim_end();
    Evidence {
        field: passage.field,
        highlights: highlights(snippet, shown.start, &words),
        snippet: snippet.to_owned(),
    }
}

/// The best passages by how much of the wanted parts they bear out, best first, one for each sentence.
fn best(
    context: &Context<'_>,
    is_wanted: impl Fn(Wanted) -> bool,
    is_field: impl Fn(ProfileField) -> bool,
) -> Vec<Evidence> {
    let mut scored: Vec<(f32, usize)> = Vec::new();
    for (passage_idx, passage) in context.request.profile.passages().iter().enumerate() {
        if !is_field(passage.field) {
            continue;
        }
        let mut seen = Vec::new();
        let mut sum = 0.0;
        for occurrence in matching(context, passage, &is_wanted) {
            if seen.contains(&occurrence.term) {
                continue;
            }
            seen.push(occurrence.term);
            let id = context.term_ids.global(occurrence.term);
            if let Some(number) = context.query.find(id) {
                sum += context.query.terms[usize::from(number)].idf * occurrence.distance.factor();
            }
        }
        let value = sum * field_weight(passage.field, passage.part);
        if value > 0.0 {
            scored.push((value, passage_idx));
        }
    }
    scored.sort_by(|(a, a_idx), (b, b_idx)| b.total_cmp(a).then(a_idx.cmp(b_idx)));
    scored
        .iter()
        .take(EVIDENCE_MAX)
        .map(|(_, idx)| of_passage(context, &context.request.profile.passages()[*idx], &is_wanted))
        .collect()
}

/// The readable occurrences in a passage whose term belongs to a wanted part.
fn matching<'a>(
    context: &'a Context<'_>,
    passage: &Passage,
    is_wanted: &'a impl Fn(Wanted) -> bool,
) -> impl Iterator<Item = &'a Occurrence> {
    let occurrences = context.request.profile.occurrences(passage).iter();
    occurrences.filter(move |occurrence| {
        let id = context.term_ids.global(occurrence.term);
        let number = context.query.find(id);
        may_be_read(occurrence, &context.query)
            && number.is_some_and(|number| {
                let parts = &context.query.terms[usize::from(number)].parts;
                parts
                    .iter()
                    .any(|part| is_wanted(context.query.parts[usize::from(*part)].wanted))
            })
    })
}

/// The part of a sentence that may be quoted: all of it, or what lies between clauses on the person's own
/// circumstances and holds the most matched words.
fn quotable(
    context: &Context<'_>,
    passage: &Passage,
    whole: &str,
    sentence: Range<usize>,
    words: &[Range<usize>],
) -> Range<usize> {
    let is_readable = |range: &Range<usize>| {
        let occurrences = context.request.profile.occurrences(passage).iter();
        let mut inside = occurrences.filter(|one| range.contains(&(one.start as usize)));
        inside.all(|one| may_be_read(one, &context.query))
    };
    let mut pieces = Vec::new();
    let mut start = sentence.start;
    for private in text::private::ranges(whole) {
        if private.end <= sentence.start || private.start >= sentence.end || is_readable(&private) {
            continue;
        }
        pieces.push(start..private.start.clamp(start, sentence.end));
        start = private.end.clamp(start, sentence.end);
    }
    pieces.push(start..sentence.end);
    let n_words_in = |piece: &Range<usize>| words.iter().filter(|word| piece.contains(&word.start)).count();
    pieces
        .into_iter()
        .rev()
        .max_by_key(n_words_in)
        .unwrap_or(sentence)
}

fn is_core(wanted: Wanted) -> bool {
    matches!(wanted, Wanted::Title | Wanted::MustHave(_))
}

fn is_asked(wanted: Wanted) -> bool {
    !matches!(wanted, Wanted::Excluded | Wanted::Department)
}

fn is_told(field: ProfileField) -> bool {
    matches!(field, ProfileField::Tenure | ProfileField::CareerAfter)
}
