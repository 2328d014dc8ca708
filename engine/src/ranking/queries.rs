//! Opportunities that were compiled for a company, kept until one of its profiles changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::OpportunityId;
use crate::features::{AnalyzedOpportunity, Compiled};

/// Opportunities that were compiled, with what tells a text from its earlier and later ones.
#[derive(Debug, Default)]
pub(super) struct Queries(Mutex<HashMap<OpportunityId, (u64, Arc<Compiled>)>>);

/// Most that are kept, at some 40 kB each: more than a company has open at a time. Beyond, one of them
/// is forgotten for each that comes: whoever asks for all in turn would find none otherwise.
const QUERIES_MAX: usize = 2_000;

/// What a compiled opportunity takes, in bytes: what docs/PERFORMANCE.md measured; see [`QUERIES_MAX`].
const QUERY_BYTES: u64 = 40_000;

impl Queries {
    /// The opportunity compiled: as it is known, or by `compile` where its text is another or it is not known.
    pub(super) fn get(
        &self,
        opportunity: &AnalyzedOpportunity,
        compile: impl FnOnce() -> Compiled,
    ) -> Arc<Compiled> {
        let id = opportunity.opportunity.id;
        let known = self.known().get(&id).cloned();
        if let Some((fingerprint, compiled)) = known
            && fingerprint == opportunity.fingerprint()
        {
            return compiled;
        }
        // Outside the lock: compiling takes a while, and twice gives the same.
        let compiled = Arc::new(compile());
        let mut known = self.known();
        if known.len() >= QUERIES_MAX
            && !known.contains_key(&id)
            && let Some(any) = known.keys().next().copied()
        {
            known.remove(&any);
        }
        known.insert(id, (opportunity.fingerprint(), Arc::clone(&compiled)));
        compiled
    }

    /// About how many bytes of memory they take.
    pub(super) fn memory_bytes(&self) -> u64 {
        self.known().len() as u64 * QUERY_BYTES
    }

    fn known(&self) -> MutexGuard<'_, HashMap<OpportunityId, (u64, Arc<Compiled>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Queries {
    /// A copy compiles its own.
    fn clone(&self) -> Self {
        Self::default()
    }
}
