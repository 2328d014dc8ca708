//! The search index of one company: a projection of the database that can be thrown away.
//!
//! - Nothing is stored only here. `okaeri reindex` rebuilds all of it, and a deleted directory is an empty index.
//! - A commit carries the change-log position it includes, so a restart resumes from what the index holds and not
//!   from what a queue believes was delivered.
//! - The index proposes, the database decides: consent and policy are never read from here.
//! - Clauses about a person's own circumstances are never indexed, and names are found by typed search alone.

mod at_least;
mod collector;
mod company;
mod disk;
mod document;
mod error;
mod grams;
mod inspect;
mod listed;
mod marks;
mod payloads;
mod query;
mod relevance;
mod rescore;
mod schema;
mod shared;
mod shelf;
mod stepwise;
mod terms;
#[cfg(test)]
mod tests;

pub use company::{CompanyIndex, WRITER_HEAP_BYTES};
pub use disk::stored_position;
pub use error::IndexError;
pub use inspect::{Inspection, inspect};
pub use payloads::Payloads;
pub use query::SearchScope;
pub use relevance::Relevance;
pub use shelf::Shelf;

/// What a typed search found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult<Id> {
    /// The best, best first, ties by id.
    pub hits: Vec<Id>,
    /// What each of them was placed by, in their order.
    pub relevances: Vec<Relevance>,
    /// How many matched in all, of those who were asked for.
    pub n_total: usize,
}
