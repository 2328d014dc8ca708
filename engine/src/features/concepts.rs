//! Likeness in what is named: the concepts of a profile against those of an opportunity, each with what lies around
//! it in the thesaurus, so that neighbours in work are close even where no word is shared.

use std::collections::BTreeMap;

use super::analysis::{AnalyzedOpportunity, AnalyzedProfile, Wanted, concept_of};
use crate::thesaurus::{ConceptId, Relation, Thesaurus};

/// Concepts with damped frequencies, in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConceptBag(Box<[(ConceptId, f32)]>);

impl ConceptBag {
    /// The concepts that a profile names in public clauses, distances counted.
    #[must_use]
    pub fn of_profile(profile: &AnalyzedProfile) -> Self {
        let thesaurus = Thesaurus::bundled();
        let concepts: Vec<Option<ConceptId>> = profile
            .terms()
            .map(|term| concept_of(term).and_then(|id| thesaurus.find(id)))
            .collect();
        let occurrences = profile.all_occurrences().iter();
        let public = occurrences.filter(|occurrence| occurrence.private.is_none());
        Self::of(public.filter_map(|occurrence| {
            let concept = concepts.get(usize::from(occurrence.term)).copied().flatten()?;
            Some((concept, occurrence.distance.factor()))
        }))
    }

    /// The concepts that an opportunity names, title and must-haves counting most.
    #[must_use]
    pub fn of_opportunity(opportunity: &AnalyzedOpportunity) -> Self {
        let thesaurus = Thesaurus::bundled();
        Self::of(opportunity.clauses.iter().flat_map(|clause| {
            let weight = weight_of(clause.wanted);
            let concepts = clause.things.iter().flat_map(|thing| &thing.concepts);
            concepts.filter_map(move |term| Some((thesaurus.find(concept_of(term)?)?, weight)))
        }))
    }

    fn of(named: impl Iterator<Item = (ConceptId, f32)>) -> Self {
        let thesaurus = Thesaurus::bundled();
        let mut frequencies: BTreeMap<ConceptId, f32> = BTreeMap::new();
        for (concept, weight) in named {
            for (other, relation) in thesaurus.surroundings(concept) {
                *frequencies.entry(*other).or_default() += weight * share_of(*relation);
            }
        }
        let damped = frequencies.into_iter();
        Self(damped.map(|(id, frequency)| (id, frequency.ln_1p())).collect())
    }

    /// The concepts, in ascending order.
    pub fn concepts(&self) -> impl Iterator<Item = ConceptId> {
        self.0.iter().map(|(id, _)| *id)
    }
}

/// How many profiles name each concept, or something that lies around it.
#[derive(Clone, Debug, Default)]
pub struct ConceptCounts {
    n_profiles_with: Vec<u32>,
    n_profiles: u32,
}

/// Profiles assumed to exist besides the real ones; see [`super::vocabulary`].
const PRIOR_PROFILES: f32 = 20.0;

impl ConceptCounts {
    /// Counts a profile in.
    pub fn add(&mut self, bag: &ConceptBag) {
        for id in bag.concepts() {
            let idx = id.index();
            if idx >= self.n_profiles_with.len() {
                self.n_profiles_with.resize(idx + 1, 0);
            }
            self.n_profiles_with[idx] += 1;
        }
        self.n_profiles += 1;
    }

    /// Counts a profile out again.
    pub fn remove(&mut self, bag: &ConceptBag) {
        for id in bag.concepts() {
            self.n_profiles_with[id.index()] -= 1;
        }
        self.n_profiles -= 1;
    }

    /// The rarity of every concept, by its number.
    #[must_use]
    pub fn rarities(&self) -> Box<[f32]> {
        let n = self.n_profiles as f32 + PRIOR_PROFILES;
        let counts = self.n_profiles_with.iter().copied().chain(std::iter::repeat(0));
        counts
            .take(Thesaurus::bundled().len())
            .map(|n_with| (n / (1.0 + n_with as f32) + 1.0).ln())
            .collect()
    }
}

/// A bag spread out for comparison with many: each concept's weight at its number.
#[derive(Clone, Debug, Default)]
pub struct WeighedBag {
    rarities: Box<[f32]>,
    weights: Box<[f32]>,
    length: f32,
}

impl WeighedBag {
    /// Weighs a bag.
    ///
    /// - `rarities`: of every concept, by its number
    #[must_use]
    pub fn new(bag: &ConceptBag, rarities: Box<[f32]>) -> Self {
        let mut weights = vec![0.0; rarities.len()];
        for (id, frequency) in &bag.0 {
            weights[id.index()] = frequency * rarities[id.index()];
        }
        Self {
            length: weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt(),
            rarities,
            weights: weights.into(),
        }
    }

    /// The cosine with another bag, each concept weighted by its rarity; from 0 to 1, 0 where either is empty.
    #[must_use]
    pub fn similarity(&self, other: &ConceptBag) -> f32 {
        let (mut dot, mut squares) = (0.0, 0.0);
        for (id, frequency) in &other.0 {
            let weight = frequency * self.rarities[id.index()];
            dot += weight * self.weights[id.index()];
            squares += weight * weight;
        }
        let lengths = self.length * squares.sqrt();
        if lengths > 0.0 { dot / lengths } else { 0.0 }
    }

    /// What one concept adds to the likeness, by itself and by what lies around it; on no scale of its own.
    #[must_use]
    pub fn affinity(&self, concept: ConceptId) -> f32 {
        let around = Thesaurus::bundled().surroundings(concept).iter();
        let shares = around.map(|(other, relation)| {
            let idx = other.index();
            share_of(*relation) * self.weights[idx] * self.rarities[idx]
        });
        shares.sum()
    }
}

/// How much of a mention goes to what lies around it. Chosen by hand.
const fn share_of(relation: Relation) -> f32 {
    match relation {
        Relation::Same => 1.0,
        Relation::Broader(1) | Relation::ShownBy => 0.6,
        Relation::Broader(_) => 0.35,
        Relation::Related => 0.3,
        Relation::Narrower(_) | Relation::Shows => 0.0,
    }
}

const fn weight_of(wanted: Wanted) -> f32 {
    match wanted {
        Wanted::Title | Wanted::MustHave(_) => 2.0,
        Wanted::NiceToHave(_) => 0.8,
        Wanted::Person => 0.6,
        Wanted::Description => 0.5,
        Wanted::Department => 0.3,
        Wanted::Excluded | Wanted::Product(_) => 0.0,
    }
}
