//! What is written into the index of an alumnus and of an opportunity.

use std::ops::Range;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use uuid::Uuid;

use super::grams::add_grams;
use super::marks;
use super::schema::Fields;
use super::terms::Terms;
use crate::domain::{AlumnusId, Opportunity, OpportunityId, PersonName, Profile};
use crate::search::{aside_ranges, doubtful_cuts, name_terms};
use crate::text::{Analyzer, Compact, WordStarts, private};
use crate::thesaurus::Thesaurus;

/// What the keys of alumni begin with.
pub(super) const ALUMNUS_KEY: &str = "alumnus:";
/// What the keys of opportunities begin with.
pub(super) const OPPORTUNITY_KEY: &str = "opportunity:";

/// The term that an alumnus is replaced and deleted by.
pub(super) fn alumnus_key(id: AlumnusId) -> String {
    format!("{ALUMNUS_KEY}{}", id.0)
}

/// The term that an opportunity is replaced and deleted by.
pub(super) fn opportunity_key(id: OpportunityId) -> String {
    format!("{OPPORTUNITY_KEY}{}", id.0)
}

pub(super) fn alumnus(
    fields: &Fields,
    analyzer: &Analyzer,
    id: AlumnusId,
    name: &PersonName,
    profile: &Profile,
    payload: &[u8],
) -> TantivyDocument {
    let mut document = Document::new(fields, analyzer, PERSON, &alumnus_key(id), id.0);
    document.inner.add_bytes(fields.payload, payload);

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
    // What peers may not read must not decide what a word means that they may.
    let own = [headline.clone(), summary.clone()].concat();
    let lists = [skills.clone(), qualifications.clone()].concat();
    let mut titles: Vec<Told<'_>> = Vec::new();
    let mut experience: Vec<Told<'_>> = Vec::new();
    for tenure in &profile.tenures {
        let entry = [tenure.department.as_str(), &tenure.title, &tenure.description];
        titles.extend(told(&entry[..2], &entry));
        experience.extend(told(&entry[2..], &entry));
    }
    for position in &profile.career_after {
        let entry = [
            position.organization.as_str(),
            &position.title,
            &position.description,
        ];
        titles.extend(told(&entry[..2], &entry));
        experience.extend(told(&entry[2..], &entry));
    }

    for (field, marks, texts) in [
        (of.headline, of.own_marks, told(&headline, &own)),
        (of.summary, of.own_marks, told(&summary, &own)),
        (of.titles, of.peer_marks, titles),
        (of.skills, of.peer_marks, told(&skills, &lists)),
        (of.qualifications, of.peer_marks, told(&qualifications, &lists)),
        (of.experience, of.peer_marks, experience),
        (of.place, of.peer_marks, told(&place, &[])),
    ] {
        let grams = if marks == of.own_marks {
            of.own_grams
        } else {
            of.peer_grams
        };
        document.add_texts(&texts, field, marks, grams);
    }
    document.add_grams();
    let mut names = Terms::default();
    for term in name_terms(name) {
        names.push(&term, 0);
    }
    document.add_terms(of.names, &names);
    document.inner
}

pub(super) fn opportunity(
    fields: &Fields,
    analyzer: &Analyzer,
    opportunity: &Opportunity,
) -> TantivyDocument {
    let key = opportunity_key(opportunity.id);
    let mut document = Document::new(fields, analyzer, COMPANY, &key, opportunity.id.0);

    let of = fields.opportunity;
    let title = vec![opportunity.title.as_str()];
    let must_haves: Vec<&str> = opportunity.required_skills.iter().map(String::as_str).collect();
    let nice_to_haves: Vec<&str> = opportunity.preferred_skills.iter().map(String::as_str).collect();
    let mut body = vec![opportunity.description.as_str()];
    body.extend(opportunity.department.as_deref());
    body.extend(opportunity.products.iter().map(String::as_str));
    body.extend(opportunity.prefecture.iter().map(|prefecture| prefecture.name()));

    let everything = [
        title.clone(),
        must_haves.clone(),
        nice_to_haves.clone(),
        body.clone(),
    ]
    .concat();
    for (field, texts) in [
        (of.title, &title),
        (of.must_haves, &must_haves),
        (of.nice_to_haves, &nice_to_haves),
        (of.body, &body),
    ] {
        document.add_texts(&told(texts, &everything), field, of.marks, of.grams);
    }
    document.add_grams();
    document.inner
}

