//! A query that several steps of one search ask, such as a word in any field: answered once for each segment.

use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader, Term};

use super::listed::{self, Listed};

/// What was found in each segment so far.
type Answers = Mutex<FxHashMap<SegmentId, Arc<[(DocId, Score)]>>>;

/// A query whose clones share its answers. It belongs to one search: an answer holds for one commit.
pub(super) struct Shared {
    inner: Box<dyn Query>,
    answers: Arc<Answers>,
}

impl Shared {
    pub(super) fn new(inner: Box<dyn Query>) -> Self {
        Self {
            inner,
            answers: Arc::default(),
        }
    }
}

impl fmt::Debug for Shared {
    /// Without the answers, of which there may be a hundred thousand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shared").field(&self.inner).finish()
    }
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.box_clone(),
            answers: Arc::clone(&self.answers),
        }
    }
}

impl Query for Shared {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        // Whoever asks first may need no scores, and those who come later do.
        let scoring = scoring
            .searcher()
            .map_or(scoring, EnableScoring::enabled_from_searcher);
        Ok(Box::new(SharedWeight {
            inner: self.inner.weight(scoring)?,
            answers: Arc::clone(&self.answers),
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.inner.query_terms(visitor);
    }
}

struct SharedWeight {
    inner: Box<dyn Weight>,
    answers: Arc<Answers>,
}

impl SharedWeight {
    fn answer(&self, segment: &SegmentReader) -> tantivy::Result<Arc<[(DocId, Score)]>> {
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers().get(&segment.segment_id()) {
            return Ok(Arc::clone(known));
        }
        let mut found = Vec::new();
        self.inner
            .for_each(segment, &mut |doc, score| found.push((doc, score)))?;
        Ok(match answers().entry(segment.segment_id()) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => Arc::clone(place.insert(found.into())),
        })
    }
}

impl Weight for SharedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(Listed::new(self.answer(segment)?, boost)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        listed::explain(self, segment, doc)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tantivy::collector::DocSetCollector;
    use tantivy::query::{AllQuery, BooleanQuery, BoostQuery};
    use tantivy::schema::Schema;
    use tantivy::{Index, IndexWriter, TantivyDocument};

    use super::*;

    /// Finds everybody, and counts how often a segment is gone through.
    #[derive(Clone, Debug)]
    struct Counted {
        n_read: Arc<AtomicUsize>,
    }

    struct CountedWeight {
        inner: Box<dyn Weight>,
        n_read: Arc<AtomicUsize>,
    }

    impl Query for Counted {
        fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
            Ok(Box::new(CountedWeight {
                inner: AllQuery.weight(scoring)?,
                n_read: Arc::clone(&self.n_read),
            }))
        }
    }

    impl Weight for CountedWeight {
        fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
            self.n_read.fetch_add(1, Ordering::Relaxed);
            self.inner.scorer(segment, boost)
        }

        fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
            self.inner.explain(segment, doc)
        }
    }

    #[test]
    fn a_query_that_several_steps_ask_goes_through_each_segment_once() {
        let index = Index::create_in_ram(Schema::builder().build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for _ in 0..2 {
            writer.add_document(TantivyDocument::default()).unwrap();
            writer.commit().unwrap();
        }
        let searcher = index.reader().unwrap().searcher();
        let n_segments = searcher.segment_readers().len();
        assert_eq!(n_segments, 2);
        let n_read = Arc::new(AtomicUsize::new(0));
        let shared = Shared::new(Box::new(Counted {
            n_read: Arc::clone(&n_read),
        }));
        let step = |boost| -> Box<dyn Query> { Box::new(BoostQuery::new(Box::new(shared.clone()), boost)) };
        for boost in [1.0, 2.0, 3.0] {
            let both = BooleanQuery::intersection(vec![step(boost), step(1.0)]);
            let found = searcher.search(&both, &DocSetCollector).unwrap();
            assert_eq!(found.len(), 2);
        }
        assert_eq!(n_read.load(Ordering::Relaxed), n_segments);
    }
}
