//! Opportunities that were compiled for a company, and what was computed for those that were asked for last, kept until one of
//! its profiles changes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::memo::{Explanations, Memo};
use crate::domain::OpportunityId;
use crate::features::{AnalyzedOpportunity, Compiled, Query};

/// An opportunity with what is known of it.
pub(crate) struct Recalled<'a> {
    /// Compiled for the company.
    pub(crate) query: Query<'a>,
    /// What was computed for it.
    pub(super) memo: Arc<Memo>,
}

/// Opportunities that were compiled.
#[derive(Debug, Default)]
pub(super) struct Queries {
    known: Mutex<Known>,
    pub(super) explanations: Explanations,
}

#[derive(Debug, Default)]
struct Known {
    of: HashMap<OpportunityId, Prepared>,
    /// Those that were asked for, the last one at the end.
    recent: VecDeque<OpportunityId>,
}

/// An opportunity that was compiled, with what tells its text from earlier and later ones.
#[derive(Clone, Debug)]
struct Prepared {
    fingerprint: u64,
    compiled: Arc<Compiled>,
    memo: Arc<Memo>,
}

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
        self.prepared(opportunity, compile).compiled
    }

    /// The same with what was computed for it. That of those that were asked for least recently is forgotten, until all of it
    /// takes no more than `memo_bytes_max`.
    pub(super) fn recall<'a>(
        &self,
        opportunity: &'a AnalyzedOpportunity,
        compile: impl FnOnce() -> Compiled,
        memo_bytes_max: u64,
    ) -> Recalled<'a> {
        let prepared = self.prepared(opportunity, compile);
        let mut known = self.known();
        known.put_last(opportunity.opportunity.id);
        known.shrink_to(memo_bytes_max);
        drop(known);
        Recalled {
            query: Query::new(opportunity, prepared.compiled),
            memo: prepared.memo,
        }
    }

    fn prepared(&self, opportunity: &AnalyzedOpportunity, compile: impl FnOnce() -> Compiled) -> Prepared {
        let id = opportunity.opportunity.id;
        let known = self.known().of.get(&id).cloned();
        if let Some(known) = known
            && known.fingerprint == opportunity.fingerprint()
        {
            return known;
        }
        // Outside the lock: compiling takes a while, and twice gives the same.
        let prepared = Prepared {
            fingerprint: opportunity.fingerprint(),
            compiled: Arc::new(compile()),
            memo: Arc::default(),
        };
        let mut known = self.known();
        if known.of.len() >= QUERIES_MAX
            && !known.of.contains_key(&id)
            && let Some(any) = known.of.keys().next().copied()
        {
            known.of.remove(&any);
            known.recent.retain(|recent| *recent != any);
        }
        known.of.insert(id, prepared.clone());
        prepared
    }

    /// Forgets all but the compiled opportunities.
    pub(super) fn forget_answers(&self) {
        self.known().shrink_to(0);
        self.explanations.forget();
    }

    /// About how many bytes of memory they take.
    pub(super) fn memory_bytes(&self) -> u64 {
        let known = self.known();
        known.of.len() as u64 * QUERY_BYTES + known.memo_bytes() + self.explanations.memory_bytes()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn put_last(&mut self, id: OpportunityId) {
        if let Some(idx) = self.recent.iter().rposition(|recent| *recent == id) {
            self.recent.remove(idx);
        }
        self.recent.push_back(id);
    }

    fn memo_bytes(&self) -> u64 {
        let memos = self.recent.iter().filter_map(|id| self.of.get(id));
        memos.map(|known| known.memo.memory_bytes()).sum()
    }

    fn shrink_to(&mut self, bytes_max: u64) {
        let mut bytes = self.memo_bytes();
        while bytes > bytes_max
            && let Some(id) = self.recent.pop_front()
        {
            if let Some(known) = self.of.get_mut(&id) {
                bytes -= known.memo.memory_bytes().min(bytes);
                known.memo = Arc::default();
            }
        }
    }
}

impl Clone for Queries {
    /// A copy compiles its own.
    fn clone(&self) -> Self {
        Self::default()
    }
}
