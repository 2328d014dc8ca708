//! Japanese text: the dictionary, the one analysis chain for indexing and querying, sentences, and the clauses that
//! matching must not read.
//!
//! - Knows no person, no field and no index; a text goes in, words and ranges of the original come out.
//! - Every string has an answer: nothing here panics, and nothing takes more than linear time.
//! - No synonyms: only spellings of the same word are brought together here.

pub mod analyzer;
#[cfg(test)]
mod analyzer_tests;
pub mod compact;
pub mod dictionary;
mod neutral;
pub(crate) mod normal;
pub mod private;
mod private_clauses;
mod private_english;
mod private_phrases;
mod private_spans;
#[cfg(test)]
mod private_tests;
pub mod public;
pub mod quote;
mod sentences;
mod spaced;
#[cfg(test)]
pub(crate) mod testing;
mod variants;

pub(crate) use analyzer::WordStarts;
pub use analyzer::{Analyzer, MeantWord, Segmented, Token, UserWord};
pub use compact::Compact;
pub use dictionary::{Dictionary, DictionaryError};
pub(crate) use normal::Normalized;
pub use normal::normalize;
pub use public::PublicText;
pub use sentences::sentences;
