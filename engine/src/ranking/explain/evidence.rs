//! The phrases of the profile that a contribution or a verdict rests on.

use std::ops::Range;

use super::sightings::{Sighting, in_passage, weight_in, written_range};
use super::{Context, Evidence};
use crate::domain::LanguageLevel;
use crate::features::analysis::{Part, Passage, Wanted};
use crate::features::company;
use crate::features::level::{self, AskedLevel};
use crate::features::lived::LivedExperience;
use crate::features::matching::{field_weight, may_be_read};
use crate::features::{FeatureId, ProfileField};
use crate::text::quote::{highlights, window};

/// Most phrases shown for one contribution.
const EVIDENCE_MAX: usize = 2;

/// The phrases that a feature's contribution rests on; empty where it rests on no text.
pub(super) fn of_feature(context: &Context<'_>, feature: FeatureId, value: f64) -> Vec<Evidence> {
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
        FeatureId::ExperienceRecency | FeatureId::ExperienceLength => best(context, is_core, is_told),
        FeatureId::GainedSinceLeaving => best(context, is_core, |field| field == ProfileField::CareerAfter),
        FeatureId::UnitAdjacency => {
            let wanted = match known_product(context) {
                Some(idx) => Wanted::Product(idx as u16),
                None => Wanted::Department,
            };
            by_words(context, wanted, |field| field == ProfileField::Tenure)
        }
        FeatureId::ScopeFit => by_words(context, Wanted::Excluded, any_field),
        FeatureId::HandsOn if value < 0.0 => told_stance(context).into_iter().collect(),
        FeatureId::JobSimilarity => closest_job(context).into_iter().collect(),
        FeatureId::ConceptSimilarity => super::concepts::evidence(context),
        FeatureId::LevelFit => {
            let must_haves = context.query.levels.iter();
            let must_haves = must_haves.filter(|asked| matches!(asked.wanted, Wanted::MustHave(_)));
            must_haves
                .filter_map(|asked| of_level(context, asked))
                .take(EVIDENCE_MAX)
                .collect()
        }
        FeatureId::HandsOn
        | FeatureId::LatentSimilarity
        | FeatureId::PlaceFit
        | FeatureId::HoursFit
        | FeatureId::StartFit
        | FeatureId::ProfileFreshness
        | FeatureId::StandingAmongAlumni
        | FeatureId::FeedDiversity
        | FeatureId::OwnChoices
        | FeatureId::LearntPreference
        | FeatureId::Exploration
        | FeatureId::Coordination
        | FeatureId::StandingWish
        | FeatureId::GroupShare => Vec::new(),
    }
}

/// The phrase of one passage with the stretches highlighted that bear out what is meant.
///
/// - `also`: bytes of the entry's text that are highlighted too
pub(super) fn of_passage(
    context: &Context<'_>,
    passage_idx: usize,
    also: &[Range<usize>],
    is_meant: impl Fn(&Sighting) -> bool,
) -> Evidence {
    let matched = in_passage(context, passage_idx)
        .filter(|one| is_meant(one))
        .map(|one| one.range.clone());
    let marked: Vec<Range<usize>> = matched.chain(also.iter().cloned()).collect();
    quote(context, passage_idx, &marked)
}

/// The phrase of one passage with some stretches of it highlighted.
pub(super) fn quote(context: &Context<'_>, passage_idx: usize, marked: &[Range<usize>]) -> Evidence {
    let passage = &context.profile.passages()[passage_idx];
    let whole = context.profile.text_of(passage);
    let sentence = passage.range.start as usize..passage.range.end as usize;
    let quotable = quotable(context, passage, sentence, marked);
    let shown = window(whole, quotable, marked);
    let snippet = whole[shown.clone()].trim_end();
    Evidence {
        field: passage.field,
        highlights: highlights(snippet, shown.start, marked),
        snippet: snippet.to_owned(),
    }
}

