//! Learning from what was shown and what came of it.
//!
//! - What a person does shapes that person's own feed alone, so [`Preference`] is one person's. Nothing is pooled
//!   over a company, and no list of candidates reads anything of this module.
//! - Draws nothing at random and keeps nothing between calls.

mod dense;
mod posterior;
mod preference;

pub use dense::{Factor, Symmetric};
pub use posterior::{Observation, Posterior, Prior, STATE_VERSION, examination, sigmoid};
pub use preference::{Answer, Learnt, PASSED_OVER_MAX, Preference, Shown};
