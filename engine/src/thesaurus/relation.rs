//! How two concepts hang together.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::{ConceptId, Thesaurus};

/// What a concept is to the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same.
    Same,
    /// Part of it, so many steps down.
    Narrower(u8),
    /// It is part of this one, so many steps down.
    Broader(u8),
    /// Next to it.
    Related,
    /// A title, qualification, tool or industry that shows it.
    Shows,
    /// Shown by what was asked for: the work that a wanted qualification stands for.
    ShownBy,
}

/// Steps that are followed down: from an area to its specialities and theirs.
const NARROWER_STEPS_MAX: u8 = 3;

/// Steps that are followed up.
const BROADER_STEPS_MAX: u8 = 2;

/// The relations of every concept, worked out when first asked for.
#[derive(Debug, Default)]
pub(super) struct Relations {
    relatives: Vec<OnceLock<Relatives>>,
    surroundings: Vec<OnceLock<Relatives>>,
}

type Relatives = Box<[(ConceptId, Relation)]>;

impl Relations {
    pub(super) fn of(n_concepts: usize) -> Self {
        let empty = || (0..n_concepts).map(|_| OnceLock::new()).collect();
        Self {
            relatives: empty(),
            surroundings: empty(),
        }
    }
}

impl Thesaurus {
    /// The concepts that say something about `asked`, itself first, each once with its closest relation.
    #[must_use]
    pub fn relatives(&self, asked: ConceptId) -> &[(ConceptId, Relation)] {
        self.relations.relatives[asked.index()].get_or_init(|| {
            let mut found = Found::starting_at(asked);
            let mut level = vec![asked];
            for step in 1..=NARROWER_STEPS_MAX {
                let below = level.iter().flat_map(|id| &self.concept(*id).narrower).copied();
                level = found.add(below, Relation::Narrower(step));
            }
            // What shows a part of the work shows it.
            let work: Vec<ConceptId> = found.list.iter().map(|(id, _)| *id).collect();
            let showing = work.iter().flat_map(|id| &self.concept(*id).shown_by).copied();
            found.add(showing, Relation::Shows);
            self.add_surroundings(asked, &mut found);
            found.list.into()
        })
    }

    /// The concept itself, what includes it, what it shows and what lies next to it.
    #[must_use]
    pub fn surroundings(&self, id: ConceptId) -> &[(ConceptId, Relation)] {
        self.relations.surroundings[id.index()].get_or_init(|| {
            let mut found = Found::starting_at(id);
            self.add_surroundings(id, &mut found);
            found.list.into()
        })
    }

    fn add_surroundings(&self, id: ConceptId, found: &mut Found) {
        found.add(self.concept(id).shows.iter().copied(), Relation::ShownBy);
        found.add(self.concept(id).related.iter().copied(), Relation::Related);
        let mut level = vec![id];
        for step in 1..=BROADER_STEPS_MAX {
            let above = level.iter().flat_map(|id| &self.concept(*id).broader).copied();
            level = found.add(above, Relation::Broader(step));
        }
    }
}

/// Concepts found so far, each once.
struct Found {
    list: Vec<(ConceptId, Relation)>,
    seen: HashSet<ConceptId>,
}

impl Found {
    fn starting_at(id: ConceptId) -> Self {
        Self {
            list: vec![(id, Relation::Same)],
            seen: HashSet::from([id]),
        }
    }

    /// Adds those that are not there yet; returns them.
    fn add(&mut self, ids: impl Iterator<Item = ConceptId>, relation: Relation) -> Vec<ConceptId> {
        let new: Vec<ConceptId> = ids.filter(|id| self.seen.insert(*id)).collect();
        self.list.extend(new.iter().map(|id| (*id, relation)));
        new
    }
}
