//! Where the terms of a query stand in one profile: the one pass over its tokens that all features share.

use super::Subject;
use super::analysis::{AnalyzedProfile, Occurrence, Part, Passage};
use super::field::ProfileField;
use super::needs::{self, Borne};
use super::query::Query;

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

/// What a match found for one term of the query.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TermMatch {
    /// Weighted frequency.
    pub frequency: f32,
    /// The strongest occurrence.
    pub best: f32,
    /// The strongest occurrence in a tenure or position.
    pub told: f32,
}

/// How much of the wanted work one tenure or position shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryMatch {
    /// [`ProfileField::Tenure`] or [`ProfileField::CareerAfter`].
    pub field: ProfileField,
    /// Which one.
    pub entry: u16,
    /// Weighted share of the title's and must-haves' terms that it has, from 0 to 1.
    pub share: f32,
    /// Share of the unit's terms that its department or title has, from 0 to 1.
    pub unit_share: f32,
}

/// The passage that covers a part of the opportunity best.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PartMatch {
    /// The share covered, from 0 to 1, distances counted.
    pub coverage: f32,
    /// Index of the passage in [`AnalyzedProfile::passages`]; meaningless when `coverage` is 0.
    pub passage_idx: u32,
}

/// Where the terms of a query stand in one profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Match {
    /// By term of the query.
    pub terms: Vec<TermMatch>,
    /// By part of the query.
    pub parts: Vec<PartMatch>,
    /// Tenures and positions that share anything.
    pub entries: Vec<EntryMatch>,
    length_norm: f32,
}

impl Match {
    /// A term's weighted frequency brought into `[0, 1)`, long profiles damped.
    #[must_use]
    pub fn saturated(&self, term: u16) -> f32 {
        let frequency = self.terms[usize::from(term)].frequency;
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
    /// By term: the passage, and the entry, in which it was last counted.
    in_passage: Vec<u32>,
    in_entry: Vec<u32>,
    /// By part: what the current passage covers so far.
    passage_sums: Vec<f32>,
    core_idf_sum: f32,
    sums: needs::Sums,
}

impl Matcher {
    /// A matcher for one query.
    #[must_use]
    pub fn new(query: &Query<'_>) -> Self {
        let (n_terms, n_parts) = (query.terms.len(), query.parts.len());
        Self {
            found: Match {
                terms: vec![TermMatch::default(); n_terms],
                parts: vec![PartMatch::default(); n_parts],
                ..Match::default()
            },
            in_passage: vec![0; n_terms],
            in_entry: vec![0; n_terms],
            passage_sums: vec![0.0; n_parts],
            core_idf_sum: query.core_idf_sum(),
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
        for (passage_idx, passage) in profile.passages().iter().enumerate() {
            let entry = entry_of(passage);
            if entry != current {
                entry_stamp += 1;
                current = entry;
            }
            self.read_passage(query, subject, passage_idx as u32, entry_stamp);
        }
        &self.found
    }

    /// Finds where one profile bears out the query's needs.
    pub fn borne(&mut self, query: &Query<'_>, subject: Subject<'_>) -> Borne {
        needs::borne_with(&mut self.sums, query, subject)
    }

    fn clear(&mut self) {
        self.found.terms.fill(TermMatch::default());
        self.found.parts.fill(PartMatch::default());
        self.found.entries.clear();
        self.in_passage.fill(0);
        self.in_entry.fill(0);
    }

    fn read_passage(&mut self, query: &Query<'_>, subject: Subject<'_>, passage_idx: u32, entry_stamp: u32) {
        let passage = &subject.profile.passages()[passage_idx as usize];
        let place_weight = field_weight(passage.field, passage.part);
        let is_told = matches!(passage.field, ProfileField::Tenure | ProfileField::CareerAfter);
        let mut has_match = false;
        for occurrence in subject.profile.occurrences(passage) {
            let Some(number) = query.find(subject.term_ids.global(occurrence.term)) else {
                continue;
            };
            if !may_be_read(occurrence, query) {
                continue;
            }
            has_match = true;
            let strength = place_weight * occurrence.distance.factor();
            let idx = usize::from(number);
            let term = &mut self.found.terms[idx];
            term.frequency += strength;
            term.best = term.best.max(strength);
            if is_told {
                term.told = term.told.max(strength);
            }
            if self.in_passage[idx] != passage_idx + 1 {
                self.in_passage[idx] = passage_idx + 1;
                for part in &query.terms[idx].parts {
                    self.passage_sums[usize::from(*part)] += query.terms[idx].idf * strength;
                }
            }
            if self.in_entry[idx] != entry_stamp {
                self.in_entry[idx] = entry_stamp;
                self.count_in_entry(query, passage, number, occurrence.distance.factor());
            }
        }
        if has_match {
            self.close_passage(query, passage_idx);
        }
    }

    /// Adds a term's first occurrence in a tenure or position to what that one shares.
    fn count_in_entry(&mut self, query: &Query<'_>, passage: &Passage, number: u16, factor: f32) {
        let Some((field, entry)) = entry_of(passage) else {
            return;
        };
        let is_last = |last: &EntryMatch| last.field == field && last.entry == entry;
        if !self.found.entries.last().is_some_and(is_last) {
            self.found.entries.push(EntryMatch {
                field,
                entry,
                share: 0.0,
                unit_share: 0.0,
            });
        }
        if let Some(last) = self.found.entries.last_mut() {
            let term = &query.terms[usize::from(number)];
            if self.core_idf_sum > 0.0 {
                last.share += query.core_weight(term) * term.idf * factor / self.core_idf_sum;
            }
            let is_unit_text = matches!(passage.part, Part::Department | Part::Title);
            if let (true, Some(share)) = (is_unit_text, query.unit_share(term)) {
                last.unit_share += share;
            }
        }
    }

    fn close_passage(&mut self, query: &Query<'_>, passage_idx: u32) {
        for ((sum, best), part) in self
            .passage_sums
            .iter_mut()
            .zip(&mut self.found.parts)
            .zip(&query.parts)
        {
            let coverage = if part.idf_sum > 0.0 {
                *sum / part.idf_sum
            } else {
                0.0
            };
            if coverage > best.coverage {
                *best = PartMatch {
                    coverage,
                    passage_idx,
                };
            }
            *sum = 0.0;
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
