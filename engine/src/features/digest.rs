//! What a profile says in numbers alone: the form in which scoring reads it, made once and kept with the profile.
//!
//! - Holds no text and quotes nothing; whoever explains goes back to the profile.
//! - Says the same as the profile's occurrences for one reader. Nearly every reader may read no clause on a person's own
//!   circumstances; for the others ([`super::lived`]) a digest is made on the spot.

use std::ops::Range;

use super::analysis::{AnalyzedProfile, Occurrence, Passage};
use super::distance::Distance;
use super::field::ProfileField;
use super::lived::LivedExperience;
use super::matching::field_weight;
use super::needs::Place;
use super::practical::Practical;
use super::vocabulary::TermIds;
use crate::domain::{Profile, YearMonth};

/// A term of a profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Its number in the vocabulary.
    pub id: u32,
    /// How often it is said, weighted by place and distance.
    pub frequency: f32,
}

/// A term of one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Index into [`Digest::terms`].
    pub term: u16,
    /// The least distance at which it is said there.
    pub distance: Distance,
}

/// First and last month; no last month while it lasts or when it is not known.
pub type Period = (YearMonth, Option<YearMonth>);

/// A job's description, a title with its unit, the headline ... read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where it stands.
    pub place: Place,
    /// In which field; a list of skills, qualifications and languages counts as [`ProfileField::Skills`].
    pub field: ProfileField,
    /// Which entry of the field.
    pub entry: u16,
    /// Of a tenure or position, when it was.
    pub period: Option<Period>,
    said: Range<u32>,
}

/// A profile's terms with where and how they are said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Digest {
    terms: Box<[Term]>,
    statements: Box<[Statement]>,
    said: Box<[Said]>,
    n_public_tokens: u32,
    /// What it says of the practical side.
    pub practical: Practical,
}

impl Digest {
    /// Digests a profile.
    ///
    /// - `ids`: the numbers of its terms in the vocabulary of the queries to come
    /// - `lived`: which clauses on the person's own circumstances the reader may read
    #[must_use]
    pub fn new(profile: &AnalyzedProfile, ids: &TermIds, lived: LivedExperience) -> Self {
        let may_be_read = |one: &Occurrence| one.private.is_none_or(|named| named.may_be_read_for(lived));
        // By the profile's own numbers: the place of a term among those here, then among those of a statement.
        let mut places = vec![usize::MAX; profile.n_terms()];
        let mut terms: Vec<Term> = Vec::new();
        for passage in profile.passages() {
            let weight = field_weight(passage.field, passage.part);
            for one in profile.occurrences(passage).iter().filter(|one| may_be_read(one)) {
                let place = &mut places[usize::from(one.term)];
                if *place == usize::MAX {
                    *place = terms.len();
                    terms.push(Term {
                        id: ids.global(one.term),
                        frequency: 0.0,
                    });
                }
                terms[*place].frequency += weight * one.distance.factor();
            }
        }
        let mut places_said = vec![usize::MAX; profile.n_terms()];
        let mut statements = Vec::new();
        let mut said: Vec<Said> = Vec::new();
        for passages in profile.passages().chunk_by(|a, b| group_of(a) == group_of(b)) {
            let Some((place, field, entry)) = group_of(&passages[0]) else {
                continue;
            };
            let start = said.len();
            let occurrences = passages.iter().flat_map(|passage| profile.occurrences(passage));
            for one in occurrences.filter(|one| may_be_read(one)) {
                // What an earlier statement put there lies before this one's.
                let place = &mut places_said[usize::from(one.term)];
                if *place == usize::MAX || *place < start {
                    *place = said.len();
                    said.push(Said {
                        // No more than a profile has terms, which are counted by the same type.
                        term: places[usize::from(one.term)] as u16,
                        distance: one.distance,
                    });
                } else if one.distance.factor() > said[*place].distance.factor() {
                    said[*place].distance = one.distance;
                }
            }
            statements.push(Statement {
                place,
                field,
                entry,
                period: period(&profile.profile, field, entry),
                said: start as u32..said.len() as u32,
            });
        }
        Self {
            terms: terms.into(),
            statements: statements.into(),
            said: said.into(),
            n_public_tokens: profile.n_public_tokens(),
            practical: Practical::of(&profile.profile),
        }
    }

    /// The distinct terms, in the order in which they are first said.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The statements in reading order.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The terms of one statement, in the order in which they are first said there.
    #[must_use]
    pub fn said_in(&self, statement: &Statement) -> &[Said] {
        &self.said[statement.said.start as usize..statement.said.end as usize]
    }

    /// The length of the public text in tokens.
    #[must_use]
    pub fn n_public_tokens(&self) -> u32 {
        self.n_public_tokens
    }
}

fn period(profile: &Profile, field: ProfileField, entry: u16) -> Option<Period> {
    let entry = usize::from(entry);
    match field {
        ProfileField::Tenure => profile.tenures.get(entry).map(|one| (one.from, one.to)),
        ProfileField::CareerAfter => profile.career_after.get(entry).map(|one| (one.from, one.to)),
        _ => None,
    }
}

/// The place, field and entry that passages are read together by; a list is read as one.
fn group_of(passage: &Passage) -> Option<(Place, ProfileField, u16)> {
    let place = Place::of(passage)?;
    Some(match place {
        Place::List => (place, ProfileField::Skills, passage.entry),
        _ => (place, passage.field, passage.entry),
    })
}
