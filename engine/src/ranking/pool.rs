//! One company's people in memory: what scoring reads, and what decides eligibility.
//!
//! - Standing and profile arrive separately: consent follows the database at once, texts follow the index. Only a
//!   person with both is ranked.
//! - Texts and where words stand in them may lie elsewhere in a large company ([`Kept`]): for that everybody is asked,
//!   nothing is read there.
//! - Nothing here outlives the process, and nothing of another company is ever in it.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::domain::{AlumnusId, HiringManagers, Screen, Standing};
use crate::features::concepts::ConceptBag;
use crate::features::kept::{Numbered, Store};
use crate::features::latent::Placed;
use crate::features::lived::LivedExperience;
use crate::features::outline::{Names, Outline};
use crate::features::postings::Postings;
use crate::features::practical::Practical;
use crate::features::stance::Taken;
use crate::features::{
    AnalyzedOpportunity, AnalyzedProfile, Compiled, Digest, Kept, LatentSpace, Query, Subject, Vocabulary,
    latent,
};

use super::memo::Explanations;
use super::order::Order;
use super::queries::{Queries, Recalled};
use super::retrieve::{Scratch, Scratches};
use super::verdicts::{Column, Verdicts};

#[derive(Clone, Debug)]
struct Indexed {
    profile: Kept,
    outline: Outline,
    digest: Digest,
    stances: Taken,
    /// The place in the current latent space, computed when first asked for.
    latent: OnceLock<Placed>,
    concepts: ConceptBag,
}

impl Indexed {
    fn unplaced(&self) -> Subject<'_> {
        Subject {
            profile: &self.profile,
            digest: &self.digest,
            latent: None,
            concepts: &self.concepts,
            stances: &self.stances,
        }
    }
}

/// Somebody who has a profile and a standing.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Who.
    pub id: AlumnusId,
    /// What decides about them.
    pub standing: &'a Standing,
    /// Looked into by whoever asks for it alone: for most of what is asked of everybody, the standing decides.
    indexed: &'a Option<Indexed>,
}

impl<'a> Member<'a> {
    /// What lists are narrowed and counted by, and what they say of the practical side.
    #[must_use]
    pub fn outline(&self) -> Option<(&'a Outline, &'a Practical)> {
        let indexed = self.indexed.as_ref()?;
        Some((&indexed.outline, &indexed.digest.practical))
    }
}

/// A person's place in a pool, from 0; another's once the person is taken out.
pub(crate) type Slot = u32;

/// The people of one company, a column for each thing that is read for everybody: whoever asks about all of them reads
/// in one direction.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    /// First, so that it is dropped first: a store that nobody keeps anything in any more need not tidy after each profile.
    apart: Option<Apart>,
    slots: FxHashMap<AlumnusId, Slot>,
    /// By slot; what stands in a free one means nothing.
    ids: Vec<AlumnusId>,
    standings: Vec<Option<Standing>>,
    profiles: Vec<Option<Indexed>>,
    /// Whether there is one, for whoever wants no more of it.
    has_profile: Vec<bool>,
    free: Vec<Slot>,
    /// Found out when first asked for.
    order: OnceLock<Order>,
    n_profiles: usize,
    n_profiles_in_memory: usize,
    names: Names,
    vocabulary: Vocabulary,
    postings: Postings,
    /// Learnt when first asked for.
    space: OnceLock<LatentSpace>,
    n_changes_since_space: usize,
    /// Live until a profile changes.
    compiled: Queries,
    verdicts: Verdicts,
    scratches: Scratches,
}

/// Where profiles go that memory is not meant for.
#[derive(Clone, Debug)]
struct Apart {
    store: Arc<dyn Store>,
    in_memory_max: usize,
}

/// What a person takes in memory, in bytes: what docs/PERFORMANCE.md measured for 10,000 and for 100,000 people, shared
/// parts included.
const PROFILE_BYTES: u64 = 10_000;
/// The same of a person whose profile lies elsewhere.
const APART_BYTES: u64 = 5_000;

fn bytes_of(n_in_memory: u64, n_apart: u64) -> u64 {
    n_in_memory * PROFILE_BYTES + n_apart * APART_BYTES
}

/// What was computed for opportunities, and explanations, may each take one byte for so many that people take.
const MEMO_SHARE: u64 = 16;
/// But no less than a dozen roles of a small company need, and no more than hundreds of roles of the largest, in bytes.
const MEMO_BYTES: std::ops::RangeInclusive<u64> = 2_000_000..=32_000_000;

