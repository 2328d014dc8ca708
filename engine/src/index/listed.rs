//! Documents of a segment as a list with their scores.

use std::sync::Arc;

use tantivy::query::{Explanation, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Goes through a list.
pub(super) struct Listed {
    /// Ascending.
    docs: Arc<[(DocId, Score)]>,
    boost: Score,
    at: usize,
}

impl Listed {
    /// - `docs`: ascending, each once
    /// - `boost`: what scores are multiplied by
    pub(super) fn new(docs: Arc<[(DocId, Score)]>, boost: Score) -> Self {
        Self { docs, boost, at: 0 }
    }
}

impl DocSet for Listed {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    /// In twice as wide steps each time, since the next one asked for is mostly near.
    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.docs.get(self.at..).unwrap_or_default();
        let mut width = 1;
        while rest.get(width).is_some_and(|(doc, _)| *doc < target) {
            width *= 2;
        }
        let near = &rest[width / 2..rest.len().min(width)];
        self.at += width / 2 + near.partition_point(|(doc, _)| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.docs.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Listed {
    fn score(&mut self) -> Score {
        self.docs
            .get(self.at)
            .map_or(0.0, |(_, score)| score * self.boost)
    }
}

/// What a weight whose scorers are lists says of a document.
pub(super) fn explain(
    weight: &dyn Weight,
    segment: &SegmentReader,
    doc: DocId,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(segment, 1.0)?;
    if scorer.doc() > doc || scorer.seek(doc) != doc {
        return Err(TantivyError::InvalidArgument(format!(
            "document {doc} does not match"
        )));
    }
    Ok(Explanation::new("sum of what matches", scorer.score()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_list_has_ended() {
        let mut listed = Listed::new(Arc::new([]), 1.0);
        assert_eq!(
            (listed.doc(), listed.advance(), listed.seek(7)),
            (TERMINATED, TERMINATED, TERMINATED)
        );
    }

    proptest! {
        #[test]
        fn a_seek_goes_to_the_next_that_is_listed(
            docs in proptest::collection::btree_set(0_u32..300, 0..80),
            mut targets in proptest::collection::vec(0_u32..320, 1..12),
        ) {
            targets.sort_unstable();
            let list: Vec<(DocId, Score)> = docs.iter().map(|doc| (*doc, *doc as Score)).collect();
            let mut listed = Listed::new(list.into(), 2.0);
            for target in targets {
                // Nobody may go back.
                if listed.doc() > target {
                    continue;
                }
                let expected = docs.range(target..).next().copied();
                prop_assert_eq!(listed.seek(target), expected.unwrap_or(TERMINATED));
                prop_assert_eq!(listed.score(), expected.map_or(0.0, |doc| 2.0 * doc as Score));
            }
        }
    }
}
