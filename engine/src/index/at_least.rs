//! Documents that several of some queries find, and the sum of their scores.
//!
//! tantivy's own keeps the queries in a heap, which is rearranged for every document that any of them finds. Here each is
//! read to its end into one array of a segment's length, which is quicker where many documents have each word.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader, TERMINATED, Term};

use super::listed::{self, Listed};

/// Finds what at least `needed` of its clauses find.
#[derive(Debug)]
pub(super) struct AtLeast {
    clauses: Vec<Box<dyn Query>>,
    needed: u32,
}

impl AtLeast {
    /// - `needed`: at least 1
    pub(super) fn new(needed: usize, clauses: Vec<Box<dyn Query>>) -> Self {
        Self {
            clauses,
            needed: u32::try_from(needed).unwrap_or(u32::MAX),
        }
    }
}

impl Clone for AtLeast {
    fn clone(&self) -> Self {
        Self {
            clauses: self.clauses.iter().map(|clause| clause.box_clone()).collect(),
            needed: self.needed,
        }
    }
}

impl Query for AtLeast {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let clauses = self.clauses.iter().map(|clause| clause.weight(scoring));
        Ok(Box::new(AtLeastWeight {
            clauses: clauses.collect::<tantivy::Result<_>>()?,
            needed: self.needed,
            is_scored: scoring.is_scoring_enabled(),
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for clause in &self.clauses {
            clause.query_terms(visitor);
        }
    }
}

struct AtLeastWeight {
    clauses: Vec<Box<dyn Weight>>,
    needed: u32,
    is_scored: bool,
}

/// How many clauses found a document, and the sum of what they gave it.
#[derive(Clone, Copy, Default)]
struct Tally {
    n_clauses: u32,
    score: Score,
}

impl Weight for AtLeastWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut tallies = vec![Tally::default(); segment.max_doc() as usize];
        for clause in &self.clauses {
            let mut scorer = clause.scorer(segment, boost)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                let tally = &mut tallies[doc as usize];
                tally.n_clauses += 1;
                if self.is_scored {
                    tally.score += scorer.score();
                }
                doc = scorer.advance();
            }
        }
        let found = (0..).zip(&tallies);
        let found = found.filter(|(_, tally)| tally.n_clauses >= self.needed);
        let listed = found.map(|(doc, tally)| (doc, tally.score));
        Ok(Box::new(Listed::new(listed.collect(), 1.0)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        listed::explain(self, segment, doc)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::collector::DocSetCollector;
    use tantivy::query::{BooleanQuery, TermQuery};
    use tantivy::schema::{IndexRecordOption, Schema, TEXT};
    use tantivy::{Index, IndexWriter, doc};

    use super::*;

    /// Documents whose words are the letters of these texts, in two segments.
    fn searched(needed: usize, wanted: &str) -> (Vec<Vec<f32>>, Vec<Vec<f32>>, usize) {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for segment in [["a b c", "a", "b c", "d"], ["c c a", "b", "a b", "a c d"]] {
            for words in segment {
                writer.add_document(doc!(text => words)).unwrap();
            }
            writer.commit().unwrap();
        }
        let searcher = index.reader().unwrap().searcher();
        let clauses = || -> Vec<Box<dyn Query>> {
            let term = |word: char| Term::from_field_text(text, &word.to_string());
            let query = |word| TermQuery::new(term(word), IndexRecordOption::WithFreqs);
            wanted
                .chars()
                .map(|word| Box::new(query(word)) as Box<dyn Query>)
                .collect()
        };
        let scores = |query: &dyn Query| {
            let weight = query
                .weight(EnableScoring::enabled_from_searcher(&searcher))
                .unwrap();
            let of_segment = |segment: &SegmentReader| {
                let mut scores = vec![0.0; segment.max_doc() as usize];
                let mut take = |doc: DocId, score: Score| scores[doc as usize] = score;
                weight.for_each(segment, &mut take).unwrap();
                scores
            };
            searcher
                .segment_readers()
                .iter()
                .map(of_segment)
                .collect::<Vec<Vec<f32>>>()
        };
        let own = AtLeast::new(needed, clauses());
        let theirs = BooleanQuery::union_with_minimum_required_clauses(clauses(), needed);
        let n_found = searcher.search(&own, &DocSetCollector).unwrap().len();
        (scores(&own), scores(&theirs), n_found)
    }

    #[test]
    fn as_many_are_found_with_the_same_scores_as_by_a_heap() {
        for (needed, wanted, n_expected) in [
            (1, "ab", 7),
            (2, "abc", 5),
            (3, "abc", 1),
            (2, "ax", 0),
            (4, "abc", 0),
        ] {
            let (own, theirs, n_found) = searched(needed, wanted);
            assert_eq!(n_found, n_expected, "{needed} of {wanted}");
            for (own, theirs) in own.iter().flatten().zip(theirs.iter().flatten()) {
                assert!(
                    (own - theirs).abs() < 1e-5,
                    "{needed} of {wanted}: {own} and {theirs}"
                );
            }
        }
    }
}
