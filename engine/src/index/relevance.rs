//! What a typed search places its hits by, and the order that follows: kept with a search that is recorded, so that it
//! can be ordered again.

use std::cmp::Ordering;

/// What the characters count beside the words: half, as measured on JSQuAD.
const PAIRS_WEIGHT: f64 = 0.5;

/// What a hit was placed by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relevance {
    /// The step that found it, from 0; a later step never climbs above an earlier one.
    pub step: u32,
    /// The score of the words.
    pub words: f32,
    /// Words and pairs of characters as z-scores among the best of the step; `None` for whoever is not among them.
    pub z: Option<[f64; 2]>,
}

impl Relevance {
    /// Better before worse; equal where only the identifier decides.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let by_score = match (self.z, other.z) {
            (Some(own), Some(others)) => sum(others).total_cmp(&sum(own)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => other.words.total_cmp(&self.words),
        };
        self.step.cmp(&other.step).then(by_score)
    }
}

fn sum([words, pairs]: [f64; 2]) -> f64 {
    words + PAIRS_WEIGHT * pairs
}
