//! What is written into the index of an alumnus and of an opportunity.

use std::ops::Range;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};
use uuid::Uuid;

use super::grams::grams;
use super::names::name_terms;
use super::schema::Fields;
use crate::domain::{AlumnusId, Opportunity, OpportunityId, PersonName, Profile};
use crate::text::{Analyzer, private};

/// The term that an alumnus is replaced and deleted by.
pub(super) fn alumnus_key(id: AlumnusId) -> String {
    format!("alumnus:{}", id.0)
}

/// The term that an opportunity is replaced and deleted by.
pub(super) fn opportunity_key(id: OpportunityId) -> String {
    format!("opportunity:{}", id.0)
}

pub(super) fn alumnus(
    fields: &Fields,
    analyzer: &Analyzer,
    id: AlumnusId,
    name: &PersonName,
    profile: &Profile,
    payload: &[u8],
) -> TantivyDocument {
    let mut document = Document::new(fields, analyzer, private::public_ranges, &alumnus_key(id), id.0);
    document.inner.add_bytes(fields.payload, payload);

    let of = fields.alumnus;
    let headline: Vec<&str> = profile.headline.as_deref().into_iter().collect();
    let summary: Vec<&str> = profile.summary.as_deref().into_iter().collect();
    let mut titles: Vec<&str> = Vec::new();
    let mut experience: Vec<&str> = Vec::new();
    for tenure in &profile.tenures {
        titles.extend([tenure.department.as_str(), tenure.title.as_str()]);
        experience.push(&tenure.description);
    }
    for position in &profile.career_after {
        titles.extend([position.organization.as_str(), position.title.as_str()]);
        experience.push(&position.description);
    }
    let skills: Vec<&str> = profile.skills.iter().map(String::as_str).collect();
    let mut qualifications: Vec<&str> = profile.qualifications.iter().map(String::as_str).collect();
    qualifications.extend(profile.languages.iter().map(|skill| skill.language.as_str()));
    let place: Vec<&str> = profile
        .prefecture
        .iter()
        .map(|prefecture| prefecture.name())
        .collect();

    let mut all_words = Vec::new();
    for (field, texts) in [
        (of.headline, &headline),
        (of.summary, &summary),
        (of.titles, &titles),
        (of.skills, &skills),
        (of.qualifications, &qualifications),
        (of.experience, &experience),
        (of.place, &place),
    ] {
        let words = document.words(texts);
        all_words.extend(words.iter().cloned());
        document.add_terms(field, words);
    }
    document.add_terms(of.profile, all_words);
    document.add_grams(of.own_grams, &[&headline, &summary]);
    document.add_grams(
        of.peer_grams,
        &[&titles, &skills, &qualifications, &experience, &place],
    );
    document.add_terms(
        of.names,
        name_terms(name).into_iter().map(|term| token(term, 0)).collect(),
    );
    document.inner
}

pub(super) fn opportunity(
    fields: &Fields,
    analyzer: &Analyzer,
    opportunity: &Opportunity,
) -> TantivyDocument {
    let key = opportunity_key(opportunity.id);
    let mut document = Document::new(fields, analyzer, whole, &key, opportunity.id.0);

    let of = fields.opportunity;
    let title = vec![opportunity.title.as_str()];
    let must_haves: Vec<&str> = opportunity.required_skills.iter().map(String::as_str).collect();
    let nice_to_haves: Vec<&str> = opportunity.preferred_skills.iter().map(String::as_str).collect();
    let mut body = vec![opportunity.description.as_str()];
    body.extend(opportunity.department.as_deref());
    body.extend(opportunity.prefecture.iter().map(|prefecture| prefecture.name()));

    for (field, texts) in [
        (of.title, &title),
        (of.must_haves, &must_haves),
        (of.nice_to_haves, &nice_to_haves),
        (of.body, &body),
    ] {
        let words = document.words(texts);
        document.add_terms(field, words);
    }
    document.add_grams(of.grams, &[&title, &must_haves, &nice_to_haves, &body]);
    document.inner
}

struct Document<'a> {
    inner: TantivyDocument,
    analyzer: &'a Analyzer,
    /// Which parts of a text are read.
    readable: fn(&str) -> Vec<Range<usize>>,
}

impl<'a> Document<'a> {
    fn new(
        fields: &Fields,
        analyzer: &'a Analyzer,
        readable: fn(&str) -> Vec<Range<usize>>,
        key: &str,
        id: Uuid,
    ) -> Self {
        let mut inner = TantivyDocument::default();
        inner.add_text(fields.key, key);
        let (high, low) = id.as_u64_pair();
        inner.add_u64(fields.id_high, high);
        inner.add_u64(fields.id_low, low);
        Self {
            inner,
            analyzer,
            readable,
        }
    }

    /// The words of several texts, with one position free between two of them. What is left out leaves no gap.
    fn words(&self, texts: &[&str]) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut position = 0;
        for text in texts {
            let mut next = position;
            for range in (self.readable)(text) {
                let start = next;
                for word in self.analyzer.words(&text[range]) {
                    let at = start + word.position as usize;
                    next = next.max(at + 1);
                    tokens.push(token(word.term, at));
                }
            }
            position = next + 1;
        }
        tokens
    }

    fn add_terms(&mut self, field: Field, tokens: Vec<Token>) {
        if !tokens.is_empty() {
            self.inner.add_pre_tokenized_text(
                field,
                PreTokenizedString {
                    text: String::new(),
                    tokens,
                },
            );
        }
    }

    fn add_grams(&mut self, field: Field, groups: &[&[&str]]) {
        let mut tokens = Vec::new();
        let mut position = 0;
        for text in groups.iter().copied().flatten() {
            for range in (self.readable)(text) {
                let (found, next) = grams(self.analyzer, &text[range], position);
                tokens.extend(found.into_iter().map(|gram| token(gram.term, gram.position)));
                position = next;
            }
        }
        self.add_terms(field, tokens);
    }
}

/// All of a text. What a company writes about its work is no person's circumstance.
fn whole(text: &str) -> Vec<Range<usize>> {
    vec![0..text.len()]
}

/// Offsets are not indexed; they only have to be valid.
fn token(text: String, position: usize) -> Token {
    Token {
        offset_from: 0,
        offset_to: 0,
        position,
        text,
        position_length: 1,
    }
}
