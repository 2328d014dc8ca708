//! Which stretches of a text tell of work that was not the writer's own.

use std::ops::Range;

use crate::features::distance::{self, Distance};

/// What a stretch must count, at least, for its words to stand among those that the writer did: being near, having it
/// done, having learnt of it or wishing for it counts less, helping with it counts more.
const OWN_FACTOR_MIN: f32 = 0.35;

/// The stretches of `text`, in bytes, ascending, in which others did the work, or nobody: a search finds their words
/// too, below everybody who did it. 「秘書に支えられ」 is no secretary.
pub(crate) fn aside_ranges(text: &str) -> Vec<Range<usize>> {
    let stretches = distance::clauses(text).into_iter();
    stretches
        .filter(|(_, distance)| is_aside(*distance))
        .map(|(range, _)| range)
        .collect()
}

/// Whether what is told at this distance was done by others, or by nobody.
pub(super) fn is_aside(distance: Distance) -> bool {
    distance.factor() < OWN_FACTOR_MIN
}

/// Whether a byte lies in one of the ranges.
pub(super) fn contains(ranges: &[Range<usize>], at: usize) -> bool {
    ranges.iter().any(|range| range.contains(&at))
}
