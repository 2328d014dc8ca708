//! The document of an alumnus against one that reads every text for itself.

use std::collections::BTreeMap;
use std::ops::Range;

use tantivy::schema::Value as _;

use super::*;
use crate::domain::Profile;
use crate::features::analysis;
use crate::features::distance;
use crate::features::reading::testing::profiles;
use crate::text::testing::analyzer;
use crate::text::{Normalized, private};

/// A text, and what stands around it.
struct Told<'a> {
    text: &'a str,
    context: Vec<&'a str>,
}

fn told<'a>(texts: &[&'a str], context: &[&'a str]) -> Vec<Told<'a>> {
    let told = |text: &&'a str| Told {
        text,
        context: context.to_vec(),
    };
    texts.iter().map(told).collect()
}

/// The texts of each field, in order.
fn read_one_by_one(fields: &Fields, profile: &Profile) -> BTreeMap<Field, Vec<String>> {
    let of = fields.alumnus;
    let headline: Vec<&str> = profile.headline.as_deref().into_iter().collect();
    let summary: Vec<&str> = profile.summary.as_deref().into_iter().collect();
    let skills: Vec<&str> = profile.skills.iter().map(String::as_str).collect();
    let mut qualifications: Vec<&str> = profile.qualifications.iter().map(String::as_str).collect();
    qualifications.extend(profile.languages.iter().map(|skill| skill.language.as_str()));
    let place: Vec<&str> = profile
        .prefecture
        .iter()
        .map(|prefecture| prefecture.name())
        .collect();
    let own = [&headline[..], &summary].concat();
    let lists = [&skills[..], &qualifications].concat();
    let mut titles: Vec<Told<'_>> = Vec::new();
    let mut experience: Vec<Told<'_>> = Vec::new();
    let tenures = profile.tenures.iter();
    let tenures = tenures.map(|one| [one.department.as_str(), &one.title, &one.description]);
    let positions = profile.career_after.iter();
    let positions = positions.map(|one| [one.organization.as_str(), &one.title, &one.description]);
    for entry in tenures.chain(positions) {
        titles.extend(told(&entry[..2], &entry));
        experience.extend(told(&entry[2..], &entry));
    }
    let mut found: BTreeMap<Field, Vec<String>> = BTreeMap::new();
    let mut grams_of: BTreeMap<Field, (Terms, usize)> = BTreeMap::new();
    for (field, marks, grams, texts) in [
        (of.headline, of.own_marks, of.own_grams, told(&headline, &own)),
        (of.summary, of.own_marks, of.own_grams, told(&summary, &own)),
        (of.titles, of.peer_marks, of.peer_grams, titles),
        (of.skills, of.peer_marks, of.peer_grams, told(&skills, &lists)),
        (
            of.qualifications,
            of.peer_marks,
            of.peer_grams,
            told(&qualifications, &lists),
        ),
        (of.experience, of.peer_marks, of.peer_grams, experience),
        (of.place, of.peer_marks, of.peer_grams, told(&place, &[])),
    ] {
        let (mut words, mut marked) = (Terms::default(), Terms::default());
        let mut position = 0;
        for told in texts {
            let mut next = position;
            for range in private::public_ranges(told.text) {
                let text = &told.text[range];
                let (segmented, starts) = analyzer().segment_with_starts(Normalized::new(text));
                let (terms, n_grams) = grams_of.entry(grams).or_default();
                *n_grams = add_grams(&starts, *n_grams, terms);
                let aside = aside(text, &segmented);
                let is_aside = |at: usize| aside.iter().any(|range| range.contains(&at));
                let thesaurus = Thesaurus::bundled();
                for mention in thesaurus.mentions(&segmented, || around(&told.context)) {
                    let term = marks::of_mention(thesaurus, &mention, is_aside(mention.range.start));
                    marked.push(&term, 0);
                }
                let start = next;
                for word in segmented.tokens {
                    let at = start + word.position as usize;
                    next = next.max(at + 1);
                    if is_aside(word.range.start) {
                        marked.push(&marks::word_aside(&word.term), 0);
                    } else {
                        words.push(&word.term, at);
                    }
                }
            }
            position = next + 1;
        }
        found.entry(field).or_default().push(words.as_str().to_owned());
        found.entry(marks).or_default().push(marked.as_str().to_owned());
    }
    for (field, (terms, _)) in grams_of {
        found.entry(field).or_default().push(terms.as_str().to_owned());
    }
    for texts in found.values_mut() {
        texts.retain(|text| !text.is_empty());
    }
    found.retain(|_, texts| !texts.is_empty());
    found
}

fn aside(text: &str, segmented: &crate::text::Segmented) -> Vec<Range<usize>> {
    let mut aside = aside_among(&distance::clauses(text));
    aside.extend(doubtful_cuts(&analyzer(), text, segmented));
    aside
}

fn around(texts: &[&str]) -> Compact {
    let mut context = String::new();
    for text in texts {
        for range in private::public_ranges(text) {
            context.push_str(&text[range]);
        }
        context.push('\n');
    }
    Compact::new(&context)
}

#[test]
fn the_document_of_a_profile_that_is_read_once_has_the_terms_of_its_texts_read_one_by_one() {
    let fields = Fields::new();
    let name = PersonName {
        kanji: "山本 一郎".to_owned(),
        kana: None,
    };
    let analyzer = analyzer();
    for (idx, profile) in profiles().into_iter().enumerate() {
        let read = ReadProfile::new(&analyzer, &profile);
        // Whoever reads it first leaves the other what it would have read alone.
        if idx % 2 == 0 {
            let _ = analysis::of(&read);
        }
        let document = alumnus(&fields, AlumnusId(Uuid::nil()), &name, &read, b"");
        let mut found: BTreeMap<Field, Vec<String>> = BTreeMap::new();
        for (field, value) in document.field_values() {
            if let Some(text) = value.as_str() {
                found.entry(field).or_default().push(text.to_owned());
            }
        }
        found.remove(&fields.key);
        found.remove(&fields.alumnus.names);
        assert_eq!(found, read_one_by_one(&fields, &profile), "{profile:?}");
    }
}
