//! Collects every match with its identifier, so that the order depends on scores and identifiers alone.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{ID_HIGH, ID_LOW};

/// Scores are rounded to this part of one: sums of the same parts in another order, as in another segment, must not
/// differ.
const SCORE_STEP: f32 = 1.0 / 1024.0;

/// All matches, unordered.
pub(super) struct AllMatches;

pub(super) struct SegmentMatches {
    id_high: Column<u64>,
    id_low: Column<u64>,
    matches: Vec<(Score, u128)>,
}

impl Collector for AllMatches {
    type Fruit = Vec<(Score, u128)>;
    type Child = SegmentMatches;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        let fast = segment.fast_fields();
        Ok(SegmentMatches {
            id_high: fast.u64(ID_HIGH)?,
            id_low: fast.u64(ID_LOW)?,
            matches: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(Score, u128)>>) -> tantivy::Result<Vec<(Score, u128)>> {
        Ok(fruits.concat())
    }
}

impl SegmentCollector for SegmentMatches {
    type Fruit = Vec<(Score, u128)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let half = |column: &Column<u64>| u128::from(column.first(doc).unwrap_or_default());
        let id = (half(&self.id_high) << 64) | half(&self.id_low);
        self.matches.push(((score / SCORE_STEP).round() * SCORE_STEP, id));
    }

    fn harvest(self) -> Vec<(Score, u128)> {
        self.matches
    }
}

/// The best `limit` of `matches`, best first, ties by identifier.
pub(super) fn best(mut matches: Vec<(Score, u128)>, limit: usize) -> Vec<(Score, u128)> {
    let order =
        |one: &(Score, u128), other: &(Score, u128)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
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
