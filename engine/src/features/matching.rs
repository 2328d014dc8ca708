//! Where the terms of a query stand in one profile: the one pass over its tokens that all features share.

use super::Subject;
use super::analysis::{AnalyzedProfile, Occurrence, Part, Passage, Wanted};
use super::borne::{self, Borne, Told};
use super::digest::{Digest, Place, Statement};
use super::field::ProfileField;
use super::query::{ABSENT, Query};
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

/// The words of the company's own names in one tenure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryMatch {
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
    /// Weighted frequencies, by term of the query; there may be more places than terms.
    pub frequencies: Vec<f32>,
    /// The terms of the query that the profile has, in the order in which it first says them.
    found: Vec<u16>,
    /// Tenures that share anything.
    pub entries: Vec<EntryMatch>,
    length_norm: f32,
}

impl Match {
    /// The terms of the query that the profile has, in the order in which it first says them.
    pub fn found(&self) -> impl Iterator<Item = u16> {
        self.found.iter().copied()
    }

    /// A term's weighted frequency brought into `[0, 1)`, long profiles damped.
    #[must_use]
    pub fn saturated(&self, term: u16) -> f32 {
        saturated(self.frequencies[usize::from(term)], self.length_norm)
    }
}

/// A weighted frequency brought into `[0, 1)`.
#[must_use]
pub(super) fn saturated(frequency: f32, length_norm: f32) -> f32 {
    frequency / (frequency + K1 * length_norm)
}

/// How much a profile's length damps its frequencies; 1 at the mean.
#[must_use]
pub(super) fn length_norm(n_tokens: u32, mean_length: f32) -> f32 {
    1.0 - B + B * (n_tokens as f32 / mean_length)
}

/// Whether an occurrence may be read for this query.
#[must_use]
pub fn may_be_read(occurrence: &Occurrence, query: &Query<'_>) -> bool {
    occurrence
        .private
        .is_none_or(|named| named.may_be_read_for(query.lived))
}

/// Finds matches, reusing its buffers from profile to profile and from query to query.
#[derive(Debug, Default)]
pub struct Matcher {
    found: Match,
    borne: Borne,
    /// The profile's terms by their numbers in the query.
    numbers: Vec<u16>,
    /// By term: the tenure in which it was last counted, numbered over all profiles.
    in_tenure: Vec<u32>,
    n_tenures: u32,
    sums: borne::Sums,
    /// Whether the query asks for the company's own names at all.
    asks_for_names: bool,
}

impl Matcher {
    /// A matcher for one query.
    #[must_use]
    pub fn new(query: &Query<'_>) -> Self {
        let mut matcher = Self::default();
        matcher.turn_to(query);
        matcher
    }

    /// Goes on with another query.
    pub fn turn_to(&mut self, query: &Query<'_>) {
        // What was found is numbered by the query before.
        self.clear();
        let n_terms = query.terms.len();
        if self.in_tenure.len() < n_terms {
            self.found.frequencies.resize(n_terms, 0.0);
            self.in_tenure.resize(n_terms, 0);
        }
        self.sums.make_room(query);
        self.asks_for_names = query.asks_for_names();
    }

    /// Finds the query's terms in one profile, and where it bears out the query's needs. The query must be the one that
    /// the matcher was made for or turned to last.
    pub fn find(&mut self, query: &Query<'_>, subject: Subject<'_>) -> (&Match, &Borne) {
        let own;
        let digest = if subject.digest.tells_more_to(query.lived) {
            let whole = subject.profile.read();
            own = Digest::new(&whole.profile, &whole.term_ids, query.lived);
            &own
        } else {
            subject.digest
        };
        self.clear();
        self.found.length_norm = length_norm(digest.n_public_tokens(), query.mean_length);
        self.numbers.clear();
        let terms = digest.terms().iter();
        self.numbers.extend(terms.map(|term| query.number(term.id)));
        for (term, number) in digest.terms().iter().zip(self.numbers.iter().copied()) {
            if number != ABSENT {
                self.found.frequencies[usize::from(number)] = term.frequency;
                self.found.found.push(number);
            }
        }
        if self.asks_for_names {
            self.find_names(query, digest);
        }
        let told = Told {
            subject,
            digest,
            numbers: &self.numbers,
        };
        borne::find(&mut self.sums, query, &told, &mut self.borne);
        (&self.found, &self.borne)
    }

    fn clear(&mut self) {
        for number in self.found.found.drain(..) {
            self.found.frequencies[usize::from(number)] = 0.0;
        }
        self.found.entries.clear();
    }

    /// Adds up what the tenures share with the names of the unit and of products, each term once in each of them.
    fn find_names(&mut self, query: &Query<'_>, digest: &Digest) {
        let statements = digest.statements().iter();
        let mut last = None;
        for statement in statements.filter(|one| one.field == ProfileField::Tenure) {
            if last.replace(statement.entry) != Some(statement.entry) {
                self.n_tenures += 1;
            }
            let stamp = self.n_tenures;
            for said in digest.said_in(statement) {
                let number = self.numbers[usize::from(said.term)];
                if number == ABSENT {
                    continue;
                }
                let number = usize::from(number);
                if self.in_tenure[number] != stamp {
                    self.in_tenure[number] = stamp;
                    self.count_names(query, statement, number);
                }
            }
        }
    }

    fn count_names(&mut self, query: &Query<'_>, statement: &Statement, number: usize) {
        for (name, share) in query.shares_of_names(&query.terms[number]) {
            let is_same = |last: &EntryMatch| last.entry == statement.entry;
            if !self.found.entries.last().is_some_and(is_same) {
                self.found.entries.push(EntryMatch {
                    entry: statement.entry,
                    unit_share: 0.0,
                    product_shares: [0.0; PRODUCTS_MAX],
                });
            }
            let Some(last) = self.found.entries.last_mut() else {
                continue;
            };
            match name {
                // Department and title.
                Wanted::Department if statement.place == Place::Role => last.unit_share += share,
                Wanted::Product(idx) => last.product_shares[usize::from(idx)] += share,
                _ => {}
            }
        }
    }
}

/// The text of a passage.
#[must_use]
pub fn passage_text<'a>(profile: &'a AnalyzedProfile, passage: &Passage) -> &'a str {
    let range = passage.range.start as usize..passage.range.end as usize;
    &profile.text_of(passage)[range]
}
