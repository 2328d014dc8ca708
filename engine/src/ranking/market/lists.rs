//! The linear step: the best list against fixed attention is a sort.

use std::cmp::Ordering;

/// Longest list that is kept sorted while its candidates pass; a longer one is selected and then sorted. Insertion
/// is quadratic at worst and wins on short lists; the two meet somewhere between 50 and 100.
pub(super) const INSERTION_MAX: usize = 64;

/// One candidate for a place in an actor's list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    /// What a list is sorted by.
    pub(super) score: f64,
    /// Settles ties: with attention nowhere yet, both sides' wishes decide.
    pub(super) product: f64,
    /// Position of the pair on the actor's side; settles what is left.
    pub(super) pair_idx: u32,
}

impl Entry {
    /// Total, so that a list does not depend on the order of arrival.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .score
            .total_cmp(&self.score)
            .then_with(|| other.product.total_cmp(&self.product))
            .then_with(|| self.pair_idx.cmp(&other.pair_idx))
    }

    #[inline]
    fn is_before(&self, other: &Self) -> bool {
        // Scores are finite and not negative zero, and differ nearly always.
        self.score > other.score || (self.score == other.score && self.cmp(other) == Ordering::Less)
    }
}

/// Keeps its buffer between lists.
#[derive(Debug, Default)]
pub(super) struct Picker(Vec<Entry>);

impl Picker {
    /// The best `n_places` of the candidates, best first; fewer if there are fewer. Candidates that arrive nearly in
    /// order cost one comparison each.
    pub(super) fn pick(&mut self, n_places: usize, candidates: impl Iterator<Item = Entry>) -> &[Entry] {
        self.0.clear();
        if n_places > INSERTION_MAX {
            self.0.extend(candidates);
            if self.0.len() > n_places {
                self.0.select_nth_unstable_by(n_places, Entry::cmp);
                self.0.truncate(n_places);
            }
            self.0.sort_unstable_by(Entry::cmp);
        } else if n_places > 0 {
            for candidate in candidates {
                self.insert(n_places, candidate);
            }
        }
        &self.0
    }

    /// The buffer, to be filled by [`insert_last`].
    pub(super) fn empty(&mut self) -> &mut Vec<Entry> {
        self.0.clear();
        &mut self.0
    }

    fn insert(&mut self, n_places: usize, candidate: Entry) {
        if self.0.len() == n_places {
            if !candidate.is_before(&self.0[n_places - 1]) {
                return;
            }
            self.0.pop();
        }
        self.0.push(candidate);
        insert_last(&mut self.0);
    }
}

/// Moves the last entry of a list that is sorted but for it to its place.
pub(super) fn insert_last(entries: &mut [Entry]) {
    let Some((&last, before)) = entries.split_last() else {
        return;
    };
    let mut at = before.len();
    while at > 0 && last.is_before(&entries[at - 1]) {
        entries[at] = entries[at - 1];
        at -= 1;
    }
    entries[at] = last;
}
