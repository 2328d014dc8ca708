//! Which stretches of a text tell of work that was not the writer's own.

use std::ops::Range;

use crate::features::distance::{self, Distance};

/// What a stretch must count, at least, for its words to stand among those that the writer did: being near, having it
/// done, having learnt of it or wishing for it counts less, helping with it counts more.
const OWN_FACTOR_MIN: f32 = 0.35;

/// The stretches of `text`, in bytes, ascending, in which others did the work, or nobody: a search finds their words
/// too, below everybody who did it. 「秘書に支えられ」 is no secretary.
pub(crate) fn aside_ranges(text: &str) -> Vec<Range<usize>> {
    aside_among(&distance::clauses(text))
}

/// The same for whoever knows its clauses.
///
/// - `clauses`: as [`distance::clauses`] gives them
pub(crate) fn aside_among(clauses: &[(Range<usize>, Distance)]) -> Vec<Range<usize>> {
    let aside = clauses.iter().filter(|(_, distance)| is_aside(*distance));
    aside.map(|(range, _)| range.clone()).collect()
}

/// Whether what is told at this distance was done by others, or by nobody.
pub(super) fn is_aside(distance: Distance) -> bool {
    distance.factor() < OWN_FACTOR_MIN
}

/// Whether a byte lies in one of the ranges: ascending, not overlapping.
pub(crate) fn contains(ranges: &[Range<usize>], at: usize) -> bool {
    let first = ranges.partition_point(|range| range.end <= at);
    ranges.get(first).is_some_and(|range| range.start <= at)
}
