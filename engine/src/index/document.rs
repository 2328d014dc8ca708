//! What is written into the index of an alumnus and of an opportunity.

use std::cell::OnceCell;

use tantivy::TantivyDocument;
use tantivy::schema::Field;
use uuid::Uuid;

use super::grams::add_grams;
use super::marks;
use super::schema::Fields;
use super::terms::Terms;
use crate::domain::{AlumnusId, Opportunity, OpportunityId, PersonName};
use crate::features::ProfileField;
use crate::features::analysis::Part;
use crate::features::reading::{ReadProfile, ReadText, Stretch, public_context};
use crate::search::{aside_among, contains, doubtful_cuts, name_terms};
use crate::text::{Analyzer, Compact, WordStarts};
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
    id: AlumnusId,
    name: &PersonName,
    read: &ReadProfile<'_>,
    payload: &[u8],
) -> TantivyDocument {
    use ProfileField::{CareerAfter, Headline, Languages, Qualifications, Skills, Summary, Tenure};

    let mut document = Document::new(fields, read.analyzer, &alumnus_key(id), id.0);
    document.inner.add_bytes(fields.payload, payload);

    // What peers may not read must not decide what a word means that they may.
    let (own, lists, nothing) = (OnceCell::new(), OnceCell::new(), Compact::default());
    let own =
        |_: &ReadText<'_>| own.get_or_init(|| public_context(read.of(Headline).chain(read.of(Summary))));
    let in_qualifications = || read.of(Qualifications).chain(read.of(Languages));
    let lists =
        |_: &ReadText<'_>| lists.get_or_init(|| public_context(read.of(Skills).chain(in_qualifications())));
    let entry = |text: &ReadText<'_>| read.around(text).unwrap_or(&nothing);
    let jobs = || read.of(Tenure).chain(read.of(CareerAfter));
    let is_description = |text: &&ReadText<'_>| text.part == Part::Description;
    let prefecture = read.profile.prefecture.map(|prefecture| {
        let name = prefecture.name();
        ReadText::new(read.analyzer, ProfileField::Prefecture, 0, Part::Whole, name)
    });

    let of = fields.alumnus;
    let by_owner = |words| Places {
        words,
        marks: of.own_marks,
        grams: of.own_grams,
    };
    let by_peers = |words| Places {
        words,
        marks: of.peer_marks,
        grams: of.peer_grams,
    };
    document.add_told(by_owner(of.headline), read.of(Headline), own);
    document.add_told(by_owner(of.summary), read.of(Summary), own);
    let titles = jobs().filter(|text| !is_description(text));
    document.add_told(by_peers(of.titles), titles, entry);
    document.add_told(by_peers(of.skills), read.of(Skills), lists);
    document.add_told(by_peers(of.qualifications), in_qualifications(), lists);
    let descriptions = jobs().filter(is_description);
    document.add_told(by_peers(of.experience), descriptions, entry);
    document.add_told(by_peers(of.place), prefecture.iter(), |_| &nothing);
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
    let mut document = Document::new(fields, analyzer, &key, opportunity.id.0);

    let title = vec![opportunity.title.as_str()];
    let must_haves: Vec<&str> = opportunity.required_skills.iter().map(String::as_str).collect();
    let nice_to_haves: Vec<&str> = opportunity.preferred_skills.iter().map(String::as_str).collect();
    let mut body = vec![opportunity.description.as_str()];
    body.extend(opportunity.department.as_deref());
    body.extend(opportunity.products.iter().map(String::as_str));
    body.extend(opportunity.prefecture.iter().map(|prefecture| prefecture.name()));

    let everything = [&title[..], &must_haves, &nice_to_haves, &body].concat();
    let context = OnceCell::new();
    let context = || context.get_or_init(|| Compact::new(&everything.join("\n")));
    let of = fields.opportunity;
    for (words, texts) in [
        (of.title, title),
        (of.must_haves, must_haves),
        (of.nice_to_haves, nice_to_haves),
        (of.body, body),
    ] {
        let to = Places {
            words,
            marks: of.marks,
            grams: of.grams,
        };
        document.add_wanted(to, &texts, context);
    }
    document.add_grams();
    document.inner
}