/// The statement that decides on a level.
pub(super) fn of_level(context: &Context<'_>, asked: &AskedLevel) -> Option<Evidence> {
    let profile = &context.profile;
    let stated = level::stated(asked, profile.levels())?;
    if stated.field == ProfileField::Languages {
        let known = profile.profile.languages.get(usize::from(stated.entry))?;
        let level = match known.level {
            LanguageLevel::Basic => context.say("初級", "basic"),
            LanguageLevel::Conversational => context.say("日常会話", "conversational"),
            LanguageLevel::Business => context.say("ビジネス", "business"),
            LanguageLevel::Native => context.say("ネイティブ", "native"),
        };
        let snippet = format!("{}（{level}）", known.language);
        return Some(Evidence {
            field: stated.field,
            // All of it: what is listed is the level itself.
            highlights: std::iter::once(0..snippet.encode_utf16().count() as u32).collect(),
            snippet,
        });
    }
    let is_stated = |passage: &Passage| {
        (passage.field, passage.entry, passage.range.start) == (stated.field, stated.entry, stated.start)
    };
    let idx = profile.passages().iter().position(is_stated)?;
    let is_list = matches!(stated.field, ProfileField::Qualifications | ProfileField::Skills);
    if !is_list {
        return Some(of_passage(context, idx, &[], |one| {
            context.query.needs[one.need].wanted == asked.wanted
        }));
    }
    let range = &profile.passages()[idx].range;
    let whole = range.start as usize..range.end as usize;
    Some(quote(context, idx, std::slice::from_ref(&whole)))
}

/// The product, by its place, that a period at the company names; `None` where a contribution rests on the unit.
pub(super) fn known_product(context: &Context<'_>) -> Option<usize> {
    let products = &context.query.opportunity.opportunity.products;
    let profile = &context.profile.profile;
    let tenures = 0..profile.tenures.len();
    if products.is_empty() {
        return None;
    }
    tenures
        .filter_map(|tenure| company::known_product(products, profile, tenure))
        .next()
}

/// The best passages by how much of the wanted parts they bear out, best first, one for each sentence.
fn best(
    context: &Context<'_>,
    is_wanted: impl Fn(Wanted) -> bool,
    is_field: impl Fn(ProfileField) -> bool,
) -> Vec<Evidence> {
    let is_meant = |one: &Sighting| {
        let need = &context.query.needs[one.need];
        is_wanted(need.wanted) && !need.is_generic
    };
    let passages = context.profile.passages().iter().enumerate();
    let scored = passages
        .filter(|(_, passage)| is_field(passage.field))
        .map(|(idx, _)| (weight_in(context, idx, is_meant), idx));
    let chosen = strongest(scored.collect());
    chosen
        .map(|idx| of_passage(context, idx, &[], is_meant))
        .collect()
}

/// The same for a part that is compared by its words.
fn by_words(context: &Context<'_>, wanted: Wanted, is_field: impl Fn(ProfileField) -> bool) -> Vec<Evidence> {
    let profile = &context.profile;
    let words_in = |passage: &Passage| -> Vec<(u16, Range<usize>, f32)> {
        let occurrences = profile.occurrences(passage).iter();
        let readable = occurrences.filter(|one| may_be_read(one, &context.query));
        readable
            .filter_map(|one| {
                let term =
                    &context.query.terms[usize::from(context.query.find(context.term_ids.global(one.term))?)];
                let mut parts = term.parts.iter();
                let is_wanted = parts.any(|part| context.query.parts[usize::from(*part)].wanted == wanted);
                let range = written_range(profile.text_of(passage), one);
                is_wanted.then_some((one.term, range, term.idf * one.distance.factor()))
            })
            .collect()
    };
    let passages = profile.passages().iter().enumerate();
    let scored = passages
        .filter(|(_, passage)| is_field(passage.field))
        .map(|(idx, passage)| {
            let mut words = words_in(passage);
            words.sort_by_key(|(term, ..)| *term);
            words.dedup_by_key(|(term, ..)| *term);
            let sum: f32 = words.iter().map(|(_, _, weight)| weight).sum();
            (sum * field_weight(passage.field, passage.part), idx)
        });
    let chosen = strongest(scored.collect());
    chosen
        .map(|idx| {
            let words = words_in(&profile.passages()[idx]).into_iter();
            quote(
                context,
                idx,
                &words.map(|(_, range, _)| range).collect::<Vec<_>>(),
            )
        })
        .collect()
}

