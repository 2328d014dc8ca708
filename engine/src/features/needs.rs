//! What an opportunity asks for, thing by thing.
//!
//! - A thing is a stretch that the thesaurus knows, or a word that it does not. A concept is borne out by its other
//!   names, by what is part of it and, less, by what is next to it; a word by itself.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::analysis::Wanted;
use crate::thesaurus::{ConceptId, Relation, Thesaurus};

/// The groups of parts of an opportunity that are covered or not as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The must-haves.
    MustHaves,
    /// The nice-to-haves.
    NiceToHaves,
    /// The title.
    Title,
    /// What the description asks for.
    Description,
}

impl Asked {
    /// How many there are.
    pub const COUNT: usize = 4;

    /// The group that a part belongs to; `None` for one that nothing has to cover.
    #[must_use]
    pub const fn of(wanted: Wanted) -> Option<Self> {
        match wanted {
            Wanted::MustHave(_) => Some(Self::MustHaves),
            Wanted::NiceToHave(_) => Some(Self::NiceToHaves),
            Wanted::Title => Some(Self::Title),
            Wanted::Description | Wanted::Person => Some(Self::Description),
            Wanted::Excluded | Wanted::Department | Wanted::Product(_) => None,
        }
    }
}

/// One thing that is asked for.
#[derive(Clone, Debug)]
pub struct Need {
    /// Which part of the opportunity asks for it.
    pub wanted: Wanted,
    /// How much it says: rarity among the profiles, generic things damped.
    pub weight: f32,
    /// The stretch of the opportunity that names it, as written.
    pub stretch: String,
    /// The concepts it may be; empty for a word that the thesaurus does not know.
    pub concepts: Vec<ConceptId>,
    /// Whether every advertisement says it, so that it tells nobody apart.
    pub is_generic: bool,
    /// Whether it is about what somebody lived through, which only those show who tell of it as their own.
    pub is_lived: bool,
    /// Of its concepts, those that its stretch names most closely; see [`Self::narrowest`].
    pub(super) narrowest: OnceLock<Box<[ConceptId]>>,
}

impl Need {
    /// The concepts that the need means: of names that overlap, the one that begins first has what narrows it, so that
    /// 海外営業の経験 is 海外営業 before it is 営業の経験.
    #[must_use]
    pub fn narrowest(&self) -> &[ConceptId] {
        self.narrowest.get_or_init(|| {
            let thesaurus = Thesaurus::bundled();
            let mut rest = self.stretch.chars();
            rest.next();
            let begins_later = |id: &ConceptId| thesaurus.naming(*id, rest.as_str()).is_some();
            let all = self.concepts.iter().copied();
            let first: Box<[ConceptId]> = all.filter(|id| !begins_later(id)).collect();
            if first.is_empty() {
                self.concepts.clone().into()
            } else {
                first
            }
        })
    }
}

/// What one need counts among the others. Scoring reads nothing else of most needs, so that these lie together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeedShares {
    /// The group of its part.
    pub asked: Option<Asked>,
    /// Its share of the part that asks for it; the shares of a part sum to 1.
    pub of_part: f32,
    /// Its share of all that is asked for, title and must-haves counting most; these sum to 1.
    pub of_core: f32,
}

/// What a term of the query says about one need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Index into [`Compiled::needs`](super::query::Compiled::needs).
    pub need: u16,
    /// How much, from 0 to 1.
    pub factor: f32,
    /// Whether it is one of several words that add up, rather than a concept that stands for all of it.
    pub is_word: bool,
}

/// How much a related concept says about the one that is asked for. Chosen by hand.
#[must_use]
pub fn relation_factor(relation: Relation, is_area: bool) -> f32 {
    match (relation, is_area) {
        (Relation::Same, _) => 1.0,
        (Relation::Narrower(1), false) => 0.9,
        (Relation::Narrower(_), false) => 0.8,
        (Relation::Narrower(1), true) => 0.7,
        (Relation::Narrower(_), true) => 0.6,
        (Relation::Shows, false) => 0.6,
        (Relation::Shows, true) => 0.4,
        (Relation::ShownBy, _) => 0.35,
        (Relation::Related, _) => 0.35,
        (Relation::Broader(1), _) => 0.35,
        (Relation::Broader(_), _) => 0.1,
    }
}

/// What the words of a thing are worth where its concept is not found.
pub(super) const WORDS_FACTOR: f32 = 0.6;

/// How many parts each group of parts has, by [`Asked`]; the shares of a part's needs sum to 1.
pub(super) fn n_parts(shares: &[NeedShares]) -> [f32; Asked::COUNT] {
    let mut n_parts = [0.0; Asked::COUNT];
    for shares in shares {
        if let Some(asked) = shares.asked {
            n_parts[asked as usize] += shares.of_part;
        }
    }
    n_parts
}

/// The shares of the needs, in their order.
pub(super) fn shares(needs: &[Need]) -> Box<[NeedShares]> {
    let mut parts: HashMap<Wanted, f32> = HashMap::new();
    let mut core = 0.0;
    for need in needs {
        *parts.entry(need.wanted).or_default() += need.weight;
        core += core_weight(need.wanted) * need.weight;
    }
    let shares = needs.iter().map(|need| NeedShares {
        asked: Asked::of(need.wanted),
        of_part: need.weight / parts[&need.wanted],
        of_core: if core > 0.0 {
            core_weight(need.wanted) * need.weight / core
        } else {
            0.0
        },
    });
    shares.collect()
}

/// How much a need belongs to the core of what is asked for.
#[must_use]
pub const fn core_weight(wanted: Wanted) -> f32 {
    match wanted {
        Wanted::Title | Wanted::MustHave(_) => 1.0,
        Wanted::NiceToHave(_) => 0.4,
        Wanted::Person => 0.3,
        Wanted::Description => 0.2,
        Wanted::Department | Wanted::Product(_) | Wanted::Excluded => 0.0,
    }
}