/// A latent space is learnt anew once one profile in twenty has changed: until then new ones are folded in.
const CHANGES_SHARE: usize = 20;

impl Pool {
    /// A pool that keeps profiles in `store` beyond the first so many.
    #[must_use]
    pub fn kept_apart(store: Arc<dyn Store>, in_memory_max: usize) -> Self {
        Self {
            apart: Some(Apart { store, in_memory_max }),
            ..Self::default()
        }
    }

    /// Puts a profile in, in place of the person's former one.
    pub fn upsert_profile(&mut self, id: AlumnusId, profile: Arc<AnalyzedProfile>) {
        self.compiled = Queries::default();
        let concepts = ConceptBag::of_profile(&profile);
        let term_ids = self.vocabulary.add(&profile, &concepts);
        let slot = self.slot_for(id);
        self.take_profile(slot);
        let apart = self.apart.as_ref();
        let apart = apart.filter(|apart| self.n_profiles_in_memory >= apart.in_memory_max);
        let indexed = Indexed {
            stances: profile.stances().clone(),
            digest: Digest::new(&profile, &term_ids, LivedExperience::NONE),
            outline: Outline::new(&profile.profile, &mut self.names),
            profile: Kept::new(
                Numbered { profile, term_ids },
                apart.map(|apart| apart.store.as_ref()),
            ),
            latent: OnceLock::new(),
            concepts,
        };
        self.n_profiles_in_memory += usize::from(indexed.profile.is_in_memory());
        self.postings.add(slot, &indexed.digest);
        self.profiles[slot as usize] = Some(indexed);
        self.has_profile[slot as usize] = true;
        self.verdicts.forget(slot);
        self.n_profiles += 1;
        self.n_changes_since_space += 1;
        if self.n_changes_since_space * CHANGES_SHARE > self.n_profiles {
            self.forget_space();
        }
    }

    /// Takes a person out: profile and standing.
    pub fn remove(&mut self, id: AlumnusId) {
        let Some(slot) = self.slots.remove(&id) else {
            return;
        };
        self.standings[slot as usize] = None;
        self.verdicts.forget(slot);
        self.order.take();
        // Even of somebody without a profile an offer addressed to them may be among these.
        self.compiled = Queries::default();
        if self.take_profile(slot) {
            // At once: nothing learnt from a person outlasts them.
            self.forget_space();
        }
        self.free.push(slot);
    }

