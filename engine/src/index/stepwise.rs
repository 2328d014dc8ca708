//! A search step by step: whoever is found, each once, where the first step that finds them puts them.
//!
//! - Whether somebody may be found is asked once, whatever number of steps finds them.
//! - Scores are computed for as long as they decide who is among the best. Whoever matches beyond is counted.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tantivy::query::{BooleanQuery, EnableScoring, Query};
use tantivy::{BitSet, Executor, Searcher};

use super::collector::{Match, Unseen, best};
use super::query::Steps;
use super::relevance::Relevance;
use super::rescore::{RESCORE_MAX, rescore};

/// Whom a search found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The best, with what placed them.
    pub(super) best: Vec<(u128, Relevance)>,
    /// How many there are.
    pub(super) n_total: usize,
}

/// The best `limit` of those whom the steps find.
///
/// - `searcher`: one for all steps, so that they see the same commit
/// - `is_among`: whether somebody who matches may be found; it has to say the same of them whenever it is asked
pub(super) fn find(
    searcher: &Searcher,
    steps: &Steps,
    limit: usize,
    is_among: impl Fn(u128) -> bool,
) -> tantivy::Result<Found> {
    let mut search = Search {
        searcher,
        pairs: steps.pairs.as_deref(),
        limit,
        is_among,
        seen: searcher
            .segment_readers()
            .iter()
            .map(|segment| BitSet::with_max_value(segment.max_doc()))
            .collect(),
        step: 0,
        found: Found::default(),
    };
    let mut has_words = false;
    if let Some(query) = &steps.all_words {
        has_words = search.add(query.as_ref())?;
    }
    if let (false, Some(query)) = (has_words, &steps.any_words) {
        has_words = search.has_any(query.as_ref())?;
    }
    if !has_words {
        for query in &steps.characters {
            if search.add(query.as_ref())? {
                break;
            }
        }
    }
    let mut below = &steps.below[..];
    while let Some((query, rest)) = below.split_first() {
        if search.is_full() {
            search.count(below)?;
            break;
        }
        search.add(query.as_ref())?;
        below = rest;
    }
    Ok(search.found)
}

struct Search<'a, F> {
    searcher: &'a Searcher,
    pairs: Option<&'a dyn Query>,
    limit: usize,
    is_among: F,
    /// Which documents were asked about, by segment.
    seen: Vec<BitSet>,
    /// The next step.
    step: u32,
    found: Found,
}

impl<F: Fn(u128) -> bool> Search<'_, F> {
    /// Whether nobody more is among the best.
    fn is_full(&self) -> bool {
        self.found.best.len() >= self.limit
    }

    /// Adds whom the next step finds. Returns whether there is anybody.
    fn add(&mut self, query: &dyn Query) -> tantivy::Result<bool> {
        let mut matches = self.unseen(query, true)?;
        self.keep_those_among(&mut matches);
        self.found.n_total += matches.len();
        let has_found = !matches.is_empty();
        let n_left = self.limit.saturating_sub(self.found.best.len());
        if n_left > 0 {
            // Where a page ends moves nobody on it.
            let ranked = best(matches, n_left.max(RESCORE_MAX));
            let placed = rescore(self.searcher, self.pairs, self.step, ranked)?;
            let placed = placed.iter().take(n_left);
            self.found
                .best
                .extend(placed.map(|(one, relevance)| (one.id, *relevance)));
        }
        self.step += 1;
        Ok(has_found)
    }

    /// Counts whom any of these steps finds, in one pass.
    fn count(&mut self, queries: &[Box<dyn Query>]) -> tantivy::Result<()> {
        let any = BooleanQuery::union(queries.iter().map(|query| query.box_clone()).collect());
        let mut matches = self.unseen(&any, false)?;
        self.keep_those_among(&mut matches);
        self.found.n_total += matches.len();
        Ok(())
    }

    /// Whether a query would find anybody. Whoever may be found is still to be found by a step.
    fn has_any(&mut self, query: &dyn Query) -> tantivy::Result<bool> {
        for one in self.unseen(query, false)? {
            if (self.is_among)(one.id) {
                return Ok(true);
            }
            self.see(&one);
        }
        Ok(false)
    }

    /// Those who match and were not asked about yet.
    fn unseen(&self, query: &dyn Query, is_scored: bool) -> tantivy::Result<Vec<Match>> {
        let scoring = if is_scored {
            EnableScoring::enabled_from_searcher(self.searcher)
        } else {
            EnableScoring::disabled_from_searcher(self.searcher)
        };
        let searching = Searching::begin();
        let unseen = Unseen {
            seen: &self.seen,
            is_scored,
        };
        let executor = searching.executor(self.searcher);
        self.searcher
            .search_with_executor(query, &unseen, executor, scoring)
    }

    fn keep_those_among(&mut self, matches: &mut Vec<Match>) {
        for one in matches.iter() {
            self.see(one);
        }
        matches.retain(|one| (self.is_among)(one.id));
    }

    fn see(&mut self, one: &Match) {
        self.seen[one.address.segment_ord as usize].insert(one.address.doc_id);
    }
}

/// Fewest documents whose segments are searched on all processors: below, a search takes about as long as handing it over.
const DOCS_IN_PARALLEL_MIN: u64 = 10_000;

/// How many searches go on in this process.
static N_SEARCHING: AtomicUsize = AtomicUsize::new(0);

/// A search that goes on, until it is dropped.
struct Searching {
    is_alone: bool,
}

impl Searching {
    fn begin() -> Self {
        Self {
            is_alone: N_SEARCHING.fetch_add(1, Ordering::Relaxed) == 0,
        }
    }

    /// Who searches the segments: all processors for a search that is alone, by one pool of threads for all indexes. Searches
    /// beside each other have the processors between them already, and handing segments over would only cost.
    fn executor(&self, searcher: &Searcher) -> &'static Executor {
        static CALLER: Executor = Executor::SingleThread;
        static TOGETHER: OnceLock<Executor> = OnceLock::new();
        if !self.is_alone || searcher.num_docs() < DOCS_IN_PARALLEL_MIN {
            return &CALLER;
        }
        TOGETHER.get_or_init(|| {
            let n_threads = thread::available_parallelism().map_or(1, usize::from);
            let threads = Executor::multi_thread(n_threads, "search-");
            // Where the system has no threads to give, the caller searches.
            threads.unwrap_or(Executor::SingleThread)
        })
    }
}

impl Drop for Searching {
    fn drop(&mut self) {
        N_SEARCHING.fetch_sub(1, Ordering::Relaxed);
    }
}
