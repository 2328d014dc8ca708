//! Typed search: what a query looks for, under which other names, and what of a found text shows it.
//!
//! - Whatever a person types is text, and none of it is syntax. The length of a query bounds its cost.
//! - The same words, concepts and names decide what is found ([`crate::index`]) and what is highlighted ([`show`]).
//! - What is shown of a person is read from their analysed profile where that says the same ([`show`]); it never decides what
//!   is shown.
//! - Ranking never comes here: names and what people type move no score of a candidate.

mod aside;
mod cuts;
mod names;
mod query;
mod romaji;
mod show;
mod sources;
#[cfg(test)]
mod tests;

pub(crate) use aside::{aside_among, contains};
pub(crate) use cuts::doubtful_cuts;
pub use names::name_key;
pub(crate) use names::{name_terms, wanted_terms};
pub use query::{QUERY_CHARS_MAX, TypedQuery};
pub(crate) use query::{Segment, Thing};
pub use show::{Reason, SNIPPETS_MAX, SearchField, Shown, Snippet, Texts, show};
