//! The thesaurus of work: concepts with the names that people give them, found in texts, and how they hang together.
//!
//! - A readable data file with a section for each field of work; the format and its rules stand in
//!   `engine/thesaurus/README.md`.
//! - Says what a text names and how two concepts are related; what a relation is worth is decided by the features.
//! - Every mention knows the form that was found, so that a match can say "アカウンティング, another name of 経理".

mod file;
mod find;
mod relation;
mod sections;

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

pub use file::Problem;
pub(crate) use find::Forms;
pub use find::{Ambiguous, Mention, Naming};
pub use relation::Relation;

/// Raise it with every change to the sections or to how forms are found that gives other mentions for some text.
pub const VERSION: u32 = 2;

/// A concept's number, dense from 0; it changes between versions, the id does not: what is stored with a number is stored with
/// [`VERSION`] too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ConceptId(u16);

impl ConceptId {
    /// The number, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What sort of thing a concept is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Work, a task, a skill.
    #[default]
    Work,
    /// A rank or a job title that names no work of its own.
    Title,
    /// A qualification or an examination.
    Qualification,
    /// A tool or a system.
    Tool,
    /// A language.
    Language,
    /// An industry.
    Industry,
    /// Something lived through, such as founding a company.
    Theme,
    /// A country or region.
    Place,
}

/// A concept.
#[derive(Clone, Debug)]
pub struct Concept {
    /// Stable id, kebab-case.
    pub id: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The preferred term.
    pub ja: String,
    /// The preferred term in English; empty where none is given.
    pub en: String,
    /// Grades from the lowest to the highest, normalised; empty where there are none.
    pub levels: Vec<String>,
    /// Whether it is one of the areas that the other concepts hang from.
    pub is_area: bool,
    broader: Vec<ConceptId>,
    narrower: Vec<ConceptId>,
    related: Vec<ConceptId>,
    shows: Vec<ConceptId>,
    shown_by: Vec<ConceptId>,
}

/// One form under which a concept is found.
#[derive(Clone, Debug)]
struct Form {
    concept: ConceptId,
    naming: Naming,
    /// Words of which one must stand in the same entry; empty where the form says it all.
    near: Vec<String>,
}

/// All concepts, and the automaton that finds their forms.
#[derive(Debug)]
pub struct Thesaurus {
    concepts: Vec<Concept>,
    ids: HashMap<String, ConceptId>,
    /// By pattern of the automaton: the forms that are written so.
    forms: Vec<Vec<Form>>,
    /// The patterns of which the words around decide what they mean, with every concept that a form inside of them has,
    /// their own included.
    ambiguous: HashMap<usize, Vec<ConceptId>>,
    automaton: AhoCorasick,
    relations: relation::Relations,
}

impl Thesaurus {
    /// The thesaurus that comes with this version; read once, some 100 ms.
    #[must_use]
    pub fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Thesaurus> = OnceLock::new();
        BUNDLED.get_or_init(|| Self::read(sections::SECTIONS).0)
    }

    /// Reads sections; what breaks a rule is left out and listed.
    #[must_use]
    pub fn read(sections: &[(&str, &str)]) -> (Self, Vec<Problem>) {
        file::read(sections)
    }

    /// How many concepts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// How many forms there are.
    #[must_use]
    pub fn n_forms(&self) -> usize {
        self.forms.iter().map(Vec::len).sum()
    }

    /// A concept.
    #[must_use]
    pub fn concept(&self, id: ConceptId) -> &Concept {
        &self.concepts[usize::from(id.0)]
    }

    /// The number of a concept by its stable id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<ConceptId> {
        self.ids.get(id).copied()
    }

    /// All concepts with their numbers.
    pub fn concepts(&self) -> impl Iterator<Item = (ConceptId, &Concept)> {
        (0..).map(ConceptId).zip(&self.concepts)
    }
}

#[cfg(test)]
mod tests;