/// The passages of the greatest weights, best first.
fn strongest(mut scored: Vec<(f32, usize)>) -> impl Iterator<Item = usize> {
    scored.retain(|(weight, _)| *weight > 0.0);
    scored.sort_by(|(a, a_idx), (b, b_idx)| b.total_cmp(a).then(a_idx.cmp(b_idx)));
    scored.into_iter().take(EVIDENCE_MAX).map(|(_, idx)| idx)
}

/// The headline or title that tells of another stance towards the work.
fn told_stance(context: &Context<'_>) -> Option<Evidence> {
    if context.query.lived != LivedExperience::NONE {
        return None;
    }
    let told = context.query.told_stance(&context.profile.profile)?;
    let part = if told.field == ProfileField::Headline {
        Part::Whole
    } else {
        Part::Title
    };
    let is_told = |passage: &Passage| {
        (passage.field, passage.entry, passage.part) == (told.field, 0, part)
            && passage.range.contains(&(told.word.start as u32))
    };
    let idx = context.profile.passages().iter().position(is_told)?;
    let quoted = quote(context, idx, std::slice::from_ref(&told.word));
    // A word inside a clause on the person's own circumstances is not shown.
    (!quoted.highlights.is_empty()).then_some(quoted)
}

/// The job that is most alike, by the sentence of it that says most, else its description or title.
fn closest_job(context: &Context<'_>) -> Option<Evidence> {
    let (field, entry) = context.closest_job?;
    let is_meant = |one: &Sighting| {
        let need = &context.query.needs[one.need];
        is_asked(need.wanted) && !need.is_generic
    };
    let passages = context.profile.passages().iter();
    let of_job = passages
        .enumerate()
        .filter(|(_, one)| (one.field, one.entry) == (field, entry));
    let rank = |part: Part| match part {
        Part::Description => 2,
        Part::Title => 1,
        Part::Department | Part::Organization | Part::Whole => 0,
    };
    let weighed = of_job.map(|(idx, one)| (weight_in(context, idx, is_meant), rank(one.part), idx));
    let (_, _, idx) = weighed.reduce(|best, next| {
        let is_better = (next.0, next.1) > (best.0, best.1);
        if is_better { next } else { best }
    })?;
    let quoted = of_passage(context, idx, &[], is_meant);
    (!quoted.snippet.is_empty()).then_some(quoted)
}

/// The part of a sentence that may be quoted: all of it, or what lies between clauses on the person's own
/// circumstances and holds the most matched words.
fn quotable(
    context: &Context<'_>,
    passage: &Passage,
    sentence: Range<usize>,
    words: &[Range<usize>],
) -> Range<usize> {
    let is_readable = |range: &Range<usize>| {
        let occurrences = context.profile.occurrences(passage).iter();
        let mut inside = occurrences
            .filter(|one| range.contains(&(one.start as usize)))
            .peekable();
        // An age alone has no terms, and nobody asks for it.
        inside.peek().is_some() && inside.all(|one| may_be_read(one, &context.query))
    };
    let mut pieces = Vec::new();
    let mut start = sentence.start;
    for private in context.profile.private_in(passage) {
        if private.end <= sentence.start || private.start >= sentence.end || is_readable(private) {
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
    !matches!(wanted, Wanted::Excluded | Wanted::Department | Wanted::Product(_))
}

fn is_told(field: ProfileField) -> bool {
    matches!(field, ProfileField::Tenure | ProfileField::CareerAfter)
}