    /// The person's place, found or given.
    fn slot_for(&mut self, id: AlumnusId) -> Slot {
        if let Some(slot) = self.slots.get(&id) {
            return *slot;
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.ids.push(id);
            self.standings.push(None);
            self.profiles.push(None);
            self.has_profile.push(false);
            self.ids.len() as Slot - 1
        });
        self.ids[slot as usize] = id;
        self.slots.insert(id, slot);
        self.order.take();
        slot
    }

    /// Whether there was one.
    fn take_profile(&mut self, slot: Slot) -> bool {
        let Some(former) = self.profiles[slot as usize].take() else {
            return false;
        };
        self.has_profile[slot as usize] = false;
        self.postings.remove(slot, &former.digest);
        self.vocabulary.remove(&former.digest, &former.concepts);
        self.names.give_back(former.outline);
        self.n_profiles -= 1;
        self.n_profiles_in_memory -= usize::from(former.profile.is_in_memory());
        true
    }

    fn forget_space(&mut self) {
        self.n_changes_since_space = 0;
        if self.space.take().is_some() {
            for indexed in self.profiles.iter_mut().flatten() {
                indexed.latent.take();
            }
        }
    }

    /// The latent space of the company's texts, learnt when first asked for: some 50 ms for 500 people, half a second
    /// at most.
    #[must_use]
    pub fn space(&self) -> &LatentSpace {
        self.space.get_or_init(|| {
            let mut ids: Vec<AlumnusId> = self.ids().collect();
            ids.sort_unstable();
            let step = ids.len().div_ceil(latent::PROFILES_MAX).max(1);
            let sample = ids.iter().step_by(step).filter_map(|id| self.indexed(*id));
            LatentSpace::learn(sample.map(|indexed| indexed.profile.read()), &self.vocabulary)
        })
    }

    /// An opportunity compiled for this company: once for all questions until a profile changes.
    #[must_use]
    pub fn query<'a>(&self, opportunity: &'a AnalyzedOpportunity) -> Query<'a> {
        let compile = || Compiled::new(opportunity, &self.vocabulary, self.space());
        Query::new(opportunity, self.compiled.get(opportunity, compile))
    }

    /// An opportunity compiled, with what was computed for it since a profile changed.
    pub(crate) fn recall<'a>(&self, opportunity: &'a AnalyzedOpportunity) -> Recalled<'a> {
        let compile = || Compiled::new(opportunity, &self.vocabulary, self.space());
        self.compiled.recall(opportunity, compile, self.memo_bytes_max())
    }

    /// The explanations that were given since a profile changed.
    pub(super) fn explanations(&self) -> &Explanations {
        &self.compiled.explanations
    }

    /// Forgets what earlier questions found out, as when a profile changes; for whoever measures what the first one takes.
    pub fn forget_answers(&self) {
        self.compiled.forget_answers();
    }

    /// Sets what decides a person's eligibility.
    pub fn set_standing(&mut self, id: AlumnusId, standing: Standing) {
        let slot = self.slot_for(id);
        self.standings[slot as usize] = Some(standing);
        self.verdicts.forget(slot);
    }

    /// Takes in that members of staff hire in other units now, for everybody alike.
    pub fn follow(&mut self, managers: &HiringManagers) {
        for standing in self.standings.iter_mut().flatten() {
            standing.follow(managers);
        }
    }

    /// What decides a person's eligibility, if it is known.
    #[must_use]
    pub fn standing(&self, id: AlumnusId) -> Option<&Standing> {
        let slot = self.slots.get(&id)?;
        self.standings[*slot as usize].as_ref()
    }

    /// A person's analysed profile, if it has arrived, wherever it is: whoever wants those of many holds no lock meanwhile.
    #[must_use]
    pub fn kept(&self, id: AlumnusId) -> Option<&Kept> {
        self.indexed(id).map(|indexed| &indexed.profile)
    }

    /// A person's analysed profile, if it has arrived.
    #[must_use]
    pub fn profile(&self, id: AlumnusId) -> Option<Arc<AnalyzedProfile>> {
        self.kept(id).map(|kept| kept.read().profile)
    }

    /// What lists are narrowed and counted by of a person.
    #[must_use]
    pub fn outline(&self, id: AlumnusId) -> Option<&Outline> {
        self.indexed(id).map(|indexed| &indexed.outline)
    }

    /// A person who has both a profile and a standing.
    #[must_use]
    pub fn find(&self, id: AlumnusId) -> Option<Member<'_>> {
        self.member_at(*self.slots.get(&id)?)
    }

    fn member_at(&self, slot: Slot) -> Option<Member<'_>> {
        Some(Member {
            id: self.id(slot),
            standing: self.member(slot)?,
            indexed: &self.profiles[slot as usize],
        })
    }

    /// Everybody with both for whom `is_among` says so, in the order of identifiers.
    #[must_use]
    pub fn in_order(&self, is_among: impl Fn(Member<'_>) -> bool) -> Vec<AlumnusId> {
        let order = self.order.get_or_init(|| {
            let people = self.slots.iter().map(|(id, slot)| (*id, *slot));
            Order::of(people.collect(), self.n_slots())
        });
        order.among(|slot| self.member_at(slot).is_some_and(&is_among))
    }

    fn indexed(&self, id: AlumnusId) -> Option<&Indexed> {
        let slot = self.slots.get(&id)?;
        self.profiles[*slot as usize].as_ref()
    }

    /// How many profiles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n_profiles
    }

    /// About how many bytes of memory the people and what was compiled for them take.
    ///
    /// An estimate from means that were measured: a company of people who write three times as much takes three times as
    /// much.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        self.people_bytes() + self.compiled.memory_bytes()
    }

    fn people_bytes(&self) -> u64 {
        let n_apart = self.n_profiles - self.n_profiles_in_memory;
        bytes_of(self.n_profiles_in_memory as u64, n_apart as u64)
    }

    /// What each kind of what was computed may take.
    pub(super) fn memo_bytes_max(&self) -> u64 {
        let share = self.people_bytes() / MEMO_SHARE;
        share.clamp(*MEMO_BYTES.start(), *MEMO_BYTES.end())
    }

    /// About how many bytes of memory so many people will take.
    ///
    /// - `in_memory_max`: as in [`Self::kept_apart`]; `None`: all
    #[must_use]
    pub fn expected_bytes(n_people: u64, in_memory_max: Option<usize>) -> u64 {
        let n_in_memory = in_memory_max.map_or(n_people, |max| n_people.min(max as u64));
        bytes_of(n_in_memory, n_people - n_in_memory)
    }

    /// Whether there is no profile.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n_profiles == 0
    }

    /// Everybody with a profile, in no particular order.
    pub fn ids(&self) -> impl Iterator<Item = AlumnusId> {
        let all = self.ids.iter().zip(&self.has_profile);
        all.filter_map(|(id, has_profile)| has_profile.then_some(*id))
    }

    /// Everybody with a profile and a standing, in no particular order.
    pub fn standings(&self) -> impl Iterator<Item = (AlumnusId, &Standing)> {
        self.members().map(|(slot, standing)| (self.id(slot), standing))
    }

    /// What decides about whoever has a place, with a profile as well.
    pub(super) fn member(&self, slot: Slot) -> Option<&Standing> {
        let standing = self.standings[slot as usize].as_ref();
        standing.filter(|_| self.has_profile[slot as usize])
    }

    /// What is known already about who may be ranked, by place.
    pub(super) fn verdicts(&self, screen: &Screen<'_>) -> Option<Arc<Column>> {
        self.verdicts.of(screen, self.n_slots())
    }

    /// The same of everybody who has both, ascending by place.
    pub(super) fn members(&self) -> impl Iterator<Item = (Slot, &Standing)> {
        let slots = 0..self.n_slots() as Slot;
        slots.filter_map(|slot| Some((slot, self.member(slot)?)))
    }

    /// The places of everybody with a profile among `slots`, ascending.
    pub(super) fn with_profile(&self, slots: &Range<usize>) -> impl Iterator<Item = Slot> {
        let all = self.has_profile[slots.clone()].iter().zip(slots.clone());
        all.filter_map(|(has_profile, slot)| has_profile.then_some(slot as Slot))
    }

    /// Whose place it is.
    pub(crate) fn id(&self, slot: Slot) -> AlumnusId {
        self.ids[slot as usize]
    }

    /// What the person at a place says of the practical side; nothing without a profile.
    pub(crate) fn practical(&self, slot: Slot) -> &Practical {
        const NOTHING: &Practical = &Practical {
            prefecture: None,
            work_style: None,
            confirmed_on: None,
        };
        let indexed = self.profiles[slot as usize].as_ref();
        indexed.map_or(NOTHING, |indexed| &indexed.digest.practical)
    }

    /// What the person at a place tells of as their own experience; read for speaker slots that ask for it.
    pub(crate) fn own_experience(&self, slot: Slot) -> LivedExperience {
        let indexed = self.profiles[slot as usize].as_ref();
        indexed.map_or(LivedExperience::NONE, |indexed| indexed.digest.own_experience)
    }

    /// How many places there are, free ones included.
    pub(crate) fn n_slots(&self) -> usize {
        self.ids.len()
    }

    /// Who says what.
    pub(crate) fn postings(&self) -> &Postings {
        &self.postings
    }

    /// Lends buffers with so many places.
    pub(crate) fn with_scratch<T>(&self, n_slots: usize, work: impl FnOnce(&mut Scratch) -> T) -> T {
        let mut scratch = self.scratches.take().unwrap_or_default();
        scratch.fit(n_slots);
        let done = work(&mut scratch);
        self.scratches.give_back(scratch);
        done
    }

    /// The company's terms.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// One person as the features see them.
    #[must_use]
    pub fn subject(&self, id: AlumnusId) -> Option<Subject<'_>> {
        self.indexed(id).map(|indexed| self.placed(indexed))
    }

    fn placed<'a>(&'a self, indexed: &'a Indexed) -> Subject<'a> {
        let place = || self.space().place(&indexed.profile.read());
        Subject {
            latent: Some(indexed.latent.get_or_init(place)),
            ..indexed.unplaced()
        }
    }

    /// People as the features see them, in the order of `slots`, each of whom has a profile.
    pub(crate) fn subjects(&self, slots: &[Slot]) -> Vec<Subject<'_>> {
        let indexed = slots
            .iter()
            .filter_map(|slot| self.profiles[*slot as usize].as_ref());
        let subjects: Vec<_> = indexed.map(|indexed| self.placed(indexed)).collect();
        assert_eq!(
            subjects.len(),
            slots.len(),
            "only people with a profile are ranked"
        );
        subjects
    }
}
