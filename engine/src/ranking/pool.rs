//! One company's people in memory: what scoring reads, and what decides eligibility.
//!
//! - Standing and profile arrive separately: consent follows the database at once, texts follow the index. Only a
//!   person with both is ranked.
//! - Nothing here outlives the process, and nothing of another company is ever in it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::{AlumnusId, Standing};
use crate::features::{AnalyzedProfile, Subject, TermIds, Vocabulary};

#[derive(Clone, Debug)]
struct Indexed {
    profile: Arc<AnalyzedProfile>,
    term_ids: TermIds,
}

/// The people of one company.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    profiles: HashMap<AlumnusId, Indexed>,
    standings: HashMap<AlumnusId, Standing>,
    vocabulary: Vocabulary,
}

impl Pool {
    /// Puts a profile in, in place of the person's former one.
    pub fn upsert_profile(&mut self, id: AlumnusId, profile: Arc<AnalyzedProfile>) {
        let term_ids = self.vocabulary.add(&profile);
        if let Some(former) = self.profiles.insert(id, Indexed { profile, term_ids }) {
            self.vocabulary.remove(&former.profile, &former.term_ids);
        }
    }

    /// Takes a person out: profile and standing.
    pub fn remove(&mut self, id: AlumnusId) {
        self.standings.remove(&id);
        if let Some(former) = self.profiles.remove(&id) {
            self.vocabulary.remove(&former.profile, &former.term_ids);
        }
    }

    /// Sets what decides a person's eligibility.
    pub fn set_standing(&mut self, id: AlumnusId, standing: Standing) {
        self.standings.insert(id, standing);
    }

    /// What decides a person's eligibility, if it is known.
    #[must_use]
    pub fn standing(&self, id: AlumnusId) -> Option<&Standing> {
        self.standings.get(&id)
    }

    /// A person's analysed profile, if it has arrived.
    #[must_use]
    pub fn profile(&self, id: AlumnusId) -> Option<&Arc<AnalyzedProfile>> {
        self.profiles.get(&id).map(|indexed| &indexed.profile)
    }

    /// How many profiles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.profiles.len()
    }

    /// Whether there is no profile.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.profiles.is_empty()
    }

    /// Everybody with a profile, in no particular order.
    pub fn ids(&self) -> impl Iterator<Item = AlumnusId> {
        self.profiles.keys().copied()
    }

    /// Everybody with a profile and a standing, in no particular order.
    pub fn standings(&self) -> impl Iterator<Item = (AlumnusId, &Standing)> {
        let standings = self.standings.iter().map(|(id, standing)| (*id, standing));
        standings.filter(|(id, _)| self.profiles.contains_key(id))
    }

    /// The company's terms.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// One person as the features see them.
    #[must_use]
    pub fn subject(&self, id: AlumnusId) -> Option<Subject<'_>> {
        let indexed = self.profiles.get(&id)?;
        Some(Subject {
            profile: &indexed.profile,
            term_ids: &indexed.term_ids,
        })
    }

    /// People as the features see them, in the order of `ids`, each of whom has a profile.
    pub(crate) fn subjects(&self, ids: &[AlumnusId]) -> Vec<Subject<'_>> {
        let subjects: Vec<_> = ids.iter().filter_map(|id| self.subject(*id)).collect();
        assert_eq!(subjects.len(), ids.len(), "only people with a profile are ranked");
        subjects
    }
}
