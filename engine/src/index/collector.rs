//! Collects every match with its identifier, so that the order depends on scores and identifiers alone.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{BitSet, DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{ID_HIGH, ID_LOW};

/// Scores are rounded to this part of one: sums of the same parts in another order, as in another segment, must not
/// differ.
const SCORE_STEP: f32 = 1.0 / 1024.0;

/// All matches that were not seen, unordered.
pub(super) struct Unseen<'a> {
    /// The documents that were seen, by segment.
    pub(super) seen: &'a [BitSet],
    /// Whether their scores are asked for; 0 otherwise.
    pub(super) is_scored: bool,
}

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

impl Collector for Unseen<'_> {
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
        self.is_scored
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<Match>> {
        let mut matches = self.for_segment(ordinal, segment)?;
        let (alive, seen) = (segment.alive_bitset(), &self.seen[ordinal as usize]);
        // Before their identifiers are read: the steps of a search find mostly the same.
        let mut collect = |doc: DocId, score: Score| {
            if !seen.contains(doc) && alive.is_none_or(|alive| alive.is_alive(doc)) {
                matches.collect(doc, score);
            }
        };
        if self.is_scored {
            weight.for_each(segment, &mut collect)?;
        } else {
            weight.for_each_no_score(segment, &mut |docs: &[DocId]| {
                docs.iter().for_each(|doc| collect(*doc, 0.0));
            })?;
        }
        Ok(matches.harvest())
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
