//! Where the terms of a query stand in one profile: the one pass over its tokens that all features share.

use super::Subject;
use super::analysis::{AnalyzedProfile, Occurrence, Part, Passage, Wanted};
use super::field::ProfileField;
use super::needs::{self, Borne};
use super::query::Query;
use crate::domain::limits::PRODUCTS_MAX;

/// How a match in this place counts against one in a description of work done: what was done outweighs what is
/// said of oneself, and both outweigh a list. Chosen by hand on the golden cases.
#[must_use]
pub const fn field_weight(field: ProfileField, part: Part) -> f32 {
    match (field, part) {
        (ProfileField::Tenure | ProfileField::CareerAfter, Part::Title | Part::Description) => 1.0,
        (ProfileField::Tenure, Part::Department) => 0.8,
        (ProfileField::Tenure | ProfileField::CareerAfter, _) => 0.5,
        (ProfileField::Headline, _) => 1.0,
        (ProfileField::Summary, _) => 0.9,
        (ProfileField::Qualifications, _) => 0.9,
        (ProfileField::Skills | ProfileField::Languages, _) => 0.75,
        (ProfileField::WorkStyle | ProfileField::Prefecture | ProfileField::ConfirmedOn, _) => 0.0,
    }
}

/// Saturation and length normalization of term frequencies, in BM25's usual range (Robertson & Zaragoza 2009).
const K1: f32 = 1.0;
const B: f32 = 0.5;

/// The words of the company's own names in one tenure or position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryMatch {
    /// [`ProfileField::Tenure`] or [`ProfileField::CareerAfter`].
    pub field: ProfileField,
    /// Which one.
    pub entry: u16,
    /// Share of the unit's terms that its department or title has, from 0 to 1.
    pub unit_share: f32,
    /// Share of each product's terms that it has anywhere, from 0 to 1.
    pub product_shares: [f32; PRODUCTS_MAX],
}

/// Where the terms of a query stand in one profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Match {
    /// Weighted frequencies, by term of the query.
    pub frequencies: Vec<f32>,
    /// Tenures and positions that share anything.
    pub entries: Vec<EntryMatch>,
    length_norm: f32,
}

impl Match {
    /// A term's weighted frequency brought into `[0, 1)`, long profiles damped.
    #[must_use]
    pub fn saturated(&self, term: u16) -> f32 {
        let frequency = self.frequencies[usize::from(term)];
        frequency / (frequency + K1 * self.length_norm)
    }
}

/// Whether an occurrence may be read for this query.
#[must_use]
pub fn may_be_read(occurrence: &Occurrence, query: &Query<'_>) -> bool {
    occurrence
        .private
        .is_none_or(|named| named.may_be_read_for(query.lived))
}

/// Finds matches, reusing its buffers from profile to profile.
#[derive(Debug)]
pub struct Matcher {
    found: Match,
    /// By term: the entry in which it was last counted.
    in_entry: Vec<u32>,
    sums: needs::Sums,
}

impl Matcher {
    /// A matcher for one query.
    #[must_use]
    pub fn new(query: &Query<'_>) -> Self {
        let n_terms = query.terms.len();
        Self {
            found: Match {
                frequencies: vec![0.0; n_terms],
                ..Match::default()
            },
            in_entry: vec![0; n_terms],
            sums: needs::Sums::new(query),
        }
    }

    /// Finds the query's terms in one profile. The query must be the one that the matcher was made for.
    pub fn find(&mut self, query: &Query<'_>, subject: Subject<'_>) -> &Match {
        self.clear();
        let profile = subject.profile;
        let relative_length = profile.n_public_tokens() as f32 / query.mean_length;
        self.found.length_norm = 1.0 - B + B * relative_length;

        let mut entry_stamp = 0;
        let mut current = None;
        for passage in profile.passages() {
            let entry = entry_of(passage);
            if entry != current {
                entry_stamp += 1;
                current = entry;
            }
            self.read_passage(query, subject, passage, entry_stamp);
        }
        &self.found
    }

    /// Finds where one profile bears out the query's needs.
    pub fn borne(&mut self, query: &Query<'_>, subject: Subject<'_>) -> Borne {
        needs::borne_with(&mut self.sums, query, subject)
    }

    fn clear(&mut self) {
        self.found.frequencies.fill(0.0);
        self.found.entries.clear();
        self.in_entry.fill(0);
    }

    fn read_passage(&mut self, query: &Query<'_>, subject: Subject<'_>, passage: &Passage, entry_stamp: u32) {
        let place_weight = field_weight(passage.field, passage.part);
        for occurrence in subject.profile.occurrences(passage) {
            let Some(number) = query.find(subject.term_ids.global(occurrence.term)) else {
                continue;
            };
            if !may_be_read(occurrence, query) {
                continue;
            }
            let idx = usize::from(number);
            self.found.frequencies[idx] += place_weight * occurrence.distance.factor();
            if self.in_entry[idx] != entry_stamp {
                self.in_entry[idx] = entry_stamp;
                self.count_in_entry(query, passage, number);
            }
        }
    }

    /// Adds a term's first occurrence in a tenure or position to what that one shares.
    fn count_in_entry(&mut self, query: &Query<'_>, passage: &Passage, number: u16) {
        let Some((field, entry)) = entry_of(passage) else {
            return;
        };
        let is_last = |last: &EntryMatch| last.field == field && last.entry == entry;
        if !self.found.entries.last().is_some_and(is_last) {
            self.found.entries.push(EntryMatch {
                field,
                entry,
                unit_share: 0.0,
                product_shares: [0.0; PRODUCTS_MAX],
            });
        }
        let is_unit_text = matches!(passage.part, Part::Department | Part::Title);
        let Some(last) = self.found.entries.last_mut() else {
            return;
        };
        for (name, share) in query.shares_of_names(&query.terms[usize::from(number)]) {
            match name {
                Wanted::Department if is_unit_text => last.unit_share += share,
                Wanted::Product(idx) => last.product_shares[usize::from(idx)] += share,
                _ => {}
            }
        }
    }
}

/// The tenure or position that a passage belongs to.
fn entry_of(passage: &Passage) -> Option<(ProfileField, u16)> {
    matches!(passage.field, ProfileField::Tenure | ProfileField::CareerAfter)
        .then_some((passage.field, passage.entry))
}

/// The text of a passage.
#[must_use]
pub fn passage_text<'a>(profile: &'a AnalyzedProfile, passage: &Passage) -> &'a str {
    let range = passage.range.start as usize..passage.range.end as usize;
    &profile.text_of(passage)[range]
}
