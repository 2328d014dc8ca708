//! Collects every match with its identifier, so that the order depends on scores and identifiers alone.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{ID_HIGH, ID_LOW};

/// Scores are rounded to this part of one: sums of the same parts in another order, as in another segment, must not
/// differ.
const SCORE_STEP: f32 = 1.0 / 1024.0;

/// All matches, unordered.
pub(super) struct AllMatches;

/// A document that a query found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    pub(super) score: Score,
    /// Of the person or the opportunity.
    pub(super) id: u128,
    pub(super) address: DocAddress,
}

pub(super) struct SegmentMatches {
    segment: SegmentOrdinal,
    id_high: Column<u64>,
    id_low: Column<u64>,
    matches: Vec<Match>,
}

impl Collector for AllMatches {
    type Fruit = Vec<Match>;
    type Child = SegmentMatches;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentMatches> {
        let fast = segment.fast_fields();
        Ok(SegmentMatches {
            segment: ordinal,
            id_high: fast.u64(ID_HIGH)?,
            id_low: fast.u64(ID_LOW)?,
            matches: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Match>>) -> tantivy::Result<Vec<Match>> {
        Ok(fruits.concat())
    }
}

impl SegmentCollector for SegmentMatches {
    type Fruit = Vec<Match>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let half = |column: &Column<u64>| u128::from(column.first(doc).unwrap_or_default());
        let id = (half(&self.id_high) << 64) | half(&self.id_low);
        self.matches.push(Match {
            score: rounded(score),
            id,
            address: DocAddress::new(self.segment, doc),
        });
    }

    fn harvest(self) -> Vec<Match> {
        self.matches
    }
}

/// A score that does not depend on the order in which its parts were added.
pub(super) fn rounded(score: Score) -> Score {
    (score / SCORE_STEP).round() * SCORE_STEP
}

/// The best `limit` of `matches`, best first, ties by identifier.
pub(super) fn best(mut matches: Vec<Match>, limit: usize) -> Vec<Match> {
    let order = |one: &Match, other: &Match| other.score.total_cmp(&one.score).then(one.id.cmp(&other.id));
    if limit == 0 {
        return Vec::new();
    }
    if matches.len() > limit {
        matches.select_nth_unstable_by(limit - 1, order);
        matches.truncate(limit);
    }
    matches.sort_unstable_by(order);
    matches
}