/// A text, and what stands around it.
struct Told<'a> {
    text: &'a str,
    /// What decides what an ambiguous word in it means.
    context: Vec<&'a str>,
}

/// Texts that stand in one context.
fn told<'a>(texts: &[&'a str], context: &[&'a str]) -> Vec<Told<'a>> {
    let told = |text: &&'a str| Told {
        text,
        context: context.to_vec(),
    };
    texts.iter().map(told).collect()
}

/// How the texts of a kind are read.
#[derive(Clone, Copy)]
struct Reading {
    /// Which parts of a text are read.
    readable: fn(&str) -> Vec<Range<usize>>,
    /// Which of them tell of what was not the writer's own work.
    aside: fn(&str) -> Vec<Range<usize>>,
}

/// What a person writes: without their own circumstances, and their own work apart from that of others.
const PERSON: Reading = Reading {
    readable: private::public_ranges,
    aside: aside_ranges,
};

/// What a company writes about its work is no person's circumstance, and nobody's own experience.
const COMPANY: Reading = Reading {
    readable: |text| vec![0..text.len()],
    aside: |_| Vec::new(),
};

struct Document<'a> {
    inner: TantivyDocument,
    analyzer: &'a Analyzer,
    reading: Reading,
    /// By field, with the next free position.
    grams: Vec<(Field, Terms, usize)>,
}

impl<'a> Document<'a> {
    fn new(fields: &Fields, analyzer: &'a Analyzer, reading: Reading, key: &str, id: Uuid) -> Self {
        let mut inner = TantivyDocument::default();
        inner.add_text(fields.key, key);
        let (high, low) = id.as_u64_pair();
        inner.add_u64(fields.id_high, high);
        inner.add_u64(fields.id_low, low);
        Self {
            inner,
            analyzer,
            reading,
            grams: Vec::new(),
        }
    }

    /// Adds what several texts say, with one position free between two of them. What is left out leaves no gap.
    ///
    /// - `field`: for the words of what the writer did
    /// - `marks`: for what [`marks`] makes of it, and of what others did or what may be no word
    /// - `grams`: for the characters, which come with those of other fields
    fn add_texts(&mut self, texts: &[Told<'_>], field: Field, marks: Field, grams: Field) {
        let thesaurus = Thesaurus::bundled();
        let mut own = Terms::default();
        let mut marked = Terms::default();
        let mut position = 0;
        for told in texts {
            let mut next = position;
            for range in (self.reading.readable)(told.text) {
                let text = &told.text[range];
                let (segmented, starts) = self.analyzer.segment_with_starts(text);
                self.collect_grams(grams, &starts);
                let mut aside = (self.reading.aside)(text);
                aside.extend(doubtful_cuts(self.analyzer, text, &segmented));
                let is_aside = |at: usize| aside.iter().any(|range| range.contains(&at));
                for mention in thesaurus.mentions(&segmented, || self.context(told)) {
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
                        own.push(&word.term, at);
                    }
                }
            }
            position = next + 1;
        }
        self.add_terms(field, &own);
        self.add_terms(marks, &marked);
    }

    fn context(&self, told: &Told<'_>) -> Compact {
        let mut context = String::new();
        for text in &told.context {
            for range in (self.reading.readable)(text) {
                context.push_str(&text[range]);
            }
            context.push('\n');
        }
        Compact::new(&context)
    }

    fn add_terms(&mut self, field: Field, terms: &Terms) {
        if !terms.as_str().is_empty() {
            self.inner.add_text(field, terms.as_str());
        }
    }

    fn collect_grams(&mut self, field: Field, words: &WordStarts) {
        let place = self.grams.iter().position(|(known, ..)| *known == field);
        let place = place.unwrap_or_else(|| {
            self.grams.push((field, Terms::default(), 0));
            self.grams.len() - 1
        });
        let (_, terms, position) = &mut self.grams[place];
        *position = add_grams(words, *position, terms);
    }

    fn add_grams(&mut self) {
        for (field, terms, _) in std::mem::take(&mut self.grams) {
            self.add_terms(field, &terms);
        }
    }
}
