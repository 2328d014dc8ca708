//! What a profile says in numbers alone: the form in which scoring reads it, made once and kept with the profile.
//!
//! - Holds no text and quotes nothing; whoever explains goes back to the profile.
//! - Says the same as the profile's occurrences for one reader. Nearly every reader may read no clause on a person's own
//!   circumstances; for the others ([`super::lived`]) a digest is made on the spot.

use std::ops::Range;

use super::analysis::{AnalyzedProfile, Occurrence, Part, Passage};
use super::distance::Distance;
use super::field::ProfileField;
use super::level::Levels;
use super::lived::LivedExperience;
use super::matching::field_weight;
use super::practical::Practical;
use super::vocabulary::TermIds;
use crate::domain::{Profile, YearMonth};

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a description of work done.
    Job,
    /// As a title or unit held.
    Role,
    /// In the headline.
    Headline,
    /// In the self-introduction.
    Summary,
    /// In a list of skills, qualifications or languages.
    List,
}

impl Place {
    /// All places.
    pub const ALL: [Self; 5] = [Self::Job, Self::Role, Self::Headline, Self::Summary, Self::List];

    /// What is borne out there counts so much against what was done. Chosen by hand.
    #[must_use]
    pub const fn weight(self) -> f32 {
        match self {
            Self::Job | Self::Role => 1.0,
            Self::Headline => 0.9,
            Self::Summary => 0.7,
            Self::List => 0.4,
        }
    }

    /// Where a passage stands; `None` for one that bears nothing out.
    #[must_use]
    pub fn of(passage: &Passage) -> Option<Self> {
        match (passage.field, passage.part) {
            (ProfileField::Tenure | ProfileField::CareerAfter, Part::Description) => Some(Self::Job),
            (ProfileField::Tenure | ProfileField::CareerAfter, _) => Some(Self::Role),
            (ProfileField::Headline, _) => Some(Self::Headline),
            (ProfileField::Summary, _) => Some(Self::Summary),
            (ProfileField::Skills | ProfileField::Qualifications | ProfileField::Languages, _) => {
                Some(Self::List)
            }
            (ProfileField::WorkStyle | ProfileField::Prefecture | ProfileField::ConfirmedOn, _) => None,
        }
    }
}

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
    /// The levels that it states.
    pub levels: Levels,
    /// What the person tells of as their own experience; read for speaker slots alone.
    pub own_experience: LivedExperience,
    /// What the clauses on the person's own circumstances name.
    named_privately: LivedExperience,
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
        let named = profile.all_occurrences().iter().filter_map(|one| one.private);
        Self {
            terms: terms.into(),
            statements: statements.into(),
            said: said.into(),
            n_public_tokens: profile.n_public_tokens(),
            practical: Practical::of(&profile.profile),
            levels: profile.levels().clone(),
            own_experience: profile.own_experience(),
            named_privately: named.fold(LivedExperience::NONE, LivedExperience::or),
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

    /// Whether somebody who may read clauses that name `lived` is told more by the profile than whoever may read none.
    #[must_use]
    pub fn tells_more_to(&self, lived: LivedExperience) -> bool {
        self.named_privately.may_be_read_for(lived)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::features::analysis;
    use crate::features::concepts::ConceptBag;
    use crate::features::vocabulary::Vocabulary;
    use crate::text::testing::analyzer;

    /// A profile that says the same things in several places, at several distances, and of its owner's circumstances.
    fn told() -> AnalyzedProfile {
        let tenure = |title: &str, description: &str| crate::domain::Tenure {
            department: "経理部".to_owned(),
            title: title.to_owned(),
            from: "2015-04".parse().unwrap(),
            to: "2020-03".parse().ok(),
            description: description.to_owned(),
        };
        let profile = Profile {
            headline: Some("経理の責任者".to_owned()),
            summary: Some("連結決算を主導。決算を勉強中。母の介護で決算から離れました。".to_owned()),
            skills: vec!["決算".to_owned(), "簿記".to_owned()],
            tenures: vec![
                tenure("課長", "決算の補助。決算を担当。"),
                tenure("担当", "決算を部長に任せた。"),
            ],
            ..Profile::default()
        };
        analysis::profile(&analyzer(), &profile)
    }

    #[test]
    fn a_digest_says_what_the_occurrences_say_to_each_reader() {
        let profile = told();
        let ids = Vocabulary::default().add(&profile, &ConceptBag::of_profile(&profile));
        let care = LivedExperience::named_in("介護");
        for lived in [LivedExperience::NONE, care] {
            let digest = Digest::new(&profile, &ids, lived);
            let mut frequencies: BTreeMap<u32, f32> = BTreeMap::new();
            let mut distances: BTreeMap<(Place, u16, u32), f32> = BTreeMap::new();
            for passage in profile.passages() {
                for one in profile.occurrences(passage) {
                    if one.private.is_some_and(|named| !named.may_be_read_for(lived)) {
                        continue;
                    }
                    let id = ids.global(one.term);
                    let factor = one.distance.factor();
                    *frequencies.entry(id).or_default() += field_weight(passage.field, passage.part) * factor;
                    let place = Place::of(passage).unwrap();
                    let best = distances.entry((place, passage.entry, id)).or_default();
                    *best = best.max(factor);
                }
            }
            let digested: BTreeMap<u32, f32> = digest
                .terms()
                .iter()
                .map(|term| (term.id, term.frequency))
                .collect();
            assert_eq!(digested, frequencies);
            let said = digest.statements().iter().flat_map(|statement| {
                let of_it = digest.said_in(statement).iter();
                of_it.map(move |said| ((statement, said), said.distance.factor()))
            });
            let said: BTreeMap<(Place, u16, u32), f32> = said
                .map(|((statement, said), factor)| {
                    let id = digest.terms()[usize::from(said.term)].id;
                    ((statement.place, statement.entry, id), factor)
                })
                .collect();
            assert_eq!(said, distances);
        }
        let digest = Digest::new(&profile, &ids, LivedExperience::NONE);
        assert!(digest.tells_more_to(care) && !digest.tells_more_to(LivedExperience::named_in("育児")));
        // The two readers are told different things, or this says nothing.
        let n_terms = |lived| Digest::new(&profile, &ids, lived).terms().len();
        assert!(n_terms(care) > n_terms(LivedExperience::NONE));
    }
}
