//! The core of Okaeri: domain, Japanese text analysis, the thesaurus of work, the index, features, ranking, explanation and evaluation.
//!
//! - Synchronous and deterministic: no database, no network, no clock but a deadline's, no unseeded randomness. The same arguments
//!   give the same answer, in a request, in a replay and in a test. Whoever has no use for an answer any more can end the
//!   work on it ([`interrupt`]), and then gets none.
//! - Imports point one way: `ranking → features → thesaurus → text`, and `index → search → features`.

pub mod counterfactual;
pub mod domain;
pub mod eval;
pub mod features;
#[cfg(feature = "fixtures")]
pub mod fixtures;
pub mod index;
pub mod interrupt;
pub mod parallel;
mod random;
pub mod ranking;
pub mod search;
pub mod text;
pub mod thesaurus;

/// The target of the spans (`tracing`) that a ranking's stages are: whoever looks at them sees how long each took, and
/// nobody else pays for it. They have names and nothing of what is ranked.
pub const STEPS: &str = "okaeri_steps";
