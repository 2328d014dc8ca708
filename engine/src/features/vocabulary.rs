//! The terms of one company's profiles, numbered, with how many profiles use each.
//!
//! - Terms that a profile uses only in clauses on its owner's own circumstances are numbered but never counted, so
//!   that they cannot move anybody's score.
//! - A term keeps its number when its last profile goes; the counts do not keep it.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::analysis::AnalyzedProfile;
use super::concepts::{ConceptBag, ConceptCounts};
use super::digest::Digest;

/// The numbers of a profile's terms, in the order of its own list of terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermIds(Arc<[u32]>);

impl TermIds {
    /// The number of the profile's `local`-th term.
    #[must_use]
    pub fn global(&self, local: u16) -> u32 {
        self.0[usize::from(local)]
    }

    /// All numbers, in the order of the profile's own list of terms.
    #[must_use]
    pub fn as_slice(&self) -> &[u32] {
        &self.0
    }
}

/// Numbered terms with document frequencies.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    ids: HashMap<Box<str>, u32>,
    n_profiles_with: Vec<u32>,
    n_profiles: u32,
    n_tokens: u64,
    concepts: ConceptCounts,
}

/// Profiles assumed to exist besides the real ones, so that in a programme of three people a word that one of them
/// uses does not look common. Chosen by hand.
const PRIOR_PROFILES: f32 = 20.0;

impl Vocabulary {
    /// Counts a profile in and numbers its terms.
    pub fn add(&mut self, profile: &AnalyzedProfile, concepts: &ConceptBag) -> TermIds {
        self.concepts.add(concepts);
        let mut ids = Vec::with_capacity(profile.n_terms());
        for (local, term) in profile.terms().enumerate() {
            let next = self.n_profiles_with.len() as u32;
            let id = match self.ids.get(term) {
                Some(id) => *id,
                None => {
                    self.ids.insert(term.into(), next);
                    self.n_profiles_with.push(0);
                    next
                }
            };
            if local < profile.n_public_terms() {
                self.n_profiles_with[id as usize] += 1;
            }
            ids.push(id);
        }
        self.n_profiles += 1;
        self.n_tokens += u64::from(profile.n_public_tokens());
        TermIds(ids.into())
    }

    /// Counts a profile out again.
    ///
    /// - `digest`: what it says to whoever may read no clause on its owner's own circumstances
    pub fn remove(&mut self, digest: &Digest, concepts: &ConceptBag) {
        self.concepts.remove(concepts);
        for term in digest.terms() {
            self.n_profiles_with[term.id as usize] -= 1;
        }
        self.n_profiles -= 1;
        self.n_tokens -= u64::from(digest.n_public_tokens());
    }

    /// How many profiles name each concept.
    #[must_use]
    pub fn concepts(&self) -> &ConceptCounts {
        &self.concepts
    }

    /// The numbers of a profile's terms without counting it; terms that nobody counted get a number that no term has.
    #[must_use]
    pub fn numbers_of(&self, profile: &AnalyzedProfile) -> TermIds {
        let ids = profile.terms().map(|term| self.find(term).unwrap_or(u32::MAX));
        TermIds(ids.collect())
    }

    /// The number of a term, or `None` when no profile ever used it.
    #[must_use]
    pub fn find(&self, term: &str) -> Option<u32> {
        self.ids.get(term).copied()
    }

    /// How many numbers were given out.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n_profiles_with.len()
    }

    /// Whether no term was numbered yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n_profiles_with.is_empty()
    }

    /// Inverse document frequency as in BM25 (Robertson & Zaragoza 2009), always positive.
    #[must_use]
    pub fn idf(&self, id: Option<u32>) -> f32 {
        let n_with = id.map_or(0, |id| self.n_profiles_with[id as usize]) as f32;
        let n = self.n_profiles as f32 + PRIOR_PROFILES;
        (1.0 + (n - n_with + 0.5) / (n_with + 0.5)).ln()
    }

    /// How many profiles use the term in public clauses.
    #[must_use]
    pub fn n_profiles_with(&self, id: u32) -> u32 {
        self.n_profiles_with[id as usize]
    }

    /// Mean number of tokens of a profile; 1 when there is none.
    #[must_use]
    pub fn mean_length(&self) -> f32 {
        if self.n_tokens == 0 {
            return 1.0;
        }
        self.n_tokens as f32 / self.n_profiles as f32
    }
}
