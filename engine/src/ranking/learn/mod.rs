//! Learning from what was shown and what came of it.
//!
//! - What a person does shapes that person's own feed alone, so [`Preference`] is one person's: it is pooled with
//!   nothing, and no list of candidates reads it.
//! - What a company's recruiters decide moves what the company wants, so [`CompanyWeights`] are one company's, and no
//!   feed reads them.
//! - Draws nothing at random and keeps nothing between calls.

mod company;
mod dense;
mod posterior;
mod preference;

/// Logits per unit of score: of two items .05 apart, the better is taken up about e times as readily. Chosen by hand.
const SLOPE: f64 = 20.0;
/// The logit at which an item of score 0.5 is taken up when nothing is known: about one look in twenty.
const LOGIT_AT_HALF: f64 = -3.0;
/// Places that count as passed over at most: those of a first page.
pub const PASSED_OVER_MAX: usize = 20;

pub use company::{CompanyWeights, Decision, ShownCandidate};
pub use dense::{Factor, Symmetric};
pub use posterior::{Observation, Posterior, Prior, STATE_VERSION, examination, sigmoid};
pub use preference::{Answer, Learnt, Preference, Shown};
