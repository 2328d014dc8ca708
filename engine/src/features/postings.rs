//! Which people say which terms: what proposes candidates in a company where not everybody is scored.
//!
//! - Holds for each person and term the two numbers that the linear features are made of, a byte each: enough to choose
//!   whom to score, never a score.
//! - People are numbered by their place in the pool. Lists are ascending, so that everything is read in one direction.

use std::ops::Range;

use super::digest::Digest;

/// One person's part in a term's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The person's place in the pool.
    pub slot: u32,
    /// How far the person's best statement bears the term out, place and distance counted, in 255ths.
    pub strength: u8,
    /// The weighted frequency, saturated as in BM25, in 255ths.
    pub saturation: u8,
}

/// What a whole is, in a posting.
pub const WHOLE: f32 = 255.0;

/// The length of a profile that saturation assumes: near the mean of real profiles. The true mean moves with every
/// change, and a list would depend on what changed before.
const USUAL_LENGTH: f32 = 150.0;

/// Lists by the numbers of the vocabulary's terms.
#[derive(Clone, Debug, Default)]
pub struct Postings {
    lists: Vec<Vec<Posting>>,
}

impl Postings {
    /// Puts a person in, who must not be in it.
    pub fn add(&mut self, slot: u32, digest: &Digest) {
        for (term, posting) in of_digest(slot, digest) {
            let idx = term as usize;
            if idx >= self.lists.len() {
                self.lists.resize_with(idx + 1, Vec::new);
            }
            let list = &mut self.lists[idx];
            if list.len() == list.capacity() {
                // By a quarter and not by as much again: the lists are a third of what a person takes.
                list.reserve_exact((list.len() / 4).max(4));
            }
            match list.last() {
                Some(last) if last.slot > slot => {
                    let at = list.partition_point(|one| one.slot < slot);
                    list.insert(at, posting);
                }
                Some(_) | None => list.push(posting),
            }
        }
    }

    /// Takes a person out again.
    ///
    /// - `digest`: that the person was put in with
    pub fn remove(&mut self, slot: u32, digest: &Digest) {
        for (term, _) in of_digest(slot, digest) {
            let list = &mut self.lists[term as usize];
            let at = list.partition_point(|one| one.slot < slot);
            if list.get(at).is_some_and(|one| one.slot == slot) {
                list.remove(at);
            }
        }
    }

    /// Who of those with a place in `slots` says a term; ascending.
    #[must_use]
    pub fn of_slots(&self, term: u32, slots: &Range<usize>) -> &[Posting] {
        let list = self.of(term);
        let before = |end: usize| list.partition_point(|one| (one.slot as usize) < end);
        &list[before(slots.start)..before(slots.end)]
    }

    /// Who says a term; ascending.
    #[must_use]
    pub fn of(&self, term: u32) -> &[Posting] {
        self.lists.get(term as usize).map_or(&[], Vec::as_slice)
    }
}

/// A posting for each term of a digest.
fn of_digest(slot: u32, digest: &Digest) -> Vec<(u32, Posting)> {
    let length_norm = super::matching::length_norm(digest.n_public_tokens(), USUAL_LENGTH);
    let mut postings: Vec<(u32, Posting)> = digest
        .terms()
        .iter()
        .map(|term| {
            let posting = Posting {
                slot,
                strength: 0,
                saturation: in_bytes(super::matching::saturated(term.frequency, length_norm)),
            };
            (term.id, posting)
        })
        .collect();
    for statement in digest.statements() {
        for said in digest.said_in(statement) {
            let strength = &mut postings[usize::from(said.term)].1.strength;
            *strength = (*strength).max(in_bytes(statement.place.weight() * said.distance.factor()));
        }
    }
    postings
}

/// A number in `[0, 1]` in 255ths, never rounded to nothing.
fn in_bytes(value: f32) -> u8 {
    (value * WHOLE).ceil().clamp(0.0, WHOLE) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::analysis;
    use crate::features::concepts::ConceptBag;
    use crate::features::lived::LivedExperience;
    use crate::features::vocabulary::Vocabulary;
    use crate::text::testing::analyzer;

    #[test]
    fn whoever_is_taken_out_leaves_the_lists_as_they_were() {
        let mut vocabulary = Vocabulary::default();
        let mut digest = |summary: &str| {
            let profile = crate::domain::Profile {
                summary: Some(summary.to_owned()),
                ..crate::domain::Profile::default()
            };
            let analyzed = analysis::profile(&analyzer(), &profile);
            let ids = vocabulary.add(&analyzed, &ConceptBag::of_profile(&analyzed));
            Digest::new(&analyzed, &ids, LivedExperience::NONE)
        };
        let digests = [
            digest("経理を担当。決算を主導。"),
            digest("経理の補助。"),
            digest("人事を担当。"),
        ];
        let mut all = Postings::default();
        for (slot, digest) in digests.iter().enumerate() {
            all.add(slot as u32, digest);
        }
        let before = all.lists.clone();
        all.remove(1, &digests[1]);
        assert!(all.lists.iter().flatten().all(|one| one.slot != 1));
        all.add(1, &digests[1]);
        assert_eq!(all.lists, before);
    }
}
