//! The analysis of a profile against one that reads every text for itself.

use super::*;
use crate::features::distance;
use crate::features::reading::testing::profiles;
use crate::text::testing::analyzer;

/// A token with its term.
type Token = (String, Occurrence);

/// The tokens of one text, and its sentences.
fn tokens_of(text: &str, context: &dyn Fn() -> Compact) -> (Vec<Token>, Vec<Range<usize>>) {
    let private = text::private::ranges(text);
    let public = PublicText::new(text);
    let mut tokens = stretch(public.text(), None, &|token| public.original(token), context);
    for range in &private {
        let told = Some(LivedExperience::named_in(&text[range.clone()]));
        let place = |token: &Range<usize>| range.start + token.start..range.start + token.end;
        tokens.extend(stretch(&text[range.clone()], told, &place, context));
    }
    tokens.sort_by_key(|(_, occurrence)| occurrence.start);
    (tokens, text::sentences(text))
}

fn stretch(
    text: &str,
    private: Option<LivedExperience>,
    place: &dyn Fn(&Range<usize>) -> Range<usize>,
    context: &dyn Fn() -> Compact,
) -> Vec<Token> {
    let segmented = analyzer().segment(text);
    let thesaurus = Thesaurus::bundled();
    let mentions = thesaurus.mentions(&segmented, context).into_iter();
    let concepts = mentions.map(|mention| {
        (
            concept_term(&thesaurus.concept(mention.concept).id),
            mention.range,
        )
    });
    let words = segmented
        .tokens
        .into_iter()
        .map(|token| (token.term, token.range));
    let clauses = distance::clauses(text);
    let mut tokens: Vec<Token> = concepts
        .chain(words.filter(|(term, _)| is_term(term)))
        .map(|(term, token)| {
            let clause = clauses.iter().find(|(clause, _)| token.start < clause.end);
            let placed = place(&token);
            let occurrence = Occurrence {
                term: 0,
                start: placed.start as u32,
                len: placed.len() as u16,
                distance: clause.map_or(Distance::Done, |(_, distance)| *distance),
                private,
            };
            (term, occurrence)
        })
        .collect();
    tokens.sort_by_key(|(_, occurrence)| occurrence.start);
    tokens
}

/// What stands around a text in public.
fn around(profile: &Profile, field: ProfileField, entry: usize) -> Compact {
    let texts: Vec<&str> = match field {
        ProfileField::Tenure => {
            let one = &profile.tenures[entry];
            vec![&one.department, &one.title, &one.description]
        }
        ProfileField::CareerAfter => {
            let one = &profile.career_after[entry];
            vec![&one.organization, &one.title, &one.description]
        }
        _ => {
            let told = [&profile.headline, &profile.summary].into_iter().flatten();
            let lists = profile.skills.iter().chain(&profile.qualifications);
            told.chain(lists).map(String::as_str).collect()
        }
    };
    let public: Vec<String> = texts
        .into_iter()
        .map(|text| PublicText::new(text).text().to_owned())
        .collect();
    Compact::new(&public.join("\n"))
}

#[test]
fn a_profile_that_is_read_once_has_the_tokens_of_its_texts_read_one_by_one() {
    let analyzer = analyzer();
    for profile in profiles() {
        let analyzed = self::profile(&analyzer, &profile);
        assert_eq!(analyzed.profile, profile);
        let terms: Vec<&str> = analyzed.terms().collect();
        let mut passages = analyzed.passages().iter().peekable();
        let mut public_terms = Vec::new();
        let mut private_terms = Vec::new();
        while let Some(first) = passages.peek().copied() {
            let (field, entry, part) = (first.field, first.entry, first.part);
            let text = analyzed.text_of(first);
            let context = || around(&profile, field, entry.into());
            let (tokens, sentences) = tokens_of(text, &context);
            let mut tokens = tokens.into_iter().peekable();
            let mut n_kept = [0; 2];
            for sentence in sentences {
                let passage = passages.next().unwrap();
                assert_eq!((passage.field, passage.entry, passage.part), (field, entry, part));
                assert_eq!(
                    passage.range,
                    sentence.start as u32..sentence.end as u32,
                    "{text:.80}"
                );
                let mut found = analyzed.occurrences(passage).iter();
                while let Some((term, expected)) =
                    tokens.next_if(|(_, token)| (token.start as usize) < sentence.end)
                {
                    let n_kept = &mut n_kept[usize::from(expected.private.is_some())];
                    *n_kept += 1;
                    if *n_kept > TOKENS_MAX {
                        continue;
                    }
                    let found = found.next().unwrap();
                    assert_eq!(terms[usize::from(found.term)], term);
                    assert_eq!(Occurrence { term: 0, ..*found }, expected, "{term} in {text:.80}");
                    match expected.private {
                        None => public_terms.push(term),
                        Some(_) => private_terms.push(term),
                    }
                }
                assert_eq!(found.next(), None);
            }
            assert_eq!(analyzed.private_in(first), text::private::ranges(text));
        }
        let mut distinct: Vec<String> = Vec::new();
        for (of_clauses, n_terms) in [
            (public_terms, analyzed.n_public_terms()),
            (private_terms, analyzed.n_terms()),
        ] {
            for term in of_clauses {
                if !distinct.contains(&term) {
                    distinct.push(term);
                }
            }
            assert_eq!(distinct.len(), n_terms);
        }
        assert_eq!(terms, distinct);
    }
}

#[test]
fn every_text_with_a_sentence_is_analysed() {
    let analyzer = analyzer();
    for profile in profiles() {
        let analyzed = self::profile(&analyzer, &profile);
        let mut expected = Vec::new();
        let mut expect = |field, entry, part| {
            if !text::sentences(text_at(&profile, field, entry, part)).is_empty() {
                expected.push((field, entry, part));
            }
        };
        expect(ProfileField::Headline, 0, Part::Whole);
        expect(ProfileField::Summary, 0, Part::Whole);
        for (field, n_entries) in [
            (ProfileField::Skills, profile.skills.len()),
            (ProfileField::Qualifications, profile.qualifications.len()),
            (ProfileField::Languages, profile.languages.len()),
        ] {
            (0..n_entries as u16).for_each(|entry| expect(field, entry, Part::Whole));
        }
        for entry in 0..profile.tenures.len() as u16 {
            for part in [Part::Department, Part::Title, Part::Description] {
                expect(ProfileField::Tenure, entry, part);
            }
        }
        for entry in 0..profile.career_after.len() as u16 {
            for part in [Part::Organization, Part::Title, Part::Description] {
                expect(ProfileField::CareerAfter, entry, part);
            }
        }
        let mut found: Vec<_> = analyzed
            .passages()
            .iter()
            .map(|passage| (passage.field, passage.entry, passage.part))
            .collect();
        found.dedup();
        assert_eq!(found, expected);
    }
}

#[test]
fn what_a_person_names_of_their_own_circumstances_is_their_own_experience() {
    let analyzer = analyzer();
    for profile in profiles() {
        let analyzed = self::profile(&analyzer, &profile);
        for text in [&profile.headline, &profile.summary].into_iter().flatten() {
            for range in text::private::ranges(text) {
                let told = LivedExperience::named_in(&text[range]);
                assert!(told == LivedExperience::NONE || analyzed.own_experience().may_be_read_for(told));
            }
        }
    }
}
