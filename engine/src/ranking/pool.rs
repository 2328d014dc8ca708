//! One company's people in memory: what scoring reads, and what decides eligibility.
//!
//! - Standing and profile arrive separately: consent follows the database at once, texts follow the index. Only a
//!   person with both is ranked.
//! - Nothing here outlives the process, and nothing of another company is ever in it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::domain::{AlumnusId, HiringManagers, Standing};
use crate::features::concepts::ConceptBag;
use crate::features::latent::Placed;
use crate::features::stance::Taken;
use crate::features::{
    AnalyzedOpportunity, AnalyzedProfile, LatentSpace, Query, Subject, TermIds, Vocabulary, latent,
};

#[derive(Clone, Debug)]
struct Indexed {
    profile: Arc<AnalyzedProfile>,
    term_ids: TermIds,
    stances: Taken,
    /// The place in the current latent space, computed when first asked for.
    latent: OnceLock<Placed>,
    concepts: ConceptBag,
}

impl Indexed {
    fn unplaced(&self) -> Subject<'_> {
        Subject {
            profile: &self.profile,
            term_ids: &self.term_ids,
            latent: None,
            concepts: &self.concepts,
            stances: &self.stances,
        }
    }
}

/// The people of one company.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    profiles: HashMap<AlumnusId, Indexed>,
    standings: HashMap<AlumnusId, Standing>,
    vocabulary: Vocabulary,
    /// Learnt when first asked for.
    space: OnceLock<LatentSpace>,
    n_changes_since_space: usize,
}

/// A latent space is learnt anew once one profile in twenty has changed: until then new ones are folded in.
const CHANGES_SHARE: usize = 20;

impl Pool {
    /// Puts a profile in, in place of the person's former one.
    pub fn upsert_profile(&mut self, id: AlumnusId, profile: Arc<AnalyzedProfile>) {
        let concepts = ConceptBag::of_profile(&profile);
        let term_ids = self.vocabulary.add(&profile, &concepts);
        let indexed = Indexed {
            stances: Taken::by(&profile.profile),
            profile,
            term_ids,
            latent: OnceLock::new(),
            concepts,
        };
        if let Some(former) = self.profiles.insert(id, indexed) {
            self.vocabulary
                .remove(&former.profile, &former.term_ids, &former.concepts);
        }
        self.n_changes_since_space += 1;
        if self.n_changes_since_space * CHANGES_SHARE > self.profiles.len() {
            self.forget_space();
        }
    }

    /// Takes a person out: profile and standing.
    pub fn remove(&mut self, id: AlumnusId) {
        self.standings.remove(&id);
        if let Some(former) = self.profiles.remove(&id) {
            self.vocabulary
                .remove(&former.profile, &former.term_ids, &former.concepts);
            // At once: nothing learnt from a person outlasts them.
            self.forget_space();
        }
    }

    fn forget_space(&mut self) {
        self.n_changes_since_space = 0;
        if self.space.take().is_some() {
            for indexed in self.profiles.values_mut() {
                indexed.latent.take();
            }
        }
    }

    /// The latent space of the company's texts, learnt when first asked for: some 50 ms for 500 people, half a second
    /// at most.
    #[must_use]
    pub fn space(&self) -> &LatentSpace {
        self.space.get_or_init(|| {
            let mut ids: Vec<AlumnusId> = self.profiles.keys().copied().collect();
            ids.sort_unstable();
            let step = ids.len().div_ceil(latent::PROFILES_MAX).max(1);
            let sample = ids.iter().step_by(step).filter_map(|id| self.profiles.get(id));
            let subjects: Vec<Subject<'_>> = sample.map(Indexed::unplaced).collect();
            LatentSpace::learn(&subjects, &self.vocabulary)
        })
    }

    /// An opportunity compiled for this company.
    #[must_use]
    pub fn query<'a>(&self, opportunity: &'a AnalyzedOpportunity) -> Query<'a> {
        Query::new(opportunity, &self.vocabulary).placed_in(self.space())
    }

    /// Sets what decides a person's eligibility.
    pub fn set_standing(&mut self, id: AlumnusId, standing: Standing) {
        self.standings.insert(id, standing);
    }

    /// Takes in that members of staff hire in other units now, for everybody alike.
    pub fn follow(&mut self, managers: &HiringManagers) {
        for standing in self.standings.values_mut() {
            standing.follow(managers);
        }
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
        let place = || self.space().place(indexed.unplaced());
        Some(Subject {
            latent: Some(indexed.latent.get_or_init(place)),
            ..indexed.unplaced()
        })
    }

    /// People as the features see them, in the order of `ids`, each of whom has a profile.
    pub(crate) fn subjects(&self, ids: &[AlumnusId]) -> Vec<Subject<'_>> {
        let subjects: Vec<_> = ids.iter().filter_map(|id| self.subject(*id)).collect();
        assert_eq!(subjects.len(), ids.len(), "only people with a profile are ranked");
        subjects
    }
}
