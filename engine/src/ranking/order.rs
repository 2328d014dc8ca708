//! People in the order of their identifiers, wherever they lie in a pool: what pages of everybody are read in.

use super::pool::Slot;
use crate::domain::AlumnusId;

/// Who comes after whom.
#[derive(Clone, Debug)]
pub(super) struct Order {
    ids: Vec<AlumnusId>,
    /// By slot, the place in `ids`; `None` for a free one.
    ranks: Vec<Option<u32>>,
}

impl Order {
    /// The order of `people`, each with their slot of `n_slots`.
    pub(super) fn of(mut people: Vec<(AlumnusId, Slot)>, n_slots: usize) -> Self {
        people.sort_unstable();
        let mut ranks = vec![None; n_slots];
        for (rank, (_, slot)) in (0..).zip(&people) {
            ranks[*slot as usize] = Some(rank);
        }
        Self {
            ids: people.into_iter().map(|(id, _)| id).collect(),
            ranks,
        }
    }

    /// Those for whose slot `is_among` says so. Everybody is looked at where they lie in memory, one after another, and told
    /// in order.
    pub(super) fn among(&self, is_among: impl Fn(Slot) -> bool) -> Vec<AlumnusId> {
        let mut are_among = vec![false; self.ids.len()];
        for (slot, rank) in (0..).zip(&self.ranks) {
            if let Some(rank) = rank {
                are_among[*rank as usize] = is_among(slot);
            }
        }
        let all = self.ids.iter().zip(are_among);
        all.filter_map(|(id, is_among)| is_among.then_some(*id)).collect()
    }
}
