//! Likeness in what is named: the concepts of a profile against those of an opportunity, each with what lies around
//! it in the thesaurus, so that neighbours in work are close even where no word is shared.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

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
    /// Of every concept, by its number; computed when asked for first, and again after a change.
    rarities: OnceLock<Arc<[f32]>>,
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
        self.rarities.take();
    }

    /// Counts a profile out again.
    pub fn remove(&mut self, bag: &ConceptBag) {
        for id in bag.concepts() {
            self.n_profiles_with[id.index()] -= 1;
        }
        self.n_profiles -= 1;
        self.rarities.take();
    }

    /// The rarity of every concept, by its number. All who ask between two changes share one.
    #[must_use]
    pub fn rarities(&self) -> Arc<[f32]> {
        let rarities = self.rarities.get_or_init(|| {
            let n = self.n_profiles as f32 + PRIOR_PROFILES;
            let counts = self.n_profiles_with.iter().copied().chain(std::iter::repeat(0));
            counts
                .take(Thesaurus::bundled().len())
                .map(|n_with| (n / (1.0 + n_with as f32) + 1.0).ln())
                .collect()
        });
        Arc::clone(rarities)
    }
}

/// A bag weighed for comparison with many.
///
/// A feed compares one person with a thousand of these: what it looks for among all concepts is a bit for each, and the
/// weights of the few that there are lie together, so that a comparison reads a few lines of memory.
#[derive(Clone, Debug, Default)]
pub struct WeighedBag {
    /// Of every concept, by its number; shared by all bags of a company.
    rarities: Arc<[f32]>,
    /// A bit for each concept, by its number.
    bits: Box<[u64]>,
    /// By word of the bits: how many are set in those before.
    n_before: Box<[u16]>,
    /// Of the concepts whose bits are set, in ascending order.
    weights: Box<[f32]>,
    length: f32,
}

impl WeighedBag {
    /// Weighs a bag.
    ///
    /// - `rarities`: of every concept, by its number
    #[must_use]
    pub fn new(bag: &ConceptBag, rarities: Arc<[f32]>) -> Self {
        let mut bits = vec![0_u64; rarities.len().div_ceil(u64::BITS as usize)];
        for id in bag.concepts() {
            let (word, bit) = bit_of(id);
            bits[word] |= bit;
        }
        let mut n_set = 0;
        let n_before = bits.iter().map(|word| {
            let before = n_set;
            // No more than there are concepts, which are numbered by the same type.
            n_set += word.count_ones() as u16;
            before
        });
        let n_before = n_before.collect();
        let weighed = bag.0.iter();
        let weights: Box<[f32]> = weighed
            .map(|(id, frequency)| frequency * rarities[id.index()])
            .collect();
        Self {
            length: weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt(),
            rarities,
            bits: bits.into(),
            n_before,
            weights,
        }
    }

    /// The weight of a concept; `None` for one that is not in the bag.
    fn weight(&self, id: ConceptId) -> Option<f32> {
        let (word, bit) = bit_of(id);
        let bits = *self.bits.get(word)?;
        if bits & bit == 0 {
            return None;
        }
        let n_before = usize::from(self.n_before[word]) + (bits & (bit - 1)).count_ones() as usize;
        Some(self.weights[n_before])
    }

    /// The cosine with another bag, each concept weighted by its rarity; from 0 to 1, 0 where either is empty.
    #[must_use]
    pub fn similarity(&self, other: &ConceptBag) -> f32 {
        let (mut dot, mut squares) = (0.0, 0.0);
        for (id, frequency) in &other.0 {
            let weight = frequency * self.rarities[id.index()];
            dot += weight * self.weight(*id).unwrap_or(0.0);
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
            let weight = self.weight(*other).unwrap_or(0.0);
            share_of(*relation) * weight * self.rarities[other.index()]
        });
        shares.sum()
    }
}

/// The word of a set of bits that a concept's is in, and the bit.
fn bit_of(id: ConceptId) -> (usize, u64) {
    let idx = id.index();
    (idx / u64::BITS as usize, 1 << (idx % u64::BITS as usize))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by the definition: both bags spread out over all concepts.
    fn cosine(a: &ConceptBag, b: &ConceptBag, rarities: &[f32]) -> f32 {
        let spread = |bag: &ConceptBag| {
            let mut weights = vec![0.0; rarities.len()];
            for (id, frequency) in &bag.0 {
                weights[id.index()] = frequency * rarities[id.index()];
            }
            weights
        };
        let (a, b) = (spread(a), spread(b));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(&a, &b) / (dot(&a, &a).sqrt() * dot(&b, &b).sqrt())
    }

    #[test]
    fn likeness_is_the_cosine_of_what_two_bags_hold() {
        let thesaurus = Thesaurus::bundled();
        let bags: Vec<ConceptBag> = (0..thesaurus.len())
            .step_by(61)
            .map(|idx| {
                let named = [idx, (idx * 7) % thesaurus.len(), (idx + 1) % thesaurus.len()];
                let ids = thesaurus.concepts().map(|(id, _)| id).enumerate();
                let ids = ids.filter(|(at, _)| named.contains(at));
                ConceptBag::of(ids.map(|(at, id)| (id, 1.0 + (at % 3) as f32)))
            })
            .collect();
        let mut counts = ConceptCounts::default();
        bags.iter().for_each(|bag| counts.add(bag));
        let rarities = counts.rarities();
        let mut n_alike = 0;
        for a in &bags {
            let weighed = WeighedBag::new(a, Arc::clone(&rarities));
            for b in &bags {
                let (found, expected) = (weighed.similarity(b), cosine(a, b, &rarities));
                assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
                n_alike += usize::from(expected > 0.0);
            }
        }
        assert!(n_alike > bags.len(), "some are alike beside each with itself");
        assert_eq!(
            WeighedBag::new(&ConceptBag::default(), rarities).similarity(&bags[0]),
            0.0
        );
    }

    #[test]
    fn rarities_follow_who_comes_and_goes() {
        let thesaurus = Thesaurus::bundled();
        let bag = ConceptBag::of(thesaurus.concepts().take(1).map(|(id, _)| (id, 1.0)));
        let mut counts = ConceptCounts::default();
        let before = counts.rarities();
        counts.add(&bag);
        assert_ne!(counts.rarities(), before);
        counts.remove(&bag);
        assert_eq!(counts.rarities(), before);
    }
}