/// Where what several texts say is written.
#[derive(Clone, Copy)]
struct Places {
    /// For the words of what the writer did.
    words: Field,
    /// For what [`marks`] makes of it, and of what others did or what may be no word.
    marks: Field,
    /// For the characters, which come with those of other fields.
    grams: Field,
}

/// What several texts say, as it is collected.
#[derive(Default)]
struct Collected {
    words: Terms,
    marks: Terms,
    /// The next free position of words.
    position: usize,
}

struct Document<'a> {
    inner: TantivyDocument,
    analyzer: &'a Analyzer,
    /// By field, with the next free position.
    grams: Vec<(Field, Terms, usize)>,
}

impl<'a> Document<'a> {
    fn new(fields: &Fields, analyzer: &'a Analyzer, key: &str, id: Uuid) -> Self {
        let mut inner = TantivyDocument::default();
        inner.add_text(fields.key, key);
        let (high, low) = id.as_u64_pair();
        inner.add_u64(fields.id_high, high);
        inner.add_u64(fields.id_low, low);
        Self {
            inner,
            analyzer,
            grams: Vec::new(),
        }
    }

    /// Adds what several texts of a person say: without their own circumstances, and their own work apart from that of
    /// others. One position is free between two texts; what is left out leaves no gap.
    fn add_told<'r, 'p: 'r, 'c>(
        &mut self,
        to: Places,
        texts: impl Iterator<Item = &'r ReadText<'p>>,
        context: impl Fn(&ReadText<'_>) -> &'c Compact,
    ) {
        let mut collected = Collected::default();
        for read in texts {
            let context = || context(read);
            match read.public.stretches() {
                // Nothing was left out within it: it was read as it stands.
                [_] => self.add_stretch(to, &mut collected, read.public.text(), &read.stretch, context),
                // No word and no phrase runs over what was left out.
                stretches => {
                    for (_, range) in stretches {
                        let text = &read.text[range.clone()];
                        let stretch = Stretch::of_person(self.analyzer, text);
                        self.add_stretch(to, &mut collected, text, &stretch, context);
                    }
                }
            }
            collected.position += 1;
        }
        self.add_collected(to, &collected);
    }

    /// Adds what several texts of a company say. What it writes about its work is no person's circumstance, and nobody's own
    /// experience.
    fn add_wanted<'c>(&mut self, to: Places, texts: &[&str], context: impl Fn() -> &'c Compact) {
        let mut collected = Collected::default();
        for text in texts {
            let stretch = Stretch::of_company(self.analyzer, text);
            self.add_stretch(to, &mut collected, text, &stretch, &context);
            collected.position += 1;
        }
        self.add_collected(to, &collected);
    }

    fn add_stretch<'c>(
        &mut self,
        to: Places,
        collected: &mut Collected,
        text: &str,
        stretch: &Stretch,
        context: impl Fn() -> &'c Compact,
    ) {
        self.collect_grams(to.grams, &stretch.starts);
        let aside = aside_among(&stretch.clauses);
        let doubtful = doubtful_cuts(self.analyzer, text, &stretch.words);
        let is_aside = |at: usize| contains(&aside, at) || contains(&doubtful, at);
        let thesaurus = Thesaurus::bundled();
        for mention in thesaurus.meant(&stretch.forms, context) {
            let term = marks::of_mention(thesaurus, &mention, is_aside(mention.range.start));
            collected.marks.push(&term, 0);
        }
        let start = collected.position;
        for word in &stretch.words.tokens {
            let at = start + word.position as usize;
            collected.position = collected.position.max(at + 1);
            if is_aside(word.range.start) {
                collected.marks.push(&marks::word_aside(&word.term), 0);
            } else {
                collected.words.push(&word.term, at);
            }
        }
    }

    fn add_collected(&mut self, to: Places, collected: &Collected) {
        self.add_terms(to.words, &collected.words);
        self.add_terms(to.marks, &collected.marks);
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

#[cfg(test)]
mod tests;
